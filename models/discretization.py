"""The loss of an event on a grid, so that years can be compounded from it; and expected losses up to a limit.

Only the passage from a continuous law to a grid lives here. The law itself is in `tail`, compounding in `annual_loss`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Cdf = Callable[[Array], Array]

NEAR, MIDDLE = 64, 1024
"""Cells from zero, or from a break, up to which eight, and then three, nodes are used; two beyond, where a cell is so
narrow against its distance that the survival is a straight line."""
HALVINGS = 48
"""A cell that starts at zero or at a break is halved toward its start this often: a lognormal moves on a log scale."""
RULES = {n: np.polynomial.legendre.leggauss(n) for n in (2, 3, 8)}


class Severity(Protocol):
    """The law of the loss of one event, USD bn of 2020, such as `tail.SplicedSeverity`."""

    @property
    def threshold(self) -> float:
        """Where the tail begins."""

    @property
    def cap(self) -> float:
        """The most an event can cost, infinite where there is no such limit."""

    def cdf(self, loss: Array) -> Array:
        """Probability that an event costs at most `loss`."""

    def quantile(self, probability: Array) -> Array:
        """The inverse of `cdf`."""

    def mean(self) -> float:
        """Expected loss of an event, with the cap in force."""


def finite_mean(severity: Severity) -> float:
    """The expected loss of an event; ValueError where it is infinite, so that no uncapped mean is ever printed."""
    mean = float(severity.mean())
    if not math.isfinite(mean):
        raise ValueError("the mean loss of an event is infinite (xi >= 1): give the severity a cap, the exposure")
    if mean <= 0:
        raise ValueError(f"the mean loss of an event must be above 0, got {mean!r}")
    return mean


def _integrals(cdf: Cdf, start: Array, width: Array, nodes: int) -> Array:
    """Integral of the survival 1 - F over each interval, by Gauss-Legendre."""
    at, weight = RULES[nodes]
    x = start[:, None] + 0.5 * width[:, None] * (1 + at)
    return np.asarray(0.5 * width * ((1 - cdf(x)) @ weight))


def _graded(cdf: Cdf, start: float, stop: float) -> float:
    """Integral of the survival over one interval, which is halved toward its start."""
    edges = start + (stop - start) * np.append(0.0, 2.0 ** np.arange(-HALVINGS, 1))
    return float(_integrals(cdf, edges[:-1], np.diff(edges), 8).sum())


def limited_mean(cdf: Cdf, limit: float, breaks: Sequence[float] = ()) -> float:
    """E[min(X, limit)], the integral of the survival from 0 to the limit, in the unit of the loss.

    Parameters
    ----------
    cdf : of the loss of an event
    limit : above 0, finite
    breaks : where the law changes form or jumps: threshold, cap
    """
    if not 0 < limit < math.inf:
        raise ValueError(f"a limit must be finite and above 0, got {limit!r}")
    edges = [0.0, *sorted(b for b in breaks if 0 < b < limit), limit]
    return math.fsum(_graded(cdf, start, stop) for start, stop in pairwise(edges))


def cell_integrals(cdf: Cdf, step: float, size: int, breaks: Sequence[float] = ()) -> Array:
    """(size,) integral of the survival over each cell from j step to (j + 1) step."""
    cell = np.arange(size)
    distance = cell.astype(np.float64)
    special = {0: [0.0]}
    for point in sorted(b for b in breaks if 0 < b < size * step):
        j = int(point / step * (1 + 1e-12))
        special.setdefault(j, [j * step]).append(point)
        distance = np.where(cell > j, np.minimum(distance, cell - j), distance)
    found = np.empty(size)
    for nodes, lowest, highest in ((8, 0, NEAR), (3, NEAR, MIDDLE), (2, MIDDLE, math.inf)):
        chosen = np.flatnonzero((distance >= lowest) & (distance < highest))
        found[chosen] = _integrals(cdf, np.asarray(chosen * step), np.full(chosen.size, step), nodes)
    for j, starts in special.items():
        edges = [*starts, (j + 1) * step]
        found[j] = math.fsum(_graded(cdf, start, stop) for start, stop in pairwise(edges))
    return found


def discretize(severity: Severity, step: float, size: int, *, blurred: bool = False) -> Array:
    """Probabilities of the loss of an event at 0, step, ..., (size - 1) step, with the mean of every cell kept.

    Parameters
    ----------
    step : USD bn, at most the threshold, so that body and tail stay apart
    size : points of the grid; what an event loses beyond the grid is left out, not moved onto it
    blurred : allows a step above the threshold, for a grid that is only read far out: a loss that is small against the
        step then counts by its mean

    Returns
    -------
    (size,) of sum 1 or less

    Errors
    ------
    ValueError for a step that is not finite, not above 0 or above the threshold, fewer than two points, an infinite
    mean, or a cdf that falls.

    Notes
    -----
    Local moment matching of first order ("unbiased"): f_0 = 1 - E[X^h]/h, f_j = (2 E[X^jh] - E[X^(j-1)h] -
    E[X^(j+1)h])/h with X^u the loss limited to u (Gerber 1982; Klugman, Panjer and Willmot, Loss Models, 9.6.5). The
    limited means are integrals of the survival, so f_j is the difference of those over two neighboring cells.
    """
    finite_mean(severity)
    if not 0 < step < math.inf or size < 2:
        raise ValueError(f"a grid needs a finite step above 0 and two points or more, got {step!r} and {size}")
    if step > severity.threshold and not blurred:
        raise ValueError(
            f"the step of the grid, {step:g}, is larger than the threshold of the tail, {severity.threshold:g}: "
            "body and tail would fall together; take a smaller step"
        )
    integral = cell_integrals(severity.cdf, step, size, (severity.threshold, severity.cap)) / step
    probability = np.append(1.0, integral[:-1]) - integral
    if not (np.isfinite(probability).all() and probability.min() > -1e-9):
        raise ValueError("the cdf of an event's loss must rise from 0 to 1 and be finite")
    return np.maximum(probability, 0.0)
