"""The cookbook: questions economists ask of the published database, each with its SQL and its answer, on one page.

An entry is a file of docs/cookbook. How a query is sent is in `ask`, what a table means in schemas/. To write
docs/cookbook.md from the current edition, or to see whether it is what that edition answers:

    python -m pipelines.cookbook [--check]
"""

from __future__ import annotations

import contextlib
import difflib
import math
import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines import ask, store
from pipelines.ask import Row
from pipelines.errors import InputError

ENTRIES, PAGE = store.ROOT / "docs" / "cookbook", store.ROOT / "docs" / "cookbook.md"
ROWS_SHOWN = 12
VINTAGES = "vintages"
"""What an entry needs that is empty until sources are fetched; anything else that it needs is a scenario."""
NO_VINTAGE = "No source behind it has been fetched for this edition; it has rows after `make refresh` and `make run`."
KEYS = ("part", "question", "unit", "watch", "needs")
RUN_LINE = "Answers of edition"
OPENING = """\
# Cookbook: {count} questions and their SQL

<!-- Written by `python -m pipelines.cookbook` from docs/cookbook/*.sql: change those. -->

{run}

Each question is a file of `docs/cookbook/`. To ask it again, with every digit, of the edition on your machine:

```sh
.venv/bin/cyberaccord sql < docs/cookbook/01_headline.sql
duckdb -readonly data/store/published/cyberaccord.duckdb < docs/cookbook/01_headline.sql
```

How to open the file elsewhere: [SQL](sql.md). Four things hold for all of it:

- Money is in USD bn at 2020 prices unless a column or its unit says otherwise; a column named `share` or `p_` is
  a fraction. `meta.columns` has the unit of every column.
- `mean` and `p05` to `p95` are over paired draws: draw n of one scenario is draw n of another. Means add up over
  economies, quantiles do not.
- A row of `model.counterfactual` is one choice of each key. Filter `scenario`, `mechanisms`, `effect_set`,
  `adoption_metric`, `year`, `iso3` and `measure`, or rows of different questions are summed: `iso3 = 'WLD'` is the
  world, `year = 2020` the full yearly effect at the 2020 baseline, `effect_set = 'default'` the belief of the headline.
- `null` says that a number is not estimated; zero is a number.
"""


@dataclass(frozen=True)
class Entry:
    """One question: its place, the words around it, and the SQL that answers it.

    unit : of the answer's numbers; watch : what to look out for; needs : `vintages` or a scenario, without which there
    is nothing to answer from; part : heading of the part of the page that it opens
    """

    number: int
    name: str
    question: str
    unit: str
    watch: str
    sql: str
    part: str | None = None
    needs: str | None = None


@dataclass(frozen=True)
class Answer:
    """Column names and rows."""

    names: tuple[str, ...]
    rows: tuple[Row, ...]


def load(folder: Path = ENTRIES) -> list[Entry]:
    """Every entry in order; InputError for one that lacks a word or breaks the numbering."""
    entries = [read(path) for path in sorted(folder.glob("*.sql"))]
    for place, entry in enumerate(entries, 1):
        if entry.number != place:
            allowed = f"{place:02}: entries are numbered without gaps"
            raise InputError(f"{entry.number:02}_{entry.name}.sql", None, None, "numbered", entry.number, allowed)
    return entries


def read(path: Path) -> Entry:
    """One file: lines `-- key: words`, continued by `--   words`, then the SQL."""
    name = re.fullmatch(r"(\d\d)_([a-z][a-z0-9_]*)", path.stem)
    if not name:
        raise InputError(store.shown(path), None, None, "file_name", path.name, "two digits, _ and a name")
    words: dict[str, str] = {}
    key, lines = "", path.read_text(encoding="utf-8").splitlines()
    body = next((k for k, line in enumerate(lines) if not line.startswith("--")), len(lines))
    for row, line in enumerate(lines[:body], 1):
        opened = re.match(r"-- (\w+): (.*)", line)
        if opened:
            key, text = opened.groups()
            if key not in KEYS or key in words:
                raise InputError(store.shown(path), row, key, "key", line, f"each of {', '.join(KEYS)} once at most")
            words[key] = text
        elif key and line.startswith("--   "):
            words[key] += " " + line[5:].strip()
        else:
            raise InputError(store.shown(path), row, None, "header", line, "-- key: words, continued by --   words")
    sql = "\n".join(lines[body:]).strip()
    for lacking in (needed for needed in ("question", "unit", "watch") if not words.get(needed)):
        raise InputError(store.shown(path), None, lacking, "required", None, f"-- {lacking}: words")
    if not sql.endswith(";"):
        raise InputError(store.shown(path), None, None, "query", sql[-20:], "SQL that ends with a semicolon")
    return Entry(int(name[1]), name[2], sql=sql, **words)


