"""Staging tables of the Internet Crime Complaint Center: totals, types, states."""

import pandera.polars as pa
import polars as pl

from pipelines.schemas.staging import field, staging_table

YEAR = field(
    "year", pl.Int64, "year", "year of the report", checks=[pa.Check.in_range(2000, 2100, name="year_of_report")]
)
PRINTED = field("printed", pl.String, "label", "type as the report prints it; labels drift")
CATEGORY = field("category", pl.String, "label", "type under one label over the years")
LOSS = pa.Check.in_range(0, 1e11, name="amount_range")

TABLES = (
    staging_table(
        "ic3_totals",
        "Complaints and losses reported in a year; one row is a year",
        "ic3",
        YEAR,
        field("complaints", pl.Int64, "count", "complaints", checks=[pa.Check.ge(0, name="not_below_0")]),
        field("loss_usd", pl.Float64, "USD, current prices", "loss reported", checks=[LOSS]),
        field("loss_precision", pl.String, "label", "exact, or how the report rounds"),
        field("also_printed", pl.String, "label", "another total in the same report", nullable=True),
        field("note", pl.String, "label", "what to know about the year", nullable=True),
        key=["year"],
    ),
    staging_table(
        "ic3_type_losses",
        "Losses by type of crime: types overlap, so their sum is above the total; one row is a year and a type",
        "ic3",
        YEAR,
        PRINTED,
        CATEGORY,
        field("loss_usd", pl.Float64, "USD, current prices", "loss reported", checks=[LOSS]),
        key=["year", "printed"],
    ),
    staging_table(
        "ic3_type_counts",
        "Complaints by type of crime: types overlap; one row is a year and a type",
        "ic3",
        YEAR,
        PRINTED,
        CATEGORY,
        field("complaints", pl.Int64, "count", "complaints", checks=[pa.Check.ge(0, name="not_below_0")]),
        key=["year", "printed"],
    ),
    staging_table(
        "ic3_state_losses",
        "Losses of 2020 by state or territory of the United States; one row is a state",
        "ic3",
        field("state", pl.String, "label", "state or territory"),
        field("loss_usd", pl.Float64, "USD, current prices", "loss reported in 2020", checks=[LOSS]),
        field("population", pl.Int64, "persons", "population", checks=[pa.Check.gt(0, name="above_0")]),
        key=["state"],
    ),
)
