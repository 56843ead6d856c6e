"""What a convention avoids year by year as members join, beside the same text at another pace and law alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from reports.chart import Canvas, Margin
from reports.chart_years import bars_below, end_names
from reports.edition import Row
from reports.numbers import nice_ticks, tick_text
from reports.palette import BAND_50, BAND_80, BAND_95, DEEP_BLUE, DEEP_GREEN, INK, MUTED, Mode

HEIGHTS = {"wide": 400, "mid": 255, "narrow": 390}
MEMBERS = {"wide": 64, "mid": 44, "narrow": 56}
"""Height of the members under the fan, px."""
LAW, PACE = "law_only", "op_ed_by_hazard"


@dataclass(frozen=True)
class Years:
    """Rows by year: of the convention, of law alone, and of the same text at Budapest's pace, where computed."""

    own: Sequence[Row]
    law: Sequence[Row]
    pace: Sequence[Row]


def years_of(rows: Sequence[Row], focus: str, other_pace: bool) -> Years | None:
    """The years after the base year, in order; None with fewer than two."""
    of = {
        name: sorted((row for row in rows if row["scenario"] == name), key=lambda row: row["year"])
        for name in {focus, LAW, PACE}
    }
    if len(of[focus]) < 2:
        return None
    return Years(of[focus], of[LAW] if focus != LAW else [], of[PACE] if other_pace else [])


def by_year(found: Years, mode: Mode) -> go.Figure:
    """Figure: the fan of the avoided share by year, two lines beside it, and the share of states that are members."""
    narrow = mode.name == "narrow"
    right = {"wide": 150, "mid": 84, "narrow": 70}[mode.name]
    canvas = Canvas(mode, HEIGHTS[mode.name], Margin(34 if narrow else 44, right, 40, 30))
    between = 34
    split = (MEMBERS[mode.name] + between) / canvas.plot_height
    years = [row["year"] for row in found.own]
    ends = [100 * row[key] for row in found.own for key in ("p025", "p975")]
    ends += [100 * row["p50"] for rows in (found.law, found.pace) for row in rows]
    low, high = min(0.0, *ends), max(0.0, *ends)
    size = (high - low) or 1.0
    low, high = low - 0.06 * size, high + 0.06 * size
    step = 7 if narrow else 2
    x_ticks = [float(year) for year in range(years[-1], years[0] - 1, -step)][::-1]
    names = [f"{year:.0f}" for year in x_ticks]
    canvas.x_axis(years[0] - 0.3, years[-1] + 0.4, x_ticks, names, anchor="free", position=0)
    ticks = nice_ticks(low, high, 6)
    canvas.y_axis(low, high, ticks, [tick_text(tick, sign=True) for tick in ticks], domain=[split, 1])
    canvas.y_title("Avoided in the year, % of its loss", above=14)
    bands = [
        ([100 * row[a] for row in found.own], [100 * row[b] for row in found.own], color)
        for a, b, color in (("p025", "p975", BAND_95), ("p10", "p90", BAND_80), ("p25", "p75", BAND_50))
    ]
    canvas.fan(years, bands, [100 * row["p50"] for row in found.own], DEEP_BLUE, 3)
    for rows, color, dash in ((found.law, DEEP_GREEN, "solid"), (found.pace, DEEP_BLUE, "dash")):
        canvas.traces.append(
            {
                "type": "scatter",
                "x": [row["year"] for row in rows],
                "y": [100 * row["p50"] for row in rows],
                "mode": "lines",
                "line": {"color": color, "width": 2, "dash": dash},
            }
        )
    canvas.line(years[0] - 0.3, 0, years[-1] + 0.4, 0, INK, 1.2, xref="x", yref="y")
    _names(canvas, found, (low, high), 1 - split)
    _members(canvas, found.own, split - between / canvas.plot_height)
    return canvas.finish()


def _names(canvas: Canvas, found: Years, reach: tuple[float, float], share: float) -> None:
    """Names of bands and lines at the right end, kept apart."""
    end, wide = found.own[-1], canvas.mode.name == "wide"
    named = [(100 * end[key], text, MUTED) for key, text in (("p975", "95 %"), ("p90", "80 %"), ("p75", "50 %"))]
    named.append((100 * end["p50"], "<b>As dated</b>", DEEP_BLUE))
    if found.pace:
        name = "At Budapest’s pace" if wide else "Its pace" if canvas.mode.name == "mid" else "Pace"
        named.append((100 * found.pace[-1]["p50"], name, DEEP_BLUE))
    if found.law:
        named.append((100 * found.law[-1]["p50"], "Law alone", DEEP_GREEN))
    end_names(canvas, named, reach, canvas.plot_height * share)


def _members(canvas: Canvas, rows: Sequence[Row], top: float) -> None:
    """The share of states that are in, as bars on the axis of years, the last with its number."""
    bars_below(canvas, [(row["year"], row["adoption_level"]) for row in rows], top, "Members, % of states")
    last = rows[-1]["adoption_level"]
    at = {"xref": "paper", "yref": "y2", "xanchor": "left", "xshift": 6}
    canvas.note(f"{100 * last:.0f}", 1, last, font={"size": 12, "color": MUTED}, **at)
