"""Three ways to answer attacks by states, and the paired difference of two of them, under both beliefs."""

from collections.abc import Sequence

import plotly.graph_objects as go

from reports.chart import Canvas, Margin, grid
from reports.chart_panels import Panel, fitting_ticks, heading, panels, place
from reports.edition import Row
from reports.labels import text_width
from reports.names import ESCALATION, REGIMES, label
from reports.numbers import decimals, plain, present, signed, tick_text
from reports.palette import (
    BAND_80,
    BLUE,
    DEEP_VERMILLION,
    GREY_80,
    INK,
    MUTED,
    PALE,
    WHITE,
    Mode,
)

DIFFERENCE = "agreed_minus_unilateral"
LEVELS = ("status_quo", "unilateral", "agreed")
LOSS = "state_loss_no_standdown"
"""Loss from states as consequences alone leave it: unilateral answers come without stand-down."""
MEASURES = ("deterrence", "retaliation", LOSS)
BELIEF_ORDER = ("little_reciprocity", "op_ed")
UNITS = {
    "deterrence": "expected loss of the author",
    "retaliation": "attacks that one attack sets off",
    LOSS: "USD bn a year",
}
STYLES = {
    "status_quo": ("circle", MUTED, GREY_80),
    "unilateral": ("triangle-up", DEEP_VERMILLION, PALE[DEEP_VERMILLION]),
    "agreed": ("diamond", BLUE, BAND_80),
    DIFFERENCE: ("square", INK, PALE[MUTED]),
}


def drawn_measures(rows: Sequence[Row]) -> list[str]:
    """The measures that the figure draws: those with a row for each of the three regimes."""
    found = {(row["measure"], row["regime"]) for row in rows}
    return [name for name in MEASURES if all((name, regime) in found for regime in LEVELS)]


def lines(rows: Sequence[Row], measure: str, regime: str) -> list[Row]:
    """A regime's rows of a measure by belief; one row where both beliefs say the same."""
    found = {row["belief"]: row for row in rows if row["measure"] == measure and row["regime"] == regime}
    ordered = [found[name] for name in BELIEF_ORDER if name in found]
    if len(ordered) == 2 and all(ordered[0][key] == ordered[1][key] for key in ("p05", "p50", "p95")):
        return ordered[:1]
    return ordered


def places(rows: Sequence[Row], measure: str, *, difference: bool) -> int:
    """Decimals of a measure's levels or of its differences: three digits of the largest, three places at most."""
    values = [
        row[key]
        for row in rows
        if row["measure"] == measure and (row["regime"] == DIFFERENCE) == difference
        for key in ("p05", "p50", "p95")
    ]
    return min(decimals(values), 3)


def regimes(rows: Sequence[Row], mode: Mode) -> go.Figure:
    """Figure: deterrence, retaliation and loss from states under each regime, the paired difference of two below.

    rows : model.escalation. On a narrow screen deterrence is left to the key table.
    """
    narrow = mode.name == "narrow"
    measures = drawn_measures(rows)
    if narrow and len(measures) == len(MEASURES):
        measures = measures[1:]
    pitch = {"wide": 50, "mid": 38, "narrow": 46}[mode.name]
    ticks_px, head, foot = 30, 44, 26
    block = 4 * pitch + ticks_px
    labels = [REGIMES[name] for name in (*LEVELS, DIFFERENCE)]
    left = 8 if narrow else max(text_width(text, mode.text, bold=True) for text in labels) + 18
    margin = Margin(left, 8, 0 if narrow else head + 8, foot)
    plot = len(measures) * (block + head + foot) - foot if narrow else block
    canvas = Canvas(mode, int(margin.top + margin.bottom + plot), margin)
    strip = {"wide": 112, "mid": 44, "narrow": 108}[mode.name]
    made = panels(canvas, len(measures), strip=strip, gap=24, head=head, foot=foot)
    cut = 3 * pitch / block
    for k, (measure, panel) in enumerate(zip(measures, made, strict=True)):
        heading(canvas, panel, label(measure, ESCALATION), UNITS[measure], above=6)
        _part(canvas, rows, measure, LEVELS, panel.part(0, cut), f"{2 * k + 1}" if k else "")
        _part(canvas, rows, measure, (DIFFERENCE,), panel.part(cut + ticks_px / block, 1), f"{2 * k + 2}")
    if not narrow:
        for regime, text in zip((*LEVELS, DIFFERENCE), labels, strict=True):
            row = (*LEVELS, DIFFERENCE).index(regime)
            at = 1 - (row + 0.5) * pitch / block - (ticks_px / block if regime == DIFFERENCE else 0)
            canvas.note(f"<b>{text}</b>", 0, at, xshift=-margin.left - 1, font={"color": STYLES[regime][1]})
    return canvas.finish()


