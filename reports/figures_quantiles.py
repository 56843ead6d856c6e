"""Amounts on record against those of the fitted laws, by bins of ranks: on the line of equality where a law holds."""

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from reports.chart import Canvas, Margin
from reports.chart_panels import Panel, heading, log_plot, panels
from reports.labels import safe
from reports.names_losses import AMOUNT_SOURCES
from reports.palette import BLUE, GREY_95, INK, MUTED, WHITE, Mode
from reports.severity_rows import LOGNORMAL, SPLICED, UPPER, Quantiles

USD = 1e9
"""Dollars in a billion: the axes are in dollars."""
MARKS = {
    LOGNORMAL: {"symbol": "circle", "size": 10, "color": WHITE, "line": {"width": 2, "color": MUTED}},
    SPLICED: {"symbol": "diamond", "size": 9, "color": BLUE, "line": {"width": 1, "color": WHITE}},
}
"""A hollow circle behind, a filled diamond before it, so that both are seen where they coincide."""


def quantiles(found: Sequence[Quantiles], mode: Mode) -> go.Figure:
    """Figure: a panel a source, amounts on record by those of both laws, log axes of the same range."""
    narrow = mode.name == "narrow"
    margin = Margin(50, 16, 22 if narrow else 74, 46)
    height = {"wide": 410, "mid": 275, "narrow": 96 + 276 * len(found)}[mode.name]
    canvas = Canvas(mode, height, margin)
    places = panels(canvas, len(found), strip=0, gap=58, head=50, foot=34)
    for k, (one, place) in enumerate(zip(found, places, strict=True)):
        axes = str(k + 1) if k else ""
        heading(canvas, place, safe(one.name), _events(one), above=8)
        low, high = _reach(one)
        log_plot(canvas, place, axes, (low, high), (low, high))
        _upper_tenth(canvas, place, one, axes, (low, high))
        ends = {"x0": 10**low, "y0": 10**low, "x1": 10**high, "y1": 10**high}
        canvas.line(**ends, color=INK, width=1.2, xref=f"x{axes}", yref=f"y{axes}")
        for family, mark in MARKS.items():
            canvas.traces.append(
                {
                    "type": "scatter",
                    "x": [USD * row["fitted"] for row in one.rows[family]],
                    "y": [USD * row["observed"] for row in one.rows[family]],
                    "xaxis": f"x{axes}",
                    "yaxis": f"y{axes}",
                    "mode": "markers",
                    "cliponaxis": False,
                    "marker": mark,
                }
            )
    canvas.y_title("Amount on record, $", above=6 if narrow else 56)
    canvas.x_title("Amount of the fitted law, $, log scale", below=26)
    return canvas.finish()


def _events(one: Quantiles) -> str:
    _, events = AMOUNT_SOURCES.get(one.source, ("", "amounts"))
    return f"{one.n:,} {events}"


def _reach(one: Quantiles) -> tuple[float, float]:
    """Ends of both axes, log10 of dollars."""
    logs = [math.log10(USD * row[key]) for rows in one.rows.values() for row in rows for key in ("observed", "fitted")]
    room = 0.06 * (max(logs) - min(logs))
    return min(logs) - room, max(logs) + room


def _upper_tenth(canvas: Canvas, place: Panel, one: Quantiles, axes: str, ends: tuple[float, float]) -> None:
    """A grey ground behind the bins of the upper tenth, from halfway to the bin below."""
    logs = {row["probability"]: math.log10(USD * row["observed"]) for row in one.rows[LOGNORMAL]}
    first = min(value for p, value in logs.items() if p > UPPER)
    start = (first + max((value for p, value in logs.items() if p <= UPPER), default=ends[0])) / 2
    canvas.shapes.append(
        {
            "type": "rect",
            "xref": f"x{axes}",
            "yref": f"y{axes}",
            "x0": 10 ** ends[0],
            "x1": 10 ** ends[1],
            "y0": 10**start,
            "y1": 10 ** ends[1],
            "fillcolor": GREY_95,
            "line": {"width": 0},
            "layer": "below",
        }
    )
    canvas.note(
        "Upper tenth",
        place.left,
        min(place.top, 1.0),
        xshift=5,
        yshift=-4,
        yanchor="top",
        font={"size": 12, "color": MUTED},
    )
