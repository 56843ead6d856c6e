"""Pages rendered from a changed copy of the small database, and the words of a page."""

import html
import json
import re
import shutil
from pathlib import Path

import duckdb

from reports import render
from reports.edition import read


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


EVIL = "<img src=x onerror=alert(2)>"


def stays_text(page: str) -> bool:
    """Whether `EVIL`, written into tables, is printed and is a tag neither of the page nor of a figure."""
    figures = json.loads(re.search(r'<script id="figures" type="application/json">(.*?)</script>', page, re.DOTALL)[1])
    notes = [
        n["text"] for modes in figures.values() for m in modes.values() for n in m["layout"].get("annotations", ())
    ]
    is_printed = any("&lt;img" in note for note in notes)
    return is_printed and not any("<img" in text for text in (page.split('<script id="figures"')[0], *notes))
