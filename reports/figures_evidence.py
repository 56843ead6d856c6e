"""The evidence on treaties as a forest, with the priors it led to below.

Effects are log rate ratios in the database and changes in percent on the page.
"""

import itertools
import math
from collections.abc import Sequence

import plotly.graph_objects as go

from reports.chart import Canvas, grid
from reports.chart_rows import Columns, RowLabel, draw_rows, row_margins
from reports.edition import Row
from reports.figures_estimates import diamond
from reports.names import STUDIES
from reports.numbers import chance, nice_ticks, present, signed, tick_text
from reports.palette import (
    BAND_80,
    BLUE,
    DEEP_BLUE,
    DEEP_GREEN,
    DEEP_VERMILLION,
    INK,
    MUTED,
    RULE,
    WHITE,
    Mode,
)

Z95 = 1.959964
STYLES = {
    "optimistic": (DEEP_GREEN, "dash"),
    "published": (BLUE, "longdash"),
    "null": (MUTED, "dot"),
    "backfire": (DEEP_VERMILLION, "dashdot"),
}
WIDEST = (-80.0, 110.0)
"""The most the forest shows of the axis, percent; priors and intervals run on beyond it."""


def percent(log_ratio: float) -> float:
    """A log rate ratio as a change in percent."""
    return 100 * math.expm1(log_ratio)


def studies(effects: Sequence[Row]) -> list[Row]:
    """The studies of treaties and laws that bear on the model's coefficients, victim side first, then origin side."""
    kept = [row for row in effects if row["side"] in ("victim", "origin") and present(row["log_rate_ratio"])]
    return sorted(kept, key=lambda row: (row["side"] != "victim", row["year"], row["effect_id"]))


def study_name(row: Row) -> str:
    """Authors and year, short where the full title is long; the year once."""
    if row["effect_id"] in STUDIES:
        return STUDIES[row["effect_id"]]
    name = str(row["study"])
    return name if str(row["year"]) in name else f"{name} {row['year']}"


def sample(row: Row) -> str:
    """How much a study rests on: 106 countries."""
    return " ".join(str(row[key]) for key in ("n", "n_unit") if row.get(key) is not None)


def bounds(row: Row) -> tuple[float, float] | None:
    """The 95 % interval of a study in percent, from its standard error; None where it has none."""
    if present(row["se"]):
        middle = row["log_rate_ratio"]
        return percent(middle - Z95 * row["se"]), percent(middle + Z95 * row["se"])
    return None


def edges(effects: Sequence[Row], pools: Sequence[Row]) -> tuple[float, float]:
    """The stretch of the axis that holds every study, at least from −40 to +40 %."""
    ends = [end for row in effects for end in (bounds(row) or (percent(row["log_rate_ratio"]),))]
    ends += [percent(row[key]) for row in pools for key in ("p05", "p95")]
    return max(min(*ends, -40.0) - 8, WIDEST[0]), min(max(*ends, 40.0) + 8, WIDEST[1])


