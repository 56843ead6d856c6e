"""Excel workbooks from outside, looked at before they are opened: an archive, and cells that do not lie far apart.

The reader makes room for every cell between the first and the last one, so a cell in the last corner of an empty sheet
would take all memory there is. It gets the bytes that were counted, packed anew, and nothing else of the file.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from pipelines.errors import SourceFormatError
from pipelines.sources.archives import Archive

if TYPE_CHECKING:
    import polars as pl

CELLS = 5_000_000
"""Cells that a sheet may span; the largest known one spans 17,000."""
PARTS = re.compile(r"(?:xl/|_rels/|docprops/).*\.(?:xml|rels)|\[content_types\]\.xml", re.IGNORECASE)
PLACE = re.compile(rb"""<(?:\w+:)?(?:c|row)\b[^>]*?\sr\s*=\s*["']([^"']*)["']""")
CELL = re.compile(rb"([A-Z]{0,3})([0-9]{1,7})")


def sheet(payload: bytes, source: str, file: str, begins: str) -> tuple[str, pl.DataFrame]:
    """Name and content of the one sheet whose name begins so; SourceFormatError for anything else.

    The first row holds the names of the columns; types are those of the cells.
    """
    import fastexcel  # a tenth of a second that only workbooks need
    import polars as pl

    def wrong(expected: str, found: object) -> SourceFormatError:
        return SourceFormatError(source, file, None, expected, found)

    parts = {name: content for name, content in Archive(payload, source, file).members().items() if PARTS.match(name)}
    for name, content in parts.items():
        if (span := _span(content)) > CELLS:
            raise wrong(f"at most {CELLS:,} cells in a sheet", f"{span:,} in {name}")
        if span < 0:
            raise wrong("cells with a place such as B7", f"another one in {name}")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    try:
        workbook = fastexcel.read_excel(target.getvalue())
        names = [name for name in workbook.sheet_names if name.startswith(begins)]
        if len(names) != 1:
            raise wrong(f"one sheet {begins}...", ", ".join(workbook.sheet_names))
        return names[0], pl.DataFrame(workbook.load_sheet(names[0]))
    except (fastexcel.FastExcelError, pl.exceptions.PolarsError) as error:
        raise wrong("an Excel workbook", str(error).partition("\n")[0]) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the reader's own, which it gives no name to import
            raise
        raise wrong("an Excel workbook", str(error).partition("\n")[0]) from error


def _span(content: bytes) -> int:
    """Cells between the first corner of a sheet and its last row and column; -1 for a place that is none."""
    rows = columns = 1
    for place in PLACE.findall(content):
        found = CELL.fullmatch(place)
        if found is None:
            return -1
        column = 0
        for letter in found[1]:
            column = 26 * column + letter - 64
        rows, columns = max(rows, int(found[2])), max(columns, column)
    return rows * columns
