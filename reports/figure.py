"""What a figure is: the words around it and one drawing a layout. Which figures there are is in figures.py."""

from collections.abc import Callable
from dataclasses import dataclass, field

import plotly.graph_objects as go

from reports import text
from reports.edition import Row
from reports.palette import MODES, Mode
from reports.tables import DataTable


@dataclass(frozen=True)
class Swatch:
    """One entry of a legend: the kind of mark, its color, its text, the dash of a line."""

    kind: str
    color: str
    text: str
    dash: str = ""


@dataclass(frozen=True)
class Option:
    """One option of a switch: its value, its text, and why it cannot be chosen, empty where it can."""

    value: str
    text: str
    why: str = ""


@dataclass(frozen=True)
class Switch:
    """A switch: its key, its label, its options, the value it starts with."""

    key: str
    label: str
    options: tuple[Option, ...]
    value: str


@dataclass(frozen=True)
class Figure:
    """A figure with all the words around it; `drawings` holds one plotly figure a mode.

    queries: names in queries.py of every answer that the drawing, its words and its tables rest on, the one that is
    drawn first; code: the function that draws it, a dotted path; switches: what the page lets a reader choose;
    on_paper: the table that stands for the switches in print.
    """

    key: str
    title: str
    subtitle: str
    legend: tuple[Swatch, ...]
    drawings: dict[str, go.Figure]
    alt: str
    note: str
    method: str
    tables: tuple[DataTable, ...]
    under: str = ""
    key_table: DataTable | None = None
    switches: tuple[Switch, ...] = ()
    on_paper: DataTable | None = None
    anchor: str = ""
    label: str = ""
    queries: tuple[str, ...] = field(kw_only=True)
    code: str = field(kw_only=True)

    @property
    def heights(self) -> dict[str, int]:
        """Height by mode, px: the page reserves it before anything is drawn."""
        return {mode: int(drawing.layout.height) for mode, drawing in self.drawings.items()}


def in_every_layout(draw: Callable[[Mode], go.Figure]) -> dict[str, go.Figure]:
    """The drawing of each layout by its name."""
    return {mode.name: draw(mode) for mode in MODES}


def draws(row: Row) -> str:
    """How many draws and how exact: part of every caption of a simulated figure."""
    return f"N = {row['draws']:,} paired draws, Monte Carlo s.e. {text.monte_carlo(row)} points."
