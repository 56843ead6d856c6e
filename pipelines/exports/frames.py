"""A table's rows as a polars frame that text files and programs with narrow types can hold.

Shared by the formats that are written from frames; Parquet is written by DuckDB as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import polars as pl

from pipelines.exports.edition import ask, literal
from pipelines.exports.rights import Share
from pipelines.exports.selection import Selection

EXACT = 2**53
"""Whole numbers beyond this are not told apart by a double, which is all that a spreadsheet and Stata have."""
BETWEEN = "; "
"""What stands between the members of a list in a cell."""


def frame(selection: Selection, share: Share) -> pl.DataFrame:
    """The rows that go, in the table's order; a number that is not finite is missing.

    They come through a Parquet file: handing over a result needs pyarrow, or leaves complaints when the process ends.
    """
    path = selection.scratch / f"{share.table.stem}.parquet"
    if not path.exists():
        ask(selection.connection, f"copy ({share.query}) to {literal(str(path))} (format parquet)")
    read = pl.read_parquet(path)
    decimals = [name for name, kind in read.schema.items() if kind.is_decimal() or kind == pl.Int128]
    read = read.with_columns(pl.col(decimals).cast(pl.Float64))
    floats = [name for name, kind in read.schema.items() if kind.is_float()]
    return read.with_columns(pl.when(pl.col(name).is_finite()).then(pl.col(name)).alias(name) for name in floats)


def lists_as_json(read: pl.DataFrame) -> pl.DataFrame:
    """Lists as JSON arrays, which can be read back whatever their members hold."""
    return _lists(read, lambda values: json.dumps(list(values), ensure_ascii=False))


def lists_joined(read: pl.DataFrame) -> pl.DataFrame:
    """Lists as one text for people, members parted by `BETWEEN`."""
    return _lists(read, lambda values: BETWEEN.join("" if value is None else str(value) for value in values))


def _lists(read: pl.DataFrame, write: Callable[[Sequence[object]], str]) -> pl.DataFrame:
    names = [name for name, kind in read.schema.items() if isinstance(kind, pl.List)]
    return read.with_columns(
        pl.Series(name, [None if cell is None else write(cell) for cell in read[name].to_list()], pl.String)
        for name in names
    )


def too_long(read: pl.DataFrame) -> list[str]:
    """Columns with a whole number that a double cannot hold: they are written as text, so that no digit changes."""
    return [name for name, kind in read.schema.items() if kind.is_integer() and largest(read[name]) > EXACT]


def largest(values: pl.Series) -> int:
    """The largest whole number of a column, its sign apart."""
    known = values.drop_nulls()
    return max(abs(int(known.min())), abs(int(known.max()))) if known.len() else 0  # type: ignore[arg-type]


def told(table: str, columns: Sequence[str]) -> list[str]:
    """The remark on columns that were too long."""
    places = ", ".join(f"{table}.{column}" for column in columns)
    return [f"Whole numbers of over 15 digits are texts here: {places}."] if columns else []
