"""The data tables under the figures on incidents and on groups of economies: the rows drawn, as text."""

from collections.abc import Sequence

from reports.edition import Row
from reports.figures_actors import SHOWN, Table, percent
from reports.figures_groups import WORLD, Group, change_places
from reports.figures_records import QUARTERS, Series
from reports.names import CLASSES, label
from reports.names_facts import ACTORS, CHANGES, GROUPS, TRACKERS, plain_type
from reports.numbers import MISSING, amount, chance, plain, present, signed
from reports.tables import DataTable


def by_quarter(found: Sequence[Series]) -> DataTable:
    """Counts by quarter of the trackers drawn; a dash where a tracker has none."""
    shown = [one for one in found if one.parts == QUARTERS]
    starts = sorted({start for one in shown for start, _ in one.raw})
    counts = [dict(one.raw) for one in shown]
    rows = tuple(
        (
            f"{int(start)} Q{round((start - int(start)) * QUARTERS) + 1}",
            *(plain(own[start], 0) if start in own else "–" for own in counts),
        )
        for start in starts
    )
    heads = ("Quarter", *(TRACKERS.get(one.tracker, (one.tracker, ""))[0] for one in shown))
    return DataTable(heads, rows, "Incidents on record by quarter of their start; of VCDB crimes")


def corrected(events: Sequence[Row]) -> DataTable:
    """Crimes of a year on record and corrected."""
    rows = tuple(
        (
            TRACKERS.get(row["source_id"], (str(row["source_id"]), ""))[0],
            str(row["year"]),
            f"{row['on_record']:,}",
            f"{amount(row['p50'])} [{amount(row['p05'])}, {amount(row['p95'])}]" if present(row["p50"]) else MISSING,
            str(row["status"]),
        )
        for row in events
    )
    heads = ("Source", "Year", "On record", "Median [90 %]", "Status")
    return DataTable(heads, rows, "Crimes a year, on record and corrected for what was not told")


def changes(rows: Sequence[Row]) -> DataTable:
    """Days on which what is on record changed."""
    body = tuple(
        (
            CHANGES.get(row["change_id"], str(row["change_id"])),
            f"{row['since']:%d %B %Y}",
            "all" if row["tracker"] == "all" else TRACKERS.get(row["tracker"], (str(row["tracker"]), ""))[0],
            str(row["note"]),
            str(row["source"]),
            "yes" if row["verified"] else "no",
        )
        for row in rows
    )
    heads = ("Change", "Since", "Tracker", "What changed", "Source", "Read in the source")
    return DataTable(heads, body, "Laws on disclosure and changes of coverage")


def actors(table: Table) -> DataTable:
    """Incidents by actor and type with their share of the actor's incidents."""

    def cell(actor: str, kind: str) -> str:
        count = table.counts.get((actor, kind), 0)
        return f"under {SHOWN}" if count < SHOWN else f"{count:,} ({percent(table.share(actor, kind))})"

    rows = tuple(
        (
            label(actor, ACTORS),
            *(cell(actor, kind) for kind in table.types),
            f"{table.total(actor):,}",
        )
        for actor in table.actors
    )
    heads = ("Actor", *(plain_type(kind) for kind in table.types), "All")
    return DataTable(heads, rows, "Incidents by who did what; in brackets the share of the actor’s incidents")


def by_tracker(rows: Sequence[Row]) -> DataTable:
    """What each tracker adds: its records by actor."""
    totals: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (str(row["tracker"]), str(row["actor"]))
        totals[key] = totals.get(key, 0) + int(row["incidents"])
    trackers = [name for name in TRACKERS if any(key[0] == name for key in totals)]
    trackers += sorted({tracker for tracker, _ in totals} - set(trackers))
    body = tuple(
        (
            "All, each incident once" if tracker == "all" else TRACKERS.get(tracker, (tracker, ""))[0],
            *(f"{totals.get((tracker, actor), 0):,}" for actor in ACTORS),
        )
        for tracker in trackers
    )
    return DataTable(("Tracker", *ACTORS.values()), body, "Records of attacks by tracker and actor")


def by_class(quarters: Sequence[Row]) -> DataTable:
    """Records by tracker and class, with the share that names a quarter."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in quarters:
        found.setdefault((str(row["tracker"]), str(row["threat_class"])), []).append(row)
    body = []
    for (tracker, threat_class), rows in found.items():
        dated = sum(row["incidents"] for row in rows)
        known = sum({row["quarter"].year: row["in_year"] for row in rows}.values())
        body.append(
            (
                TRACKERS.get(tracker, (tracker, ""))[0],
                label(threat_class, CLASSES),
                f"{dated:,}",
                f"{known:,}",
                percent(dated / known) if known else "–",
                str(rows[0]["basis"]),
            )
        )
    heads = ("Tracker", "Class", "In a quarter", "In its years", "Dated", "Counted from")
    return DataTable(heads, tuple(body), "Records by tracker and threat class")


def groups(found: Sequence[Group]) -> DataTable:
    """Loss without and with the convention by group, % of GDP, and what changes."""
    places = change_places([group for group in found if group.grouping != WORLD])
    rows = tuple(
        (
            "World" if group.grouping == WORLD else label(group.name, GROUPS),
            plain(group.gdp, 0),
            *(plain(group.share("status_quo_loss", column), 2) for column in ("mean", "p05", "p95")),
            plain(group.share("loss"), 2),
            f"{signed(group.change(), places)} [{signed(group.change('p05'), places)}, "
            f"{signed(group.change('p95'), places)}]",
            chance(group.measures["avoided_loss"]["p_not_better"]),
        )
        for group in found
    )
    heads = (
        "Group",
        "GDP, USD bn",
        "Loss, % of GDP",
        "5 %",
        "95 %",
        "With the convention",
        "Change, bp [90 %]",
        "No better",
    )
    return DataTable(heads, rows, "Mean loss a year by group, % of GDP of 2020")
