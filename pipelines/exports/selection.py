"""Which tables an export takes: those asked for, without the rows that may not be passed on.

By default every view and table of the edition but schema `staging`, whose rows are the sources' own: those are exported
when named. Tables without a row to show are named instead of written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path

import duckdb

from pipelines.errors import InputError
from pipelines.exports import rights
from pipelines.exports.edition import Edition, ask, identifier, literal
from pipelines.exports.rights import LeftOut, Share
from reports.formulas import BEGINS

AS_THEY_CAME = "staging"
"""Schema whose tables go only when they are named."""


@dataclass(frozen=True)
class Selection:
    """What goes and what does not.

    Parameters
    ----------
    database, connection : the published database of the edition, open for reading
    tables : what goes, each with the query that gives its rows
    left_out : rows that may not be passed on, of every table of the edition that was not left aside
    empty : tables asked for that hold no row in this edition
    aside : tables of the sources' own rows that nobody named
    is_named : whether the tables were named, so that no format leaves a large one out on its own
    scratch : a folder for what a format needs on the way
    formula_like : texts that a spreadsheet would take for a formula if it opened the CSV, by table and column
    """

    edition: Edition
    database: Path
    connection: duckdb.DuckDBPyConnection
    tables: tuple[Share, ...]
    left_out: tuple[LeftOut, ...]
    empty: tuple[str, ...]
    aside: tuple[str, ...]
    is_named: bool
    scratch: Path
    formula_like: tuple[tuple[str, str, int], ...]


def select(
    database: Path, connection: duckdb.DuckDBPyConnection, edition: Edition, asked: Sequence[str], scratch: Path
) -> Selection:
    """The tables asked for, by default all but `staging`; InputError for a name or pattern that fits none."""
    chosen = _named(edition, asked) if asked else list(edition.tables)
    carriers = rights.of_sources(edition)
    shares, left_out, empty, aside = [], [], [], []
    for name in chosen:
        share = rights.share(connection, edition, edition.tables[name], name in carriers)
        is_aside = not asked and share.table.schema == AS_THEY_CAME
        if share.left_out:
            left_out.append(share.left_out)
        elif share.rows == 0 and not is_aside:
            empty.append(name)
        elif is_aside and share.rows:
            aside.append(name)
        if share.rows and not is_aside:
            shares.append(share)
    if not shares:
        reason = "; ".join([*(item.line for item in left_out), *(f"{name} holds no row" for name in empty)])
        raise InputError("--table", None, None, "nothing to export", " ".join(asked), f"a table that may go: {reason}")
    return Selection(
        edition,
        database,
        connection,
        tuple(shares),
        tuple(left_out),
        tuple(empty),
        tuple(aside),
        bool(asked),
        scratch,
        _formula_like(connection, shares),
    )


def _named(edition: Edition, asked: Sequence[str]) -> list[str]:
    """Names in the edition's order; `main.` before a view may be written, `*` stands for any letters."""
    wanted: set[str] = set()
    for pattern in asked:
        plain = pattern.removeprefix("main.")
        fits = {name for name in edition.tables if fnmatchcase(name, plain)}
        if not fits:
            near = get_close_matches(plain, edition.tables, 3, 0.4)
            hint = f"such as {', '.join(near)}" if near else "as in schema.name"
            allowed = f"a table or view of edition {edition.name}, {hint}; all of them: from meta.columns"
            raise InputError("--table", None, None, "unknown table", pattern, allowed)
        wanted |= fits
    return [name for name in edition.tables if name in wanted]


def _formula_like(connection: duckdb.DuckDBPyConnection, shares: Sequence[Share]) -> tuple[tuple[str, str, int], ...]:
    found = []
    for share in shares:
        texts = [column.name for column in share.table.columns if column.type == "VARCHAR"]
        if not texts:
            continue
        counts = ", ".join(
            f"count(*) filter (where regexp_matches({identifier(name)}, {literal(BEGINS)}))" for name in texts
        )
        (row,) = ask(connection, f"select {counts} from ({share.query})")
        found += [(share.table.name, name, count) for name, count in zip(texts, row, strict=True) if count]
    return tuple(found)
