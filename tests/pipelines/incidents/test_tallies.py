"""Incidents by quarter and by who did what: on made-up records counted by hand, and from the mirror as they ship."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines import aggregate, reference, vocabulary
from pipelines.incidents import merge, tallies
from pipelines.incidents.matching import TRACKERS

LATER = {"cfr": date(2021, 1, 1), "vcdb": date(2021, 1, 1)}


def records(*rows: tuple, source: str = "vcdb") -> pl.DataFrame:
    """Class, start and precision of made-up records."""
    schema = {"threat_class": pl.String, "start_date": pl.Date, "date_precision": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(source_id=pl.lit(source), vintage=pl.lit("1"))


def test_an_incident_counts_in_the_quarter_of_its_day_or_month_and_one_known_by_year_in_none():
    found = tallies.quarters(
        records(
            ("state", date(2019, 3, 31), "day"),
            ("state", date(2019, 2, 1), "month"),
            ("state", date(2019, 1, 1), "year"),
            ("state", None, "unknown"),
            ("state", date(2019, 4, 1), "day"),
        ),
        LATER,
    )
    assert found.select("quarter", "incidents", "in_year", "dated_share").rows() == [
        (date(2019, 1, 1), 2, 4, 0.75),
        (date(2019, 4, 1), 1, 4, 0.75),
    ]


def test_a_quarter_between_without_an_incident_counts_zero_in_every_class():
    found = tallies.quarters(records(("state", date(2018, 11, 5), "day"), ("other", date(2019, 5, 5), "day")), LATER)
    assert found.filter(threat_class="state").select("incidents", "in_year", "dated_share").rows() == [
        (1, 1, 1.0),
        (0, 0, None),
        (0, 0, None),
    ]
    assert found.filter(threat_class="other")["incidents"].to_list() == [0, 0, 1]


def test_a_quarter_that_had_not_ended_on_the_day_of_the_vintage_is_left_out():
    """24 December 2022 is a week before the end of the quarter; 1 January 2023 is the day after."""
    rows = records(("state", date(2022, 9, 30), "day"), ("state", date(2022, 10, 1), "day"), source="cfr")
    for day, quarters in ((date(2022, 12, 24), 1), (date(2022, 12, 31), 1), (date(2023, 1, 1), 2)):
        assert tallies.quarters(rows, {"cfr": day}).height == quarters


def test_no_records_are_no_rows():
    empty = records().with_columns(actor=pl.lit("state"), incident_type=pl.lit("unknown"))
    assert tallies.quarters(empty, {}).is_empty()
    assert tallies.types(empty, empty.select("actor", "incident_type")).is_empty()


def test_types_are_those_of_each_tracker_and_of_all_only_where_none_is_missing():
    row = {"vintage": "1", "actor": "state", "incident_type": "disruption"}
    every = pl.DataFrame([row | {"source_id": tracker} for tracker in TRACKERS])
    merged = pl.DataFrame({"actor": ["state"] * 3, "incident_type": ["disruption"] * 3})
    found = tallies.types(every, merged)
    assert dict(found.select("tracker", "incidents").rows()) == {"all": 3, **dict.fromkeys(TRACKERS, 1)}
    assert found.filter(tracker="all")["vintage"].item() == "cfr:1 dcid:1 eurepoc:1 vcdb:1"
    assert "all" not in tallies.types(every.head(3), merged)["tracker"].to_list()


def test_what_ships_counts_each_class_of_a_tracker_as_often_as_its_years_do():
    """Quarters of a class and year hold no more than the year, and exactly the dated share of it where all ended."""
    shipped = reference.load("incidents_per_quarter")
    by_year = (
        shipped.group_by("tracker", "threat_class", year=pl.col("quarter").dt.year())
        .agg(pl.col("incidents").sum(), pl.col("in_year").first(), pl.col("dated_share").first(), quarters=pl.len())
        .filter(pl.col("in_year") > 0)
    )
    assert (by_year["incidents"] <= by_year["in_year"]).all()
    whole = by_year.filter(pl.col("quarters") == 4)
    assert whole["incidents"].to_list() == pytest.approx((whole["in_year"] * whole["dated_share"]).to_list(), abs=1e-3)
    assert set(shipped["tracker"]) == set(TRACKERS)


@pytest.mark.mirror
def test_the_mirror_gives_the_counts_that_ship_and_a_plain_loop_counts_the_same():
    words = vocabulary.load()
    tables = aggregate.staging_tables(Path(os.environ["CYBERACCORD_MIRROR"]), words)
    found = aggregate.incidents(tables, words)
    for name, rows in aggregate.tally_rows(tables, words, found).items():
        shipped = reference.load(name)
        assert rows.with_columns(verified=pl.lit(True)).select(shipped.columns).equals(shipped), name
    counted: dict[tuple, int] = {}
    for row in merge.attacks(merge.tracker_records(tables, words)).iter_rows(named=True):
        if row["date_precision"] in ("day", "month"):
            day = row["start_date"]
            key = (row["source_id"], row["threat_class"], date(day.year, 1 + 3 * ((day.month - 1) // 3), 1))
            counted[key] = counted.get(key, 0) + 1
    shipped = reference.load("incidents_per_quarter")
    for *key, incidents in shipped.select("tracker", "threat_class", "quarter", "incidents").rows():
        assert counted.get(tuple(key), 0) == incidents, key
    whole = reference.load("incident_types").filter(tracker="all")
    assert whole["incidents"].sum() == found.incidents.height
