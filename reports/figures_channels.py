"""Which mechanism avoids how much: Shapley shares around zero, and what they add up to."""

from collections.abc import Sequence

import plotly.graph_objects as go

from reports.chart import Canvas, grid
from reports.chart_rows import Columns, RowLabel, draw_rows, row_margins
from reports.edition import Row
from reports.names import CHANNELS, label
from reports.numbers import decimals, nice_ticks, present, scale_of, signed, tick_text
from reports.palette import AXIS, BAND_80, BLUE, DEEP_BLUE, DEEP_VERMILLION, GREY_80, INK, PALE, Mode

TOTAL = "total"


def ordered_channels(rows: Sequence[Row]) -> list[Row]:
    """Channels in the order of the model, the total last; unknown ones before it."""
    rank = {name: i for i, name in enumerate(CHANNELS)}
    return sorted(rows, key=lambda row: (row["channel"] == TOTAL, rank.get(row["channel"], len(rank)), row["channel"]))


def channel_places(rows: Sequence[Row], scale: float) -> int:
    """Decimals of the column: three digits of the largest end at most, and one place."""
    ends = [scale * row[key] for row in rows for key in ("lower", "value", "upper") if present(row[key])]
    return min(decimals(ends), 1)


def channels(rows: Sequence[Row], mode: Mode) -> go.Figure:
    """Figure: each channel's mean share as a bar from zero over its 90 % interval, then the total.

    rows : model.decomposition of one scenario in the order of `ordered_channels`
    """
    narrow = mode.name == "narrow"
    scale, unit = scale_of(str(rows[0]["unit"]))
    places = channel_places(rows, scale)
    labels = [
        RowLabel(
            label(row["channel"], CHANNELS),
            "",
            signed(scale * row["value"], places) if present(row["value"]) else "not estimated",
            f"[{signed(scale * row['lower'], places)}, {signed(scale * row['upper'], places)}]"
            if present(row["lower"]) and present(row["upper"])
            else "",
            bold=row["channel"] == TOTAL,
        )
        for row in rows
    ]
    columns = Columns(("Mean", "[90 %]"), (56, 96))
    top, bottom = (34.0, 46.0) if not narrow else (24.0, 46.0)
    pitch = {"wide": 34, "mid": 22, "narrow": 44}[mode.name]
    canvas = Canvas(mode, int(top + bottom + pitch * len(rows)), row_margins(mode, labels, columns, top, bottom))
    ends = [scale * row[key] for row in rows for key in ("lower", "value", "upper") if present(row[key])]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    pad = 0.05 * ((high - low) or 1)
    ticks = nice_ticks(low - pad, high + pad, 4 if narrow else 7)
    canvas.axis("yaxis", len(rows) - 0.5, -0.5)
    canvas.x_axis(low - pad, high + pad, ticks, [tick_text(t, sign=True) for t in ticks])
    grid(canvas, [t for t in ticks if t])
    canvas.line(0, 0, 0, 1, INK, 1.2, xref="x", yref="paper")
    canvas.x_title(
        f"Avoided loss, {unit} a year" if unit != "%" else "Avoided loss, % of the status-quo loss", below=26
    )
    draw_rows(canvas, labels, range(len(rows)), columns)
    for y, row in enumerate(rows):
        _channel(canvas, row, y, scale)
        if row["channel"] == TOTAL:
            over = y - (0.66 if narrow else 0.5)
            canvas.line(0, over, 1, over, AXIS, 1, xref="paper", yref="y")
    return canvas.finish()


def _channel(canvas: Canvas, row: Row, y: float, scale: float) -> None:
    """The 90 % interval as a pale band, the mean as a bar from zero and a mark at its end that shows the sign."""
    if not present(row["value"]):
        return
    value = scale * row["value"]
    gain = value >= 0
    color = INK if row["channel"] == TOTAL else BLUE if gain else DEEP_VERMILLION
    pale = GREY_80 if row["channel"] == TOTAL else BAND_80 if gain else PALE[DEEP_VERMILLION]
    thick = 8 if canvas.mode.name == "mid" else 10
    if present(row["lower"]) and present(row["upper"]):
        canvas.bar(scale * row["lower"], scale * row["upper"], y, pale, thick)
    canvas.bar(0, value, y, color, thick / 2)
    canvas.mark(value, y, "circle" if gain else "triangle-down", 10, DEEP_BLUE if color == BLUE else color)
