"""Counts by definition: hand-made records, the small-number guard, and the shipped counts against the mirror."""

import os
import shutil
from pathlib import Path

import polars as pl
import pytest

from models.definition import Definition, Tally, Treatment, Trigger
from pipelines import aggregate, definition_counts, definition_files, reference
from pipelines.errors import InputError
from pipelines.schemas.mechanisms import MECHANISM
from pipelines.schemas.tables import conform

OUT = Treatment("excluded")
THEFT = Trigger("theft", types=frozenset({"financial_theft"}))
NARROW = Definition(
    "narrow", "Narrow", {"state": OUT, "criminal": Treatment("written_for", (THEFT,), 9, 1), "other": OUT}
)
NOTHING = pl.DataFrame(schema={"incident_id": pl.String, "loss_usd_2020": pl.Float64})


def incidents(*rows):
    """Incidents c1, c2 and so on: class, type, level."""
    told = [(f"c{number}", *row[:2], [], row[2]) for number, row in enumerate(rows, start=1)]
    schema = {
        "incident_id": pl.String,
        "threat_class": pl.String,
        "incident_type": pl.String,
        "sectors": pl.List(pl.String),
        "intensity": pl.Int64,
    }
    return pl.DataFrame(told, schema=schema, orient="row")


def losses(*rows):
    return pl.DataFrame(list(rows), schema=NOTHING.schema, orient="row")


def tally(counts, counted, threat_class="criminal"):
    return definition_counts.tally_of(counts, "narrow", threat_class, counted)


FOUR = incidents(
    ("criminal", "financial_theft", 3),
    ("criminal", "financial_theft", None),
    ("criminal", "ransomware", 1),
    ("state", "financial_theft", 2),
)


def test_incidents_count_once_and_intensity_by_its_level():
    counts = definition_counts.count(FOUR, NOTHING, [NARROW])
    assert tally(counts, "incidents") == Tally(3, 3.0, 2.0, 3.0)
    # levels 3 and 1; by hand (3 + 1)^2 / (9 + 1)
    assert tally(counts, "intensity") == Tally(2, 1.6, 3.0, 4.0)
    assert tally(counts, "loss") == Tally()
    assert tally(counts, "incidents", "state") == Tally(1, 1.0, 0.0, 1.0)
    assert tally(counts, "incidents", "other") == Tally()


def test_a_loss_counts_once_an_incident_and_only_where_incident_and_price_are_known():
    told = losses(("c1", 2e9), ("c1", 3e9), ("c3", 1e9), (None, 9e9), ("c2", None), ("gone", 5e9))
    found = tally(definition_counts.count(FOUR, told, [NARROW]), "loss")
    assert found == Tally(2, 1.6, 3.0, 4.0)


def many(hits, n):
    kinds = ["financial_theft"] * hits + ["ransomware"] * (n - hits)
    return incidents(*(("criminal", kind, 2) for kind in kinds))


def of(table, counted, threat_class="criminal"):
    (found,) = table.filter(threat_class=threat_class, counted=counted).iter_rows(named=True)
    return found


def test_shares_from_under_30_incidents_are_withheld_and_their_sums_stay():
    few = definition_counts.table(definition_counts.count(many(20, 29), NOTHING, [NARROW]), [NARROW])
    found = of(few, "incidents")
    assert (found["n"], found["covered"], found["total"]) == (29, 20.0, 29.0)
    assert (found["share"], found["lower"], found["upper"]) == (None, None, None)
    enough = of(
        definition_counts.table(definition_counts.count(many(20, 30), NOTHING, [NARROW]), [NARROW]), "incidents"
    )
    assert enough["share"] == pytest.approx(2 / 3)
    assert enough["lower"] < 2 / 3 < enough["upper"]


def test_kappa_rests_on_records_from_30_amounts_of_like_size():
    told = losses(*((f"c{number}", 1e9) for number in range(1, 41)))
    counts = definition_counts.count(many(30, 40), told, [NARROW])
    # Jeffreys by hand: 30 of 40 equal amounts
    assert definition_counts.coverage_law(NARROW, "criminal", counts) == ("beta", {"a": 30.5, "b": 10.5}, "records")
    assert definition_counts.coverage_law(NARROW, "state", counts) == ("constant", {"value": 0.0}, "judgement")
    table = definition_counts.table(counts, [NARROW])
    assert of(table, "incidents")["coverage_mean"] == pytest.approx(30.5 / 41)
    assert of(table, "loss")["coverage_from"] == "records"
    one_large = losses(*((f"c{number}", 1e9 if number > 1 else 1e11) for number in range(1, 41)))
    counts = definition_counts.count(many(30, 40), one_large, [NARROW])
    assert definition_counts.coverage_law(NARROW, "criminal", counts) == ("beta", {"a": 9, "b": 1}, "judgement")


