"""Draws of fitted parameters: what the loss of an event and the number of events could be, given their standard errors.

Only the step from an estimate with its covariance to laws. The fits are in `tail` and `frequency`; what the draws do to
the loss of a year is in `exceedance`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri
from scipy.stats import qmc

from models.event_counts import Panjer
from models.tail import SplicedSeverity

Array = NDArray[np.float64]

WIDEST = 30.0
"""Largest deviation from the estimate that is drawn, in logs and logits, so that no draw overflows or rounds to 1."""


def normal_draws(covariance: Array, draws: int, seed: int) -> Array:
    """(draws, k) normal deviations of mean 0 from a scrambled Sobol' sequence.

    Parameters
    ----------
    covariance : (k, k), symmetric, positive semidefinite
    draws : a power of two keeps the balance of the sequence

    Errors
    ------
    ValueError for a covariance with entries that are not finite, or that is none.
    """
    if not np.isfinite(covariance).all():
        raise ValueError("a covariance with entries that are not finite: the fit has no standard errors to draw from")
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    if values.min() < -1e-9 * max(values.max(), 0.0):
        raise ValueError("a covariance must be positive semidefinite")
    uniform = qmc.Sobol(covariance.shape[0], scramble=True, rng=np.random.default_rng(seed)).random(draws)
    standard = ndtri(np.clip(uniform, 2.0**-53, 1 - 2.0**-53))
    return np.asarray(standard @ (vectors * np.sqrt(np.maximum(values, 0.0))).T)


def fitted_draws(
    severity: SplicedSeverity,
    covariance: Array,
    counts: Panjer,
    rate_se: float,
    draws: int,
    seed: int,
) -> list[tuple[Panjer, SplicedSeverity]]:
    """Laws of the events of a source, one pair a draw: normal draws around the maximum of the likelihood.

    Parameters
    ----------
    covariance : (5, 5) of mu, sigma, tail_share, xi, beta, as `tail.fit_spliced` gives it
    rate_se : standard error of the mean of the counts; their size stays at its estimate
    seed : one for each source, so that sources do not move together

    Notes
    -----
    sigma, beta and the mean of the counts are drawn in logs and the tail share in logits, by the delta method, so that
    no draw leaves the range of its parameter; threshold and cap are not drawn.
    """
    if covariance.shape != (5, 5):
        raise ValueError(
            f"the covariance is that of mu, sigma, tail_share, xi and beta: (5, 5), got {covariance.shape}"
        )
    if not 0 <= rate_se < math.inf:
        raise ValueError(f"the standard error of the mean count must be finite and not negative, got {rate_se!r}")
    q = severity.tail_share
    slope = np.array([1.0, 1 / severity.sigma, 1 / (q * (1 - q)), 1.0, 1 / severity.beta])
    working = np.zeros((6, 6))
    working[:5, :5] = covariance * np.outer(slope, slope)
    working[5, 5] = (rate_se / counts.mean) ** 2 if counts.mean > 0 else 0.0
    mu, sigma, share, xi, beta, rate = np.clip(normal_draws(working, draws, seed), -WIDEST, WIDEST).T
    found: list[tuple[Panjer, SplicedSeverity]] = []
    for d in range(draws):
        law = SplicedSeverity(
            severity.mu + float(mu[d]),
            severity.sigma * math.exp(sigma[d]),
            severity.threshold,
            float(expit(logit(q) + share[d])),
            severity.xi + float(xi[d]),
            severity.beta * math.exp(beta[d]),
            severity.cap,
        )
        found.append((counts.scaled(math.exp(rate[d])), law))
    return found
