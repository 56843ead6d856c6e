"""Every branch of the titles and sentences on how sure the results are."""

import pytest

from reports import titles_certainty as titles
from reports.certainty_tables import leverage

NBSP = "\u00a0"


def index(name, total, half=0.05):
    return {"prior_id": name, "total": total, "total_lower": total - half, "total_upper": total + half}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([index("bite", 0.45), index("mobility", 0.16)],
         "The spread of the result comes most from the chance that one bites: 45 % of the variance with interactions"),
        ([index("bite", 0.45), index("mobility", 0.40)],
         "No one input leads: the chance that one bites (45 % of the variance with interactions) and the mobility of "
         "attackers, φ are not told apart"),
        ([index("bite", 0.45)],
         "The spread of the result comes most from the chance that one bites: 45 % of the variance with interactions"),
        ([index("bite", 0.0)], "No input moves the avoided loss"),
        ([], "No input moves the avoided loss"),
    ],
)  # fmt: skip
def test_sobol_title_names_one_input_only_where_its_interval_is_apart(rows, expected):
    assert titles.sobol(rows) == expected


@pytest.mark.parametrize(
    ("bad", "choices", "expected"),
    [
        (2130, [{"choice": "anchor", "total": 0.1}, {"choice": "effect_set", "total": 0.8}],
         "The mean is at or below zero in 13 % of 16,128 specifications; “effect of joining” is the choice that moves "
         "it most"),
        (0, [], "The mean is above zero under every one of 16,128 specifications"),
        (16128, [{"choice": "anchor", "total": 0.0}],
         "The mean is at or below zero under every one of 16,128 specifications"),
    ],
)  # fmt: skip
def test_specification_title_gives_the_share_at_or_below_zero(bad, choices, expected):
    """2,130 of 16,128 are 13.2 %."""
    assert titles.specification({"specifications": 16128, "not_above_zero": bad}, choices) == expected


def worth(kind, inputs, value, se=0.05):
    return {"information": kind, "inputs": inputs, "value": value, "se": se}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([worth("perfect", "everything", 2.54), worth("together", "effect of law", 1.1), worth("together", "x", 0.3)],
         f"Knowing everything before deciding is worth $2.5{NBSP}bn a year, and a study that settles the effect of law "
         f"$1.1{NBSP}bn"),
        ([worth("perfect", "everything", 2.54), worth("together", "effect of law", 0.01)],
         f"Knowing everything before deciding is worth $2.5{NBSP}bn a year; no single study is worth an amount told "
         "apart from zero"),
        ([worth("perfect", "everything", 0.04)],
         "Knowing everything before deciding is worth nothing that is told apart from zero"),
        ([], "What knowing more would be worth was not computed in this run"),
    ],
)  # fmt: skip
def test_information_title_follows_what_exceeds_its_error(rows, expected):
    assert titles.information(rows) == expected


def score(target, crps, naive, forecast="constant_share", years=7):
    return {"target": target, "forecast": forecast, "crps": crps, "crps_naive": naive, "years": years}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([score("ic3", 0.73, 0.36), score("csis_2020_loss", 0.22, 0.55, years=1)],
         "The model’s default loses to a naive trend on 1 of 2 targets: score 0.73 against 0.36"),
        ([score("ic3", 0.73, 0.36), score("csis_2020_loss", 0.62, 0.55, years=1)],
         "The model’s default loses to a naive trend wherever it was tried: score 0.73 against 0.36"),
        ([score("ic3", 0.33, 0.36)],
         "The model’s default forecasts better than a naive trend wherever it was tried: score 0.33 against 0.36"),
        ([score("ic3", 0.36, 0.36)], "The model’s default forecasts as well as a naive trend"),
        ([score("ic3", 0.36, 0.36, "naive_trend")], "No forecast was held against what came in this run"),
    ],
)  # fmt: skip
def test_backtest_title_admits_a_default_that_loses(rows, expected):
    assert titles.backtest(rows) == expected


def case(kind, share, source="a survey", total=100.0):
    return {
        "case": "one answer", "kind": kind, "n": 1000, "share_of_total": share, "total_usd_bn": total, "source": source,
    }  # fmt: skip


def test_leverage_names_the_largest_answer_of_each_survey_and_the_largest_record():
    rows = [case("answer", 0.1), case("answer", 0.01), case("record", 0.28, "vcdb"), case("record", None, "few")]
    assert leverage(rows) == (
        f"Totals scaled up from surveys hang on single answers: one answer among 1,000 is 10{NBSP}% of a total of "
        f"$100{NBSP}bn (a survey). On record the largest amount of a source is up to 28{NBSP}% of its sum."
    )
    assert "was not computed" in leverage([])
