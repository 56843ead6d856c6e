"""What changed since the last edition: components against explicit runs, none by assumption, all adding up."""

import shutil
from dataclasses import replace
from itertools import pairwise

import dagster as dg
import duckdb
import polars as pl
import pytest
from click.testing import CliRunner

from models import results
from pipelines import changes, kept_inputs, manifest, recompute, reference, scenarios, store
from pipelines.assets import publication
from pipelines.cli import main
from pipelines.parquet import Tables
from pipelines.settings import RunSettings
from pipelines.shipped_study import shipped_study
from tests.pipelines.conftest import BEFORE

FOCUS = "op_ed_convention"
KINDS = ("method", "parameters", "data")


def now(draws=64, seed=7, **other):
    return replace(kept_inputs.of_now("this run", draws, seed, None), **other)


def explicit(folder, draws=64, seed=7):
    """The headlines of the focus as this process computes them on a folder of inputs, without the code under test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "DATA", folder)
        patch.setattr(reference, "FOLDER", folder / "reference")
        frame = results.headlines(shipped_study(draws, seed), scenarios.load_all([FOCUS]))
    rows = frame.filter(scenario=FOCUS).iter_rows(named=True)
    return {(row["scenario"], row["mechanisms"]): {"p50": row["p50"], "mean": row["mean"]} for row in rows}


def write(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def belief(folder):
    """Members comply with the law more surely."""
    write(
        folder / "priors" / "convention.yaml",
        "arguments: {a: 2, b: 2}\n    unit: comp",
        "arguments: {a: 8, b: 2}\n    unit: comp",
    )


def citation(folder):
    """That belief cites a study that the data before did not have."""
    write(folder / "priors" / "convention.yaml", "sources: [cyberaccord_judgement]", "sources: [newer_study]")
    sources = folder / "reference" / "sources.csv"
    row = "newer_study,A study,Somebody,Somebody 2026,https://example.org,free,not confirmed,2026,\n"
    sources.write_text(sources.read_text(encoding="utf-8") + row, encoding="utf-8")


def figure(folder):
    """The study behind the baseline prints another loss."""
    write(folder / "reference" / "estimates.csv", "USD,,945,,1,,945,,", "USD,,1000,,1,,1000,,")


def never(*_):
    raise AssertionError("nothing should have been computed")


def value(frame, component, mechanisms="all", statistic="p50"):
    rows = frame.filter(scenario=FOCUS, mechanisms=mechanisms, statistic=statistic, component=component)
    assert rows.height == 1, component
    return rows["value"].item()


def note(frame, component):
    return frame.filter(scenario=FOCUS, mechanisms="all", statistic="p50", component=component)["note"].item()


def assert_adds_up(frame):
    for _, own in frame.group_by("scenario", "mechanisms", "statistic", maintain_order=True):
        steps = dict(own.select("component", "value").rows())
        after = steps.pop("after")
        assert sum(steps.values()) == pytest.approx(after, abs=1e-9)
        assert own["component"][0] == "before" and own["component"][-1] == "after"


def test_the_first_edition_has_no_rows(small_run, ask):
    assert ask("select count(*) from meta.changes") == [(0,)]


def test_identical_inputs_move_nothing_and_nothing_is_computed(before):
    frame = changes.table("2000-02", before, now(), before.values, never)
    assert set(frame["component"]) == {"before", *KINDS, "after"}
    assert set(frame.filter(frame["component"].is_in(KINDS))["value"]) == {0.0}
    assert set(frame["scenario"]) == {FOCUS}  # the status quo avoids nothing in any edition
    assert_adds_up(frame)


def test_numbers_that_differ_on_identical_inputs_are_explained_by_nothing(before):
    moved = {key: {name: number + 1 for name, number in own.items()} for key, own in before.values.items()}
    frame = changes.table("2000-02", before, now(), moved, never)
    assert value(frame, "not separated") == pytest.approx(1)
    assert "no code, parameter, file or vintage" in note(frame, "not separated")


def test_where_only_a_prior_changed_all_of_the_move_is_parameters(before, data):
    belief(data)
    after = explicit(data)
    frame = changes.table("2000-02", before, now(), after, never)
    for mechanisms in ("all", "no_standdown"):
        for statistic in ("p50", "mean"):
            move = after[FOCUS, mechanisms][statistic] - before.values[FOCUS, mechanisms][statistic]
            assert move != 0
            assert value(frame, "parameters", mechanisms, statistic) == pytest.approx(move, abs=1e-12)
    assert (value(frame, "method"), value(frame, "data")) == (0, 0)
    assert note(frame, "parameters") == "priors/convention.yaml"
    assert_adds_up(frame)


@pytest.mark.soak
def test_components_are_those_of_runs_that_exchange_one_thing_at_a_time(before, data, tmp_path):
    """Other code (the same bytes under another hash), twice the draws, another belief, which cites a study that the
    data before do not know, and another figure, all at once."""
    old = store.ROOT / "data"
    mixed = tmp_path / "mixed" / "data"
    shutil.copytree(old, mixed, ignore=shutil.ignore_patterns("store"))
    belief(mixed)
    for change in (belief, citation, figure):
        change(data)
    doubled, believed, after = explicit(old, 128), explicit(mixed, 128), explicit(data, 128)
    asked = []

    def counted(folder, environment, names, day, settings):
        asked.append((names, settings))
        return recompute.headlines(folder, environment, names, day, settings)

    frame = changes.table("2000-02", before, now(128, code="other"), after, counted)
    assert asked == [([FOCUS], [(64, 7), (128, 7)]), ([FOCUS], [(128, 7)])]
    for key, own in before.values.items():
        for statistic in ("p50", "mean"):
            chain = [own[statistic], own[statistic], *(step[key][statistic] for step in (doubled, believed, after))]
            for kind, (one, other) in zip(("method", "draws", "parameters", "data"), pairwise(chain), strict=True):
                assert value(frame, kind, key[1], statistic) == pytest.approx(other - one, abs=1e-9), kind
                assert kind == "method" or other != one
    assert note(frame, "draws") == "draws 64 -> 128"
    assert note(frame, "data") == "reference/estimates.csv, reference/sources.csv"
    assert_adds_up(frame)


def test_inputs_that_no_longer_load_leave_method_and_parameters_joint_with_the_reason(before, data):
    prior = before.basis.folder / "priors" / "convention.yaml"
    write(prior, "distribution: beta", "distribution: gone_since")
    inputs = before.basis.inputs | {"priors/convention.yaml": manifest.sha256(prior.read_bytes())}
    older = replace(before, basis=replace(before.basis, inputs=inputs))
    after = {key: {name: number + 1 for name, number in own.items()} for key, own in before.values.items()}
    frame = changes.table("2000-02", older, now(code="other"), after)
    assert value(frame, "not separated") == pytest.approx(1)
    reason = note(frame, "not separated")
    assert reason.startswith("method, parameters: data/priors/convention.yaml, row ") and "gone_since" in reason
    assert value(frame, "data") == 0
    assert_adds_up(frame)


def test_damaged_bytes_are_not_computed_on_and_the_row_says_which(before, data):
    belief(data)
    figure(data)
    with (before.basis.folder / "reference" / "gdp.csv").open("ab") as file:
        file.write(b"\n")
    after = {key: {name: number + 1 for name, number in own.items()} for key, own in before.values.items()}
    frame = changes.table("2000-02", before, now(), after, never)
    assert value(frame, "not separated") == pytest.approx(1)
    expected = (
        f"parameters, data: reference/gdp.csv as run {before.run_id} kept it is not what its manifest says (checksum)"
    )
    assert note(frame, "not separated") == expected
    assert value(frame, "method") == 0
    assert_adds_up(frame)


def test_a_manifest_that_is_gone_leaves_the_whole_move_joint(home):
    shutil.rmtree(home / "runs")
    before = changes.earlier("2000-02")
    frame = changes.table("2000-02", before, now(), before.values, never)
    assert set(frame["component"]) == {"before", "not separated", "after"}
    assert "cannot be read: No such file" in note(frame, "not separated")


def test_a_scenario_computed_before_its_edition_is_not_taken_apart(before, data):
    belief(data)
    frame = changes.table("2000-02", before, now(stale=frozenset({FOCUS})), explicit(data), never)
    assert "computed before its own run" in note(frame, "not separated")
    assert_adds_up(frame)


def test_a_text_that_the_data_before_do_not_know_holds_up_no_other(before, data):
    belief(data)
    figure(data)
    after = {**explicit(data), ("new_bloc", "all"): {"p50": 2.0, "mean": 2.0}}
    known = {**before.values, ("new_bloc", "all"): {"p50": 1.0, "mean": 1.0}}

    def compute(*_):
        return recompute.Answer([before.values], {"new_bloc": "data/scenarios/new_bloc.yaml, row 9: unknown bloc"})

    frame = changes.table("2000-02", replace(before, values=known), now(), after, compute)
    assert set(frame.filter(scenario="new_bloc", statistic="p50")["component"]) == {
        *("before", "method", "not separated", "after")
    }
    assert value(frame, "parameters") == 0
    assert_adds_up(frame)


def test_manifests_that_name_no_code_are_compared_by_commit(before):
    older = replace(before.basis, code=None, commit="a")
    assert "method" not in changes.differing(older, replace(older, code="b"))
    assert "method" in changes.differing(older, replace(older, commit="c"))
    changed = replace(older, commit=None)  # uncommitted changes: nobody knows which
    assert "method" in changes.differing(changed, changed)
    assert changes.differing(older, replace(older, versions={**older.versions, "numpy": "9"}))["method"].endswith(
        "-> 9"
    )


def test_an_edition_is_compared_with_the_newest_of_an_earlier_month(home):
    folder = home / "published" / "editions"
    shutil.copyfile(folder / f"{BEFORE}.duckdb", folder / "2000-03.duckdb")
    assert changes.earlier("2000-01") is None
    assert changes.earlier("2000-03").edition == "2000-01"  # a rerun in a month compares as its first run did
    assert changes.earlier("2000-04").edition == "2000-03"


@pytest.fixture
def step(home, small_run):
    """The asset on the tables of the small run."""
    shutil.copytree(small_run.home / "tables", home / "tables")

    def materialize():
        tables = Tables()
        settings = RunSettings(draws=64, seed=7, as_of="")
        resources = {"io_manager": tables, "tables": tables, "settings": settings}
        done = dg.materialize([publication.changes_since], resources=resources, instance=dg.DagsterInstance.ephemeral())
        [event] = done.asset_materializations_for_node("meta__changes")
        return done.output_for_node("meta__changes"), event.metadata

    return materialize


def test_a_run_compares_its_tables_with_the_edition_before(step):
    frame, shown = step()
    assert shown["compared with"].value == BEFORE
    assert value(frame, "before") == value(frame, "after") == pytest.approx(shown[f"{FOCUS}, after (USD bn)"].value)
    assert {value(frame, kind) for kind in KINDS} == {0}
    assert set(frame["edition"]) == {manifest.month()}


def test_a_spoiled_edition_before_stops_no_run(step, home):
    (home / "published" / "editions" / f"{BEFORE}.duckdb").write_bytes(b"no database")
    frame, shown = step()
    assert frame.height == 0
    assert "2000-01.duckdb" in shown["compared with"].value


ROWS = [
    ("before", 10.3142, None),
    ("method", 0.0, "the same code"),
    ("parameters", 0.4, "priors/conduct.yaml"),
    ("data", -0.14, "reference/gdp.csv"),
    ("after", 10.5742, None),
]


def test_the_command_prints_a_line_a_headline_and_what_differs(home):
    headline = ("2000-01", "r1", "2000-02", FOCUS, "all", "p50")
    rows = [(*headline, k, component, number, "USD bn", words) for k, (component, number, words) in enumerate(ROWS)]
    pl.DataFrame(rows, changes.empty().schema, orient="row").write_parquet(home / "rows.parquet")
    with duckdb.connect(str(store.database("2000-02"))) as connection:
        connection.execute("create schema meta")
        connection.execute(f"create table meta.changes as from '{home / 'rows.parquet'}'")
    result = CliRunner().invoke(main, ["changes", "--edition", "2000-02"])
    assert result.stdout.splitlines() == [
        "edition 2000-02 against 2000-01 (run r1), avoided a year at the median, USD bn at 2020 prices:",
        "op_ed_convention (every mechanism): 10.3 -> 10.6: method 0, parameters +0.4, data −0.1",
        "  method: the same code",
        "  parameters: priors/conduct.yaml",
        "  data: reference/gdp.csv",
    ]


def test_the_command_says_where_there_is_nothing_to_compare(home):
    first = CliRunner().invoke(main, ["changes", "--edition", BEFORE])
    assert first.stdout.startswith("edition 2000-01: nothing to compare")
    with duckdb.connect(str(store.database("2000-02"))) as connection:
        connection.execute("create schema meta")
    older = CliRunner().invoke(main, ["changes", "--edition", "2000-02"])
    assert older.stdout == "edition 2000-02: published before changes were kept\n"
    assert CliRunner().invoke(main, ["changes", "--edition", "1999-01"]).exit_code == 2
