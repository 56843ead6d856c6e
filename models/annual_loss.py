"""The loss of a year, compounded from the number of its events and the loss of each: probabilities on a grid.

By Fourier transform with exponential tilting and by Panjer's recursion, with value at risk, tail mean and the largest
event of a year. The grid comes from `discretization`; simulated years are in `simulated_years`, tables in `exceedance`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from models.discretization import Severity, finite_mean
from models.event_counts import EventCounts, Panjer

Array = NDArray[np.float64]

TILT, PADDING = 14.0, 8
"""Exponent over the length of the transform (Grubel and Hermesmeier 1999), and that length over the points kept.

What wraps around, which is the year beyond eight grids, is damped by exp(-14). Rounding is raised by exp(14 / 8) = 6 at
most. With exp(-20) and a length of twice the points it would be 22,000, and the loss of one year in a thousand would
differ in the ninth digit between processors."""
BISECTIONS = 27
"""From 1e-15 to any loss there are some fifty units of the natural logarithm: 27 halvings leave 4e-7."""


@dataclass(frozen=True)
class AnnualLoss:
    """Probabilities of a year's loss at 0, step, 2 step, ...; what lies beyond the grid is missing from their sum.

    step : USD bn; probability : (size,)
    mean : expected loss of a year, exact, with what lies beyond the grid
    """

    step: float
    probability: Array
    mean: float

    @cached_property
    def cumulated(self) -> Array:
        """(size,) probability of at most each loss of the grid."""
        return np.cumsum(self.probability)

    @property
    def reached(self) -> float:
        """Probability of a year within the grid."""
        return float(self.cumulated[-1])

    @cached_property
    def partial_mean(self) -> Array:
        """(size,) part of the mean that comes from years of at most each loss of the grid."""
        return np.cumsum(self.probability * self._grid)

    @cached_property
    def _grid(self) -> Array:
        return np.asarray(self.step * np.arange(self.probability.size))

    @cached_property
    def _middle(self) -> Array:
        """(size,) probability of less than each loss of the grid, and half of that of the loss itself."""
        middle = self.cumulated - 0.5 * self.probability
        middle[0] = self.cumulated[0]
        return middle

    @cached_property
    def _excess(self) -> Array:
        """(size,) E[(S - x)+] for each loss x of the grid, what lies beyond the grid included."""
        return np.asarray(self.mean - self.partial_mean - self._grid * (1 - self.cumulated))

    def exceedance(self, loss: Array) -> Array:
        """Probability of a year above `loss`: AEP. Between points of the grid, the lower one counts."""
        place = np.clip(np.floor(np.asarray(loss) / self.step * (1 + 1e-12)), 0, self.probability.size - 1)
        return np.asarray(1 - self.cumulated[place.astype(np.int64)])

    def value_at_risk(self, levels: Array) -> Array:
        """Least loss of the grid that a year stays within at each probability; ValueError beyond the grid."""
        return np.asarray(self.step * self._place(levels))

    def interpolated(self, levels: Array) -> Array:
        """Loss that a year stays within at each probability, between the points of the grid.

        Notes
        -----
        The mass at a point stands for losses half of which lie above it, so half of it counts at the point, and all of
        it at 0, where a year without loss is. Error of order step^2, against step for `value_at_risk`.
        """
        self._place(levels)
        at = np.interp(levels, self._middle, self._grid)
        return np.where(np.asarray(levels) <= self._middle[0], 0.0, at)

    def tail_mean(self, levels: Array) -> Array:
        """Mean loss of the years above the value at risk at each probability: TVaR, the whole tail included."""
        place = self._place(levels)
        above = 1 - self.cumulated[place]
        beyond = (self.mean - self.partial_mean[place]) / np.where(above > 0, above, 1)
        return np.where(above > 0, np.maximum(beyond, self.step * place), self.step * place)

    def shortfall(self, levels: Array) -> Array:
        """TVaR between the points of the grid: v + E[(S - v)+] / (1 - level), v the interpolated value at risk.

        Notes
        -----
        v minimizes this expression (Rockafellar and Uryasev 2000), so an error in v enters by its square.
        """
        at = self.interpolated(levels)
        excess = np.interp(at, self._grid, self._excess)
        return np.asarray(at + np.maximum(excess, 0.0) / (1 - np.asarray(levels)))

    def _place(self, levels: Array) -> NDArray[np.int64]:
        wanted = np.asarray(levels, dtype=np.float64)
        if not ((wanted >= 0) & (wanted < 1)).all():
            raise ValueError("a level must be at least 0 and below 1")
        if wanted.max(initial=0.0) > self.reached:
            raise ValueError(f"level {wanted.max():g} lies beyond the grid, which ends at {self.reached:g}")
        return np.searchsorted(self.cumulated, wanted)


def compound(sources: Sequence[tuple[EventCounts, Array]], size: int, tilt: float = TILT) -> Array:
    """Probabilities of the loss of a year over independent sources, by Fourier transform with exponential tilting.

    Parameters
    ----------
    sources : counts of events, and (points,) probabilities of the loss of one on a grid common to all
    size : points of the grid of the year

    Returns
    -------
    (size,), right below the end of the grid whatever lies beyond it; at most exp(-tilt) of that wraps around

    Notes
    -----
    The generating function of the counts at the transform of an event's loss; sources multiply, which convolves their
    years. Tilting by exp(-theta j) commutes with compounding (Grubel and Hermesmeier 1999).
    """
    length = padded(size)
    transforms = [transform(loss, length, tilt) for _, loss in sources]
    return untilted([counts for counts, _ in sources], transforms, size, length, tilt)


def padded(size: int) -> int:
    """Length of the transform for a grid of `size` points."""
    return int(fft.next_fast_len(PADDING * size, real=True))


def transform(loss: Array, length: int, tilt: float = TILT) -> NDArray[np.complex128]:
    """Fourier transform of an event's tilted probabilities, which serves every law of counts."""
    return np.asarray(fft.rfft(loss * np.exp(-tilt / length * np.arange(loss.size)), length))


