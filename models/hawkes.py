"""A branching (Hawkes) model of the events of two sides: likelihood, fit, goodness of fit and simulation.

Nothing here knows that the events are attacks of states; that, and the table of the fit, is in `escalation`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl
from scipy.optimize import minimize_scalar

from models.dyadic_events import BoolArray, Events, Shape
from models.synthesis import Array

SHORTEST, LONGEST = 1.0, 365.0
"""Half-lives looked for, days: records know no hour, so what is shorter is made by the jitter; longer is a trend."""
GRID = 7  # half-lives at which the search for the best begins
ESTIMATED = "estimated"


@dataclass(frozen=True)
class Kernels:
    """What one event sets off: `own` further events of its side and `cross` of the other (branching ratios).

    Both die away at the rate `decay` per day: half of what an event sets off comes within ln 2 / decay days.
    """

    own: float
    cross: float
    decay: float


def _faded(events: Events, decay: float, orders: int = 1) -> Array:
    """(orders, 2, events), lag^k exp(-decay lag) summed over earlier events of the own side, and over the other's.

    Notes
    -----
    From event to event of a dyad, d days apart, in time linear in the events (Ogata 1981): with S_k just before the
    earlier one, which adds 1 to S_0 of its side, the sums before the later one are f S_0, f (S_1 + d S_0) and
    f (S_2 + 2 d S_1 + d^2 S_0), f = exp(-decay d). All dyads take a step at once.
    """
    order, ends = events.by_rank, events.rank_ends
    day, first = events.day[order], events.side[order] % 2 == 0
    its_side = np.stack([first, ~first]).astype(np.float64)
    sums = np.zeros((orders, 2, order.size))
    for start, here, end in zip(ends, ends[1:], ends[2:], strict=False):
        now, before = slice(here, end), slice(start, start + end - here)
        days = day[now] - day[before]
        fade = np.exp(-decay * days)
        zeroth = sums[0][:, before] + its_side[:, before]
        sums[0][:, now] = fade * zeroth
        if orders > 1:
            once = sums[1][:, before]
            sums[1][:, now] = fade * (once + days * zeroth)
            sums[2][:, now] = fade * (sums[2][:, before] + days * (2 * once + days * zeroth))
    found = np.empty_like(sums)
    found[:, 0, order] = np.where(first, sums[:, 0], sums[:, 1])
    found[:, 1, order] = np.where(first, sums[:, 1], sums[:, 0])
    return found


def _excitation(events: Events, decay: float) -> Array:
    """(2, events), intensity that earlier events add at branching ratios of one, per day."""
    return np.asarray(decay * _faded(events, decay)[0])


def _set_off(events: Events, decay: float) -> Array:
    """(events,), share of what an event sets off that comes within the window."""
    return np.asarray(-np.expm1(-decay * (events.shape.days - events.day)))


def baselines(events: Events, excited: Array) -> Array:
    """(sides,), baseline events expected over the window that maximize the likelihood, given the excitation.

    Parameters
    ----------
    excited : (events,), intensity that earlier events add, per day

    Notes
    -----
    The root m of sum_k g_k / (m g_k + z_k) = 1 over the events of a side; 0 where there is none. The left side falls
    and is convex in m, so Newton's steps from below rise to the root. They start from the larger of two lower bounds:
    that of the least excited event alone, and Jensen's.
    """
    ratio = excited / events.density
    least = np.full(events.counts.size, np.inf)
    np.minimum.at(least, events.side, ratio)
    mean = events.by_side(ratio) / np.maximum(events.counts, 1.0)
    level = np.where(events.counts > 0, np.maximum(np.maximum(1.0 - least, events.counts - mean), 0.0), 0.0)
    for _ in range(100):
        inverse = 1.0 / (level[events.side] + ratio)
        excess = events.by_side(inverse) - 1.0
        step = np.where(excess > 0, excess / np.maximum(events.by_side(inverse**2), 1e-300), 0.0)
        level = level + step
        if (step <= 1e-12 * (1.0 + level)).all():
            break
    return level


def log_likelihood(events: Events, kernels: Kernels, level: Array) -> float:
    """Log likelihood of the events; `level` : (sides,), baseline events expected over the window.

    Notes
    -----
    sum_k ln lambda(t_k) less the integrals of all intensities over the window, where a side of a dyad has (model.md
    4.5; Hawkes 1971) lambda(t) = m g(t) + own sum_j b exp(-b (t - t_j)) over its own earlier events + the same with
    cross over the other side's; b = decay, g the density of the shape.
    """
    branching = np.array([kernels.own, kernels.cross])
    total = float(_set_off(events, kernels.decay).sum())
    return _log_likelihood(events, branching, level, _excitation(events, kernels.decay), total)


def _log_likelihood(events: Events, branching: Array, level: Array, excitation: Array, total: float) -> float:
    intensity = level[events.side] * events.density + branching @ excitation
    return float(np.log(intensity).sum() - level.sum() - branching.sum() * total)


def _profiled_information(events: Events, level: Array, intensity: Array, jacobian: Array) -> Array:
    """(k, k), sum of J J' / lambda^2 less what the baselines take up (Schur complement); those at zero stay there.

    jacobian : (k, events), derivatives of the intensity at each event
    """
    weighted = jacobian / intensity
    share = events.density / intensity
    free = level > 0
    mixed = np.array([events.by_side(share * row)[free] for row in weighted])
    # no product of matrices: so few rows are no work for the threads of BLAS
    taken = mixed / np.sqrt(events.by_side(share**2)[free])
    return np.asarray(np.einsum("ae,be->ab", weighted, weighted) - np.einsum("as,bs->ab", taken, taken))


class _Optimum(NamedTuple):
    """Branching ratios and baselines at one decay; `converged` where Newton's decrement fell under 1e-9."""

    branching: Array
    level: Array
    value: float
    converged: bool


