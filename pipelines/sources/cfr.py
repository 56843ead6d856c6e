"""Cyber Operations Tracker of the Council on Foreign Relations: operations that states are believed to be behind.

Reads bytes only. Quotation marks and dashes were lost in the export and stand as `??` or `?`; they become blanks.
"""

from __future__ import annotations

import re

import polars as pl

from pipelines.sources import json_table, text_table

SOURCE, FILE = "cfr", "cyber-operations-incidents.csv"
TEXTS = {"title": "Title", "affiliations": "Affiliations", "victims": "Victims"}
LINKS = ["Sources_1", "Sources_2", "Sources_3"]
BETWEEN_SPONSORS = re.compile(r", (?!State of)")
"""`Palestine, State of` is one of them."""


def parse(payload: bytes) -> pl.DataFrame:
    """Operations as served.

    Returns
    -------
    row_number (line of the record), title, date, affiliations, victims (free text), type, sponsor and category (lists
    of what the cell names), response, urls (list)

    Raises
    ------
    SourceFormatError
        Not a CSV file, or a column is missing.
    """
    table = text_table.read(
        payload, SOURCE, FILE, ["Date", "Response", "Sponsor", "Type", "Category", *TEXTS.values(), *LINKS]
    )
    sponsors = [[] if text is None else BETWEEN_SPONSORS.split(text.strip()) for text in table["Sponsor"]]
    return table.select(
        "row_number",
        *(_without_marks(theirs).alias(ours) for ours, theirs in TEXTS.items()),
        json_table.lists("sponsor", sponsors),
        date="Date",
        type="Type",
        category=pl.col("Category").str.split(", ").fill_null([]),
        response=pl.col("Response").str.extract(r"^([A-Za-z ]+?)(?:   .*)?$"),
        urls=pl.concat_list(LINKS).list.drop_nulls(),
    )


def _without_marks(column: str) -> pl.Expr:
    return pl.col(column).str.replace_all(r"\?+", " ").str.replace_all(r"\s+", " ").str.strip_chars()
