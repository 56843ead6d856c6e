"""The choices of Figure 1: what each says, held to the rows it is about, and what cannot be chosen."""

import itertools
import json
import re
import shutil
from pathlib import Path

import duckdb
import pytest

from reports import choice_text, choices
from reports.choice_pack import choice_pack
from reports.choices import DEFAULT, Choice
from reports.edition import Edition, read
from reports.figures import hero
from reports.figures_adoption import composed
from reports.palette import MODES
from reports.rows import Rows

# A second effect set at every level: losses grow; and one scenario with it at one way of counting only.
BACKFIRE = """
    insert into model.counterfactual by name
    select * replace ('backfire' as effect_set, -mean as mean, -p975 as p025, -p95 as p05, -p90 as p10, -p75 as p25,
                      -p50 as p50, -p25 as p75, -p10 as p90, -p05 as p95, -p025 as p975,
                      1 - p_not_better as p_not_better)
    from model.counterfactual
    where effect_set = 'default' and adoption_metric <> 'scenario' and year = 2020
      and (scenario <> 'g7_founders' or adoption_metric = 'gdp')
"""


@pytest.fixture(scope="module")
def edition(database, tmp_path_factory) -> Edition:
    copy = shutil.copy(database, tmp_path_factory.mktemp("choices") / "more.duckdb")
    with duckdb.connect(str(copy)) as connection:
        connection.execute(BACKFIRE)
    return read(Path(copy))


@pytest.fixture(scope="module")
def rows(edition):
    return Rows(edition)


@pytest.fixture(scope="module")
def curves(rows):
    return choices.curves(rows)


def published(edition, choice, level, measure="avoided_share"):
    """The row of the database that a choice is about at a level of adoption."""
    found = [
        row
        for row in edition.frames["levels_all"].iter_rows(named=True)
        if (row["scenario"], row["adoption_metric"], row["effect_set"]) == choice
        and row["measure"] == measure
        and row["adoption_level"] == level
    ]
    assert len(found) == 1
    return found[0]


def is_rounded(text, value):
    """Whether a printed number is the value to its own last place."""
    digits = text.replace(",", "").replace("−", "-").replace("+", "")
    places = len(digits.partition(".")[2])
    return abs(float(digits) - value) <= 0.5 * 10**-places + 1e-9


def test_every_choice_of_the_database_is_offered_and_no_other(curves, edition):
    frame = edition.frames["levels_all"]
    assert set(curves) == {
        Choice(*key) for key in frame.select("scenario", "adoption_metric", "effect_set").unique().iter_rows()
    }
    assert len(curves) == 7 * 3 * 2 - 2


def test_each_sentence_says_the_published_numbers(rows, curves, edition):
    """Share, dollars, interval and chance at full adoption, and the share half way, each read back from the words."""
    losses = choices.baselines(rows)
    for (choice, curve), (baseline, usd_bn) in itertools.product(curves.items(), losses.items()):
        said = choice_text.sentence(choice, curve, baseline, usd_bn, rows.baseline)
        full, half = (published(edition, choice, level) for level in (1.0, 0.5))
        verb, share, dollars = re.search(
            r"(avoids about|makes the yearly loss about) ([\d.]+) percent (?:of the yearly loss|larger), "
            r"or \$([\d.,]+)\W",
            said,
        ).groups()
        assert (verb == "avoids about") == (full["p50"] > 0), said
        assert is_rounded(share, 100 * abs(full["p50"])), said
        assert is_rounded(dollars, usd_bn * abs(full["p50"])), said
        # No printed place is finer than the Monte Carlo error.
        assert 10 ** -len(share.partition(".")[2]) >= 100 * max(full["mcse"], full["mcse_p50"])
        chance = round(100 * full["p_not_better"])
        assert f"{chance} percent chance that it does nothing or harm" in said
        low, high = re.search(r"from a loss ([\d.]+) percent larger to one ([\d.]+) percent smaller", said).groups()
        assert is_rounded(low, -100 * full["p05"]) and is_rounded(high, 100 * full["p95"])
        verb, middle = re.search(r"in, it would (avoid|add) ([\d.]+) percent", said).groups()
        assert (verb == "avoid") == (half["p50"] > 0) and is_rounded(middle, 100 * abs(half["p50"]))


def test_each_sentence_names_its_status_quo(rows, curves):
    """The loss under the baseline that is drawn, 945 and 1,000 in the fixture, and what a rescaling leaves alone."""
    for choice, curve in curves.items():
        own = choice_text.sentence(choice, curve, "csis_2020_loss", 945.0, rows.baseline)
        other = choice_text.sentence(choice, curve, "op_ed_1000", 1000.0, rows.baseline)
        assert "The status quo is a yearly loss of $945\u00a0bn (baseline “Loss only”) with the Budapest" in own
        assert "The status quo is a yearly loss of $1,000\u00a0bn (baseline “The op-ed’s figure”)" in other
        assert "Net benefit is not rescaled" in other and "rescaled" not in own
        percents = [re.findall(r"[\d.]+ percent", said) for said in (own, other)]
        assert percents[0] == percents[1]


def test_the_axis_is_the_same_for_every_choice_and_holds_all(curves, edition):
    shares = [r for r in edition.frames["levels_all"].iter_rows(named=True) if r["measure"] == "avoided_share"]
    for mode in MODES:
        ranges = {tuple(composed(curve, mode).axes["yaxis"]["range"]) for curve in curves.values()}
        ((low, high),) = ranges
        assert low < 100 * min(row["p025"] for row in shares) and high > 100 * max(row["p975"] for row in shares)


