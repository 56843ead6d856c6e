"""What `cyberaccord changes` prints: each headline before and after, and what moved it. No dagster, no polars.

How a move is split is in `changes`; here are its rows as lines.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from pipelines import editions, main_job

ENDS = ("before", "after")
NOTHING = "nothing to compare: no earlier edition was kept, or it has none of these headlines"
OLDER = "published before changes were kept"


def listing(edition: str | None) -> str:
    """One line a headline at its median, the largest first, then what differs; InputError for an unknown edition."""
    database = editions.find(edition)
    shown = edition or editions.current_month()
    if not editions.rows(database, "from duckdb_tables() where schema_name = 'meta' and table_name = 'changes'"):
        return f"edition {shown}: {OLDER}"
    rows = editions.rows(
        database,
        "from meta.changes where statistic = 'p50' "
        "order by max(value) filter (where component = 'after') over (partition by scenario, mechanisms) desc, "
        "scenario, mechanisms, step",
    )
    if not rows:
        return f"edition {shown}: {NOTHING}"
    head = f"edition {rows[0]['edition']} against {rows[0]['edition_before']} (run {rows[0]['run_before']})"
    lines = [f"{head}, avoided a year at the median, USD bn at 2020 prices:"]
    for _, own in groupby(rows, key=lambda row: (row["scenario"], row["mechanisms"])):
        lines.append(_line(list(own)))
    notes = dict.fromkeys((row["component"], row["note"]) for row in rows if row["component"] not in ENDS)
    return "\n".join([*lines, *(f"  {component}: {note}" for component, note in notes)])


def _line(rows: list[dict[str, Any]]) -> str:
    """A headline: before -> after, and its components with the decimals of three digits of the larger end."""
    value = {row["component"]: row["value"] for row in rows}
    larger = max(abs(value[name]) for name in ENDS)
    decimals = 0 if larger >= 100 else 1 if larger >= 10 else 2
    name = f"{rows[0]['scenario']} ({main_job.MECHANISMS[rows[0]['mechanisms']]})"
    moved = ", ".join(f"{each} {_signed(value[each], decimals)}" for each in value if each not in ENDS)
    before, after = (f"{value[end]:.{decimals}f}".replace("-", "−") for end in ENDS)
    return f"{name}: {before} -> {after}: {moved}"


def _signed(value: float, decimals: int) -> str:
    return "0" if value == 0 else f"{value:+.{decimals}f}".replace("-", "−")
