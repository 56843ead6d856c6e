"""SQL on the published database: a query and its answer as text.

Read-only, so that an edition is never changed by a question. What is in the database, `from meta.columns` says. The
prompt is in `sql_prompt`.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

import duckdb

from pipelines import editions
from pipelines.errors import InputError
from pipelines.visible import visible

ROWS_SHOWN = 200
Row = Sequence[Any]


class QueryError(InputError):
    """A query that fails or would write, in DuckDB's own words on one line."""

    def __str__(self) -> str:
        """The message; what to ask for instead where it is about a name."""
        hint = " (names: from meta.columns)" if "does not exist" in str(self.value) else ""
        return visible(f"sql: {self.value}{hint}")


def answer(query: str, shape: str = "table", edition: str | None = None) -> str:
    """The answer to a query as text; InputError, in one line, for SQL that fails or writes."""
    with connect(edition) as connection:
        return answer_on(connection, query, shape)


def connect(edition: str | None = None) -> duckdb.DuckDBPyConnection:
    """The published database, read-only; nothing is fetched from a network."""
    path = editions.find(edition)
    return duckdb.connect(str(path), read_only=True, config={"autoinstall_known_extensions": "false"})


def answer_on(connection: duckdb.DuckDBPyConnection, query: str, shape: str) -> str:
    """The same on a connection that stays open."""
    if not query.strip().strip(";").strip():
        raise InputError("sql", None, None, "empty", query, 'a query, such as "from headline"')
    try:
        result = connection.execute(query)
        names = [column[0] for column in result.description or ()]
        rows = result.fetchall()
    except duckdb.Error as error:
        message = str(error).split("\n\n")[0].replace("\n", " ")
        raise QueryError("sql", None, None, "query", message, "a query that reads") from None
    return SHAPES[shape](names, rows)


def _table(names: Sequence[str], rows: Sequence[Row]) -> str:
    """Every column whole, however wide: a hidden column is worse than a long line."""
    names = [_text(name) for name in names]
    shown = [[_text(value) for value in row] for row in rows[:ROWS_SHOWN]]
    widths = [max([len(name), *(len(row[k]) for row in shown)]) for k, name in enumerate(names)]
    right = [_is_number([row[k] for row in rows[:ROWS_SHOWN]]) for k in range(len(names))]

    def line(cells: Iterable[str]) -> str:
        parts = [c.rjust(w) if r else c.ljust(w) for c, w, r in zip(cells, widths, right, strict=True)]
        return "  ".join(parts).rstrip()

    lines = [line(names), line("-" * width for width in widths), *map(line, shown)]
    if len(rows) > ROWS_SHOWN:
        lines.append(f"({len(rows) - ROWS_SHOWN} more of {len(rows)} rows: --format csv prints all)")
    return "\n".join(lines)


def _markdown(names: Sequence[str], rows: Sequence[Row]) -> str:
    right = [_is_number([row[k] for row in rows]) for k in range(len(names))]
    names = [_text(name).replace("|", chr(92) + "|") for name in names]
    lines = [f"| {' | '.join(names)} |", "|" + "".join("---:|" if r else "---|" for r in right)]
    lines += [f"| {' | '.join(_text(value).replace('|', chr(92) + '|') for value in row)} |" for row in rows]
    return "\n".join(lines)


def _csv(names: Sequence[str], rows: Sequence[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([["" if value is None else value for value in row] for row in rows])
    return text.getvalue().rstrip("\n")


def _json(names: Sequence[str], rows: Sequence[Row]) -> str:
    def plain(value: Any) -> Any:
        return None if isinstance(value, float) and not math.isfinite(value) else value

    records = [{name: plain(value) for name, value in zip(names, row, strict=True)} for row in rows]
    return json.dumps(records, default=str, ensure_ascii=False, indent=1)


SHAPES = {"table": _table, "csv": _csv, "json": _json, "markdown": _markdown}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}"
    return visible(str(value).replace("\n", " "))


def _is_number(values: Sequence[Any]) -> bool:
    known = [value for value in values if value is not None]
    return bool(known) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in known)