def test_blocs_are_marked_only_where_they_were_computed(curves):
    """model.blocs has the op-ed's text and the default effect set."""
    marked = {choice for choice, curve in curves.items() if curve.marks}
    assert marked == {Choice(DEFAULT.scenario, metric, "default") for metric in ("attack_origin", "gdp", "states")}


def test_marks_stand_at_the_share_of_what_adoption_is_counted_in(curves, edition):
    for metric in ("gdp", "states"):
        curve = curves[DEFAULT._replace(metric=metric)]
        shares = {row["bloc"]: row[f"share_{metric}"] for row in edition.rows("blocs")}
        assert [100 * shares[row["bloc"]] for row in curve.marks] == curve.drops == sorted(curve.drops)


def test_an_option_that_was_not_computed_says_why(database):
    plain = Rows(read(database))
    found = {switch.key: switch for switch in choices.switches(plain, choices.curves(plain))}
    why = {option.value: option.why for switch in found.values() for option in switch.options}
    assert why["status_quo"] == "nobody joins"
    assert why["backfire"] == why["optimistic"] == "not computed"
    assert why["universal"] == why["gdp"] == why["default"] == why["op_ed_1000"] == ""
    assert [switch.value for switch in found.values()] == [
        "op_ed_convention",
        "attack_origin",
        "default",
        plain.baseline,
    ]


def test_tables_hold_every_number_that_a_switch_can_show(rows, curves, edition):
    every = next(table for table in hero(rows).tables if table.is_folded)
    assert len(every.rows) == len(curves) * 6
    choice = Choice("universal", "states", "backfire")
    row = next(r for r in every.rows if r[:4] == ("Universal", "States", "Backfire", "50 %"))
    found = published(edition, choice, 0.5)
    for cell, name in zip(row[4:13], ("p025", "p05", "p10", "p25", "p50", "p75", "p90", "p95", "p975"), strict=True):
        assert is_rounded(cell, 100 * found[name])
    assert row[-1] == f"{round(100 * published(edition, choice, 0.5, 'net_benefit')['p_not_better'])}"


def test_the_table_on_paper_has_every_scenario_and_shares_equal_rows(rows, edition):
    paper = hero(rows).on_paper
    named = "; ".join(row[0] for row in paper.rows if row[0])
    for name in ("Law only", "G7 founders", "Universal", "UN convention (Hanoi)"):
        assert name in named
    universal = next(i for i, row in enumerate(paper.rows) if row[0] == "Universal")
    assert paper.rows[universal + 3][1] == "Everybody"
    full = published(edition, Choice("universal", "gdp", "default"), 1.0)
    assert is_rounded(paper.rows[universal + 3][paper.heads.index("Default")].split()[0], 100 * full["p50"])


def test_scenarios_with_the_same_numbers_share_rows_on_paper(database, tmp_path):
    copy = shutil.copy(database, tmp_path / "twins.duckdb")
    with duckdb.connect(str(copy)) as connection:
        connection.execute(
            "delete from model.counterfactual where scenario = 'law_only' and adoption_metric <> 'scenario'"
        )
        connection.execute(
            "insert into model.counterfactual by name select * replace ('law_only' as scenario) from "
            "model.counterfactual where scenario = 'g7_founders' and adoption_metric <> 'scenario'"
        )
    paper = hero(Rows(read(Path(copy)))).on_paper
    assert "Law only; G7 founders" in [row[0] for row in paper.rows]


def test_the_packet_draws_the_default_as_the_page_does(rows):
    pack, figure = choice_pack(rows), hero(rows)
    for mode in MODES:
        drawn = figure.drawings[mode.name].to_plotly_json()
        parts = pack["drawings"][mode.name][DEFAULT.key]
        assert [pack["pool"][i] for i in parts["notes"]] == json.loads(json.dumps(drawn["layout"]["annotations"]))
        assert [pack["pool"][i] for i in parts["shapes"]] == json.loads(json.dumps(drawn["layout"]["shapes"]))
        assert len(drawn["data"]) == len(pack["bands"]) + 1 + len(parts["marks"])


def test_another_baseline_scales_dollars_in_proportion(rows):
    """1,000 to 945: a tenth of the loss is 100 and 94.5 bn."""
    amounts = choice_pack(rows)["amounts"]
    assert is_rounded(amounts["op_ed_1000"]["amount:10"], 100.0)
    assert is_rounded(amounts["csis_2020_loss"]["amount:10"], 94.5)
    assert amounts["op_ed_1000"].keys() == amounts["csis_2020_loss"].keys()


def test_a_run_of_one_scenario_has_one_choice_and_still_a_figure(database, tmp_path):
    copy = shutil.copy(database, tmp_path / "one.duckdb")
    with duckdb.connect(str(copy)) as connection:
        connection.execute(
            "delete from model.counterfactual where adoption_metric not in ('scenario', 'attack_origin') or "
            "(adoption_metric = 'attack_origin' and scenario <> 'op_ed_convention')"
        )
    figure = hero(Rows(read(Path(copy))))
    assert figure.on_paper is None and not any(table.is_folded for table in figure.tables)
    assert "The percent axis is the same" not in figure.note
