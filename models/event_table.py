"""The table of systemic events and replays: what each costs by course and month of detection, and what is said of it.

Only its layout; what an event costs is computed in `events`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.events import DRAWS, MILLION, Course, Event, Figure, draw, losses

Array = NDArray[np.float64]
Row = dict[str, object]

COMPUTED, PUBLISHED, NOT_VALID = "computed from footprint", "published", "not a valid estimate"
JUDGEMENT = "judgement"
USD, ORGANIZATIONS, YEARS, SHARE = "USD bn, 2020 prices", "organizations", "years", "fraction"
NUMBER, LABEL = pl.Float64(), pl.String()
SCHEMA = {
    "event_id": LABEL,
    "course": LABEL,
    "part": LABEL,
    "detection_months": NUMBER,
    "measure": LABEL,
    "status": LABEL,
    **dict.fromkeys(("mean", "p05", "p50", "p95", "at_cap"), NUMBER),
    "kind": LABEL,
    "verified": pl.Boolean(),
    "sources": LABEL,
    "note": LABEL,
    "unit": LABEL,
}


def event_table(events: Sequence[Event], draws: int = DRAWS, seed: int = 0) -> pl.DataFrame:
    """`model.events`: one row an event, course, month of detection and measure.

    Notes
    -----
    `status` tells what was computed from a footprint from what was published, and both from products that are quoted
    and are no estimates. A computed row is `judgement` where any figure behind it is, and `verified` only where all of
    them were read in their sources.
    """
    rows = [dict.fromkeys(SCHEMA) | row for event in events for row in _rows(event, draws, seed)]
    return pl.DataFrame(rows, schema=SCHEMA)


def _rows(event: Event, draws: int, seed: int) -> Iterator[Row]:
    drawn = draw(event, draws, seed)
    for course in event.courses:
        yield from _computed(event, course, drawn)
    own: Row = {"event_id": event.event_id}
    for name, footprint in event.footprints.items():
        reach, found = footprint.organizations, _basis([footprint.organizations])
        at: Row = {"part": name, "detection_months": event.dwell_months, "measure": "reached", "unit": ORGANIZATIONS}
        yield own | found | at | {"p05": reach.low, "p50": reach.central, "p95": reach.high, "status": found["kind"]}
    if event.return_period is not None:
        period = event.return_period
        ends: Row = {"p05": period.low, "p50": period.central, "p95": period.high}
        basis = _basis([period])
        yield own | ends | basis | {"measure": "return_period", "status": str(basis["kind"]), "unit": YEARS}
    printed: Row = own | {"status": PUBLISHED, "kind": PUBLISHED}
    for each in event.reported:
        of: Row = {"sources": " ".join(each.sources), "verified": each.verified, "note": each.label}
        ends = {"p05": each.low, "p50": each.central, "p95": each.high}
        yield printed | of | ends | {"measure": "reported", "unit": f"USD bn, prices of {each.price_year}"}
    for no in event.rejected:
        of = {"sources": " ".join(no.sources), "verified": no.verified, "note": f"{no.label}: {no.reason}"}
        product: Row = {"p50": no.organizations * no.loss_usd_m * MILLION, "unit": "USD bn, as quoted"}
        yield printed | of | product | {"measure": "rejected_product", "status": NOT_VALID}
    if event.named is not None:
        told = event.named
        of = {"sources": " ".join(told.sources), "verified": told.verified, "note": ", ".join(sorted(told.usd_m))}
        yield (
            printed | of | {"p50": told.total, "measure": "named_loss", "unit": f"USD bn, prices of {told.price_year}"}
        )
        yield printed | of | {"p50": told.share, "measure": "named_share", "unit": SHARE}


def _computed(event: Event, course: Course, drawn: dict[tuple[str, ...], Array]) -> Iterator[Row]:
    """A course when it was found and after each month of detection, and its loss a year where it may come again."""
    basis = _basis([figure for key, figure in event.figures().items() if _enters(key, course)])
    whole = losses(event, course, drawn)
    common: Row = {"event_id": event.event_id, "course": course.name, "status": COMPUTED} | basis
    when: list[tuple[float | None, bool]] = [(event.dwell_months, False), *((m, True) for m in event.detection_months)]
    for months, replayed in when:
        found = losses(event, course, drawn, months) if replayed else whole
        at: Row = common | {"detection_months": months}
        for part, hit in found.organizations.items():
            yield at | _summary(hit) | {"part": part, "measure": "organizations", "unit": ORGANIZATIONS}
        for measure, value in (("direct_loss", found.direct), ("loss", found.total)):
            capped: Row = {"at_cap": float(np.mean(value >= event.cap_usd_bn))}
            yield at | _summary(value) | capped | {"measure": measure, "unit": USD}
        if replayed:
            yield at | _summary(whole.total - found.total) | {"measure": "saved_by_detection", "unit": USD}
    if event.return_period is not None:
        yearly = whole.total / drawn[("return_period",)]
        kind = _basis([*(f for k, f in event.figures().items() if _enters(k, course)), event.return_period])
        yield common | kind | _summary(yearly) | {"measure": "loss_per_year", "unit": f"{USD}, a year"}


def _enters(key: tuple[str, ...], course: Course) -> bool:
    """Whether a figure enters a course: its own, and those of the footprints that it uses."""
    what, of = key[0], key[1] if len(key) > 1 else ""
    if what in ("organizations", "half_life"):
        return any(part.footprint == of for part in course.parts)
    return what != "return_period" and of == course.name


def _basis(figures: Sequence[Figure]) -> Row:
    """What several figures rest on together."""
    sources = sorted({source for figure in figures for source in figure.sources})
    kind = JUDGEMENT if any(figure.kind == JUDGEMENT for figure in figures) else PUBLISHED
    return {"kind": kind, "verified": all(figure.verified for figure in figures), "sources": " ".join(sources)}


def _summary(values: Array) -> Row:
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
    return {"mean": float(values.mean()), "p05": float(low), "p50": float(middle), "p95": float(high)}
