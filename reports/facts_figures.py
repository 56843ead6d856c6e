"""The figures on incidents on record and on groups of economies: which rows each draws and all the words around it.

As in figures.py. Each function returns None where its table is empty, and the page says so in its place.
"""

from collections.abc import Sequence

from reports import facts_data, titles_facts
from reports.edition import Row
from reports.figure import Figure, Swatch, in_every_layout
from reports.figures_actors import FEW, SHOWN, cross, percent, steps
from reports.figures_actors import actors as actors_drawing
from reports.figures_groups import GROUPINGS, WORLD, change_places, groups_of
from reports.figures_groups import groups as groups_drawing
from reports.figures_records import COMPLAINTS, described, series
from reports.figures_records import records as records_drawing
from reports.names import label
from reports.names_facts import ACTORS, ACTORS_IN_WORDS, GROUPS, TRACKERS, plain_type
from reports.numbers import amount, plain, present, signed, span
from reports.palette import AXIS, BAND_50, BAND_80, BLUE, DEEP_BLUE, GREY_80, INK, MUTED
from reports.provenance import dotted
from reports.rows import Rows
from reports.titles import capital

ALL = "all"


def records(rows: Rows) -> Figure | None:
    """Incidents on record by quarter and tracker, and crimes corrected for what nobody told."""
    edition = rows.edition
    quarters, events = edition.rows("incidents_per_quarter"), edition.rows("all_events")
    found = series(quarters, edition.rows("complaints"), events)
    trackers = [one for one in found if one.tracker != COMPLAINTS]
    if not trackers:
        return None
    peaks = {one.tracker: one.peak for one in trackers}
    title = titles_facts.peaks(list(peaks.values()))
    changes = edition.rows("recording_changes")
    corrected = [one for one in found if one.corrected]
    under = ". ".join(_of_last_year(one.corrected[-1]) for one in corrected)
    said = "; ".join(f"{_name(tracker)} has most in {year}" for tracker, year in peaks.items())
    first, last = min(one.raw[0][0] for one in found), max(one.raw[-1][0] for one in found)
    alone = [_name(one.tracker) for one in found if not one.corrected]
    uncorrected = f" Not corrected, as nobody knows what share they have: {', '.join(alone)}." if alone else ""
    withheld = sum(not present(row["p50"]) for row in events)
    of_law = [row for row in changes if row["kind"] == "law"]
    return Figure(
        key="records",
        queries=("incidents_per_quarter", "complaints", "all_events", "recording_changes"),
        code=dotted(records_drawing),
        title=title,
        subtitle="Incidents on record by quarter of their start, and complaints by year, each source on a scale of its "
        f"own, {int(first)} to {int(last)}; crimes corrected for under-reporting",
        legend=(
            Swatch("line", MUTED, "On record"),
            *(
                (
                    Swatch("line", DEEP_BLUE, "All crimes, median"),
                    Swatch("box", BAND_50, "50 %"),
                    Swatch("box", BAND_80, "90 %"),
                )
                if corrected
                else ()
            ),
            *((Swatch("line", INK, "Disclosure law", "6 4"),) if of_law else ()),
            *((Swatch("line", AXIS, "Coverage", "2 3"),) if len(changes) > len(of_law) else ()),
        ),
        drawings=in_every_layout(lambda mode: records_drawing(found, changes, mode)),
        alt=f"Line charts of incidents on record, one for each of {len(found)} sources. {title}. {said}. {under}",
        note="A line follows disclosure and the effort of coders as well as attacks. Records known by year alone are "
        f"not drawn; dated are {', '.join(described(one) for one in trackers)}. All crimes are the year’s count over a "
        "probability of being on record, a judgment from one figure that no law moves here; beside the bands is their "
        "last year, median and 90 %. Where coders read only a part of what was told they are at best a lower bound."
        f"{uncorrected}{_withheld(withheld)} {_basis(quarters)}. Sources: {', '.join(one.tracker for one in found)}; "
        "prior: reporting_probability.",
        method="loss",
        tables=tuple(
            table
            for table, rows_of in (
                (facts_data.by_quarter(found), True),
                (facts_data.by_class(quarters), True),
                (facts_data.corrected(events), events),
                (facts_data.changes(changes), changes),
            )
            if rows_of
        ),
        under=f"{under}." if under else "",
    )


