"""From one published loss to the next and to the op-ed's figure: prices, growth, definition, rounding."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from reports.chart import Canvas, Margin, grid
from reports.edition import Row
from reports.numbers import nice_ticks, plain, present, signed, tick_text
from reports.palette import AMBER, AXIS, BLUE, INK, MUTED, PALE, SKY, WHITE, Mode

TOTALS = ("csis_2018", "csis_2020_loss", "csis_2020_total")


@dataclass(frozen=True)
class Step:
    """One bar: its name in lines, where it starts and ends in USD bn, its kind, the share of GDP of a total."""

    name: tuple[str, ...]
    start: float
    end: float
    kind: str
    share: float | None = None

    @property
    def is_total(self) -> bool:
        """Whether the bar is a sum, not a change."""
        return self.kind in ("total", "headline")


def bridge_steps(rows: Sequence[Row], headline: float | None) -> list[Step]:
    """The steps of the bridge; empty where one of the three published totals is missing.

    rows : the three totals with GDP of the world and US prices of their years; headline : the op-ed's round figure
    """
    of = {row["estimate_id"]: row for row in rows}
    if any(name not in of or not present(of[name]["usd_bn"]) for name in TOTALS):
        return []
    first, loss, total = (of[name] for name in TOTALS)
    repriced = first["usd_bn"] * loss["prices"] / first["prices"]
    share = [row["usd_bn"] / row["gdp_usd_bn"] for row in (first, loss, total)]
    years = f"{first['reference_year']}–{loss['reference_year'] % 100}"
    steps = [
        Step((f"{first['published_year']}", "report"), 0, first["usd_bn"], "total", share[0]),
        Step(("Inflation", years), first["usd_bn"], repriced, "prices"),
        Step(("Growth,", "real"), repriced, loss["usd_bn"], "growth"),
        Step((f"{loss['published_year']} report,", "loss"), 0, loss["usd_bn"], "total", share[1]),
        Step(("Security", "spending"), loss["usd_bn"], total["usd_bn"], "definition"),
        Step(("Loss and", "defense"), 0, total["usd_bn"], "total", share[2]),
    ]
    if headline is None:
        return steps
    return [
        *steps,
        Step(("Rounding",), total["usd_bn"], headline, "rounding"),
        Step(("The op-ed’s", "figure"), 0, headline, "headline", headline / total["gdp_usd_bn"]),
    ]


def growth(steps: Sequence[Step]) -> tuple[float, float]:
    """Growth between the two reports in current and in constant dollars, fractions."""
    return steps[3].end / steps[0].end - 1, steps[2].end / steps[2].start - 1


def bridge(steps: Sequence[Step], mode: Mode) -> go.Figure:
    """Figure: totals in grey, the steps between them hanging between them; rows where narrow."""
    narrow = mode.name == "narrow"
    high = max(max(step.start, step.end) for step in steps)
    if narrow:
        margin, height = Margin(110, 14, 8, 34), 34 + 8 + 52 * len(steps)
    else:
        margin, height = Margin(52, 8, 40, 46), 380 if mode.name == "wide" else 285
    canvas = Canvas(mode, height, margin)
    top = high * (1.3 if narrow else 1.2)
    ticks = nice_ticks(0, high * 1.12, 4 if narrow else 5)
    texts = [tick_text(tick) for tick in ticks]
    if narrow:
        canvas.x_axis(0, top, ticks, texts)
        canvas.axis("yaxis", len(steps) - 0.5, -0.5)
        grid(canvas, [tick for tick in ticks if tick])
        canvas.line(0, 0, 0, 1, INK, 1, xref="x", yref="paper")
    else:
        canvas.axis("xaxis", -0.5, len(steps) - 0.5)
        canvas.y_axis(0, top, ticks, texts)
        canvas.y_title("USD bn, current prices", above=18)
        canvas.line(-0.5, 0, len(steps) - 0.5, 0, INK, 1, xref="x", yref="y", layer="above")
    for k, step in enumerate(steps):
        _bar(canvas, k, step, 0.4 if narrow else 0.58)
        _words(canvas, k, step)
        if k:
            # The level that a bar takes over from the one before it.
            level, half = steps[k - 1].end, 0.2 if narrow else 0.29
            ends = (level, k - 1 + half, level, k - half) if narrow else (k - 1 + half, level, k - half, level)
            canvas.line(*ends, AXIS, 1, xref="x", yref="y")
    return canvas.finish()


def _bar(canvas: Canvas, k: int, step: Step, width: float) -> None:
    """One bar from its start to its end, in the color and pattern of its kind."""
    dots = {"shape": ".", "fgcolor": WHITE, "fillmode": "overlay", "size": 6, "solidity": 0.35}
    hatch = {"shape": "/", "fgcolor": WHITE, "fillmode": "overlay", "size": 7, "solidity": 0.35}
    marker = {
        "total": {"color": MUTED},
        "headline": {"color": PALE[MUTED]},
        "prices": {"color": SKY, "pattern": dots},
        "growth": {"color": BLUE},
        "definition": {"color": AMBER, "pattern": hatch},
        "rounding": {"color": WHITE, "line": {"color": INK, "width": 1.2}},
    }[step.kind]
    low, size = min(step.start, step.end), abs(step.end - step.start)
    along, across = ("x", "y") if canvas.mode.name == "narrow" else ("y", "x")
    bar = {"type": "bar", along: [size], across: [k], "base": [low], "width": width, "marker": marker}
    canvas.traces.append(bar | ({"orientation": "h"} if along == "x" else {}))


def _words(canvas: Canvas, k: int, step: Step) -> None:
    """Name at the axis, value at the end of the bar, share of GDP beside the value of a total."""
    change = step.end - step.start
    value = plain(step.end, 0) if step.is_total else signed(change, 0)
    share = f"{plain(100 * step.share, 2)} %" if present(step.share) else ""
    if k == 0 and share:
        share += " of GDP"
    size, high = (15 if step.is_total else 13), max(step.start, step.end)
    if canvas.mode.name == "narrow":
        canvas.note("<br>".join(step.name), 0, k, yref="y", xshift=-canvas.margin.left - 1, font={"size": 12})
        text = f"<b>{value}</b>" + (f'<br><span style="font-size:11px;color:{MUTED}">{share}</span>' if share else "")
        canvas.note(text, high, k, xref="x", yref="y", xshift=5, font={"size": 13})
        return
    lines = [f'<span style="font-size:11px;color:{MUTED}">{share}</span>'] if share else []
    text = "<br>".join([f"<b>{value}</b>", *lines])
    at = {"xref": "x", "xanchor": "center", "align": "center"}
    canvas.note(text, k, high, yref="y", yanchor="bottom", yshift=3, font={"size": size}, **at)
    canvas.note("<br>".join(step.name), k, 0, yanchor="top", yshift=-5, font={"size": 12}, **at)
