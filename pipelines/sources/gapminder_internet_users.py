"""Gapminder's internet users (from the ITU), percent of the population.

Reads bytes only. Codes stay lower case and Kosovo stays `kos`: the alias table maps them later.
"""

from __future__ import annotations

import polars as pl

from pipelines.errors import SourceFormatError
from pipelines.sources import text_table

SOURCE = "gapminder"
FILE = "ddf--datapoints--internet_users--by--geo--time.csv"


def parse(payload: bytes) -> pl.DataFrame:
    """Internet users as served: geo, year, internet_users (percent of the population, 0 to 100).

    Raises
    ------
    SourceFormatError
        A column is missing or a value is no percentage.
    """
    table = text_table.read(payload, SOURCE, FILE, ["geo", "time", "internet_users"])
    result = table.select(
        "geo",
        year=pl.col("time").cast(pl.Int32, strict=False),
        internet_users=pl.col("internet_users").cast(pl.Float64, strict=False),
    ).with_row_index("line", offset=2)
    bad = result.filter(~(pl.col("internet_users").is_between(0, 100) & pl.col("year").is_not_null()).fill_null(False))
    if bad.height:
        raise SourceFormatError(SOURCE, FILE, bad["line"][0], "a year and a percentage from 0 to 100", bad.row(0))
    return result.drop("line").sort("geo", "year")
