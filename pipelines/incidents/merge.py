"""Records of all trackers to incidents: each once, with its parties and the records behind it.

Which records are the same incident is decided in `matching` and `clusters`, what codes mean in each tracker's module.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from pipelines.incidents import clusters, matching
from pipelines.schemas.incidents import INCIDENTS, PARTIES, PRECISIONS, RECORDS
from pipelines.schemas.tables import conform
from pipelines.vocabularies import INCIDENT_TYPES, NONE, THREAT_CLASSES
from pipelines.vocabulary import Vocabulary

LIST = pl.List(pl.String)
RECORD = {
    "record_id": pl.String,
    "source_id": pl.String,
    "vintage": pl.String,
    "row_number": pl.Int64,
    "title": pl.String,
    "names": LIST,
    "start_date": pl.Date,
    "end_date": pl.Date,
    "date_precision": pl.String,
    "threat_class": pl.String,
    "actor": pl.String,
    "incident_type": pl.String,
    "sectors": LIST,
    "intensity": pl.Int64,
    "initiators": LIST,
    "targets": LIST,
    "urls": LIST,
}
"""What a tracker's module makes of its staging tables, one row a record."""


class Incidents(NamedTuple):
    """core.incidents, core.incident_parties, core.incident_records."""

    incidents: pl.DataFrame
    parties: pl.DataFrame
    records: pl.DataFrame


def tracker_records(tables: Mapping[str, pl.DataFrame], words: Vocabulary) -> pl.DataFrame:
    """The records of every tracker with a vintage, columns of `RECORD`, those that are no attack included."""
    frames = [pl.DataFrame(schema=RECORD)]
    for tracker in matching.TRACKERS:
        if not tables[f"{tracker}_incidents"].is_empty():
            module = importlib.import_module(f"pipelines.incidents.{tracker}")
            frames.append(module.records(tables, words).select(pl.col(n).cast(kind) for n, kind in RECORD.items()))
    return pl.concat(frames)


def attacks(records: pl.DataFrame) -> pl.DataFrame:
    """The records that are attacks from outside: errors, losses and insiders have neither class nor type."""
    return records.filter((pl.col("threat_class") != NONE) & (pl.col("incident_type") != NONE))


def merge(records: pl.DataFrame, decided: pl.DataFrame | None = None) -> Incidents:
    """The incidents behind the records of attacks; `decided` are pairs that a person compared (core.record_links).

    An incident has the class state if a tracker says so, else criminal, else other, and the actor that the first of the
    trackers with this class names; the gravest type; the highest intensity; the most precise of its dates, the first
    tracker's where they are equally precise.
    """
    if records.is_empty():
        return Incidents(*(_empty(schema) for schema in (INCIDENTS, PARTIES, RECORDS)))
    joined = records.with_columns(
        clusters.incidents_of(records, decided)["incident_id"],
        tracker=_place("source_id", matching.TRACKERS),
        precision=_place("date_precision", PRECISIONS),
    )
    days = joined.select(
        *("incident_id", "precision", "tracker", "row_number", "start_date", "end_date", "date_precision")
    )
    dated = days.sort("incident_id", "precision", "tracker", "row_number").group_by("incident_id").first()
    held = joined.select(
        *("incident_id", "tracker", "row_number", "source_id", "title"),
        *("threat_class", "actor", "incident_type", "sectors", "intensity"),
    )
    told = held.sort("incident_id", "tracker", "row_number").group_by("incident_id", maintain_order=True)
    incidents = told.agg(
        title=pl.col("title").drop_nulls().first(),
        threat_class=_first_of("threat_class", THREAT_CLASSES),
        actor=pl.col("actor").sort_by(_place("threat_class", THREAT_CLASSES), maintain_order=True).first(),
        incident_type=_first_of("incident_type", INCIDENT_TYPES),
        sectors=pl.col("sectors").explode().drop_nulls().unique().sort(),
        intensity=pl.col("intensity").max(),
        sources=pl.col("source_id").unique().sort(),
    ).join(dated.select("incident_id", "start_date", "end_date", "date_precision"), on="incident_id")
    roles = [
        joined.select("incident_id", "source_id", role=pl.lit(role), iso3=column).explode("iso3").drop_nulls("iso3")
        for role, column in (("initiator", "initiators"), ("target", "targets"))
    ]
    parties = pl.concat(roles).group_by("incident_id", "role", "iso3").agg(sources=pl.col("source_id").unique().sort())
    behind = joined.select(*RECORDS.columns)
    return Incidents(
        conform(incidents.sort("incident_id"), INCIDENTS),
        conform(parties.sort("incident_id", "role", "iso3"), PARTIES),
        conform(behind.sort("incident_id", "record_id"), RECORDS),
    )


def _place(column: str, order: tuple[str, ...]) -> pl.Expr:
    return pl.col(column).replace_strict({word: n for n, word in enumerate(order)}, return_dtype=pl.Int8)


def _first_of(column: str, order: tuple[str, ...]) -> pl.Expr:
    return _place(column, order).min().replace_strict(dict(enumerate(order)), return_dtype=pl.String).alias(column)


def _empty(schema: object) -> pl.DataFrame:
    return pl.DataFrame(schema={name: built.dtype.type for name, built in schema.columns.items()})  # type: ignore[attr-defined]
