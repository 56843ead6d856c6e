"""The hero curve: what adoption avoids, with the blocs that are marked on it.

Rows in, plotly figures out. Which blocs are marked is decided here, because it depends on what fits; what they are
called and what the figure says are not.
"""

import itertools
from collections.abc import Sequence

import plotly.graph_objects as go

from reports.chart import Canvas, Margin, safe, spread, text_width
from reports.names import BLOCS_SHORT, label
from reports.numbers import chance, decimals, dollars, nice_ticks, present, signed, span, tick_text
from reports.palette import (
    BAND_50,
    BAND_80,
    BAND_95,
    DEEP_BLUE,
    DEEP_VERMILLION,
    INK,
    MUTED,
    RULE,
    WHITE,
    Mode,
)
from reports.queries import Row

BANDS = (("p025", "p975", BAND_95, "95 %"), ("p10", "p90", BAND_80, "80 %"), ("p25", "p75", BAND_50, "50 %"))
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "triangle-down", "star")
LETTERS = "ABCDEF"
PREFERRED = ("All", "UN-Hanoi", "G20", "Budapest", "G7", "NATO", "BRICS", "EU", "OECD", "CouncilOfEurope")

HERO_HEIGHTS = {"wide": 500, "mid": 390, "narrow": 340}


def marked_blocs(blocs: Sequence[Row], apart: float = 0.03) -> list[Row]:
    """Up to six blocs to mark, in order of the attack origin they cover, none closer than `apart` of it.

    Nearer blocs could not be told apart on the axis; they are in the table of blocs.
    """
    by_name = {row["bloc"]: row for row in blocs}
    order = [name for name in PREFERRED if name in by_name]
    order += sorted(name for name in by_name if name not in order)
    chosen: list[Row] = []
    for name in order:
        share = by_name[name]["share_attack_origin"]
        near = any(abs(share - row["share_attack_origin"]) < apart for row in chosen)
        if present(share) and not near and len(chosen) < len(SYMBOLS):
            chosen.append(by_name[name])
    return sorted(chosen, key=lambda row: row["share_attack_origin"])


def draw_bands(canvas: Canvas, levels: Sequence[Row]) -> None:
    """Bands as opaque tints, widest first, then the median, in percent."""
    bands = [
        ([100 * row[low] for row in levels], [100 * row[high] for row in levels], color)
        for low, high, color, _ in BANDS
    ]
    x = [100 * row["adoption_level"] for row in levels]
    width = 3 if canvas.mode.name != "card" else 2.5
    canvas.fan(x, bands, [100 * row["p50"] for row in levels], DEEP_BLUE, width)


def _interpolate(levels: Sequence[Row], column: str, x: float) -> float:
    """A column of the levels at an adoption of x %, linear between levels."""
    points = [(100 * row["adoption_level"], 100 * row[column]) for row in levels]
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        if x0 <= x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return points[-1][1] if x > points[-1][0] else points[0][1]


def _free_x(
    levels: Sequence[Row], column: str, width: float, limit: float, drops: Sequence[float], *, above: bool, end: float
) -> float | None:
    """The leftmost x (in %) where a block `width` wide clears the band edge `column` and, if it can, the drop lines."""

    def clear(x: float) -> bool:
        edges = [_interpolate(levels, column, x + width * k / 8) for k in range(9)]
        return max(edges) < limit if above else min(edges) > limit

    free = [x for x in range(2, int(end - width) + 1) if clear(x)]
    without_lines = [x for x in free if not any(x - 1.2 < drop < x + width + 1.2 for drop in drops)]
    return float((without_lines or free)[0]) if free else None


