"""How likely a bad year is, with and without the convention: loss that is exceeded by its chance, on log axes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from reports.chart import Canvas, Item, Margin
from reports.edition import Row
from reports.numbers import log_ticks, plain, present, tick_text
from reports.palette import BLUE, GREY_80, MUTED, WHITE, Mode
from reports.queries import FOCUS

WHOLE, STATUS_QUO = "all", "status_quo"
PERSPECTIVE = "AEP"
"""A year's losses together."""
MARKED = 100
"""Return period of the title, years."""


@dataclass(frozen=True)
class Curves:
    """Rows by return period of one source: without a convention and with one."""

    source: str
    scenario: str
    before: list[Row]
    after: list[Row]

    @property
    def marked(self) -> tuple[Row, Row]:
        """The rows of the return period that the words are about: 100 years or the nearest."""
        nearest = min(self.before, key=lambda row: abs(math.log(row["return_period"] / MARKED)))["return_period"]
        pair = [next(r for r in rows if r["return_period"] == nearest) for rows in (self.before, self.after)]
        return pair[0], pair[1]


def curves(rows: Sequence[Row], focus: str = FOCUS) -> Curves | None:
    """The curves of the whole, or of the source with most records where the whole is withheld; None without numbers.

    rows : model.exceedance
    """
    known = [row for row in rows if row["perspective"] == PERSPECTIVE and (row["loss_usd_bn"] or 0) > 0]
    sources = sorted({row["source_id"]: row["records"] for row in known}.items(), key=lambda item: (-item[1], item[0]))
    for source, _ in sorted(sources, key=lambda item: item[0] != WHOLE):
        own = [row for row in known if row["source_id"] == source]
        scenarios = {row["scenario"] for row in own} - {STATUS_QUO}
        for scenario in sorted(scenarios, key=lambda name: (name != focus, name != "universal", name)):
            by = {(row["scenario"], row["return_period"]): row for row in own}
            both = sorted(T for name, T in by if name == scenario and (STATUS_QUO, T) in by)
            if len(both) > 1:
                return Curves(source, scenario, [by[STATUS_QUO, T] for T in both], [by[scenario, T] for T in both])
    return None


def exceedance(found: Curves, cap: float | None, mode: Mode) -> go.Figure:
    """Figure: chance of a worse year by its loss, the status quo with its band, the convention as a line.

    cap : most that an event can cost by assumption, USD bn; drawn where the axis reaches it
    """
    narrow = mode.name == "narrow"
    margin = Margin(44, 20 if narrow else 84, 40, 48)
    canvas = Canvas(mode, {"wide": 430, "mid": 275, "narrow": 350}[mode.name], margin)
    rows = [*found.before, *found.after]
    ends = [row[key] for row in rows for key in ("lower", "loss_usd_bn", "upper") if present(row[key]) and row[key] > 0]
    low, high = math.log10(min(ends)) - 0.08, math.log10(max(ends)) + 0.08
    chances = [100 / row["return_period"] for row in found.before]
    bottom, top = math.log10(min(chances)), math.log10(max(chances))
    size = 0.03 * (top - bottom)
    ticks = log_ticks(10**low, 10**high, every=(1, 3) if high - low < (2.2 if narrow else 4) else (1,))
    canvas.x_axis(low, high, ticks, [tick_text(tick) for tick in ticks], type="log")
    marks = log_ticks(10 ** (bottom - size), 10 ** (top + size))
    canvas.y_axis(bottom - size, top + size, marks, [tick_text(mark) for mark in marks], type="log")
    canvas.y_title("Chance of a worse year, %", above=16)
    canvas.x_title("Loss of a year, USD bn, log scale", below=26)
    if not narrow:
        style = {"size": 12, "color": MUTED}
        canvas.note("Return period", 1, 1, xshift=6, yshift=16, yanchor="bottom", font=style)
        for mark in marks:
            canvas.note(f"1 in {plain(100 / mark, 0)}", 1, math.log10(mark), yref="y", xshift=8, font=style)
    if present(cap) and low < math.log10(cap) < high:
        canvas.hatched(cap, 10**high, 10 ** (bottom - size), 10 ** (top + size))
    _band(canvas, found.before)
    # The status quo thick below the convention, with white between, so that both are seen where they coincide.
    for members, color, width in ((found.before, MUTED, 8), (found.after, WHITE, 4.5), (found.after, BLUE, 2.5)):
        canvas.traces += _line(members, color, width)
    _names(canvas, found)
    return canvas.finish()


def _band(canvas: Canvas, rows: Sequence[Row]) -> None:
    """The status quo's band: the interval of the loss at each chance."""
    known = [row for row in rows if present(row["lower"]) and present(row["upper"]) and row["lower"] > 0]
    y = [100 / row["return_period"] for row in known]
    canvas.traces.append(
        {
            "type": "scatter",
            "x": [row["lower"] for row in known] + [row["upper"] for row in reversed(known)],
            "y": [*y, *reversed(y)],
            "fill": "toself",
            "fillcolor": GREY_80,
            "mode": "lines",
            "line": {"width": 0, "color": GREY_80},
        }
    )


def _line(rows: Sequence[Row], color: str, width: float) -> list[Item]:
    """The curve: solid over what is on record, dashed beyond."""
    beyond = next((k for k, row in enumerate(rows) if row["beyond_data"]), len(rows))
    parts = [(rows[: beyond + 1] if beyond else [], "solid"), (rows[beyond:], "8px,8px")]
    return [
        {
            "type": "scatter",
            "x": [row["loss_usd_bn"] for row in part],
            "y": [100 / row["return_period"] for row in part],
            "mode": "lines",
            "line": {"color": color, "width": width, "dash": dash},
        }
        for part, dash in parts
        if len(part) > 1
    ]


def _names(canvas: Canvas, found: Curves) -> None:
    """Names with leaders: the status quo from the right of its curve, the convention from the left."""
    k = len(found.before) // 2
    for row, text, color, side in (
        (found.before[k], "<b>Status quo</b>", MUTED, 1),
        (found.after[max(k - 1, 0)], "<b>Convention</b>", BLUE, -1),
    ):
        canvas.note(
            text,
            math.log10(row["loss_usd_bn"]),
            math.log10(100 / row["return_period"]),
            xref="x",
            yref="y",
            showarrow=True,
            arrowhead=0,
            arrowwidth=1,
            arrowcolor=color,
            ax=side * (18 if canvas.mode.name == "narrow" else 64),
            ay=-side * 40,
            xanchor="left" if side > 0 else "right",
            font={"color": color},
        )