def untilted(
    counts: Sequence[EventCounts],
    transforms: Sequence[NDArray[np.complex128]],
    size: int,
    length: int,
    tilt: float = TILT,
) -> Array:
    """(size,) probabilities of a year from the transforms of its sources' events."""
    product = counts[0].pgf(transforms[0])
    for law, each in zip(counts[1:], transforms[1:], strict=True):
        product = product * law.pgf(each)
    tilted = fft.irfft(product, length)[:size]
    return np.asarray(np.maximum(tilted * np.exp(tilt / length * np.arange(size)), 0.0))


def panjer(counts: Panjer, loss: Array, size: int) -> Array:
    """Probabilities of the loss of a year by Panjer's recursion: exact, of order size^2, for one source.

    Parameters
    ----------
    loss : (points,) probabilities of an event's loss on the grid
    size : points of the grid of the year

    Errors
    ------
    ValueError where a year without loss is so unlikely that the recursion starts from 0 in floating point.

    Notes
    -----
    g_0 = pgf(f_0); g_k = sum over j of (a + b j / k) f_j g_(k-j) / (1 - a f_0), Panjer (1981).
    """
    a, b = counts.recursion()
    found = np.zeros(size)
    found[0] = float(np.real(counts.pgf(loss[:1])[0]))
    if found[0] < np.finfo(float).tiny:
        raise ValueError(f"Panjer's recursion cannot start: {counts.mean:g} events a year are too many; use `compound`")
    ranked = np.arange(loss.size) * loss
    for k in range(1, size):
        j = slice(1, min(k, loss.size - 1) + 1)
        back = found[k - j.stop + 1 : k][::-1]
        found[k] = (a * (loss[j] @ back) + b / k * (ranked[j] @ back)) / (1 - a * loss[0])
    return found


def least_loss(within: Callable[[Array], NDArray[np.bool_]], shape: tuple[int, ...], start: float) -> Array:
    """The least loss for which `within` holds, elementwise, by bisection in logs to 4e-7 of it; 0 where 0 is enough.

    Parameters
    ----------
    within : of losses of that shape; false below some loss and true from there on
    start : USD bn, above 0, where the search for an upper end begins
    """
    low, high = np.full(shape, 1e-15), np.full(shape, start)
    while not (reached := within(high)).all():
        high = np.where(reached, high, 16 * high)
    for _ in range(BISECTIONS):
        middle = np.sqrt(low * high)
        reached = within(middle)
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    return np.where(within(np.zeros(shape)), 0.0, high)


def largest_event(severities: Sequence[Severity], counts: Sequence[Sequence[EventCounts]], levels: Array) -> Array:
    """(scenarios, levels) loss that the largest event of a year over independent sources stays within: OEP.

    Parameters
    ----------
    severities : (sources,) law of the loss of an event
    counts : (scenarios, sources) law of the number of events
    levels : (levels,) probabilities

    Notes
    -----
    No event of a year exceeds x with probability prod pgf_s(F_s(x)). The loss is 0 where a year without an event is at
    least as likely as the level.
    """

    def within(loss: Array) -> NDArray[np.bool_]:
        below = [severity.cdf(loss) for severity in severities]
        none_above = [
            np.prod([law.pgf(p[k]) for law, p in zip(laws, below, strict=True)], axis=0)
            for k, laws in enumerate(counts)
        ]
        return np.asarray(np.stack(none_above) >= levels)

    start = max(finite_mean(severity) for severity in severities)
    return least_loss(within, (len(counts), levels.size), start)


def any_event(severities: Sequence[Severity], weights: Array, levels: Array) -> Array:
    """(scenarios, levels) loss that an event, whichever it is, stays within.

    Parameters
    ----------
    weights : (scenarios, sources) share of the events that come from each source
    """

    if len(severities) == 1:
        return np.tile(severities[0].quantile(levels), (weights.shape[0], 1))

    def within(loss: Array) -> NDArray[np.bool_]:
        below = np.stack([severity.cdf(loss) for severity in severities])
        return np.asarray(np.einsum("ks,skl->kl", weights, below) >= levels)

    start = max(finite_mean(severity) for severity in severities)
    return least_loss(within, (weights.shape[0], levels.size), start)
