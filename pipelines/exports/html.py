"""HTML: one page a table of `printed`, to be opened or copied from. Every text is escaped; the page runs nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from pathlib import Path

from pipelines.exports.printed import Printed, tables
from pipelines.exports.selection import Selection

STYLE = (
    "body{font:15px/1.4 serif;max-width:70em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;border-top:2px solid;border-bottom:2px solid}"
    "caption{text-align:left;padding:.5em 0}thead th{border-bottom:1px solid;vertical-align:bottom}"
    "th,td{padding:.2em .6em;text-align:left;vertical-align:top}.number{text-align:right;white-space:nowrap}"
    "tbody th{font-weight:normal}"
    ".group{font-style:italic;font-weight:normal}.note{font-size:13px}"
)


def write(selection: Selection, folder: Path, say: Callable[[str], None]) -> list[str]:
    """Write the pages."""
    for table in tables(selection.database, selection.edition):
        say(table.name)
        (folder / f"{table.name}.html").write_text(page(table), encoding="utf-8")
    return []


def page(table: Printed) -> str:
    """A table as a page."""
    kinds = ["" if is_text else ' class="number"' for is_text in table.is_text]
    heads = "".join(f'<th scope="col"{kind}>{_safe(head)}</th>' for head, kind in zip(table.heads, kinds, strict=True))
    body = []
    for title, rows in table.groups:
        lines = [f'<tr><th class="group" colspan="{len(table.heads)}">{_safe(title)}</th></tr>'] if title else []
        for first, *others in rows:
            cells = "".join(f"<td{kind}>{_safe(cell)}</td>" for cell, kind in zip(others, kinds[1:], strict=True))
            lines.append(f'<tr><th scope="row">{_safe(first)}</th>{cells}</tr>')
        body.append("<tbody>\n" + "\n".join(lines) + "\n</tbody>")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{_safe(table.caption)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<table>\n<caption>{_safe(table.caption)}</caption>\n<thead><tr>{heads}</tr></thead>\n"
        + "\n".join(body)
        + f'\n</table>\n<p class="note">Notes: {_safe(table.note)}</p>\n</body>\n</html>\n'
    )


def _safe(text: str) -> str:
    """Escaped, without the control signs that HTML forbids."""
    return escape(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]", "", text))
