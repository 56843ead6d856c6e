"""Random-effects synthesis of independent estimates: one log quantity and one standard error a study.

Belongs here: REML with Hartung-Knapp, DerSimonian-Laird and the predictive distribution. Which studies enter, and
what a study measures, is decided elsewhere (baseline.py for losses, the effect sets of the priors for treaties).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.stats import t as student_t

Array = npt.NDArray[np.float64]

RELATIVE = 4 * float(np.finfo(np.float64).eps)
"""Least relative error that a root can be asked for."""


@dataclass(frozen=True)
class PooledEstimate:
    """A pooled log quantity (log share of GDP, log rate ratio) and the spread of a further study around it.

    mean_log : the mean where every covariate is zero; se : its Hartung-Knapp standard error
    tau : between-study standard deviation; i2 : part of the spread that is not sampling error, 0 to 1
    n, df : studies, and studies less coefficients
    coefficients, coefficient_se : the covariates' own, empty without covariates
    """

    mean_log: float
    se: float
    tau: float
    i2: float
    n: int
    df: int
    coefficients: tuple[float, ...] = ()
    coefficient_se: tuple[float, ...] = ()

    @property
    def predictive_scale(self) -> float:
        """Scale of the predictive Student t of a further study, in logs: sqrt(tau^2 + se^2)."""
        return math.hypot(self.tau, self.se)

    def mean_quantile(self, p: float) -> float:
        """Quantile p of the pooled median itself, in natural units: exp(mean + t_df(p) se)."""
        return math.exp(self.mean_log + float(student_t.ppf(p, self.df)) * self.se)

    def predictive_quantile(self, p: float) -> float:
        """Quantile p of a further study, in natural units: exp(mean + t_df(p) sqrt(tau^2 + se^2))."""
        return math.exp(self.mean_log + float(student_t.ppf(p, self.df)) * self.predictive_scale)

    def probability_above(self, value: float) -> float:
        """Predictive probability that a further study exceeds `value` (natural units, above zero)."""
        if value <= 0:
            raise ValueError(f"probability_above needs a value above zero, got {value}")
        distance = math.log(value) - self.mean_log
        if self.predictive_scale == 0:
            return float(distance < 0)
        return float(student_t.sf(distance / self.predictive_scale, self.df))


def pool(log_value: Array, se: Array, covariates: Array | None = None) -> PooledEstimate:
    """Random-effects mean of log quantities: tau^2 by REML, standard errors by Hartung and Knapp.

    Parameters
    ----------
    log_value, se : (studies,), log quantity and its standard error (above zero)
    covariates : (studies,) or (studies, k), without the constant; center them where the mean is wanted

    Errors
    ------
    ValueError for a standard error that is not above zero, a value that is not finite, collinear covariates, or no
    degree of freedom left.

    Notes
    -----
    y = X b + u, u ~ N(0, tau^2 + se^2) (model.md 1.2). tau^2 maximizes the restricted likelihood over [0, bound];
    beyond `bound` its score is negative. It is found as the root of the score: a maximum is flat, so that a search by
    values stops anywhere within 1e-8 of it, elsewhere on another processor. Var(b) = q (X'WX)^-1 with
    q = y'Py / (n - p) (Knapp and Hartung 2003), without the ad hoc max(1, q) that some packages offer: with it
    homogeneous studies would never narrow the interval. The predictive distribution is t(n - p) with scale
    sqrt(tau^2 + se^2) (Higgins, Thompson and Spiegelhalter 2009, with n - p for their n - 2, as model.md says). I2 uses
    the typical sampling variance (n - p) / trace(P) at tau = 0.
    """
    y, variance, design = _checked(log_value, se, covariates)
    n, p = design.shape

    def restricted_deviance(tau2: float) -> float:
        weight = 1.0 / (variance + tau2)
        information = design.T @ (weight[:, None] * design)
        residual = y - design @ np.linalg.solve(information, design.T @ (weight * y))
        return float(-np.log(weight).sum() + np.linalg.slogdet(information)[1] + (weight * residual**2).sum())

    def slope(tau2: float) -> float:
        """First derivative of the restricted deviance: trace(P) - y'PPy."""
        weight = 1.0 / (variance + tau2)
        at = np.linalg.solve(design.T @ (weight[:, None] * design), design.T @ (weight * y))
        return _residual_trace(design, weight) - float(((weight * (y - design @ at)) ** 2).sum())

    ordinary = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    spread = float(ordinary @ ordinary) / (n - p)
    # The score at tau2 is at most (spread / tau2^2 - 1 / (tau2 + max variance)) (n - p) / 2: no root above this bound.
    bound = 0.5 * (spread + math.sqrt(spread**2 + 4.0 * spread * float(variance.max())))
    tau2 = 0.0
    if bound > 0:
        grid = bound * np.linspace(0.0, 1.0, 65) ** 2  # finer near zero, where a second maximum can hide
        best = int(np.argmin([restricted_deviance(float(g)) for g in grid]))
        low, high = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, grid.size - 1)])
        if slope(low) < 0 < slope(high):
            root = float(brentq(slope, low, high, xtol=1e-300, rtol=RELATIVE))
            tau2 = root if restricted_deviance(root) < restricted_deviance(0.0) else 0.0

    weight = 1.0 / (variance + tau2)
    covariance = np.linalg.inv(design.T @ (weight[:, None] * design))
    beta = covariance @ (design.T @ (weight * y))
    quadratic = float((weight * (y - design @ beta) ** 2).sum()) / (n - p)
    errors = np.sqrt(quadratic * np.diag(covariance))
    typical = (n - p) / _residual_trace(design, 1.0 / variance)
    return PooledEstimate(
        mean_log=float(beta[0]),
        se=float(errors[0]),
        tau=math.sqrt(tau2),
        i2=tau2 / (tau2 + typical),
        n=n,
        df=n - p,
        coefficients=tuple(float(b) for b in beta[1:]),
        coefficient_se=tuple(float(e) for e in errors[1:]),
    )


