"""Internet Crime Complaint Center of the FBI: yearly totals, losses and counts by type, losses by state of 2020.

Reads bytes only, as transcribed from the yearly reports. Types overlap: their sum is more than the total.
"""

from __future__ import annotations

import polars as pl

from pipelines.sources import text_table

SOURCE = "ic3"
TOTALS = "headline_totals.csv"
TYPE_LOSSES = "crime_type_losses.csv"
TYPE_COUNTS = "crime_type_counts.csv"
STATES = "state_losses_2020.csv"


def totals(payload: bytes) -> pl.DataFrame:
    """row_number, year, complaints, loss_usd, loss_precision, also_printed (another total in the same report), note."""
    names = ["year", "complaints", "loss_usd_numeric", "loss_precision", "alt_loss_as_printed", "note"]
    return text_table.read(payload, SOURCE, TOTALS, names).select(
        "row_number",
        "year",
        "complaints",
        "loss_precision",
        "note",
        loss_usd="loss_usd_numeric",
        also_printed="alt_loss_as_printed",
    )


def type_losses(payload: bytes) -> pl.DataFrame:
    """row_number, year, printed (label of the report), category (label over time), loss_usd."""
    table = text_table.read(payload, SOURCE, TYPE_LOSSES, ["year", "category_raw", "category", "loss_usd"])
    return table.select("row_number", "year", "category", "loss_usd", printed="category_raw")


def type_counts(payload: bytes) -> pl.DataFrame:
    """row_number, year, printed (label of the report), category (label over time), complaints."""
    table = text_table.read(payload, SOURCE, TYPE_COUNTS, ["year", "category_raw", "category", "count"])
    return table.select("row_number", "year", "category", printed="category_raw", complaints="count")


def state_losses(payload: bytes) -> pl.DataFrame:
    """row_number, state, loss_usd, population."""
    table = text_table.read(payload, SOURCE, STATES, ["state", "loss", "population"])
    return table.select("row_number", "state", "population", loss_usd="loss")
