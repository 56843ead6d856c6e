"""How to add a source, a prior, a scenario or a figure: the sections of CONTRIBUTING.md that say it."""

from __future__ import annotations

import re
from pathlib import Path

SECTIONS = (
    "Where a line belongs",
    "A figure of the literature",
    "A public source",
    "A prior",
    "A scenario",
    "A definition of a cyberattack",
    "An event",
    "A mechanism",
    "A chart of the report",
)
OPENING = """\
# How to add

From CONTRIBUTING.md. `make lint` and `make test` must pass. A scenario step by step, with what comes out:
[Your own convention](your_own_convention.md).
"""


def page(root: Path) -> str:
    """The page; KeyError where CONTRIBUTING.md has lost one of the sections."""
    text = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    return "\n".join([OPENING, *(f"## {name}\n{found[name]}" for name in SECTIONS)])