def dersimonian_laird(log_value: Array, se: Array) -> PooledEstimate:
    """Random-effects mean by the method of moments of DerSimonian and Laird (1986), with its normal-theory error.

    Parameters are those of `pool`. tau^2 = max(0, (Q - (n - 1)) / (sum w - sum w^2 / sum w)), w = 1 / se^2,
    I2 = max(0, (Q - (n - 1)) / Q), se = sum(1 / (se^2 + tau^2))^-1/2. Kept beside REML because published syntheses of
    the treaty studies use it; `df` is n - 1, although the method itself refers to the normal.
    """
    y, variance, design = _checked(log_value, se, None)
    n = design.shape[0]
    weight = 1.0 / variance
    total = float(weight.sum())
    heterogeneity = float((weight * (y - float((weight * y).sum()) / total) ** 2).sum())
    excess = max(0.0, heterogeneity - (n - 1))
    tau2 = excess / (total - float((weight**2).sum()) / total)
    weight = 1.0 / (variance + tau2)
    return PooledEstimate(
        mean_log=float((weight * y).sum() / weight.sum()),
        se=float(weight.sum()) ** -0.5,
        tau=math.sqrt(tau2),
        i2=excess / heterogeneity if heterogeneity > 0 else 0.0,
        n=n,
        df=n - 1,
    )


def _residual_trace(design: Array, weight: Array) -> float:
    """trace(P), P = W - W X (X'WX)^-1 X'W."""
    information = design.T @ (weight[:, None] * design)
    used = design.T @ ((weight**2)[:, None] * design)
    return float(weight.sum() - np.trace(np.linalg.solve(information, used)))


def _checked(log_value: Array, se: Array, covariates: Array | None) -> tuple[Array, Array, Array]:
    """Values, variances and the design with its constant; ValueError where the fit is undefined."""
    y = np.asarray(log_value, dtype=np.float64)
    error = np.asarray(se, dtype=np.float64)
    if y.ndim != 1 or error.shape != y.shape:
        raise ValueError(f"one log value and one standard error a study: shapes {y.shape} and {error.shape}")
    if not (np.isfinite(y).all() and np.isfinite(error).all() and (error > 0).all()):
        raise ValueError("log values must be finite and standard errors finite and above zero")
    design = np.ones((y.size, 1))
    if covariates is not None:
        extra = np.asarray(covariates, dtype=np.float64).reshape(y.size, -1)
        design = np.column_stack([design, extra])
    if y.size - design.shape[1] < 1:
        raise ValueError(f"{y.size} studies cannot identify {design.shape[1]} coefficients and a spread")
    if not np.isfinite(design).all() or np.linalg.matrix_rank(design) < design.shape[1]:
        raise ValueError("covariates must be finite and not collinear with the constant or each other")
    return y, error**2, design
