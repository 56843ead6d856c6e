"""Every branch of the titles and sentences on GDP, on definitions of the loss and on its tail."""

import pytest

from reports import loss_text
from reports import titles_losses as titles
from reports.figures_replay import Replay
from reports.titles import Spread

NBSP = "\u00a0"
BOTH = "up 57.5 % in current dollars and up 49.2 % in constant ones"
BAD = f"loss that is exceeded one year in 100, $80{NBSP}bn at the median"


def spread(p05, p50, p95):
    return Spread(p05, p50, p95, None, None)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (
            spread(-3.0, 8.4, 28.7),
            f"GDP in 2035 is $8.4{NBSP}bn (0.65 basis points) higher at the median; the 90 % interval includes a fall",
        ),
        (
            spread(-28.7, -8.4, 3.0),
            f"GDP in 2035 is $8.4{NBSP}bn (0.65 basis points) lower at the median; the 90 % interval includes a rise",
        ),
        (
            spread(1.0, 8.4, 28.7),
            f"GDP in 2035 is $8.4{NBSP}bn (0.65 basis points) higher at the median, and the 90 % interval has one sign",
        ),
        (
            spread(-28.7, -8.4, -1.0),
            f"GDP in 2035 is $8.4{NBSP}bn (0.65 basis points) lower at the median, and the 90 % interval has one sign",
        ),
        (spread(-3.0, 0.0, 28.7), "At the median the convention leaves GDP in 2035 as it is"),
        (spread(0.0, 0.0, 0.0), "The convention leaves GDP in 2035 as it is"),
    ],
)
def test_gdp_title_follows_the_sign_of_the_gain_and_of_its_interval(amount, expected):
    sign = -1 if amount.p50 < 0 else 1
    assert titles.gdp(amount, spread(-0.23 * sign, 0.65 * sign, 2.23 * sign), 2035) == expected


def ledger(mean, gdp_mean, threat_class="all"):
    return {"threat_class": threat_class, "mean": mean, "gdp_mean": gdp_mean}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [ledger(255.0, 0.0), ledger(435.0, 218.0), ledger(255.0, 255.0), ledger(900.0, 900.0, "state")],
            f"50 % of the loss lowers GDP: $473{NBSP}bn of $945{NBSP}bn",
        ),
        ([ledger(945.0, 0.0)], f"Nothing of the loss lowers GDP: $0{NBSP}bn of $945{NBSP}bn"),
        ([ledger(945.0, 945.0)], f"All of the loss lowers GDP: $945{NBSP}bn of $945{NBSP}bn"),
        ([], "What the loss is made of was not computed in this run"),
    ],
)
def test_ledger_title_gives_the_part_that_lowers_gdp(rows, expected):
    assert titles.ledgers(rows) == expected


@pytest.mark.parametrize(
    ("ratio", "end"),
    [
        ((0.52, 9.1), "; the gap could be chance"),
        ((1.2, 9.1), "; more than chance sets them apart"),
        ((0.1, 0.9), "; more than chance sets them apart"),
    ],
)
def test_averages_are_apart_only_where_the_interval_of_their_ratio_leaves_out_one(ratio, end):
    start = f"Counted from below the loss is $398{NBSP}bn at the median, from above $1,190{NBSP}bn"
    assert titles.averages(398.0, 1186.0, ratio) == start + end


def test_averages_that_were_not_computed_are_said_to_be_so():
    assert titles.averages(None, 1186.0, None) == "The figures that exist were not averaged in this run"


@pytest.mark.parametrize(
    ("nominal", "real", "claimed", "end"),
    [
        (0.575, 0.492, 0.5, f"{BOTH}; the op-ed’s 50 % is in between"),
        (0.575, 0.492, 0.7, f"{BOTH}; the op-ed’s 70 % is more"),
        (0.575, 0.492, 0.4, f"{BOTH}; the op-ed’s 40 % is less"),
        (0.5, 0.492, 0.5, "up 50.0 % in current dollars and up 49.2 % in constant ones; the op-ed says 50 %"),
        (-0.1, 0.0, None, "down 10.0 % in current dollars and unchanged in constant ones"),
    ],
)  # fmt: skip
def test_bridge_title_holds_the_claim_against_growth_in_both_prices(nominal, real, claimed, end):
    """945 on 600 is 57.5 %; 600 at prices of 2020 (index 258.8 on 245.1) is 633.5, and 945 on that 49.2 %."""
    assert titles.bridge(nominal, real, claimed) == f"The published loss is {end}"


def point(loss, lower, upper, fall=None, low=None, high=None, years=100):
    return {
        "loss_usd_bn": loss,
        "lower": lower,
        "upper": upper,
        "avoided": fall,
        "avoided_lower": low,
        "avoided_upper": high,
        "return_period": years,
    }


