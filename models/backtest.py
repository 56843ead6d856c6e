"""The model as it would have stood years ago, held against what came: coverage of its bands, and its score.

Frozen at a year: nothing published or observed later enters a forecast. Forecasts are made on logs, on which they are
Student t; the score is that of the whole distribution, beside a naive trend. What the forecasts stand for is in
`allocation` (paths of the loss share) and `baseline` (the pooled share).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import t as student_t

from models.allocation import loss_share_path
from models.baseline import log_shares
from models.ledger import gdp_of, ledger_figure
from models.synthesis import pool

Array = NDArray[np.float64]

FROZEN_AT = 2018
FIRST_COMPARABLE = 2011
"""IC3 counted referred cases only up to 2009 and published no total for 2010."""
LAST_FORECAST = 2025
ESTIMATE = "csis_2020_loss"
NAIVE = "naive_trend"
MEMBERS = 4096
QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}
UNIT = "USD bn, current prices; crps in log points"


@dataclass(frozen=True)
class Forecast:
    """A predictive distribution of a log: location + scale x Student t with `df` degrees, from `n` figures."""

    location: float
    scale: float
    df: float
    n: int

    def quantile(self, p: float) -> float:
        """Quantile p in natural units."""
        return math.exp(self.location + self.scale * float(student_t.ppf(p, self.df)))

    def score(self, observed: float) -> float:
        """CRPS against an observed value (natural units), log points: that of equally likely members."""
        if self.df <= 1:
            raise ValueError(f"a forecast with {self.df} degrees of freedom has no mean, so no score; use more figures")
        positions = (np.arange(MEMBERS) + 0.5) / MEMBERS
        members = self.location + self.scale * np.asarray(student_t.ppf(positions, self.df))
        return crps(members, math.log(observed))


def crps(members: Array, observed: float) -> float:
    """Continuous ranked probability score of an ensemble, in the unit of its members; lower is better.

    Errors: ValueError for no members, or for a number that is not finite.

    Notes
    -----
    E|X - y| - E|X - X'| / 2 over equally likely members (Gneiting and Raftery 2007); the second term by ranks,
    sum (2 i - n - 1) x_(i) / n^2. With one member it is the absolute error.
    """
    ordered = np.sort(np.asarray(members, dtype=np.float64))
    if ordered.size == 0 or not (np.isfinite(ordered).all() and math.isfinite(observed)):
        raise ValueError("crps needs at least one member, and finite members and observation")
    n = ordered.size
    spread = (2 * np.arange(1, n + 1) - n - 1) @ ordered / n**2
    return float(np.mean(np.abs(ordered - observed)) - spread)


def log_linear(years: Array, log_value: Array, at: float) -> Forecast:
    """A trend line through logs, extrapolated with the error of a prediction from it: least squares, t(n - 2).

    scale^2 = s^2 (1 + 1/n + (at - mean)^2 / sum (years - mean)^2). ValueError under four figures (no score below two
    degrees of freedom), or where all are of one year.
    """
    n, centered = years.size, years - years.mean()
    if n < 4 or not np.any(centered):
        raise ValueError(f"a trend with a score needs four figures of different years, got {n}")
    slope = float(centered @ log_value / (centered @ centered))
    residual = log_value - log_value.mean() - slope * centered
    variance = float(residual @ residual) / (n - 2)
    distance = at - float(years.mean())
    scale = math.sqrt(variance * (1 + 1 / n + distance**2 / float(centered @ centered)))
    return Forecast(float(log_value.mean()) + slope * distance, scale, n - 2, n)


@dataclass(frozen=True)
class _Growth:
    """Yearly log changes as known at the freeze: their mean, standard deviation and number."""

    mean: float
    sd: float
    n: int

    def variance(self, ahead: float) -> float:
        """Of the sum of `ahead` further changes: their own spread, and the error of the mean."""
        return self.sd**2 * (ahead + ahead**2 / self.n)


def _gdp_growth(gdp: pl.DataFrame, iso3: str, until: int) -> _Growth:
    known = gdp.filter((pl.col("iso3") == iso3) & (pl.col("year") <= until)).sort("year")
    changes = np.diff(np.log(known["gdp_usd_bn_current"].to_numpy()))
    if changes.size < 2:
        raise ValueError(f"GDP of {iso3} up to {until}: three years are needed to forecast it, found {known.height}")
    return _Growth(float(changes.mean()), float(changes.std(ddof=1)), changes.size)


def ic3_forecasts(ic3: pl.DataFrame, gdp: pl.DataFrame, frozen_at: int, year: int) -> dict[str, Forecast]:
    """Forecasts of the yearly loss in complaints to IC3, log USD bn, from the comparable years up to the freeze.

    Parameters
    ----------
    ic3 : year, loss_usd; gdp : iso3, year, gdp_usd_bn_current; year : after `frozen_at`

    Returns
    -------
    constant_share : the default of the model, the loss share of GDP stays what it was
    faded_growth : the share goes on growing as it did, with the half-life of the model (model.md 1.4)
    naive_trend : the log-linear trend of the losses themselves

    Notes
    -----
    Both paths of the model take the log share as a walk whose yearly steps are those on record, around no drift for
    the first; GDP grows as it did up to the freeze. Only the walk's degrees of freedom are counted.
    """
    losses = _ic3_until(ic3, frozen_at)
    years = losses["year"].to_numpy().astype(np.float64)
    log_loss = np.log(losses["loss_usd"].to_numpy() / 1e9)
    steps = np.diff(log_loss - np.log([gdp_of(gdp, "USA", int(y)) for y in years]))
    growth, ahead = _gdp_growth(gdp, "USA", frozen_at), float(year - frozen_at)
    start = float(log_loss[-1]) + ahead * growth.mean
    around_zero = float(np.mean(steps**2)) * ahead
    drift = _Growth(float(steps.mean()), float(steps.std(ddof=1)), steps.size)
    # the path of the model starts in 2020: the same number of years after it
    faded = float(np.log(loss_share_path(np.array([2020 + year - frozen_at]), 1.0, share_2020=0.0))[0])
    wandering = drift.sd**2 * (ahead + faded**2 / drift.n)
    return {
        "constant_share": Forecast(start, math.sqrt(around_zero + growth.variance(ahead)), steps.size, losses.height),
        "faded_growth": Forecast(
            start + faded * drift.mean, math.sqrt(wandering + growth.variance(ahead)), steps.size - 1, losses.height
        ),
        NAIVE: log_linear(years, log_loss, year),
    }


def _ic3_until(ic3: pl.DataFrame, frozen_at: int) -> pl.DataFrame:
    known = ic3.filter(pl.col("year").is_between(FIRST_COMPARABLE, frozen_at)).sort("year")
    wanted = list(range(FIRST_COMPARABLE, frozen_at + 1))
    if known["year"].to_list() != wanted or known["loss_usd"].null_count():
        raise ValueError(f"IC3 totals are needed for every year from {FIRST_COMPARABLE} to {frozen_at}")
    return known


def frozen_ledger(estimates: pl.DataFrame, frozen_at: int) -> pl.DataFrame:
    """The ledger as it could have been kept at the freeze: one row a publisher in the fit, its newest by then.

    A publisher whose row in the fit is newer is represented by its newest earlier row for the same geography that
    prints an amount, or not at all.
    """
    known = estimates.filter(pl.col("published_year") <= frozen_at)
    chosen = []
    for row in estimates.filter(pl.col("used")).iter_rows(named=True):
        own = known.filter((pl.col("publisher") == row["publisher"]) & (pl.col("geography") == row["geography"]))
        if row["estimate_id"] in own["estimate_id"]:
            chosen.append(row["estimate_id"])
        else:
            printed = own.filter(pl.col("central_usd_bn").is_not_null()).sort("published_year", "reference_year")
            chosen += printed["estimate_id"].tail(1).to_list()
    return known.with_columns(used=pl.col("estimate_id").is_in(chosen))


def estimate_forecasts(estimates: pl.DataFrame, gdp: pl.DataFrame, frozen_at: int) -> dict[str, Forecast]:
    """Forecasts of the world loss that was published after the freeze (`ESTIMATE`), log USD bn.

    GDP up to the freeze is as revised since: only the ledger and IC3 are as they were printed.

    Returns
    -------
    pooled : predictive distribution of a further estimate, of the ledger frozen (model.md 1.2)
    constant_share : the publisher's newest figure at the freeze as a share of GDP, with the range it printed
    naive_trend : the log-linear trend of the world figures of McAfee, the publisher, by their reference years
    """
    target = estimates.filter(pl.col("estimate_id") == ESTIMATE).row(0, named=True)
    ledger = frozen_ledger(estimates, frozen_at)
    table = log_shares(ledger, gdp.filter(pl.col("year") <= frozen_at))
    last = max(gdp.filter((pl.col("iso3") == "WLD") & (pl.col("year") <= frozen_at))["year"].to_list())
    growth, ahead = _gdp_growth(gdp, "WLD", frozen_at), float(target["reference_year"] - last)
    output = math.log(gdp_of(gdp, "WLD", last)) + ahead * growth.mean
    fit = pool(table["log_share"].to_numpy(), table["se"].to_numpy())
    own = table.filter(pl.col("publisher") == target["publisher"]).row(0, named=True)
    series = ledger.filter(pl.col("publisher").str.starts_with("McAfee") & (pl.col("geography") == "WLD")).sort(
        "reference_year"
    )
    figures = [
        math.log(row["central_usd_bn"] or math.sqrt(row["low_usd_bn"] * row["high_usd_bn"]))
        for row in series.iter_rows(named=True)
    ]
    years = series["reference_year"].to_numpy().astype(np.float64)
    return {
        "pooled": Forecast(
            output + fit.mean_log, math.sqrt(fit.predictive_scale**2 + growth.variance(ahead)), fit.df, fit.n
        ),
        "constant_share": Forecast(
            output + own["log_share"], math.sqrt(own["se"] ** 2 + growth.variance(ahead)), math.inf, 1
        ),
        NAIVE: log_linear(years, np.array(figures), target["reference_year"]),
    }


def backtest_table(
    ic3: pl.DataFrame, estimates: pl.DataFrame, gdp: pl.DataFrame, frozen_at: int = FROZEN_AT
) -> pl.DataFrame:
    """`model.backtest`: every forecast from the freeze on beside what came; one row a target, forecast and year."""
    came = dict(ic3.filter(pl.col("loss_usd").is_not_null()).select("year", pl.col("loss_usd") / 1e9).iter_rows())
    rows: list[dict[str, object]] = []
    for year in range(frozen_at + 1, LAST_FORECAST + 1):
        if year in came:
            rows += _rows("ic3", year, came[year], ic3_forecasts(ic3, gdp, frozen_at, year), frozen_at)
    published = ledger_figure(estimates, ESTIMATE)
    found = estimate_forecasts(estimates, gdp, frozen_at)
    rows += _rows(ESTIMATE, published.reference_year, published.usd_bn, found, frozen_at)
    return pl.DataFrame(rows)


def _rows(
    target: str, year: int, observed: float, forecasts: Mapping[str, Forecast], frozen_at: int
) -> Iterator[dict[str, object]]:
    for name, forecast in forecasts.items():
        quantiles = {key: forecast.quantile(p) for key, p in QUANTILES.items()}
        yield {
            "target": target,
            "forecast": name,
            "year": year,
            "frozen_at": frozen_at,
            "n": forecast.n,
            "observed": observed,
            **quantiles,
            "inside_50": quantiles["p25"] <= observed <= quantiles["p75"],
            "inside_90": quantiles["p05"] <= observed <= quantiles["p95"],
            "crps": forecast.score(observed),
            "unit": UNIT,
        }


def score_table(table: pl.DataFrame) -> pl.DataFrame:
    """`model.backtest_score`: coverage and mean score of each forecast of `model.backtest`, beside the naive trend.

    `skill` is 1 - crps / crps of the naive trend: above zero the forecast is better, below zero the trend is.
    """
    scored = table.group_by("target", "frozen_at", "forecast", maintain_order=True).agg(
        pl.len().cast(pl.Int32).alias("years"),
        pl.col("inside_50").mean().alias("coverage_50"),
        pl.col("inside_90").mean().alias("coverage_90"),
        pl.col("crps").mean(),
    )
    naive = scored.filter(pl.col("forecast") == NAIVE).select("target", "frozen_at", pl.col("crps").alias("crps_naive"))
    skill = 1 - pl.col("crps") / pl.col("crps_naive")
    verdict = (
        pl.when(pl.col("forecast") == NAIVE)
        .then(pl.lit("the naive trend"))
        .when(pl.col("skill") > 0)
        .then(pl.lit("better than the naive trend"))
        .otherwise(pl.lit("no better than the naive trend"))
    )
    return (
        scored.join(naive, on=["target", "frozen_at"], maintain_order="left")
        .with_columns(skill=skill)
        .with_columns(verdict=verdict, unit=pl.lit("fraction; crps in log points"))
    )
