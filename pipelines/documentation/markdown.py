"""The little Markdown that generated pages share: anchors, tables, and text that must not be read as markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

MARKUP = re.compile(r"([\\`*_{}\[\]|#])")
ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def anchor(name: str) -> str:
    """The anchor of a dotted name: small letters, digits, `_` and `-`."""
    return re.sub(r"[^a-z0-9_]+", "-", name.lower()).strip("-")


def prose(text: object) -> str:
    """Text of ours or of a source on one line, with nothing in it read as markup."""
    plain = " ".join(str(text if text is not None else "").split())
    return MARKUP.sub(r"\\\1", plain.translate(ENTITIES))


def rows(head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    """A table; cells are Markdown already."""
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
