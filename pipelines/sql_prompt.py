"""The prompt of `cyberaccord sql`: queries line by line, with history and completion where a person types them.

How a query is answered is in `ask`.
"""

from __future__ import annotations

import atexit
import re
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from types import ModuleType

import duckdb

from pipelines import ask, editions, store
from pipelines.errors import InputError

LINES_KEPT = 1000
WORDS = (
    "select", "from", "where", "group by", "order by", "limit", "join", "using", "having", "with", "as", "and", "or",
    "not", "in", "is null", "between", "desc", "distinct", "count(*)", "describe", "summarize", "pivot", "unpivot",
)  # fmt: skip
NAMES = """
    select table_schema || '.' || table_name from meta.columns where table_schema <> 'main'
    union select table_name from meta.columns where table_schema = 'main'
    union select column_name from meta.columns
    union select function_name || '(' from duckdb_functions() where not internal
    union select chr(39) || scenario || chr(39) from headline
"""


def run(edition: str | None = None, shape: str = "table") -> None:
    """Read queries, each ended by a semicolon, until the end of the input; a wrong one is told and forgotten."""
    person = sys.stdin.isatty()
    with ask.connect(edition) as connection:
        if person:
            _lend_a_hand(connection)
            shown = store.shown(editions.find(edition))
            print(
                f"{shown}, read-only. End a query with ; and the prompt with Ctrl-D; Tab completes. Try: from headline;"
            )
        for query in _queries(person):
            try:
                print(ask.answer_on(connection, query, shape))
            except InputError as error:
                print(error, file=sys.stderr)
                if not person:
                    raise SystemExit(2) from None


def names(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """What Tab may complete: tables with their schema, views, columns, macros, scenarios, words of SQL; sorted."""
    return sorted({*(str(name) for (name,) in connection.execute(NAMES).fetchall()), *WORDS})


def matches(text: str, known: Sequence[str]) -> list[str]:
    """The known names that begin so, in any case; a bare table name finds the table in its schema."""
    start = text.lower()
    return [
        name for name in known if name.lower().startswith(start) or (start and name.split(".")[-1].startswith(start))
    ]


def _queries(person: bool) -> Iterable[str]:
    """Queries as they are ended by a semicolon at the end of a line; the last one needs none."""
    held: list[str] = []
    while True:
        try:
            line = input(("cyberaccord> " if not held else "        ...> ") if person else "")
        except EOFError:
            break
        except KeyboardInterrupt:
            held = []
            print()
            continue
        held.append(line)
        if line.rstrip().endswith(";"):
            yield "\n".join(held)
            held = []
    if person:
        print()
    if "\n".join(held).strip():
        yield "\n".join(held)


def _lend_a_hand(connection: duckdb.DuckDBPyConnection) -> None:
    """Arrow keys, lines of earlier sessions and completion, where Python has them."""
    try:
        import readline
    except ImportError:
        return
    history = store.home() / "sql_history"
    with suppress(OSError):
        readline.read_history_file(history)
    readline.set_history_length(LINES_KEPT)
    atexit.register(_keep, readline, history)
    known = names(connection)
    readline.set_completer_delims(re.sub("[.'(]", "", readline.get_completer_delims()))

    def complete(text: str, state: int) -> str | None:
        found = matches(text, known)
        return found[state] if state < len(found) else None

    readline.set_completer(complete)
    # macOS has another library under the same name, which reads its settings otherwise
    other = "libedit" in (readline.__doc__ or "")
    readline.parse_and_bind("bind ^I rl_complete" if other else "tab: complete")


def _keep(readline: ModuleType, history: object) -> None:
    with suppress(OSError):
        readline.write_history_file(history)
