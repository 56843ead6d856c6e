"""A delimited file as a frame of texts with the line of each record, or one error that names the source.

Only reading; what the columns mean is each parser's business.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence

import numpy as np
import polars as pl

from pipelines.errors import SourceFormatError

BOM = b"\xef\xbb\xbf"
ROW = "row_number"
COLUMNS = 10_000
"""Cells that a header may have; the widest known one has 86."""
BLOCK = 2**20
"""Bytes looked through at once."""
Wrong = Callable[[int | None, str, object], SourceFormatError]


def read(
    payload: bytes,
    source: str,
    file: str,
    columns: Sequence[str],
    header: bytes | None = None,
    *,
    short: bool = False,
) -> pl.DataFrame:
    """Every column of a CSV as text, empty cells null, after `row_number`: the line of the record as an editor counts.

    Parameters
    ----------
    columns : names that must be there, once each
    header : how the header begins, where lines of another kind come before it
    short : records may end before the last columns, whose cells are then null

    Raises
    ------
    SourceFormatError
        Not a CSV file in UTF-8 with records of one width, or a column is missing.
    """

    def wrong(row: int | None, expected: str, found: object) -> SourceFormatError:
        return SourceFormatError(source, file, row, expected, found)

    text = payload.removeprefix(BOM)
    if text[:1000].lstrip().startswith(b"<"):
        raise wrong(None, "a CSV file", f"a page of markup, {text[:40]!r}")
    _check_encoding(text, wrong)
    if not text or text.isspace():
        raise wrong(None, "records", "an empty file")
    before = 0
    if header is not None:
        start = text.find(header)
        if start < 0:
            raise wrong(None, f"a header that begins with {header.decode()}", text[:60])
        before, text = text.count(b"\n", 0, start), text[start:]
    text, lines, cells, first = _records(text, before, wrong)
    if cells[0] > COLUMNS:
        raise wrong(int(lines[0]), f"at most {COLUMNS:,} columns", f"{cells[0]:,}")
    _check_columns(_parse(first, wrong).columns, columns, int(lines[0]), wrong)
    # the reader of polars fills a short record with nulls, so widths are counted here
    uneven = cells > cells[0] if short else cells != cells[0]
    if uneven.any():
        at = int(uneven.argmax())
        raise wrong(int(lines[at]), f"{cells[0]} cells, as in the header", f"{cells[at]}")
    if len(lines) == 1:
        raise wrong(None, "records under the header", "none")
    table = _parse(text, wrong)
    if table.height != len(lines) - 1:  # a quote inside a cell that has none around it
        raise wrong(None, f"{len(lines) - 1} records", f"{table.height}")
    return table.insert_column(0, pl.Series(ROW, lines[1:], pl.Int64))


def _records(text: bytes, before: int, wrong: Wrong) -> tuple[bytes, np.ndarray, np.ndarray, bytes]:
    """The text without empty lines; the line on which each record begins, and its cells; the header, first of them."""
    array = np.frombuffer(text, np.uint8)
    newlines, ends, commas, closed = _marks(array)
    if not closed:
        line = before + int(np.searchsorted(newlines, text.rindex(b'"'))) + 1
        raise wrong(line, "a quote that is closed", "the end of the file inside a quote")
    ends = np.append(ends, len(text))
    begins = np.append(0, ends[:-1] + 1)
    cells = np.diff(np.searchsorted(commas, np.append(begins, len(text)))) + 1
    size = ends - begins
    empty = (size == 0) | ((size == 1) & (array[np.minimum(begins, len(text) - 1)] == ord("\r")))
    full = np.flatnonzero(~empty)
    first = text[begins[full[0]] : ends[full[0]]]
    if empty[:-1].any():  # polars takes an empty line for a record of nulls
        kept = np.ones(len(text) + 1, bool)
        kept[begins[empty]] = kept[ends[empty]] = False
        text = array[kept[:-1]].tobytes()
    return text, before + np.searchsorted(newlines, begins[full]) + 1, cells[full], first


def _marks(array: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, bool]:
    """Places of all newlines, of those outside quotations, and of commas outside; whether the last quotation is closed.

    A block at a time, so that what a file of any size needs for this stays in the processor's caches.
    """
    newlines, ends, commas, inside = [], [], [], np.uint8(0)
    for start in range(0, max(array.size, 1), BLOCK):
        part = array[start : start + BLOCK]
        # whether the number of quotes up to each byte is odd: in eight bits it may run over
        quoted = (np.cumsum((part == ord('"')).view(np.uint8), dtype=np.uint8) + inside) & 1
        inside = quoted[-1]
        newline, comma = np.flatnonzero(part == ord("\n")), np.flatnonzero(part == ord(","))
        newlines.append(start + newline)
        ends.append(start + newline[quoted[newline] == 0])
        commas.append(start + comma[quoted[comma] == 0])
    return np.concatenate(newlines), np.concatenate(ends), np.concatenate(commas), inside == 0


def _parse(text: bytes, wrong: Wrong) -> pl.DataFrame:
    try:
        return pl.read_csv(text, infer_schema=False, null_values="")
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise wrong(None, "a CSV file", str(error).partition("\n")[0]) from error


def _check_columns(names: Sequence[str], columns: Sequence[str], line: int, wrong: Wrong) -> None:
    if missing := [name for name in columns if name not in names]:
        raise wrong(line, "the columns " + ", ".join(columns), f"no {', '.join(missing)}")
    if twice := [name for name in columns if f"{name}_duplicated_0" in names]:  # the name polars gives the second
        raise wrong(line, f"one column {twice[0]}", "several")
    if ROW in names:
        raise wrong(line, f"no column {ROW}, for that is the line of the record", "one")


def _check_encoding(text: bytes, wrong: Wrong) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(text), BLOCK):
        begun = len(decoder.getstate()[0])  # bytes of a sign that the block before has cut
        try:
            decoder.decode(text[start : start + BLOCK], final=start + BLOCK >= len(text))
        except UnicodeDecodeError as error:
            at = start - begun + error.start
            raise wrong(text.count(b"\n", 0, at) + 1, "UTF-8", f"byte {text[at]:#x}") from error
    if b"\0" in text:
        raise wrong(text.count(b"\n", 0, text.index(b"\0")) + 1, "text", "a zero byte")
