"""The headline under each effect set: median, intervals and the chance of nothing or harm, one row a set."""

from collections.abc import Sequence

import plotly.graph_objects as go

from reports.chart import Canvas, Margin, grid
from reports.chart_rows import Columns, RowLabel, draw_rows, row_margins
from reports.edition import Row
from reports.names import EFFECT_SETS, label
from reports.numbers import chance, nice_ticks, present, signed, tick_text
from reports.palette import (
    BAND_50,
    BAND_80,
    DEEP_BLUE,
    DEEP_VERMILLION,
    GREY_50,
    GREY_80,
    INK,
    MUTED,
    Mode,
)
from reports.tables import column_places
from reports.titles import Spread

ORDER = ("default", "averaged", "published", "optimistic", "null", "all_studies", "backfire")


def ordered_sets(rows: Sequence[Row]) -> list[Row]:
    """Rows by effect set in the report's order, the unknown ones last."""
    rank = {name: i for i, name in enumerate(ORDER)}
    return sorted(rows, key=lambda row: (rank.get(row["effect_set"], len(rank)), row["effect_set"]))


def effect_intervals(rows: Sequence[Row], mode: Mode) -> go.Figure:
    """Figure: avoided share of the focus scenario by effect set: median, 50 and 90 % of draws, chance of harm."""
    narrow = mode.name == "narrow"
    places = column_places([Spread.of(row, 100) for row in rows])
    labels = [
        RowLabel(
            label(row["effect_set"], EFFECT_SETS),
            "",
            signed(100 * row["p50"], places),
            f"[{signed(100 * row['p05'], places)}, {signed(100 * row['p95'], places)}]"
            + (f"  {chance(row['p_not_better'])}" if narrow else ""),
            bold=row["effect_set"] == "default",
        )
        for row in rows
    ]
    columns = Columns(("Median", "[90 %]"), (56, 104))
    top, bottom = (44.0, 46.0) if not narrow else (24.0, 46.0)
    extra = 0 if narrow else 96
    margin = row_margins(mode, labels, columns, top, bottom)
    margin = Margin(margin.left, margin.right, top, bottom)
    pitch = {"wide": 36, "mid": 34, "narrow": 46}[mode.name]
    canvas = Canvas(mode, int(top + bottom + pitch * len(rows)), Margin(margin.left, margin.right + extra, top, bottom))
    canvas.axis("yaxis", len(rows) - 0.5, -0.5)
    low = min(0.0, *(100 * row["p05"] for row in rows))
    high = max(0.0, *(100 * row["p95"] for row in rows))
    pad = 0.06 * ((high - low) or 1)
    ticks = nice_ticks(low - pad, high + pad, 5 if not narrow else 4)
    canvas.x_axis(low - pad, high + pad, ticks, [tick_text(t, sign=True) for t in ticks])
    grid(canvas, [t for t in ticks if t != 0])
    canvas.line(0, 0, 0, 1, INK, 1.2, xref="x", yref="paper")
    canvas.x_title("Avoided loss, % of the status-quo loss", below=26)
    shifted = Columns(columns.heads, (columns.widths[0], columns.widths[1]))
    draw_rows(_with_margin(canvas, margin), labels, range(len(rows)), shifted)
    if not narrow:
        end = margin.right + extra - 4
        canvas.note(
            "Nothing<br>or harm",
            1,
            1,
            xanchor="right",
            align="right",
            xshift=end,
            yshift=10,
            yanchor="bottom",
            font={"size": 12, "color": MUTED},
        )
        for y, row in enumerate(rows):
            worse = row["p_not_better"]
            color = DEEP_VERMILLION if present(worse) and worse > 0.5 else INK
            canvas.note(chance(worse), 1, y, yref="y", xanchor="right", xshift=end, font={"size": 12, "color": color})
    draw_intervals(canvas, rows, 12)
    return canvas.finish()


def _with_margin(canvas: Canvas, margin: Margin) -> Canvas:
    """The same canvas seen with another margin: rows are placed against it, everything lands in the one figure."""
    return Canvas(canvas.mode, canvas.height, margin, canvas.traces, canvas.shapes, canvas.notes, canvas.axes)


def draw_intervals(canvas: Canvas, rows: Sequence[Row], width: int) -> None:
    """Bars of 90 and 50 % and a mark at the median; grey and a triangle where the median is no gain."""
    places = column_places([Spread.of(row, 100) for row in rows])
    for y, row in enumerate(rows):
        gain = round(100 * row["p50"], places) > 0
        wide, inner = (BAND_80, BAND_50) if gain else (GREY_80, GREY_50)
        for low, high, color in (("p05", "p95", wide), ("p25", "p75", inner)):
            canvas.bar(100 * row[low], 100 * row[high], y, color, width)
        symbol, size = ("circle", max(width - 2, 8)) if gain else ("triangle-down", max(width, 9))
        canvas.mark(100 * row["p50"], y, symbol, size, DEEP_BLUE if gain else DEEP_VERMILLION)
