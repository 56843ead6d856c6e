"""Staging table of US consumer prices."""

import pandera.polars as pa
import polars as pl

from pipelines.schemas.staging import field, staging_table

TABLES = (
    staging_table(
        "us_cpi",
        "US consumer price index, all urban consumers, not seasonally adjusted; one row is a month",
        "us_cpi",
        field("date", pl.Date, "date", "first day of the month"),
        field("index", pl.Float64, "1982-84 = 100", "index", checks=[pa.Check.gt(0, name="above_0")]),
        key=["date"],
    ),
)
