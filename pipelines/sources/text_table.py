"""A delimited file as a frame of texts with the line of each record, or one error that names the source.

Only reading; what the columns mean is each parser's business.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from pipelines.errors import SourceFormatError

BOM = b"\xef\xbb\xbf"
PAGE = (b"<!doctype", b"<html", b"<?xml", b"<head")


def read(payload: bytes, source: str, file: str, columns: Sequence[str], header: bytes | None = None) -> pl.DataFrame:
    """Every column of a CSV as text, empty cells null, after `row_number`: the line of the record as an editor counts.

    Parameters
    ----------
    columns : names that must be there
    header : how the header begins, where lines of another kind come before it

    Raises
    ------
    SourceFormatError
        Not a CSV file in UTF-8 with records of one width, or a column is missing.
    """

    def wrong(row: int | None, expected: str, found: object) -> SourceFormatError:
        return SourceFormatError(source, file, row, expected, found)

    text = payload.removeprefix(BOM)
    if text[:200].lstrip().lower().startswith(PAGE):
        raise wrong(None, "a CSV file", f"a page of markup, {text[:40]!r}")
    _check_encoding(text, wrong)
    if not text.strip():
        raise wrong(None, "records", "an empty file")
    before = 0
    if header is not None:
        start = text.find(header)
        if start < 0:
            raise wrong(None, f"a header that begins with {header.decode()}", text[:60])
        before, text = text.count(b"\n", 0, start), text[start:]
    starts, open_from = _records(text)
    if open_from is not None:
        raise wrong(before + open_from, "a quote that is closed", "the end of the file inside a quote")
    try:
        table = pl.read_csv(text, infer_schema=False, null_values="")
    except pl.exceptions.PolarsError as error:
        raise wrong(None, "records as wide as the header", str(error).partition("\n")[0]) from error
    if missing := [name for name in columns if name not in table.columns]:
        raise wrong(before + 1, "the columns " + ", ".join(columns), f"no {', '.join(missing)}")
    if table.height > len(starts) - 1:  # polars takes an empty line for a record of nulls
        table = table.filter(~pl.all_horizontal(pl.all().is_null()))
    if table.is_empty():
        raise wrong(None, "records under the header", "none")
    if len(starts) != table.height + 1:
        raise wrong(None, f"{len(starts) - 1} records", f"{table.height}")
    if not text.endswith((b"\n", b"\r")) and table.width > 1 and table[-1, -1] is None:
        last = text[text.rfind(b"\n") + 1 :]
        if last.count(b",") < table.width - 1:
            raise wrong(before + int(starts[-1]), "a last record as wide as the header", last[:60])
    return table.insert_column(0, pl.Series("row_number", starts[1:] + before, pl.Int64))


def _records(text: bytes) -> tuple[np.ndarray, int | None]:
    """The line on which each record begins, the header's first; and the line of a quote that is never closed."""
    array = np.frombuffer(text, np.uint8)
    newlines = np.flatnonzero(array == ord("\n"))
    quotes = np.flatnonzero(array == ord('"'))
    outside = newlines[np.searchsorted(quotes, newlines) % 2 == 0]
    begins = np.concatenate([[0], outside + 1])
    ends = np.append(outside, len(text))
    begins = begins[: len(ends)]
    # an empty line is no record
    full = (ends - begins > 1) | ((ends - begins == 1) & (array[np.minimum(begins, len(text) - 1)] != ord("\r")))
    starts = np.searchsorted(newlines, begins[full]) + 1
    unclosed = int(np.searchsorted(newlines, quotes[-1])) + 1 if len(quotes) % 2 else None
    return starts, unclosed


def _check_encoding(text: bytes, wrong: object) -> None:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise wrong(line, "UTF-8", f"byte {text[error.start]:#x}") from error  # type: ignore[operator]
    if b"\0" in text:
        raise wrong(text.count(b"\n", 0, text.index(b"\0")) + 1, "text", "a zero byte")  # type: ignore[operator]
