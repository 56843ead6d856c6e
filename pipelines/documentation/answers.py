"""Numbers in the pages: a fenced block `answer` holds a query, and the page shows its rows.

The edition that is asked is the current one of the store, so that no number of the documentation is typed.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from pipelines import cookbook
from pipelines.errors import InputError

BLOCK = re.compile(r"^```answer\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def filled(text: str, connection: duckdb.DuckDBPyConnection, page: str) -> str:
    """The page with a table for each query, and the query folded below it; InputError for one without rows."""

    def answer(block: re.Match[str]) -> str:
        try:
            result = connection.execute(block[1])
            found = cookbook.Answer(tuple(column[0] for column in result.description or ()), tuple(result.fetchall()))
        except duckdb.Error as error:
            raise InputError(page, None, None, "query", str(error).split("\n\n")[0], "a query that runs") from None
        if not found.rows:
            raise InputError(page, None, None, "has_rows", block[1].split("\n")[0], "a query with rows")
        query = "\n".join(f"    {line}" for line in block[1].rstrip().splitlines())
        return f'{cookbook.table(found)}\n\n??? quote "The query"\n    ```sql\n{query}\n    ```\n'

    return BLOCK.sub(answer, text)


def edition(connection: duckdb.DuckDBPyConnection) -> str:
    """Which edition answers, in a sentence."""
    named, draws, seed, as_of = connection.execute("select edition, draws, seed, as_of from meta.runs").fetchall()[0]
    return f"Numbers in tables are those of edition {named}: {draws:,} draws, seed {seed}, data as of {as_of}."


def limits(database: Path) -> str:
    """What the report says that it does not show, as a list."""
    from reports import limits as of_report
    from reports.edition import read
    from reports.rows import Rows

    rows = Rows(read(database))
    row = rows.edition.one("unattributed", threat_class="criminal")
    return "\n".join(f"- {line}" for line in of_report.not_shown(rows.mechanisms, row, ("exceedance", "gdp")))
