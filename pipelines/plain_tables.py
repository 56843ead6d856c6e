"""A table of data/reference as texts, for commands that look up names in it and answer at once: the standard library.

Its rules are checked in `reference`, before a run; here a file that is no such table is told in one line.
"""

from __future__ import annotations

import csv
from pathlib import Path

from pipelines import store
from pipelines.errors import InputError

BYTES = 16 * 2**20
"""Size of a file of data/reference beyond which it is not opened; the largest that ships has 0.2 MB."""


def refuse_large(path: Path, shown: str) -> None:
    """InputError for a file that is larger than one of data/reference may be."""
    if (size := path.stat().st_size) > BYTES:
        raise InputError(shown, None, None, "size", f"{size / 2**20:,.1f} MB", f"at most {BYTES >> 20} MB")


def rows(path: Path, *columns: str) -> list[dict[str, str]]:
    """Records by column, an empty text where a cell is missing; InputError for a file without these columns."""
    allowed = "a CSV file in UTF-8 with the columns " + ", ".join(columns)
    try:
        refuse_large(path, store.shown(path))
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            there = list(reader.fieldnames or ())
            found = [{name: value or "" for name, value in row.items() if name} for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or getattr(error, "reason", None) or str(error)
        raise InputError(store.shown(path), None, None, "csv", reason, allowed) from None
    if missing := [name for name in columns if name not in there]:
        raise InputError(store.shown(path), 1, missing[0], "column_missing", None, allowed)
    return found
