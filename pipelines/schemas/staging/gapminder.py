"""Staging tables of Gapminder: five indicators by economy and year, and its list of economies."""

import pandera.polars as pa
import polars as pl

from pipelines.schemas.staging import coded, field, staging_table


def _indicator(name: str, unit: str, description: str, *checks: pa.Check) -> pa.DataFrameSchema:
    return staging_table(
        f"gapminder_{name}",
        f"{description}; one row is an economy and a year",
        "gapminder",
        coded("geo", "economy, lower-case code of Gapminder", to="economies"),
        field("year", pl.Int64, "year", "calendar year"),
        field("value", pl.Float64, unit, description, checks=checks),
        key=["geo", "year"],
    )


PERCENT = pa.Check.in_range(0, 100, name="percent")
TABLES = (
    _indicator("internet_users", "percent of population", "Internet users", PERCENT),
    _indicator("total_gdp", "USD, 2015 prices", "Gross domestic product", pa.Check.gt(0, name="above_0")),
    _indicator("inflation", "percent a year", "Inflation, GDP deflator", pa.Check.gt(-100, name="above_minus_100")),
    _indicator("industry_share", "percent of GDP", "Value added of industry", PERCENT),
    _indicator("services_share", "percent of GDP", "Value added of services", PERCENT),
    staging_table(
        "gapminder_countries",
        "Economies as Gapminder lists them; one row is an economy",
        "gapminder",
        field("geo", pl.String, "label", "Gapminder's code"),
        field("name", pl.String, "label", "name"),
        field("iso3", pl.String, "ISO 3166-1 alpha-3", "code; null for what is no state", nullable=True),
        key=["geo"],
    ),
)