def actors(rows: Rows) -> Figure | None:
    """Who did what, of all trackers together."""
    every = rows.edition.rows("incident_types")
    table = cross([row for row in every if row["tracker"] == ALL])
    if table is None:
        return None
    title = titles_facts.actors(
        {label(actor, ACTORS_IN_WORDS): plain_type(table.first(actor)).lower() for actor in table.actors}
    )
    total = sum(table.total(actor) for actor in table.actors)
    few = sum(SHOWN <= table.counts.get((actor, kind), 0) < FEW for actor in table.actors for kind in table.types)
    said = "; ".join(
        f"{label(actor, ACTORS)}: {plain_type(table.first(actor)).lower()} "
        f"{percent(table.share(actor, table.first(actor)))} of {table.total(actor):,}"
        for actor in table.actors
    )
    left_out = ", ".join(f"{label(actor, ACTORS).lower()} ({count:,})" for actor, count in table.left_out.items())
    excluded = f" Actors with too few incidents for a row: {left_out}." if left_out else ""
    basis = _basis([row for row in every if row["tracker"] == ALL])
    return Figure(
        key="actors",
        queries=("incident_types",),
        code=dotted(actors_drawing),
        title=title,
        subtitle="Incidents on record by who did it and the gravest of what was done: number, and share of the actor’s "
        "incidents in %; all years and trackers, each incident once",
        legend=(
            *(Swatch("box", color, words) for color, words in steps()),
            Swatch("lines", MUTED, f"n < {FEW}"),
            Swatch("frame", AXIS, f"n < {SHOWN}"),
        ),
        drawings=in_every_layout(lambda mode: actors_drawing(table, mode)),
        alt=f"Heat map of {len(table.actors)} actors by {len(table.types)} types of incident. {title}. {said}.",
        note=f"n = {total:,} incidents; {few} cells rest on fewer than {FEW} and say little, those with fewer than "
        f"{SHOWN} are blank. Where trackers disagree the graver type counts; the first tracker with the class names "
        "the actor. CFR and DCID hold nothing but operations of states and do not tell a state from a group that "
        "it sponsors. Others, known, are activists, persons, terrorists and competitors. Errors, losses and insiders "
        f"are no attacks and left out.{excluded} {basis}. Sources: eurepoc, cfr, dcid, vcdb.",
        method="law",
        tables=(facts_data.actors(table), facts_data.by_tracker(every)),
    )


def groups(rows: Rows) -> Figure | None:
    """What income groups and regions lose, without and with the convention."""
    every = rows.edition.rows("group_loss")
    found = groups_of(every)
    shown = [group for group in found if group.grouping != WORLD]
    if not shown:
        return None
    places = change_places(shown)
    income = [group for group in shown if group.grouping == next(iter(GROUPINGS))]
    title = titles_facts.groups(
        {_adjective(g.name): g.share("status_quo_loss") for g in income},
        {_adjective(g.name): g.change() for g in income},
        places,
    )
    world = next((group for group in found if group.grouping == WORLD), None)
    of_world = (
        f"World: {plain(world.share('status_quo_loss'), 2)} % of GDP, change {signed(world.change(), places)} basis "
        f"points, 90 % interval {span(world.change('p05'), world.change('p95'), places)}."
        if world
        else ""
    )
    absent = sorted({row["name"] for row in every} - {group.name for group in found})
    left_out = f" Left out for want of a GDP: {', '.join(label(name, GROUPS) for name in absent)}." if absent else ""
    ends = (max(shown, key=lambda g: g.share("status_quo_loss")), min(shown, key=lambda g: g.share("status_quo_loss")))
    said = "; ".join(f"{label(g.name, GROUPS)} {plain(g.share('status_quo_loss'), 2)} %" for g in ends)
    open_ = sum(group.change("p05") <= 0 <= group.change("p95") for group in shown)
    draws = max(group.measures["loss"]["draws"] for group in shown)
    error = max(1e4 * (g.measures["avoided_loss"]["mcse"] or 0.0) / g.gdp for g in shown)
    return Figure(
        key="groups",
        queries=("group_loss",),
        code=dotted(groups_drawing),
        title=title,
        subtitle="Mean yearly loss by group of economies, % of their GDP of 2020, at 2020 prices: status quo with its "
        f"90 % interval, and with {rows.subject} fully phased in; change in basis points of GDP",
        legend=(
            Swatch("circle", MUTED, "Status quo, mean"),
            Swatch("box", GREY_80, "90 % of draws"),
            Swatch("tick", BLUE, f"{capital(rows.subject)}, mean"),
        ),
        drawings=in_every_layout(lambda mode: groups_drawing(found, mode)),
        alt=f"Ranked dot plot of {len(shown)} groups of economies. {title}. Largest and smallest loss: {said}. "
        f"{of_world}",
        note="Ranked within each grouping. Losses of economies are added up draw by draw, so that the interval is that "
        "of the group; means add up to the world’s in either grouping. What sets groups apart is the published range "
        f"by region and how connected an economy is, not a count of its attacks. Of {len(shown)} intervals of the "
        f"change, which are in the data, {open_} include zero.{left_out} N = {draws:,} paired draws, Monte Carlo s.e. "
        f"of the change {amount(error) if error else 'nil'} basis points at most. Sources: Annex A.",
        method="loss",
        tables=(facts_data.groups(found),),
        under=of_world,
    )


def _adjective(group: str) -> str:
    """An income group as what economies are: "upper-middle-income"."""
    return label(group, GROUPS).lower().replace(" income", "-income")


def _name(tracker: str) -> str:
    return TRACKERS.get(tracker, (tracker, ""))[0]


def _of_last_year(row: Row) -> str:
    """The last corrected year of a source in a sentence without its full stop."""
    low, middle, high = (amount(row[name]) for name in ("p05", "p50", "p95"))
    start = f"{_name(row['source_id'])} {row['year']}: {row['on_record']:,} crimes on record"
    return f"{start}, {middle} [{low}, {high}] in all"


def _withheld(count: int) -> str:
    return f" Years with fewer than {FEW} records are not corrected: {count}." if count else ""


def _basis(rows: Sequence[Row]) -> str:
    """What the counts were counted from."""
    return f"Counted from {' and '.join(sorted({str(row['basis']) for row in rows}))}"
