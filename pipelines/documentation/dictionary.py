"""The data dictionary: every table, view and macro of the published database, every column with type, unit, meaning.

Read from an empty database that is laid out as the published one is, so that no word is written a second time.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from pipelines import warehouse
from pipelines.documentation.markdown import anchor, prose, rows

OPENING = """\
# Data dictionary

Every table, view and macro of the published database, as described in `pipelines/schemas/` and `pipelines/views.py`;
the same words are the comments in the database and the rows of `meta.columns`. Units are written out, money is at 2020
prices where the unit says so, a fraction is between 0 and 1, and *as the column unit says* points to the column `unit`
of the same row. Tables of `staging` keep a source's own labels and are empty until `make refresh` and `make run`.
"""
TITLES = {
    "main": "Views for people",
    "core": "core: data",
    "model": "model: results",
    "meta": "meta: about the run",
    "staging": "staging: sources in their own labels",
}


def page() -> str:
    """The whole page."""
    from pipelines.assets.publication import SCHEMAS

    with duckdb.connect() as connection:
        warehouse.lay_out(connection, [warehouse.Table(schema, ()) for schema in SCHEMAS])
        return "\n".join([OPENING, _macros(connection), *(_schema(connection, name) for name in TITLES)])


def _macros(connection: duckdb.DuckDBPyConnection) -> str:
    found = connection.execute(
        "select function_name, comment from duckdb_functions() where not internal order by function_name"
    ).fetchall()
    return "\n".join(["## Macros\n", *(f"### {name}\n\n{prose(comment)}.\n" for name, comment in found)])


def _schema(connection: duckdb.DuckDBPyConnection, schema: str) -> str:
    tables = connection.execute(
        """
        select table_name, comment from duckdb_tables() where schema_name = $1 union all
        select view_name, comment from duckdb_views() where schema_name = $1 and not internal order by 1
        """,
        [schema],
    ).fetchall()
    parts = [f"## {TITLES[schema]}\n"]
    for table, comment in tables:
        name = table if schema == "main" else f"{schema}.{table}"
        columns = connection.execute(
            "select column_name, type, unit, description from meta.columns where (table_schema, table_name) = ($1, $2)",
            [schema, table],
        ).fetchall()
        parts += [f"### {name} {{ #{anchor(name)} }}\n", f"{prose(comment)}.\n", _columns(columns), ""]
    return "\n".join(parts)


def _columns(columns: Sequence[Sequence[str]]) -> str:
    return rows(
        ("column", "type", "unit", "description"),
        [(f"`{name}`", kind.lower(), prose(unit), prose(words)) for name, kind, unit, words in columns],
    )
