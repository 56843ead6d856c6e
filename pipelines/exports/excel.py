"""Excel: one workbook, a sheet of notes, then one sheet a table.

Every text is written as text, never as a formula or a link, and one that begins like a formula keeps Excel's mark for
text when it is edited. Numbers are numbers, days are days. What Excel cannot hold is named on the notes sheet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipelines.exports import notes
from pipelines.exports.frames import frame, lists_joined, told, too_long
from pipelines.exports.rights import Share
from pipelines.exports.selection import Selection
from reports.formulas import BEGINS

ROWS, LETTERS, NAME = 1_048_576, 32_767, 31
"""What a sheet, a cell and a sheet's name can hold."""
LARGE = 100_000
"""Rows from which a table that nobody named stays out of the workbook: it would take minutes to write and to open."""
FIRST_DAY = date(1900, 3, 1)
"""Excel counts an earlier day wrong, so a column with one is text."""
NARROWEST, WIDEST, LOOKED_AT = 8, 60, 200
NOTE_WIDTHS, NOTE_LETTERS, LINE_HEIGHT = (24, 34, 30, 70, 14), 125, 15.0
"""Columns of the notes; letters of a line over all but the first; points of a line."""
FORMULA = re.compile(BEGINS)


def write(selection: Selection, folder: Path, say: Callable[[str], None]) -> list[str]:
    """Write the workbook; the remarks say which tables and letters Excel could not hold."""
    remarks, sheets = [], []
    for share in selection.tables:
        limit = ROWS - 1 if selection.is_named else LARGE
        if share.rows > limit:
            why = "more than a sheet holds" if share.rows >= ROWS else "too many to open: name it with --table"
            remarks.append(f"Not in it: {share.table.name}, {share.rows:,} rows, {why}.")
        else:
            sheets.append(share)
    names = sheet_names([share.table.name for share in sheets])
    frames = {}
    for share in sheets:
        frames[share.table.name], changes = _as_cells(share.table.name, frame(selection, share))
        remarks += changes
    path = folder / f"cyberaccord-{selection.edition.name}.xlsx"
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        edition = selection.edition
        book.set_properties(
            {"title": edition.title, "comments": edition.run_line, "created": edition.run["created_at"]}
        )
        styles = Styles(book)
        _notes(book.add_worksheet("Notes"), styles, selection, list(zip(sheets, names, strict=True)), remarks)
        for share, name in zip(sheets, names, strict=True):
            say(share.table.name)
            _table(book.add_worksheet(name), styles, frames.pop(share.table.name))
    return [f"Workbook: {remark}" for remark in remarks]


