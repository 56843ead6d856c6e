"""What one event costs: families of distributions fitted to amounts by maximum likelihood, and how well they fit.

Families for whole samples, standard errors, BIC and a bootstrap test of fit (model.md 2). The distributions themselves
are in `laws`, the generalized Pareto tail and the splice in `tail`, tables by source in `severity_table`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq, minimize, root
from scipy.special import expit, log_expit

from models.definition import LEAST, withheld
from models.estimates import is_real
from models.laws import Array, Burr, Law, Lognormal, Weibull

SHAPE_LIMIT = 1e3
"""A Burr shape beyond this, or below its inverse, is the limit of another family: Burr XII has no maximum then."""
OBSERVED, ALL = "observed", "observed_and_imputed"
EXPOSURE_FACTOR = 10.0
"""Cap over the largest amount on record where no exposure is known: a judgement, never without a tenth of it beside."""
LARGEST_LOG = 50.0
"""Where the search for a shape stops, in logs, so that it cannot overflow."""
NEAR = 1e-4
"""Furthest, in logs, that the root of a score lies from a maximum found by values."""
MOST = 500
"""Largest sample that the bootstrap draws. The law of the Anderson-Darling statistic under estimated parameters hardly
moves with n from 25 on (Choulakian and Stephens 2001), so that larger samples would only take longer."""


@dataclass(frozen=True)
class Fit:
    """A family at the maximum of its likelihood.

    law : the distribution; names, estimates, covariance : of its parameters, (k,) and (k, k): inverse of the observed
        information, nan where that is not positive definite
    n : amounts; log_likelihood : of the amounts in the unit they came in
    free : parameters that the data decide, a threshold that was chosen by them included
    """

    law: Law
    names: tuple[str, ...]
    estimates: Array
    covariance: Array
    n: int
    log_likelihood: float
    free: int

    @property
    def se(self) -> Array:
        """(k,), standard errors."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    @property
    def bic(self) -> float:
        """Bayesian information criterion (Schwarz 1978): -2 log likelihood + free ln n. Less is better."""
        return -2 * self.log_likelihood + self.free * math.log(self.n)


Maximum = Callable[[Array], Law]
"""From amounts to the law of a family under which they are likeliest."""


@dataclass(frozen=True)
class Sample:
    """Amounts of one source, USD bn of 2020, each of one event.

    observed, imputed : in dollars as the source gives them; converted or priced by us
    exposure : most that one event can cost; None takes `EXPOSURE_FACTOR` times the largest amount on record
    """

    source_id: str
    observed: Array
    imputed: Array
    exposure: float | None = None

    @property
    def cap(self) -> float:
        """Most that one event can cost, USD bn of 2020.

        Errors
        ------
        ValueError for amounts that are no losses (not finite and above zero), and an exposure that one of them exceeds.
        """
        largest = float(positive(np.append(self.observed, self.imputed)).max(initial=0.0))
        if self.exposure is None:
            return EXPOSURE_FACTOR * largest
        if not largest <= self.exposure < math.inf:
            raise ValueError(
                f"{self.source_id}: the exposure must be finite and no less than the largest amount on record, "
                f"{largest:g}; got {self.exposure:g}"
            )
        return self.exposure

    @property
    def versions(self) -> dict[str, Array]:
        """The observed amounts, and with them, where there are any, those that are not."""
        both = {ALL: np.append(self.observed, self.imputed)} if self.imputed.size else {}
        return {OBSERVED: self.observed} | both


def positive(amounts: ArrayLike) -> Array:
    """Amounts as a vector of floats; ValueError for one that is not finite and above zero."""
    x = np.asarray(amounts, dtype=np.float64).ravel()
    bad = np.flatnonzero(~(np.isfinite(x) & (x > 0)))
    if bad.size:
        raise ValueError(
            f"amounts must be finite and above zero: {bad.size} of {x.size} are not, the first is {x[bad[0]]:g}"
        )
    return x


