"""Values of JSON as columns that keep what they cannot hold as text, so that one odd value costs its row, not its file.

Only the building of columns; what a file must look like is each parser's business.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import polars as pl

from pipelines.errors import SourceFormatError

MARK = "\x1f"
"""Unit separator of ASCII, which no source uses."""


@contextmanager
def no_garbage() -> Iterator[None]:
    """While millions of objects are made and none is dropped: looking for garbage doubles the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def load_list(payload: bytes, source: str, file: str) -> list[Any]:
    """The JSON list of a file; SourceFormatError for anything else, an empty list included."""
    try:
        with no_garbage():
            items = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise SourceFormatError(source, file, None, "a JSON list", f"{error}: {payload[:40]!r}") from error
    if not isinstance(items, list) or not items:
        raise SourceFormatError(source, file, None, "a JSON list that is not empty", type(items).__name__)
    return items


def table(columns: Mapping[str, Sequence[object]], kinds: Mapping[str, Any]) -> pl.DataFrame:
    """Columns of the kinds asked for; a column with a value of another kind becomes text, to be rejected by row."""
    return pl.DataFrame([_column(name, values, kinds[name]) for name, values in columns.items()])


def from_rows(rows: Sequence[tuple[object, ...]], kinds: Mapping[str, Any]) -> pl.DataFrame:
    """The same from rows, their values in the order of `kinds`."""
    columns = zip(*rows, strict=True) if rows else [()] * len(kinds)
    return table(dict(zip(kinds, columns, strict=True)), kinds)


def lists(name: str, values: Sequence[Sequence[str] | None]) -> pl.Series:
    """A column of lists of texts, joined and split again: ten times as fast as one list after the other."""
    joined = pl.DataFrame({name: [None if value is None else MARK.join(value) for value in values]}, {name: pl.String})
    split = pl.when(pl.col(name) == "").then(pl.lit([], pl.List(pl.String))).otherwise(pl.col(name).str.split(MARK))
    column = joined.select(split.alias(name)).to_series()
    if column.list.len().sum() != sum(len(value) for value in values if value is not None and any(value)):
        return pl.Series(name, values, pl.List(pl.String), strict=True)  # an empty text, or the mark, in a list
    return column


def written(text: str) -> str:
    """A text with half a pair of surrogates, which is no Unicode, as the file has it: the six signs \\ud800."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _column(name: str, values: Sequence[object], kind: Any) -> pl.Series:
    if kind == pl.List(pl.String):
        try:
            if all(value is None or isinstance(value, list) for value in values):
                return lists(name, values)  # type: ignore[arg-type]
        except (TypeError, UnicodeEncodeError):
            pass  # an entry that is no text, or none that can be kept
        return lists(name, [None if value is None else _texts(value) for value in values])
    try:
        if any(isinstance(value, list | dict) for value in values):
            raise TypeError(kind)  # not for polars: lists in lists take memory without end
        return pl.Series(name, values, kind, strict=True)
    except (TypeError, OverflowError, UnicodeEncodeError, pl.exceptions.PolarsError):
        return pl.Series(name, [None if value is None else _text(value) for value in values], pl.String)


def _texts(value: object) -> list[str]:
    """A list of texts; of anything else, its text as the one entry, which no vocabulary knows."""
    return [_text(part) for part in value] if isinstance(value, list) else [_text(value)]


def _text(value: object) -> str:
    """A value as its reader would see it: a whole number without a point."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "null" if value is None else written(str(value))


def day(seconds: object) -> object:
    """Seconds since 1970 as the day, YYYY-MM-DD, UTC; anything else unchanged, as text."""
    if seconds is None:
        return None
    if isinstance(seconds, int | float) and not isinstance(seconds, bool):
        try:
            return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"
        except (ValueError, OverflowError, OSError):
            return str(seconds)
    return str(seconds)
