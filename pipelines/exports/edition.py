"""An edition as an export sees it: its run, its tables with their words and units, its sources with their licences.

Everything comes from the published database. Which tables are exported is decided in `selection`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """A published column: its type in DuckDB, its unit and what it holds."""

    name: str
    type: str
    unit: str
    words: str

    @property
    def is_label(self) -> bool:
        """Whether the unit says no more than that the column is text or a code."""
        return self.unit in ("label", "")


@dataclass(frozen=True)
class Table:
    """A table or view: what one row is, what it rests on, its columns in order."""

    schema: str
    bare_name: str
    words: str
    source: str
    columns: tuple[Column, ...]

    @property
    def name(self) -> str:
        """The name as in SQL: views of schema main without it."""
        return self.bare_name if self.schema == "main" else f"{self.schema}.{self.bare_name}"

    @property
    def stem(self) -> str:
        """The name of its files, without an ending; no dot, since Stata takes what follows one for an ending."""
        return self.name.replace(".", "_")

    @property
    def quoted(self) -> str:
        """The name as SQL takes it whatever letters are in it."""
        return f"{identifier(self.schema)}.{identifier(self.bare_name)}"

    def has(self, column: str) -> bool:
        """Whether there is a column of that name."""
        return any(found.name == column for found in self.columns)


@dataclass(frozen=True)
class Edition:
    """What is published: the run behind it, every table and view by name, `meta.sources` by source_id."""

    run: Row
    tables: Mapping[str, Table]
    sources: Mapping[str, Row]

    @property
    def name(self) -> str:
        """Its month, YYYY-MM."""
        return str(self.run["edition"])

    @property
    def title(self) -> str:
        """What it is called in a file's title."""
        return f"CyberAccord, edition {self.name}"

    @property
    def run_line(self) -> str:
        """The run in one line: id, draws, seed, code, day of the data."""
        run = self.run
        code = f", code {str(run['git_commit'])[:12]}" if run.get("git_commit") else ""
        return (
            f"run {run['run_id']}, {run['draws']:,} draws, seed {run['seed']}{code}, data as of {run['as_of']}, "
            f"published {run['created_at']:%Y-%m-%d %H:%M} UTC"
        )


def read(connection: duckdb.DuckDBPyConnection) -> Edition:
    """The edition that a database holds."""
    words = {
        (space, name): str(comment or "")
        for space, name, comment in ask(
            connection,
            "select schema_name, table_name, comment from duckdb_tables() where not internal union all "
            "select schema_name, view_name, comment from duckdb_views() where not internal",
        )
    }
    columns: dict[tuple[str, str], list[Column]] = {key: [] for key in words}
    # in the table's own order, which meta.columns does not keep
    listed = ask(
        connection,
        """
        select d.schema_name, d.table_name, d.column_name, c.type, c.unit, c.description
        from duckdb_columns() as d join meta.columns as c
            on c.table_schema = d.schema_name and c.table_name = d.table_name and c.column_name = d.column_name
        order by d.schema_name, d.table_name, d.column_index
        """,
    )
    for space, table, name, kind, unit, description in listed:
        columns[space, table].append(Column(name, kind, unit or "", description or ""))
    tables = {}
    for (space, name), comment in sorted(words.items(), key=lambda item: (item[0][0] != "main", item[0])):
        what, _, source = comment.rpartition(". Source: ")
        table = Table(space, name, what or comment, source, tuple(columns[space, name]))
        tables[table.name] = table
    sources = rows(connection, "from meta.sources order by source_id")
    run = rows(connection, "from meta.runs order by created_at desc limit 1")[0]
    return Edition(run, tables, {str(row["source_id"]): row for row in sources})


def ask(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    """All rows of a query, so that the connection is free for the next."""
    return connection.execute(query).fetchall()


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """The rows of a query by column name."""
    answer = connection.execute(query)
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def identifier(name: str) -> str:
    """A name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL takes it."""
    return "'" + text.replace("'", "''") + "'"
