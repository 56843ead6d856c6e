"""Who did what: actors by type of incident, the share of each actor's incidents as color and their number as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import plotly.graph_objects as go

from reports.chart import Canvas, Margin
from reports.edition import Row
from reports.labels import safe
from reports.names_facts import ACTORS, ACTORS_NARROW, INCIDENT_TYPES
from reports.numbers import plain
from reports.palette import CIVIDIS, INK, MUTED, RULE, WHITE, Mode, contrast

FEW, SHOWN = 30, 5
"""Under the first a cell is hatched and an actor has no row, under the second a cell is blank."""
EDGES = (0.03, 0.1, 0.3, 0.6)
"""Shares at which the color changes."""
STEPS = (*CIVIDIS[:2], CIVIDIS[3], *CIVIDIS[5:])


@dataclass(frozen=True)
class Table:
    """Incidents of each actor by type; `left_out` are actors with too few for a row, with their incidents."""

    actors: list[str]
    types: list[str]
    counts: dict[tuple[str, str], int]
    left_out: dict[str, int]

    def total(self, actor: str) -> int:
        """All incidents of an actor."""
        return sum(self.counts.get((actor, kind), 0) for kind in self.types)

    def share(self, actor: str, kind: str) -> float:
        """The share of an actor's incidents that are of a type."""
        return self.counts.get((actor, kind), 0) / self.total(actor)

    def first(self, actor: str) -> str:
        """The type an actor has most incidents of."""
        return max(self.types, key=lambda kind: (self.counts.get((actor, kind), 0), -self.types.index(kind)))


def cross(rows: Sequence[Row]) -> Table | None:
    """The table of actors and types, in the report's order; None without an actor that has enough incidents.

    rows : actor, incident_type, incidents; each incident once
    """
    counts = {(str(row["actor"]), str(row["incident_type"])): int(row["incidents"]) for row in rows}
    totals: dict[str, int] = {}
    for (actor, _), count in counts.items():
        totals[actor] = totals.get(actor, 0) + count
    known = {kind for _, kind in counts}
    types = [kind for kind in INCIDENT_TYPES if kind in known] + sorted(known - set(INCIDENT_TYPES))
    order = [name for name in ACTORS if name in totals] + sorted(set(totals) - set(ACTORS))
    actors = [name for name in order if totals[name] >= FEW]
    if not actors:
        return None
    return Table(actors, types, counts, {name: totals[name] for name in order if name not in actors})


def color_of(share: float) -> str:
    """The step of the scale that a share falls in."""
    return STEPS[sum(share >= edge for edge in EDGES)]


def actors(table: Table, mode: Mode) -> go.Figure:
    """Figure: a cell an actor and a type; actors are rows, or columns where it is narrow."""
    narrow = mode.name == "narrow"
    across, down = (table.actors, table.types) if narrow else (table.types, table.actors)
    heads = [head(name, narrow) for name in across]
    pitch = {"wide": 52, "mid": 34, "narrow": 38}[mode.name]
    margin = Margin({"wide": 132, "mid": 122, "narrow": 92}[mode.name], 4, 44, 8)
    canvas = Canvas(mode, int(margin.top + margin.bottom + pitch * len(down)), margin)
    canvas.axis("xaxis", -0.5, len(across) - 0.5)
    canvas.axis("yaxis", len(down) - 0.5, -0.5)
    for x, text in enumerate(heads):
        style = {"size": 11 if narrow else 12, "color": INK}
        canvas.note(text, x, 1, xref="x", xanchor="center", align="center", yanchor="bottom", yshift=6, font=style)
    for y, name in enumerate(down):
        canvas.note(side(table, name, narrow), 0, y, yref="y", xshift=-margin.left - 1)
    for x, first in enumerate(across):
        for y, second in enumerate(down):
            actor, kind = (first, second) if narrow else (second, first)
            _cell(canvas, x, y, table.counts.get((actor, kind), 0), table.share(actor, kind))
    return canvas.finish()


def head(name: str, narrow: bool) -> str:
    """The head of a column, on two lines."""
    known = ACTORS_NARROW if narrow else INCIDENT_TYPES
    return known.get(name, safe(name.replace("_", " ")))


def side(table: Table, name: str, narrow: bool) -> str:
    """The name of a row: a type where it is narrow, else an actor with the number of its incidents."""
    if narrow:
        text = INCIDENT_TYPES.get(name, safe(name.replace("_", " ")))
        return text.replace("-<br>", "").replace("<br>", " ")
    total = f'<span style="font-size:12px;color:{MUTED}">n = {table.total(name):,}</span>'
    return f"<b>{safe(ACTORS.get(name, name.replace('_', ' ')))}</b><br>{total}"


def _cell(canvas: Canvas, x: float, y: float, count: int, share: float) -> None:
    """A cell: blank under five incidents, hatched under thirty, else in the color of its share."""
    box = {"xref": "x", "yref": "y", "x0": x - 0.5, "x1": x + 0.5, "y0": y - 0.5, "y1": y + 0.5, "type": "rect"}
    blank = count < SHOWN
    fill = WHITE if blank else color_of(share)
    line = {"color": RULE if blank else WHITE, "width": 1 if blank else 2}
    canvas.shapes.append(box | {"fillcolor": fill, "line": line, "layer": "below"})
    if blank:
        return
    ink = INK if contrast(fill, INK) > contrast(fill, WHITE) else WHITE
    if count < FEW:
        canvas.traces.append(
            {
                "type": "scatter",
                "x": [x - 0.48, x + 0.48, x + 0.48, x - 0.48],
                "y": [y - 0.47, y - 0.47, y + 0.47, y + 0.47],
                "fill": "toself",
                "mode": "none",
                "hoverinfo": "skip",
                "fillpattern": {"shape": "/", "fgcolor": MUTED, "bgcolor": fill, "size": 7, "solidity": 0.12},
            }
        )
    part = f'<span style="font-size:11px">{percent(share)}</span>'
    text = f"<b>{count:,}</b><br>{part}" if canvas.mode.name != "narrow" else f"<b>{count:,}</b>"
    style = {"size": 12, "color": ink}
    chip = {"bgcolor": fill} if count < FEW else {}
    canvas.note(text, x, y, xref="x", yref="y", xanchor="center", align="center", font=style, **chip)


def percent(share: float) -> str:
    """A share as whole percent, "< 1 %" below."""
    return "< 1 %" if share < 0.01 else f"{plain(100 * share, 0)} %"


def steps() -> list[tuple[str, str]]:
    """Color and range in percent of every step of the scale."""
    ends = [f"{100 * edge:.0f}" for edge in EDGES]
    names = [f"< {ends[0]} %", *(f"{a}–{b}" for a, b in pairwise(ends)), f"≥ {ends[-1]}"]
    return list(zip(STEPS, names, strict=True))
