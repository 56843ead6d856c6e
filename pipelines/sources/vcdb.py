"""VERIS Community Database: one zipped JSON list of publicly disclosed security incidents.

Reads bytes only: the fields that the counts of who attacks whom need, in the source's labels (two-letter countries).
"""

from __future__ import annotations

import io
import json
import zipfile

import polars as pl

from pipelines.errors import SourceFormatError

SOURCE = "vcdb"
FILE = "vcdb.json.zip"
SCHEMA = {
    "incident_id": pl.String,
    "row_number": pl.Int64,
    "actions": pl.List(pl.String),
    "malware_varieties": pl.List(pl.String),
    "actor_countries": pl.List(pl.String),
    "actor_motives": pl.List(pl.String),
    "actor_varieties": pl.List(pl.String),
    "victim_countries": pl.List(pl.String),
}


def parse(payload: bytes) -> pl.DataFrame:
    """Incidents with an external actor as served, repeated ids once (their first record).

    Returns
    -------
    incident_id, row_number (position in the list, from 1), actions, malware_varieties, actor_countries, actor_motives,
    actor_varieties, victim_countries (lists of the source's own words)

    Raises
    ------
    SourceFormatError
        Not a zip archive with one JSON list of records.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(payload))
        records = json.loads(archive.read(archive.namelist()[0]))
    except (zipfile.BadZipFile, IndexError, ValueError) as error:
        raise SourceFormatError(SOURCE, FILE, None, "a zip archive with a JSON list", str(error)) from error
    if not isinstance(records, list):
        raise SourceFormatError(SOURCE, FILE, None, "a JSON list", type(records).__name__)
    rows = [_row(record, number) for number, record in enumerate(records, start=1) if _external(record, number)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").unique("incident_id", keep="first", maintain_order=True)


def _external(record: object, number: int) -> bool:
    if not isinstance(record, dict) or "incident_id" not in record:
        raise SourceFormatError(SOURCE, FILE, number, "a record with an incident_id", str(record))
    return "external" in record.get("actor", {})


def _row(record: dict, number: int) -> tuple:
    actor, action = record["actor"]["external"], record.get("action", {})
    return (
        record["incident_id"],
        number,
        sorted(action),
        action.get("malware", {}).get("variety", []),
        actor.get("country", []),
        actor.get("motive", []),
        actor.get("variety", []),
        record.get("victim", {}).get("country", []),
    )
