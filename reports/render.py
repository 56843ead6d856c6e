"""The report as one offline page: reads the published database, numbers figures and tables, fills the templates.

What the page says is in text.py, titles.py and templates/; what it shows in figures.py and page_tables.py. Text from
the database is untrusted: Jinja escapes it, chart labels go through chart.safe, JSON cannot close its script element.
"""

import json
import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from plotly.offline import get_plotlyjs

from reports import certainty_tables, facts_text, figures, limits, loss_text, mechanism_text, queries, text
from reports.figure import Figure
from reports.markdown import to_html
from reports.numbers import MISSING, NBSP, chance, present
from reports.page_tables import tables_of
from reports.palette import CSS_TOKENS
from reports.queries import FOCUS, Edition
from reports.rows import Rows
from reports.titles import Spread

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"


@dataclass(frozen=True)
class Part:
    """A section: key (its id and its template), title, number or annex letter."""

    key: str
    title: str
    number: str = ""


SECTIONS = (
    ("question", "The question"),
    ("loss", "Measuring the loss"),
    ("facts", "Facts from incidents"),
    ("tail", "Tail and systemic risk"),
    ("evidence", "What the evidence says"),
    ("counterfactuals", "Counterfactuals"),
    ("dynamics", "Strategic dynamics"),
    ("pays", "Costs and break-even"),
    ("gdp", "From loss to GDP"),
    ("sure", "How sure are we?"),
)
ANNEXES = (("sources", "Sources"), ("methods", "Methods"), ("priors", "Priors"), ("replication", "Replication"))


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


def breakable(words: str) -> Markup:
    """Escaped text whose keys may break after an underscore, so that a table fits its page."""
    return Markup(str(escape(words)).replace("_", "_<wbr>"))


def unbroken(words: str) -> Markup:
    """Escaped text in which "op-ed", "stand-down" and a number before % or $ bn are not parted at the end of a line."""
    words = re.sub(r"(?<=\d) (?=%|\$)", NBSP, str(escape(words)).replace("$ bn", f"${NBSP}bn"))
    return Markup(
        re.sub("op-ed(’s)?|stand-down", lambda found: f'<span class="unbroken">{found.group()}</span>', words)
    )


def render(database: Path, folder: Path) -> Path:
    """Write folder/index.html, self-contained, from the published database; return its path.

    The page is written under another name and renamed, so that a reader never opens half of it.
    """
    edition = queries.read(Path(database))
    page = html(edition)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "index.html"
    partial = folder / ".index.html.partial"
    partial.write_text(page, encoding="utf-8")
    partial.replace(path)
    return path


def html(edition: Edition) -> str:
    """The whole page as text."""
    rows = Rows.of(edition)
    numbered_figures = _numbered(figures.figures(rows), "Figure", "fig")
    numbered_tables = _numbered(tables_of(rows), "Table", "table")
    everything = [*numbered_figures.values(), *numbered_tables.values()]
    run, share, amount = edition.run, Spread.of(rows.share, 100), Spread.of(rows.amount)
    as_of = run.get("as_of") or run.get("data_as_of") or run["created_at"]
    origin = edition.one("membership", scenario=FOCUS, adoption_metric="attack_origin")
    percentile = rows.pooled["percentile_of_1tn"]
    horizon = edition.one("horizon")
    baseline = (edition.one("baseline") or {}).get("baseline") or MISSING
    acts = text.mechanisms(rows.mechanisms)
    strip = text.strip(run, baseline, rows.baseline_usd_bn, rows.share["draws"], as_of)
    context = {
        "run": {
            "id": text.short_run(run),
            "edition": run["edition"],
            "as_of": text.day(as_of),
            "baseline": baseline,
        },
        "tokens": {name: Markup(value) for name, value in CSS_TOKENS.items()},
        "css": _style(run),
        "js": Markup((TEMPLATES / "report.js").read_text(encoding="utf-8")),
        "plotly_js": Markup(get_plotlyjs()),
        "figure_json": figure_json(numbered_figures, figures.card_drawings(rows)),
        "standfirst": text.standfirst(share, amount, acts, horizon["year"] if horizon else None, rows.without),
        "strip": strip,
        "cards": figures.cards(rows),
        "parts": _parts(),
        "listed": everything,
        "figures": numbered_figures,
        "tables": numbered_tables,
        "anchors": {item.key: item.anchor for item in everything},
        "labels": {item.key: item.label for item in everything},
        "question": text.question(
            share, acts, origin["share"] if origin else None, rows.baseline_usd_bn, rows.spread_without
        ),
        "pooled_line": text.pooled_line(rows.pooled),
        "exceeds": chance(1 - percentile if present(percentile) else None),
        "winners": text.winners(edition.one("winners"), rows.share["mean"], edition.rows("winners_by_group")),
        "not_shown": limits.not_shown(
            rows.mechanisms, edition.one("unattributed", threat_class="criminal"), numbered_figures
        ),
        "arguments": limits.arguments(rows.mechanisms),
        "national": mechanism_text.national(edition.one("national")),
        "reciprocity": mechanism_text.reciprocity(edition.rows("escalation_fit")),
        "reach": facts_text.reach(edition.rows("incident_types")),
        "output": loss_text.output(edition.rows("output")),
        "propagation": loss_text.propagation(edition.rows("propagation")),
        "leverage": certainty_tables.leverage(edition.rows("survey_leverage")),
        "monte_carlo": text.monte_carlo(*edition.rows("scenarios", measure="avoided_share")),
        "methods": to_html((HERE / "methods.md").read_text(encoding="utf-8")),
        "manifest": _manifest(run),
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


def _rounded(value: Any) -> Any:
    """Floats at six significant digits: far below a pixel, and a third of the bytes."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(inner) for inner in value]
    return value


def _numbered(items: dict[str, Any], word: str, prefix: str) -> dict[str, Any]:
    """The items with their labels and anchors, numbered in order."""
    return {
        key: replace(item, anchor=f"{prefix}-{number}", label=f"{word} {number}")
        for number, (key, item) in enumerate(items.items(), start=1)
    }


def _parts() -> list[Part]:
    parts = [Part("glance", "At a glance")]
    parts += [Part(key, title, f"{number}") for number, (key, title) in enumerate(SECTIONS, start=1)]
    parts += [Part(key, title, letter) for letter, (key, title) in zip("ABCDEFGH", ANNEXES, strict=False)]
    return parts


def _style(run: queries.Row) -> Markup:
    """The style sheet with the running foot of the printed page."""
    foot = re.sub(r"[^\w .,:-]", "", f"Counterfactual report {run['edition']}, run {text.short_run(run)}")
    return Markup((TEMPLATES / "report.css").read_text(encoding="utf-8").replace("{{ foot }}", foot))


def _manifest(run: queries.Row) -> list[tuple[str, str]]:
    """What a reader needs to repeat the run."""
    names = (
        ("Run", "run_id"),
        ("Edition", "edition"),
        ("Created", "created_at"),
        ("Code", "git_commit"),
        ("Inputs, SHA-256", "inputs_sha256"),
        ("Priors, SHA-256", "priors_sha256"),
        ("Seed", "seed"),
        ("Draws", "draws"),
    )
    return [(name, str(run[key])) for name, key in names if run.get(key) is not None]
