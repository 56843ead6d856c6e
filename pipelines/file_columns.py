"""The columns of a source's file as its publisher named them, so that the next file can be held against this one.

A look at headers only, after a file has passed its parser; what the columns mean is the parser's business.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import PurePosixPath

import fastexcel

from pipelines.sources import parquet_table

LINES = 12
"""Records looked at for the header: some files have lines of another kind before it."""
ITEMS = 200
"""Entries of a list looked at for their keys."""

NEXT = re.compile(r"[^\s,]")
"""Begins the next entry of a JSON list, or ends the list."""

UNREADABLE = (
    *(ValueError, OSError, csv.Error, zipfile.BadZipFile, fastexcel.FastExcelError),
    RecursionError,  # JSON of thousands of levels
)


def columns(name: str, payload: bytes) -> list[str]:
    """Names of the columns or keys of a file, sorted; those that are numbers (years) are none. Empty if unknown."""
    try:
        found = set(_names(PurePosixPath(name).suffix.lower(), payload))
    except UNREADABLE:
        return []
    return sorted(text for each in found if (text := str(each).strip()) and not text.isdigit())


def _names(suffix: str, payload: bytes) -> Iterator[str]:
    if suffix == ".csv":
        text = io.TextIOWrapper(io.BytesIO(payload), encoding="utf-8-sig", newline="")
        records = [[cell for cell in record if cell.strip()] for record in islice(csv.reader(text), LINES)]
        yield from max(records, key=len, default=[])  # the first of the widest
    elif suffix == ".json":
        for item in islice(_entries(payload.decode(json.detect_encoding(payload), "surrogatepass")), ITEMS):
            yield from item if isinstance(item, dict) else ()
    elif suffix == ".parquet":
        yield from parquet_table.columns(payload)
    elif suffix == ".xlsx":
        sheet = fastexcel.read_excel(payload).load_sheet(0, n_rows=1, dtypes="string")
        yield from (column.name for column in sheet.available_columns())
    elif suffix == ".zip":
        with zipfile.ZipFile(io.BytesIO(payload)) as archive:
            members = [each for each in archive.infolist() if each.filename.lower().endswith((".csv", ".json"))]
            if members:
                largest = max(members, key=lambda each: each.file_size)
                yield from _names(PurePosixPath(largest.filename).suffix.lower(), archive.read(largest))


def _entries(text: str) -> Iterator[object]:
    """The entries of a JSON list, or the one value that is none, one after the other: the others are not read."""
    decoder, at = json.JSONDecoder(), _next(text, 0)
    if not text.startswith("[", at):
        yield decoder.raw_decode(text, at)[0]
        return
    at = _next(text, at + 1)
    while not text.startswith("]", at):
        entry, at = decoder.raw_decode(text, at)
        yield entry
        at = _next(text, at)


def _next(text: str, at: int) -> int:
    found = NEXT.search(text, at)
    return found.start() if found else len(text)
