"""The tables that a paper would cite, as texts: the report's own, rounded by the Monte Carlo error as there.

What a table is called, its unit and the note under it are here; how it is set, in `latex` and `html`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import InputError
from pipelines.exports.edition import Edition, Row
from reports import data_tables
from reports.edition import read
from reports.figures_estimates import NO_RANGE
from reports.numbers import DASH, MISSING
from reports.page_tables import tables_of
from reports.rows import Rows
from reports.tables import Cell, DataTable, PageTable

OF_THE_REPORT = {"scenarios": "headline", "claims": "claims", "break_even": "break_even"}
"""Tables of the report by key, and the names of their files."""
EVIDENCE = (
    "Published evidence on what conventions and enforcement do to attacks: change in percent, with its 95 % interval"
)
EVIDENCE_NOTE = "The change is exp(log rate ratio) less one. Sources by their key in the bibliography of this edition."
ESTIMATES = (
    "Published estimates of the yearly cost of cybercrime: as printed (low / central / high), USD bn at prices of the "
    "reference year; as a share of the GDP of its place and year; and that share of the world's GDP of 2020, USD bn"
)
ESTIMATES_NOTE = (
    "Where only a range is printed, the share is that of its geometric mean. Sources by their key in the bibliography "
    "of this edition."
)


@dataclass(frozen=True)
class Printed:
    """A table to set: name of its file, caption with the unit, heads, rows in named groups, note with the run.

    `is_text` says which columns are words; the others hold numbers and are set to the right.
    """

    name: str
    caption: str
    heads: tuple[str, ...]
    is_text: tuple[bool, ...]
    groups: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    note: str

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The rows of all groups."""
        return [row for _, group in self.groups for row in group]


def tables(database: Path, edition: Edition) -> list[Printed]:
    """The headline by scenario, the claims, break-even, the evidence on treaties, the registry of estimates.

    InputError for an edition whose report cannot be written.
    """
    source = f"Source: {edition.title}, {edition.run_line}."
    try:
        answers = read(database)
        of_report = tables_of(Rows(answers))
    except ValueError as error:
        raise InputError(database.name, None, None, "tables of the report", str(error), "a complete edition") from None
    if answers.run["run_id"] != edition.run["run_id"]:
        raise InputError(
            database.name, None, None, "one run", answers.run["run_id"], "an edition that stays: try again"
        )
    effects, estimates = answers.rows("treaty_effects"), answers.rows("estimates")
    return [
        *(_page_table(name, of_report[key], source) for key, name in OF_THE_REPORT.items()),
        _data_table("evidence", EVIDENCE, data_tables.evidence(effects), effects, f"{EVIDENCE_NOTE} {source}"),
        _data_table("estimates", ESTIMATES, data_tables.estimates(estimates), estimates, f"{ESTIMATES_NOTE} {source}"),
    ]


def _page_table(name: str, page: PageTable, source: str) -> Printed:
    table = page.table
    return Printed(
        name,
        page.subtitle,
        tuple(column.head for column in table.columns),
        tuple(column.kind.startswith("text") for column in table.columns),
        tuple((title, tuple(tuple(map(_text, row)) for row in rows)) for title, rows in table.groups),
        f"{page.note} {source}",
    )


def _text(cell: Cell) -> str:
    return f"{cell.low} to {cell.high}" if cell.low or cell.high else cell.text


def _data_table(name: str, caption: str, table: DataTable, rows: Sequence[Row], note: str) -> Printed:
    body = tuple((*cells, str(row["source"])) for cells, row in zip(table.rows, rows, strict=True))
    heads = (*table.heads, "Source")
    is_text = tuple(not all(_is_number(row[place]) for row in body) for place in range(len(heads)))
    return Printed(name, caption, heads, is_text, (("", body),), note)


def _is_number(cell: str) -> bool:
    """Whether a cell holds a number, an interval, or the words for none."""
    return cell in (MISSING, DASH, NO_RANGE) or re.fullmatch(r"[\d.,+−–%/\s]+( to [\d.,+−\s]+)?", cell) is not None
