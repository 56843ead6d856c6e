"""From incidents to events between two states, and to the fit that ships: a made-up list, and the mirror."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from models.escalation import fit_table, retaliation
from pipelines import aggregate, fits, reference, vocabulary
from pipelines.dyadic_incidents import dyadic_incidents
from pipelines.errors import InputError
from pipelines.incidents import merge
from pipelines.schemas.mechanisms import MECHANISM
from pipelines.schemas.tables import conform

INCIDENTS = pl.DataFrame(
    [
        ("a", "state", date(2020, 3, 1), "day"),
        ("b", "state", date(2020, 3, 4), "day"),
        ("month", "state", date(2020, 3, 1), "month"),
        ("undated", "state", None, "unknown"),
        ("crime", "criminal", date(2020, 3, 1), "day"),
        ("mutual", "state", date(1970, 1, 2), "day"),
        ("nobody", "state", date(2020, 3, 1), "day"),
    ],
    schema={"incident_id": pl.String, "threat_class": pl.String, "start_date": pl.Date, "date_precision": pl.String},
    orient="row",
)
PARTIES = pl.DataFrame(
    [
        *[(name, "initiator", "RUS") for name in ("a", "month", "undated", "crime")],
        *[(name, "target", "USA") for name in ("a", "month", "undated", "crime", "nobody")],
        ("a", "target", "DEU"),
        ("a", "target", "RUS"),
        ("b", "initiator", "USA"),
        ("b", "initiator", "GBR"),
        ("b", "target", "RUS"),
        *[("mutual", role, code) for role in ("initiator", "target") for code in ("IND", "PAK")],
    ],
    schema=["incident_id", "role", "iso3"],
    orient="row",
)


def test_each_attacker_and_target_of_a_dated_state_incident_is_an_event_of_their_dyad():
    """1 March 2020 is 18,322 days after 1970-01-01. An attack on oneself, a month, a crime are no events."""
    events = dyadic_incidents(INCIDENTS, PARTIES)
    assert events.rows() == [
        ("a", "RUS", "DEU", "DEU-RUS", 1, 18_322.0),
        ("b", "GBR", "RUS", "GBR-RUS", 0, 18_325.0),
        ("mutual", "IND", "PAK", "IND-PAK", 0, 1.0),
        ("mutual", "PAK", "IND", "IND-PAK", 1, 1.0),
        ("a", "RUS", "USA", "RUS-USA", 0, 18_322.0),
        ("b", "USA", "RUS", "RUS-USA", 1, 18_325.0),
    ]
    assert events.columns == ["incident_id", "initiator", "target", "dyad", "side", "day"]


def test_the_order_of_rows_does_not_matter_and_no_incident_gives_no_event():
    shuffled = dyadic_incidents(INCIDENTS.reverse(), PARTIES.sample(fraction=1, shuffle=True, seed=3))
    assert shuffled.equals(dyadic_incidents(INCIDENTS, PARTIES))
    empty = dyadic_incidents(INCIDENTS.head(0), PARTIES.head(0))
    assert (empty.height, empty.columns) == (0, shuffled.columns)


def test_a_fit_of_too_few_events_is_a_table_of_the_published_form_that_says_why():
    table = fit_table(dyadic_incidents(INCIDENTS, PARTIES)).with_columns(basis=pl.lit("records"))
    published = conform(table, MECHANISM["escalation_fit"])
    told = published.filter(fit="hawkes", coefficient="branching_cross").row(0, named=True)
    assert told["estimate"] is None
    assert told["status"] == "not estimable: 6 events, at least 30 are needed"


# --- the fit that ships ---


def test_the_shipped_fit_has_every_row_of_the_table_and_finds_little_retaliation():
    """Little or no reciprocity is what the literature finds (Kostyuk and Zhukov 2019; Valeriano and Maness 2014)."""
    shipped = reference.load("fits")
    expected = fit_table(dyadic_incidents(INCIDENTS, PARTIES)).select("fit", "coefficient", "unit").sort(fits.KEY)
    assert shipped.filter(pl.col("source") == fits.SOURCE).select("fit", "coefficient", "unit").equals(expected)
    found = retaliation(shipped)
    assert found.status == "estimated"
    assert found.estimate is not None and found.se is not None
    assert 0 <= found.estimate < 0.05
    assert 0 < found.se < 0.05


def test_a_fit_that_did_not_move_keeps_its_day_and_one_that_moved_gets_a_new_one(tmp_path: Path):
    path = tmp_path / "fits.csv"
    keys = ["hawkes", "test"]
    rows = pl.DataFrame({"fit": keys, "coefficient": ["decay", "p_value"], "estimate": [0.5, None], "n": [40, 40]})
    assert set(fits.dated(rows, path, date(2026, 1, 1))["computed_on"]) == {"2026-01-01"}
    path.write_text(
        "fit,coefficient,estimate,n,computed_on,source\n"
        f"hawkes,decay,0.5,40,2025-05-05,{fits.SOURCE}\ntest,p_value,,40,2025-05-05,{fits.SOURCE}\n"
        "other,own,1.0,9,2024-01-01,elsewhere\n"
    )
    assert set(fits.dated(rows.reverse(), path, date(2026, 1, 1))["computed_on"]) == {"2025-05-05"}
    moved = rows.with_columns(n=pl.Series([41, 41]))
    assert set(fits.dated(moved, path, date(2026, 1, 1))["computed_on"]) == {"2026-01-01"}


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("estimate", "", "estimated"),
        ("status", "not estimable: no events", "estimated"),
        ("se", "-1", "at_least"),
        ("computed_on", "yesterday", "type"),
        ("source", "nobody", "known_source"),
    ],
)
def test_a_fit_whose_numbers_and_status_disagree_is_refused(tmp_path: Path, column: str, value: str, rule: str):
    folder = tmp_path / "data" / "reference"
    shutil.copytree(reference.FOLDER, folder)
    shutil.copytree(reference.FOLDER.parent / "sources", folder.parent / "sources")
    path = folder / "fits.csv"
    table = pl.read_csv(path, infer_schema=False)
    changed = pl.when(pl.int_range(pl.len()) == 0).then(pl.lit(value or None)).otherwise(pl.col(column))
    table.with_columns(changed.alias(column)).write_csv(path)
    with pytest.raises(InputError) as refused:
        reference.load("fits", folder)
    assert refused.value.rule == rule
    assert "fits.csv" in str(refused.value)


@pytest.mark.mirror
def test_events_of_the_mirror_are_those_that_a_plain_loop_over_the_records_finds():
    words = vocabulary.load()
    staged = [
        aggregate.stage(Path(os.environ["CYBERACCORD_MIRROR"]), s, words) for s in ("eurepoc", "cfr", "dcid", "vcdb")
    ]
    tables = {name: table.kept for result in staged for name, table in result.tables.items()}
    found = merge.merge(merge.attacks(merge.tracker_records(tables, words)), words.links)
    sides = defaultdict(lambda: defaultdict(set))
    for incident, role, economy in found.parties.select("incident_id", "role", "iso3").iter_rows():
        sides[incident][role].add(economy)
    expected = {
        (row["incident_id"], initiator, target, (row["start_date"] - date(1970, 1, 1)).days)
        for row in found.incidents.iter_rows(named=True)
        if row["threat_class"] == "state" and row["date_precision"] == "day"
        for initiator in sides[row["incident_id"]]["initiator"]
        for target in sides[row["incident_id"]]["target"]
        if initiator != target
    }
    events = dyadic_incidents(found.incidents, found.parties)
    assert set(events.select("incident_id", "initiator", "target", "day").iter_rows()) == expected
    assert events.height == len(expected)
    shipped = reference.load("fits").filter(fit="records")
    counted = dict(shipped.select("coefficient", "estimate").iter_rows())
    assert counted["events"] == len(expected)
    assert counted["dyads"] == len({frozenset((i, t)) for _, i, t, _ in expected})
    pairs = {(i, t) for _, i, t, _ in expected}
    assert counted["mutual_dyads"] == sum((t, i) in pairs for i, t in pairs) / 2
