"""EuRepoC Global Database 1.1: one row an incident, lists written as Python literals.

Reads bytes only, in the source's own labels; threat classes and countries are decided in `incident_counts`.
"""

from __future__ import annotations

import ast

import polars as pl

from pipelines.errors import SourceFormatError
from pipelines.sources import text_table

SOURCE = "eurepoc"
FILE = "EuRepoC_Global_Database_1.1.csv"
LISTS = ["receiver_country", "initiator_country", "initiator_category", "initiator_category_subcode"]
COLUMNS = ["ID", "start_date", "end_date", "incident_type", *LISTS]


def parse(payload: bytes) -> pl.DataFrame:
    """Incidents as served, the columns that the counts need.

    Returns
    -------
    incident_id, row_number (line of the record, header = 1), start_date, end_date (dates, null where not coded),
    incident_types (list), receiver_country, initiator_country, initiator_category, initiator_category_subcode (lists;
    empty where not coded; repeats kept)

    Raises
    ------
    SourceFormatError
        A column is missing, a list is no list, or a date does not parse.
    """
    table = text_table.read(payload, SOURCE, FILE, COLUMNS)
    lists = {
        name: pl.Series(name, [_items(text, name, row + 2) for row, text in enumerate(table[name])], pl.List(pl.String))
        for name in LISTS
    }
    try:
        return table.with_row_index("row_number", offset=2).select(
            pl.col("ID").cast(pl.Int64).alias("incident_id"),
            pl.col("row_number").cast(pl.Int64),
            pl.col("start_date", "end_date").str.to_date("%Y-%m-%d"),
            pl.col("incident_type").fill_null("").str.split("; ").alias("incident_types"),
            *lists.values(),
        )
    except pl.exceptions.InvalidOperationError as error:
        raise SourceFormatError(SOURCE, FILE, None, "dates as YYYY-MM-DD and a numeric ID", str(error)) from error


def _items(text: str | None, column: str, row: int) -> list[str]:
    """The flat list of texts in a cell; the quotes switch where a name has an apostrophe, so it is read as Python."""
    if text is None:
        return []
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError) as error:
        raise SourceFormatError(SOURCE, FILE, row, f"a list in {column}", text) from error
    if not isinstance(value, list):
        raise SourceFormatError(SOURCE, FILE, row, f"a list in {column}", text)
    return [str(part).strip() for item in value for part in (item if isinstance(item, list) else [item])]
