"""A delimited file as a frame of texts with the columns a parser needs, or one error that names the source.

Only reading; what the columns mean is each parser's business.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipelines.errors import SourceFormatError


def read(payload: bytes, source: str, file: str, columns: Sequence[str]) -> pl.DataFrame:
    """Every column of a CSV as text, without a byte order mark.

    Raises
    ------
    SourceFormatError
        Not a CSV file in UTF-8 with records of one width, or a column is missing.
    """
    try:
        table = pl.read_csv(payload.removeprefix(b"\xef\xbb\xbf"), infer_schema=False)
    except pl.exceptions.PolarsError as error:
        raise SourceFormatError(source, file, None, "a CSV file in UTF-8", str(error)) from error
    if missing := [name for name in columns if name not in table.columns]:
        raise SourceFormatError(source, file, 1, "the columns " + ", ".join(columns), f"no {', '.join(missing)}")
    return table
