"""The report as one offline page: reads the published database, numbers figures and tables, fills the templates.

What the page says is in in_text.py, titles.py and templates/; what it shows in figures.py and page_tables.py. Text from
the database is untrusted: Jinja escapes it, chart labels go through labels.safe, JSON cannot close its script element.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from plotly.offline import get_plotlyjs

from reports import figures, in_text, text
from reports.cards import Card
from reports.choice_pack import choice_pack
from reports.edition import Edition, Row, read
from reports.figure import Figure
from reports.markdown import to_html
from reports.numbers import NBSP
from reports.order import boxes, in_order, placed
from reports.page_tables import tables_of
from reports.palette import CSS_TOKENS
from reports.provenance import csv_text, packed, sources, stem
from reports.rows import Rows
from reports.tables import PageTable

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
SCRIPTS = ("report.js", "files.js", "switches.js")
UNBROKEN = 24
"""Characters of a word in a table that stay together."""


@dataclass(frozen=True)
class Part:
    """A section: key (its id and its template), title, number or annex letter."""

    key: str
    title: str
    number: str = ""


SECTIONS = (
    ("question", "Introduction"),
    ("loss", "Measuring the loss"),
    ("facts", "Facts from incidents"),
    ("tail", "Tail and systemic risk"),
    ("evidence", "The convention"),
    ("counterfactuals", "Counterfactuals"),
    ("dynamics", "Strategic dynamics"),
    ("pays", "Costs, net benefit and output"),
    ("sure", "How sure are we?"),
    ("policy", "Policy implications"),
)
ANNEXES = (
    ("sources", "Data and licenses"),
    ("methods", "Equations"),
    ("priors", "Priors"),
    ("robustness", "Robustness"),
    ("replication", "Replication"),
    ("changes", "Changes since the last edition"),
)


@cache
def environment() -> Environment:
    """Jinja with autoescape on and no silent undefined."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["unbroken"] = unbroken
    made.filters["breakable"] = breakable
    return made


def breakable(words: object) -> Markup:
    """Escaped text that may break after an underscore and within a word of no end, so that a table fits its page."""
    marked = re.sub(f"_|[^\\s_]{{{UNBROKEN}}}", "\\g<0>\0", str(words))
    return Markup(str(escape(marked)).replace("\0", "<wbr>"))


def unbroken(words: str) -> Markup:
    """Escaped text in which "op-ed", "stand-down" and a number before % or $ bn are not parted at the end of a line."""
    words = re.sub(r"(?<=\d) (?=%|\$)", NBSP, str(escape(words)).replace("$ bn", f"${NBSP}bn"))
    return Markup(
        re.sub("op-ed(’s)?|stand-down", lambda found: f'<span class="unbroken">{found.group()}</span>', words)
    )


def render(database: Path, folder: Path, scenario: str | None = None) -> Path:
    """Write folder/index.html, self-contained, from the published database; return its path.

    About a scenario it is <scenario>.html. The page is written under another name and renamed, so that a reader never
    opens half of it.
    """
    edition = read(Path(database), scenario)
    page = html(edition)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{scenario or 'index'}.html"
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(page, encoding="utf-8")
    partial.replace(path)
    return path


def html(edition: Edition) -> str:
    """The whole page as text."""
    rows = Rows(edition)
    shown = numbered(figures.figures(rows), "Figure", "fig")
    listed = numbered(tables_of(rows), "Table", "table")
    everything = [*shown.values(), *listed.values()]
    said = in_text.lines(rows, shown)
    run = edition.run
    box_labels = {f"box_{key}": f"Box {number}" for number, key in enumerate(boxes(_sections()), start=1)}
    context = said | {
        "run": {
            "id": text.short_run(run),
            "edition": run["edition"],
            "as_of": text.day(in_text.as_of(edition)),
            "baseline": rows.baseline,
        },
        "tokens": {name: Markup(value) for name, value in CSS_TOKENS.items()},
        "css": _style(run),
        "js": Markup("\n".join((TEMPLATES / name).read_text(encoding="utf-8") for name in SCRIPTS)),
        "plotly_js": Markup(get_plotlyjs()),
        "sources": {item.key: sources(edition, item.key, item.queries) for item in everything},
        "stem": stem(edition),
        "pack": packed({"answers": answers(edition, everything), "choices": _rounded(rows.made(choice_pack))}),
        "figure_json": figure_json(shown, figures.card_drawings(rows)),
        "cards": [card for card in said.values() if isinstance(card, Card)],
        "card_count": sum(line.key.startswith("card_") for line in in_text.LINES),
        "parts": parts(),
        "listed": everything,
        "figures": shown,
        "tables": listed,
        "boxes": [(label, key.replace("_", "-")) for key, label in box_labels.items()],
        "facts_define": "facts" in _sections() and "definitions" in placed(("facts",)),
        "anchors": {item.key: item.anchor for item in everything} | {key: key.replace("_", "-") for key in box_labels},
        "labels": {item.key: item.label for item in everything} | box_labels,
        "methods": to_html((HERE / "methods.md").read_text(encoding="utf-8")),
    }
    return environment().get_template("index.html.j2").render(context)


def figure_json(numbered: dict[str, Figure], cards: dict[str, go.Figure]) -> Markup:
    """Data and layout of every figure by mode, safe inside a script element."""

    def plain(drawing: go.Figure) -> dict[str, Any]:
        made = drawing.to_plotly_json()
        return {"data": made["data"], "layout": made["layout"]}

    every = {key: {mode: plain(d) for mode, d in figure.drawings.items()} for key, figure in numbered.items()}
    every |= {key: {"card": plain(drawing)} for key, drawing in cards.items()}
    encoded = json.dumps(_rounded(every), separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return Markup(encoded.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def answers(edition: Edition, exhibits: Iterable[Figure | PageTable]) -> dict[str, str]:
    """The answers behind the exhibits by query, each once, as files."""
    names = dict.fromkeys(name for item in exhibits for name in item.queries)
    return {name: csv_text(edition, name) for name in names if edition.frames[name].width}


def _rounded(value: Any) -> Any:
    """Floats at six significant digits: far below a pixel, and a third of the bytes."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(inner) for inner in value]
    return value


def numbered(items: dict[str, Any], word: str, prefix: str) -> dict[str, Any]:
    """The items with their labels and anchors, numbered as the templates show them."""
    return {
        key: replace(items[key], anchor=f"{prefix}-{number}", label=f"{word} {number}")
        for number, key in enumerate(in_order(items, _sections()), start=1)
    }


def _sections() -> list[str]:
    return ["glance", *(key for key, _ in (*SECTIONS, *ANNEXES))]


def parts() -> list[Part]:
    """The sections and annexes in order."""
    every = [Part("glance", "At a glance")]
    every += [Part(key, title, f"{number}") for number, (key, title) in enumerate(SECTIONS, start=1)]
    every += [Part(key, title, letter) for letter, (key, title) in zip("ABCDEFGH", ANNEXES, strict=False)]
    return every


def _style(run: Row) -> Markup:
    """The style sheet with the running foot of the printed page."""
    foot = re.sub(r"[^\w .,:-]", "", f"Counterfactual report {run['edition']}, run {text.short_run(run)}")
    return Markup((TEMPLATES / "report.css").read_text(encoding="utf-8").replace("{{ foot }}", foot))
