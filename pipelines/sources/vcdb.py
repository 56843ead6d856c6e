"""VERIS Community Database: one zipped JSON list of disclosed security incidents, errors and insiders included.

Reads bytes only, in VERIS's own words (two-letter countries).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import polars as pl

from pipelines.errors import SourceFormatError
from pipelines.sources import json_table
from pipelines.sources.archives import Archive

SOURCE, FILE = "vcdb", "vcdb.json.zip"
LIST = pl.List(pl.String)
INCIDENT = {
    "row_number": pl.Int64,
    "incident_id": pl.String,
    "victim": pl.String,
    "year": pl.Int64,
    "month": pl.Int64,
    "day": pl.Int64,
    "actors": LIST,
    "actions": LIST,
    "actor_varieties": LIST,
    "actor_motives": LIST,
    "actor_countries": LIST,
    "victim_countries": LIST,
    "industry": pl.String,
    "industry_group": pl.String,
    "hacking_varieties": LIST,
    "malware_varieties": LIST,
    "integrity_varieties": LIST,
    "availability_varieties": LIST,
    "data_disclosure": pl.String,
    "schema_version": pl.String,
    "urls": LIST,
}
AMOUNT = {
    "row_number": pl.Int64,
    "incident_id": pl.String,
    "year": pl.Int64,
    "amount": pl.Float64,
    "currency": pl.String,
    "rating": pl.String,
    "loss_varieties": LIST,
}


def parse_incidents(payload: bytes) -> pl.DataFrame:
    """Every incident as served.

    Returns
    -------
    row_number (position in the list, from 1), incident_id, victim, year, month, day, actors and actions (kinds),
    varieties, motives and countries of external actors, victim_countries, industry (NAICS) and its first two digits,
    varieties of hacking, malware, loss of integrity and of availability, data_disclosure, schema_version, urls

    Raises
    ------
    SourceFormatError
        Not a zip archive with one JSON list of records.
    """
    return _table(payload, INCIDENT, _incident)


def parse_amounts(payload: bytes) -> pl.DataFrame:
    """Incidents with an amount: row_number, incident_id, year, amount, currency, rating, loss_varieties."""
    table = _table(payload, AMOUNT, _amount)
    _records.cache_clear()  # the second table of an archive is the last
    return table


def _table(payload: bytes, kinds: Mapping[str, Any], row_of: Any) -> pl.DataFrame:
    rows = []
    with json_table.no_garbage():
        for number, record in enumerate(_records(payload), start=1):
            try:
                row = row_of(number, record)
            except (KeyError, TypeError, AttributeError) as error:
                expected = "a record with incident_id, timeline, actor, action and victim"
                raise SourceFormatError(SOURCE, FILE, number, expected, repr(error)) from error
            if row is not None:
                rows.append(row)
        return json_table.from_rows(rows, kinds)


@lru_cache(maxsize=1)
def _records(payload: bytes) -> list[Any]:
    """The records of an archive; two tables are made of the same one, one after the other."""
    return json_table.load_list(Archive(payload, SOURCE, FILE).read(suffix=".json")[1], SOURCE, FILE)


def _incident(number: int, record: dict[str, Any]) -> tuple[object, ...]:
    when, action, victim = record["timeline"]["incident"], record["action"], record["victim"]
    external = record["actor"].get("external", {})
    attribute = record.get("attribute", {})
    industry = victim.get("industry")
    return (
        number,
        record["incident_id"],
        victim.get("victim_id"),
        when.get("year"),
        when.get("month"),
        when.get("day"),
        sorted(record["actor"]),
        sorted(action),
        external.get("variety", []),
        external.get("motive", []),
        external.get("country", []),
        victim.get("country", []),
        industry,
        None if industry is None else str(industry)[:2],
        action.get("hacking", {}).get("variety", []),
        action.get("malware", {}).get("variety", []),
        attribute.get("integrity", {}).get("variety", []),
        attribute.get("availability", {}).get("variety", []),
        attribute.get("confidentiality", {}).get("data_disclosure"),
        str(record.get("schema_version")).replace("_", "."),
        [part for part in (record.get("reference") or "").replace(";", " ").split() if "://" in part],
    )


def _amount(number: int, record: dict[str, Any]) -> tuple[object, ...] | None:
    impact = record.get("impact") or {}
    if impact.get("overall_amount") is None:
        return None
    return (
        number,
        record["incident_id"],
        record["timeline"]["incident"].get("year"),
        impact["overall_amount"],
        impact.get("iso_currency_code"),
        impact.get("overall_rating"),
        [loss["variety"] for loss in impact.get("loss") or [] if loss.get("variety")],
    )
