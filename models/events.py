"""Events that hit many at once, computed from their footprint: organizations hit times the loss of each, with a cap.

Systemic events with a return period, and the replay of one that happened under another payload or an earlier detection.
The figures are files in data/events, the table of results is in `event_table`; losses on record are in `exceedance`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import qmc

from models.definition import Z90

Array = NDArray[np.float64]

DRAWS = 2**12
MILLION = 1e-3
"""USD bn in a USD m."""


@dataclass(frozen=True)
class Figure:
    """An uncertain figure: 90 % of its draws lie from low to high, half below central; equal ends hold it fixed.

    Parameters
    ----------
    low, central, high : above 0, in rising order
    least, most : bounds that no draw passes, such as 1 for a share
    kind : `published` or `judgement`; sources : where it is from; verified : whether its numbers were read there
    """

    low: float
    central: float
    high: float
    least: float = 0.0
    most: float = math.inf
    kind: str = "judgement"
    sources: tuple[str, ...] = ()
    verified: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no range."""
        if not 0 < self.low <= self.central <= self.high < math.inf:
            ends = f"{self.low:g}, {self.central:g}, {self.high:g}"
            raise ValueError(
                f"a figure needs low, central and high that are finite, above 0 and in rising order: {ends}"
            )
        if not self.least <= self.central <= self.most:
            raise ValueError(f"central {self.central:g} lies outside the bounds {self.least:g} to {self.most:g}")

    def at(self, u: Array) -> Array:
        """The figure at positions from 0 to 1: lognormal on each side of its central value, each with its spread."""
        z = ndtri(u) / Z90
        width = np.where(z < 0, math.log(self.central / self.low), math.log(self.high / self.central))
        return np.asarray(np.clip(self.central * np.exp(width * z), self.least, self.most))


@dataclass(frozen=True)
class Footprint:
    """Organizations within reach of an event when it was found.

    half_life : months in which half of those that are ever reached are reached; None where all are hit at once
    """

    organizations: Figure
    half_life: Figure | None = None


@dataclass(frozen=True)
class Part:
    """Organizations of a footprint that an event hits in one way, by a name of its own in the course.

    share : of the footprint that is hit; loss_usd_m : mean loss of each of them, USD m of 2020
    """

    name: str
    footprint: str
    share: Figure
    loss_usd_m: Figure


@dataclass(frozen=True)
class Course:
    """One way an event goes.

    downstream : all loss over that of the organizations hit; None where only theirs is counted
    """

    name: str
    parts: tuple[Part, ...]
    downstream: Figure | None = None


@dataclass(frozen=True)
class Reported:
    """A figure in print, USD bn at prices of `price_year`; low and high where a range is printed."""

    label: str
    price_year: int
    central: float
    low: float | None
    high: float | None
    sources: tuple[str, ...]
    verified: bool


@dataclass(frozen=True)
class Rejected:
    """A product that is quoted and is no estimate: organizations times USD m each as quoted, and why not."""

    label: str
    organizations: float
    loss_usd_m: float
    reason: str
    sources: tuple[str, ...]
    verified: bool


@dataclass(frozen=True)
class Named:
    """Firms that told what an event cost them: USD m by firm, and USD bn that it is said to have cost in all.

    Both at prices of `price_year`.
    """

    usd_m: Mapping[str, float]
    of_usd_bn: float
    price_year: int
    sources: tuple[str, ...]
    verified: bool

    @property
    def total(self) -> float:
        """USD bn."""
        return math.fsum(self.usd_m.values()) * MILLION

    @property
    def share(self) -> float:
        """Of what the event is said to have cost in all."""
        return self.total / self.of_usd_bn


