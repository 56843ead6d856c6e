"""Indicators by economy and year in the common vocabulary, computed from staging tables of their sources.

The same rows ship in data/reference, computed by `aggregate`; where a vintage on the machine covers the base year, a
run computes them anew. Counts of incidents are in `incidents.counts`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import polars as pl

from pipelines.vocabulary import Vocabulary

Tables = Mapping[str, pl.DataFrame]
WORLD = "WLD"
BASE_YEAR = 2020
FIRST_YEAR, FIRST_USER_YEAR = 2000, 2015
LAST_USER_YEAR = 2023  # complete to 2023 only
RULE_OF_LAW_YEARS = (2008,)
"""And the latest: the year a study of treaties begins, and today."""


class Indicator(NamedTuple):
    """A reference table that a source's vintage can renew: the staging tables it needs, and how."""

    table: str
    source_id: str
    needs: tuple[str, ...]
    compute: Callable[[Tables, Vocabulary], pl.DataFrame]
    key: tuple[str, ...]


def gdp(tables: Tables, words: Vocabulary) -> pl.DataFrame:
    """iso3, year, gdp_usd_bn_current of the economies and the World (WLD); aggregates other than the World are left."""
    return (
        tables["worldbank_gdp"]
        .filter(pl.col("country_code").is_in([*_economies(words), WORLD]), pl.col("year") >= FIRST_YEAR)
        .select(iso3="country_code", year="year", gdp_usd_bn_current=(pl.col("gdp_usd") / 1e9).round(6))
    )


def population(tables: Tables, words: Vocabulary) -> pl.DataFrame:
    """iso3, year, population (persons) of the economies."""
    return (
        tables["worldbank_population"]
        .filter(
            pl.col("country_code").is_in(_economies(words)), pl.col("year").is_between(FIRST_USER_YEAR, LAST_USER_YEAR)
        )
        .select(iso3="country_code", year="year", population=pl.col("population").round().cast(pl.Int64))
    )


def internet_users(tables: Tables, words: Vocabulary) -> pl.DataFrame:
    """iso3, year, users_share (fraction of the population) of the economies."""
    return (
        tables["gapminder_internet_users"]
        .filter(pl.col("year").is_between(FIRST_USER_YEAR, LAST_USER_YEAR))
        .select(iso3=_iso3("geo", "gapminder", words), year="year", users_share=(pl.col("value") / 100).round(6))
        .filter(pl.col("iso3").is_in(_economies(words)))
    )


def rule_of_law(tables: Tables, words: Vocabulary) -> pl.DataFrame:
    """iso3, year, estimate (-2.5 to 2.5) for 2008 and the latest year, Taiwan included."""
    estimates = tables["worldbank_governance"].filter(pl.col("indicator") == "rl", pl.col("estimate").is_not_null())
    return (
        estimates.filter(pl.col("year").is_in([*RULE_OF_LAW_YEARS, estimates["year"].max()]))
        .select(iso3=_iso3("code", "worldbank_governance", words), year="year", estimate="estimate")
        .drop_nulls("iso3")
    )


def us_cpi(tables: Tables, words: Vocabulary) -> pl.DataFrame:
    """year, index (mean of the months there are), months (under 12 marks a year that must not be used as a mean)."""
    return (
        tables["us_cpi"]
        .group_by(year=pl.col("date").dt.year().cast(pl.Int64))
        .agg(index=pl.col("index").mean().round(5), months=pl.len().cast(pl.Int64))
        .sort("year")
    )


def ic3(tables: Tables, words: Vocabulary) -> pl.DataFrame:
    """year, complaints, loss_usd, loss_precision, note."""
    return tables["ic3_totals"].select(
        "year", "complaints", pl.col("loss_usd").cast(pl.Int64), "loss_precision", "note"
    )


INDICATORS = (
    Indicator("gdp", "worldbank_gdp", ("worldbank_gdp",), gdp, ("iso3", "year")),
    Indicator("population", "worldbank_population", ("worldbank_population",), population, ("iso3", "year")),
    Indicator("internet_users", "gapminder", ("gapminder_internet_users",), internet_users, ("iso3", "year")),
    Indicator("rule_of_law", "worldbank_governance", ("worldbank_governance",), rule_of_law, ("iso3", "year")),
    Indicator("us_cpi", "us_cpi", ("us_cpi",), us_cpi, ("year",)),
    Indicator("ic3_totals", "ic3", ("ic3_totals",), ic3, ("year",)),
)


def renewed(
    indicator: Indicator, shipped: pl.DataFrame, tables: Tables, words: Vocabulary
) -> tuple[pl.DataFrame, str | None]:
    """A reference table with the rows of its source from a vintage, or as shipped with the reason.

    Rows that other sources give (Taiwan, years before a source begins) stay.
    """
    rows = indicator.compute(tables, words).with_columns(source=pl.lit(indicator.source_id), verified=pl.lit(True))
    years = rows["year"].max() if rows.height else None
    if years is None or years < BASE_YEAR:  # type: ignore[operator]
        return shipped, f"the vintage ends in {years}, before the base year {BASE_YEAR}"
    others = shipped.filter(pl.col("source") != indicator.source_id)
    others = others.join(rows.select(indicator.key), on=list(indicator.key), how="anti")
    typed = rows.select(pl.col(name).cast(kind) for name, kind in shipped.schema.items())
    return pl.concat([typed, others]).sort(indicator.key), None


def _economies(words: Vocabulary) -> list[str]:
    return words.economies["iso3"].to_list()


def _iso3(column: str, scheme: str, words: Vocabulary) -> pl.Expr:
    return pl.col(column).replace_strict(words.economy(scheme), return_dtype=pl.String)
