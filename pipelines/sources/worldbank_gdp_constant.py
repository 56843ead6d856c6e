"""World Bank, GDP at constant 2010 US dollars (NY.GDP.MKTP.KD), the plain file of its download. Reads bytes only."""

from __future__ import annotations

import polars as pl

from pipelines.errors import SourceFormatError
from pipelines.sources import worldbank_wide

SOURCE = "worldbank_gdp_constant"
FILE = "API_NY.GDP.MKTP.KD.csv"
INDICATOR = b"GDP (constant 2010 US$)"
"""Releases since 2021 are at 2015 prices under the same code."""


def parse(payload: bytes) -> pl.DataFrame:
    """GDP as served: row_number, country_code (aggregates too), year, gdp_usd_2010 (constant US dollars), as texts."""
    if INDICATOR not in payload:
        found = "another price base" if b"GDP (constant" in payload else "no such indicator"
        raise SourceFormatError(SOURCE, FILE, None, INDICATOR.decode(), found)
    return worldbank_wide.long(payload, SOURCE, FILE, "gdp_usd_2010")
