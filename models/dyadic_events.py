"""Events of two sides in many dyads, laid out for a likelihood, and the course of their baseline over time.

What rate the events follow is in `hawkes`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.synthesis import Array

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

YEAR = 365.25


@dataclass(frozen=True)
class Shape:
    """How the baseline of a side is spread over the window; all sides share it.

    edges : (bins + 1,), days, from 0 to the length of the window; share : (bins,), of the baseline, sums to 1, spread
    evenly within the bin
    """

    edges: Array
    share: Array

    @property
    def days(self) -> float:
        """Length of the window."""
        return float(self.edges[-1])

    def density(self, day: Array) -> Array:
        """Share of the baseline a day."""
        place = np.clip(np.searchsorted(self.edges, day, side="right") - 1, 0, self.share.size - 1)
        return np.asarray((self.share / np.diff(self.edges))[place])

    def cumulative(self, day: Array) -> Array:
        """Share of the baseline up to a day."""
        return np.asarray(np.interp(day, self.edges, np.append(0.0, np.cumsum(self.share))))


def constant(days: float) -> Shape:
    """A baseline that does not change over a window of so many days."""
    return Shape(np.array([0.0, days]), np.ones(1))


def yearly(day: Array, days: float) -> Shape:
    """A baseline that follows the share of all events in each year: trackers saw more with time, in every dyad.

    Years count from the start of the window in whole days, so that the hour of an event does not move it. Without
    excitation these shares maximize the likelihood.
    """
    edges = np.append(np.floor(np.arange(0.0, days, YEAR)), days)
    counts = np.histogram(day, edges)[0]
    return Shape(edges, counts / counts.sum())


@dataclass(frozen=True)
class Events:
    """Dated events by dyad and day.

    day : (events,), in the window; side : (events,), 2 dyad + 0 or 1, the state that attacks
    counts : (sides,), events of each side; density : (events,), of the baseline, see `Shape`
    by_rank : (events,), places of the events, all that come first in their dyad before those that come second
    rank_ends : (ranks + 1,), where those of a rank end among them; dyads with more events come first in each
    """

    day: Array
    side: IntArray
    counts: Array
    shape: Shape
    density: Array
    by_rank: IntArray
    rank_ends: IntArray

    def by_side(self, values: Array) -> Array:
        """(sides,), sums of values of events."""
        return np.bincount(self.side, values, minlength=self.counts.size).astype(np.float64)


def arrange(dyad: IntArray, side: IntArray, day: Array, shape: Shape) -> Events:
    """Events as the likelihood needs them.

    Parameters
    ----------
    dyad, side, day : (events,), number of the dyad from 0, which of its states attacks (0 or 1), day in the window

    Errors
    ------
    ValueError without events, and for a side that is neither 0 nor 1, a day outside the window or without a baseline.
    """
    if not day.size:
        raise ValueError("there are no events to arrange")
    if not np.isin(side, (0, 1)).all():
        raise ValueError(f"a side is 0 or 1, got {np.setdiff1d(side, (0, 1))[0]}")
    if not ((day >= 0) & (day <= shape.days)).all():
        raise ValueError(f"days must lie in the window, 0 to {shape.days:g}: {day.min():g} to {day.max():g}")
    order = np.lexsort((day, dyad))
    dyad, day = dyad[order], day[order]
    attacker = 2 * dyad + side[order]
    density = shape.density(day)
    if not (density > 0).all():
        raise ValueError(f"no baseline on day {day[np.argmin(density)]:g}, on which there is an event")
    sizes = np.bincount(dyad)
    rank = np.arange(day.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return Events(
        day=day,
        side=attacker,
        counts=np.bincount(attacker, minlength=2 * sizes.size).astype(np.float64),
        shape=shape,
        density=density,
        by_rank=np.lexsort((dyad, -sizes[dyad], rank)),
        rank_ends=np.append(0, np.cumsum(np.bincount(rank))),
    )