def adoption_curve(levels: Sequence[Row], blocs: Sequence[Row], baseline_usd_bn: float, mode: Mode) -> go.Figure:
    """Figure 1: avoided loss, % of the baseline, by the share of attack origin that members cover.

    levels : rows of avoided_share by adoption_level with quantiles; blocs : marked blocs with share_attack_origin, p50
    of avoided_share and not_paying (chance that the net benefit is not positive); baseline in USD bn for the right
    ticks
    """
    narrow, wide = mode.name == "narrow", mode.name == "wide"
    margin = Margin(34 if narrow else 52, 78 if narrow else 92, 44 if narrow else 58, 46 if narrow else 112)
    canvas = Canvas(mode, HERO_HEIGHTS[mode.name], margin)
    low = min(0.0, *(100 * row["p025"] for row in levels), *(100 * row["p50"] for row in blocs))
    high = max(0.0, *(100 * row["p975"] for row in levels), *(100 * row["p50"] for row in blocs))
    size = (high - low) or 1.0
    # Room for the note below the zero line and for the top label; a positive-only result needs neither below.
    low, high = low - size * (0.13 if low < 0 else 0.04), high + size * 0.10
    ticks = nice_ticks(low, high, 6 if wide else 5)
    canvas.x_axis(0, 100, *_percent_ticks(10 if wide else 20 if not narrow else 25))
    canvas.axis(
        "yaxis",
        low,
        high,
        tickmode="array",
        tickvals=ticks,
        ticktext=[tick_text(t, sign=True) for t in ticks],
        showticklabels=True,
        showgrid=True,
        gridcolor=RULE,
    )
    for tick in ticks:
        amount = tick / 100 * baseline_usd_bn
        places = decimals([baseline_usd_bn * max(abs(low), abs(high)) / 100]) - 1
        canvas.note(
            signed(amount, places) if tick else "0",
            1,
            tick,
            yref="y",
            xshift=margin.right - 4,
            xanchor="right",
            font={"size": mode.tick, "color": MUTED},
        )
    canvas.y_title("Avoided loss, % of baseline", above=margin.top - 16)
    canvas.note(
        "$ bn a year",
        1,
        1,
        xanchor="right",
        xshift=margin.right - 4,
        yshift=margin.top - 16,
        yanchor="bottom",
        font={"size": 12, "color": MUTED},
    )
    title = "Share of attack origin covered by members, %"
    canvas.x_title(title, below=26)

    draw_bands(canvas, levels)
    canvas.line(0, 0, 100, 0, INK, 1.2, layer="above")
    _band_names(canvas, levels, low, high)
    _mark_blocs(canvas, blocs)
    if low < 0:
        _below_the_line(canvas, levels, [100 * b["share_attack_origin"] for b in blocs], low, high)
    if not narrow:
        _call_out(canvas, levels, blocs, baseline_usd_bn, low, high)
        _chance_row(canvas, blocs)
    return canvas.finish()


def _percent_ticks(step: int) -> tuple[list[float], list[str]]:
    values = [float(v) for v in range(0, 101, step)]
    return values, [f"{v:.0f}" for v in values]


def _band_names(canvas: Canvas, levels: Sequence[Row], low: float, high: float) -> None:
    """Names of the bands and of the median at the right end, kept 14 px apart."""
    last = levels[-1]
    named = [(100 * last[upper], name, MUTED) for _, upper, _, name in BANDS]
    named.append((100 * last["p50"], "<b>Median</b>", DEEP_BLUE))
    per_px = (high - low) / canvas.plot_height
    placed = spread([y / per_px for y, _, _ in named], 14, low / per_px + 6, high / per_px - 6)
    for (y, name, color), at in zip(named, placed, strict=True):
        canvas.note(name, 1, y, yref="y", xshift=13, yshift=at - y / per_px, font={"size": 12, "color": color})


def _mark_blocs(canvas: Canvas, blocs: Sequence[Row]) -> None:
    """Dotted drops, a marker a bloc and its name (a letter when narrow) on staggered levels over the plot."""
    narrow = canvas.mode.name == "narrow"
    x = [100 * row["share_attack_origin"] for row in blocs]
    plot = canvas.plot_width(canvas.mode.floor if not narrow else 310)
    texts = [LETTERS[i] if narrow else label(row["bloc"], BLOCS_SHORT) for i, row in enumerate(blocs)]
    halves = [text_width(text, 13, bold=True) / 2 for text in texts]
    centers = [plot * value / 100 for value in x]
    if narrow:
        tops, shifts = [8.0] * len(x), spread(centers, 15, -2, plot + 4)
    else:
        tops, shifts = [], []
        ends: dict[int, float] = {}
        for center, half in zip(centers, halves, strict=True):
            # The level that asks for the smaller push to the right; two levels stay clear of the axis title.
            push = [max(0.0, ends.get(k, -1e9) + 10 + half - center) for k in range(2)]
            level = 0 if push[0] <= push[1] else 1
            at = center + push[level]
            ends[level] = at + half
            tops.append(6.0 + 17 * level)
            shifts.append(at)
    for row, value, text, top, at, center, symbol in zip(blocs, x, texts, tops, shifts, centers, SYMBOLS, strict=False):
        canvas.shapes.append(
            {
                "type": "line",
                "xref": "x",
                "x0": value,
                "x1": value,
                "yref": "paper",
                "y0": 0,
                "y1": 1,
                "line": {"color": MUTED, "width": 1, "dash": "dot"},
                "layer": "above",
            }
        )
        if top > 10:
            # The drop goes on up to a name on a higher level.
            canvas.shapes.append(
                {
                    "type": "line",
                    "xref": "x",
                    "x0": value,
                    "x1": value,
                    "yref": "paper",
                    "ysizemode": "pixel",
                    "yanchor": 1,
                    "y0": 0,
                    "y1": top - 1,
                    "line": {"color": MUTED, "width": 1, "dash": "dot"},
                }
            )
        canvas.note(
            f"<b>{safe(text)}</b>",
            value,
            1,
            xref="x",
            xanchor="center",
            xshift=at - center,
            yshift=top,
            yanchor="bottom",
            bgcolor=WHITE,
            font={"size": 13},
        )
        canvas.traces.append(
            {
                "type": "scatter",
                "x": [value],
                "y": [100 * row["p50"]],
                "mode": "markers",
                "cliponaxis": False,
                "marker": {
                    "symbol": symbol,
                    "size": 15 if symbol == "star" else 11,
                    "color": WHITE,
                    "line": {"color": DEEP_BLUE, "width": 2},
                },
            }
        )


