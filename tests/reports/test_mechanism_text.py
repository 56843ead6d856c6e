"""Words on mechanisms beside figures: estimates, odds, pace, calibration, accounts of economies."""

import pytest

from reports import mechanism_text


def fit(estimate, se=0.01, status="estimated", coefficient="branching_cross"):
    return {"fit": "hawkes", "coefficient": coefficient, "estimate": estimate, "se": se, "n": 1243, "status": status}


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "was not fitted in this run"),
        (
            [fit(None, None, "not estimable: the likelihood is flat")],
            "could not be estimated: the likelihood is flat. A",
        ),
        (
            [fit(0.021)],
            "1,243 dated incidents between states, one attack sets off 0.021 attacks of the other side (standard",
        ),
        ([fit(0.021, None), fit(0.6, coefficient="branching_own")], "of the other side and 0.60 more of its own side."),
    ],
)
def test_reciprocity_is_reported_as_estimated_or_why_not(rows, words):
    assert words in mechanism_text.reciprocity(rows)


def paired(measure, better, belief="little_reciprocity"):
    values = {"p05": -8.0, "p50": -3.0, "p95": 4.0, "p_agreed_better": better}
    return {"regime": "agreed_minus_unilateral", "measure": measure, "belief": belief} | values


def test_odds_of_agreed_are_printed_with_and_without_standdown():
    rows = [paired("state_loss_no_standdown", 0.63), paired("state_loss", 0.81), paired("net_cost", 0.74)]
    line = mechanism_text.odds_of_agreed(rows)
    assert "63\u00a0% under little reciprocity; paired difference −3.00 [−8.00 to +4.00] $ bn a year." in line
    assert line.endswith("With stand-down 81\u00a0%, with what answers cost as well 74\u00a0%.")
    assert "not estimated" in mechanism_text.odds_of_agreed([paired("state_loss_no_standdown", None)])


@pytest.mark.parametrize(
    ("statuses", "word"),
    [
        (["estimated"] * 2, "an estimate"),
        (["assumption"] * 2, "an assumption"),
        (["estimated", "assumption"], "in part"),
    ],
)
def test_pace_of_budapest_is_an_estimate_only_with_events_enough(statuses, word):
    rows = [{"fit": "all", "events": 78, "events_per_coefficient": 13.0, "status": status} for status in statuses]
    assert f"78 ratifications, 13.0 for each coefficient: it is {word}" in mechanism_text.hazard_status(rows)
    assert "not estimated" in mechanism_text.hazard_status([])


@pytest.mark.parametrize(("without", "words"), [(0.5, "changes its sign"), (-0.5, "keeps its sign")])
def test_sign_of_neighbours_without_the_council_is_told(without, words):
    rows = [
        {"fit": "all", "term": "neighbours", "estimate": -0.1},
        {"fit": "without_council", "term": "neighbours", "estimate": without},
    ]
    assert words in mechanism_text.neighbours_sign(rows)
    assert "not fitted both ways" in mechanism_text.neighbours_sign(rows[:1])


def test_calibration_sets_what_came_beside_what_was_expected():
    rows = [
        {"fit": "before_2015", "span": "2015-2025", "expected": 24.6, "lower": 15.0, "upper": 36.0, "observed": 37},
        {"fit": "all", "span": "2001-2010", "expected": 29.4, "lower": 21.0, "upper": 38.0, "observed": 30},
    ]
    line = mechanism_text.calibration(rows)
    assert "2001–2010: 29 expected (21 to 38), 30 came; 2015–2025: 25 expected (15 to 36), 37 came (years" in line
    assert "not held against" in mechanism_text.calibration([])


def test_mean_without_standdown_stands_in_the_caption_where_it_is_known():
    row = {"off": "stand_down", "mean": 16.1, "p05": -40.0, "p95": 95.0, "unit": "USD bn, 2020 prices"}
    assert mechanism_text.beside_mean([row]) == "Without stand-down the mean is +16.1 $\u00a0bn. "
    assert mechanism_text.beside_mean([]) == ""


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {},
            "2 of 210 economies lose on average; the largest gain is that of Japan (+1.90 $ bn a year), the largest",
        ),
        (
            {"losers": 0, "worst": 0.1},
            "0 of 210 economies lose on average; the largest gain is that of Japan (+1.90 $ bn",
        ),
        ({"economies": 0, "best": None, "worst": None}, "were not drawn up in this run"),
    ],
)
def test_national_accounts_say_who_loses(changes, expected):
    row = {"economies": 210, "losers": 2, "best": 1.9, "worst": -0.8, "best_name": "Japan", "worst_name": "Ruritania"}
    assert expected in mechanism_text.national(row | changes)