class Styles:
    """The formats of the workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.head: Format = book.add_format({"bold": True, "bottom": 1})
        self.topic: Format = book.add_format({"bold": True, "valign": "top"})
        self.title: Format = book.add_format({"bold": True, "font_size": 14})
        self.wrapped: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self.day: Format = book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment: Format = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.as_text: Format = book.add_format({"quote_prefix": True})


def sheet_names(tables: Sequence[str]) -> list[str]:
    """A name for each sheet: at most 31 letters, none that Excel refuses, no two alike whatever their case."""
    taken, names = {"notes", "history"}, []
    for table in tables:
        plain = re.sub(r"[\[\]:*?/\\]", "_", table).strip("'")
        name, number = plain[:NAME], 1
        while name.lower() in taken:
            number += 1
            name = f"{plain[: NAME - len(str(number)) - 1]}~{number}"
        taken.add(name.lower())
        names.append(name)
    return names


def _as_cells(table: str, read: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """The rows as cells can hold them, and what had to be changed for it."""
    long_numbers = too_long(read)
    early = [
        name
        for name, kind in read.schema.items()
        if kind.is_temporal() and (read[name].cast(pl.Date) < FIRST_DAY).any()
    ]
    remarks = told(table, long_numbers)
    if early:
        remarks.append(f"Days before {FIRST_DAY} make these columns texts: {', '.join(f'{table}.{n}' for n in early)}.")
    cells = lists_joined(read).with_columns(pl.col([*long_numbers, *early]).cast(pl.String))
    for name, kind in cells.schema.items():
        if kind == pl.String and (long := int((cells[name].str.len_chars() > LETTERS).sum())):
            cells = cells.with_columns(pl.col(name).str.slice(0, LETTERS))
            remarks.append(f"Cut at {LETTERS:,} letters, whole in the other formats: {long} cells of {table}.{name}.")
    return cells, remarks


def _table(sheet: Worksheet, styles: Styles, read: pl.DataFrame) -> None:
    for place, name in enumerate(read.columns):
        shown = [name, *(str(value) for value in read[name].head(LOOKED_AT).drop_nulls().to_list())]
        sheet.set_column(place, place, min(WIDEST, max(NARROWEST, *(len(text[:WIDEST]) + 1 for text in shown))))
        sheet.write_string(0, place, name, styles.head)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(read.height, 1), read.width - 1)
    writers = [_writer(sheet, styles, kind) for kind in read.dtypes]
    for number, row in enumerate(read.iter_rows(), start=1):
        for place, (value, write_cell) in enumerate(zip(row, writers, strict=True)):
            if value is not None:
                write_cell(number, place, value)


def _writer(sheet: Worksheet, styles: Styles, kind: pl.DataType) -> Callable[[int, int, Any], object]:
    def day(row: int, column: int, value: date) -> object:
        return sheet.write_datetime(row, column, value, styles.moment if isinstance(value, datetime) else styles.day)

    def text(row: int, column: int, value: str) -> object:
        return sheet.write_string(row, column, value, styles.as_text if FORMULA.match(value) else None)

    if kind == pl.Boolean:
        return sheet.write_boolean
    if kind.is_numeric():
        return sheet.write_number
    return day if kind.is_temporal() else text


def _notes(
    sheet: Worksheet,
    styles: Styles,
    selection: Selection,
    sheets: Sequence[tuple[Share, str]],
    remarks: Sequence[str],
) -> None:
    left_out = [*notes.left_out(selection), *remarks]
    for place, width in enumerate(NOTE_WIDTHS):
        sheet.set_column(place, place, width)
    lines = count()
    write = sheet.write_string
    write(next(lines), 0, selection.edition.title, styles.title)
    told_out = [("Left out, and why" if number == 0 else "", line) for number, line in enumerate(left_out)]
    for topic, words in [*notes.facts(selection), *told_out]:
        row = next(lines)
        sheet.set_row(row, LINE_HEIGHT * (1 + len(words) // NOTE_LETTERS))
        write(row, 0, topic, styles.topic)
        sheet.merge_range(row, 1, row, len(NOTE_WIDTHS) - 1, "", styles.wrapped)
        write(row, 1, words, styles.wrapped)
    next(lines)
    _heads(sheet, styles, next(lines), ("Sheet", "Table", "Rests on", "What one row is", "Rows"))
    for share, name in sheets:
        row = next(lines)
        target = name.replace("'", "''")
        sheet.write_url(row, 0, f"internal:'{target}'!A1", string=name)
        for place, words in enumerate((share.table.name, share.table.source, share.table.words), start=1):
            write(row, place, words)
        sheet.write_number(row, 4, share.rows)
    next(lines)
    _heads(sheet, styles, next(lines), ("Table", "Column", "Unit", "What it holds", "Type"))
    for share, _ in sheets:
        for column in share.table.columns:
            row = next(lines)
            cells = (share.table.name, column.name, column.unit, column.words, column.type)
            for place, words in enumerate(cells):
                write(row, place, words)


def _heads(sheet: Worksheet, styles: Styles, row: int, heads: Sequence[str]) -> None:
    for place, head in enumerate(heads):
        sheet.write_string(row, place, head, styles.head)
