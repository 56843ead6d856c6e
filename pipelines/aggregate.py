"""`python -m pipelines.aggregate`: the reference tables that are computed from the mirror of public sources.

Reads the folder that CYBERACCORD_MIRROR names and rewrites those rows of data/reference whose source it computes, as a
run computes them from vintages. Rows of other sources in the same tables (Taiwan, years before a source begins)
are kept. Same mirror, same bytes.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl

from pipelines import (
    cards,
    definition_counts,
    definition_files,
    fits,
    indicators,
    ingest,
    loss_fits,
    loss_shapes,
    losses,
    priors,
    propagation_fit,
    reference,
    staged,
    vintages,
    vocabulary,
)
from pipelines.cards import Card
from pipelines.errors import InputError
from pipelines.incidents import clusters, counts, matching, merge, tallies
from pipelines.ingest import Staged
from pipelines.vocabulary import Vocabulary

REFERENCE = Path(__file__).parent.parent / "data" / "reference"
LAST_YEAR = 2023  # the GDP release ends there
DYAD = ("tracker", "threat_class", "origin_iso3", "target_iso3")
AMOUNTS = {"ransomwhere": "2022-04", "defillama_hacks": "2026-05-28"}
"""Vintages whose amounts were fitted; none of them ship."""
CSIS_REGION = {
    "North America": "NA",
    "Europe & Central Asia": "ECA",
    "East Asia & Pacific": "EAP",
    "South Asia": "SAS",
    "Latin America & Caribbean": "LAC",
    "Sub-Saharan Africa": "SSA",
    "Middle East & North Africa": "MENA",
}
COMPUTED = (
    ("worldbank_gdp", "economies"),
    *((indicator.source_id, indicator.table) for indicator in indicators.INDICATORS),
    ("eurepoc", "incident_counts"),
    ("vcdb", "incident_counts"),
    *((tracker, name) for name in ("incidents_per_quarter", "incident_types") for tracker in matching.TRACKERS),
    ("eurepoc", "definition_counts"),
    (fits.SOURCE, "fits"),
    (propagation_fit.SOURCE, "fits"),
    *((source_id, name) for name in ("fits", *loss_shapes.KEYS) for source_id in loss_fits.SOURCES),
)
"""Source and table of the rows that are computed."""


def resting_on(source_id: str) -> tuple[Card, str, date]:
    """A source with the vintage that its reference figures rest on, and the day that this speaks of."""
    card = cards.load(source_id)
    label = card.reference_vintage or AMOUNTS.get(source_id, card.vintage)
    return card, label, vintages.day_of(card, label, vintages.now().date())


def stage(folder: Path, source_id: str, words: Vocabulary) -> Staged:
    """The staging tables of the vintage that the reference figures of a source rest on."""
    card, label, day = resting_on(source_id)
    place = folder / source_id / label
    if not place.is_dir():
        named = f"{source_id}/{label}"
        raise InputError("CYBERACCORD_MIRROR", None, None, "file_exists", named, "a mirror that holds this folder")
    content = {path.name: path.read_bytes() for path in place.iterdir() if path.is_file()}
    return ingest.stage(card, content, label, day, words)


def economies(tables: indicators.Tables) -> pl.DataFrame:
    """iso3, name, region, income_group, csis_region of every economy of the GDP release: a code with a region."""
    return (
        tables["worldbank_gdp_countries"]
        .filter(pl.col("region").is_not_null())
        .select(
            iso3="country_code",
            name="name",
            region="region",
            income_group=pl.col("income_group").fill_null("Not classified"),
            csis_region=pl.col("region").replace_strict(CSIS_REGION),
        )
    )


def incident_counts(tables: indicators.Tables, words: Vocabulary) -> pl.DataFrame:
    """tracker, threat_class, origin_iso3, target_iso3, incidents, vintage, source; prints a summary by class."""
    records = merge.attacks(merge.tracker_records(tables, words))
    incident_of = clusters.incidents_of(records, words.links)
    both = pl.concat([counts.of_trackers(records), counts.of_union(records, incident_of)])
    for (tracker,), part in both.group_by("tracker", maintain_order=True):
        for row in counts.summary(part).iter_rows(named=True):
            print(
                f"{tracker}, {row['threat_class']}: {row['incidents']:.0f} incident-targets, {row['attributed']:.0f}"
                f" known ({row['share_unattributed']:.1%} not); first origin {row['leading_origin']},"
                f" {row['leading_share']:.1%}"
            )
    return both.with_columns(source=counts.source())


def staging_tables(mirror: Path, words: Vocabulary) -> indicators.Tables:
    """The staging tables of every source that a computed table rests on."""
    sources = {source_id for source_id, _ in COMPUTED}
    return {name: table.kept for source_id in sources for name, table in stage(mirror, source_id, words).tables.items()}


def incidents(tables: indicators.Tables, words: Vocabulary) -> merge.Incidents:
    """The trackers' records as incidents, each once."""
    return merge.merge(merge.attacks(merge.tracker_records(tables, words)), words.links)


def tally_rows(tables: indicators.Tables, words: Vocabulary, found: merge.Incidents) -> dict[str, pl.DataFrame]:
    """incidents_per_quarter and incident_types, with the source that each count names."""
    records = merge.attacks(merge.tracker_records(tables, words))
    both = {
        "incidents_per_quarter": tallies.quarters(records, {t: resting_on(t)[2] for t in matching.TRACKERS}),
        "incident_types": tallies.types(records, found.incidents),
    }
    return {name: rows.with_columns(source=tallies.source()) for name, rows in both.items()}


