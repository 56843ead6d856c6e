"""Members over time if states joined as they joined Budapest, beside how they did and what the scenario assumes."""

from collections.abc import Sequence
from itertools import accumulate

import plotly.graph_objects as go

from reports.chart import Canvas, Margin
from reports.chart_years import bars_below, end_names
from reports.edition import Row
from reports.numbers import nice_ticks, tick_text
from reports.palette import BAND_50, BAND_80, DEEP_BLUE, DEEP_VERMILLION, INK, MUTED, Mode

HEIGHTS = {"wide": 420, "mid": 275, "narrow": 380}
RUG = {"wide": 64, "mid": 44, "narrow": 56}
"""Height of the ratifications a year under the fan, px."""


def parties(ratifications: Sequence[Row]) -> list[tuple[int, int]]:
    """Year and number of parties at its end, from ratifications a year; years without one are left out."""
    totals = accumulate(row["ratifications"] for row in ratifications)
    return [(row["year"], total) for row, total in zip(ratifications, totals, strict=True)]


def accession(fan: Sequence[Row], ratifications: Sequence[Row], mode: Mode) -> go.Figure:
    """Figure: the fan of members by year, the scenario's own dates dashed, Budapest's parties in grey, a rug below.

    fan : model.accession_fan of one scenario in order of years; ratifications : year and number, may be empty
    """
    narrow = mode.name == "narrow"
    right = {"wide": 132, "mid": 66, "narrow": 62}[mode.name]
    margin = Margin(34 if narrow else 44, right, 40, 30)
    canvas = Canvas(mode, HEIGHTS[mode.name], margin)
    rug, between = (RUG[mode.name], 34) if ratifications else (0, 0)
    split = (rug + between) / canvas.plot_height
    grown = parties(ratifications)
    years = [row["year"] for row in fan]
    first, last = min([*years, *(year for year, _ in grown)]), max(years)
    top = max(1, *(row["p95"] for row in fan), *(row["assumed"] for row in fan), *(n for _, n in grown)) * 1.06
    ticks = nice_ticks(0, top, 5)
    step = 10 if narrow else 5
    x_ticks = [float(year) for year in range(-(-first // step) * step, last + 1, step)]
    canvas.x_axis(first - 0.6, last + 0.2, x_ticks, [f"{year:.0f}" for year in x_ticks], anchor="free", position=0)
    canvas.y_axis(0, top, ticks, [tick_text(t) for t in ticks], domain=[split, 1])
    canvas.y_title("Members at the end of the year", above=14)
    bands = [
        ([row[low] for row in fan], [row[high] for row in fan], color)
        for low, high, color in (("p05", "p95", BAND_80), ("p25", "p75", BAND_50))
    ]
    canvas.fan(years, bands, [row["p50"] for row in fan], DEEP_BLUE, 3)
    canvas.traces.append(_line(years, [row["assumed"] for row in fan], DEEP_VERMILLION, 2.5, "dash", "linear"))
    if grown:
        held = [*grown, (grown[-1][0] + 0.6, grown[-1][1])]
        canvas.traces.append(_line(*zip(*held, strict=True), MUTED, 2, "solid", "hv"))
        _rug(canvas, ratifications, split - between / canvas.plot_height)
        canvas.line(0, split, 1, split, INK, 1, xref="paper", yref="paper")
    _names(canvas, fan, grown, top, 1 - split)
    return canvas.finish()


def _line(x: Sequence[float], y: Sequence[float], color: str, width: float, dash: str, shape: str) -> dict[str, object]:
    return {
        "type": "scatter",
        "x": [*x],
        "y": [*y],
        "mode": "lines",
        "line": {"color": color, "width": width, "dash": dash, "shape": shape},
    }


def _rug(canvas: Canvas, ratifications: Sequence[Row], top: float) -> None:
    """Ratifications a year as bars on the axis of years, the highest with its number."""
    most = max(ratifications, key=lambda row: row["ratifications"])
    bars = [(row["year"], row["ratifications"]) for row in ratifications]
    bars_below(canvas, bars, top, "Ratifications of Budapest a year")
    size = {"size": 12, "color": MUTED}
    at = {"xref": "x", "yref": "y2", "xanchor": "left", "xshift": 5}
    text = f"{most['ratifications']} in {most['year']}"
    canvas.note(text, most["year"] + 0.3, most["ratifications"] * 0.86, font=size, **at)


def _names(canvas: Canvas, fan: Sequence[Row], grown: Sequence[tuple[int, int]], top: float, share: float) -> None:
    """Names of the fan, its bands and the assumed dates at the right end, kept apart; Budapest's on its line."""
    end = fan[-1]
    wide = canvas.mode.name == "wide"
    named = [
        (end["p95"], "90 %", MUTED),
        (end["p75"], "50 %", MUTED),
        (end["p50"], "<b>At Budapest’s pace</b>" if wide else "<b>Median</b>", DEEP_BLUE),
        (end["assumed"], "<b>Assumed</b>", DEEP_VERMILLION),
    ]
    end_names(canvas, named, (0.0, top), canvas.plot_height * share)
    if grown:
        # Under the line, where nothing else is.
        year, total = grown[len(grown) // 2]
        style = {"xref": "x", "yref": "y", "font": {"color": MUTED}}
        canvas.note("Parties to Budapest", year, total, xshift=8 if wide else -14, yshift=-18, **style)
