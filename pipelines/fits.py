"""The fits that ship with the project in data/reference/fits.csv: from tables to rows with their vintage and day.

What is fitted is in models; `aggregate` writes the file.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from models.escalation import fit_table
from pipelines import propagation_fit
from pipelines.definition_counts import vintage
from pipelines.dyadic_incidents import dyadic_incidents
from pipelines.incidents.merge import Incidents
from pipelines.indicators import Tables
from pipelines.vocabulary import Vocabulary

KEY = ("fit", "coefficient")
SOURCE = "eurepoc"
"""The first of the trackers that the incidents come from; `vintage` names all."""


def escalation(found: Incidents) -> pl.DataFrame:
    """The fit of campaigns and retaliation on incidents: fit, coefficient, unit, estimate, se, n, status, vintage."""
    events = dyadic_incidents(found.incidents, found.parties)
    behind = found.records.join(events, on="incident_id", how="semi")
    return fit_table(events).select(*KEY, "unit", "estimate", "se", "n", "status", vintage=pl.lit(vintage(behind)))


def propagation(tables: Tables, words: Vocabulary) -> pl.DataFrame:
    """How far a stoppage spreads on the input-output table, in the columns of `escalation`."""
    found = propagation_fit.sectors(tables, words)
    return propagation_fit.fit_rows(found).with_columns(vintage=pl.lit(found.vintage))


def dated(rows: pl.DataFrame, shipped: Path, today: date, source: str = SOURCE) -> pl.DataFrame:
    """Rows with the day on which they were computed: that of the shipped file where it has the same, else today."""
    rows = rows.sort(KEY)
    if shipped.is_file():
        before = pl.read_csv(shipped, infer_schema=False).filter(pl.col("source") == source).sort(KEY)
        if before.select(rows.columns).equals(rows.with_columns(pl.all().cast(pl.String))):
            return rows.with_columns(computed_on=before["computed_on"])
    return rows.with_columns(computed_on=pl.lit(today.isoformat()))