def _at_decay(events: Events, decay: float, start: Array, allowed: BoolArray) -> _Optimum:
    """Maximum over branching ratios of at least zero at one decay; those not `allowed` stay at zero.

    The likelihood is concave in them, so projected Newton steps, halved until they gain, end at its one maximum.
    """
    excitation, total = _excitation(events, decay), float(_set_off(events, decay).sum())
    branching = np.where(allowed, start, 0.0)
    level = baselines(events, branching @ excitation)
    value = _log_likelihood(events, branching, level, excitation, total)
    for _ in range(100):
        intensity = level[events.side] * events.density + branching @ excitation
        score = (excitation / intensity).sum(axis=1) - total
        free = np.flatnonzero(allowed & ((branching > 0) | (score > 0)))
        step = np.zeros(2)
        if free.size:
            information = _profiled_information(events, level, intensity, excitation[free])
            step[free] = np.linalg.lstsq(information, score[free])[0]
        if step @ score < 1e-9:
            return _Optimum(branching, level, value, True)
        for halving in range(40):
            trial = np.maximum(branching + 0.5**halving * step, 0.0)
            trial_level = baselines(events, trial @ excitation)
            trial_value = _log_likelihood(events, trial, trial_level, excitation, total)
            if trial_value > value:
                break
        else:
            break
        branching, level, value = trial, trial_level, trial_value
    return _Optimum(branching, level, value, False)


@dataclass(frozen=True)
class Fit:
    """Maximum likelihood, the hour of every event given.

    kernels, level, log_likelihood : see `log_likelihood`
    covariance, clustered : (3, 3), of own, cross and ln decay: inverse observed information, and the sandwich of it
        with scores by dyad; nan for ln decay where the decay is at an end of its range
    status : 'estimated' or why not; the numbers then say where the search ended and are not estimates
    """

    kernels: Kernels
    level: Array
    log_likelihood: float
    covariance: Array
    clustered: Array
    status: str