def definition_rows(tables: indicators.Tables, found: merge.Incidents, folder: Path) -> pl.DataFrame:
    """definition, threat_class, counted, rule, n, effective, covered, total, unit, vintage of every definition."""
    # payments and thefts of sources without incidents tell nothing of a class; polars 2 cannot format a text from a
    # filtered frame of many chunks
    amounts = {name: frame.rechunk() for name, frame in tables.items()}
    for source_id in ("ransomwhere", "defillama_hacks"):
        amounts |= staged.empty(cards.load(source_id))
    rates, us_cpi = (reference.read_table(name, folder) for name in ("exchange_rates", "us_cpi"))
    lost = losses.losses(amounts, found.records, rates, us_cpi)
    counted = definition_counts.count(found.incidents, lost.kept, definition_files.load_all())
    return counted.with_columns(vintage=pl.lit(definition_counts.vintage(found.records)))


def loss_fit_rows(
    tables: indicators.Tables, found: merge.Incidents, folder: Path, today: date
) -> dict[str, pl.DataFrame]:
    """By table the fits of severity and frequency on every amount on record, in `fits` with the day of the numbers."""
    rates, us_cpi, ic3, large = (
        reference.read_table(name, folder) for name in ("exchange_rates", "us_cpi", "ic3_totals", "tail_events")
    )
    amounts = {name: frame.rechunk() for name, frame in tables.items()}
    kept = losses.losses(amounts, found.records, rates, us_cpi).kept
    severity = loss_fits.fit_severity(kept, large, us_cpi)
    frequency = loss_fits.fit_frequency(kept, ic3, large, priors.reporting())
    rows = loss_fits.shipped_rows(severity.coefficients, frequency, kept, found.incidents)
    parts = []
    for source in loss_fits.SOURCES:
        mine = rows.filter(pl.col("source") == source).drop("source")
        parts.append(fits.dated(mine, folder / "fits.csv", today, source).with_columns(source=pl.lit(source)))
    return {"fits": pl.concat(parts), **loss_shapes.shipped_rows(severity, kept)}


def write_rows(
    sources: Sequence[str], name: str, key: Sequence[str | pl.Expr], rows: pl.DataFrame, folder: Path
) -> int:
    """Replace the rows of some sources in one table and keep all others; returns the number of rows then in it."""
    rows = rows.with_columns(verified=pl.lit("true")).with_columns(pl.all().cast(pl.String))
    path = folder / f"{name}.csv"
    if path.exists():
        kept = pl.read_csv(path, infer_schema=False).filter(~pl.col("source").is_in(list(sources)))
        rows = pl.concat([rows.select(kept.columns), kept])
    rows.sort(key).write_csv(path, line_terminator="\n")
    return rows.height


def aggregate(mirror: Path, folder: Path, today: date) -> None:
    """Write every computed table into a folder and print its size; a fit that moved is dated `today`."""
    words = vocabulary.load()
    tables = staging_tables(mirror, words)
    rows = economies(tables).with_columns(source=pl.lit("worldbank_gdp"))
    print(f"economies.csv: {write_rows(['worldbank_gdp'], 'economies', ['iso3'], rows, folder)} rows")
    for each in indicators.INDICATORS:
        rows = each.compute(tables, words).filter(pl.col("year") <= LAST_YEAR if each.table == "gdp" else True)
        rows = rows.with_columns(source=pl.lit(each.source_id))
        print(f"{each.table}.csv: {write_rows([each.source_id], each.table, each.key, rows, folder)} rows")
    rows = incident_counts(tables, words)
    written = write_rows([*counts.COUNTED], "incident_counts", DYAD, rows, folder)
    print(f"incident_counts.csv: {written} rows")
    found = incidents(tables, words)
    for name, rows in tally_rows(tables, words, found).items():
        key = tallies.QUARTER_KEY if name == "incidents_per_quarter" else tallies.TYPE_KEY
        print(f"{name}.csv: {write_rows(matching.TRACKERS, name, key, rows, folder)} rows")
    rows = definition_rows(tables, found, folder).with_columns(source=pl.lit("eurepoc"))
    written = write_rows(["eurepoc"], "definition_counts", definition_counts.KEY, rows, folder)
    print(f"definition_counts.csv: {written} rows")
    rows = fits.dated(fits.escalation(found), folder / "fits.csv", today).with_columns(source=pl.lit(fits.SOURCE))
    print(f"fits.csv: {write_rows([fits.SOURCE], 'fits', fits.KEY, rows, folder)} rows")
    source = propagation_fit.SOURCE
    rows = fits.dated(fits.propagation(tables, words), folder / "fits.csv", today, source)
    print(f"fits.csv: {write_rows([source], 'fits', fits.KEY, rows.with_columns(source=pl.lit(source)), folder)} rows")
    for name, rows in loss_fit_rows(tables, found, folder, today).items():
        order = fits.KEY if name == "fits" else loss_shapes.order(name)
        print(f"{name}.csv: {write_rows(loss_fits.SOURCES, name, order, rows, folder)} rows")


def main() -> int:
    """Write every table; 2 if the mirror is not named or lacks a file."""
    folder = os.environ.get("CYBERACCORD_MIRROR")
    try:
        if not folder or not Path(folder).is_dir():
            raise InputError("CYBERACCORD_MIRROR", None, None, "folder_exists", folder, "the path of the mirror folder")
        aggregate(Path(folder), REFERENCE, vintages.now().date())
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
