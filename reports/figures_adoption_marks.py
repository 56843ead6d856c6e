"""What stands on the hero curve besides the curve: marked blocs, and the row of chances under the axis.

Which blocs are marked is decided here, because it depends on what fits; what they are called is not.
"""

from collections.abc import Sequence

from reports.chart import Canvas
from reports.edition import Row
from reports.labels import safe, spread, text_width
from reports.names import BLOCS_SHORT, label
from reports.numbers import chance, present
from reports.palette import DEEP_BLUE, DEEP_VERMILLION, MUTED, WHITE

SYMBOLS = ("circle", "square", "diamond", "triangle-up", "triangle-down", "star")
LETTERS = "ABCDEF"
PREFERRED = ("All", "UN-Hanoi", "G20", "Budapest", "G7", "NATO", "BRICS", "EU", "OECD", "CouncilOfEurope")
CHANCE = "chance"
"""Name of the notes on the chance that the convention does not pay: they hold for the run's own baseline alone."""


def share_of(bloc: Row, metric: str) -> float:
    """The share of the world that a bloc covers, a fraction."""
    return float(bloc[f"share_{metric}"])


def marked_blocs(blocs: Sequence[Row], metric: str = "attack_origin", apart: float = 0.03) -> list[Row]:
    """Up to six blocs to mark, in order of the share they cover, none closer than `apart` of it.

    Nearer blocs could not be told apart on the axis; they are in the table of blocs.
    """
    by_name = {row["bloc"]: row for row in blocs}
    order = [name for name in PREFERRED if name in by_name]
    order += sorted(name for name in by_name if name not in order)
    chosen: list[Row] = []
    for name in order:
        share = by_name[name][f"share_{metric}"]
        near = any(abs(share - share_of(row, metric)) < apart for row in chosen)
        if present(share) and not near and len(chosen) < len(SYMBOLS):
            chosen.append(by_name[name])
    return sorted(chosen, key=lambda row: share_of(row, metric))


def mark_blocs(canvas: Canvas, blocs: Sequence[Row], metric: str) -> None:
    """Dotted drops, a marker a bloc and its name (a letter when narrow) on staggered levels over the plot."""
    narrow = canvas.mode.name == "narrow"
    x = [100 * share_of(row, metric) for row in blocs]
    plot = canvas.plot_width(canvas.mode.floor if not narrow else 310)
    texts = [LETTERS[i] if narrow else label(row["bloc"], BLOCS_SHORT) for i, row in enumerate(blocs)]
    halves = [text_width(text, 13, bold=True) / 2 for text in texts]
    centers = [plot * value / 100 for value in x]
    if narrow:
        tops, shifts = [8.0] * len(x), spread(centers, 15, -2, plot + 4)
    else:
        tops, shifts = [], []
        ends: dict[int, float] = {}
        for center, half in zip(centers, halves, strict=True):
            # The level that asks for the smaller push to the right; two levels stay clear of the axis title.
            push = [max(0.0, ends.get(k, -1e9) + 10 + half - center) for k in range(2)]
            level = 0 if push[0] <= push[1] else 1
            at = center + push[level]
            ends[level] = at + half
            tops.append(6.0 + 17 * level)
            shifts.append(at)
    for row, value, text, top, at, center, symbol in zip(blocs, x, texts, tops, shifts, centers, SYMBOLS, strict=False):
        canvas.line(value, 0, value, 1, MUTED, dash="dot", xref="x", yref="paper", layer="above")
        if top > 10:
            # The drop goes on up to a name on a higher level.
            beyond = {"yref": "paper", "ysizemode": "pixel", "yanchor": 1, "layer": "above"}
            canvas.line(value, 0, value, top - 1, MUTED, dash="dot", xref="x", **beyond)
        canvas.note(
            f"<b>{safe(text)}</b>",
            value,
            1,
            xref="x",
            xanchor="center",
            xshift=at - center,
            yshift=top,
            yanchor="bottom",
            bgcolor=WHITE,
            font={"size": 13},
        )
        canvas.traces.append(
            {
                "type": "scatter",
                "x": [value],
                "y": [100 * row["p50"]],
                "mode": "markers",
                "cliponaxis": False,
                "marker": {
                    "symbol": symbol,
                    "size": 15 if symbol == "star" else 11,
                    "color": WHITE,
                    "line": {"color": DEEP_BLUE, "width": 2},
                },
            }
        )


def chance_row(canvas: Canvas, blocs: Sequence[Row], net: Sequence[Row], metric: str) -> None:
    """Under the axis, the chance that the convention does not pay; vermillion above one half.

    Of each marked bloc's convention or, where none is marked, at each level of adoption.
    """
    found = [(share_of(row, metric), row["not_paying"]) for row in blocs]
    found = found or [(row["adoption_level"], row["p_not_better"]) for row in net if row["adoption_level"] > 0]
    chance_head(canvas, "Chance that it does not pay for itself")
    plot = canvas.plot_width()
    centers = [plot * share for share, _ in found]
    placed = spread(centers, 42, 0, plot + 6)
    for (share, value), center, at in zip(found, centers, placed, strict=True):
        color = DEEP_VERMILLION if present(value) and value > 0.5 else DEEP_BLUE
        canvas.note(
            f"<b>{chance(value) if present(value) else '–'}</b>",
            100 * share,
            0,
            xref="x",
            name=CHANCE,
            xanchor="center",
            xshift=at - center,
            yshift=-84,
            font={"size": 14 if canvas.mode.name == "wide" else 13, "color": color},
        )


def chance_head(canvas: Canvas, text: str) -> None:
    """The words over the row of chances."""
    canvas.note(f"<b>{text}</b>", 0, 0, name=CHANCE, yshift=-58, font={"size": 12, "color": MUTED})
