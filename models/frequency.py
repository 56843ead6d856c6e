"""How many events a year: Poisson and negative binomial counts, what is reported of them, and laws on disclosure.

Fits of yearly counts on record (model.md 2); their table is in `frequency_table`, the laws of counts in `event_counts`.
What one event costs is in `severity` and `tail`; which counts enter is decided in the pipeline.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.stats import beta

from models.count_likelihood import dispersion_score, information, log_likelihood
from models.definition import LEAST, withheld
from models.event_counts import NegativeBinomial, Poisson
from models.laws import Array

FEWEST_YEARS = 5
"""Under so many years nothing is said of their spread, as no row rests on fewer than five records."""
NEAR_POISSON = 1e-6
"""Least dispersion looked for, as the part that it adds to the variance of a Poisson count."""
CLOSE, LAST = 1e-6, 1e-24
"""Gain of a step of the search, in twice log units: from which on steps are taken whole, and after which it ends."""
LARGEST_LOG = math.log(1e3)
"""Largest dispersion looked for, in logs: the yearly counts would be thirty times more uneven than their mean."""


class Reporting(NamedTuple):
    """Probability that an event is on record, Beta(a, b)."""

    a: float
    b: float

    @property
    def mean(self) -> float:
        """Its mean."""
        return self.a / (self.a + self.b)

    @property
    def interval(self) -> tuple[float, float]:
        """Both ends at 90 %."""
        return float(beta.ppf(0.05, self.a, self.b)), float(beta.ppf(0.95, self.a, self.b))


@dataclass(frozen=True)
class DisclosureLaw:
    """A law that makes victims disclose: the day it is in force from, and what that does to reporting.

    log_shift : log of the reporting probability after over before; None where the counts are to tell
    """

    name: str
    since: date
    log_shift: float | None = None


DISCLOSURE_LAWS = (
    DisclosureLaw("disclosure_2018", date(2018, 5, 25)),
    DisclosureLaw("disclosure_2023", date(2023, 12, 18)),
)
"""Days from which breaches must be told: the European regulation 2016/679 (articles 33 and 99), within six weeks of
the last of the fifty US states (South Dakota, 1 July 2018); Form 8-K, item 1.05, for listed companies in the US."""


@dataclass(frozen=True)
class YearlyCounts:
    """Events on record by year, of one source.

    Parameters
    ----------
    years : (years,), consecutive; events : (years,), whole numbers of at least zero
    laws : that bear on what this source records
    no_trend : why its trend means nothing; None where it may be estimated
    reporting : probability that an event is on record at the end; None where nothing is known of it

    Errors
    ------
    ValueError for years that do not follow one another, or events that are not whole numbers of at least zero.
    """

    source_id: str
    years: Array
    events: Array
    laws: tuple[DisclosureLaw, ...] = ()
    no_trend: str | None = None
    reporting: Reporting | None = None

    def __post_init__(self) -> None:
        """Refuse what are no counts of years."""
        if self.years.shape != self.events.shape or self.years.ndim != 1 or not (np.diff(self.years) == 1).all():
            raise ValueError(f"{self.source_id}: one count a year is needed, of years that follow one another")
        if not (np.isfinite(self.events).all() and (self.events >= 0).all() and (self.events % 1 == 0).all()):
            raise ValueError(f"{self.source_id}: counts must be whole numbers of at least zero")

    @property
    def total(self) -> int:
        """Events of all years."""
        return int(self.events.sum())

    def in_force(self, law: DisclosureLaw) -> Array:
        """(years,), part of each year in which a law was in force."""
        day = law.since
        first, last = date(day.year, 1, 1), date(day.year + 1, 1, 1)
        start = day.year + (day - first) / (last - first)
        return np.asarray(np.clip(self.years + 1 - start, 0.0, 1.0))


@dataclass(frozen=True)
class FrequencyFit:
    """Counts at the maximum of their likelihood.

    law : of the last year, every disclosure law in force
    names, estimates, covariance : rate, trend (log a year), shifts (log of reporting, after over before), dispersion;
        nan where the information is not positive definite
    """

    law: Poisson | NegativeBinomial
    names: tuple[str, ...]
    estimates: Array
    covariance: Array
    log_likelihood: float
    years: int

    @property
    def se(self) -> Array:
        """(k,), standard errors."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    @property
    def bic(self) -> float:
        """-2 log likelihood + parameters times ln years."""
        return -2 * self.log_likelihood + self.estimates.size * math.log(self.years)


def law_of(rate: float, dispersion: float) -> Poisson | NegativeBinomial:
    """The law of counts with variance rate + dispersion rate^2.

    Events on record are all events thinned by the probability of being on record: `law.scaled(1 / probability)` is the
    law of all, with the same dispersion.
    """
    return NegativeBinomial(rate, 1 / dispersion) if dispersion else Poisson(rate)


