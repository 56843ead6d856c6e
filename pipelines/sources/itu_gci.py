"""Global Cybersecurity Index of the International Telecommunication Union, five editions side by side.

Reads bytes only. Editions before 2020 score from 0 to 1, later ones from 0 to 100; both stay as they are. Ranks stand
under repeated headers, one misspelt, to the right of their scores: they follow from the scores and are left out.
"""

from __future__ import annotations

import polars as pl

from pipelines.sources import text_table

SOURCE, FILE = "itu_gci", "gci-local-indicator-summary.csv"
EDITIONS = {"2014": 1, "2017": 1, "2018": 1, "2020": 100, "2024": 100}
"""Edition -> highest score possible."""
MISSING = "#N/A"


def parse(payload: bytes) -> pl.DataFrame:
    """Scores as served: row_number (line, repeated), country, edition, score, highest; none for #N/A."""
    table = text_table.read(payload, SOURCE, FILE, ["Country", *EDITIONS])
    return (
        table.unpivot(list(EDITIONS), index=["row_number", "Country"], variable_name="edition", value_name="score")
        .filter(pl.col("score") != MISSING)
        .with_columns(highest=pl.col("edition").replace_strict(EDITIONS, return_dtype=pl.Int64))
        .select("row_number", "edition", "score", "highest", country="Country")
        .sort("row_number", "edition")
    )
