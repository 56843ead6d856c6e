"""Staging table of the Global Cybersecurity Index."""

import pandera.polars as pa
import polars as pl

from pipelines.schemas.staging import coded, field, row_rule, staging_table

TABLES = (
    staging_table(
        "itu_gci",
        "Scores of the Global Cybersecurity Index; one row is an economy and an edition",
        "itu_gci",
        coded("country", "economy as the index names it", to="economies"),
        field("edition", pl.Int64, "year", "edition of the index"),
        field(
            "score",
            pl.Float64,
            "0 to highest",
            "score on the edition's own scale",
            checks=[pa.Check.ge(0, name="not_below_0")],
        ),
        field("highest", pl.Int64, "label", "top of the edition's scale: 1 before 2020, 100 from then on"),
        key=["country", "edition"],
        rules=[
            row_rule("score_on_scale", "score", pl.col("score") > pl.col("highest"), "at most the top of the scale")
        ],
    ),
)
