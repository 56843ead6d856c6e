"""Staging table of the World Bank's GDP at constant 2010 prices."""

import pandera.polars as pa
import polars as pl

from pipelines.schemas.staging import field, staging_table

TABLES = (
    staging_table(
        "worldbank_gdp_constant",
        "GDP at constant prices; one row is a code (economies and aggregates) and a year with a value",
        "worldbank_gdp_constant",
        field("country_code", pl.String, "World Bank code", "economy or aggregate"),
        field("year", pl.Int64, "year", "calendar year"),
        field(
            "gdp_usd_2010",
            pl.Float64,
            "USD, 2010 prices",
            "gross domestic product",
            checks=[pa.Check.gt(0, name="above_0")],
        ),
        key=["country_code", "year"],
    ),
)
