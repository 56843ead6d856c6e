"""World Bank Worldwide Governance Indicators, the long CSV.

Reads bytes only. The file's own country codes stay (KSV, ADO, ROM, ZAR, TMP, WBG): the alias table maps them later.
"""

from __future__ import annotations

import polars as pl

from pipelines.errors import SourceFormatError
from pipelines.sources import text_table

SOURCE = "worldbank_governance"
FILE = "wgidataset.csv"
COLUMNS = ["code", "countryname", "year", "indicator", "estimate"]


def parse(payload: bytes) -> pl.DataFrame:
    """Estimates as served: code, country_name, year, indicator (`rl` is rule of law), estimate (null for ..).

    Raises
    ------
    SourceFormatError
        A column is missing or an estimate is neither a number nor the missing sign.
    """
    table = text_table.read(payload, SOURCE, FILE, COLUMNS)
    result = table.select(
        "code",
        country_name="countryname",
        year=pl.col("year").cast(pl.Int32, strict=False),
        indicator="indicator",
        estimate=pl.col("estimate").cast(pl.Float64, strict=False),
        written="estimate",
    ).with_row_index("line", offset=2)
    bad = result.filter((pl.col("estimate").is_null() & pl.col("written").ne_missing("..")) | pl.col("year").is_null())
    if bad.height:
        raise SourceFormatError(SOURCE, FILE, bad["line"][0], "a year and a number or ..", bad["written"][0])
    return result.drop("line", "written").sort("code", "indicator", "year")
