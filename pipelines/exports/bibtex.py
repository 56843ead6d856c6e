"""BibTeX: every source of the edition, and the edition itself; the key of a source is its source_id.

The entries say what meta.sources says and no more: producer, title, year of the vintage, address, citation, licence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

from pipelines.exports.edition import Edition, Row
from pipelines.exports.selection import Selection
from pipelines.exports.tex import escape

AUTHORS = "The CyberAccord authors"
"""As in CITATION.cff."""


def write(selection: Selection, folder: Path, say: Callable[[str], None]) -> list[str]:
    """Write the file."""
    say("sources")
    (folder / "sources.bib").write_text(bibliography(selection.edition), encoding="utf-8")
    return []


def bibliography(edition: Edition) -> str:
    """The entries: the edition first, then the sources by key."""
    return "\n".join([_of_edition(edition), *(_of_source(name, row) for name, row in edition.sources.items())])


def _of_edition(edition: Edition) -> str:
    year, month = edition.name.split("-")[:2]
    fields = {
        "author": f"{{{escape(AUTHORS)}}}",
        "title": f"{{{escape(edition.title)}}}",
        "year": year,
        "month": str(int(month)),
        "note": escape(edition.run_line[:1].upper() + edition.run_line[1:]),
    }
    return _entry(f"cyberaccord_{edition.name.replace('-', '_')}", fields)


def _of_source(name: str, row: Row) -> str:
    vintage, citation = row["vintage"] or "", row["citation"] or ""
    year = re.match(r"(?:19|20)\d\d(?!\d)", vintage) or re.search(r"\b(?:19|20)\d\d\b", citation)
    said = [
        citation,
        f"Vintage {vintage}" if vintage else "",
        f"Licence: {row['licence'] or 'not stated'}",
        f"May be redistributed: {row['redistributable']}",
    ]
    fields = {
        # a second pair of braces keeps an institution and a title as they are written
        "author": f"{{{escape(row['producer'])}}}" if row["producer"] else "",
        "title": f"{{{escape(row['title'])}}}",
        "year": year.group() if year else "",
        "url": quote(row["url"], safe=":/?#[]@!$&'()*+,;=%~-._") if row["url"] else "",
        "note": escape(". ".join(part.rstrip(".") for part in said if part)),
    }
    return _entry(key_of(name), fields)


def key_of(name: str) -> str:
    """A source_id as a key: letters, digits and a few signs that BibTeX takes in one."""
    return re.sub(r"[^A-Za-z0-9_:.+/-]", "_", name)


def _entry(key: str, fields: Mapping[str, str]) -> str:
    lines = [f"  {field} = {{{value}}}," for field, value in fields.items() if value]
    return "\n".join([f"@misc{{{key},", *lines, "}"]) + "\n"
