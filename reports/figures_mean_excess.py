"""How much amounts exceed a threshold by as it rises: flat for an exponential tail, rising for a heavier one."""

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from reports.chart import Canvas, Margin
from reports.chart_panels import heading, log_plot, panels
from reports.labels import safe
from reports.numbers import plain
from reports.palette import BAND_80, BLUE, INK, MUTED, WHITE, Mode
from reports.severity_rows import Tail

USD = 1e9
"""Dollars in a billion: the axes are in dollars."""
Z95 = 1.959963984540054
"""Quantile 0.975 of the standard normal: the band is at 95 %."""
BEYOND = 3.0
"""Where no amount is left to show above the threshold of the tail, its line is drawn up to this many times it."""
STEPS = 24
BESIDE, UNDER = 36, 18
"""Room at the right and the foot of a panel for the numbers of amounts beside the last and the first point, px."""


def mean_excess(found: Sequence[Tail], mode: Mode) -> go.Figure:
    """Figure: a panel a source, mean excess by threshold on log axes with the fitted tail, all of equal scale."""
    narrow = mode.name == "narrow"
    margin = Margin(50, 16, 22 if narrow else 74, 46)
    height = {"wide": 400, "mid": 275, "narrow": 96 + 236 * len(found)}[mode.name]
    canvas = Canvas(mode, height, margin)
    places = panels(canvas, len(found), strip=0, gap=58, head=50, foot=34)
    reaches = [_reach(tail) for tail in found]
    spans = [max(reach[axis][1] - reach[axis][0] for reach in reaches) for axis in (0, 1)]
    for k, (tail, place, reach) in enumerate(zip(found, places, reaches, strict=True)):
        axes = str(k + 1) if k else ""
        x_range, y_range = (_of_span(ends, span) for ends, span in zip(reach, spans, strict=True))
        across = (place.right - place.left) * canvas.plot_width()
        along = (place.top - place.bottom) * canvas.plot_height
        x_range = (x_range[0], x_range[1] + (x_range[1] - x_range[0]) * BESIDE / (across - BESIDE))
        y_range = (y_range[0] - (y_range[1] - y_range[0]) * UNDER / (along - UNDER), y_range[1])
        heading(canvas, place, safe(tail.name), _shape(tail), above=8)
        log_plot(canvas, place, axes, x_range, y_range)
        if tail.xi is not None:
            start = USD * tail.threshold
            canvas.line(
                start, 0, start, 1, MUTED, 1.2, xref=f"x{axes}", yref=f"y{axes} domain", dash="2px,3px", layer="below"
            )
        if tail.has_variance:
            _band(canvas, tail, axes)
        for capped in (False, True):
            if tail.has_mean or (capped and tail.xi is not None):
                _line(canvas, tail, axes, capped=capped)
        _points(canvas, tail, axes)
    canvas.y_title("Mean excess, $", above=4 if narrow else 56)
    if narrow:
        canvas.notes[-1]["yshift"] = 6
    canvas.x_title("Threshold, $, log scale", below=26)
    return canvas.finish()


def _shape(tail: Tail) -> str:
    if tail.xi is None:
        return "no tail fitted"
    middle, low, high = (plain(value, 2) for value in tail.xi)
    return f"ξ {middle} [{low}, {high}]"


def _thresholds(tail: Tail) -> list[float]:
    """Thresholds of the line, USD bn: from that of the tail to the highest on record."""
    if tail.xi is None:
        return []
    last = tail.points[-1]["threshold"]
    end = last if last > tail.threshold else BEYOND * tail.threshold
    return [tail.threshold * (end / tail.threshold) ** (k / STEPS) for k in range(STEPS + 1)]


def _reach(tail: Tail) -> tuple[tuple[float, float], tuple[float, float]]:
    """What a panel must hold, as log10 of dollars: thresholds, and mean excesses on record and of the fit."""
    thresholds = _thresholds(tail)
    across = [row["threshold"] for row in tail.points] + thresholds
    along = [row["mean_excess"] for row in tail.points] + tail.line(thresholds, capped=True)
    if tail.has_mean:
        along += tail.line(thresholds, capped=False)
    if tail.has_variance:
        along += [end for ends in _interval(tail) for end in ends]
    return tuple((math.log10(USD * min(values)), math.log10(USD * max(values))) for values in (across, along))


def _of_span(ends: tuple[float, float], span: float) -> tuple[float, float]:
    """An axis of `span` decades and a margin, with `ends` in its middle."""
    middle, half = sum(ends) / 2, 0.55 * span + 0.1
    return middle - half, middle + half


def _interval(tail: Tail) -> tuple[list[float], list[float]]:
    """Ends of the mean excess at 95 %, USD bn; a lower end that is no loss is drawn at a tenth of the mean."""
    low, high = ([row["mean_excess"] + side * Z95 * row["se"] for row in tail.points] for side in (-1, 1))
    return [max(end, row["mean_excess"] / 10) for end, row in zip(low, tail.points, strict=True)], high


def _band(canvas: Canvas, tail: Tail, axes: str) -> None:
    x = [USD * row["threshold"] for row in tail.points]
    low, high = ([USD * end for end in ends] for ends in _interval(tail))
    canvas.traces.append(
        {
            "type": "scatter",
            "x": [*x, *reversed(x)],
            "y": [*high, *reversed(low)],
            "xaxis": f"x{axes}",
            "yaxis": f"y{axes}",
            "fill": "toself",
            "fillcolor": BAND_80,
            "mode": "lines",
            "line": {"width": 0, "color": BAND_80},
        }
    )


def _line(canvas: Canvas, tail: Tail, axes: str, *, capped: bool) -> None:
    """The fitted tail: solid without a cap, dashed with it."""
    thresholds = _thresholds(tail)
    canvas.traces.append(
        {
            "type": "scatter",
            "x": [USD * u for u in thresholds],
            "y": [USD * value for value in tail.line(thresholds, capped=capped)],
            "xaxis": f"x{axes}",
            "yaxis": f"y{axes}",
            "mode": "lines",
            "line": {"color": BLUE, "width": 2.5, "dash": "7px,5px" if capped else "solid"},
        }
    )


def _points(canvas: Canvas, tail: Tail, axes: str) -> None:
    """The points on record, the first and the last with how many amounts lie above."""
    canvas.traces.append(
        {
            "type": "scatter",
            "x": [USD * row["threshold"] for row in tail.points],
            "y": [USD * row["mean_excess"] for row in tail.points],
            "xaxis": f"x{axes}",
            "yaxis": f"y{axes}",
            "mode": "markers",
            "cliponaxis": False,
            "marker": {"symbol": "circle", "size": 8, "color": INK, "line": {"width": 1, "color": WHITE}},
        }
    )
    # Under the first point and beside the last: there a rising line leaves room.
    for row, under in [(tail.points[0], True), (tail.points[-1], False)][: len(tail.points)]:
        low = _interval(tail)[0][0] if under and tail.has_variance else row["mean_excess"]
        canvas.note(
            f"n = {row['n']:,}",
            math.log10(USD * row["threshold"]),
            math.log10(USD * low),
            xref=f"x{axes}",
            yref=f"y{axes}",
            xshift=-4 if under else 9,
            yanchor="top" if under else "middle",
            yshift=-8 if under else -3,
            bgcolor=WHITE,
            font={"size": 12, "color": MUTED},
        )
