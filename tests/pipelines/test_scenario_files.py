"""Conventions as files: what is accepted, and the one line for each way of being wrong."""

from datetime import date

import dagster as dg
import pytest
from click.testing import CliRunner

from pipelines import scenarios
from pipelines.cli import main
from pipelines.errors import InputError

GOOD = """\
title: Test
summary: A convention for a test.
policy:
  clauses: [law]
  opened: 2027-01-01
  entry_into_force_threshold: 5
  admits_reservations_on_cooperation: false
  founders: {blocs: [G7], economies: [KOR], except: [JPN]}
assumptions:
  later_signatories:
    - {date: 2029-01-01, blocs: [EU], reason: a test}
"""
WRONG = {
    "unknown economy": ("[KOR]", "[KOX]", ["row 8", "founders.economies[1]", "KOX", "ISO 3166", "KOR"]),
    "negative share": (
        ", reason",
        ", share: -0.2, reason",
        ["row 11", "later_signatories[1].share", "-0.2", "above 0"],
    ),
    "share above one": (", reason", ", share: 1.2, reason", ["row 11", "share", "1.2", "at most 1"]),
    "year before 2021": (
        "2027-01-01",
        "2020-12-31",
        ["row 5", "policy.opened", "2020-12-31", "2021-01-01 to 2035-12-31"],
    ),
    "joins before it opens": ("2029", "2026", ["row 11", "later_signatories[1].date", "2026-01-01", "policy.opened"]),
    "bloc that does not exist": ("[G7]", "[G8]", ["row 8", "founders.blocs[1]", "G8", "one of", "did you mean G7"]),
    "yaml that does not parse": ("clauses: [law]", "clauses: [law", ["row 5", "valid YAML"]),
    "key with a typing error": ("clauses", "clauzes", ["row 4", "clauzes", "did you mean clauses"]),
    "key twice": ("  clauses: [law]\n", "  clauses: [law]\n  clauses: []\n", ["row 5", "each key once", "line 4"]),
    "clause that is not in the model": ("[law]", "[red_lines]", ["row 4", "policy.clauses[1]", "red_lines", "'law'"]),
    "definition that does not exist": (
        "clauses: [law]\n",
        "clauses: [law]\n  definition: brod\n",
        ["row 5", "policy.definition", "brod", "did you mean broad"],
    ),
    "threshold never met": ("threshold: 5", "threshold: 500", ["row 6", "500", "at most the 218 economies"]),
    "dates and a hazard": ("assumptions:\n", "assumptions:\n  accession: hazard\n", ["hazard", "later_signatories"]),
    "earlier detection without the clause": (
        "assumptions:\n",
        "assumptions:\n  dwell_ratio: 0.5\n",
        ["dwell_ratio", "0.5", "clause sharing"],
    ),
    "ratio above one": ("assumptions:\n", "assumptions:\n  dwell_ratio: 1.5\n", ["dwell_ratio", "1.5", "at most 1"]),
    "text for a number": ("threshold: 5", "threshold: five", ["row 6", "five", "a whole number"]),
    "negative threshold": ("threshold: 5", "threshold: -5", ["row 6", "-5", "at least 0"]),
    "day that is none": ("2027-01-01", "2027-02-31", ["row 5", "2027-02-31", "YYYY-MM-DD"]),
    "founders without a day": ("opened: 2027-01-01", "opened:", ["row 5", "policy.opened", "date"]),
    "no title": ("title: Test\n", "", ["field title", "this key"]),
}


def write(folder, text, name="test_treaty"):
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_scenario_is_told_in_one_line_with_file_line_field_value_and_what_is_allowed(case, tmp_path):
    old, new, fragments = WRONG[case]
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(InputError) as caught:
        scenarios.load_file(path)
    message = str(caught.value)
    assert "\n" not in message
    for fragment in ["test_treaty.yaml", *fragments]:
        assert fragment in message


