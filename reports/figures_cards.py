"""The four small charts of the cards: one layout each, 112 px high, drawn from the rows of the large figures."""

import math
from collections.abc import Sequence
from statistics import NormalDist

import plotly.graph_objects as go

from models.statistics import QUANTILES
from reports.chart import Canvas, Margin
from reports.edition import Row
from reports.figures_adoption import draw_bands
from reports.figures_effects import draw_intervals
from reports.figures_estimates import INTEREST_COLORS, ONE_TRILLION, draw_range
from reports.labels import safe, shorten
from reports.names import EFFECT_SETS, ESTIMATES_SHORT, label
from reports.numbers import log_ticks, nice_ticks, present, tick_text
from reports.palette import (
    AXIS,
    BAND_80,
    BLUE,
    CARD,
    DEEP_VERMILLION,
    INK,
    MUTED,
    PALE,
    WHITE,
)


def fan_card(levels: Sequence[Row]) -> go.Figure:
    """Card 3: the same fan, small."""
    canvas = Canvas(CARD, 112, Margin(48, 22, 6, 24))
    low, high = min(100 * row["p025"] for row in levels), max(100 * row["p975"] for row in levels)
    low, high = min(low, 0.0), max(high, 0.0)
    if high == low:
        high = low + 1
    ticks = nice_ticks(low, high, 3)
    canvas.x_axis(0, 100, [0, 50, 100], ["0", "50", "100 %"], showline=False, ticks="")
    pad = 0.04 * (high - low)
    canvas.axis(
        "yaxis",
        low - pad,
        high + pad,
        tickmode="array",
        tickvals=ticks,
        showticklabels=True,
        ticktext=[f"{tick_text(t, sign=True)} %" if t else "0" for t in ticks],
    )
    draw_bands(canvas, levels)
    canvas.line(0, 0, 100, 0, INK, 1, layer="above")
    return canvas.finish()


def quantile_dots(row: Row, count: int = 50) -> list[float]:
    """`count` equally likely values of a quantity, from its published quantiles (fractions as they are).

    Linear interpolation on the normal-score scale through the nine quantiles, straight beyond them; the published
    chance of nothing or harm is a tenth point, so that the number of dots at or below zero is that chance.
    """
    score = NormalDist().inv_cdf
    points = [(score(p), float(row[name])) for name, p in QUANTILES.items()]
    worse = row["p_not_better"]
    if present(worse) and 0.001 < worse < 0.999:
        points.append((score(worse), 0.0))
    points.sort()
    # A quantile out of order with the zero point (ties at zero) would fold the line: keep it monotone.
    values: list[float] = []
    for _, y in points:
        values.append(max(y, values[-1]) if values else y)
    scores = [s for s, _ in points]
    dots = []
    for i in range(count):
        s = score((i + 0.5) / count)
        k = next((j for j in range(1, len(scores)) if s <= scores[j]), len(scores) - 1)
        s0, s1 = scores[k - 1], scores[k]
        slope = (values[k] - values[k - 1]) / (s1 - s0) if s1 > s0 else 0.0
        dots.append(values[k - 1] + slope * (s - s0))
    return dots


def dot_card(row: Row) -> go.Figure:
    """Card 2: avoided loss in 50 equally likely futures; hollow dots are nil or harm."""
    canvas = Canvas(CARD, 112, Margin(18, 18, 4, 24))
    dots = [100 * value for value in quantile_dots(row)]
    low, high = min(*dots, 0.0), max(*dots, 0.0)
    size = (high - low) or 1.0
    low, high = low - 0.04 * size, high + 0.04 * size
    worse = row["p_not_better"]
    hollow = round(len(dots) * worse) if present(worse) else sum(dot <= 0 for dot in dots)
    # Dots are binned at one dot's width; the bins start at zero so that no bin mixes harm and gain.
    bins = 24
    width = (high - low) / bins
    stacks: dict[int, int] = {}
    places: list[tuple[float, int, bool]] = []
    for rank, dot in enumerate(dots):
        harm = rank < hollow
        column = int(dot // width) if not harm else min(int(dot // width), -1)
        column = max(column, 0) if not harm else column
        stacks[column] = stacks.get(column, 0) + 1
        places.append(((column + 0.5) * width, stacks[column], harm))
    tallest = max(stacks.values())
    ticks, units = nice_ticks(low, high, 4), None
    if len(ticks) < 3:
        # Closer ticks have room for their numbers only, and the last one for the unit.
        ticks = nice_ticks(low, high, 6)
        units = ticks[-1:]
    texts = [tick_text(t, sign=True) + (" %" if t and (units is None or t in units) else "") for t in ticks]
    canvas.x_axis(low, high, ticks, texts, ticklen=3, linecolor=AXIS)
    canvas.axis("yaxis", 0.2, max(tallest, 10) + 0.8)
    size_px = min(7.5, 80 / max(tallest, 10))
    for harm in (False, True):
        chosen = [(x, y) for x, y, is_harm in places if is_harm == harm]
        canvas.traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [x for x, _ in chosen],
                "y": [y for _, y in chosen],
                "cliponaxis": False,
                "marker": {
                    "size": size_px,
                    "color": WHITE if harm else BLUE,
                    "line": {"width": 1.4 if harm else 0, "color": DEEP_VERMILLION if harm else BLUE},
                },
            }
        )
    return canvas.finish()


