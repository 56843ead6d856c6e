"""Who attacks whom: origin shares for each target economy from incident counts, shrunk towards the pooled shares.

Belongs here: Dirichlet-multinomial shrinkage of one threat class at a time and the unattributed share. Counting
incidents (weights, duplicates) is the pipeline's work; domestic crime and the reach of the law are the convention's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import digamma, gammaln, polygamma

from models.synthesis import Array

LOG_CONCENTRATION_BOUNDS = (math.log(1e-2), math.log(1e6))
FLAT = 1e-6  # log likelihood that varies by less over the whole range says nothing about the concentration


@dataclass(frozen=True)
class Concentration:
    """How many incidents the pooled shares are worth, and whether the data could tell.

    value : a, in incidents; log_se : standard error of ln a, nan unless `status` is 'interior'
    status : 'interior', 'at_lower_bound' (targets have nothing in common), 'at_upper_bound' (targets differ no more
    than by chance) or 'flat' (no target has two records, so the likelihood says nothing, and pooling is complete)
    """

    value: float
    log_se: float
    status: str


@dataclass(frozen=True)
class OriginShares:
    """Shares of one threat class.

    attributed : (origins, targets), columns sum to 1; unattributed : (targets,), share with an unknown origin
    concentration, log_concentration_se, status : of the origin shares, see `Concentration`
    unattributed_concentration, unattributed_log_concentration_se, unattributed_status : of the unattributed share
    pooled : (origins,), sums to 1; pooled_unattributed : fraction; incidents, attributed_incidents : weights summed
    """

    attributed: Array
    unattributed: Array
    concentration: float
    log_concentration_se: float
    status: str
    unattributed_concentration: float
    unattributed_log_concentration_se: float
    unattributed_status: str
    pooled: Array
    pooled_unattributed: float
    incidents: float
    attributed_incidents: float


def origin_shares(counts: Array, unknown: Array, exclude_own: bool) -> OriginShares:
    """Shrunk origin shares and unattributed shares of each target economy, fractions.

    Parameters
    ----------
    counts : (origins, targets), weights of incidents with a known origin, fractional where several origins are named
    unknown : (targets,), weights of incidents without a known origin
    exclude_own : the pooled shares of a target leave out that target itself (class state); origins and targets are
        then the same economies in the same order. Recorded own incidents stay where they were recorded.

    Errors
    ------
    ValueError for negative or missing counts, a class without attributed incidents, and where nothing is left to pool.

    Notes
    -----
    model.md 3: W[o|i] = (n[o,i] + a p[o]) / (n[.,i] + a), p the pooled shares, a by maximum Dirichlet-multinomial
    likelihood (Mosimann 1962) given p; gamma functions take fractional counts. The unattributed share is the same with
    two categories. A target without records gets the pooled shares.
    """
    n = _checked("counts", counts, 2)
    missing = _checked("unknown", unknown, 1)
    if missing.shape != n.shape[1:]:
        raise ValueError(f"unknown is (targets,): {missing.shape} for counts {n.shape}")
    if exclude_own and n.shape[0] != n.shape[1]:
        raise ValueError(f"exclude_own needs the same economies as origins and targets, counts are {n.shape}")
    others = n * (1 - np.eye(n.shape[0])) if exclude_own else n
    total = float(others.sum())
    if total <= 0:
        raise ValueError("no attributed incident: origin shares of this class cannot be pooled")
    pooled = others.sum(axis=1) / total
    prior = np.broadcast_to(pooled[:, None], n.shape)
    if exclude_own:
        prior = pooled[:, None] * (1 - np.eye(n.shape[0]))
        left = prior.sum(axis=0)
        if (left <= 0).any():
            target = int(np.argmin(left))
            raise ValueError(f"target {target} is the only origin on record: without itself nothing is left to pool")
        prior = prior / left
    found = concentration(others, prior)
    attributed = (n + found.value * prior) / (n.sum(axis=0) + found.value)

    known = n.sum(axis=0)
    split = np.stack([missing, known])
    incidents = float(split.sum())
    pooled_unknown = float(missing.sum()) / incidents
    found_unknown = concentration(split, np.broadcast_to([[pooled_unknown], [1 - pooled_unknown]], split.shape))
    a = found_unknown.value
    return OriginShares(
        attributed=attributed / attributed.sum(axis=0),
        unattributed=(missing + a * pooled_unknown) / (missing + known + a),
        concentration=found.value,
        log_concentration_se=found.log_se,
        status=found.status,
        unattributed_concentration=found_unknown.value,
        unattributed_log_concentration_se=found_unknown.log_se,
        unattributed_status=found_unknown.status,
        pooled=pooled,
        pooled_unattributed=pooled_unknown,
        incidents=incidents,
        attributed_incidents=float(known.sum()),
    )


def concentration(counts: Array, prior: Array) -> Concentration:
    """Concentration a of Dirichlet(a p) over targets by maximum likelihood of the counts, p given.

    Parameters
    ----------
    counts, prior : (categories, targets), counts and shares; a count where the prior share is zero is an error

    Notes
    -----
    l(a) = sum_i [lnG(a) - lnG(n_i + a)] + sum_oi [lnG(n_oi + a p_oi) - lnG(a p_oi)], maximized over ln a between
    ln 0.01 and ln 1e6; the standard error of ln a is the inverse root of the observed information there. Where p is
    estimated from the same counts, a is biased upwards: 2 to 6 % in simulations with 60 to 120 targets.
    """
    n, p = np.asarray(counts, dtype=np.float64), np.asarray(prior, dtype=np.float64)
    if (n[p <= 0] > 0).any():
        raise ValueError("a category with counts has no prior share")
    totals = n.sum(axis=0)
    totals = totals[totals > 0]
    cells, shares = n[n > 0], p[n > 0]
    # Countries repeat the same few small counts, so most of the gamma functions coincide.
    totals, times = np.unique(totals, return_counts=True)

    def log_likelihood(log_a: float) -> float:
        a = math.exp(log_a)
        within = gammaln(cells + a * shares) - gammaln(a * shares)
        return float((times * (gammaln(a) - gammaln(totals + a))).sum() + within.sum())

    low, high = LOG_CONCENTRATION_BOUNDS
    grid = np.linspace(low, high, 49)
    values = np.array([log_likelihood(float(g)) for g in grid])
    if np.ptp(values) < FLAT:
        return Concentration(math.exp(high), math.nan, "flat")
    best = int(values.argmax())
    found = minimize_scalar(
        lambda x: -log_likelihood(x),
        bounds=(float(grid[max(best - 1, 0)]), float(grid[min(best + 1, grid.size - 1)])),
        method="bounded",
        options={"xatol": 1e-10},
    )
    log_a = float(found.x)
    a = math.exp(log_a)
    slope = float((times * (digamma(a) - digamma(totals + a))).sum())
    slope += float((shares * (digamma(cells + a * shares) - digamma(a * shares))).sum())
    curvature = float((times * (polygamma(1, a) - polygamma(1, totals + a))).sum())
    curvature += float((shares**2 * (polygamma(1, cells + a * shares) - polygamma(1, a * shares))).sum())
    information = -(a * slope + a**2 * curvature)
    # The likelihood levels off towards complete pooling: a maximum no better than the end of the range is that end.
    if values[-1] > -float(found.fun) - FLAT:
        return Concentration(math.exp(high), math.nan, "at_upper_bound")
    if values[0] > -float(found.fun) - FLAT:
        return Concentration(math.exp(low), math.nan, "at_lower_bound")
    if information <= 0:
        return Concentration(a, math.nan, "flat")
    return Concentration(a, information**-0.5, "interior")


def _checked(name: str, value: Array, dimensions: int) -> Array:
    """A float array of finite numbers that are not negative."""
    array = np.asarray(value, dtype=np.float64)
    if array.ndim != dimensions or not np.isfinite(array).all() or (array < 0).any():
        raise ValueError(f"{name} must be {dimensions}-dimensional, finite and not negative")
    return array