def test_what_the_text_alone_decides_has_no_sampling_error():
    found = of(
        definition_counts.table(definition_counts.count(FOUR_STATES, NOTHING, [NARROW]), [NARROW]), "incidents", "state"
    )
    assert (found["share"], found["lower"], found["upper"], found["coverage_mean"]) == (0.0, 0.0, 0.0, 0.0)


FOUR_STATES = incidents(*[("state", "financial_theft", 1)] * 40)


def test_counts_come_back_from_the_table_that_ships_as_they_went_in():
    counts = definition_counts.count(many(30, 40), losses(("c1", 1.5e9), ("c40", 2e8)), [NARROW])
    assert definition_counts.of_reference(counts, [NARROW]).equals(counts)


def test_counts_by_another_rule_are_not_taken_for_this_one():
    counts = definition_counts.count(many(30, 40), NOTHING, [NARROW])
    wider = Treatment("written_for", (Trigger("any theft", types=frozenset({"financial_theft", "data_theft"})),), 9, 1)
    changed = Definition("narrow", "Narrow", {**NARROW.classes, "criminal": wider})
    new = Definition("new", "New", NARROW.classes)
    found = definition_counts.of_reference(counts, [changed, new])
    assert tally(found, "incidents") == Tally()
    assert definition_counts.tally_of(found, "new", "criminal", "incidents") == Tally()
    table = definition_counts.table(found, [changed, new])
    assert table["share"].null_count() == table.height == 18
    assert of(table.filter(definition="new"), "loss")["coverage_mean"] == 0.9


def test_a_class_is_counted_once_or_the_error_names_it():
    counts = definition_counts.count(FOUR, NOTHING, [NARROW])
    with pytest.raises(ValueError, match="0 counts of loss for broad, state"):
        definition_counts.tally_of(counts, "broad", "state", "loss")


@pytest.fixture(scope="module")
def shipped():
    return reference.load("definition_counts")


def test_shipped_counts_are_of_the_rules_that_ship(shipped):
    definitions = definition_files.load_all()
    counts = definition_counts.of_reference(shipped, definitions)
    assert (counts.height, counts.filter(pl.col("n") == 0).height, shipped.height) == (36, 0, 36)
    table = conform(
        definition_counts.table(counts, definitions).with_columns(basis=pl.lit("shipped")),
        MECHANISM["definition_coverage"],
    )
    # of all records: no class has 30 amounts of like size, so kappa is the judgement everywhere
    assert set(table["coverage_from"]) == {"judgement"}
    narrower = table.filter(pl.col("definition") != "broad").join(
        table.filter(definition="broad"), on=["threat_class", "counted"], suffix="_broad"
    )
    assert (narrower["covered"] <= narrower["covered_broad"]).all()
    assert (narrower["total"] == narrower["total_broad"]).all()


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("covered", 1e9, "covered_first"),
        ("effective", 1e9, "effective_first"),
        ("rule", "abc", "form"),
        ("n", -1, "at_least"),
    ],
)
def test_shipped_counts_that_cannot_be_are_refused(column, value, rule, tmp_path):
    folder = tmp_path / "data" / "reference"
    shutil.copytree(reference.FOLDER, folder)
    shutil.copytree(reference.FOLDER.parent / "sources", folder.parent / "sources")
    path = folder / "definition_counts.csv"
    lines = pl.read_csv(path, infer_schema=False)
    broken = pl.when(pl.int_range(pl.len()) == 2).then(pl.lit(str(value))).otherwise(column).alias(column)
    lines.with_columns(broken).write_csv(path)
    with pytest.raises(InputError, match=rf"data/reference/definition_counts\.csv, row 4, .*{rule}"):
        reference.load("definition_counts", folder)


@pytest.mark.mirror
def test_shipped_counts_are_those_of_the_mirror(shipped, tmp_path):
    """Every incident of the trackers is counted: 4,847, of which 84 have an amount."""
    mirror = Path(os.environ["CYBERACCORD_MIRROR"])
    words = aggregate.vocabulary.load()
    staged = [aggregate.stage(mirror, source_id, words) for source_id in ("eurepoc", "cfr", "dcid", "vcdb")]
    tables = {name: table.kept for result in staged for name, table in result.tables.items()}
    counted = aggregate.definition_rows(tables, aggregate.incidents(tables, words), reference.FOLDER)
    key = list(definition_counts.KEY)
    assert counted.sort(key).equals(shipped.select(counted.columns).sort(key))
    broad = counted.filter(definition="broad")
    assert broad.filter(counted="incidents")["covered"].sum() == 4847
    assert broad.filter(counted="loss")["n"].sum() == 84
