"""DeFiLlama's list of thefts from crypto-asset platforms. Reads bytes only."""

from __future__ import annotations

import polars as pl

from pipelines.errors import SourceFormatError
from pipelines.sources import json_table

SOURCE, FILE = "defillama_hacks", "hacks.json"
KINDS = {
    "row_number": pl.Int64,
    "date": pl.String,
    "name": pl.String,
    "classification": pl.String,
    "technique": pl.String,
    "amount": pl.Float64,
    "returned_funds": pl.Float64,
    "chain": pl.List(pl.String),
    "bridge_hack": pl.Boolean,
    "target_type": pl.String,
    "source": pl.String,
}


def parse(payload: bytes) -> pl.DataFrame:
    """Thefts as served.

    Returns
    -------
    row_number (position in the list, from 1), date (day, UTC), name, classification, technique, amount and
    returned_funds (US dollars, null where not known), chain, bridge_hack, target_type, source (null where empty)

    Raises
    ------
    SourceFormatError
        Not a JSON list of records with a date, a name and an amount.
    """
    rows: list[tuple[object, ...]] = []
    for number, record in enumerate(json_table.load_list(payload, SOURCE, FILE), start=1):
        try:
            row = (
                number,
                json_table.day(record["date"]),
                record["name"],
                record["classification"],
                record.get("technique"),
                record["amount"],
                record.get("returnedFunds"),
                record.get("chain"),
                record.get("bridgeHack"),
                record.get("targetType"),
                record.get("source") or None,
            )
        except (KeyError, TypeError, AttributeError) as error:
            expected = "a record with date, name, classification and amount"
            raise SourceFormatError(SOURCE, FILE, number, expected, repr(error)) from error
        rows.append(row)
    return json_table.from_rows(rows, KINDS)
