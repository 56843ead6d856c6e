"""What a convention adds to GDP: the level by year and where it leads, apart from growth."""

from collections.abc import Sequence

import plotly.graph_objects as go

from reports.chart import Canvas, Margin
from reports.chart_panels import Panel, heading, panels
from reports.chart_years import end_names
from reports.edition import Row
from reports.numbers import decimals, nice_ticks, present, signed, tick_text
from reports.palette import BAND_80, BLUE, DEEP_BLUE, INK, MUTED, Mode

WORLD = "WLD"
BASIS_POINTS = 1e4
SHARE, GROWTH, LONG_RUN, CAPITAL = "gain_share", "growth_difference", "gain_share_long_run", "gain_from_capital"


def by_year(rows: Sequence[Row], measure: str, group: str = WORLD) -> list[Row]:
    """The rows of a measure of an income group in order of years, from the first year with a convention's effect on."""
    found = [row for row in rows if row["measure"] == measure and row["income_group"] == group]
    base = min((row["year"] for row in rows), default=0)
    return sorted((row for row in found if row["year"] > base), key=lambda row: row["year"])


def last(rows: Sequence[Row], measure: str, group: str = WORLD) -> Row | None:
    """The row of a measure in its last year."""
    found = by_year(rows, measure, group)
    return found[-1] if found else None


def points(rows: Sequence[Row], most: int) -> int:
    """Decimals of basis points: three digits of the largest end, `most` at most."""
    return min(most, decimals([BASIS_POINTS * row[key] for row in rows for key in ("p05", "p50", "p95")]))


def gdp_paths(rows: Sequence[Row], mode: Mode) -> go.Figure:
    """Figure: the gain in the level of GDP by year with where it leads, and beside it the gain in growth.

    rows : model.gdp_path of one scenario and set of mechanisms
    """
    narrow = mode.name == "narrow"
    margin = Margin(42, 0, 0 if narrow else 54, 30)
    canvas = Canvas(mode, {"wide": 400, "mid": 275, "narrow": 600}[mode.name], margin)
    strip = {"wide": 62, "mid": 56, "narrow": 58}[mode.name]
    level, growth = panels(canvas, 2, strip=strip, gap=56, head=58, foot=44)
    paths, slopes, end = by_year(rows, SHARE), by_year(rows, GROWTH), last(rows, LONG_RUN)
    heading(canvas, level, "Level", "GDP with less GDP without, basis points of GDP", above=8)
    _fan(canvas, level, "", paths, end, points([*paths, *([end] if end else [])], 2))
    _capital(canvas, rows)
    heading(canvas, growth, "Growth", f"basis points a year, mean since {paths[0]['year'] - 1}", above=8)
    _fan(canvas, growth, "2", slopes, None, points(slopes, 3))
    return canvas.finish()


def _fan(canvas: Canvas, panel: Panel, axes: str, rows: Sequence[Row], end: Row | None, places: int) -> None:
    """The fan of a measure in basis points; `end` is where it leads, drawn apart at the right."""
    years = [row["year"] for row in rows]
    scaled = {key: [BASIS_POINTS * row[key] for row in rows] for key in ("p05", "p50", "p95")}
    ends = [BASIS_POINTS * end[key] for key in ("p05", "p50", "p95")] if end else []
    low, high = min(0.0, *scaled["p05"], *ends), max(0.0, *scaled["p95"], *ends)
    size = (high - low) or 1.0
    low, high = low - 0.08 * size, high + 0.2 * size
    room = years[-1] + (2.6 if end else 0.2)
    step = 7 if canvas.mode.name == "mid" or not end else 5
    ticks = [float(year) for year in range(years[-1], years[0] - 1, -step)][::-1]
    names = [f"{year:.0f}" for year in ticks]
    where = years[-1] + 1.9
    canvas.x_axis(
        years[0] - 0.3, room, ticks, names, name=f"xaxis{axes}", domain=[panel.left, panel.right], anchor=f"y{axes}"
    )
    marks = nice_ticks(low, high, 5)
    canvas.y_axis(
        low,
        high,
        marks,
        [tick_text(tick, sign=True) for tick in marks],
        name=f"yaxis{axes}",
        domain=[max(panel.bottom, 0.0), min(panel.top, 1.0)],
        anchor=f"x{axes}",
    )
    canvas.fan(years, [(scaled["p05"], scaled["p95"], BAND_80)], scaled["p50"], DEEP_BLUE, 3, axes=axes)
    canvas.line(years[0] - 0.3, 0, room, 0, INK, 1.2, xref=f"x{axes}", yref=f"y{axes}")
    inside = f"[{signed(scaled['p05'][-1], places)}, {signed(scaled['p95'][-1], places)}]"
    text = f"{years[-1]}: <b>{signed(scaled['p50'][-1], places)}</b> {inside}"
    canvas.note(
        text,
        years[-1],
        scaled["p95"][-1],
        xref=f"x{axes}",
        yref=f"y{axes}",
        xanchor="right",
        yanchor="bottom",
        yshift=6,
        font={"size": 12},
    )
    if end:
        canvas.traces.append(
            {
                "type": "scatter",
                "x": [where, where],
                "y": [ends[0], ends[2]],
                "xaxis": f"x{axes}",
                "yaxis": f"y{axes}",
                "mode": "lines",
                "line": {"color": BAND_80, "width": 12},
            }
        )
        canvas.mark(where, ends[1], "diamond", 11, DEEP_BLUE, axes=axes)
        named = list(
            zip(
                ends,
                (signed(ends[0], places), f"<b>{signed(ends[1], places)}</b>", signed(ends[2], places)),
                strict=True,
            )
        )
        named.append((ends[2] + 0.06 * size, "Long run"))
    else:
        named = [(scaled["p95"][-1], "90 %"), (scaled["p50"][-1], "<b>Median</b>"), (scaled["p05"][-1], "90 %")]
    colored = [(value, text, DEEP_BLUE if text.startswith("<b>") else MUTED) for value, text in named]
    height = canvas.plot_height * (panel.top - panel.bottom)
    end_names(canvas, colored, (low, high), height, x=panel.right, axes=axes)


def _capital(canvas: Canvas, rows: Sequence[Row]) -> None:
    """The part of the level that came through saving, as a dashed line: what would last if losses were as before."""
    without = {row["year"]: row["mean"] for row in by_year(rows, "gdp_without")}
    found = [row for row in by_year(rows, CAPITAL) if present(without.get(row["year"]))]
    if found:
        canvas.traces.append(
            {
                "type": "scatter",
                "x": [row["year"] for row in found],
                "y": [BASIS_POINTS * row["p50"] / without[row["year"]] for row in found],
                "mode": "lines",
                "line": {"color": BLUE, "width": 2, "dash": "dash"},
            }
        )