@pytest.mark.parametrize(
    ("fall", "ends", "expected"),
    [
        (1.2, (-2.0, 5.0), f"A convention lowers the {BAD}, by $1.2{NBSP}bn, less than the width of its interval"),
        (-3.0, (-9.0, 5.0), f"A convention raises the {BAD}, by $3{NBSP}bn, less than the width of its interval"),
        (70.0, (60.0, 79.0), f"A convention lowers the {BAD}, by $70{NBSP}bn, no less than the width of its interval"),
        (0.001, (0.0, 0.002), f"A convention moves the {BAD}, by no more than $0.002{NBSP}bn in 90 % of draws"),
        (None, (None, None), f"The {BAD}, is known; what a convention does to it was not estimated"),
    ],
)  # fmt: skip
def test_exceedance_title_holds_the_fall_against_the_width_of_the_interval(fall, ends, expected):
    assert titles.exceedance(point(80.0, 60.0, 120.0), point(79.0, 59.0, 119.0, fall, *ends)) == expected


def loss(p05, p50, p95, months=9.0):
    return {"p05": p05, "p50": p50, "p95": p95, "detection_months": months, "note": None}


@pytest.mark.parametrize(
    ("went", "destroys", "expected"),
    [
        (loss(0.3, 0.8, 2.6), loss(6.1, 39.2, 267.0),
         f"SolarWinds was cheap because it was espionage: $0.8{NBSP}bn, against $39{NBSP}bn had it destroyed"),
        (loss(0.3, 0.8, 9.0), loss(6.1, 39.2, 267.0),
         f"SolarWinds had it destroyed: $39{NBSP}bn at the median against $0.8{NBSP}bn, with intervals that overlap"),
        (loss(0.3, 50.0, 90.0), loss(6.1, 39.2, 267.0),
         f"A payload that destroys would not have made SolarWinds dearer: $39{NBSP}bn against $50{NBSP}bn"),
        (None, loss(6.1, 39.2, 267.0),
         f"SolarWinds with a payload that destroys would have cost $39{NBSP}bn at the median"),
    ],
)  # fmt: skip
def test_replay_title_says_cheap_only_where_the_intervals_are_apart(went, destroys, expected):
    assert titles.solarwinds(went, destroys) == expected


def test_the_replay_says_what_the_month_of_detection_changes_and_what_is_no_estimate():
    published, no = loss(None, 0.09, None) | {"note": "insured loss"}, loss(None, 216.0, None) | {"note": "a product."}
    found = Replay(published, None, [loss(6.1, 39.2, 267.0), loss(1.8, 13.2, 106.0, 1.0)], no)
    assert loss_text.replay(found) == (
        f"Found after 9 months the destructive course costs $39{NBSP}bn at the median, found after 1 month "
        f"$13{NBSP}bn. Published: insured loss, $0.09{NBSP}bn. No estimate: a product."
    )


def multiplier(method, value, lower=None, upper=None):
    return {
        "method": method,
        "region": "WLD",
        "industry": "all",
        "multiplier": value,
        "lower": lower,
        "upper": upper,
    }


def test_propagation_states_the_identity_first_and_says_where_it_breaks():
    rows = [
        multiplier("ghosh", 1.95),
        multiplier("leontief_final_demand", 1.0),
        multiplier("published_rand", 3.1, 2.9, 3.4),
    ]
    text = loss_text.propagation(rows)
    assert "the table gives 1.00. Amplification" in text
    assert "(Ghosh) 1.9" in text or "(Ghosh) 2.0" in text
    assert "RAND, as published 3.1 [2.9, 3.4]" in text
    assert "which breaks the identity" in loss_text.propagation([multiplier("leontief_final_demand", 1.2)])
    assert "was not computed" in loss_text.propagation([])


def measure(name, scenario, p50, p05=0.0, p95=0.0, odds=0.1):
    return {
        "measure": name, "scenario": scenario, "mean": p50, "p05": p05, "p50": p50, "p95": p95, "mcse": 0.05,
        "p_not_better": odds,
    }  # fmt: skip


def test_output_says_less_or_more_is_lost_by_the_sign_of_the_median():
    quo = [measure("loss", "status_quo", 945.0), measure("gdp_loss", "status_quo", 470.0, 298.0, 652.0)]
    for p50, words in (
        (6.5, f"$6.5{NBSP}bn less of it is lost"),
        (-6.5, "more of it is lost"),
        (0.0, "nothing changes"),
    ):
        text = loss_text.output([*quo, measure("avoided_gdp_loss", "op_ed_convention", p50, -2.6, 21.3)])
        assert words in text and "90 percent interval 298 to 652" in text
    assert "was not computed" in loss_text.output(quo)


def test_a_difference_that_was_not_estimated_is_said_to_be_so():
    before = point(80.0, 60.0, 120.0)
    assert loss_text.paired(before, point(79.0, 59.0, 119.0)).endswith("the difference was not estimated.")
    assert "paired fall +1.2 $ bn (90 % interval −2.0 to +5.0)" in loss_text.paired(
        before, point(79.0, 59.0, 119.0, 1.2, -2.0, 5.0)
    )
