"""The published database: built beside from the Parquet tables, checked, then swapped in whole.

The only writer of store/published/*.duckdb. What its tables mean is in schemas/, its views in `views`.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandera.polars as pa

from pipelines import store, whole_file
from pipelines.schemas.tables import source_of, unit_of
from pipelines.views import MACROS, VIEWS

SCHEMAS = ("staging", "core", "model", "meta")
STORAGE = "v1.5.0"
"""Oldest DuckDB that can open the file."""


class PublicationError(Exception):
    """The database that was built is not fit to be published; the old one stays."""


@dataclass(frozen=True)
class Table:
    """A table to publish: its description and the Parquet files that hold it."""

    schema: pa.DataFrameSchema
    files: tuple[Path, ...]


def tables_on_disk(schemas: Sequence[pa.DataFrameSchema], folder: Path, may_lack: Collection[str] = ()) -> list[Table]:
    """The tables described, with the files that the assets wrote to `table_files.at_hand`; PublicationError for none.

    Tables in `may_lack` are published without rows where no asset wrote them.
    """
    found = []
    for schema in schemas:
        base = folder.joinpath(*str(schema.name).split("."))
        whole = base.with_name(base.name + ".parquet")
        files = (whole,) if whole.exists() else tuple(sorted(base.glob("[!.]*.parquet")))
        if not files and schema.name not in may_lack:
            raise PublicationError(f"{schema.name} has no file in {base.parent}: materialize it, then publish")
        found.append(Table(schema, files))
    return found


def publish(tables: Sequence[Table], run: Mapping[str, object], edition: str) -> Path:
    """Build, check and swap in an edition; return its path. A failure before the swap leaves everything as it was.

    The edition's file first, then the current one: a kill between the two leaves the current file with the run before,
    and the edition with this one. Each is whole, and the next run replaces both.
    """
    target, current = store.database(edition), store.database()
    with whole_file.room(current.parent) as beside:
        built, copy = beside / target.name, beside / current.name
        build(tables, run, built)
        shutil.copyfile(built, copy)
        target.parent.mkdir(parents=True, exist_ok=True)
        whole_file.swap_in(built, target)
        whole_file.swap_in(copy, current)
    for old in sorted(target.parent.glob("[0-9]*.duckdb"))[: -store.EDITIONS_KEPT]:
        old.unlink()
    return target


def build(tables: Sequence[Table], run: Mapping[str, object], path: Path) -> None:
    """Write a database of the tables, views and macros, each described, and check it."""
    with duckdb.connect(str(path), config={"storage_compatibility_version": STORAGE}) as connection:
        connection.begin()  # one commit: each of some four hundred statements would be written out alone
        lay_out(connection, tables)
        columns = list(run)
        placeholders = ", ".join("?" for _ in columns)
        connection.execute(f"insert into meta.runs ({', '.join(columns)}) values ({placeholders})", list(run.values()))
        check(connection, tables)
        connection.commit()


def lay_out(connection: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> None:
    """Create the tables, views and macros, each described, and list their columns in meta.columns."""
    for name in SCHEMAS:
        connection.execute(f"create schema {name}")
    units: dict[tuple[str, str, str], str] = {}
    for table in tables:
        _create(connection, table, units)
    _create_views(connection, units)
    _list_columns(connection, units)


def _create(connection: duckdb.DuckDBPyConnection, table: Table, units: dict[tuple[str, str, str], str]) -> None:
    schema = table.schema
    names = ", ".join(f'"{name}"' for name in schema.columns)
    if table.files:
        files = ", ".join(_quoted(str(file)) for file in table.files)
        connection.execute(f"create table {schema.name} as select {names} from read_parquet([{files}])")
    else:
        typed = ", ".join(f'"{name}" {_type(built)}' for name, built in schema.columns.items())
        connection.execute(f"create table {schema.name} ({typed})")
    words = f"{schema.description}. Source: {source_of(schema)}"
    connection.execute(f"comment on table {schema.name} is {_quoted(words)}")
    space, name = str(schema.name).split(".")
    for column, built in schema.columns.items():
        _describe(connection, (space, name, column), unit_of(built), str(built.description or ""), units)


def _create_views(connection: duckdb.DuckDBPyConnection, units: dict[tuple[str, str, str], str]) -> None:
    for view in VIEWS:
        connection.execute(f"create view main.{view.name} as {view.sql}")
        connection.execute(f"comment on view main.{view.name} is {_quoted(view.comment)}")
        for column, (unit, words) in view.columns.items():
            _describe(connection, ("main", view.name, column), unit, words, units)
    for macro in MACROS:
        connection.execute(f"create macro main.{macro.name}{macro.definition}")
        kind = "macro table" if macro.is_table else "macro"
        connection.execute(f"comment on {kind} main.{macro.name} is {_quoted(macro.comment)}")


def _describe(
    connection: duckdb.DuckDBPyConnection,
    column: tuple[str, str, str],
    unit: str,
    words: str,
    units: dict[tuple[str, str, str], str],
) -> None:
    units[column] = unit
    comment = f"{words} [{unit}]" if unit and words else words
    connection.execute(f'comment on column {column[0]}.{column[1]}."{column[2]}" is {_quoted(comment)}')


def _list_columns(connection: duckdb.DuckDBPyConnection, units: Mapping[tuple[str, str, str], str]) -> None:
    rows = connection.execute(
        "select schema_name, table_name, column_name, data_type, comment from duckdb_columns() where not internal"
    ).fetchall()
    listed = []
    for space, table, column, kind, comment in rows:
        unit = units.get((space, table, column), "")
        listed.append((space, table, column, kind, unit, str(comment or "").removesuffix(f" [{unit}]")))
    connection.executemany("insert into meta.columns values (?, ?, ?, ?, ?, ?)", sorted(listed))


def check(connection: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> None:
    """PublicationError for a table that lost rows, an empty headline, or anything without a comment."""

    def ask(sql: str) -> list[tuple[object, ...]]:
        return connection.execute(sql).fetchall()

    for table in tables:
        if table.files:
            files = ", ".join(_quoted(str(file)) for file in table.files)
            (stored,), (written,) = ask(f"select count(*) from {table.schema.name}") + ask(
                f"select count(*) from read_parquet([{files}])"
            )
            if stored != written:
                raise PublicationError(f"{table.schema.name}: {stored} rows published of {written}")
    bare = ask(
        """
        select schema_name || '.' || table_name || '.' || column_name from duckdb_columns()
            where not internal and coalesce(comment, '') = ''
        union all select schema_name || '.' || table_name from duckdb_tables() where not internal and comment is null
        union all select schema_name || '.' || view_name from duckdb_views() where not internal and comment is null
        union all select function_name from duckdb_functions() where not internal and comment is null
        """
    )
    if bare:
        raise PublicationError(f"without a comment: {', '.join(str(name) for (name,) in bare)}")
    if not ask("from headline limit 1"):
        raise PublicationError("the headline is empty: no scenario was evaluated")
    for view in VIEWS:
        names = [str(name) for (name,) in ask(f"select column_name from (describe {view.name})")]
        if names != list(view.columns):
            raise PublicationError(f"view {view.name} has columns {names}, described are {list(view.columns)}")


def _type(built: pa.Column) -> str:
    """The DuckDB type of a described column; only for tables that no asset writes."""
    name = str(built.dtype.type)
    kinds = (("String", "VARCHAR"), ("List(String)", "VARCHAR[]"), ("Int64", "BIGINT"), ("Int32", "INTEGER"))
    for start, kind in (*kinds, ("Date(", "DATE")):
        if name.startswith(start):
            return kind
    return {"Date": "DATE", "Boolean": "BOOLEAN", "Float64": "DOUBLE"}.get(name, "TIMESTAMP")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