def _below_the_line(canvas: Canvas, levels: Sequence[Row], drops: Sequence[float], low: float, high: float) -> None:
    """What a negative value means, in the free space under the bands."""
    narrow = canvas.mode.name == "narrow"
    text = "Below the line losses grow" if narrow else "Below the line the convention makes losses larger"
    per_px = (high - low) / canvas.plot_height
    y = low + 12 * per_px
    plot = canvas.plot_width(310 if narrow else None)
    width = 100 * text_width(text, 12) / plot
    x = _free_x(levels, "p025", width, y + 9 * per_px, drops, above=False, end=100) if width < 96 else 0.0
    if x is None:
        return
    canvas.note(f"<i>{text}</i>", x, y, xref="x", yref="y", bgcolor=WHITE, font={"size": 12, "color": DEEP_VERMILLION})


def _call_out(
    canvas: Canvas, levels: Sequence[Row], blocs: Sequence[Row], baseline: float, low: float, high: float
) -> None:
    """The result at full adoption in words, where neither band nor drop line runs; left out when there is no room."""
    last = levels[-1]
    places = decimals([100 * last["p05"], 100 * last["p95"]], 100 * last["mcse"])
    amount = last["p50"] * baseline
    lines = [
        "<b>With the whole attack origin in</b>",
        f"{signed(100 * last['p50'], places)} %, about {dollars(amount, baseline * last['mcse'])} a year",
        f"90 % interval {span(100 * last['p05'], 100 * last['p95'], places)}",
        f"{chance(last['p_not_better'])} chance of nothing or harm",
    ]
    per_px = (high - low) / canvas.plot_height
    height = 19 * len(lines)
    top = high - 10 * per_px
    width = 100 * max(text_width(line, 13) for line in lines) / canvas.plot_width()
    drops = [100 * row["share_attack_origin"] for row in blocs]
    x = _free_x(levels, "p975", width + 2, top - (height + 8) * per_px, drops, above=True, end=100)
    if x is not None:
        canvas.note("<br>".join(lines), x, top, xref="x", yref="y", yanchor="top", bgcolor=WHITE, font={"size": 13})


def _chance_row(canvas: Canvas, blocs: Sequence[Row]) -> None:
    """Under the axis, the chance that each marked bloc's convention does not pay; vermillion above one half."""
    canvas.note("<b>Chance that it does not pay for itself</b>", 0, 0, yshift=-58, font={"size": 12, "color": MUTED})
    plot = canvas.plot_width()
    centers = [plot * row["share_attack_origin"] for row in blocs]
    placed = spread(centers, 42, 0, plot + 6)
    for row, center, at in zip(blocs, centers, placed, strict=True):
        value = row["not_paying"]
        color = DEEP_VERMILLION if present(value) and value > 0.5 else DEEP_BLUE
        canvas.note(
            f"<b>{chance(value) if present(value) else '–'}</b>",
            100 * row["share_attack_origin"],
            0,
            xref="x",
            xanchor="center",
            xshift=at - center,
            yshift=-84,
            font={"size": 14 if canvas.mode.name == "wide" else 13, "color": color},
        )
