"""The hero curve: what adoption avoids, for one choice of scenario, order of joining and effect set.

Rows in, plotly figures out. Bloc marks and the row of chances under the axis are in figures_adoption_marks.py; which
choices there are is in choices.py, what the figure says in choice_text.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from reports.chart import Canvas, Margin
from reports.edition import Row
from reports.figures_adoption_marks import chance_row, mark_blocs, share_of
from reports.labels import spread, text_width
from reports.numbers import chance, decimals, dollars, nice_ticks, signed, span, tick_text
from reports.palette import BAND_50, BAND_80, BAND_95, DEEP_BLUE, DEEP_VERMILLION, INK, MUTED, WHITE, Mode
from reports.titles import Spread

BANDS = (("p025", "p975", BAND_95, "95 %"), ("p10", "p90", BAND_80, "80 %"), ("p25", "p75", BAND_50, "50 %"))
HERO_HEIGHTS = {"wide": 500, "mid": 390, "narrow": 340}
AXES = {
    "attack_origin": "Share of attack origin covered by members, %",
    "gdp": "Share of world GDP covered by members, %",
    "states": "Share of states that are members, %",
}
WHOLE = {
    "attack_origin": "With the whole attack origin in",
    "gdp": "With the whole of world GDP in",
    "states": "With every state in",
}
"""Full adoption by what it is counted in."""

CALL_OUT, AMOUNT = "call-out", "amount:"
"""Names of the notes that hold dollars: another baseline changes their text and nothing else of the drawing."""


@dataclass(frozen=True)
class Curve:
    """What one drawing of the curve shows.

    levels : rows of avoided_share by adoption_level with quantiles; net : rows of net_benefit at the same levels;
    metric : what adoption is counted in; baseline_usd_bn : for the right ticks; marks : blocs with share_*, p50 of
    avoided_share and not_paying, the chance that the net benefit is not positive; reach : lowest and highest percent
    that the axis holds at least, so that drawings can be compared
    """

    levels: Sequence[Row]
    net: Sequence[Row]
    metric: str
    baseline_usd_bn: float
    marks: Sequence[Row] = ()
    reach: tuple[float, float] = (0.0, 0.0)

    @property
    def ends(self) -> tuple[float, float]:
        """Lowest and highest percent of the axis, without the room for labels."""
        low = min(0.0, self.reach[0], *(100 * row["p025"] for row in self.levels), *self._medians)
        high = max(0.0, self.reach[1], *(100 * row["p975"] for row in self.levels), *self._medians)
        return low, high

    @property
    def _medians(self) -> list[float]:
        return [100 * row["p50"] for row in self.marks]

    @property
    def drops(self) -> list[float]:
        """Where dotted lines drop, percent of the axis."""
        return [100 * share_of(row, self.metric) for row in self.marks]


def draw_bands(canvas: Canvas, levels: Sequence[Row]) -> None:
    """Bands as opaque tints, widest first, then the median, in percent."""
    bands = [
        ([100 * row[low] for row in levels], [100 * row[high] for row in levels], color)
        for low, high, color, _ in BANDS
    ]
    x = [100 * row["adoption_level"] for row in levels]
    width = 3 if canvas.mode.name != "card" else 2.5
    canvas.fan(x, bands, [100 * row["p50"] for row in levels], DEEP_BLUE, width)


def adoption_curve(curve: Curve, mode: Mode) -> go.Figure:
    """Figure 1: avoided loss, % of the baseline, by the share of the world that members cover."""
    return composed(curve, mode).finish()


def composed(curve: Curve, mode: Mode) -> Canvas:
    """The curve on its canvas: four traces of bands and median first, then the marks."""
    narrow = mode.name == "narrow"
    margin = Margin(34 if narrow else 52, 83 if narrow else 92, 44 if narrow else 58, 46 if narrow else 112)
    canvas = Canvas(mode, HERO_HEIGHTS[mode.name], margin)
    low, high = _axes(canvas, curve)
    draw_bands(canvas, curve.levels)
    canvas.line(0, 0, 100, 0, INK, 1.2, layer="above")
    _band_names(canvas, curve.levels, low, high)
    mark_blocs(canvas, curve.marks, curve.metric)
    if low < 0:
        _below_the_line(canvas, curve, low, high)
    if not narrow:
        _call_out(canvas, curve, low, high)
        chance_row(canvas, curve.marks, curve.net, curve.metric)
    return canvas


def _axes(canvas: Canvas, curve: Curve) -> tuple[float, float]:
    """Both axes with ticks in percent at the left and in dollars at the right; the ends of the vertical one."""
    mode, margin = canvas.mode, canvas.margin
    ends = curve.ends
    size = (ends[1] - ends[0]) or 1.0
    # Room for the note below the zero line and for the top label; a positive-only result needs neither below.
    low, high = ends[0] - size * (0.13 if ends[0] < 0 else 0.04), ends[1] + size * 0.10
    ticks = nice_ticks(low, high, 6 if mode.name == "wide" else 5)
    step = {"wide": 10, "mid": 20, "narrow": 25}[mode.name]
    across = [float(value) for value in range(0, 101, step)]
    canvas.x_axis(0, 100, across, [f"{value:.0f}" for value in across])
    canvas.y_axis(low, high, ticks, [tick_text(t, sign=True) for t in ticks])
    for tick in ticks:
        canvas.note(
            amount(tick, curve.baseline_usd_bn, ends),
            1,
            tick,
            yref="y",
            name=f"{AMOUNT}{tick:g}",
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
    canvas.x_title(AXES[curve.metric], below=26)
    return low, high


def amount(tick: float, baseline_usd_bn: float, ends: tuple[float, float]) -> str:
    """A percentage of the baseline in USD bn, with three digits of the largest on the axis."""
    places = decimals([baseline_usd_bn * max(abs(end) for end in ends) / 100])
    return signed(tick / 100 * baseline_usd_bn, places) if tick else "0"


def call_out(levels: Sequence[Row], metric: str, baseline_usd_bn: float) -> str:
    """The result at full adoption in four short lines."""
    share, usd = Spread.of(levels[-1], 100), Spread.of(levels[-1], baseline_usd_bn)
    lines = (
        f"<b>{WHOLE[metric]}</b>",
        f"{signed(share.p50, share.places)} %, about {dollars(usd.p50, usd.mcse)} a year",
        f"90 % interval {span(share.p05, share.p95, share.places)}",
        f"{chance(share.p_not_better)} chance of nothing or harm",
    )
    return "<br>".join(lines)


def _band_names(canvas: Canvas, levels: Sequence[Row], low: float, high: float) -> None:
    """Names of the bands and of the median at the right end, kept 14 px apart."""
    last = levels[-1]
    named = [(100 * last[upper], name, MUTED) for _, upper, _, name in BANDS]
    named.append((100 * last["p50"], "<b>Median</b>", DEEP_BLUE))
    per_px = (high - low) / canvas.plot_height
    placed = spread([y / per_px for y, _, _ in named], 14, low / per_px + 6, high / per_px - 6)
    for (y, name, color), at in zip(named, placed, strict=True):
        canvas.note(name, 1, y, yref="y", xshift=13, yshift=at - y / per_px, font={"size": 12, "color": color})


def _free_x(curve: Curve, column: str, width: float, limit: float, *, above: bool) -> float | None:
    """The leftmost x (in %) where a block `width` wide clears the band edge `column` and, if it can, the drop lines."""
    starts = np.arange(2, int(100 - width) + 1)
    at = starts[:, None] + width * np.arange(9) / 8
    x = [100 * row["adoption_level"] for row in curve.levels]
    edges = np.interp(at, x, [100 * row[column] for row in curve.levels])
    free = starts[(edges.max(1) < limit) if above else (edges.min(1) > limit)]
    without_lines = [x for x in free if not any(x - 1.2 < drop < x + width + 1.2 for drop in curve.drops)]
    return float([*without_lines, *free][0]) if free.size else None


def _below_the_line(canvas: Canvas, curve: Curve, low: float, high: float) -> None:
    """What a negative value means, in the free space under the bands."""
    narrow = canvas.mode.name == "narrow"
    text = "Below the line losses grow" if narrow else "Below the line the convention makes losses larger"
    per_px = (high - low) / canvas.plot_height
    y = low + 12 * per_px
    plot = canvas.plot_width(310 if narrow else None)
    width = 100 * text_width(text, 12) / plot
    x = _free_x(curve, "p025", width, y + 9 * per_px, above=False) if width < 96 else 0.0
    if x is None:
        return
    canvas.note(f"<i>{text}</i>", x, y, xref="x", yref="y", bgcolor=WHITE, font={"size": 12, "color": DEEP_VERMILLION})


def _call_out(canvas: Canvas, curve: Curve, low: float, high: float) -> None:
    """The result at full adoption in words, where neither band nor drop line runs; left out when there is no room."""
    said = call_out(curve.levels, curve.metric, curve.baseline_usd_bn)
    lines = said.split("<br>")
    per_px = (high - low) / canvas.plot_height
    top = high - 10 * per_px
    width = 100 * max(text_width(line, 13) for line in lines) / canvas.plot_width()
    x = _free_x(curve, "p975", width + 2, top - (19 * len(lines) + 8) * per_px, above=True)
    if x is not None:
        canvas.note(said, x, top, xref="x", yref="y", name=CALL_OUT, yanchor="top", bgcolor=WHITE, font={"size": 13})
