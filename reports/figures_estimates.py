"""The registry of published estimates with the pooled one below.

Every estimate is drawn as a share of GDP of its own place and year at world GDP of 2020, which is also how it enters
the pool.
"""

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from reports.chart import Canvas, grid
from reports.chart_rows import Columns, RowLabel, draw_rows, row_margins
from reports.edition import Row
from reports.names import PUBLISHERS_SHORT, SCOPES, label
from reports.numbers import decimals, log_ticks, plain, present, tick_text
from reports.palette import (
    AXIS,
    BAND_80,
    BLUE,
    DEEP_GREEN,
    INK,
    MUTED,
    PALE,
    VERMILLION,
    WHITE,
    Mode,
)

INTEREST_COLORS = {"vendor": VERMILLION, "government": BLUE, "academic": DEEP_GREEN, "other": MUTED}
ONE_TRILLION = 1000.0
NO_RANGE = "no range"


def drawn(estimates: Sequence[Row]) -> list[Row]:
    """The rows the registry draws: a yearly cost of a whole economy that can be scaled, in the pool or of the world."""
    return [
        row
        for row in estimates
        if present(row["middle_2020"]) and (row["used"] or (row["is_world"] and row["is_whole_cost"]))
    ]


def names(estimates: Sequence[Row], *, short: bool = False) -> list[str]:
    """Publisher and year; where a publisher has several rows of a year, what sets them apart: scope, or year meant."""
    keys = []
    for row in estimates:
        name = PUBLISHERS_SHORT.get(row["publisher"], row["publisher"]) if short else row["publisher"]
        keys.append(name if str(row["published_year"]) in name else f"{name} {row['published_year']}")
    found = []
    for key, row in zip(keys, estimates, strict=True):
        same = [other for other_key, other in zip(keys, estimates, strict=True) if other_key == key]
        if len({other["scope"] for other in same}) == len(same) > 1:
            key += f", {label(row['scope'], SCOPES).lower()}"
        elif len(same) > 1:
            key += f", for {row['reference_year']}"
        found.append(key)
    return found


def amount(value: float | None) -> str:
    """An amount of the registry, USD bn, three significant digits at most."""
    return plain(value, decimals([value])) if present(value) else ""


def amounts(low: float | None, high: float | None) -> str:
    """A printed range, or that the source prints none."""
    if not (present(low) and present(high)):
        return NO_RANGE
    return f"{amount(low)}–{amount(high)}"