def checked(amounts: ArrayLike) -> Array:
    """Amounts that a distribution can be fitted to, as a vector of floats.

    Errors
    ------
    ValueError as of `positive`, for fewer than 30 amounts, and for amounts that are all equal.
    """
    x = positive(amounts)
    if withheld(x.size):
        raise ValueError(f"{x.size} amounts, at least {LEAST} are needed")
    if (x == x[0]).all():
        raise ValueError(f"all {x.size} amounts equal {x[0]:g}: they tell nothing of a distribution")
    return x


def fit(amounts: ArrayLike, maximum: Maximum) -> Fit:
    """A family fitted to amounts by maximum likelihood, with standard errors.

    Parameters
    ----------
    maximum : one of `FAMILIES`, or another whose law is a dataclass of free parameters

    Errors
    ------
    ValueError as of `checked`, and where the family has no maximum.

    Notes
    -----
    Observed information by central differences, that of parameters above zero in their logs. At the maximum the score
    is zero, so that the information in the parameters themselves follows exactly from the derivatives of the logs.
    """
    x = checked(amounts)
    law = maximum(x)
    values = {field.name: float(getattr(law, field.name)) for field in fields(law)}
    best = np.array(list(values.values()))
    logged = np.array([not is_real(name) for name in values])
    slope = np.where(logged, best, 1.0)

    def log_likelihood(working: Array) -> float:
        natural = np.where(logged, np.exp(np.where(logged, working, 0.0)), working)
        return float(type(law)(*natural).log_density(x).sum())

    at = np.where(logged, np.log(slope), best)
    covariance = inverse_information(log_likelihood, at) * np.outer(slope, slope)
    return Fit(law, tuple(values), best, covariance, x.size, float(law.log_density(x).sum()), best.size)


def inverse_information(log_likelihood: Callable[[Array], float], at: Array, step: float = 5e-3) -> Array:
    """(k, k), inverse of minus the second derivatives at a maximum; nan where they are not those of a maximum.

    Notes
    -----
    Central differences over one step and over two, put together so that the error is of order step^4 (Richardson): a
    step wide enough for that leaves rounding, which goes with 1 / step^2, beyond the tenth digit.
    """
    k = at.size
    information = np.empty((k, k))
    for i in range(k):
        for j in range(i, k):
            narrow, wide = (_curvature(log_likelihood, at, i, j, h) for h in (step, 2 * step))
            information[i, j] = information[j, i] = -(4 * narrow - wide) / 3
    if not (np.isfinite(information).all() and np.linalg.eigvalsh(information)[0] > 0):
        return np.full((k, k), np.nan)
    return np.asarray(np.linalg.inv(information))


def _curvature(log_likelihood: Callable[[Array], float], at: Array, i: int, j: int, step: float) -> float:
    """Second derivative by two coordinates, by central differences; nan next to the end of a support."""
    first, second = step * np.eye(at.size)[[i, j]]
    corners = [s * t * log_likelihood(at + s * first + t * second) for s in (1, -1) for t in (1, -1)]
    return math.fsum(corners) / (4 * step**2) if np.isfinite(corners).all() else math.nan


def lognormal(amounts: Array) -> Lognormal:
    """Lognormal of largest likelihood: mean and standard deviation (divisor n) of the logs."""
    logs = np.log(amounts)
    return Lognormal(float(logs.mean()), float(logs.std()))


def weibull(amounts: Array) -> Weibull:
    """Weibull of largest likelihood.

    Notes
    -----
    The shape k solves sum x^k ln x / sum x^k - 1 / k = mean ln x, whose left side rises; scale^k = mean x^k.
    """
    largest = float(np.log(amounts).max())
    logs = np.log(amounts) - largest

    def score(k: float) -> float:
        weight = np.exp(k * logs)
        return float((weight * logs).sum() / weight.sum() - 1 / k - logs.mean())

    guess = math.pi / math.sqrt(6) / float(logs.std())  # the shape by the spread of the logs
    shape = float(brentq(score, guess / 100, guess * 100, xtol=1e-13 * guess))
    return Weibull(shape, math.exp(largest + math.log(float(np.exp(shape * logs).mean())) / shape))


