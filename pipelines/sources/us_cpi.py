"""US consumer prices (CPI-U, not seasonally adjusted), monthly, in the DataHub copy of the BLS series.

Reads bytes only; yearly means are made where they are needed, because a year may lack a month (October 2025 does).
"""

from __future__ import annotations

import polars as pl

from pipelines.sources import text_table

SOURCE, FILE = "us_cpi", "cpiai.csv"


def parse(payload: bytes) -> pl.DataFrame:
    """Monthly index as served: row_number, date (first of the month), index (1982-84 = 100), as texts."""
    table = text_table.read(payload, SOURCE, FILE, ["Date", "Index"])
    return table.select("row_number", date="Date", index="Index")
