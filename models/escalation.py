"""Campaigns and retaliation: the branching model on dated incidents between states, and the table of its fit.

The model itself is in `hawkes`. Which incidents enter is decided in the pipeline; what agreed or unilateral
consequences do to retaliation is in `consequences`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl
from scipy.stats import chi2, kstest, kstwo

from models.dyadic_events import Events, arrange, constant, yearly
from models.hawkes import (
    ESTIMATED,
    GRID,
    LONGEST,
    SHORTEST,
    Fit,
    fit,
    rescaled_intervals,
)
from models.synthesis import Array

MIN_EVENTS = 30  # as everywhere in this project: an estimate from fewer records is withheld
MONTH = 30.0
SEEDS = range(20)
FEW = 5


class Number(NamedTuple):
    """A number of the fit with its standard error, None where there is none, and 'estimated' or why it is not."""

    estimate: float | None
    se: float | None = None
    status: str = ESTIMATED


ROWS = {
    ("hawkes", "branching_own"): "events per event",
    ("hawkes", "branching_own_by_dyad"): "events per event",
    ("hawkes", "branching_cross"): "events per event",
    ("hawkes", "branching_cross_by_dyad"): "events per event",
    ("hawkes", "decay"): "per day",
    ("hawkes", "half_life"): "days",
    ("hawkes", "log_likelihood"): "log units",
    ("poisson", "log_likelihood"): "log units",
    ("test", "likelihood_ratio"): "twice log units",
    ("test", "p_value"): "fraction",
    ("test", "likelihood_ratio_cross"): "twice log units",
    ("test", "p_value_cross"): "fraction",
    ("test", "ks_distance"): "fraction",
    ("test", "ks_p_value"): "fraction",
    ("records", "events"): "events",
    ("records", "dyads"): "dyads",
    ("records", "mutual_dyads"): "dyads",
    ("records", "share_tied"): "fraction",
    ("records", "window"): "days",
}
"""Fit, coefficient and unit. `_by_dyad` has the standard error that is robust to dependence within a dyad; `test` holds
the likelihood ratios against no excitation and, `_cross`, against campaigns without retaliation."""
SENSITIVITY = [
    ("hawkes", "branching_own"),
    ("hawkes", "branching_cross"),
    ("hawkes", "half_life"),
    ("hawkes", "log_likelihood"),
    ("test", "p_value_cross"),
    ("test", "ks_distance"),
]
"""What the fits that are not the main one tell."""
FIT_SCHEMA = {
    "fit": pl.String,
    "coefficient": pl.String,
    "estimate": pl.Float64,
    "se": pl.Float64,
    "n": pl.Int64,
    "status": pl.String,
    "unit": pl.String,
}


@dataclass(frozen=True)
class Escalation:
    """The fit over all hours that the events of a day may have had.

    events : number of them; status : 'estimated' or why not; numbers : by fit and coefficient, see `ROWS`
    """

    events: int
    status: str
    numbers: Mapping[tuple[str, str], Number]


def estimate(
    events: pl.DataFrame, follow_years: bool = True, shortest: float = SHORTEST, seeds: Sequence[int] = SEEDS
) -> Escalation:
    """Branching ratios of campaigns and retaliation, tests and goodness of fit, averaged over the hours of the events.

    Parameters
    ----------
    events : dyad, side (0 or 1), day (whole days from any origin)
    follow_years : the baseline of every dyad follows all events by year; False keeps it constant
    shortest : half-life from which on it is looked for, days
    seeds : of the hours drawn, uniform within the day

    Notes
    -----
    The window runs from the first to the last day on which any dyad has an event. Estimates are means over the seeds,
    their variance is the mean variance plus (1 + 1/m) times the variance between seeds (Rubin 1987); test statistics
    are means. Without excitation both branching ratios lie at the edge of their range: the likelihood ratio is a
    mixture of chi-squares with 0, 1 and 2 degrees of freedom (Self and Liang 1987), that of retaliation alone one of 0
    and 1. Without any excitation the decay means nothing, so the p-value against it is multiplied by the decays of the
    grid, a bound; that of retaliation stands where there are campaigns, which tell the decay.
    """
    ordered = events.sort("dyad", "day", "side")
    dyad = ordered["dyad"].rank("dense").to_numpy().astype(np.int64) - 1
    side, day = ordered["side"].to_numpy().astype(np.int64), ordered["day"].to_numpy().astype(np.float64)
    mutual = ordered.group_by("dyad").agg(x=pl.col("side").n_unique() == 2)["x"].sum()
    first, last = (float(day.min()), float(day.max())) if day.size else (0.0, -1.0)
    window = last - first + 1
    counted = {
        ("records", "events"): Number(float(day.size)),
        ("records", "dyads"): Number(float(ordered["dyad"].n_unique())),
        ("records", "mutual_dyads"): Number(float(mutual)),
        ("records", "share_tied"): Number(
            float(ordered.select("dyad", "day").is_duplicated().sum()) / max(day.size, 1)
        ),
        ("records", "window"): Number(window),
    }

    def refused(status: str) -> Escalation:
        return Escalation(day.size, status, {row: counted.get(row, Number(None, None, status)) for row in ROWS})

    if day.size < MIN_EVENTS:
        return refused(f"not estimable: {day.size} events, at least {MIN_EVENTS} are needed")
    if not mutual:
        return refused("not estimable: in no dyad have both sides attacked")
    shape = yearly(day - first, window) if follow_years else constant(window)
    fits, tests = [], []
    for seed in seeds:
        hours = np.random.default_rng(seed).random(day.size)
        arranged = arrange(dyad, side, day - first + hours, shape)
        full = fit(arranged, shortest=shortest)
        if full.status != ESTIMATED:
            return refused(full.status)
        fits.append(full)
        campaigns = fit(arranged, retaliation=False, shortest=shortest).log_likelihood
        distance = kstest(rescaled_intervals(arranged, full.kernels, full.level), "expon").statistic
        tests.append((without_excitation(arranged), campaigns, distance))
    numbers = _pooled(fits, shortest) | _tested(fits, np.mean(tests, axis=0), day.size) | counted
    return Escalation(day.size, ESTIMATED, numbers)


def without_excitation(events: Events) -> float:
    """Log likelihood of the events where none sets off another: each side is Poisson, at its number of events."""
    return float(np.log(events.counts[events.side] * events.density).sum()) - events.day.size


def _pooled(fits: Sequence[Fit], shortest: float) -> dict[tuple[str, str], Number]:
    """Means over the fits, with standard errors after Rubin; the decay is averaged in logs."""
    values = np.array([[one.kernels.own, one.kernels.cross, math.log(one.kernels.decay)] for one in fits])
    between = (1 + 1 / len(fits)) * (values.var(axis=0, ddof=1) if len(fits) > 1 else np.zeros(3))
    se = np.sqrt(np.mean([np.diag(one.covariance) for one in fits], axis=0) + between)
    by_dyad = np.sqrt(np.mean([np.diag(one.clustered) for one in fits], axis=0) + between)
    own, cross, log_decay = (float(x) for x in values.mean(axis=0))
    decay, half_life = math.exp(log_decay), math.log(2) / math.exp(log_decay)
    numbers = {
        "branching_own": Number(own, float(se[0])),
        "branching_own_by_dyad": Number(own, float(by_dyad[0])),
        "branching_cross": Number(cross, float(se[1])),
        "branching_cross_by_dyad": Number(cross, float(by_dyad[1])),
        "decay": Number(decay, decay * float(se[2])),
        "half_life": Number(half_life, half_life * float(se[2])),
        "log_likelihood": Number(float(np.mean([one.log_likelihood for one in fits]))),
    }
    if math.isnan(se[2]):
        end = "shortest" if half_life < math.sqrt(shortest * LONGEST) else "longest"
        status = f"the likelihood rises up to the {end} half-life looked for"
        numbers |= {"decay": Number(decay, None, status), "half_life": Number(half_life, None, status)}
    return {("hawkes", name): number for name, number in numbers.items()}


def _tested(fits: Sequence[Fit], tests: Array, events: int) -> dict[tuple[str, str], Number]:
    """Likelihood ratios and goodness of fit; `tests` are the means of what `estimate` collects."""
    full = float(np.mean([one.log_likelihood for one in fits]))
    poisson, campaigns, distance = (float(x) for x in tests)
    ratio, ratio_cross = max(2 * (full - poisson), 0.0), max(2 * (full - campaigns), 0.0)
    variance = np.mean([one.covariance for one in fits], axis=0)
    # the angle of the quadrant where both ratios are positive, in the metric of the information
    cosine = -variance[0, 1] / math.sqrt(variance[0, 0] * variance[1, 1])
    both = math.acos(min(max(cosine, -1.0), 1.0)) / (2 * math.pi)
    mixture = 0.5 * float(chi2.sf(ratio, 1)) + both * float(chi2.sf(ratio, 2))
    return {
        ("poisson", "log_likelihood"): Number(poisson),
        ("test", "likelihood_ratio"): Number(ratio),
        ("test", "p_value"): Number(min(GRID * mixture, 1.0)),
        ("test", "likelihood_ratio_cross"): Number(ratio_cross),
        ("test", "p_value_cross"): Number(0.5 * float(chi2.sf(ratio_cross, 1)) if ratio_cross > 0 else 1.0),
        ("test", "ks_distance"): Number(distance),
        ("test", "ks_p_value"): Number(float(kstwo.sf(distance, events))),
    }


def fit_table(events: pl.DataFrame, seeds: Sequence[int] = SEEDS) -> pl.DataFrame:
    """The fit and what it hangs on: fit, coefficient, estimate, se, n (events), status, unit; six significant digits.

    Parameters
    ----------
    events : dyad, side, day (days since 1970-01-01)
    seeds : of the hours drawn; the first FEW of them in the fits that are not the main one

    Notes
    -----
    `hawkes` is the fit that the model uses, with `poisson`, `test` and `records` beside it. The others say what it
    hangs on: `constant_baseline`; `months`, half-lives of a month or longer; `no_first_of_month`, because trackers
    write a month as its first day; `mutual_dyads`, where both sides attacked, a selection that favors retaliation;
    `no_two_sided_days`, because of attacks by both sides on one day nobody knows which was the answer, if any.
    """
    main = estimate(events, seeds=seeds)
    first_of_month = pl.from_epoch(pl.col("day").cast(pl.Int32), time_unit="d").dt.day() == 1
    few = seeds[:FEW]
    others = {
        "constant_baseline": estimate(events, follow_years=False, seeds=few),
        "months": estimate(events, shortest=MONTH, seeds=few),
        "no_first_of_month": estimate(events.filter(~first_of_month), seeds=few),
        "mutual_dyads": estimate(events.filter(_both_sides("dyad")), seeds=few),
        "no_two_sided_days": estimate(events.filter(~_both_sides("dyad", "day")), seeds=few),
    }
    rows = [(*row, *main.numbers[row], main.events, unit) for row, unit in ROWS.items()]
    for name, other in others.items():
        rows += [(name, row[1], *other.numbers[row], other.events, ROWS[row]) for row in SENSITIVITY]
    order = ("fit", "coefficient", "estimate", "se", "status", "n", "unit")
    table = pl.DataFrame(rows, schema={name: FIT_SCHEMA[name] for name in order}, orient="row")
    return table.select(list(FIT_SCHEMA)).with_columns(pl.col("estimate", "se").round_sig_figs(6))


def _both_sides(*group: str) -> pl.Expr:
    return pl.col("side").n_unique().over(group) == 2


def retaliation(table: pl.DataFrame) -> Number:
    """Cross-branching ratio that model.md 4.5 starts from (nu_sq before its prior), from a table of the fit.

    Parameters
    ----------
    table : fit, coefficient, estimate, se, status, as `fit_table` has them

    Errors
    ------
    ValueError where the table has no such row, or it more than once.
    """
    rows = table.filter(pl.col("fit") == "hawkes", pl.col("coefficient") == "branching_cross")
    if rows.height != 1:
        raise ValueError(f"one row hawkes, branching_cross is needed, the table of the fit has {rows.height}")
    return Number(*rows.select("estimate", "se", "status").row(0))