def fit_counts(counts: YearlyCounts, dispersed: bool = True, trend: bool = False, shifts: bool = False) -> FrequencyFit:
    """Yearly counts by maximum likelihood.

    Parameters
    ----------
    dispersed : negative binomial with variance m + dispersion m^2; False holds the dispersion at zero
    trend : growth by a constant factor
    shifts : estimate what laws that came into force within the years did to reporting; a known shift always enters

    Errors
    ------
    ValueError for fewer than 30 events or five years, a trend of counts whose trend means nothing, shifts without a law
    that came into force within the years, and more coefficients than years tell apart.

    Notes
    -----
    ln m_t = ln rate + trend (t - last) + sum_j shift_j (D_jt - 1), D_jt the part of year t with law j in force, so that
    the rate is that of the last year with all laws in force. A shift is confounded with whatever else changed on its
    day. Where counts vary no more than Poisson counts the dispersion is 0, the edge of its range, and not among names.
    The dispersion is the root of its score and the information is exact: a likelihood of a million events has no more
    than five digits of its maximum left in differences of its values.
    """
    if withheld(counts.total):
        raise ValueError(f"{counts.total} events, at least {LEAST} are needed")
    if counts.years.size < FEWEST_YEARS:
        raise ValueError(f"{counts.years.size} years, at least {FEWEST_YEARS} are needed")
    names, design, known = _design(counts, trend, shifts)
    events = counts.events

    def value(coefficients: Array, dispersion: float) -> float:
        return log_likelihood(events, np.exp(design @ coefficients + known), dispersion)

    def slope(log_dispersion: float) -> float:
        a = math.exp(log_dispersion)
        return dispersion_score(events, np.exp(design @ _regress(events, design, known, a) + known), a)

    best, dispersion = _regress(events, design, known, 0.0), 0.0
    mean = np.exp(design @ best + known)
    if dispersed and ((events - mean) ** 2 - events).sum() > 0:  # the score of the dispersion at zero, doubled
        ends = (math.log(NEAR_POISSON / float(mean.mean())), LARGEST_LOG)
        dispersion = math.exp(_falling_root(slope, *ends))
        best, names = _regress(events, design, known, dispersion), (*names, "dispersion")
    size = best.size
    covariance = _inverse(information(events, design, np.exp(design @ best + known), dispersion))
    rate = math.exp(float(best[0]))
    scale = np.array([rate, *np.ones(size - 1), *([dispersion] if dispersion else [])])
    estimates = np.array([rate, *best[1:], *scale[size:]])
    return FrequencyFit(
        law_of(rate, dispersion),
        names,
        estimates,
        covariance * np.outer(scale, scale),
        value(best, dispersion),
        events.size,
    )


def true_rate(rate: float, reporting: Reporting) -> tuple[float, float, float]:
    """Events a year, on record or not: mean, and both ends at 90 % of the reporting probability at a known rate.

    Errors
    ------
    ValueError for a <= 1, where the mean of 1 / p is infinite.

    Notes
    -----
    Observed = true x p, so true = rate / p with E[1 / p] = (a + b - 1) / (a - 1).
    """
    a, b = reporting
    if not a > 1:
        raise ValueError(f"events not on record have no mean with a = {a:g}: a must exceed 1")
    low, high = reporting.interval
    return rate * (a + b - 1) / (a - 1), rate / high, rate / low


def _design(counts: YearlyCounts, trend: bool, shifts: bool) -> tuple[tuple[str, ...], Array, Array]:
    """Names, columns and what is known of the log of the mean, by year."""
    names, columns = ["rate"], [np.ones(counts.years.size)]
    known = np.zeros(counts.years.size)
    if trend:
        if counts.no_trend:
            raise ValueError(counts.no_trend)
        names.append("trend")
        columns.append(counts.years - counts.years[-1])
    for law in counts.laws:
        part = counts.in_force(law)
        if law.log_shift is not None:
            known += law.log_shift * (part - 1)
        elif shifts and part.max() > 0 and part.min() < 1:
            names.append(f"shift_{law.name}")
            columns.append(part - 1)
    if shifts and not any(name.startswith("shift_") for name in names):
        raise ValueError("no disclosure law of unknown effect came into force within these years")
    design = np.column_stack(columns)
    if np.linalg.matrix_rank(design) < len(names) or len(names) + 1 >= counts.years.size:
        raise ValueError(f"{counts.years.size} years do not tell {', '.join(names)} apart")
    return tuple(names), design, known


def _regress(events: Array, design: Array, known: Array, dispersion: float) -> Array:
    """Coefficients of largest likelihood at one dispersion: Fisher's scoring, steps halved until they gain."""
    best = np.zeros(design.shape[1])
    best[0] = math.log(events.mean()) - known.mean()
    value = log_likelihood(events, np.exp(design @ best + known), dispersion)
    for _ in range(100):
        mean = np.exp(design @ best + known)
        score = design.T @ ((events - mean) / (1 + dispersion * mean))
        step = np.linalg.solve(design.T @ ((mean / (1 + dispersion * mean))[:, None] * design), score)
        if (gain := float(score @ step)) < CLOSE:  # values no longer tell a gain from rounding: whole steps to the end
            best = best + step
            if gain < LAST:
                break
            continue
        for halving in range(40):
            trial = best + 0.5**halving * step
            trial_value = log_likelihood(events, np.exp(design @ trial + known), dispersion)
            if trial_value > value:
                break
        else:
            break
        best, value = trial, trial_value
    return best


def _falling_root(slope: Callable[[float], float], low: float, high: float) -> float:
    """Where a slope turns from rising to falling; the end of the range that it rises to where it does not turn."""
    if slope(low) <= 0:
        return low
    return high if slope(high) >= 0 else float(brentq(slope, low, high, xtol=1e-14))


def _inverse(information: Array) -> Array:
    """Its inverse; nan where it is not positive definite."""
    if not (np.isfinite(information).all() and np.linalg.eigvalsh(information)[0] > 0):
        return np.full(information.shape, np.nan)
    return np.asarray(np.linalg.inv(information))