def fit(events: Events, retaliation: bool = True, shortest: float = SHORTEST) -> Fit:
    """Branching ratios, decay and baselines by maximum likelihood.

    Parameters
    ----------
    retaliation : False holds the cross kernel at zero
    shortest : half-life from which on it is looked for, days

    Notes
    -----
    The likelihood has several maxima in the decay (repeats of one affair, campaigns of months): it is searched on a
    grid of half-lives, then between the neighbors of the best. Baselines are profiled out, one a side (model.md 4.5).
    Both kernels have one decay: were cross zero, a decay of its own would mean nothing, and no test of it would stand.
    """
    allowed = np.array([True, retaliation])
    found: dict[float, _Optimum] = {}
    start = np.zeros(2)

    def loss(log_half_life: float) -> float:
        nonlocal start
        found[log_half_life] = _at_decay(events, math.log(2) / math.exp(log_half_life), start, allowed)
        start = found[log_half_life].branching
        return -found[log_half_life].value

    grid = [float(g) for g in np.linspace(math.log(shortest), math.log(LONGEST), GRID)]
    losses = [loss(g) for g in grid]
    best = int(np.argmin(losses))
    inward = {0: 1e-2, GRID - 1: -1e-2}.get(best, 0.0)
    if not inward or loss(grid[best] + inward) < losses[best]:
        between = (grid[max(best - 1, 0)], grid[min(best + 1, GRID - 1)])
        minimize_scalar(loss, bounds=between, method="bounded", options={"xatol": 1e-3})
    log_half_life, optimum = max(found.items(), key=lambda item: item[1].value)
    interior = grid[0] < log_half_life < grid[-1]
    own, cross = (float(b) for b in optimum.branching)
    kernels = Kernels(own, cross, math.log(2) / math.exp(log_half_life))
    covariance, clustered, definite = _covariances(events, kernels, optimum.level, interior)
    if not optimum.converged:
        status = "not estimable: the search for the maximum did not converge"
    elif own + cross == 0:
        status = "not estimable: events set off no others at any decay, so that the likelihood is flat in it"
    elif own + cross >= 1:
        status = f"not estimable: own and cross branching ratios sum to {own + cross:.3g}, which is not below 1"
    elif not definite:
        status = "not estimable: the likelihood is flat at its maximum"
    else:
        status = ESTIMATED
    return Fit(kernels, optimum.level, optimum.value, covariance, clustered, status)


def _covariances(events: Events, kernels: Kernels, level: Array, interior: bool) -> tuple[Array, Array, bool]:
    """Covariances of own, cross and, in the interior of its range, ln decay; last, whether the information is positive.

    With a = decay lag, the derivatives of the kernel in ln decay are k (1 - a) and k ((1 - a)^2 - a).
    """
    branching = np.array([kernels.own, kernels.cross])
    # of a, 1 - a and (1 - a)^2 - a
    decay = kernels.decay
    zeroth, first, second = _faded(events, decay, 3)
    at = [decay * zeroth, decay * (zeroth - decay * first), decay * (zeroth - decay * (3 * first - decay * second))]
    left = decay * (events.shape.days - events.day)
    gone = np.exp(-left)
    intensity = level[events.side] * events.density + branching @ at[0]
    jacobian = np.vstack([at[0], branching @ at[1]])
    slope = (at[1] / intensity).sum(axis=1) - (left * gone).sum()
    bend = branching @ ((at[2] / intensity).sum(axis=1) - (left * (1 - left) * gone).sum())
    curvature = np.array([[0.0, 0.0, slope[0]], [0.0, 0.0, slope[1]], [slope[0], slope[1], bend]])
    size = 3 if interior else 2
    information = (_profiled_information(events, level, intensity, jacobian) - curvature)[:size, :size]
    covariance, clustered = np.full((3, 3), np.nan), np.full((3, 3), np.nan)
    definite = bool(np.linalg.eigvalsh(information)[0] > 0)
    if definite:
        inverse = np.linalg.inv(information)
        # an event's compensator falls on both sides of its dyad, and both are in the same cluster
        lost = [1 - gone, 1 - gone, branching.sum() * left * gone]
        score = [by_dyad(events, row / intensity - less) for row, less in zip(jacobian, lost, strict=True)]
        meat = np.array(score)[:size] @ np.array(score)[:size].T
        covariance[:size, :size], clustered[:size, :size] = inverse, inverse @ meat @ inverse
    return covariance, clustered, definite


