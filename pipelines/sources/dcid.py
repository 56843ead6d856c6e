"""Dyadic Cyber Incident and Campaign Data 2.0: a workbook with a sheet of incidents and one of both sides' conduct.

Reads bytes only. Names and headers lose the blanks at their ends; codes stay as the workbook has them.
"""

from __future__ import annotations

import logging

import polars as pl

from pipelines.errors import SourceFormatError
from pipelines.sources import workbooks

SOURCE = "dcid"
FILE = "DCID_2.0_Release_update_February_2023.xlsx"
FIRST_ROW = 2
INCIDENTS, SIDES = "DCID_2.0_Release_public", "DCID_2.0_Release_update"
"""How the names of the sheets begin: a workbook cuts them at 31 characters."""
SHARED = {
    "incident_id": "Cyberincidentnum",
    "dyad": "Dyadpair",
    "state_a": "StateA",
    "state_b": "StateB",
    "name": "Name",
    "start_date": "interactionstartdate",
    "method": "method",
    "target_type": "targettype",
    "initiator": "initiator",
    "objective": "cyber_objective",
    "information_operation": "information_operation",
    "damage_type": "damage type",
    "severity": "severity",
}
OF_INCIDENTS = {
    "end_date": "interactionenddate",
    "achieved": "objective_achievement",
    "third_party": "3rdpartyinitiator",
    "infrastructure": "Crit Inf",
    "supply_chain": "Supply Ch",
    "ransomware": "Ransomware",
}
OF_SIDES = {
    "target": "target",
    "cyber_escalation": "Cyber_escalation",
    "conventional_escalation": "Conv_escalation",
    "conventional_deescalation": "Conv_descalation",
}
LINKS = ["Sources1", "Sources2", "Sources3", "Sources4", "Sources5"]
CODES = {"dyad", "initiator", "target", "method", "target_type", "objective", "damage_type", "infrastructure"}
"""Columns of codes: written as texts, whole numbers without a point."""


def parse_incidents(payload: bytes) -> pl.DataFrame:
    """Incidents as served: row_number (of the sheet), `SHARED`, `OF_INCIDENTS`, urls (list)."""
    table = _sheet(payload, INCIDENTS, {**SHARED, **OF_INCIDENTS}, LINKS)
    links = pl.concat_list(pl.col(LINKS).cast(pl.String).str.strip_chars()).list.drop_nulls()
    return table.with_columns(urls=links).drop(LINKS)


def parse_sides(payload: bytes) -> pl.DataFrame:
    """Each side of each incident with what it did: row_number (of the sheet), `SHARED`, `OF_SIDES`."""
    return _sheet(payload, SIDES, {**SHARED, **OF_SIDES})


def _sheet(payload: bytes, begins: str, columns: dict[str, str], others: list[str] | None = None) -> pl.DataFrame:
    logging.getLogger("fastexcel").setLevel(logging.ERROR)  # an empty column is no news
    name, table = workbooks.sheet(payload, SOURCE, FILE, begins)
    table = table.rename(str.strip)
    if missing := [each for each in (*columns.values(), *(others or [])) if each not in table.columns]:
        raise SourceFormatError(SOURCE, f"{FILE}, sheet {name}", 1, ", ".join(columns.values()), f"no {missing[0]}")
    return (
        table.with_row_index("row_number", offset=FIRST_ROW)
        .select(
            pl.col("row_number").cast(pl.Int64),
            *(_read(table[theirs].dtype, theirs, ours) for ours, theirs in columns.items()),
            *(others or []),
        )
        .with_columns(pl.col(pl.String).str.strip_chars())
    )


def _read(dtype: pl.DataType, theirs: str, ours: str) -> pl.Expr:
    if ours in CODES:
        return pl.col(theirs).cast(pl.String).str.strip_suffix(".0").alias(ours)
    if dtype.is_temporal():
        return pl.col(theirs).cast(pl.Date).cast(pl.String).alias(ours)
    return pl.col(theirs).alias(ours)
