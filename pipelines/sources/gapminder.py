"""Gapminder's Systema Globalis: five indicators by economy and year, and its list of economies.

Reads bytes only. Codes are lower-case ISO 3166-1 alpha-3 but for a few (`kos`, `hos`); there are no aggregates.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from pipelines.sources import text_table

SOURCE = "gapminder"


def _indicator(name: str) -> Callable[[bytes], pl.DataFrame]:
    def parse(payload: bytes) -> pl.DataFrame:
        """Values as served: row_number, geo (Gapminder's code), year, value; texts."""
        file = f"ddf--datapoints--{name}--by--geo--time.csv"
        return text_table.read(payload, SOURCE, file, ["geo", "time", name]).select(
            "row_number", "geo", year="time", value=name
        )

    return parse


internet_users = _indicator("internet_users")
total_gdp = _indicator("total_gdp_us_inflation_adjusted")
inflation = _indicator("inflation_annual_percent")
industry_share = _indicator("industry_percent_of_gdp")
services_share = _indicator("services_percent_of_gdp")


def countries(payload: bytes) -> pl.DataFrame:
    """Gapminder's list of economies: row_number, geo, name, iso3 (null for some that are no state)."""
    file = "ddf--entities--geo--country.csv"
    return text_table.read(payload, SOURCE, file, ["country", "name", "iso3166_1_alpha3"]).select(
        "row_number", "name", geo="country", iso3="iso3166_1_alpha3"
    )
