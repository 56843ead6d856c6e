"""The World Bank's download of one indicator: a line a code, a column a year, under four lines of preamble.

Shared by the sources that come in this form; each has a parser of its own.
"""

from __future__ import annotations

import polars as pl

from pipelines.errors import SourceFormatError
from pipelines.sources import text_table

NAME, CODE = "Country Name", "Country Code"
HEADER = f'"{NAME}"'.encode()
FIRST_YEAR = "1960"


def long(payload: bytes, source: str, file: str, value: str) -> pl.DataFrame:
    """One row a code and year with a value: row_number (line, repeated), country_code, year, `value`; texts."""
    table = text_table.read(payload, source, file, [NAME, CODE], HEADER)
    years = [name for name in table.columns if name.isdigit()]
    if FIRST_YEAR not in years:
        raise SourceFormatError(source, file, None, f"a column for each year from {FIRST_YEAR}", table.columns)
    return (
        table.unpivot(years, index=["row_number", CODE], variable_name="year", value_name=value)
        .filter(pl.col(value).is_not_null())
        .rename({CODE: "country_code"})
        .sort("row_number", "year")
    )