def forest(effects: Sequence[Row], sets: Sequence[Row], densities: Sequence[Row], mode: Mode) -> go.Figure:
    """Figure: each study's effect with its interval; below, on the same axis, the priors on either side of a flow.

    effects : rows of `studies`; sets : model.effect_sets; densities : model.effect_density
    """
    narrow = mode.name == "narrow"
    pools = [row for row in sets if row["effect_set"] == "all_studies" and row["coefficient"] == "target"]
    labels = []
    for row in effects:
        interval = bounds(row)
        detail = f"{row['side']} side" + (f", {sample(row)}" if sample(row) else "")
        text = f"[{signed(interval[0], 0)}, {signed(interval[1], 0)}]" if interval else "no interval"
        labels.append(RowLabel(study_name(row), detail, signed(percent(row["log_rate_ratio"]), 0), text))
    for row in pools:
        text = f"[{signed(percent(row['p05']), 0)}, {signed(percent(row['p95']), 0)}]"
        labels.append(
            RowLabel(
                "Pooled, one more study", "victim side, 90 % of draws", signed(percent(row["p50"]), 0), text, bold=True
            )
        )
    columns = Columns(("", "Change, % [95 %]"), (44, 84))
    top, bottom = 46.0, 46.0
    margin = row_margins(mode, labels, columns, top, bottom)
    pitch = {"wide": 42, "mid": 36, "narrow": 44}[mode.name]
    panel = {"wide": 118, "mid": 96, "narrow": 104}[mode.name]
    head = 26
    rows_height, panels = pitch * len(labels), [("target", "Prior, victim side"), ("origin", "Prior, origin side")]
    plot = rows_height + len(panels) * (panel + head)
    canvas = Canvas(mode, int(top + bottom + plot), margin)
    edge = edges(effects, pools)
    ticks = nice_ticks(edge[0] + 3, edge[1] - 3, 5 if narrow else 8)
    canvas.x_axis(*edge, ticks, [tick_text(t, sign=True) for t in ticks], anchor=f"y{len(panels) + 1}")
    share = rows_height / plot
    canvas.axis("yaxis", len(labels) - 0.5, -0.5, domain=[1 - share, 1])
    grid(canvas, [t for t in ticks if t != 0])
    canvas.line(0, 0, 0, 1, INK, 1.2, xref="x", yref="paper", layer="above")
    draw_rows(canvas, labels, range(len(labels)), columns)
    canvas.note("◄ fewer attacks", 0, 1, yanchor="bottom", yshift=10, font={"size": 12, "color": BLUE}, xshift=4)
    canvas.note(
        "more attacks ►",
        1,
        1,
        xanchor="right",
        yanchor="bottom",
        yshift=10,
        xshift=-4,
        font={"size": 12, "color": DEEP_VERMILLION},
    )
    canvas.x_title("Change in attacks, %", below=26)
    for y, row in enumerate(effects):
        _study(canvas, row, y, edge)
    for y, row in enumerate(pools, start=len(effects)):
        ends = (max(percent(row["p05"]), edge[0]), percent(row["p50"]), min(percent(row["p95"]), edge[1]))
        diamond(canvas, y, *ends, 0.18)
    for k, (coefficient, name) in enumerate(panels):
        start = 1 - share - (k * (panel + head) + head) / plot
        canvas.axis(f"yaxis{k + 2}", 0, 1.16, domain=[max(start - panel / plot, 0.0), start], anchor="x")
        _densities(canvas, coefficient, name, sets, densities, f"y{k + 2}", (start, start - panel / plot), edge)
    return canvas.finish()


def _study(canvas: Canvas, row: Row, y: float, edge: tuple[float, float]) -> None:
    """A study's interval and mark: square for fewer attacks, triangle for more; dotted where we assumed its error."""
    middle = percent(row["log_rate_ratio"])
    color = BLUE if middle <= 0 else DEEP_VERMILLION
    interval = bounds(row)
    if interval:
        canvas.traces.append(
            {
                "type": "scatter",
                "x": [max(interval[0], edge[0]), min(interval[1], edge[1])],
                "y": [y, y],
                "mode": "lines",
                "line": {"color": color, "width": 3, "dash": "dot" if row["se_assumed"] else "solid"},
            }
        )
    canvas.traces.append(
        {
            "type": "scatter",
            "x": [middle],
            "y": [y],
            "mode": "markers",
            "marker": {"symbol": "square" if middle <= 0 else "triangle-up", "size": 11, "color": color},
        }
    )


def density_curves(
    densities: Sequence[Row], coefficient: str, edge: tuple[float, float]
) -> dict[str, list[tuple[float, float]]]:
    """Densities by effect set over changes in percent, with a point at zero."""
    grids: dict[str, list[tuple[float, float]]] = {}
    for row in densities:
        if row["coefficient"] == coefficient and present(row["density"]):
            grids.setdefault(row["effect_set"], []).append((row["log_rate_ratio"], row["density"]))
    curves = {}
    for name, points in grids.items():
        fine = with_zero(sorted(points))
        # A density in log points, per percent: divided by the rate ratio.
        inside = [(percent(b), d * math.exp(-b)) for b, d in fine if edge[0] <= percent(b) <= edge[1]]
        if len(inside) > 2:
            curves[name] = inside
    return curves


