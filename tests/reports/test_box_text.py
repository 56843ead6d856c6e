"""The sentences of the boxes: every branch, with published numbers."""

from datetime import date

import pytest

from reports import box_text

REPORTS = [
    {"estimate_id": "csis_2018", "published_year": 2018, "reference_year": 2017, "usd_bn": 600.0,
     "gdp_usd_bn": 81_550.0, "prices": 245.12},
    {"estimate_id": "csis_2020_loss", "published_year": 2020, "reference_year": 2020, "usd_bn": 945.0,
     "gdp_usd_bn": 85_578.0, "prices": 258.81},
    {"estimate_id": "csis_2020_total", "published_year": 2020, "reference_year": 2020, "usd_bn": 1090.0,
     "gdp_usd_bn": 85_578.0, "prices": 258.81},
]  # fmt: skip


def claims(amount=1000.0, share=0.01, growth=0.5):
    return [
        {"claim": "over $1 trillion", "unit": "USD bn", "threshold": amount},
        {"claim": "more than 1 % of global GDP", "unit": "fraction of GDP", "threshold": share},
        {"claim": "up 50 % since 2018", "unit": "fraction, growth", "threshold": growth},
    ]


def test_the_figure_is_followed_from_600_to_1090():
    """945 + 145 = 1,090; 945/85,578 = 1.104 %, 1,090/85,578 = 1.274 %; 945/600 = 1.575, at constant prices 1.492."""
    origin, definition, prices, taken = box_text.trillion(REPORTS, claims(), "csis_2020_loss")
    assert "That of 2018 puts the yearly loss at $600\u00a0bn, that of 2020 at $945\u00a0bn" in origin
    assert "$145\u00a0bn of security spending: $1,090\u00a0bn in all" in origin
    assert "“over $1 trillion” holds for loss and spending together. The spending is a cost" in definition
    assert "Of world GDP it is 1.10 percent without the spending and 1.27 with it" in definition
    assert "“more than 1% of global GDP” holds either way" in definition
    assert "+57.5 percent in current dollars and +49.2 percent at constant prices" in prices
    assert prices.endswith("“Up 50% since 2018” lies between the two.")
    assert "the baseline is “loss only”" in taken


@pytest.mark.parametrize(
    ("changed", "place", "expected"),
    [
        ({"amount": 900.0}, 1, "“over $1 trillion” holds for the loss alone."),
        ({"amount": 2000.0}, 1, "“over $1 trillion” holds for neither."),
        ({"share": 0.012}, 1, "holds only with it"),
        ({"share": 0.02}, 1, "holds neither way"),
        ({"growth": 0.4}, 2, "Both exceed “up 50% since 2018”."),
        ({"growth": 0.8}, 2, "Neither reaches “up 50% since 2018”."),
    ],
)
def test_what_holds_follows_the_numbers(changed, place, expected):
    assert expected in box_text.trillion(REPORTS, claims(**changed), "csis_2020_loss")[place]


def test_without_claims_or_reports_the_box_says_less():
    _, definition, prices, _ = box_text.trillion(REPORTS, [], "pooled")
    assert definition == "Definition: Of world GDP it is 1.10 percent without the spending and 1.27 with it."
    assert prices.endswith("at constant prices.")
    assert box_text.trillion(REPORTS[:2], claims(), "pooled") == [
        "The published totals behind the figure are not all in this edition."
    ]


def event(measure, p50, course=None, months=None, low=None, high=None, part=None, note=None):
    return {
        "event_id": "solarwinds", "measure": measure, "course": course, "detection_months": months, "p05": low,
        "p50": p50, "p95": high, "part": part, "note": note,
    }  # fmt: skip


EVENTS = [
    event("reached", 18_000.0, part="installed"),
    event("reached", 109.0, part="entered"),
    event("loss", 0.76, "espionage", 8.6, 0.29, 2.6),
    event("loss", 39.0, "destructive", 9.0, 6.3, 274.0),
    event("loss", 13.0, "destructive", 1.0, 1.8, 106.0),
    event("reported", 0.09, note="insured loss"),
    event("rejected_product", 216.0, note="installs times a mean: most installs lost nothing"),
]
TIMELINE = [
    {"milestone": "access", "day": date(2019, 9, 4)},
    {"milestone": "available", "day": date(2020, 3, 26)},
    {"milestone": "public", "day": date(2020, 12, 13)},
]


def test_solarwinds_is_told_as_it_went_as_it_could_have_gone_and_what_is_no_estimate():
    """26 March to 13 December 2020 are 262 days, 8.6 months; from 4 September 2019 they are 466, 15 months."""
    happened, cost, could, invalid = box_text.solarwinds(EVENTS, TIMELINE)
    assert "about 18,000 customers of SolarWinds installed an update with a back door; 109 of them" in happened
    assert "8.6 months later; the authors had been inside the vendor for 15 months." in happened
    assert cost == (
        "It was espionage, and nothing was destroyed. Published: insured loss, $0.09\u00a0bn; from the footprint the "
        "cost is $0.76\u00a0bn (90 percent interval $0.29\u00a0bn to $2.6\u00a0bn)."
    )
    assert "$39\u00a0bn (90 percent interval $6.3\u00a0bn to $270\u00a0bn) if it is found after 9 months" in could
    assert could.endswith("and $13\u00a0bn (90 percent interval $1.8\u00a0bn to $110\u00a0bn) if after 1 month.")
    assert invalid.startswith(
        "Not valid: installs times a mean: most installs lost nothing. It would give $220\u00a0bn"
    )


def test_solarwinds_without_reach_dates_or_what_is_published_says_what_is_left():
    courses = [row for row in EVENTS if row["measure"] == "loss"]
    happened, cost, could = box_text.solarwinds(courses, [])
    assert happened == (
        "What happened: an update of SolarWinds carried a back door to its customers, of whom a few were entered."
    )
    assert cost.startswith("It was espionage, and nothing was destroyed. From the footprint the cost is $0.76")
    assert "if after 1 month" in could
    only = box_text.solarwinds([row for row in courses if row["detection_months"] != 1.0], [])
    assert only[-1].endswith("if it is found after 9 months.")
    assert box_text.solarwinds([], TIMELINE) == ["The replay of SolarWinds is not in this edition."]
