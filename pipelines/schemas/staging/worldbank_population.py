"""Staging table of population by code and year."""

import pandera.polars as pa
import polars as pl

from pipelines.schemas.staging import field, staging_table

TABLES = (
    staging_table(
        "worldbank_population",
        "Population; one row is a code (economies and aggregates) and a year",
        "worldbank_population",
        field("country_code", pl.String, "World Bank code", "economy or aggregate"),
        field("year", pl.Int64, "year", "calendar year"),
        field("population", pl.Float64, "persons", "population", checks=[pa.Check.gt(0, name="above_0")]),
        key=["country_code", "year"],
    ),
)
