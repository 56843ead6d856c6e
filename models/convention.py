"""A convention as diplomats would write it: who founds it, who joins when, what it admits, and adoption levels.

What its membership does to attacks is in `deterrence`; what that does to losses is in `counterfactual`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Scenario:
    """Policy and assumptions of one convention.

    `joins` maps ISO3 to the date on which an economy's membership is agreed, founders included; membership acts from
    the later of that date and `in_force_on`. `clauses` are those of `mechanisms.CLAUSES`; `definition` says what a
    cyberattack is (data/definitions). With `accession` "hazard" only founders are dated, and others join as states
    joined the Budapest Convention (`accession`). `dwell_ratio` is the time until detection over that of today. `belief`
    about retaliation is that of the run where None; `switched_off` names reactions that are assumed away.
    """

    name: str
    title: str
    summary: str
    clauses: frozenset[str]
    founders: frozenset[str]
    joins: Mapping[str, date]
    entry_into_force_threshold: int
    admits_reservations_on_cooperation: bool
    definition: str = "criminal"
    accession: str = "dated"
    dwell_ratio: float = 1.0
    belief: str | None = None
    switched_off: frozenset[str] = frozenset()

    @property
    def in_force_on(self) -> date | None:
        """The day on which the number of members first reaches the threshold; None if it never does."""
        ordered = sorted(self.joins.values())
        needed = max(self.entry_into_force_threshold, 1)
        return ordered[needed - 1] if len(ordered) >= needed else None

    def acts_from(self, iso3: str) -> date | None:
        """The day from which membership of this economy has effect; None for an outsider."""
        joined, in_force = self.joins.get(iso3), self.in_force_on
        return None if joined is None or in_force is None else max(joined, in_force)


def decimal_year(day: date) -> float:
    """A date as a decimal year."""
    start, end = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    return day.year + (day - start).days / (end - start).days


def phase_in(since: Array, at: float, lag: float) -> Array:
    """Share of the full effect reached `at` a decimal year by memberships that began at `since` (NaN: never).

    1 - exp(-(t - t0)+ / lag), model.md 4.2.
    """
    age = np.maximum(at - since, 0.0)
    return np.where(np.isnan(since), 0.0, -np.expm1(-np.nan_to_num(age) / lag))


def member_since(scenario: Scenario, iso3: Sequence[str]) -> Array:
    """(economies,) decimal year from which each membership acts; NaN for an outsider."""
    days = [scenario.acts_from(code) for code in iso3]
    return np.array([np.nan if day is None else decimal_year(day) for day in days])


def membership_in(scenario: Scenario, iso3: Sequence[str], year: int) -> Array:
    """(economies,) 1 for a member by the end of `year`, whatever its phase-in."""
    since = member_since(scenario, iso3)
    return np.where(np.isnan(since), 0.0, (np.nan_to_num(since, nan=np.inf) < year + 1).astype(float))


@dataclass(frozen=True)
class Membership:
    """Membership over time, (years, economies) each.

    joined : probability of being a member by the end of the year, 0 or 1 where dates are given
    acting : m, the expected share of the full effect reached in the middle of the year
    """

    years: tuple[int, ...]
    joined: Array
    acting: Array


def dated_membership(scenario: Scenario, iso3: Sequence[str], years: Sequence[int], lag: float) -> Membership:
    """Membership as the scenario's file dates it.

    A year is represented by its middle: the average of a year's phase-in to second order.
    """
    since = member_since(scenario, iso3)
    joined = np.stack([membership_in(scenario, iso3, year) for year in years])
    return Membership(tuple(years), joined, np.stack([phase_in(since, year + 0.5, lag) for year in years]))


def expected_membership(joined: Array, years: Sequence[int], lag: float) -> Membership:
    """Membership where only the probability of being a member by the end of each year is known.

    Who joins in a year does so in its middle, so that the expected phase-in is a sum over the years of joining.
    """
    new = np.diff(joined, axis=0, prepend=0.0)
    age = np.array([[max(year - since, 0) for since in years] for year in years], dtype=np.float64)
    return Membership(tuple(years), joined, -np.expm1(-age / lag) @ new)


def adoption_order(weights: Array, iso3: Sequence[str], first: Sequence[str] = ()) -> NDArray[np.int64]:
    """(economies,) the order in which economies join: `first` in order of weight, then the others, ties by ISO3.

    Economies without weight come last in each group, as they have the smallest weight.
    """
    lead = np.array([code not in set(first) for code in iso3])
    return np.lexsort((np.array(iso3), -weights, lead))


def members_at_level(level: float, weights: Array, order: NDArray[np.int64]) -> Array:
    """(economies,) membership such that the members' share of `weights` is exactly `level`.

    Economies join whole in `order`; the marginal one joins in part. Economies with no weight join at full adoption
    only (model.md 4.7a).
    """
    if level >= 1:
        return np.ones(weights.size)
    share = weights[order] / weights.sum()
    before = np.concatenate(([0.0], np.cumsum(share)[:-1]))
    part = np.divide(level - before, share, out=np.zeros_like(share), where=share > 0)
    membership = np.zeros(weights.size)
    membership[order] = np.clip(part, 0.0, 1.0)
    return membership
