"""Yearly totals of the FBI's Internet Crime Complaint Center, transcribed from its annual reports.

Reads bytes only. Totals, not rows by crime type: the types overlap and add up to more than the total.
"""

from __future__ import annotations

import polars as pl

from pipelines.errors import SourceFormatError
from pipelines.sources import text_table

SOURCE = "ic3"
FILE = "headline_totals.csv"
COLUMNS = ["year", "complaints", "loss_usd_numeric", "loss_precision", "note"]


def parse(payload: bytes) -> pl.DataFrame:
    """Totals as transcribed: year, complaints, loss_usd (US dollars), loss_precision, note.

    Raises
    ------
    SourceFormatError
        A column is missing or a figure is no number.
    """
    table = text_table.read(payload, SOURCE, FILE, COLUMNS)
    try:
        return table.select(
            year=pl.col("year").cast(pl.Int32),
            complaints=pl.col("complaints").cast(pl.Int64),
            loss_usd=pl.col("loss_usd_numeric").cast(pl.Float64),
            loss_precision="loss_precision",
            note="note",
        ).sort("year")
    except pl.exceptions.InvalidOperationError as error:
        raise SourceFormatError(SOURCE, FILE, None, "numbers in year, complaints, loss", str(error)) from error
