"""Every figure, table and number in the text with the queries it rests on and the code that makes it.

The page shows part of this under each figure; the replication package writes all of it down as its map.
"""

from dataclasses import dataclass
from typing import Literal

from reports import figures, in_text
from reports.edition import Edition
from reports.page_tables import tables_of
from reports.provenance import Query
from reports.render import numbered, parts
from reports.rows import Rows


@dataclass(frozen=True)
class Exhibit:
    """A figure, a table, or a line of the text: what it says, where it stands on the page and what it comes from.

    label: "Figure 3", or the section of a line in the text; anchor: id on the page; code: a dotted path.
    """

    label: str
    title: str
    anchor: str
    key: str
    kind: Literal["figure", "table", "in-text"]
    queries: tuple[Query, ...]
    code: str


def exhibits(edition: Edition) -> list[Exhibit]:
    """All exhibits of an edition: figures and tables as they are numbered, then the lines of the text by section."""
    rows = Rows(edition)
    drawn = numbered(figures.figures(rows), "Figure", "fig")
    listed = numbered(tables_of(rows), "Table", "table")
    made = [
        Exhibit(item.label, item.title, item.anchor, item.key, kind, _queries(item.queries, edition.focus), item.code)
        for kind, items in (("figure", drawn), ("table", listed))
        for item in items.values()
    ]
    sections = {part.key: f"{part.number} {part.title}".strip() for part in parts()}
    said = in_text.lines(rows, drawn)
    for line in in_text.LINES:
        label = sections.get(line.anchor, in_text.BOXES.get(line.anchor, line.anchor))
        if said[line.key] is not line.otherwise:
            asked = _queries(line.queries, edition.focus)
            title = in_text.as_text(said[line.key])
            made.append(Exhibit(label, title, line.anchor, line.key, "in-text", asked, line.code))
    return made


def _queries(names: tuple[str, ...], focus: str) -> tuple[Query, ...]:
    return tuple(Query.named(name, focus) for name in names)