def with_zero(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points with one at zero, so that the gain and the harm side of a density meet there."""
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        if x1 < 0 < x2:
            return sorted([*points, (0.0, y1 + (y2 - y1) * -x1 / (x2 - x1))])
    return points


def _densities(
    canvas: Canvas,
    coefficient: str,
    name: str,
    sets: Sequence[Row],
    densities: Sequence[Row],
    axis: str,
    domain: tuple[float, float],
    edge: tuple[float, float],
) -> None:
    """The default prior filled (its harm side hatched) and the alternatives as lines, each on its own scale."""
    mode, margin = canvas.mode, canvas.margin
    narrow = mode.name == "narrow"
    top, base = domain
    canvas.line(edge[0], base, edge[1], base, INK if base < 0.01 else RULE, 1, xref="x", yref="paper", layer="above")
    curves = density_curves(densities, coefficient, edge)
    for effect_set, (color, dash) in STYLES.items():
        points = curves.get(effect_set)
        if points:
            peak = max(d for _, d in points)
            canvas.traces.append(
                {
                    "type": "scatter",
                    "x": [x for x, _ in points],
                    "y": [0.62 * d / peak for _, d in points],
                    "yaxis": axis,
                    "mode": "lines",
                    "line": {"color": color, "width": 1.6, "dash": dash, "simplify": False},
                }
            )
    points = curves.get("default")
    if not points:
        canvas.note("not estimated", 0.5, (top + base) / 2, xanchor="center", font={"color": MUTED})
        return
    peak = max(d for _, d in points)
    scaled = [(x, d / peak) for x, d in points]
    _fill(canvas, [(x, d) for x, d in scaled if x <= 0], axis, {"fillcolor": BAND_80})
    pattern = {
        "shape": "/",
        "size": 7,
        "solidity": 0.25,
        "fgcolor": DEEP_VERMILLION,
        "bgcolor": "#FBE3D0",
        "fillmode": "overlay",
    }
    _fill(canvas, [(x, d) for x, d in scaled if x >= 0], axis, {"fillcolor": "#FBE3D0", "fillpattern": pattern})
    canvas.traces.append(
        {
            "type": "scatter",
            "x": [x for x, _ in scaled],
            "y": [d for _, d in scaled],
            "yaxis": axis,
            "mode": "lines",
            "line": {"color": DEEP_BLUE, "width": 2.5, "simplify": False},
        }
    )
    # The curves drawn first must lie over the fills.
    lines = [t for t in canvas.traces if t.get("yaxis") == axis and "fill" not in t]
    canvas.traces = [t for t in canvas.traces if not (t.get("yaxis") == axis and "fill" not in t)] + lines
    row = next((r for r in sets if r["effect_set"] == "default" and r["coefficient"] == coefficient), None)
    harm = row["p_harm"] if row else None
    shift = {"yanchor": "top"}
    if narrow:
        canvas.note(f"<b>{name}</b>", 0, top, yshift=16, bgcolor=WHITE, **shift)
    else:
        canvas.note(
            f"<b>{name}</b><br><span style='font-size:{mode.text - 1}px;color:{MUTED}'>density, own scale</span>",
            0,
            (top + base) / 2,
            xshift=-margin.left - 1,
        )
    if present(harm):
        text = f"<b>{chance(harm)}</b> of the default:<br>no effect or harm"
        canvas.note(
            text,
            1,
            top,
            xanchor="right",
            align="right",
            xshift=-6,
            font={"size": 12, "color": DEEP_VERMILLION},
            **shift,
        )


def _fill(canvas: Canvas, points: list[tuple[float, float]], axis: str, style: dict[str, object]) -> None:
    if len(points) < 2:
        return
    x = [points[0][0], *(x for x, _ in points), points[-1][0]]
    y = [0.0, *(d for _, d in points), 0.0]
    canvas.traces.append(
        {
            "type": "scatter",
            "x": x,
            "y": y,
            "yaxis": axis,
            "fill": "toself",
            "mode": "lines",
            "line": {"width": 0, "simplify": False},
        }
        | style
    )
