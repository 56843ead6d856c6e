"""Systemic events and the replay: by hand, published sums, and what a product of installs and a mean is not."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from models.event_table import NOT_VALID, event_table
from models.events import Course, Event, Figure, Footprint, Part, draw, losses, spread
from pipelines import event_files
from pipelines.schemas.exceedance import EXCEEDANCE
from pipelines.schemas.tables import conform


def fixed(value: float) -> Figure:
    return Figure(value, value, value, kind="published", verified=True)


HALF = Part("half", "firms", fixed(0.5), fixed(2.0))
HAND = Event("hand", {"firms": Footprint(fixed(100))}, (Course("one", (HALF,), fixed(3.0)),), 1.0, fixed(10.0))


def test_footprint_times_loss_is_as_by_hand():
    """100 organizations, half of them hit, 2 m each: 0.1 bn; three times that with those downstream."""
    (course,) = HAND.courses
    found = losses(HAND, course, draw(HAND, 8))
    assert found.organizations["half"] == pytest.approx(50)
    assert found.direct == pytest.approx(0.1)
    assert found.total == pytest.approx(0.3)


def test_no_event_costs_more_than_the_exposure():
    event = replace(HAND, cap_usd_bn=0.2)
    found = losses(event, event.courses[0], draw(event, 8))
    assert (found.direct == 0.1).all() and (found.total == 0.2).all()
    row = event_table([event], 8).filter(pl.col("measure") == "loss")
    assert (row["p50"].item(), row["at_cap"].item()) == (0.2, 1.0)


def test_a_loss_that_comes_once_in_ten_years_is_a_tenth_a_year():
    row = event_table([HAND], 8).filter(pl.col("measure") == "loss_per_year")
    assert row["mean"].item() == pytest.approx(0.03)


def test_a_figure_has_its_ends_as_quantiles_and_its_bounds_as_limits():
    figure = Figure(1.0, 4.0, 5.0, least=0.9, most=5.5)
    assert figure.at(np.array([0.05, 0.5, 0.95])) == pytest.approx([1, 4, 5])
    assert figure.at(np.array([1e-6, 1 - 1e-6])).tolist() == [0.9, 5.5]
    assert (np.diff(figure.at(np.linspace(0.05, 0.95, 99))) > 0).all()


def test_half_of_what_is_left_is_reached_in_a_half_life():
    """Half-life of a month: 1/2 after one, 3/4 after two; a very long one is in proportion to time."""
    assert spread(1, 2, np.array([1.0, 1e6])) == pytest.approx([2 / 3, 1 / 2])
    assert spread(7, 7, np.array([0.3])) == pytest.approx([1.0])


# --- the shipped events ---


@pytest.fixture(scope="module")
def shipped() -> dict[str, Event]:
    return {event.event_id: event for event in event_files.load_all()}


@pytest.fixture(scope="module")
def table(shipped) -> pl.DataFrame:
    return conform(event_table(list(shipped.values())), EXCEEDANCE["events"])


def row(table: pl.DataFrame, **where) -> dict:
    (found,) = table.filter(*(pl.col(k) == v for k, v in where.items())).iter_rows(named=True)
    return found


def test_six_named_firms_told_a_good_fifth_of_notpetya(shipped):
    """Target 19: 870 + 400 + 384 + 300 + 188 + 129 m = 2.271 bn, 22.7 % of 10 bn."""
    named = shipped["wiper"].named
    assert sorted(named.usd_m.values()) == [129, 188, 300, 384, 400, 870]
    assert named.total == pytest.approx(2.271, abs=1e-12)
    assert named.share == pytest.approx(0.2271, abs=1e-12)


def test_solarwinds_spread_for_eight_and_a_half_months(shipped):
    """Target 20: from availability (26 March 2020) to the public (13 December 2020), 8.6 months."""
    assert shipped["solarwinds"].dwell_months == pytest.approx(8.6, abs=0.1)
    assert shipped["solarwinds"].detection_months == (9, 3, 1)


def test_the_realised_case_is_small_beside_a_destructive_payload_on_the_same_footprint(shipped):
    event = shipped["solarwinds"]
    drawn = draw(event)
    espionage, destructive = (losses(event, course, drawn).total for course in event.courses)
    assert np.quantile(espionage, 0.05) > 0.09 and np.quantile(espionage, 0.95) < 5
    assert np.median(destructive / espionage) > 10
    footprints = {part.footprint for course in event.courses for part in course.parts}
    assert {"installed"} == footprints - {"entered", "vendor"}
    assert event.footprints["installed"].organizations.central == 18_000
    assert event.footprints["entered"].organizations.central == 109


def test_earlier_detection_costs_less_in_every_draw(shipped):
    event = shipped["solarwinds"]
    drawn = draw(event)
    for course in event.courses:
        nine, three, one = (losses(event, course, drawn, months) for months in event.detection_months)
        assert (nine.total >= three.total).all() and (three.total >= one.total).all()
        assert np.median(one.total) < 0.6 * np.median(nine.total)
        assert all((hit <= 18_000 * (1 + 1e-12)).all() for hit in nine.organizations.values())


def test_installs_times_a_mean_is_printed_as_no_estimate_and_computed_nowhere(table):
    """18,000 x 12 m = 216 bn, 3.4 orders of magnitude above the insured 0.09 bn (evidence D)."""
    found = row(table, event_id="solarwinds", measure="rejected_product")
    insured = row(table, event_id="solarwinds", note="insured loss")
    assert found["p50"] == pytest.approx(216)
    assert found["status"] == NOT_VALID == "not a valid estimate"
    assert math.log10(found["p50"] / insured["p50"]) == pytest.approx(3.4, abs=0.05)
    assert table.filter(pl.col("status") == NOT_VALID)["measure"].unique().to_list() == ["rejected_product"]


def test_every_computed_loss_has_an_interval_a_cap_and_its_judgements_told(table):
    computed = table.filter(pl.col("measure").is_in(["direct_loss", "loss"]))
    assert (computed["p05"] < computed["p50"]).all() and (computed["p50"] < computed["p95"]).all()
    assert computed["at_cap"].is_between(0, 0.05).all()
    assert set(computed["kind"]) == {"judgement"}
    assert not computed["verified"].any()
    assert set(table["event_id"]) == {"solarwinds", "cloud_outage", "payments", "supply_chain_implant", "wiper"}
    assert table.filter(pl.col("measure") == "return_period").height == 4


def test_whom_solarwinds_reached_stands_beside_what_it_cost(table):
    """The company's 18,000 installs and the 109 entered, as told (evidence D)."""
    reached = table.filter((pl.col("event_id") == "solarwinds") & (pl.col("measure") == "reached"))
    told = {part: (number, verified) for part, number, verified in reached.select("part", "p50", "verified").rows()}
    assert told == {"installed": (18_000, True), "entered": (109, True), "vendor": (1, True)}


