"""Staging tables of the World Bank's GDP at current prices: values, and the codes they stand for."""

import pandera.polars as pa
import polars as pl

from pipelines.schemas.staging import field, staging_table

TABLES = (
    staging_table(
        "worldbank_gdp",
        "GDP at current prices; one row is a code (economies and aggregates) and a year with a value",
        "worldbank_gdp",
        field("country_code", pl.String, "World Bank code", "economy or aggregate"),
        field("year", pl.Int64, "year", "calendar year"),
        field(
            "gdp_usd",
            pl.Float64,
            "USD, current prices",
            "gross domestic product",
            checks=[pa.Check.gt(0, name="above_0")],
        ),
        key=["country_code", "year"],
    ),
    staging_table(
        "worldbank_gdp_countries",
        "Codes of the release with region and income group; one row is a code",
        "worldbank_gdp",
        field("country_code", pl.String, "World Bank code", "economy or aggregate"),
        field("name", pl.String, "label", "name of the table row"),
        field("region", pl.String, "label", "region; null for aggregates", nullable=True),
        field("income_group", pl.String, "label", "income group of the release", nullable=True),
        key=["country_code"],
        may_be_empty=True,
    ),
)