def answer(connection: duckdb.DuckDBPyConnection, entry: Entry) -> Answer:
    """The rows of the last statement of an entry; what it writes goes to a folder that is then dropped."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        try:
            result = connection.execute(entry.sql)
            names = tuple(column[0] for column in result.description or ())
            return Answer(names, tuple(result.fetchall()))
        except duckdb.Error as error:
            place, message = f"{entry.number:02}_{entry.name}.sql", str(error).split("\n\n")[0]
            raise InputError(place, None, None, "query", message, "a query that runs") from None


def lacks(entry: Entry) -> str:
    """Why an entry that needs something may have no rows, as a sentence; empty for one that needs nothing."""
    if entry.needs == VINTAGES:
        return NO_VINTAGE
    return f"This edition was computed without the scenario {entry.needs}." if entry.needs else ""


def page(connection: duckdb.DuckDBPyConnection, entries: Sequence[Entry]) -> str:
    """The whole page; InputError for an entry without rows that should have some."""
    parts = [OPENING.format(count=len(entries), run=_run(connection))]
    for entry in entries:
        if entry.part:
            parts.append(f"## {entry.part}\n")
        parts.append(f"### {entry.number}. {entry.question}\n\n{entry.watch}\n\n```sql\n{entry.sql}\n```\n")
        found = answer(connection, entry)
        if not found.rows and not entry.needs:
            place = f"{entry.number:02}_{entry.name}.sql"
            raise InputError(place, None, None, "has_rows", None, "rows, or what it needs in a line -- needs:")
        parts.append((table(found) if found.rows else lacks(entry)) + "\n")
        parts.append(f"Unit: {entry.unit}.\n")
    return "\n".join(parts)


def table(found: Answer) -> str:
    """An answer as a Markdown table of at most `ROWS_SHOWN` rows, numbers to three significant digits."""
    shown = found.rows[:ROWS_SHOWN]
    numeric = [any(_is_number(row[k]) for row in shown) for k in range(len(found.names))]
    lines = [_line(found.names), "|" + "".join("---:|" if right else "---|" for right in numeric)]
    lines += [_line(map(cell, row)) for row in shown]
    if len(found.rows) > ROWS_SHOWN:
        lines.append(f"\n{len(found.rows) - ROWS_SHOWN} more of {len(found.rows)} rows.")
    return "\n".join(lines)


def cell(value: Any) -> str:
    """A value as printed: a float to three significant digits, exact where it is short, null as null."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ", ".join(map(cell, value))
    if not isinstance(value, float):
        return " ".join(str(value).replace("|", "\\|").split())
    if not math.isfinite(value):
        return str(value)
    rounded = float(f"{value:.3g}")
    if rounded != 0 and abs(rounded) < 1e-6:
        return f"{rounded:.2e}"
    places = max(0, 2 - math.floor(math.log10(abs(rounded)))) if rounded else 0
    text = f"{rounded:.{places}f}"
    return text.rstrip("0").rstrip(".") if rounded == value and "." in text else text


def _run(connection: duckdb.DuckDBPyConnection) -> str:
    edition, run_id, draws, seed, as_of = connection.execute(
        "select edition, run_id, draws, seed, as_of from meta.runs"
    ).fetchall()[0]
    [(fetched,)] = connection.execute("select count(*) from meta.sources where basis = 'records'").fetchall()
    basis = f"records of {fetched} sources" if fetched else "the figures that ship with the project"
    return (
        f"{RUN_LINE} {edition}, run `{run_id}`: {draws:,} draws, seed {seed}, data as of {as_of}, from {basis}.\n"
        f"Numbers are printed to three significant digits, {ROWS_SHOWN} rows at most."
    )


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def differences(old: str, new: str) -> list[str]:
    """Lines that differ between two pages, but for those that name their run."""
    return list(difflib.unified_diff(_lasting(old), _lasting(new), "page", "edition", n=0, lineterm=""))


def _lasting(text: str) -> list[str]:
    run = re.search(rf"^{RUN_LINE} .*, run `([^`]+)`", text, re.MULTILINE)
    return [line for line in text.splitlines() if run is None or run[1] not in line]


def main(arguments: Sequence[str]) -> int:
    """Write the page, or with --check print where it differs from the current edition and return 1."""
    try:
        with ask.connect() as connection:
            text = page(connection, load())
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    if "--check" in arguments:
        found = differences(PAGE.read_text(encoding="utf-8"), text)
        print("\n".join([*found, f"{store.shown(PAGE)} differs: python -m pipelines.cookbook"] if found else ["same"]))
        return 1 if found else 0
    PAGE.write_text(text, encoding="utf-8")
    print(f"{store.shown(PAGE)}: {text.count(chr(10) + '### ')} questions")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
