"""What a file of data/events may hold: every figure with its sources, whether it was read there, and why it was chosen.

Each entry as it is written, and as the models take it. Files are found and read in `event_files`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from pipelines.named_files import NAME
from pipelines.yaml_files import Location, Refused, Strict, at_least_one

if TYPE_CHECKING:
    from models.events import Course, Figure, Footprint, Named, Part, Rejected, Reported

Words = Annotated[str, Field(min_length=1)]
Name = Annotated[str, Field(pattern=NAME.pattern)]
Amount = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Year = Annotated[int, Field(ge=1990, le=2100)]
Kind = Literal["published", "judgement"]
Sources = Annotated[tuple[str, ...], AfterValidator(at_least_one)]


class Sourced(Strict):
    """Where a figure is from, and whether its numbers were read there."""

    sources: Sources
    verified: bool


class FigureEntry(Sourced):
    """An uncertain figure: 90 % lies from low to high, half below central."""

    low: Amount
    central: Amount
    high: Amount
    kind: Kind
    rationale: Words

    @model_validator(mode="after")
    def _rises(self) -> FigureEntry:
        if not self.low <= self.central <= self.high:
            ends = f"{self.low:g}, {self.central:g}, {self.high:g}"
            raise Refused("in_rising_order", ends, "low <= central <= high", ("low",))
        return self

    def for_models(self, factor: float = 1.0, least: float = 0.0, most: float = float("inf")) -> Figure:
        """The same as the models take it, times a factor."""
        from models.events import Figure

        ends = (self.low * factor, self.central * factor, self.high * factor)
        return Figure(*ends, least, most, self.kind, self.sources, self.verified)


class MoneyEntry(FigureEntry):
    """A figure in money of a year."""

    price_year: Year


class ShareEntry(FigureEntry):
    """A figure that is a part of a whole."""

    high: Annotated[float, Field(gt=0, le=1)]


class FactorEntry(FigureEntry):
    """All loss over the direct loss: at least 1."""

    low: Annotated[float, Field(ge=1, allow_inf_nan=False)]


class FootprintEntry(Strict):
    """Organizations within reach; `at_most` where more than that cannot be."""

    footprint: Name
    organizations: FigureEntry
    at_most: Amount | None = None
    half_life_months: FigureEntry | None = None

    @model_validator(mode="after")
    def _within(self) -> FootprintEntry:
        if self.at_most is not None and self.at_most < self.organizations.high:
            raise Refused("at_most_the_high_end", self.at_most, f"at least {self.organizations.high:g}", ("at_most",))
        return self

    def for_models(self) -> Footprint:
        """The same as the models take it."""
        from models.events import Footprint

        most = self.at_most or float("inf")
        half_life = self.half_life_months.for_models() if self.half_life_months else None
        return Footprint(self.organizations.for_models(most=most), half_life)


class PartEntry(Strict):
    """Organizations of a footprint that are hit in one way; all of them where no share is given."""

    part: Name
    footprint: Name
    share: ShareEntry | None = None
    loss_per_organization_usd_m: MoneyEntry

    def for_models(self, prices: dict[int, float]) -> Part:
        """The same as the models take it, in prices of 2020."""
        from models.events import Figure, Part

        loss = self.loss_per_organization_usd_m
        return Part(
            self.part,
            self.footprint,
            self.share.for_models(most=1.0) if self.share else Figure(1, 1, 1, kind="published", verified=True),
            loss.for_models(prices[loss.price_year]),
        )


class CourseEntry(Strict):
    """One way the event goes."""

    course: Name
    summary: Words
    parts: Annotated[tuple[PartEntry, ...], AfterValidator(at_least_one)]
    downstream: FactorEntry | None = None

    def for_models(self, prices: dict[int, float]) -> Course:
        """The same as the models take it."""
        from models.events import Course

        downstream = self.downstream.for_models(least=1.0) if self.downstream else None
        return Course(self.course, tuple(part.for_models(prices) for part in self.parts), downstream)


class CapEntry(Sourced):
    """The most that the event can cost, USD bn of 2020: the exposure."""

    usd_bn: Amount
    kind: Kind
    rationale: Words


class TimelineEntry(Strict):
    """Two milestones of data/reference/event_timelines.csv: an event spreads from one and is found at the other."""

    event_id: Name
    spreads_from: Name
    found: Name


class ReportedEntry(Sourced):
    """A figure in print, USD bn of a year."""

    label: Words
    price_year: Year
    central_usd_bn: Amount
    low_usd_bn: Amount | None = None
    high_usd_bn: Amount | None = None

    def for_models(self) -> Reported:
        """The same as the models take it."""
        from models.events import Reported

        ends = (self.low_usd_bn, self.high_usd_bn)
        return Reported(self.label, self.price_year, self.central_usd_bn, *ends, self.sources, self.verified)


class RejectedEntry(Sourced):
    """A product that is quoted and is no estimate, with the reason."""

    label: Words
    organizations: Amount
    loss_per_organization_usd_m: Amount
    reason: Words

    def for_models(self) -> Rejected:
        """The same as the models take it."""
        from models.events import Rejected

        product = (self.organizations, self.loss_per_organization_usd_m)
        return Rejected(self.label, *product, self.reason, self.sources, self.verified)


class NamedEntry(Sourced):
    """Firms that told their loss, USD m, and what the event is said to have cost in all, USD bn, of one year."""

    usd_m: Annotated[dict[Name, Amount], Field(min_length=1)]
    of_usd_bn: Amount
    price_year: Year

    def for_models(self) -> Named:
        """The same as the models take it."""
        from models.events import Named

        return Named(self.usd_m, self.of_usd_bn, self.price_year, self.sources, self.verified)


def _each_once(names: list[str], where: Location, field: str) -> None:
    for k, name in enumerate(names):
        if name in names[:k]:
            raise Refused("unique_name", name, "a name of its own", (*where, k, field))


class EventFile(Strict):
    """A file of data/events as written."""

    title: Words
    summary: Words
    leaves_out: Words
    cap: CapEntry
    timeline: TimelineEntry | None = None
    detection_months: tuple[Amount, ...] = ()
    return_period_years: FigureEntry | None = None
    footprints: Annotated[tuple[FootprintEntry, ...], AfterValidator(at_least_one)]
    courses: Annotated[tuple[CourseEntry, ...], AfterValidator(at_least_one)]
    reported: tuple[ReportedEntry, ...] = ()
    not_valid: tuple[RejectedEntry, ...] = ()
    named: NamedEntry | None = None

    @model_validator(mode="after")
    def _names_fit(self) -> EventFile:
        footprints = [each.footprint for each in self.footprints]
        _each_once(footprints, ("footprints",), "footprint")
        _each_once([each.course for each in self.courses], ("courses",), "course")
        for c, course in enumerate(self.courses):
            _each_once([each.part for each in course.parts], ("courses", c, "parts"), "part")
            for k, part in enumerate(course.parts):
                if part.footprint not in footprints:
                    where = ("courses", c, "parts", k, "footprint")
                    raise Refused("known_footprint", part.footprint, f"one of {', '.join(footprints)}", where)
        return self

    @model_validator(mode="after")
    def _time_fits(self) -> EventFile:
        if self.timeline is not None:
            return self
        for k, footprint in enumerate(self.footprints):
            if footprint.half_life_months:
                where = ("footprints", k, "half_life_months")
                raise Refused(
                    "spreads_over_time", footprint.footprint, "a timeline in the file, or no half-life", where
                )
        if self.detection_months:
            raise Refused("found_after", self.detection_months[0], "a timeline in the file", ("detection_months",))
        if self.return_period_years is None:
            raise Refused("comes_again", None, "return_period_years, or the timeline of what has happened")
        return self
