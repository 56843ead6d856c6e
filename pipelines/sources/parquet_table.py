"""A Parquet file as a frame, or one error that names the source; and its columns.

DuckDB reads what others wrote, since polars asks for as much memory as a damaged length says, which ends the whole
process; it writes the rows again, and polars reads those. What the columns mean is each parser's business.
"""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb
import polars as pl

from pipelines.errors import SourceFormatError

ROWS = 5_000_000
"""Rows that a table may have, for a few bytes may say billions of equal ones; the largest known has 413,525."""
SETTINGS = {"memory_limit": "2GB", "temp_directory": "", "threads": "1", "autoinstall_known_extensions": "false"}
PLAIN = {
    *("boolean", "tinyint", "smallint", "integer", "bigint", "utinyint", "usmallint", "uinteger", "ubigint"),
    *("float", "double", "decimal", "varchar", "date"),
}
"""Types of DuckDB that a column may have: texts, numbers and days, no lists, structures or bytes."""


def read(payload: bytes, source: str, file: str, columns: Sequence[str]) -> pl.DataFrame:
    """The columns asked for, in the types of the file, after `row_number`, from 1.

    Raises
    ------
    SourceFormatError
        Not a Parquet file, too many rows, or a column is missing or holds lists, structures or bytes.
    OSError
        The temporary folder cannot be written, as on a full disk.
    """

    def wrong(expected: str, found: object) -> SourceFormatError:
        return SourceFormatError(source, file, None, expected, found)

    names = ", ".join('"' + name.replace('"', '""') + '"' for name in columns)
    try:
        with _opened(payload) as (connection, place):
            types = _types(connection, place)
            if missing := [name for name in columns if name not in types]:
                raise wrong("the columns " + ", ".join(columns), f"no {', '.join(missing)}")
            if odd := [name for name in columns if types[name] not in PLAIN]:
                raise wrong("texts and numbers", f"{types[odd[0]]} in {odd[0]}")
            count = "select num_rows from parquet_file_metadata(?)"
            [(rows,)] = connection.execute(count, [place]).fetchall()
            if rows > ROWS:
                raise wrong(f"at most {ROWS:,} rows", f"{rows:,}")
            connection.execute(f"create temporary table found as select {names} from read_parquet(?)", [place])
            table = _written_again(connection, place + ".again")
    except (duckdb.Error, pl.exceptions.PolarsError) as error:
        raise wrong("a Parquet file", str(error).replace(place, file).partition("\n")[0]) from error
    return table.with_row_index("row_number", offset=1).cast({"row_number": pl.Int64})


def _written_again(connection: duckdb.DuckDBPyConnection, place: str) -> pl.DataFrame:
    """The rows that were found, by a file that is ours: what fails here is the disk."""
    try:
        connection.execute("copy found to ? (format parquet, compression uncompressed)", [place])
    except duckdb.IOException as error:
        raise OSError(errno.EIO, str(error), place) from error
    return pl.read_parquet(place)


def columns(payload: bytes) -> list[str]:
    """Names of the columns; empty for what is no Parquet file."""
    try:
        with _opened(payload) as (connection, place):
            return list(_types(connection, place))
    except duckdb.Error:
        return []


def _types(connection: duckdb.DuckDBPyConnection, place: str) -> dict[str, str]:
    described = connection.execute("describe select * from read_parquet(?)", [place]).fetchall()
    return {name: kind.partition("(")[0].lower() for name, kind, *_ in described}


@contextmanager
def _opened(payload: bytes) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
    """A connection that reads files only, and where the bytes are."""
    with tempfile.TemporaryDirectory() as folder, _database().cursor() as connection:
        place = Path(folder) / "table.parquet"
        place.write_bytes(payload)
        try:
            yield connection, str(place)
        except (duckdb.FatalException, duckdb.InternalException):  # which leave a database that answers no more
            _database.cache_clear()
            raise


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """An empty database of this process: opening one takes longer than reading a small file."""
    return duckdb.connect(config=SETTINGS)