@dataclass(frozen=True)
class Event:
    """An event as its file tells it.

    Parameters
    ----------
    footprints : by name; courses that use the same one hit the same organizations in the same draw
    cap_usd_bn : the most it can cost, USD bn of 2020: the exposure
    return_period : years; None for a replay, which has happened
    dwell_months : from when it could spread until it was found; detection_months : what it is replayed with
    """

    event_id: str
    footprints: Mapping[str, Footprint]
    courses: tuple[Course, ...]
    cap_usd_bn: float
    return_period: Figure | None = None
    dwell_months: float | None = None
    detection_months: tuple[float, ...] = ()
    reported: tuple[Reported, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    named: Named | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be computed."""
        if not 0 < self.cap_usd_bn < math.inf:
            raise ValueError(f"event {self.event_id}: the cap must be finite and above 0, got {self.cap_usd_bn!r}")
        for part in (part for course in self.courses for part in course.parts):
            if part.footprint not in self.footprints:
                raise ValueError(f"event {self.event_id}: there is no footprint {part.footprint}")
        if any(each.half_life for each in self.footprints.values()) and not self.dwell_months:
            raise ValueError(f"event {self.event_id}: a footprint that spreads needs the months until it was found")

    def figures(self) -> dict[tuple[str, ...], Figure]:
        """Every uncertain figure by what it is of."""
        found: dict[tuple[str, ...], Figure] = {}
        for name, footprint in self.footprints.items():
            found["organizations", name] = footprint.organizations
            if footprint.half_life is not None:
                found["half_life", name] = footprint.half_life
        for course in self.courses:
            for part in course.parts:
                found["share", course.name, part.name] = part.share
                found["loss", course.name, part.name] = part.loss_usd_m
            if course.downstream is not None:
                found["downstream", course.name] = course.downstream
        if self.return_period is not None:
            found[("return_period",)] = self.return_period
        return found


@dataclass(frozen=True)
class Losses:
    """An event in every draw, (draws,): organizations hit by part; direct and all loss, USD bn of 2020, capped."""

    organizations: Mapping[str, Array]
    direct: Array
    total: Array


def draw(event: Event, draws: int = DRAWS, seed: int = 0) -> dict[tuple[str, ...], Array]:
    """(draws,) of every figure of an event, independent of each other, from one scrambled Sobol' sequence."""
    figures = event.figures()
    sequence = qmc.Sobol(len(figures), scramble=True, rng=np.random.default_rng(seed)).random(draws)
    positions = np.clip(sequence, 2.0**-53, 1 - 2.0**-53)
    return {key: figure.at(positions[:, k]) for k, (key, figure) in enumerate(figures.items())}


def spread(months: float, dwell: float, half_life: Array) -> Array:
    """(draws,) organizations reached after some months over those reached when it was found.

    (1 - 2^(-t/h)) / (1 - 2^(-T/h)): fast at first where the half-life is short, in proportion to time where it is long.
    """
    return np.asarray(np.expm1(-months / half_life * math.log(2)) / np.expm1(-dwell / half_life * math.log(2)))


def losses(event: Event, course: Course, drawn: Mapping[tuple[str, ...], Array], months: float | None = None) -> Losses:
    """What a course costs in every draw, found after some months; None = when it was found.

    Notes
    -----
    Footprint times the mean loss of an organization of its kind. The mean is common to all of them, so that its
    uncertainty does not average out over many organizations.
    """
    hit, direct = {}, []
    for part in course.parts:
        reached = drawn["organizations", part.footprint]
        if months is not None and event.dwell_months and ("half_life", part.footprint) in drawn:
            grown = reached * spread(months, event.dwell_months, drawn["half_life", part.footprint])
            reached = np.minimum(grown, event.footprints[part.footprint].organizations.most)
        hit[part.name] = reached * drawn["share", course.name, part.name]
        direct.append(hit[part.name] * drawn["loss", course.name, part.name] * MILLION)
    own = np.sum(direct, axis=0)
    total = own * drawn.get(("downstream", course.name), np.ones_like(own))
    return Losses(hit, np.minimum(own, event.cap_usd_bn), np.minimum(total, event.cap_usd_bn))
