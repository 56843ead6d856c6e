"""What charts by year share: names at the right end of lines and bands, and bars on the axis of years below them."""

from collections.abc import Sequence

from reports.chart import Canvas
from reports.labels import spread
from reports.palette import AXIS, MUTED


def end_names(
    canvas: Canvas,
    named: Sequence[tuple[float, str, str]],
    reach: tuple[float, float],
    height: float,
    *,
    x: float = 1.0,
    axes: str = "",
) -> None:
    """Texts (value, text, color) at the right edge of a plot, at the heights of their values and apart from each other.

    reach : ends of the vertical axis; height : of the plot, px; x : its right edge in paper units
    """
    low, high = reach
    per_px = (high - low) / height
    placed = spread([(value - low) / per_px for value, _, _ in named], 15, 6, height - 4)
    for (value, text, color), at in zip(named, placed, strict=True):
        shift = at - (value - low) / per_px
        style = {"size": 12, "color": color}
        canvas.note(text, x, value, yref=f"y{axes}", xshift=6, yshift=shift, font=style)


def bars_below(canvas: Canvas, bars: Sequence[tuple[float, float]], top: float, words: str) -> None:
    """Bars (year, value) on the axis of years up to `top` in paper units, what they are above them; axis y2."""
    canvas.axis("yaxis2", 0, 1.05 * max(value for _, value in bars) or 1.0, domain=[0, top], anchor="x")
    canvas.traces.append(
        {
            "type": "bar",
            "x": [year for year, _ in bars],
            "y": [value for _, value in bars],
            "yaxis": "y2",
            "width": 0.6,
            "marker": {"color": AXIS},
        }
    )
    canvas.note(words, 0, top, yshift=3, yanchor="bottom", font={"size": 12, "color": MUTED})
