"""Distributions of amounts above zero: lognormal, Weibull, Burr XII, generalized Pareto, and a body with its own tail.

Formulas only. They are fitted in `severity` and `tail`.
"""

from __future__ import annotations

import math
from dataclasses import Field, dataclass
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_expit, log_ndtr, ndtri

Array = NDArray[np.float64]


class Law(Protocol):
    """A distribution of amounts above zero, a dataclass of its parameters; methods keep the shape of their argument."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def log_density(self, amount: ArrayLike) -> Array:
        """Log density at an amount."""
        ...

    def log_cdf(self, amount: ArrayLike) -> Array:
        """Log probability of at most an amount."""
        ...

    def log_survival(self, amount: ArrayLike) -> Array:
        """Log probability of more than an amount."""
        ...

    def quantile(self, probability: ArrayLike) -> Array:
        """Amount not exceeded with a probability in [0, 1)."""
        ...


@dataclass(frozen=True)
class Lognormal:
    """ln X ~ N(mu, sigma^2)."""

    mu: float
    sigma: float

    def log_density(self, amount: ArrayLike) -> Array:
        """Log density at an amount above zero."""
        x = np.log(amount)
        return np.asarray(-(((x - self.mu) / self.sigma) ** 2) / 2 - math.log(self.sigma * math.sqrt(2 * math.pi)) - x)

    def log_cdf(self, amount: ArrayLike) -> Array:
        """Log probability of at most an amount."""
        return np.asarray(log_ndtr((np.log(amount) - self.mu) / self.sigma))

    def log_survival(self, amount: ArrayLike) -> Array:
        """Log probability of more than an amount."""
        return np.asarray(log_ndtr((self.mu - np.log(amount)) / self.sigma))

    def quantile(self, probability: ArrayLike) -> Array:
        """exp(mu + sigma Phi^-1(p))."""
        return np.asarray(np.exp(self.mu + self.sigma * ndtri(probability)))


@dataclass(frozen=True)
class Weibull:
    """P(X > x) = exp(-(x / scale)^shape)."""

    shape: float
    scale: float

    def log_density(self, amount: ArrayLike) -> Array:
        """Log density at an amount above zero."""
        z = np.log(amount) - math.log(self.scale)
        return np.asarray(math.log(self.shape) + self.shape * z - np.log(amount) - np.exp(self.shape * z))

    def log_cdf(self, amount: ArrayLike) -> Array:
        """Log probability of at most an amount."""
        return np.asarray(np.log(-np.expm1(self.log_survival(amount))))

    def log_survival(self, amount: ArrayLike) -> Array:
        """Log probability of more than an amount."""
        return np.asarray(-((np.asarray(amount) / self.scale) ** self.shape))

    def quantile(self, probability: ArrayLike) -> Array:
        """scale (-ln(1 - p))^(1 / shape)."""
        return np.asarray(self.scale * (-np.log1p(-np.asarray(probability))) ** (1 / self.shape))


@dataclass(frozen=True)
class Burr:
    """Burr XII, P(X > x) = (1 + (x / scale)^c)^(-d): a power law with tail index c d, so that xi is 1 / (c d)."""

    c: float
    d: float
    scale: float

    def log_density(self, amount: ArrayLike) -> Array:
        """Log density at an amount above zero."""
        z = self.c * (np.log(amount) - math.log(self.scale))
        return np.asarray(math.log(self.c * self.d) + z - np.log(amount) + (self.d + 1) * log_expit(-z))

    def log_cdf(self, amount: ArrayLike) -> Array:
        """Log probability of at most an amount."""
        return np.asarray(np.log(-np.expm1(self.log_survival(amount))))

    def log_survival(self, amount: ArrayLike) -> Array:
        """Log probability of more than an amount."""
        return np.asarray(self.d * log_expit(-self.c * (np.log(amount) - math.log(self.scale))))

    def quantile(self, probability: ArrayLike) -> Array:
        """scale ((1 - p)^(-1 / d) - 1)^(1 / c)."""
        return np.asarray(self.scale * np.expm1(-np.log1p(-np.asarray(probability)) / self.d) ** (1 / self.c))


def cumulated_hazard(excess: ArrayLike, xi: float, beta: float) -> Array:
    """Minus the log of the generalized Pareto survival at an excess: ln(1 + xi y / beta) / xi, or y / beta at xi = 0.

    Infinite beyond the end of the support, -beta / xi, where xi is negative; 0 below zero.
    """
    scaled = np.maximum(np.asarray(excess, dtype=np.float64), 0.0) / beta
    with np.errstate(divide="ignore"):
        return np.asarray(scaled if xi == 0 else np.log1p(np.maximum(xi * scaled, -1.0)) / xi)


@dataclass(frozen=True)
class Pareto:
    """Generalized Pareto law of the excess over a threshold, P(Y > y) = (1 + xi y / beta)^(-1 / xi)."""

    xi: float
    beta: float

    def log_density(self, amount: ArrayLike) -> Array:
        """Log density at an excess."""
        return np.asarray(-math.log(self.beta) - (1 + self.xi) * cumulated_hazard(amount, self.xi, self.beta))

    def log_cdf(self, amount: ArrayLike) -> Array:
        """Log probability of at most an excess."""
        return np.asarray(np.log(-np.expm1(self.log_survival(amount))))

    def log_survival(self, amount: ArrayLike) -> Array:
        """Log probability of more than an excess."""
        return -cumulated_hazard(amount, self.xi, self.beta)

    def quantile(self, probability: ArrayLike) -> Array:
        """beta ((1 - p)^(-xi) - 1) / xi."""
        with np.errstate(divide="ignore"):
            return self.at_hazard(-np.log1p(-np.asarray(probability, dtype=np.float64)))

    def at_hazard(self, hazard: Array) -> Array:
        """Excess whose survival is e^(-hazard); the inverse of `cumulated_hazard`."""
        return np.asarray(self.beta * (hazard if self.xi == 0 else np.expm1(self.xi * hazard) / self.xi))


@dataclass(frozen=True)
class Spliced:
    """Lognormal up to a threshold u, generalized Pareto above, which has the probability `tail_share` (q).

    F(x) = (1 - q) Phi((ln x - mu) / sigma) / Phi((ln u - mu) / sigma) up to u, 1 - q (1 + xi (x - u) / beta)^(-1 / xi)
    above (model.md 2; Bouveret 2018 joins the same two for losses of banks).
    """

    mu: float
    sigma: float
    threshold: float
    tail_share: float
    xi: float
    beta: float

    @property
    def body(self) -> Lognormal:
        """The lognormal, not cut off."""
        return Lognormal(self.mu, self.sigma)

    @property
    def tail(self) -> Pareto:
        """The law of the excess."""
        return Pareto(self.xi, self.beta)

    @property
    def log_below(self) -> float:
        """Log of the part of the lognormal that lies below the threshold."""
        return float(self.body.log_cdf(self.threshold))

    def log_density(self, amount: ArrayLike) -> Array:
        """Log density at an amount above zero."""
        x = np.asarray(amount, dtype=np.float64)
        body = math.log1p(-self.tail_share) + self.body.log_density(x) - self.log_below
        tail = math.log(self.tail_share) + self.tail.log_density(x - self.threshold)
        return np.where(x <= self.threshold, body, tail)

    def log_cdf(self, amount: ArrayLike) -> Array:
        """Log probability of at most an amount."""
        x = np.asarray(amount, dtype=np.float64)
        return np.where(x <= self.threshold, self._log_body(x), np.log1p(-np.exp(self._log_tail(x))))

    def log_survival(self, amount: ArrayLike) -> Array:
        """Log probability of more than an amount."""
        x = np.asarray(amount, dtype=np.float64)
        return np.where(x <= self.threshold, np.log1p(-np.exp(self._log_body(x))), self._log_tail(x))

    def quantile(self, probability: ArrayLike) -> Array:
        """Amount not exceeded with a probability; infinite at 1 unless xi is negative."""
        p = np.asarray(probability, dtype=np.float64)
        below = np.minimum(p / (1 - self.tail_share), 1.0) * math.exp(self.log_below)
        body = np.minimum(self.body.quantile(below), self.threshold)
        with np.errstate(divide="ignore", over="ignore"):
            tail = self.tail.at_hazard(np.maximum(math.log(self.tail_share) - np.log1p(-p), 0.0))
        return np.where(p <= 1 - self.tail_share, body, self.threshold + tail)

    def _log_body(self, x: Array) -> Array:
        with np.errstate(divide="ignore"):
            below = self.body.log_cdf(np.clip(x, 0.0, self.threshold))
        return np.asarray(math.log1p(-self.tail_share) + below - self.log_below)

    def _log_tail(self, x: Array) -> Array:
        return math.log(self.tail_share) + self.tail.log_survival(x - self.threshold)
