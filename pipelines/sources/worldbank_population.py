"""Population (SP.POP.TOTL of the World Bank), the long CSV of DataHub. Reads bytes only."""

from __future__ import annotations

import polars as pl

from pipelines.sources import text_table

SOURCE, FILE = "worldbank_population", "population.csv"


def parse(payload: bytes) -> pl.DataFrame:
    """Population as served: row_number, country_code (aggregates too), year, population (persons), as texts."""
    table = text_table.read(payload, SOURCE, FILE, ["Country Code", "Year", "Value"])
    return table.select("row_number", country_code="Country Code", year="Year", population="Value")