def burr(amounts: Array) -> Burr:
    """Burr XII of largest likelihood.

    Errors
    ------
    ValueError where the likelihood rises towards a limit of the family (Weibull, Pareto) and has no maximum.

    Notes
    -----
    Given c and the scale, d = n / sum ln(1 + (x / scale)^c); the other two are searched in logs.
    """
    logs = np.log(amounts)

    def at(working: Array) -> tuple[float, float, Array]:
        c = math.exp(min(float(working[0]), LARGEST_LOG))
        z = c * (logs - working[1])
        return c, z.size / -float(log_expit(-z).sum()), z

    def loss(working: Array) -> float:
        c, d, z = at(working)
        return -float(z.size * math.log(c * d) + (z + (d + 1) * log_expit(-z)).sum())

    def score(working: Array) -> Array:
        c, d, z = at(working)
        by_z = 1 - (d + 1) * expit(z)
        return np.array([z.size + (z * by_z).sum(), -c * by_z.sum()])

    start = np.array([math.log(math.pi / math.sqrt(3) / logs.std()), np.median(logs)])  # a log-logistic by its spread
    options = {"xatol": 1e-8, "fatol": 1e-9, "maxiter": 4000, "maxfev": 4000}
    found = minimize(loss, start, method="Nelder-Mead", options=options)
    c, d, _ = at(found.x)
    if not found.success or not 1 / SHAPE_LIMIT < min(c, d) <= max(c, d) < SHAPE_LIMIT:
        raise ValueError(f"Burr XII has no maximum of its likelihood here: it rises towards shapes {c:.3g} and {d:.3g}")
    # a maximum is flat: values find it to the eighth digit, its score to the last
    best = root(score, found.x, tol=1e-14).x
    best = best if np.abs(best - found.x).max() < NEAR else found.x
    c, d, _ = at(best)
    return Burr(c, d, math.exp(float(best[1])))


FAMILIES: Mapping[str, Maximum] = {"lognormal": lognormal, "weibull": weibull, "burr": burr}
"""Families for whole samples."""


def anderson_darling(law: Law, amounts: Array) -> float:
    """Anderson and Darling's distance between amounts and a law; it weighs both tails (Anderson and Darling 1954)."""
    x = np.sort(amounts)
    odd = 2 * np.arange(1, x.size + 1) - 1
    return float(-x.size - (odd * (law.log_cdf(x) + law.log_survival(x)[::-1])).mean())


class Goodness(NamedTuple):
    """Anderson-Darling distance, its p-value, and the replications that the p-value rests on."""

    distance: float
    p_value: float
    replications: int


def goodness_of_fit(
    law: Law, amounts: Array, maximum: Maximum, rng: np.random.Generator, replications: int, most: int = MOST
) -> Goodness:
    """Whether amounts look drawn from the fitted law: Anderson-Darling by parametric bootstrap.

    Parameters
    ----------
    law : the fitted one; maximum : fits its family to a sample drawn from it, as the amounts were fitted
    replications : samples drawn, of at most `most` amounts

    Errors
    ------
    ValueError where under half of the samples drawn can be fitted.

    Notes
    -----
    The null law of the distance depends on the parameters being estimated, so every sample is fitted anew (Stute,
    Gonzalez Manteiga and Presedo Quindimil 1993); p = (1 + larger) / (1 + replications).
    """
    distance = anderson_darling(law, amounts)
    drawn = []
    for _ in range(replications):
        sample = law.quantile(rng.random(min(amounts.size, most)))
        try:
            drawn.append(anderson_darling(maximum(sample), sample))
        except ValueError:  # a sample without a maximum says nothing of the distance
            continue
    if 2 * len(drawn) < replications or not drawn:
        raise ValueError(f"only {len(drawn)} of {replications} samples drawn from the fit could be fitted")
    return Goodness(distance, (1 + sum(d >= distance for d in drawn)) / (1 + len(drawn)), len(drawn))
