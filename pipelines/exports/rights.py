"""What of a table may be passed on: the rows of sources whose card or entry says `redistributable: yes`.

Three kinds of table:

- Computed by us: schema `model`, what `meta` says of the run, counts. They go whole, whatever source is behind them.
- Figures with a citation: the reference tables of schema `core`. They hold numbers, dates and codes, none of a source's
  text and no rows of incidents (CONTRIBUTING), ship with the project, and go whole.
- Rows of a source: schema `staging`, and every table outside `model` that rests on it or on the vintages, directly or
  through another. Of them a row goes where each source behind it may be redistributed; `source_id` or `sources` tells,
  else the table's own source does. "not confirmed" is no permission.

Which tables are of the third kind follows from what the database says each rests on, so that a new table of records is
held back until somebody says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from pipelines.exports.edition import Edition, Table, ask, identifier, literal

GRANTED = "yes"
RECORDS = ("staging", "store/vintages")
"""What a table rests on where its rows are those of a source."""
COUNTS = ("meta.source_tables",)
"""Tables made from the vintages that hold counts of rows and no row."""
UNKNOWN, UNNAMED = "not in meta.sources", "a source that no column names"


@dataclass(frozen=True)
class LeftOut:
    """Rows of a table that stay here, and whose they are: source_id with what `redistributable` says of it."""

    table: str
    rows: int
    of: int
    sources: Mapping[str, str]

    @property
    def why(self) -> str:
        """The sources, each with its status: "cfr (no), eurepoc (not confirmed)"."""
        return ", ".join(f"{name} ({status})" for name, status in sorted(self.sources.items()))

    @property
    def what(self) -> str:
        """The table and the rows: "core.losses (all 15,918 rows)"."""
        part = f"all {self.rows:,} rows" if self.rows == self.of else f"{self.rows:,} of {self.of:,} rows"
        return f"{self.table} ({part})"

    @property
    def line(self) -> str:
        """One line: table, rows, sources."""
        return f"{self.what}, of {self.why}"


@dataclass(frozen=True)
class Share:
    """The part of a table that may go: a query, its rows, and what is left out (None: nothing)."""

    table: Table
    query: str
    rows: int
    left_out: LeftOut | None = None


def of_sources(edition: Edition) -> set[str]:
    """Names of the tables whose rows are those of sources."""
    found = {name for name, table in edition.tables.items() if table.schema == "staging"}
    grew = True
    while grew:
        more = {
            name
            for name, table in edition.tables.items()
            if name not in found and table.schema != "model" and name not in COUNTS and _rests_on(table, found)
        }
        found |= more
        grew = bool(more)
    return found


def _rests_on(table: Table, found: set[str]) -> bool:
    named = set(re.findall(r"[a-z_]\w*\.\w+", table.source))
    return any(word in table.source for word in RECORDS) or bool(named & found)


def share(connection: duckdb.DuckDBPyConnection, edition: Edition, table: Table, is_of_sources: bool) -> Share:
    """What of a table may be passed on."""
    ((total,),) = ask(connection, f"select count(*) from {table.quoted}")
    everything = f"select * from {table.quoted}"
    if not is_of_sources or total == 0:
        return Share(table, everything, total)
    granted = [name for name, row in edition.sources.items() if row["redistributable"] == GRANTED]
    behind, may_go = _whose(table, granted)
    sources = {
        str(name): str(edition.sources[name]["redistributable"]) if name in edition.sources else UNKNOWN
        for (name,) in ask(
            connection,
            f"select distinct source from (select unnest({behind}) as source from {table.quoted} where not {may_go}) "
            f"where not {_is_in('source', granted)}",
        )
    }
    ((going,),) = ask(connection, f"select count(*) from {table.quoted} where {may_go}")
    left_out = LeftOut(table.name, total - going, total, sources) if going < total else None
    return Share(table, f"{everything} where {may_go}", going, left_out)


def _whose(table: Table, granted: list[str]) -> tuple[str, str]:
    """SQL of the sources behind a row, as a list, and of whether all of them may be redistributed; never null."""
    if table.has("sources"):
        names = "coalesce(sources, []::varchar[])"
        allowed = "[" + ", ".join(literal(name) for name in granted) + "]::varchar[]"
        return f"{names}", f"(len({names}) > 0 and list_has_all({allowed}, {names}))"
    if table.has("source_id"):
        whose = identifier("source_id")
    else:  # a staging table is of the source it rests on; any other table of records that does not say stays
        whose = literal(table.source if table.schema == "staging" else UNNAMED)
    return f"[coalesce({whose}, {literal(UNNAMED)})]", f"coalesce({_is_in(whose, granted)}, false)"


def _is_in(what: str, names: list[str]) -> str:
    return f"{what} in ({', '.join(literal(name) for name in names)})" if names else "false"
