"""The tail of losses: a generalized Pareto law above a threshold, and a lognormal body spliced to it (model.md 2).

Maximum likelihood of both, and the loss of one event that annual losses are built on. How the threshold is chosen is in
`thresholds`; families fitted to whole samples are in `severity`, counts in `frequency`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import erfcx

from models.definition import LEAST, Z90, withheld
from models.laws import Array, Lognormal, Pareto, Spliced, cumulated_hazard
from models.severity import Fit, checked, fit, inverse_information

IRREGULAR = -0.5
"""At and below this xi the likelihood has no normal limit, below -1 no maximum (Smith 1985)."""
SPLICED = ("mu", "sigma", "tail_share", "xi", "beta")
"""Free parameters of the splice, beside its threshold."""
STEEPEST = 30.0
"""Point of truncation of a body, in standard deviations, from which on the lognormal is a power law to all purposes."""
LEAST_SPREAD = 1e4
"""Distance below the threshold, in standard deviations, from which on amounts count as all equal."""


@dataclass(frozen=True)
class SplicedSeverity:
    """Loss of one event, USD bn of 2020: lognormal below a threshold, generalized Pareto above, never above a cap.

    Parameters
    ----------
    mu, sigma : of the log of the loss, in USD bn; the lognormal is cut off at the threshold and rescaled
    threshold : USD bn
    tail_share : probability that a loss exceeds the threshold, between 0 and 1
    xi, beta : shape and scale (USD bn) of the excess over the threshold; from xi = 1 on its mean is infinite
    cap : most that one event can cost, USD bn: the exposure. A loss above it counts as the cap

    Errors
    ------
    ValueError for a parameter outside its range; the cap must be finite and above the threshold.
    """

    mu: float
    sigma: float
    threshold: float
    tail_share: float
    xi: float
    beta: float
    cap: float

    def __post_init__(self) -> None:
        """Refuse what is no distribution."""
        good = {
            "mu": math.isfinite(self.mu),
            "sigma": 0 < self.sigma < math.inf,
            "threshold": 0 < self.threshold < math.inf,
            "tail_share": 0 < self.tail_share < 1,
            "xi": math.isfinite(self.xi),
            "beta": 0 < self.beta < math.inf,
            "cap": self.threshold < self.cap < math.inf,
        }
        for name, holds in good.items():
            if not holds:
                raise ValueError(f"spliced severity: {name} is out of its range, got {getattr(self, name)!r}")

    @property
    def law(self) -> Spliced:
        """The distribution without the cap."""
        return Spliced(self.mu, self.sigma, self.threshold, self.tail_share, self.xi, self.beta)

    def cdf(self, loss: ArrayLike) -> Array:
        """Probability that an event costs at most `loss`; `loss` : any shape, USD bn of 2020."""
        x = np.asarray(loss, dtype=np.float64)
        return np.where(x >= self.cap, 1.0, np.exp(self.law.log_cdf(x)))

    def quantile(self, probability: ArrayLike) -> Array:
        """Loss that an event stays within at a probability, USD bn of 2020; the inverse of `cdf`.

        Errors
        ------
        ValueError for a probability outside [0, 1].
        """
        p = np.asarray(probability, dtype=np.float64)
        if not ((p >= 0) & (p <= 1)).all():
            raise ValueError("a probability must lie in [0, 1]")
        return np.minimum(self.law.quantile(p), self.cap)

    def mean(self) -> float:
        """Expected loss of an event with the cap in force, E[min(X, cap)], USD bn of 2020; finite for every xi.

        Notes
        -----
        The survival integrated to the cap: of the body by its first moment, of the tail by `limited_mean`.
        """
        below = self.law.body
        shifted = Lognormal(self.mu + self.sigma**2, self.sigma)
        log_body = self.mu + self.sigma**2 / 2 + float(shifted.log_cdf(self.threshold) - below.log_cdf(self.threshold))
        excess = limited_mean(self.xi, self.beta, self.cap - self.threshold)
        return (1 - self.tail_share) * math.exp(log_body) + self.tail_share * (self.threshold + excess)


def limited_mean(xi: float, beta: float, limit: float) -> float:
    """Mean of a generalized Pareto excess that counts up to a limit, E[min(Y, limit)], in the unit of beta.

    Without a limit (`math.inf`) beta / (1 - xi), infinite from xi = 1 on. Over a higher threshold u the excess of the
    same law has beta + xi u in place of beta, so that this is the mean excess too.

    Notes
    -----
    The survival integrated to the limit: with l the cumulated hazard, of beta e^(-(1 - xi) l) dl from 0 to l there.
    """
    end, left = float(cumulated_hazard(limit, xi, beta)), 1 - xi
    return beta * (end if left == 0 else -math.expm1(-left * end) / left)


def pareto(excess: Array) -> Pareto:
    """Generalized Pareto law of largest likelihood, of excesses over a threshold (all above zero).

    Errors
    ------
    ValueError where the likelihood has no maximum at xi > -1.

    Notes
    -----
    With theta = xi / beta, xi = mean ln(1 + theta y) (Grimshaw 1993), so that one dimension is left. It is searched in
    v, with theta = (e^v - 1) / median: v / ln 2 is the xi whose median is that of the sample. At the maximum
    (1 + xi) mean 1 / (1 + theta y) = 1 (Grimshaw's h): its root is sharp where a maximum is flat.
    """
    middle, largest = float(np.median(excess)), float(excess.max())

    def at(v: Array) -> tuple[Array, Array]:
        theta = np.expm1(v) / middle
        near = np.abs(theta) * largest < 1e-9  # exponential, to rounding
        xi = np.log1p(np.where(near, 0.0, theta)[:, None] * excess).mean(axis=1)
        return xi, np.where(near, excess.mean(), xi / np.where(near, 1.0, theta))

    def loss(v: Array) -> Array:
        xi, beta = at(v)
        return np.asarray(np.log(beta) + xi + 1)  # minus the mean log density: sum ln(1 + theta y) is n xi

    def slope(v: float) -> float:
        """Derivative of the loss by theta."""
        theta, mean = math.expm1(v) / middle, float(excess.mean())
        if abs(theta) * largest < 1e-6:
            return mean - float((excess**2).mean()) / (2 * mean)
        xi = float(np.log1p(theta * excess).mean())
        return (1 - (1 + xi) * float((1 / (1 + theta * excess)).mean())) / (xi * theta)

    # theta above -1 / largest, close to it too; then heavy tails
    grid = np.append(np.log1p((np.geomspace(1e-6, 0.9, 16) - 1) * middle / largest), np.linspace(0.0, 6.0, 25))
    grid = grid[at(grid)[0] > -1]
    losses = loss(grid)
    inner = [k for k in range(1, grid.size - 1) if losses[k] <= min(losses[k - 1], losses[k + 1])]
    if not inner:
        raise ValueError("the generalized Pareto likelihood of these excesses has no maximum at xi > -1")
    best = min(inner, key=losses.__getitem__)
    low, high = float(grid[best - 1]), float(grid[best + 1])
    if not slope(low) < 0 < slope(high):
        raise ValueError("the generalized Pareto likelihood of these excesses has no single maximum between two points")
    xi, beta = at(np.array([brentq(slope, low, high, xtol=1e-15)]))
    return Pareto(float(xi[0]), float(beta[0]))


def above(amounts: ArrayLike, threshold: float) -> Array:
    """Excesses over a threshold of the amounts above it.

    Errors
    ------
    ValueError as of `checked`, for a threshold that is not above zero or not below the largest amount, and for fewer
    than 30 amounts above it.
    """
    x = checked(amounts)
    if not threshold > 0:
        raise ValueError(f"the threshold must be above zero, got {threshold:g}")
    if threshold >= x.max():
        raise ValueError(f"the threshold {threshold:g} is not below the largest amount, {x.max():g}")
    excess = np.asarray(x[x > threshold] - threshold)
    if withheld(excess.size):
        raise ValueError(f"{excess.size} amounts above the threshold {threshold:g}, at least {LEAST} are needed")
    return excess


def fit_tail(amounts: ArrayLike, threshold: float) -> Fit:
    """Generalized Pareto law above a threshold, by maximum likelihood: xi and beta.

    Returns
    -------
    the fit; its covariance is nan for xi <= -1/2, where the likelihood is not regular

    Errors
    ------
    ValueError as of `above`, for excesses that are all equal, and as of `pareto`.
    """
    found = fit(above(amounts, threshold), pareto)
    regular = found.estimates[0] > IRREGULAR
    return found if regular else replace(found, covariance=np.full((2, 2), np.nan))


def body(amounts: Array, threshold: float) -> Lognormal:
    """Lognormal whose part up to a threshold makes the amounts up to it likeliest.

    Errors
    ------
    ValueError where the likelihood has no maximum: below the threshold amounts thin out no faster than a power law.

    Notes
    -----
    The log distance below the threshold is a normal cut off at zero, an exponential family: the estimate matches its
    mean and mean square. With a the point of truncation in standard deviations and m(a) = phi(a) / (1 - Phi(a)), the
    mean is sigma (m - a) and the mean square sigma^2 (1 - a (m - a)); their ratio rises with a from 1 to 2.
    """
    distance = math.log(threshold) - np.log(amounts[amounts <= threshold])
    mean, ratio = float(distance.mean()), float((distance**2).mean() / distance.mean() ** 2)

    def ahead(a: float) -> float:
        return math.sqrt(2 / math.pi) / float(erfcx(a / math.sqrt(2))) - a

    def gap(a: float) -> float:
        return (1 - a * ahead(a)) / ahead(a) ** 2 - ratio

    if gap(-LEAST_SPREAD) > 0:
        raise ValueError(
            f"all amounts up to the threshold {threshold:g} are equal: they tell nothing of a distribution"
        )
    if gap(STEEPEST) < 0:
        raise ValueError(f"below the threshold {threshold:g} amounts thin out no faster than a power law: no lognormal")
    a = float(brentq(gap, -LEAST_SPREAD, STEEPEST, xtol=1e-12))
    sigma = mean / ahead(a)
    return Lognormal(math.log(threshold) + a * sigma, sigma)


def spliced(amounts: Array, threshold: float) -> Spliced:
    """Lognormal body and generalized Pareto tail on either side of a threshold, of largest likelihood.

    Errors
    ------
    ValueError for under 30 amounts on a side, and as of `body` and `pareto`.
    """
    excess = above(amounts, threshold)
    if withheld(amounts.size - excess.size):
        up_to = amounts.size - excess.size
        raise ValueError(f"{up_to} amounts up to the threshold {threshold:g}, at least {LEAST} are needed")
    low, high = body(amounts, threshold), pareto(excess)
    return Spliced(low.mu, low.sigma, threshold, excess.size / amounts.size, high.xi, high.beta)


def fit_spliced(amounts: ArrayLike, threshold: float) -> Fit:
    """`spliced` with standard errors of mu, sigma, tail_share, xi and beta; errors as of `checked` and `spliced`.

    `free` counts the threshold too: the data chose it.

    Notes
    -----
    The likelihood is the product of that of the body, that of the tail and a binomial one, so that each is maximized
    alone and the covariance has blocks.
    """
    x = checked(amounts)
    law = spliced(x, threshold)
    below, share = x[x <= threshold], law.tail_share

    def log_likelihood(working: Array) -> float:
        at = Lognormal(float(working[0]), math.exp(working[1]))
        return float(at.log_density(below).sum() - below.size * at.log_cdf(threshold))

    information = inverse_information(log_likelihood, np.array([law.mu, math.log(law.sigma)]))
    covariance = np.zeros((5, 5))
    covariance[:2, :2] = information * np.outer([1.0, law.sigma], [1.0, law.sigma])
    covariance[2, 2] = share * (1 - share) / x.size
    covariance[3:, 3:] = fit_tail(x, threshold).covariance
    best = np.array([law.mu, law.sigma, share, law.xi, law.beta])
    return Fit(law, SPLICED, best, covariance, x.size, float(law.log_density(x).sum()), best.size + 1)


def infinite_mean(xi: float, se: float) -> str | None:
    """Why the mean is or may be infinite, in words; None where xi and its upper end at 90 % are below 1."""
    if xi >= 1:
        return f"the mean is infinite without a cap: xi is {xi:.2f}"
    if not xi + Z90 * se < 1:
        return f"the mean may be infinite without a cap: the 90 % interval of xi reaches {xi + Z90 * se:.2f}"
    return None
