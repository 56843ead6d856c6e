"""World Bank population (SP.POP.TOTL) in the long form of the DataHub copy.

Reads bytes only; aggregates are among its codes and stay in.
"""

from __future__ import annotations

import polars as pl

from pipelines.errors import SourceFormatError
from pipelines.sources import text_table

SOURCE = "worldbank_population"
COLUMNS = ["Country Name", "Country Code", "Year", "Value"]


def parse(payload: bytes) -> pl.DataFrame:
    """Population as served: country_code, country_name, year, population (persons).

    Raises
    ------
    SourceFormatError
        A column is missing or a year or value is no number.
    """
    table = text_table.read(payload, SOURCE, "population.csv", COLUMNS)
    try:
        return table.select(
            country_code="Country Code",
            country_name="Country Name",
            year=pl.col("Year").cast(pl.Int32),
            population=pl.col("Value").cast(pl.Float64),
        ).sort("country_code", "year")
    except pl.exceptions.InvalidOperationError as error:
        raise SourceFormatError(SOURCE, "population.csv", None, "numbers in Year and Value", str(error)) from error
