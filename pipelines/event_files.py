"""Systemic events and replays as files: data/events/*.yaml checked and turned into models.events.Event.

Money is brought to prices of 2020 here, months between milestones come from the reference table of timelines. What a
file may hold is in `event_entries`; what an event costs is computed in models/.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel

from pipelines import named_files, store
from pipelines.event_entries import EventFile, Sourced, TimelineEntry
from pipelines.yaml_files import Lines, Location, read

if TYPE_CHECKING:
    from models.events import Event

DAYS_A_MONTH = 30.4375
PRICES = 2020
"""The year whose prices the models take."""


def names(folder: Path | None = None) -> list[str]:
    """The events there are files for, sorted; InputError for a name that cannot be one."""
    return named_files.names(folder or store.DATA / "events")


def load_all(folder: Path | None = None) -> list[Event]:
    """Every event, by name."""
    return [load(name, folder) for name in names(folder)]


def load(name: str, folder: Path | None = None) -> Event:
    """An event by name, money in prices of 2020; InputError where file, line and field are wrong."""
    from models.events import Event

    written, lines = _read(name, folder)
    prices = _prices(written, lines)
    return Event(
        name,
        {entry.footprint: entry.for_models() for entry in written.footprints},
        tuple(entry.for_models(prices) for entry in written.courses),
        written.cap.usd_bn,
        written.return_period_years.for_models() if written.return_period_years else None,
        _months(written.timeline, lines) if written.timeline else None,
        written.detection_months,
        tuple(entry.for_models() for entry in written.reported),
        tuple(entry.for_models() for entry in written.not_valid),
        written.named.for_models() if written.named else None,
    )


def read_file(name: str, folder: Path | None = None) -> EventFile:
    """An event as written, with title, summary, reasons and what it leaves out; errors as of `load`."""
    return _read(name, folder)[0]


def _read(name: str, folder: Path | None) -> tuple[EventFile, Lines]:
    path = named_files.find(folder or store.DATA / "events", name, "unknown_event")
    written, lines = read(path, EventFile)
    known_sources = named_files.known_sources()
    for where, key in _keys(written, ()):
        if key not in known_sources:
            raise lines.error(where, "known_source", key, "a source_id of data/reference/sources.csv")
    return written, lines


def _keys(part: object, where: Location) -> Iterator[tuple[Location, str]]:
    """Every source that any figure of a file names, and where it stands."""
    if isinstance(part, Sourced):
        yield from (((*where, "sources", k), key) for k, key in enumerate(part.sources))
    if isinstance(part, BaseModel):
        for name, value in part:
            yield from _keys(value, (*where, name))
    elif isinstance(part, tuple):
        for k, value in enumerate(part):
            yield from _keys(value, (*where, k))


def _prices(written: EventFile, lines: Lines) -> dict[int, float]:
    """Prices of 2020 over those of every year that the losses of a file are in, by the US consumer price index."""
    from pipelines import reference

    index = dict(reference.load("us_cpi").select("year", "index").iter_rows())
    found = {}
    for c, course in enumerate(written.courses):
        for k, part in enumerate(course.parts):
            year = part.loss_per_organization_usd_m.price_year
            if year not in index:
                where = ("courses", c, "parts", k, "loss_per_organization_usd_m", "price_year")
                raise lines.error(where, "known_price_year", year, "a year of data/reference/us_cpi.csv")
            found[year] = index[PRICES] / index[year]
    return found


def _months(timeline: TimelineEntry, lines: Lines) -> float:
    """Months from when the event could spread until it was found."""
    from pipelines import reference

    rows = reference.load("event_timelines").iter_rows(named=True)
    on = {row["milestone"]: row["on"] for row in rows if row["event_id"] == timeline.event_id}
    for field in ("spreads_from", "found"):
        milestone = getattr(timeline, field)
        if milestone not in on:
            allowed = f"a milestone of {timeline.event_id} in data/reference/event_timelines.csv"
            raise lines.error(("timeline", field), "known_milestone", milestone, allowed)
    days = (on[timeline.found] - on[timeline.spreads_from]).days
    if days <= 0:
        raise lines.error(("timeline", "found"), "found_later", timeline.found, f"later than {timeline.spreads_from}")
    return float(days / DAYS_A_MONTH)
