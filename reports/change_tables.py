"""What changed since the edition before: the sentence and the table of Annex F, from meta.changes.

How a move is split is decided where it is computed, in pipelines/; here are its components as printed.
"""

from collections.abc import Sequence

from reports.edition import Row
from reports.names import MECHANISMS, SCENARIOS, label, subject
from reports.numbers import NBSP, decimals, plain, present, signed
from reports.provenance import dotted
from reports.queries import FOCUS, MOST_FIRST
from reports.rows import Rows
from reports.tables import Cell, Column, PageTable, Table
from reports.titles import capital

FIRST = "This is the first edition: there is none before it to compare with."
ENDS = ("before", "after")
COMPONENTS = {
    "before": "Before",
    "method": "Method",
    "draws": "Draws",
    "parameters": "Parameters",
    "data": "Data",
    "not separated": "Not separated",
    "after": "After",
}
STATISTIC = "p50"
"""What is printed of each headline; the mean is in the database."""


def changes(rows: Rows) -> PageTable | None:
    """Every headline of both editions with the components of its move; None in a first edition."""
    found = shown(rows.edition.rows("changes"))
    if not found:
        return None
    notes = dict.fromkeys(
        f"{COMPONENTS.get(row['component'], row['component'])}: {row['note']}" for row in found if row["note"]
    )
    return PageTable(
        "changes",
        title(found),
        "Avoided loss of each convention in the edition before and in this one, and what moved it, median, USD billion "
        "a year at 2020 prices",
        change_table(found),
        " ".join(f"{note.rstrip('.')}." for note in notes)
        or "One thing is exchanged at a time, in the order of the columns, so that the components add up to the move.",
        queries=("changes",),
        code=dotted(change_table),
    )


def shown(rows: Sequence[Row]) -> list[Row]:
    """The rows of the statistic that is printed; those of another where there is none of it."""
    statistics = [str(row["statistic"]) for row in rows]
    chosen = STATISTIC if STATISTIC in statistics else statistics[0] if statistics else ""
    return [row for row in rows if row["statistic"] == chosen]


def headlines(rows: Sequence[Row]) -> dict[tuple[str, str], dict[str, float]]:
    """By scenario and mechanisms, value by component; the op-ed's convention first, then as the report orders them."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    for row in rows:
        found.setdefault((row["scenario"], row["mechanisms"]), {})[row["component"]] = row["value"]
    order, acts = [FOCUS, *SCENARIOS], list(MOST_FIRST)

    def rank(key: tuple[str, str]) -> tuple[int, str, int]:
        name, mechanism = key
        return (
            order.index(name) if name in order else len(order),
            name,
            acts.index(mechanism) if mechanism in acts else len(acts),
        )

    return {key: found[key] for key in sorted(found, key=rank)}


def change_table(rows: Sequence[Row]) -> Table:
    """One row a headline, one column a component that any of them has."""
    found = headlines(rows)
    used = [name for name in COMPONENTS if any(name in own for own in found.values())]
    columns = (
        Column("Convention", "text"),
        Column("What acts", "text", narrow=False),
        *(Column(COMPONENTS[name], narrow=name in ENDS) for name in used),
    )
    places = _places(found)
    body = tuple(
        (
            Cell(label(scenario, SCENARIOS)),
            Cell(label(mechanisms, MECHANISMS)),
            *(
                Cell("–")
                if name not in own
                else Cell((plain if name in ENDS else signed)(own[name], places), bold=name == "after")
                for name in used
            ),
        )
        for (scenario, mechanisms), own in found.items()
    )
    return Table(columns, (("", body),) if body else (), has_long_heads=True)


def _places(found: dict[tuple[str, str], dict[str, float]]) -> int:
    values = [value for own in found.values() for value in own.values() if present(value)]
    return min(2, decimals(values)) if values else 0


def title(rows: Sequence[Row]) -> str:
    """Title of the table, from how many headlines moved as printed."""
    found = headlines(rows)
    places = _places(found)
    moved = sum(round(own.get("after", 0.0), places) != round(own.get("before", 0.0), places) for own in found.values())
    before = rows[0]["edition_before"]
    if not moved:
        return f"No headline moved since edition {before}"
    return f"{moved} of {len(found)} headlines moved since edition {before}"


def sentence(rows: Sequence[Row], scenario: str = FOCUS) -> str:
    """What moved the headline of a convention, component by component; its fullest set of mechanisms."""
    own_rows = shown(rows)
    if not own_rows:
        return FIRST
    found = headlines(own_rows)
    name = subject(scenario)
    key = next((key for key in found if key[0] == scenario), (scenario, ""))
    before = str(own_rows[0]["edition_before"])
    if not all(end in found.get(key, {}) for end in ENDS):
        return f"{capital(name)} is not in both editions, {before} and this one."
    own = found[key]
    places = min(2, decimals([own[end] for end in ENDS]))
    start, end = (plain(own[name], places) for name in ENDS)
    if start == end and all(round(own[name], places) == 0 for name in own if name not in ENDS):
        return f"The headline of {name} stands where it stood in edition {before}: ${end}{NBSP}bn a year."
    moves = [
        f"{COMPONENTS.get(name, name).lower()} {signed(own[name], places)}"
        for name in COMPONENTS
        if name in own and name not in ENDS
    ]
    return (
        f"Since edition {before} the median of {name} went from ${start}{NBSP}bn to ${end}{NBSP}bn a "
        f"year: {', '.join(moves)}."
    )
