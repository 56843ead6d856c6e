"""Sentences on incidents; as in text.py, every number is a row's."""

from collections.abc import Sequence

from reports.edition import Row
from reports.numbers import plain

OF_STATES = ("state", "affiliated")


def reach(rows: Sequence[Row]) -> str:
    """Who is behind the incidents of all trackers together; empty without them.

    rows : core.incident_types
    """
    totals: dict[str, int] = {}
    for row in rows:
        if row["tracker"] == "all":
            totals[row["actor"]] = totals.get(row["actor"], 0) + row["incidents"]
    whole = sum(totals.values())
    if not whole:
        return ""
    parts = {
        "states or groups affiliated with them": sum(totals.get(name, 0) for name in OF_STATES),
        "criminals": totals.get("criminal", 0),
        "others that are known": totals.get("other", 0),
    }
    said = ", ".join(f"{plain(100 * count / whole, 0)} % are laid to {who}" for who, count in parts.items())
    unknown = plain(100 * totals.get("unknown", 0) / whole, 0)
    return f"Of {whole:,} incidents {said}; of {unknown} % nobody could say who did them."
