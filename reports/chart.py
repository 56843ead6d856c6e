"""What every chart is made of: the canvas, its axes, marks and notes.

Charts draw marks, ticks and direct labels only: titles, legends, captions and data tables are HTML. Text that comes
from the database passes through `labels.safe`. Charts of rows are in chart_rows.py.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import plotly.graph_objects as go

from reports.labels import text_width
from reports.palette import INK, MUTED, RULE, SANS, WHITE, Mode

Item = dict[str, Any]


@dataclass(frozen=True)
class Margin:
    """Space around the plot, px."""

    left: float
    right: float
    top: float
    bottom: float


@dataclass
class Canvas:
    """A figure being drawn for one mode: traces, shapes and notes, and the layout they end in."""

    mode: Mode
    height: int
    margin: Margin
    traces: list[Item] = field(default_factory=list)
    shapes: list[Item] = field(default_factory=list)
    notes: list[Item] = field(default_factory=list)
    axes: dict[str, Item] = field(default_factory=dict)

    @property
    def plot_height(self) -> float:
        """Height of the plotting area, px."""
        return self.height - self.margin.top - self.margin.bottom

    def plot_width(self, container: float | None = None) -> float:
        """Width of the plotting area in the narrowest container of the mode (or the one given), px."""
        return (container or self.mode.floor) - self.margin.left - self.margin.right

    def axis(self, name: str, low: float, high: float, **settings: Any) -> None:
        """An axis with fixed range: no zoom, no automatic margin, so that label positions hold."""
        base: Item = {
            "range": [low, high],
            "fixedrange": True,
            "automargin": False,
            "zeroline": False,
            "showline": False,
            "showgrid": False,
            "ticks": "",
            "showticklabels": False,
            "tickfont": {"size": self.mode.tick, "color": MUTED},
            "ticklabeloverflow": "allow",
        }
        self.axes[name] = base | settings

    def x_axis(self, low: float, high: float, values: Sequence[float], texts: Sequence[str], **settings: Any) -> None:
        """The horizontal axis (`name` for a further one): a 1 px ink line with outside ticks.

        A label that would reach out of the figure is left out; its tick stays.
        """
        start, end = settings.get("domain", (0.0, 1.0))
        is_log = settings.get("type") == "log"
        shown = []
        for value, text in zip(values, texts, strict=True):
            share = ((math.log10(value) if is_log else value) - low) / (high - low)
            at = self.margin.left + (start + share * (end - start)) * self.plot_width()
            half = text_width(text, self.mode.tick) / 2
            shown.append(text if half - 1 <= at <= self.mode.floor - half + 1 else "")
        base: Item = {
            "tickmode": "array",
            "tickangle": 0,
            "tickvals": list(values),
            "ticktext": shown,
            "showticklabels": True,
            "ticks": "outside",
            "ticklen": 5,
            "tickcolor": INK,
            "showline": True,
            "linecolor": INK,
            "linewidth": 1,
        }
        self.axis(settings.pop("name", "xaxis"), low, high, **(base | settings))

    def y_axis(self, low: float, high: float, values: Sequence[float], texts: Sequence[str], **settings: Any) -> None:
        """The vertical axis (`name` for a further one): labels without ticks, and a grid."""
        base: Item = {
            "tickmode": "array",
            "tickvals": list(values),
            "ticktext": list(texts),
            "showticklabels": True,
            "showgrid": True,
            "gridcolor": RULE,
        }
        self.axis(settings.pop("name", "yaxis"), low, high, **(base | settings))

    def note(self, text: str, x: float, y: float, **settings: Any) -> None:
        """A direct label; positions are paper fractions unless xref or yref says otherwise."""
        base: Item = {
            "text": text,
            "x": x,
            "y": y,
            "xref": "paper",
            "yref": "paper",
            "xanchor": "left",
            "yanchor": "middle",
            "showarrow": False,
            "align": "left",
            "font": {"size": self.mode.text, "color": INK},
            "borderpad": 0,
        }
        font = base["font"] | settings.pop("font", {})
        self.notes.append(base | settings | {"font": font})

    def line(self, x0: float, y0: float, x1: float, y1: float, color: str, width: float = 1, **settings: Any) -> None:
        """A straight line, below the traces unless layer says otherwise."""
        dash = settings.pop("dash", "solid")
        self.shapes.append(
            {
                "type": "line",
                "x0": x0,
                "x1": x1,
                "y0": y0,
                "y1": y1,
                "line": {"color": color, "width": width, "dash": dash},
                "layer": "below",
            }
            | settings
        )

    def y_title(self, text: str, *, above: float) -> None:
        """Horizontal title of the vertical axis, flush with the container's left edge, `above` px over the plot."""
        self.note(
            text, 0, 1, xshift=-self.margin.left - 1, yshift=above, yanchor="bottom", font={"size": 12, "color": MUTED}
        )

    def x_title(self, text: str, *, below: float) -> None:
        """Title of the horizontal axis, right-aligned `below` px under the plot."""
        self.note(text, 1, 0, xanchor="right", yanchor="top", yshift=-below, font={"size": 12, "color": MUTED})

    def bar(
        self, x0: float, x1: float, y: float, color: str, width: float, *, dash: str = "solid", axes: str = ""
    ) -> None:
        """A horizontal bar `width` px thick; `axes` is the number of its pair of axes, none for the first."""
        self.traces.append(
            {
                "type": "scatter",
                "x": [x0, x1],
                "y": [y, y],
                "xaxis": f"x{axes}",
                "yaxis": f"y{axes}",
                "mode": "lines",
                "line": {"color": color, "width": width, "dash": dash},
            }
        )

    def mark(
        self, x: float, y: float, symbol: str, size: float, color: str, *, hollow: bool = False, axes: str = ""
    ) -> None:
        """A marker edged in white, or hollow with an edge of its color."""
        line = {"width": 2, "color": color} if hollow or symbol.startswith("line") else {"width": 1, "color": WHITE}
        self.traces.append(
            {
                "type": "scatter",
                "x": [x],
                "y": [y],
                "xaxis": f"x{axes}",
                "yaxis": f"y{axes}",
                "mode": "markers",
                "cliponaxis": False,
                "marker": {"symbol": symbol, "size": size, "color": WHITE if hollow else color, "line": line},
            }
        )

    def fan(
        self,
        x: Sequence[float],
        bands: Sequence[tuple[Sequence[float], Sequence[float], str]],
        middle: Sequence[float],
        color: str,
        width: float,
        *,
        axes: str = "",
    ) -> None:
        """Bands (lower ends, upper ends, color) as opaque tints, widest first, then the line through the middle."""
        pair = {"xaxis": f"x{axes}", "yaxis": f"y{axes}"}
        for low, high, tint in bands:
            self.traces.append(
                {
                    "type": "scatter",
                    "x": [*x, *reversed(x)],
                    "y": [*high, *reversed(low)],
                    "fill": "toself",
                    "fillcolor": tint,
                    "mode": "lines",
                    "line": {"width": 0, "color": tint},
                    "hoverinfo": "skip",
                    **pair,
                }
            )
        line = {"color": color, "width": width}
        self.traces.append({"type": "scatter", "x": [*x], "y": [*middle], "mode": "lines", "line": line, **pair})

    def hatched(self, x0: float, x1: float, y0: float, y1: float) -> None:
        """A rectangle of thin diagonals over nothing, in units of the first axes: where nothing is known."""
        self.traces.append(
            {
                "type": "scatter",
                "x": [x0, x1, x1, x0, x0],
                "y": [y0, y0, y1, y1, y0],
                "fill": "toself",
                "mode": "lines",
                "line": {"width": 0, "color": MUTED},
                "fillcolor": "rgba(0,0,0,0)",
                "fillpattern": {
                    "shape": "/",
                    "size": 9,
                    "solidity": 0.12,
                    "fgcolor": MUTED,
                    "bgcolor": "rgba(0,0,0,0)",
                    "fillmode": "overlay",
                },
            }
        )

    def finish(self) -> go.Figure:
        """The plotly figure, validated, without a width: the page sets it."""
        layout: Item = {
            "template": "none",
            "height": self.height,
            "autosize": False,
            "margin": {
                "l": self.margin.left,
                "r": self.margin.right,
                "t": self.margin.top,
                "b": self.margin.bottom,
                "pad": 0,
                "autoexpand": False,
            },
            "paper_bgcolor": WHITE,
            "plot_bgcolor": WHITE,
            "showlegend": False,
            "dragmode": False,
            "hovermode": False,
            "font": {"family": SANS, "size": self.mode.text, "color": INK},
            "annotations": self.notes,
            "shapes": self.shapes,
            **self.axes,
        }
        return go.Figure(data=self.traces, layout=layout)


def grid(canvas: Canvas, ticks: Sequence[float], y0: float = 0, y1: float = 1, *, axes: str = "") -> None:
    """Vertical hairlines at the ticks, behind everything, over a stretch of the plot in paper units."""
    for tick in ticks:
        canvas.line(tick, y0, tick, y1, RULE, xref=f"x{axes}", yref="paper")