def estimates_card(estimates: Sequence[Row], pooled: Row) -> go.Figure:
    """Card 1: the lowest and the highest estimate of the pool, the op-ed's source, and one more estimate like these."""
    pool = [row for row in estimates if row["used"]] or list(estimates)
    chosen = [min(pool, key=lambda row: row["middle_2020"])]
    chosen += [row for row in estimates if row["estimate_id"] == "csis_2020_loss" and row not in chosen]
    chosen += [row for row in [max(pool, key=lambda row: row["middle_2020"])] if row not in chosen]
    bars = [(card_name(r), r["low_2020"], r["middle_2020"], r["high_2020"], _mark(r)) for r in chosen]
    further = (pooled[f"predictive_usd_bn_{q}"] for q in ("p05", "p50", "p95"))
    bars.append(("One more", *further, ("diamond", INK, BAND_80)))
    canvas = Canvas(CARD, 112, Margin(86, 16, 2, 22))
    values = [v for _, *ends, _ in bars for v in ends if present(v)]
    # Far enough to the right for a second tick beside one trillion.
    low, high = min(*values, ONE_TRILLION) / 1.4, max(*values, 9 * ONE_TRILLION) * 1.4
    ticks = log_ticks(low, high, every=(1.0,))
    canvas.x_axis(
        math.log10(low), math.log10(high), ticks, [_trillions(t) for t in ticks], type="log", showline=False, ticks=""
    )
    canvas.axis("yaxis", len(bars) - 0.5, -0.5)
    canvas.line(ONE_TRILLION, 0, ONE_TRILLION, 1, INK, 1.2, dash="dash", xref="x", yref="paper")
    for y, (name, first, middle, last, (symbol, color, pale)) in enumerate(bars):
        canvas.note(safe(name), 0, y, yref="y", xshift=-canvas.margin.left + 2, font={"size": 12})
        draw_range(canvas, y, first, last, pale)
        hollow = symbol == "square"
        line = {"width": 2 if hollow else 1, "color": color if hollow else WHITE}
        canvas.traces.append(
            {
                "type": "scatter",
                "x": [middle],
                "y": [y],
                "mode": "markers",
                "marker": {"symbol": symbol, "size": 10, "color": WHITE if hollow else color, "line": line},
            }
        )
    return canvas.finish()


def _mark(row: Row) -> tuple[str, str, str]:
    """Symbol, color and pale color of an estimate: as in the registry."""
    color = INTEREST_COLORS.get(row["interest"], MUTED)
    return "circle" if row["is_world"] else "square", color, PALE[color]


def card_name(row: Row) -> str:
    """An estimate short enough for a card."""
    return ESTIMATES_SHORT.get(row["estimate_id"]) or shorten(f"{row['publisher']} {row['published_year']}", 80, 12)


def _trillions(usd_bn: float) -> str:
    return f"${tick_text(usd_bn / 1000)}tn"


def effects_card(rows: Sequence[Row]) -> go.Figure:
    """Card 4: the same intervals, small; the pool of all studies is left to the figure."""
    rows = [row for row in rows if row["effect_set"] != "all_studies"]
    canvas = Canvas(CARD, 112, Margin(82, 18, 0, 20))
    low = min(0.0, *(100 * row["p05"] for row in rows))
    high = max(0.0, *(100 * row["p95"] for row in rows))
    pad = 0.05 * ((high - low) or 1)
    ticks = nice_ticks(low - pad, high + pad, 3)
    canvas.x_axis(
        low - pad,
        high + pad,
        ticks,
        [f"{tick_text(t, sign=True)} %" if t else "0" for t in ticks],
        showline=False,
        ticks="",
    )
    canvas.axis("yaxis", len(rows) - 0.5, -0.5)
    canvas.line(0, 0, 0, 1, INK, 1, xref="x", yref="paper")
    for y, row in enumerate(rows):
        canvas.note(
            label(row["effect_set"], EFFECT_SETS), 0, y, yref="y", xshift=-canvas.margin.left + 2, font={"size": 11}
        )
    draw_intervals(canvas, rows, 8)
    return canvas.finish()
