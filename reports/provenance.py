"""Where an exhibit comes from: the function that makes it, the queries behind it, and their answers as files.

The map of all exhibits is in exhibits.py; the page shows under each what is made here.
"""

import base64
import csv
import gzip
import io
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from inspect import cleandoc
from typing import Any

from reports.edition import Edition
from reports.formulas import neutral
from reports.queries import FOCUS, asked


@dataclass(frozen=True)
class Query:
    """A question to the published database: its name in queries.py and its text."""

    name: str
    sql: str

    @classmethod
    def named(cls, name: str, focus: str = FOCUS) -> "Query":
        """The query of that name about a scenario, its text without the indentation that it has in the code."""
        return cls(name, cleandoc(asked(name, focus)))

    def command(self, edition: str) -> str:
        """The shell command that prints the answer as the file on the page has it."""
        text = re.sub(r'(["$`\\])', r"\\\1", self.sql)
        text = f"\n{text}\n" if "\n" in text else text
        return f'.venv/bin/cyberaccord sql --edition {edition} --format csv "{text}"'


@dataclass(frozen=True)
class Source:
    """An answer behind an exhibit: its query, the command that prints it, the name of its file, how long it is."""

    query: Query
    command: str
    file: str
    rows: int
    columns: int


def dotted(function: Callable[..., Any]) -> str:
    """Where a function is, as a dotted path: reports.figures_adoption.adoption_curve."""
    return f"{function.__module__}.{function.__qualname__}"


def stem(edition: Edition) -> str:
    """What the names of an edition's files begin with."""
    return re.sub(r"[^\w.-]", "", str(edition.run["edition"])) or "edition"


def sources(edition: Edition, key: str, names: Iterable[str]) -> list[Source]:
    """The answers behind the exhibit `key`, the first as its own file, the others named after their query.

    Tables that an older edition lacks have no answer and are left out.
    """
    found = []
    for place, name in enumerate(names):
        frame = edition.frames[name]
        if frame.width:
            file = f"{stem(edition)}-{key}.csv" if place == 0 else f"{stem(edition)}-{key}-{name}.csv"
            query = Query.named(name, edition.focus)
            found.append(Source(query, query.command(stem(edition)), file, frame.height, frame.width))
    return found


def csv_text(edition: Edition, name: str) -> str:
    """An answer as a file: a head, a line a row, numbers to the last digit, nothing where there is none.

    A text that a spreadsheet program would run has an apostrophe before it (`formulas`).
    """
    frame = edition.frames[name]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows([["" if value is None else neutral(value) for value in row] for row in frame.iter_rows()])
    return text.getvalue()


def packed(content: object) -> str:
    """JSON, compressed, in letters that can stand in a script element; the same bytes for the same content."""
    encoded = json.dumps(content, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    return base64.b64encode(gzip.compress(encoded, 6, mtime=0)).decode("ascii")
