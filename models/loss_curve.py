"""A year's loss over all return periods, each read from a grid of its own, for several frequencies at once.

Which grid serves which level is decided here. What a grid holds is in `annual_loss`; sources, scenarios and bands are
in `exceedance`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.annual_loss import AnnualLoss, padded, transform, untilted
from models.discretization import Severity, discretize, finite_mean, limited_mean
from models.event_counts import Panjer

Array = NDArray[np.float64]

POINTS = 2**12
"""Points of a grid: losses read from it are a quarter of its length or so, a thousand steps."""
TRIALS = 40


@dataclass(frozen=True)
class LossCurve:
    """A year's loss on grids of growing length; a level is read from the first that reaches it.

    none : probability of a year without an event
    """

    rungs: tuple[AnnualLoss, ...]
    none: float

    @property
    def mean(self) -> float:
        """Expected loss of a year, USD bn."""
        return self.rungs[0].mean

    def value_at_risk(self, levels: Array) -> Array:
        """Loss that a year stays within at each probability, USD bn; ValueError for a level beyond every grid."""
        return self._read(levels, tail=False)

    def tail_mean(self, levels: Array) -> Array:
        """Mean loss of the years above the value at risk at each probability, USD bn."""
        return self._read(levels, tail=True)

    def given_loss(self, levels: Array) -> Array:
        """Levels among all years that are `levels` among the years with an event."""
        return np.asarray(1 - (1 - levels) * (1 - self.none))

    def _read(self, levels: Array, tail: bool) -> Array:
        found = np.full(levels.shape, np.nan)
        left = np.ones(levels.shape, dtype=bool)
        for rung in self.rungs:
            here = left & (levels <= rung.reached)
            found[here] = rung.shortfall(levels[here]) if tail else rung.interpolated(levels[here])
            left &= ~here
        if left.any():
            raise ValueError(f"level {levels[left].max():g} lies beyond the grids")
        return found


def loss_curves(
    severities: Sequence[Severity], counts: Sequence[Sequence[Panjer]], furthest: float, points: int = POINTS
) -> list[LossCurve]:
    """The curve of a year's loss over independent sources, one for each list of counts, on the same grids.

    Parameters
    ----------
    severities : (sources,) law of the loss of an event
    counts : (scenarios, sources) law of the number of events
    furthest : least probability of exceedance that is read, among the years with an event where those are fewer

    Errors
    ------
    ValueError for an infinite mean without a cap.

    Notes
    -----
    One grid cannot hold losses of a thousandth and of a thousand billion. Tilting makes every grid right below its end
    whatever lies beyond, so there is a grid for each factor of ten in the probability of exceedance. The far ones may
    step over the threshold of the tail, where small losses count by their mean (`discretize`, blurred).
    """
    means = [finite_mean(severity) for severity in severities]
    none = [float(np.prod([law.pgf(np.zeros(1))[0] for law in laws])) for laws in counts]
    reach = furthest * min((1 - p for p in none if p < 1), default=1.0)
    rungs = []
    while reach < 0.5:
        rungs.append(_rung(severities, counts, means, reach, points))
        reach *= 10
    return [LossCurve(tuple(each), p) for each, p in zip(zip(*reversed(rungs), strict=True), none, strict=True)]


def _rung(
    severities: Sequence[Severity],
    counts: Sequence[Sequence[Panjer]],
    means: Sequence[float],
    reach: float,
    points: int,
) -> list[AnnualLoss]:
    """A year's loss under each list of counts on a grid that reaches the level 1 - reach in all, and not much more."""
    length = padded(points)
    expected = [sum(law.mean * mean for law, mean in zip(laws, means, strict=True)) for laws in counts]
    top = _first_guess(severities, np.max([[law.mean for law in laws] for laws in counts], axis=0), means, reach)
    for _ in range(TRIALS):
        step = top / points
        transforms = [transform(discretize(each, step, points, blurred=True), length) for each in severities]
        found = [
            AnnualLoss(step, untilted(laws, transforms, points, length), mean)
            for laws, mean in zip(counts, expected, strict=True)
        ]
        if min(each.reached for each in found) < 1 - reach:
            top *= 4
            continue
        level = np.array([1 - reach])
        used = max(float(each.value_at_risk(level)[0]) for each in found)
        if not 0 < used < top / 16:
            return found
        top = 2 * used
    raise ValueError(f"no grid of {points} points holds the years up to the level {1 - reach:g}")


def _first_guess(severities: Sequence[Severity], events: Array, means: Sequence[float], reach: float) -> float:
    """Twice the mean without its largest events and the largest event of the level: enough where one event decides."""
    single, together = 0.0, 0.0
    for severity, mean_events in zip(severities, events, strict=True):
        if mean_events > reach:
            at = float(severity.quantile(np.array([1 - reach / mean_events]))[0])
            together += mean_events * limited_mean(severity.cdf, at, (severity.threshold, severity.cap))
            single = max(single, at)
    return 2 * (together + single) if single > 0 else max(means)
