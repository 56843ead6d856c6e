"""What a replay says is another today, what it asks to be computed, and what of an edition it leaves out by name."""

from dataclasses import replace
from datetime import date

import duckdb
import pytest

from pipelines import kept_inputs, manifest, replay, store, warehouse
from pipelines.assets.publication import strangers
from pipelines.comparison.__main__ import lines
from pipelines.comparison.machine import machine_class
from pipelines.comparison.tables import LEFT_OUT
from pipelines.replication import kept
from pipelines.schemas.model import MODEL
from pipelines.settings import RunSettings

TABLES = """
create schema model; create schema meta;
create table model.counterfactual (scenario varchar, iso3 varchar, measure varchar, year integer, effect_set varchar,
    mean double);
insert into model.counterfactual values ('status_quo', 'WLD', 'loss', 2020, 'default', 945),
    ('universal', 'WLD', 'loss', 2020, 'default', 900);
create table model.blocs (scenario varchar, mean double);
insert into model.blocs values ('universal', 1), ('edited', 2);
create table meta.runs (run_id varchar, code_sha256 varchar, seed bigint);
insert into meta.runs values ('a', 'one', 7);
create view headline as select scenario, 'all' as mechanisms, mean from model.counterfactual;
"""
EDITED = "insert into model.counterfactual values ('edited', 'WLD', 'loss', 2020, 'default', 800);"


@pytest.fixture
def found(published):
    """The small run's edition, as if it was made at this commit: it is shared by all tests of a session."""
    edition = kept.find(kept.find(None).edition)
    return replace(edition, run={**edition.run, "git_commit": manifest.git_commit()})


@pytest.fixture
def basis(found):
    return replace(kept_inputs.of_run(found.run["run_id"]), code=manifest.code_sha256())


@pytest.fixture
def compared(tmp_path):
    """Two editions, the first with a scenario of an earlier run."""

    def made(change="", exact=True, same_code=True, stale=("edited",)):
        for name, also in (("old", EDITED), ("new", change)):
            (tmp_path / f"{name}.duckdb").unlink(missing_ok=True)
            with duckdb.connect(str(tmp_path / f"{name}.duckdb")) as connection:
                connection.execute(TABLES + also)
        return replay.compared(tmp_path / "old.duckdb", tmp_path / "new.duckdb", stale, exact, same_code)

    return made


def test_on_the_machine_code_and_packages_of_the_edition_nothing_is_another(found, basis):
    assert replay.differing(found, basis) == []


def test_other_code_is_said_first_then_packages_then_the_machine(found, basis):
    cost = {"machine": machine_class() | {"linear algebra": "openblas VAX"}}
    older = replace(basis, code="0", versions={**basis.versions, "numpy": "1.0", "python": "3.9.1"})
    code, packages, machine = replay.differing(replace(found, measured=cost), older)
    assert code.startswith("code: ANOTHER than the edition's: ")
    assert "numpy 1.0 -> " in packages and "python 3.9.1 -> " in packages
    assert machine.startswith("machine: of another class than the edition's: linear algebra openblas VAX -> ")


def test_a_patch_of_python_is_the_same_python(found, basis):
    minor = ".".join(manifest.versions()["python"].split(".")[:2])
    assert replay.differing(found, replace(basis, versions=manifest.versions() | {"python": f"{minor}.99"})) == []


def test_another_commit_with_the_same_programs_is_said_to_be_so(found, basis):
    [line] = replay.differing(replace(found, run={**found.run, "git_commit": "f" * 40}), basis)
    assert "the edition's is commit fffffff" in line and "the same byte for byte" in line
    [line] = replay.differing(found, replace(basis, code=None))
    assert "was not recorded" in line


def test_every_scenario_of_the_run_is_named_and_those_of_earlier_runs_are_not(found, basis):
    assert replay.options(found, basis) == ["--draws", "64", "--seed", "7", "--scenario", "op_ed_convention"]
    own = replace(found, manifest={**found.manifest, "scenarios": ["edited", "status_quo", "universal"]})
    older = replace(basis, stale=frozenset({"edited"}), day=date(2024, 1, 2))
    assert replay.options(own, older)[4:] == ["--as-of", "2024-01-02", "--scenario", "universal"]
    alone = replace(found, manifest={**found.manifest, "scenarios": ["status_quo"]})
    assert replay.options(alone, basis)[4:] == ["--scenario", "status_quo"]


def test_a_scenario_of_an_earlier_run_is_left_out_by_name_where_this_run_does_not_compute_it(compared):
    outcomes, unseen = compared()
    assert [str(named) for each in outcomes for named in each.named] == []
    assert {each.table: each.rows for each in outcomes}["model.counterfactual"] == 2
    [line] = [line for line in unseen if line.startswith("edited in ")]
    # every file is read for model.blocs, so that it is there on both sides
    assert line.startswith("edited in model.counterfactual, main.headline (")
    assert any(line.startswith("meta.changes (") for line in unseen) and set(LEFT_OUT) == {"meta.changes"}


def test_a_scenario_that_this_run_should_have_computed_is_missed(compared):
    outcomes, unseen = compared(stale=())
    assert [each.table for each in outcomes if not each.passed] == ["model.counterfactual", "main.headline"]
    assert not any(line.startswith("edited") for line in unseen)


def test_the_hash_of_the_code_is_left_out_only_where_a_line_says_that_it_is_another(compared):
    other = "update meta.runs set code_sha256 = 'two'"
    assert [each.table for each in compared(other)[0] if not each.passed] == ["meta.runs"]
    outcomes, unseen = compared(other, same_code=False)
    assert all(each.passed for each in outcomes)
    assert "meta.runs, code_sha256 (said above, is another)" in unseen


def test_tables_of_which_all_is_identical_are_counted_and_have_no_line(compared):
    same = lines(compared()[0], True, [], every=False)
    assert same == [
        "rule: exact, the class of machine is that of the run",
        "9 numbers in 4 tables compared, 9 identical: PASS",
    ]
    other, _ = compared("update model.blocs set mean = 1 + 1e-15 where scenario = 'universal'", exact=False)
    head, blocs, *_, verdict = lines(other, False, [], every=False)
    assert head.split()[0] == "table" and blocs.split()[:4] == ["model.blocs", "2", "2", "1"] and "PASS" in blocs
    assert verdict == "9 numbers in 4 tables compared, 8 identical: PASS"


def test_a_scenario_whose_text_was_edited_since_counts_as_computed_on_something_else(published, data):
    settings = RunSettings(draws=64, seed=7)
    [made] = warehouse.tables_on_disk([MODEL["counterfactual"]], store.tables())
    assert strangers(made.files, settings) == []
    with (data / "scenarios" / "op_ed_convention.yaml").open("a", encoding="utf-8") as file:
        file.write("# another thought\n")
    assert strangers(made.files, settings) == ["op_ed_convention"]
