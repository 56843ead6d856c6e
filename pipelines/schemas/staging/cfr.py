"""Staging table of the Cyber Operations Tracker."""

import polars as pl

from pipelines.schemas.staging import coded, field, row_rule, staging_table

LABEL = "label"
ADDRESS = "://"
CATEGORIES = pl.col("category").list.join(" ")
SHIFTED = (
    pl.col("type").str.contains(ADDRESS, literal=True)
    | CATEGORIES.str.contains(ADDRESS, literal=True)
    | CATEGORIES.str.contains("Espionage", literal=True)
)
"""An address where the type or the category stands, or a type where the category stands."""

TABLES = (
    staging_table(
        "cfr_incidents",
        "Operations that states are believed to be behind; one row is an operation, or the profile of a group",
        "cfr",
        field("title", pl.String, LABEL, "name of the operation or group"),
        field("date", pl.Date, "date", "day it became known; null where not given", nullable=True, format="%m/%d/%Y"),
        field("affiliations", pl.String, LABEL, "group believed to be behind it", nullable=True),
        field("victims", pl.String, LABEL, "who was hit, in free text", nullable=True),
        coded("sponsor", "states believed to be behind it", to="economies", many=True),
        coded("type", "what was done", to="crosswalk", nullable=True),
        coded("category", "kinds of victims", to="crosswalk", many=True),
        field("response", pl.String, LABEL, "how the victim's state responded", nullable=True),
        field("urls", pl.List(pl.String), LABEL, "reports on the operation"),
        key=["title", "date", "affiliations"],
        rules=[row_rule("column_shifted", "type", SHIFTED, "a type where the type stands", instead=True)],
    ),
)
