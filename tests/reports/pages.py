"""Pages rendered from a changed copy of the small database, and the words of a page."""

import html
import re
import shutil
from pathlib import Path

import duckdb

from reports import render
from reports.queries import read


def words_of(page: str) -> str:
    """What is printed, its white space as single blanks."""
    text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", "", page, flags=re.DOTALL)
    return " ".join(html.unescape(text).split())


def changed(database: Path, path: Path, *statements: str) -> str:
    """The page of a copy of the database after the statements."""
    copy = shutil.copy(database, path)
    with duckdb.connect(str(copy)) as connection:
        for statement in statements:
            connection.execute(statement)
    return render.html(read(Path(copy)))
