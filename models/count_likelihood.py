"""The likelihood of yearly counts, Poisson or negative binomial, with its derivatives in closed form.

Values alone do not find a maximum: of a million events, rounding hides all but five digits of it. What is fitted with
them is in `frequency`, the laws of counts in `event_counts`.
"""

from __future__ import annotations

import numpy as np
from scipy.special import betaln, digamma, gammaln, polygamma

from models.laws import Array

FAR = 20.0
"""From here on Stirling's series of psi, to its sixth term, is right to the last digit."""


def log_likelihood(events: Array, mean: Array, dispersion: float) -> float:
    """Log likelihood of counts, negative binomial with variance m + a m^2, or Poisson at a = 0.

    Notes
    -----
    ln C(n + k - 1, n) with k = 1 / a is written -ln B(n + 1, k) - ln(n + k): gamma functions of large k cancel.
    """
    if dispersion == 0:
        return float((events * np.log(mean) - mean - gammaln(events + 1)).sum())
    k = 1 / dispersion
    spread = dispersion * mean
    chosen = -betaln(events + 1, k) - np.log(events + k)
    return float((chosen + events * (np.log(spread) - np.log1p(spread)) - k * np.log1p(spread)).sum())


def dispersion_score(events: Array, mean: Array, dispersion: float) -> float:
    """Derivative of the log likelihood by the log of the dispersion, at a dispersion above zero.

    Notes
    -----
    With k = 1 / a: -k sum(psi(n + k) - ln(n + k) - psi(k) + ln k + ln(1 + u) - u), u = (n - m) / (m + k).
    """
    k = 1 / dispersion
    u = (events - mean) / (mean + k)
    return -k * float((_psi_less_log(events + k) - _psi_less_log(np.array(k)) + np.log1p(u) - u).sum())


def information(events: Array, design: Array, mean: Array, dispersion: float) -> Array:
    """(k, k), minus the second derivatives at the maximum: of the coefficients and, above 0, the log of the dispersion.

    Notes
    -----
    d2/d eta2 = -m (1 + a n) / (1 + a m)^2, d2/d eta d ln a = -a m (n - m) / (1 + a m)^2, and at the root of the score
    d2/d (ln a)2 = k^2 sum(psi1(n + k) - psi1(k) + 1/k - 2/(m + k) + (n + k)/(m + k)^2).
    """
    held = 1 + dispersion * mean
    of_coefficients = design.T @ ((mean * (1 + dispersion * events) / held**2)[:, None] * design)
    if dispersion == 0:
        return np.asarray(of_coefficients)
    k = 1 / dispersion
    across = design.T @ (dispersion * mean * (events - mean) / held**2)
    second = polygamma(1, events + k) - polygamma(1, k) + 1 / k - 2 / (mean + k) + (events + k) / (mean + k) ** 2
    return np.block([[of_coefficients, across[:, None]], [across[None, :], -(k**2) * second.sum()]])


def _psi_less_log(x: Array) -> Array:
    """psi(x) - ln x; of large x by Stirling's series, where the two would cancel."""
    y = 1 / np.maximum(x, FAR) ** 2
    series = -0.5 / np.maximum(x, FAR) - y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y * (1 / 240 - y / 132))))
    return np.where(x >= FAR, series, digamma(x) - np.log(x))