def _part(canvas: Canvas, rows: Sequence[Row], measure: str, regimes: Sequence[str], panel: Panel, axes: str) -> None:
    """Some regimes of one measure on their own axis: the levels, or the difference of two of them around zero."""
    difference = DIFFERENCE in regimes
    found = {regime: lines(rows, measure, regime) for regime in regimes}
    ends = [row[key] for members in found.values() for row in members for key in ("p05", "p95")] or [0.0]
    low, high = min(0.0, *ends), max(0.0, *ends)
    pad = 0.06 * ((high - low) or 1.0)
    low, high = (low - pad if low < 0 else low), high + pad
    narrow = canvas.mode.name == "narrow"
    ticks = fitting_ticks(canvas, panel, low, high, sign=difference)
    place(
        canvas,
        panel,
        axes,
        (low, high),
        (len(regimes) - 0.5, -0.5),
        ticks,
        [tick_text(t, sign=difference) for t in ticks],
    )
    grid(canvas, [t for t in ticks if t], panel.bottom, panel.top, axes=axes)
    canvas.line(0, panel.bottom, 0, panel.top, INK, 1.2, xref=f"x{axes}", yref="paper")
    digits = places(rows, measure, difference=difference)
    form = signed if difference else plain
    for y, regime in enumerate(regimes):
        members = found[regime]
        if not members:
            canvas.note("not estimated", panel.left, y, yref=f"y{axes}", xshift=6, font={"color": MUTED})
        # Narrow rows leave their upper part to the label.
        center, apart = (y + 0.16, 0.17) if narrow else (y, 0.19)
        if narrow:
            canvas.note(f"<b>{REGIMES[regime]}</b>", panel.left, y - 0.3, yref=f"y{axes}", bgcolor=WHITE)
        for k, row in enumerate(members):
            at = center + (apart * (2 * k - 1) if len(members) > 1 else 0)
            _interval(canvas, row, at, axes)
            text = f"<b>{form(row['p50'], digits)}</b>"
            if canvas.mode.name != "mid":
                inside = f"[{form(row['p05'], digits)}, {form(row['p95'], digits)}]"
                text += f' <span style="color:{MUTED}">{inside}</span>'
            canvas.note(text, panel.end, at, yref=f"y{axes}", xanchor="right", align="right", font={"size": 12})


def _interval(canvas: Canvas, row: Row, y: float, axes: str) -> None:
    """The 90 % interval and the median: solid for little reciprocity, dashed and hollow for the op-ed's belief."""
    symbol, color, pale = STYLES[row["regime"]]
    other = row["belief"] == "op_ed"
    if present(row["p05"]) and present(row["p95"]):
        if other:
            canvas.bar(row["p05"], row["p95"], y, color, 2, dash="dash", axes=axes)
        else:
            canvas.bar(row["p05"], row["p95"], y, pale, 8, axes=axes)
    canvas.mark(row["p50"], y, symbol, 10, color, hollow=other, axes=axes)