def registry(estimates: Sequence[Row], pooled: Row, mode: Mode) -> go.Figure:
    """Figure: published yearly losses on a log scale with their ranges, then the pooled median and a further estimate.

    estimates : rows of `drawn`; pooled : the specification `all` of model.pooled
    """
    narrow = mode.name == "narrow"
    labels = [
        RowLabel(name, "", amount(row["middle_2020"]), amounts(row["low_2020"], row["high_2020"]))
        for name, row in zip(names(estimates, short=narrow), estimates, strict=True)
    ]
    pool = (pooled["usd_bn_low"], pooled["usd_bn_high"])
    further = (pooled["predictive_usd_bn_p05"], pooled["predictive_usd_bn_p95"])
    labels.append(RowLabel("Pooled, random effects", "", amount(pooled["usd_bn_p50"]), amounts(*pool), bold=True))
    labels.append(
        RowLabel("One more estimate like these", "", amount(pooled["predictive_usd_bn_p50"]), amounts(*further))
    )
    columns = Columns(("Central", "Range"), (62, 92))
    top, bottom = 34.0, 46.0
    margin = row_margins(mode, labels, columns, top, bottom)
    pitch = {"wide": 29, "mid": 24, "narrow": 44}[mode.name]
    count = len(labels)
    canvas = Canvas(mode, int(top + bottom + pitch * count), margin)
    canvas.axis("yaxis", count - 0.5, -0.5)
    everything = [v for row in estimates for v in (row["low_2020"], row["middle_2020"], row["high_2020"]) if present(v)]
    everything += [v for v in (*pool, *further, ONE_TRILLION) if present(v)]
    low, high = min(everything) / 1.35, max(everything) * 1.35
    every = (1.0,) if narrow or high / low > 3e3 else (1.0, 3.0)
    ticks = log_ticks(low, high, every=every)
    canvas.x_axis(math.log10(low), math.log10(high), ticks, [tick_text(t) for t in ticks], type="log")
    grid(canvas, ticks)
    draw_rows(canvas, labels, range(count), columns)
    canvas.x_title("USD bn a year at world GDP of 2020, log scale", below=26)
    canvas.line(ONE_TRILLION, 0, ONE_TRILLION, 1, INK, 1.2, dash="dash", xref="x", yref="paper")
    canvas.note(
        "<b>$1 trillion</b>, the op-ed",
        math.log10(ONE_TRILLION),
        1,
        xref="x",
        xanchor="center",
        yanchor="bottom",
        yshift=8 if narrow else 10,
        font={"size": 12},
    )
    _rule_over_pool(canvas, len(estimates) - 0.5 - (0.16 if narrow else 0))
    for y, row in enumerate(estimates):
        color = INTEREST_COLORS.get(row["interest"], MUTED)
        draw_range(canvas, y, row["low_2020"], row["high_2020"], PALE[color])
        canvas.traces.append(_mark(row["middle_2020"], y, color, hollow=not row["is_world"], pooled=bool(row["used"])))
    draw_range(canvas, count - 1, *further, BAND_80)
    canvas.traces.append(
        _mark(pooled["predictive_usd_bn_p50"], count - 1, INK, hollow=False, pooled=True, symbol="line-ns")
    )
    diamond(canvas, count - 2, pool[0], pooled["usd_bn_p50"], pool[1], 0.2 if narrow else 0.28)
    return canvas.finish()


def draw_range(canvas: Canvas, y: float, low: float | None, high: float | None, color: str) -> None:
    """The bar of a printed range; nothing where none is printed."""
    if present(low) and present(high):
        canvas.bar(low, high, y, color, 5)


def _mark(
    value: float, y: float, color: str, *, hollow: bool, pooled: bool, symbol: str | None = None
) -> dict[str, object]:
    """A central value: a dot for the world, a hollow square for one country scaled; smaller when outside the pool."""
    shape = symbol or ("square" if hollow else "circle")
    line = {"width": 2 if hollow or symbol else 1, "color": color if hollow or symbol else WHITE}
    size = 11 if pooled else 8
    return {
        "type": "scatter",
        "x": [value],
        "y": [y],
        "mode": "markers",
        "marker": {"symbol": shape, "size": size, "color": WHITE if hollow else color, "line": line},
    }


def diamond(canvas: Canvas, y: float, low: float, middle: float, high: float, half: float) -> None:
    """The pooled result as a filled lozenge from end to end, highest at the median."""
    canvas.traces.append(
        {
            "type": "scatter",
            "x": [low, middle, high, middle, low],
            "y": [y, y - half, y, y + half, y],
            "fill": "toself",
            "fillcolor": INK,
            "mode": "lines",
            "line": {"width": 0, "color": INK},
        }
    )


def _rule_over_pool(canvas: Canvas, y: float) -> None:
    """The rule between the estimates and their pool, through both margins."""
    canvas.shapes.append(
        {
            "type": "line",
            "xref": "paper",
            "yref": "y",
            "y0": y,
            "y1": y,
            "x0": 0,
            "x1": 1,
            "line": {"color": AXIS, "width": 1},
            "layer": "below",
        }
    )
    for anchor, reach in ((0, -canvas.margin.left), (1, canvas.margin.right)):
        canvas.shapes.append(
            {
                "type": "line",
                "xref": "paper",
                "yref": "y",
                "xsizemode": "pixel",
                "xanchor": anchor,
                "x0": 0,
                "x1": reach,
                "y0": y,
                "y1": y,
                "line": {"color": AXIS, "width": 1},
            }
        )
