"""What each definition of a cyberattack covers, by threat class: of incidents, of intensity, of loss on record."""

from collections.abc import Sequence

import plotly.graph_objects as go

from reports.chart import Canvas, Margin, grid
from reports.chart_panels import Panel, heading, panels, place
from reports.edition import Row
from reports.labels import safe, text_width
from reports.names import CLASSES, DEFINITIONS, label
from reports.numbers import plain, present
from reports.palette import BAND_80, BLUE, DEEP_GREEN, DEEP_VERMILLION, INK, MUTED, PALE, RULE, WHITE, Mode

STYLES = {
    "incidents": ("circle", BLUE, BAND_80),
    "intensity": ("square", DEEP_GREEN, PALE[DEEP_GREEN]),
    "loss": ("triangle-up", DEEP_VERMILLION, PALE[DEEP_VERMILLION]),
}
APART = {"incidents": -0.28, "intensity": 0.0, "loss": 0.28}
WITHHELD = "–"


def definitions_of(rows: Sequence[Row]) -> list[str]:
    """Definitions in the report's order, unknown ones last."""
    found = {row["definition"] for row in rows}
    return [name for name in DEFINITIONS if name in found] + sorted(found - set(DEFINITIONS))


def classes_of(rows: Sequence[Row]) -> list[str]:
    """Threat classes in the report's order, unknown ones last."""
    found = {row["threat_class"] for row in rows}
    return [name for name in CLASSES if name in found] + sorted(found - set(CLASSES))


def coverage(rows: Sequence[Row], mode: Mode) -> go.Figure:
    """Figure: covered share with its 90 % interval by definition, a plot a threat class, and the share the model draws.

    rows : model.definition_coverage; a share that is withheld has no mark
    """
    narrow = mode.name == "narrow"
    names, classes = definitions_of(rows), classes_of(rows)
    pitch = {"wide": 56, "mid": 48, "narrow": 50}[mode.name]
    head, foot = (30, 34) if narrow else (30, 46)
    labels = [label(name, DEFINITIONS) for name in names]
    left = 12 if narrow else max(text_width(text, mode.text, bold=True) for text in labels) + 22
    block = pitch * len(names)
    plot = len(classes) * (block + head + foot) - foot if narrow else block
    top, right = (0, 16) if narrow else (head, 8)
    canvas = Canvas(mode, int(plot + top + foot + 8), Margin(left, right, top, foot + 8))
    strip = {"wide": 34, "mid": 32, "narrow": 0}[mode.name]
    made = panels(canvas, len(classes), strip=strip, gap=26, head=head, foot=foot)
    for k, (threat_class, panel) in enumerate(zip(classes, made, strict=True)):
        axes = f"{k + 1}" if k else ""
        members = [row for row in rows if row["threat_class"] == threat_class]
        place(canvas, panel, axes, (0, 100), (len(names) - 0.5, -0.5), [0, 50, 100], ["0", "50", "100"])
        grid(canvas, [50, 100], panel.bottom, panel.top, axes=axes)
        canvas.line(0, panel.bottom, 0, panel.top, INK, 1, xref=f"x{axes}", yref="paper")
        heading(canvas, panel, safe(label(threat_class, CLASSES)), "", above=6)
        for y, name in enumerate(names):
            found = {row["counted"]: row for row in members if row["definition"] == name}
            _definition(canvas, panel, label(name, DEFINITIONS), found, y, axes)
    if not narrow:
        for y, text in enumerate(labels):
            canvas.note(f"<b>{safe(text)}</b>", 0, y, yref="y", xshift=-canvas.margin.left - 1)
            if y:
                canvas.line(0, y - 0.5, 1, y - 0.5, RULE, 1, xref="paper", yref="y")
    canvas.x_title("Covered, % of the class", below=26)
    return canvas.finish()


def _definition(canvas: Canvas, panel: Panel, name: str, found: dict[str, Row], y: float, axes: str) -> None:
    """One definition in one class: a line a way of counting, and what the model draws."""
    narrow = canvas.mode.name == "narrow"
    center = y + 0.2 if narrow else y
    drawn = next((row["coverage_mean"] for row in found.values() if present(row["coverage_mean"])), None)
    if drawn is not None:
        canvas.mark(100 * drawn, center, "line-ns", 8 if narrow else 15, INK, axes=axes)
    for counted, (symbol, color, pale) in STYLES.items():
        row = found.get(counted)
        at = center + APART[counted] * (0.5 if narrow else 1)
        share = row["share"] if row else None
        if not narrow:
            text = plain(100 * share, 0) if present(share) else WITHHELD
            style = {"size": 12, "color": color if present(share) else MUTED}
            canvas.note(text, panel.end, at, yref=f"y{axes}", xanchor="right", font=style)
        if row is None or not present(share):
            continue
        if present(row["lower"]) and present(row["upper"]):
            canvas.bar(100 * row["lower"], 100 * row["upper"], at, pale, 4 if narrow else 7, axes=axes)
        canvas.mark(100 * share, at, symbol, 8 if narrow else 10, color, axes=axes)
    if narrow:
        shares = [found[c]["share"] if c in found else None for c in STYLES]
        texts = [plain(100 * share, 0) if present(share) else WITHHELD for share in shares]
        line = {"yref": f"y{axes}", "yshift": 19, "bgcolor": WHITE}
        canvas.note(f"<b>{safe(name)}</b>", panel.left, center, **line)
        canvas.note(" · ".join(texts), panel.end, center, xanchor="right", font={"color": MUTED}, **line)