def by_dyad(events: Events, values: Array) -> Array:
    """(dyads,) a quantity of each event summed over both sides of its dyad."""
    return np.asarray(events.by_side(values).reshape(-1, 2).sum(axis=1))


def rescaled_intervals(events: Events, kernels: Kernels, level: Array) -> Array:
    """Time between the events of a side on the clock on which they come at random: Exp(1) if the model holds.

    Returns
    -------
    (events,), -n ln(1 - dL / L) with dL the integral of the intensity since the side's last event (or the start), L
    over the window and n the events of the side

    Notes
    -----
    Time rescaling (Ogata 1988; Brown and others 2002) makes dL itself Exp(1) at the true parameters. The baseline of a
    side is fitted to its own few events, which ties L to n; given n the n + 1 parts of L are uniform spacings, each
    Beta(1, n), and the formula turns that into Exp(1) exactly, for a side with one event as well.
    """
    # without decay the sums count the earlier events
    passed = _faded(events, 0.0)[0] - _faded(events, kernels.decay)[0]
    clock = (
        level[events.side] * events.shape.cumulative(events.day) + kernels.own * passed[0] + kernels.cross * passed[1]
    )
    set_off = events.by_side(_set_off(events, kernels.decay))
    other = set_off.reshape(-1, 2)[:, ::-1].ravel()
    total = level + kernels.own * set_off + kernels.cross * other
    order = np.lexsort((clock, events.side))
    side, clock = events.side[order], clock[order]
    first = np.append(True, side[1:] != side[:-1])
    part = np.diff(clock, prepend=0.0)
    part[first] = clock[first]
    return np.asarray(-events.counts[side] * np.log1p(-np.minimum(part / total[side], 1 - 1e-12)))


def simulate(rng: np.random.Generator, level: Array, kernels: Kernels, shape: Shape) -> pl.DataFrame:
    """Events of the model: dyad (number), side (0 or 1), day (in the window, not rounded).

    Parameters
    ----------
    level : (dyads, 2), baseline events expected of each side over the window

    Errors
    ------
    ValueError for branching ratios that are negative or sum to one or more, or a decay that is not above zero.

    Notes
    -----
    Generation after generation (Hawkes and Oakes 1974): baseline events are Poisson, each event has Poisson(own) and
    Poisson(cross) children at exponential delays; what falls after the window is lost.
    """
    if not (kernels.own >= 0 and kernels.cross >= 0 and kernels.own + kernels.cross < 1):
        raise ValueError(
            f"branching ratios must be at least 0 and sum to less than 1, else events never end: "
            f"own {kernels.own:g}, cross {kernels.cross:g}"
        )
    if not kernels.decay > 0:
        raise ValueError(f"the decay must be above zero, got {kernels.decay:g}")
    side = np.repeat(np.arange(level.size), rng.poisson(level.ravel()))
    quantiles = np.append(0.0, np.cumsum(shape.share))
    day = np.interp(rng.random(side.size), quantiles, shape.edges)
    sides, days = [side], [day]
    while side.size:
        own, cross = rng.poisson(kernels.own, side.size), rng.poisson(kernels.cross, side.size)
        side, parent = (
            np.append(np.repeat(side, own), np.repeat(side ^ 1, cross)),
            np.append(np.repeat(day, own), np.repeat(day, cross)),
        )
        day = parent + rng.exponential(1 / kernels.decay, parent.size)
        side, day = side[day < shape.days], day[day < shape.days]
        sides.append(side)
        days.append(day)
    every = np.concatenate(sides)
    return pl.DataFrame({"dyad": every // 2, "side": every % 2, "day": np.concatenate(days)}).sort("dyad", "day")