@pytest.mark.parametrize("case", ["unknown economy", "yaml that does not parse"])
def test_scenario_check_ends_with_exit_code_2_and_one_line(case, tmp_path):
    old, new, _ = WRONG[case]
    result = CliRunner().invoke(main, ["scenario", "check", str(write(tmp_path, GOOD.replace(old, new, 1)))])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_file_name_that_is_no_scenario_name_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"My-Treaty\.yaml"):
        scenarios.load_file(write(tmp_path, GOOD, "My-Treaty"))


def test_a_file_that_is_not_utf8_or_empty_is_refused(tmp_path):
    for content in (b"\xff\xfe", b""):
        path = tmp_path / "odd.yaml"
        path.write_bytes(content)
        with pytest.raises(InputError, match=r"odd\.yaml"):
            scenarios.load_file(path)


def test_founders_are_bloc_and_economies_less_exceptions_and_join_when_it_opens(tmp_path):
    found = scenarios.load_file(write(tmp_path, GOOD))
    # the G7 without Japan, and Korea
    assert found.founders == frozenset({"CAN", "DEU", "FRA", "GBR", "ITA", "USA", "KOR"})
    assert found.joins["USA"] == date(2027, 1, 1)
    # a member of both keeps the earlier day
    assert found.joins["DEU"] == date(2027, 1, 1)
    assert found.joins["POL"] == date(2029, 1, 1)
    assert found.for_models().in_force_on == date(2027, 1, 1)


def test_a_share_of_a_bloc_is_its_largest_economies_by_gdp(tmp_path):
    path = write(
        tmp_path, GOOD.replace("blocs: [EU],", "blocs: [G7], share: 0.4,").replace("[G7], economies: [KOR]", "[]")
    )
    found = scenarios.load_file(path)
    # 0.4 of seven, rounded up, is three; GDP 2020 orders United States, Japan, Germany
    assert set(found.joins) == {"USA", "JPN", "DEU"}


def test_every_shipped_scenario_is_good_and_the_status_quo_comes_first():
    names = scenarios.names()
    assert names[0] == "status_quo"
    assert {
        "law_only",
        "op_ed_convention",
        "g7_founders",
        "nato_founders",
        "eu_and_partners",
        "un_hanoi",
        "universal",
    } <= set(names)
    loaded = {scenario.name: scenario for scenario in scenarios.load_all()}
    assert not loaded["status_quo"].joins
    assert loaded["law_only"].joins == loaded["op_ed_convention"].joins


def test_the_status_quo_comes_along_with_any_scenario_asked_for():
    assert [scenario.name for scenario in scenarios.load_all(["universal"])] == ["status_quo", "universal"]


def test_an_unknown_scenario_is_answered_with_the_known_ones():
    with pytest.raises(InputError, match="did you mean universal"):
        scenarios.load("univarsal")


def test_sync_adds_new_files_and_removes_deleted_ones_with_their_parquet(tmp_path):
    folder, tables = tmp_path / "scenarios", tmp_path / "tables"
    folder.mkdir()
    for name in ("first", "second"):
        write(folder, GOOD, name)
    with dg.DagsterInstance.ephemeral() as instance:
        assert scenarios.sync(instance, tables, folder) == (["first", "second"], [])
        parquet = tables / "model" / "counterfactual" / "second.parquet"
        parquet.parent.mkdir(parents=True)
        parquet.touch()
        (folder / "second.yaml").unlink()
        assert scenarios.sync(instance, tables, folder) == ([], ["second"])
        assert not parquet.exists()
        assert list(instance.get_dynamic_partitions(scenarios.PARTITIONS)) == ["first"]


def test_a_range_of_keys_holds_exactly_the_scenarios_asked_for():
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(scenarios.PARTITIONS, list("abcde"))
        for wanted in (["b", "c"], ["a", "d"], ["e"]):
            first, last = scenarios.adjacent(instance, wanted)
            keys = list(instance.get_dynamic_partitions(scenarios.PARTITIONS))
            assert sorted(keys[keys.index(first) : keys.index(last) + 1]) == wanted
            assert sorted(keys) == list("abcde")
