"""Text of labels in charts: made safe, measured, cut to a width, and kept out of each other's way.

Plotly reads a subset of HTML in labels, and nobody measures text before a browser does. Where a label goes, its chart
decides.
"""

import html
import re
from collections.abc import Sequence

# Widths of Arial (and of Liberation Sans, which shares them) in thousandths of the type size; bold is about 6 % wider.
_NARROW, _LETTER, _WIDE = set("ijl.,:;'’|!ft()[] "), 556, set("mwMW%—@")


def safe(text: object) -> str:
    """Text for a label of a chart: no markup of its own."""
    return html.escape(str(text), quote=False)


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of a line of text in px, within about 5 %; tags have no width."""
    total = 0
    for letter in re.sub(r"<[^>]*>", "", html.unescape(text)):
        if letter in _NARROW:
            total += 278
        elif letter in _WIDE:
            total += 860
        elif letter.isupper():
            total += 690
        else:
            total += _LETTER
    return total / 1000 * size * (1.06 if bold else 1.0)


def shorten(text: str, width: float, size: float) -> str:
    """The text cut to `width` px with an ellipsis."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip(" ,") + "…"


def spread(centers: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions as near to `centers` as possible, in the same order, at least `gap` apart and within [low, high].

    Pools neighbors that collide and centers each pool on its mean (isotonic regression), then clamps.
    """
    order = sorted(range(len(centers)), key=lambda i: centers[i])
    pools: list[list[float]] = []  # [sum of targets, members], target = center minus its rank times the gap
    for rank, i in enumerate(order):
        pools.append([centers[i] - rank * gap, 1.0])
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] > pools[-1][0] / pools[-1][1]:
            total, members = pools.pop()
            pools[-1][0] += total
            pools[-1][1] += members
    flat = [total / members for total, members in pools for _ in range(int(members))]
    placed = [value + rank * gap for rank, value in enumerate(flat)]
    for rank in range(len(placed)):
        placed[rank] = max(placed[rank], low if rank == 0 else placed[rank - 1] + gap)
    for rank in reversed(range(len(placed))):
        limit = high if rank == len(placed) - 1 else placed[rank + 1] - gap
        placed[rank] = min(placed[rank], limit)
    result = [0.0] * len(centers)
    for rank, i in enumerate(order):
        result[i] = placed[rank]
    return result
