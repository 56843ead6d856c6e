"""Values of JSON as columns that keep what they cannot hold as text, so that one odd value costs its row, not its file.

Only the building of columns; what a file must look like is each parser's business.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import polars as pl

from pipelines.errors import SourceFormatError


def load_list(payload: bytes, source: str, file: str) -> list[Any]:
    """The JSON list of a file; SourceFormatError for anything else, an empty list included."""
    try:
        items = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise SourceFormatError(source, file, None, "a JSON list", f"{error}: {payload[:40]!r}") from error
    if not isinstance(items, list) or not items:
        raise SourceFormatError(source, file, None, "a JSON list that is not empty", type(items).__name__)
    return items


def table(columns: Mapping[str, Sequence[object]], kinds: Mapping[str, Any]) -> pl.DataFrame:
    """Columns of the kinds asked for; a column with a value of another kind becomes text, to be rejected by row."""
    return pl.DataFrame([_column(name, values, kinds[name]) for name, values in columns.items()])


def _column(name: str, values: Sequence[object], kind: Any) -> pl.Series:
    try:
        return pl.Series(name, values, kind, strict=True)
    except (TypeError, OverflowError, pl.exceptions.PolarsError):
        return pl.Series(name, [None if value is None else _text(value) for value in values], pl.String)


def _text(value: object) -> str:
    """A value as its reader would see it: a whole number without a point."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


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
