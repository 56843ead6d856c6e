"""The headline under combinations of the model's discrete choices, sorted, with the choices behind each below."""

import json
from collections.abc import Sequence

import plotly.graph_objects as go

from reports.chart import Canvas, Margin
from reports.edition import Row
from reports.labels import safe, text_width
from reports.names import label
from reports.names_losses import CHOICES, option
from reports.numbers import nice_ticks, tick_text
from reports.palette import BAND_50, DEEP_BLUE, DEEP_VERMILLION, INK, MUTED, RULE, Mode

LEAST = 0.01
"""A choice is on the dashboard if it explains at least this share of the variance of all means, with interactions."""

BARS = {"wide": 144, "mid": 96, "narrow": 48}
LINE = {"wide": 15, "mid": 12.5, "narrow": 15}
ABOVE = {"wide": 270, "mid": 205, "narrow": 210}


def ordered_choices(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Choices by the share of the variance they explain with interactions, each with its options, the default first."""
    choices: dict[str, list[Row]] = {}
    for row in rows:
        choices.setdefault(row["choice"], []).append(row)
    ranked = sorted(choices, key=lambda name: (-choices[name][0]["total"], name))
    return [(name, sorted(choices[name], key=lambda row: not row["is_default"])) for name in ranked]


def dashboard(rows: Sequence[Row]) -> list[tuple[str, list[str]]]:
    """The choices that are drawn, with the keys of their options; all of them where none reaches the least share."""
    every = ordered_choices(rows)
    kept = [item for item in every if item[1][0]["total"] >= LEAST] or every
    return [(name, [str(row["option"]) for row in options]) for name, options in kept]


def thinned(sample: Sequence[Row], count: int) -> list[Row]:
    """At most `count` specifications evenly along the order of their means, the default always among them."""
    if len(sample) <= count:
        return list(sample)
    chosen = []
    for k in range(count):
        part = sample[k * len(sample) // count : (k + 1) * len(sample) // count]
        chosen.append(next((row for row in part if row["is_default"]), part[len(part) // 2]))
    return chosen


def specification(sample: Sequence[Row], choices: Sequence[Row], mode: Mode) -> go.Figure:
    """Figure: mean and 90 % interval of a systematic sample of specifications; ticks below show each one's choices.

    sample : rows of the query in the order of their means
    """
    rows, board = thinned(sample, BARS[mode.name]), dashboard(choices)
    narrow, step = mode.name == "narrow", LINE[mode.name]
    names = [label(name, CHOICES) for name, _ in board]
    texts = [option(name, key) for name, keys in board for key in keys]
    widest = max([text_width(name, 12, bold=True) for name in names] + [text_width(text, 12) + 12 for text in texts])
    lines = sum(1 + len(keys) for _, keys in board)
    margin = Margin(max(44, widest + 12), 10, 46, 12)
    gap, board_px = 22, lines * step
    canvas = Canvas(mode, int(margin.top + ABOVE[mode.name] + gap + board_px + margin.bottom), margin)
    split = board_px / canvas.plot_height
    low, high = min(0.0, *(row["p05"] for row in rows)), max(0.0, *(row["p95"] for row in rows))
    pad = 0.04 * ((high - low) or 1)
    ticks = nice_ticks(low - pad, high + pad, 5 if narrow else 7)
    canvas.axis("xaxis", -0.02, 1.02)
    canvas.y_axis(
        low - pad,
        high + pad,
        ticks,
        [tick_text(tick, sign=True) for tick in ticks],
        domain=[split + gap / canvas.plot_height, 1],
    )
    canvas.axis("yaxis2", lines - 0.5, -0.5, domain=[0, split], anchor="x")
    canvas.y_title("Avoided loss, USD bn a year", above=28)
    positions = [(k + 0.5) / len(rows) for k in range(len(rows))]
    _curve(canvas, rows, positions)
    canvas.line(0, 0, 1, 0, INK, 1.2, xref="paper", yref="y", layer="above")
    _board(canvas, rows, positions, board)
    _default(canvas, rows, positions)
    return canvas.finish()


def _curve(canvas: Canvas, rows: Sequence[Row], positions: Sequence[float]) -> None:
    """Bars of 3 px for the 90 % intervals, circles for means above zero, triangles at or below."""
    x = [value for position in positions for value in (position, position, None)]
    y = [value for row in rows for value in (row["p05"], row["p95"], None)]
    canvas.traces.append({"type": "scatter", "x": x, "y": y, "mode": "lines", "line": {"color": BAND_50, "width": 3}})
    for above, symbol, color in ((True, "circle", DEEP_BLUE), (False, "triangle-down", DEEP_VERMILLION)):
        part = [(at, row["mean"]) for at, row in zip(positions, rows, strict=True) if (row["mean"] > 0) == above]
        if part:
            canvas.traces.append(
                {
                    "type": "scatter",
                    "x": [at for at, _ in part],
                    "y": [mean for _, mean in part],
                    "mode": "markers",
                    "marker": {"symbol": symbol, "size": 5 if above else 7, "color": color},
                }
            )


def _board(
    canvas: Canvas, rows: Sequence[Row], positions: Sequence[float], board: Sequence[tuple[str, list[str]]]
) -> None:
    """One line a choice with its name in bold, then one an option with a tick for each specification that has it."""
    made = [json.loads(row["choices"]) for row in rows]
    left = -canvas.margin.left - 1
    line, x, y = 0, [], []
    for name, keys in board:
        canvas.note(f"<b>{safe(label(name, CHOICES))}</b>", 0, line, yref="y2", xshift=left, font={"size": 12})
        for key in keys:
            line += 1
            style = {"size": 12, "color": MUTED}
            canvas.note(safe(option(name, key)), 0, line, yref="y2", xshift=left + 12, font=style)
            canvas.line(0, line + 0.5, 1, line + 0.5, RULE, 1, xref="paper", yref="y2")
            held = [at for at, found in zip(positions, made, strict=True) if str(found.get(name)) == key]
            x += held
            y += [line] * len(held)
        line += 1
    marker = {"symbol": "line-ns", "size": LINE[canvas.mode.name] - 5, "line": {"width": 2, "color": INK}}
    canvas.traces.append({"type": "scatter", "x": x, "y": y, "yaxis": "y2", "mode": "markers", "marker": marker})


def _default(canvas: Canvas, rows: Sequence[Row], positions: Sequence[float]) -> None:
    """A dashed drop line through the default with its name on top."""
    at = next((at for at, row in zip(positions, rows, strict=True) if row["is_default"]), None)
    if at is not None:
        canvas.line(at, 0, at, 1, INK, 1, xref="x", yref="paper", dash="3px,3px", layer="above")
        canvas.note("<b>Default</b>", at, 1, xref="x", xanchor="center", yanchor="bottom", yshift=3)
