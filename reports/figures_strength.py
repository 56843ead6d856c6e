"""Adoption by strength of law: what is avoided as steps of color, where the convention breaks even as a line."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from reports.chart import Canvas, Margin
from reports.edition import Row
from reports.figures_evidence import studies
from reports.labels import safe, text_width
from reports.names import SCENARIOS, label
from reports.numbers import nice_ticks, present, tick_text
from reports.palette import CIVIDIS, DEEP_VERMILLION, INK, ORANGES, WHITE, Mode
from reports.placing import Board, Box, Place
from reports.surface import Surface, indexed, levels

HEIGHTS = {"wide": 460, "mid": 300, "narrow": 360}
MARKED = {"g7_founders": "triangle-up", "op_ed_convention": "diamond", "universal": "star"}
GRID = {"wide": (121, 91), "mid": (101, 71), "narrow": (81, 61)}
"""Columns and rows of the drawn grid: finer than the published one, for smooth lines."""
SHORT = {"g7_founders": "G7", "op_ed_convention": "Op-ed", "universal": "Universal"}
LINES = (("Break-even", DEEP_VERMILLION, "dash", 3), ("Law alone breaks even", INK, "dot", 2.5))
"""Name, color, dash and width of the line of the set that is drawn, and of law alone."""


@dataclass(frozen=True)
class Evidence:
    """Strengths that the studies support, as falls of attacks: between them there is evidence, beyond there is none."""

    low: float
    high: float

    @classmethod
    def of(cls, effects: Sequence[Row]) -> "Evidence | None":
        """The weakest and the strongest finding on the side of the victim and of the origin, added; None without."""
        sides = [
            [row["log_rate_ratio"] for row in studies(effects) if row["side"] == side] for side in ("victim", "origin")
        ]
        found = [side for side in sides if side]
        if not found:
            return None
        return cls(-math.expm1(sum(max(side) for side in found)), -math.expm1(sum(min(side) for side in found)))


def default_strength(sets: Sequence[Row]) -> float | None:
    """Fall of attacks between two full members at the mean of the default prior; None where there is none."""
    means = [row["mean"] for row in sets if row["effect_set"] == "default" and present(row["mean"])]
    return -math.expm1(sum(means)) if means else None


def break_even_line(rows: Sequence[Row], columns: int) -> list[Place]:
    """Adoption and the least strength at which the convention pays, percent; empty where no line can be drawn.

    Where it pays at the lowest strength examined nothing is crossed; without members there is no cost and no benefit.
    """
    net = Surface.of(rows, "net_benefit")
    net = net.refined(columns, 4 * len(net.strength))
    inside = [
        (100 * float(x), 100 * y)
        for x, y in zip(net.adoption, net.crossings(), strict=True)
        if y is not None and x > 0 and y > net.strength[0] + 1e-9
    ]
    return inside if len(inside) > 1 else []


def strength_contour(
    by_mechanisms: dict[str, Sequence[Row]],
    evidence: Evidence | None,
    default: float | None,
    shares: dict[str, float],
    mode: Mode,
) -> go.Figure:
    """Figure: mean avoided share by adoption (x) and strength of law (y), %, with the lines where net benefit is zero.

    by_mechanisms : rows of model.adoption_strength by mechanisms, the set whose surface is drawn first
    evidence : strengths that studies support; default : the default prior's; shares : scenarios' share of attack origin
    """
    narrow = mode.name == "narrow"
    canvas = Canvas(mode, HEIGHTS[mode.name], Margin(34 if narrow else 44, 14, 34, 46))
    rows = next(iter(by_mechanisms.values()))
    surface = Surface.of(rows, "avoided_share").refined(*GRID[mode.name])
    low, high = (100 * float(end) for end in (surface.strength[0], surface.strength[-1]))
    ticks = nice_ticks(low, high, 7)
    canvas.x_axis(0, 100, [0, 25, 50, 75, 100], ["0", "25", "50", "75", "100"])
    canvas.axis(
        "yaxis",
        low,
        high,
        tickmode="array",
        tickvals=ticks,
        ticktext=[tick_text(t) for t in ticks],
        showticklabels=True,
    )
    canvas.y_title("Fewer attacks between two members, %", above=8)
    canvas.x_title("Share of attack origin covered by members, %", below=26)
    steps = _fill(canvas, surface)
    board = Board(canvas.plot_width(310) if narrow else canvas.plot_width(), canvas.plot_height)
    plot = Plot(canvas, board, low, high)
    if evidence:
        _hatch(plot, evidence)
    if present(default) and low <= 100 * default <= high:
        _marks(plot, 100 * default, shares)
    _break_even(plot, by_mechanisms)
    _chips(plot, surface, steps)
    return canvas.finish()


@dataclass(frozen=True)
class Spot:
    """Where the center of a label may be: a place of the plot, percent, and px to its right and up from there."""

    x: float
    y: float
    right: float = 0.0
    up: float = 0.0


@dataclass(frozen=True)
class Plot:
    """The contour being drawn: its canvas, the labels on it, and the ends of its vertical axis, percent."""

    canvas: Canvas
    board: Board
    low: float
    high: float

    def px(self, x: float, y: float) -> Place:
        """A place of the plot in px from its lower left corner."""
        return x / 100 * self.board.width, (y - self.low) / (self.high - self.low) * self.board.height

    def place(
        self,
        text: str,
        spots: Sequence[Spot],
        color: str = INK,
        *,
        bold: bool = False,
        apart: float = 3.0,
        best: bool = False,
    ) -> None:
        """Words on a white chip at the first of some spots that is free, or at the freest; nowhere if none is."""
        width = text_width(text, 12, bold=bold) + 6
        boxes = [Box(at[0] + s.right, at[1] + s.up, width, 18) for s in spots for at in [self.px(s.x, s.y)]]
        rank = self.board.take(boxes, apart=apart, best=best)
        if rank is None:
            return
        spot = spots[rank]
        self.canvas.note(
            f"<b>{safe(text)}</b>" if bold else safe(text),
            spot.x,
            spot.y,
            xref="x",
            yref="y",
            xanchor="center",
            xshift=spot.right,
            yshift=spot.up,
            bgcolor=WHITE,
            borderpad=2,
            font={"size": 12, "color": color},
        )


def _fill(canvas: Canvas, surface: Surface) -> list[float]:
    """The surface in discrete steps of color with white lines between; returns the levels, percent."""
    values = 100 * surface.values
    known = values[values == values]
    steps = levels(float(known.min()), float(known.max())) if known.size else []
    if not steps:
        # One color: nothing is avoided or added anywhere, or no level lies inside.
        steps = [float(known.max()) + 1.0 if known.size else 1.0]
    below = sum(step <= 0 for step in steps)
    colors = [*reversed(ORANGES[:below]), *CIVIDIS[: len(steps) + 1 - below]]
    z = [[round(float(v), 3) if v == v else None for v in line] for line in indexed(values, steps)]
    canvas.traces.append(
        {
            "type": "contour",
            "x": [round(100 * float(v), 3) for v in surface.adoption],
            "y": [round(100 * float(v), 3) for v in surface.strength],
            "z": z,
            "autocontour": False,
            "contours": {"start": 0, "end": len(steps) - 1, "size": 1, "coloring": "fill", "showlines": True},
            "colorscale": [[k / len(steps), color] for k, color in enumerate(colors)],
            "line": {"color": WHITE, "width": 1.2, "smoothing": 0},
            "showscale": False,
            "hoverinfo": "skip",
        }
    )
    return steps


def _hatch(plot: Plot, evidence: Evidence) -> None:
    """Hatching over strengths beyond every study, with a note where there is room."""
    low, high = plot.low, plot.high
    beyond = (
        ("No study finds an effect this large", max(100 * evidence.high, low), high),
        ("No study finds harm this large", low, min(100 * evidence.low, high)),
    )
    for words, start, end in beyond:
        if end - start < 1e-9:
            continue
        plot.canvas.hatched(0, 100, start, end)
        if plot.px(0, end)[1] - plot.px(0, start)[1] > 24:
            plot.place(words, [Spot(0, (start + end) / 2, text_width(words, 12) / 2 + 12)])


def _marks(plot: Plot, y: float, shares: dict[str, float]) -> None:
    """Scenarios at their adoption and at the mean strength of the default prior, on a dotted line."""
    plot.canvas.line(0, y, 100, y, INK, 1, dash="dot", layer="above")
    shown = [(name, 100 * shares[name]) for name in MARKED if present(shares.get(name))]
    for name, x in shown:
        size = 15 if MARKED[name] == "star" else 13
        plot.canvas.mark(x, y, MARKED[name], size, INK)
        plot.board.taken.append(Box(*plot.px(x, y), size, size))
    for name, x in shown:
        text = SHORT.get(name, name) if plot.canvas.mode.name == "narrow" else label(name, SCENARIOS)
        aside = text_width(text, 12, bold=True) / 2 + 5
        plot.place(text, [Spot(x, y, side * aside, up) for up in (-21, 21) for side in (1, -1)], bold=True)


def _break_even(plot: Plot, by_mechanisms: dict[str, Sequence[Row]]) -> None:
    """Where net benefit is zero, over white: dashed for the set that is drawn, dotted for law alone."""
    lines = []
    for rank, (mechanisms, rows) in enumerate(by_mechanisms.items()):
        if rank and mechanisms != "law":
            continue
        inside = break_even_line(rows, GRID[plot.canvas.mode.name][0])
        if not inside:
            continue
        name, color, dash, width = LINES[bool(rank)]
        for shade, thick, pattern in ((WHITE, width + 3, "solid"), (color, width, dash)):
            plot.canvas.traces.append(
                {
                    "type": "scatter",
                    "x": [x for x, _ in inside],
                    "y": [y for _, y in inside],
                    "mode": "lines",
                    "line": {"color": shade, "width": thick, "dash": pattern},
                }
            )
        lines.append((name, color, inside))
    # Names keep off both lines; one that finds no room is in the legend.
    for _, _, inside in lines:
        plot.board.taken += [Box(*plot.px(x, y), 6, 6) for x, y in inside[::4]]
    for name, color, inside in lines:
        every = max(len(inside) // 24, 1)
        spots = [Spot(x, y, 0, up) for up in (15, -15) for x, y in inside[::every]]
        plot.place(name, spots, color, bold=True, apart=1.0)


def _chips(plot: Plot, surface: Surface, steps: Sequence[float]) -> None:
    """Each level on a chip on its own line, as far from what is there already as it gets; none where it is crowded."""
    for step in steps:
        text = f"{tick_text(step, sign=step < 0)} %"
        shifted = Surface(surface.adoption, surface.strength, surface.values - step / 100)
        spots = [
            Spot(100 * float(x), 100 * y)
            for x, y in list(zip(surface.adoption, shifted.crossings(), strict=True))[::2]
            if y is not None and 0.04 < x < 0.96 and 100 * y > plot.low + 1e-9
        ]
        plot.place(text, spots, apart=8.0, best=True)
