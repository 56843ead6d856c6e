"""Where figures, tables and boxes stand on the page: their order is read from the templates, so that it cannot drift.

Numbers follow from it in render.py. What a section shows is decided in its template and nowhere else.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
PIECE = re.compile(
    r"m\.(?:figure_of|figure|table|box)\((?:figures\.|tables\.)?'?(?P<key>\w+)'?"
    r"|include 'sections/(?P<file>\w+)\.html\.j2'"
)
"""A figure, a table or a box by its key, or another template in its place."""


@cache
def placed(sections: Sequence[str]) -> tuple[str, ...]:
    """Keys in the order in which the templates of the sections show them; the hero stands after the first section."""
    found: dict[str, None] = {}
    for section in sections:
        for key in _in_template(section):
            found.setdefault(key)
        found.setdefault("hero")
    return tuple(found)


def _in_template(name: str) -> Iterable[str]:
    path = TEMPLATES / "sections" / f"{name}.html.j2"
    for piece in PIECE.finditer(path.read_text(encoding="utf-8")):
        if piece["key"]:
            yield piece["key"]
        else:
            yield from _in_template(piece["file"])


def in_order(keys: Iterable[str], sections: Sequence[str]) -> list[str]:
    """The keys as the page shows them; one that no template shows comes last."""
    order = {key: place for place, key in enumerate(placed(tuple(sections)))}
    return sorted(keys, key=lambda key: order.get(key, len(order)))


def boxes(sections: Sequence[str]) -> list[str]:
    """Keys of the boxes in order."""
    text = "".join((path.read_text(encoding="utf-8")) for path in sorted((TEMPLATES / "sections").glob("*.j2")))
    known = set(re.findall(r"m\.box\('(\w+)'", text))
    return [key for key in placed(tuple(sections)) if key in known]