def test_the_cloud_and_the_wiper_hold_what_is_published(table):
    """Lloyd's and Cyence 15 to 121 around 53; NotPetya 10: inside the interval computed, not its calibration."""
    for event_id, published in (("cloud_outage", 53), ("wiper", 10)):
        found = row(table, event_id=event_id, measure="loss")
        assert found["p05"] < published < found["p95"]


def test_the_same_seed_gives_the_same_bits(shipped):
    events = list(shipped.values())
    assert event_table(events, 256, seed=5).equals(event_table(events, 256, seed=5))


# --- bad input ---

REFUSED = {
    "figure of nothing": (lambda: Figure(0, 1, 2), "above 0 and in rising order: 0, 1, 2"),
    "figure out of order": (lambda: Figure(3, 2, 4), "rising order"),
    "figure without an end": (lambda: Figure(1, 2, math.inf), "finite"),
    "figure that is no number": (lambda: Figure(1, math.nan, 2), "rising order"),
    "central value outside its bounds": (lambda: Figure(1, 2, 3, most=1.5), "outside the bounds"),
    "no cap": (lambda: replace(HAND, cap_usd_bn=math.inf), "hand: the cap must be finite"),
    "footprint that is none": (lambda: replace(HAND, footprints={}), "hand: there is no footprint firms"),
    "spread without a time": (
        lambda: replace(HAND, footprints={"firms": Footprint(fixed(100), fixed(2))}),
        "hand: a footprint that spreads",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_one_clear_error(case):
    call, message = REFUSED[case]
    with pytest.raises(ValueError, match=message):
        call()
