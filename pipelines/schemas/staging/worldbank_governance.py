"""Staging table of the Worldwide Governance Indicators."""

import pandera.polars as pa
import polars as pl

from pipelines.schemas.staging import coded, field, staging_table

INDICATORS = ("cc", "ge", "pv", "rl", "rq", "va")

TABLES = (
    staging_table(
        "worldbank_governance",
        "Governance estimates; one row is an economy, a year and an indicator",
        "worldbank_governance",
        coded("code", "economy as the file codes it, old codes included", to="economies"),
        field("year", pl.Int64, "year", "calendar year"),
        field(
            "indicator",
            pl.String,
            "label",
            "cc corruption, ge effectiveness, pv stability, rl rule of law, rq regulation, va voice",
            checks=[pa.Check.isin(INDICATORS, name="known_indicator")],
        ),
        field(
            "estimate",
            pl.Float64,
            "standard score",
            "estimate; null where the file has ..",
            nullable=True,
            checks=[pa.Check.in_range(-4, 4, name="standard_score")],
        ),
        key=["code", "year", "indicator"],
    ),
)
