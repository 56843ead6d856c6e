"""US consumer prices (CPI-U, not seasonally adjusted), monthly, in the DataHub copy of the BLS series.

Reads bytes only; yearly means are made where they are needed, because a year may lack a month (October 2025 does).
"""

from __future__ import annotations

import polars as pl

from pipelines.errors import SourceFormatError
from pipelines.sources import text_table

SOURCE = "us_cpi"
FILE = "cpiai.csv"


def parse(payload: bytes) -> pl.DataFrame:
    """Monthly index as served: date (first of the month), index (1982-84 = 100).

    Raises
    ------
    SourceFormatError
        A column is missing, a date or an index does not parse.
    """
    table = text_table.read(payload, SOURCE, FILE, ["Date", "Index"])
    result = table.select(
        date=pl.col("Date").str.to_date("%Y-%m-%d", strict=False), index=pl.col("Index").cast(pl.Float64, strict=False)
    ).with_row_index("line", offset=2)
    bad = result.filter(pl.col("date").is_null() | ~(pl.col("index") > 0).fill_null(False))
    if bad.height:
        raise SourceFormatError(SOURCE, FILE, bad["line"][0], "a date and an index above 0", bad.row(0))
    return result.drop("line").sort("date")
