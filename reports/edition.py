"""The answers that a report rests on: every query of queries.py asked of one published database.

What is done with the answers is in text.py, titles.py, tables.py and figures.py.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from reports.queries import FOCUS, LATER, QUERIES, asked

Row = dict[str, Any]


class NotEstimated(LookupError):
    """A part of the report asks for rows that this edition does not have; the page says so in its place."""


@dataclass(frozen=True)
class Edition:
    """The answers to QUERIES for one published database, one frame a name; focus: the scenario they are about."""

    frames: dict[str, pl.DataFrame]
    focus: str = FOCUS

    def rows(self, name: str, **where: object) -> list[Row]:
        """Rows of a frame as dictionaries, those whose columns equal `where`, in the query's order."""
        found = list(self.frames[name].iter_rows(named=True))
        return [row for row in found if all(row.get(key) == value for key, value in where.items())]

    def one(self, name: str, **where: object) -> Row | None:
        """The first row that equals `where`, or None."""
        found = self.rows(name, **where)
        return found[0] if found else None

    @property
    def run(self) -> Row:
        """The run behind this edition."""
        row = self.one("runs")
        if row is None:
            raise ValueError("meta.runs is empty: the published database names no run")
        return row


LONGEST = 2000
"""Characters of a text that are printed; the database has the whole."""
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Characters that are not seen and change what is: controls, and marks that turn the direction of what follows."""


def _plain(value: object) -> object:
    """A value as the report prints and computes with it: decimals of SQL as floats, texts without unseen characters.

    An unseen character is shown as the replacement character, so that nothing vanishes; a text that is too long ends
    in a note.
    """
    if isinstance(value, Decimal):
        return float(value)
    if not isinstance(value, str):
        return value
    shown = UNSEEN.sub("\ufffd", value)
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]} … ({len(shown) - LONGEST:,} more characters)"


def read(database: Path, focus: str | None = None) -> Edition:
    """Ask every query, read-only, about a scenario: the op-ed's, or where it was not computed the first that was.

    A table that is not there, and a column that an older edition lacks, answer without rows: the report says so in
    its place. Without meta.runs there is no edition: ValueError, as for any query that fails.
    """
    frames = {}
    with duckdb.connect(str(database), read_only=True) as connection:
        focus = focus or _focus(connection)
        for name in QUERIES | LATER:
            try:
                answer = connection.execute(asked(name, focus))
                columns = [column[0] for column in answer.description]
                rows = [[_plain(value) for value in row] for row in answer.fetchall()]
            except duckdb.Error as error:
                is_gone = isinstance(error, duckdb.CatalogException) and name != "runs"
                if is_gone or (name in LATER and isinstance(error, duckdb.BinderException)):
                    frames[name] = pl.DataFrame()
                    continue
                raise ValueError(
                    f"{database}: the report's query {name!r} fails: {str(error).splitlines()[0]}"
                ) from error
            frames[name] = pl.DataFrame(rows, schema=columns, orient="row", infer_schema_length=None)
    return Edition(frames, focus)


def _focus(connection: duckdb.DuckDBPyConnection) -> str:
    try:
        found = connection.execute(
            "select distinct scenario, scenario <> ? as is_other from headline where scenario <> 'status_quo' "
            "order by is_other, scenario",
            [FOCUS],
        ).fetchall()
    except duckdb.CatalogException:
        return FOCUS
    return str(found[0][0]) if found else FOCUS
