"""What one event costs, by source: every family fitted, the tail over thresholds, and the splice that stands.

Tables of the fits made in `severity`, `tail` and `thresholds`; the way back from a table to a distribution is in
`chosen_severity`. Which amounts enter is decided in the pipeline.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import polars as pl

from models.definition import LEAST
from models.estimates import NO_ERROR, Number, parameter, refused
from models.event_counts import Poisson
from models.laws import Array, Burr
from models.parameter_draws import fitted_draws
from models.quantile_bins import POINTS, points
from models.severity import (
    FAMILIES,
    MOST,
    OBSERVED,
    Fit,
    Maximum,
    Sample,
    anderson_darling,
    checked,
    fit,
    goodness_of_fit,
    lognormal,
)
from models.tail import SplicedSeverity, above, fit_spliced, fit_tail, infinite_mean, pareto, spliced
from models.thresholds import MEAN_EXCESS, STABILITY, chosen_threshold, mean_excess, stability

DRAWS = 512
"""Parameters drawn for the interval of a mean."""
BN, LOG_BN, SHAPE, FRACTION = "USD bn, 2020 prices", "log USD bn", "shape", "fraction"
TESTED = {"log_likelihood": "log units", "ad_distance": "statistic", "ad_p_value": FRACTION}
COMPARED = TESTED | {"bic": "twice log units"}
ROWS: Mapping[str, Mapping[str, str]] = {
    "lognormal": {"mu": LOG_BN, "sigma": LOG_BN} | COMPARED,
    "weibull": {"shape": SHAPE, "scale": BN} | COMPARED,
    "burr": {"c": SHAPE, "d": SHAPE, "scale": BN, "xi": SHAPE} | COMPARED,
    "pareto": {"threshold": BN, "xi": SHAPE, "beta": BN} | TESTED,
    "spliced": {"mu": LOG_BN, "sigma": LOG_BN, "mu_sigma_covariance": "squared log USD bn"}
    | {"threshold": BN, "tail_share": FRACTION, "xi": SHAPE, "beta": BN, "xi_beta_covariance": BN}
    | {"cap": BN, "mean": BN, "mean_at_tenth_of_cap": BN}
    | COMPARED,
}
"""By family, coefficients and their units. The Pareto tail is of the amounts above the threshold alone: its likelihood
compares with no other. xi of Burr XII is 1 / (c d). Means are those of the loss with the cap in force."""
SEVERITY = {
    "source_id": pl.String,
    "amounts": pl.String,
    "family": pl.String,
    "coefficient": pl.String,
    "estimate": pl.Float64,
    "se": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "n": pl.Int64,
    "status": pl.String,
    "unit": pl.String,
}
QUANTILES = {"family": pl.String} | POINTS


class SeverityTables(NamedTuple):
    """By source: coefficients (`SEVERITY`), and of the observed amounts the tail by threshold (`STABILITY`), the mean
    excess (`MEAN_EXCESS`) and amounts beside fitted ones by bins of ranks (`QUANTILES`); six significant digits."""

    coefficients: pl.DataFrame
    stability: pl.DataFrame
    mean_excess: pl.DataFrame
    quantiles: pl.DataFrame


def severity_tables(samples: Sequence[Sample], rng: np.random.Generator, replications: int) -> SeverityTables:
    """Every family fitted to the amounts of every source.

    Parameters
    ----------
    replications : samples of each bootstrap: of the fit of each family, and of the tail at each threshold

    Errors
    ------
    ValueError as of `Sample.cap`. Too few amounts, equal ones and fits without a maximum are rows whose status says so.

    Notes
    -----
    A source draws from its own stream, so that its numbers do not hang on which others are there. Whole samples are
    compared by BIC; in the splice the threshold counts as a parameter.
    """
    rows: list[tuple[object, ...]] = []
    tails, excesses, points = [], [], []
    base = int(rng.integers(2**63))
    for sample in samples:
        own = np.random.default_rng([base, *sample.source_id.encode()])
        for which, amounts in sample.versions.items():
            tail, threshold = _tail(amounts, own, replications)
            fits = _Fits(amounts, threshold, sample.cap, own, replications)
            for family, units in ROWS.items():
                numbers, n = fits.numbers(family)
                rows += [
                    (sample.source_id, which, family, name, *numbers[name][:5], numbers[name].n or n, unit)
                    for name, unit in units.items()
                ]
            if which == OBSERVED:
                tails.append((sample.source_id, tail))
                excesses.append((sample.source_id, _excess(amounts)))
                points.append((sample.source_id, fits.points()))
    order = ("source_id", "amounts", "family", "coefficient", "estimate", "se", "lower", "upper", "status", "n", "unit")
    table = pl.DataFrame(rows, schema={name: SEVERITY[name] for name in order}, orient="row").select(list(SEVERITY))
    return SeverityTables(
        _rounded(table), _joined(tails, STABILITY), _joined(excesses, MEAN_EXCESS), _joined(points, QUANTILES)
    )


@dataclass(frozen=True)
class _Fits:
    """Amounts of one source with what their fits need; threshold : where the tail begins, or why there is none."""

    amounts: Array
    threshold: float | ValueError
    cap: float
    rng: np.random.Generator
    replications: int

    def numbers(self, family: str) -> tuple[Mapping[str, Number], int]:
        """Coefficients of a family, and how many amounts they rest on; where it cannot be fitted each says why."""
        special = {"pareto": self._pareto, "spliced": self._spliced}
        try:
            return special[family]() if family in special else self._whole(FAMILIES[family])
        except ValueError as error:
            return dict.fromkeys(ROWS[family], refused(error)), self.amounts.size

    def points(self) -> pl.DataFrame:
        """Amounts beside those of the lognormal and of the splice; no rows for what cannot be fitted."""
        frames = []
        for family in ("lognormal", "spliced"):
            try:
                x = checked(self.amounts)
                law = lognormal(x) if family == "lognormal" else spliced(x, self._at())
            except ValueError:
                continue
            frames.append(points(x, law).select(pl.lit(family).alias("family"), *POINTS))
        return pl.concat([pl.DataFrame(schema=QUANTILES), *frames])

    def _whole(self, maximum: Maximum) -> tuple[dict[str, Number], int]:
        found = fit(self.amounts, maximum)
        numbers = _parameters(found) | self._tested(found, self.amounts, maximum)
        if isinstance(found.law, Burr):
            c, d = found.law.c, found.law.d
            slope = np.array([1 / c, 1 / d, 0.0]) / (c * d)
            numbers["xi"] = parameter("xi", 1 / (c * d), math.sqrt(float(slope @ found.covariance @ slope)))
        return numbers, found.n

    def _pareto(self) -> tuple[dict[str, Number], int]:
        u = self._at()
        found = fit_tail(self.amounts, u)
        numbers = _parameters(found) | self._tested(found, above(self.amounts, u), pareto) | {"threshold": Number(u)}
        return _warned(numbers), found.n

    def _spliced(self) -> tuple[dict[str, Number], int]:
        u = self._at()
        found = fit_spliced(self.amounts, u)
        values = dict(zip(found.names, found.estimates.tolist(), strict=True))
        severity = SplicedSeverity(**values, threshold=u, cap=self.cap)
        share = severity.tail_share
        most = max(MOST, math.ceil(2 * LEAST / min(share, 1 - share)))  # enough on both sides of the threshold
        numbers = _parameters(found) | self._tested(found, self.amounts, lambda x: spliced(x, u), most)
        n_above = above(self.amounts, u).size
        numbers |= {name: numbers[name]._replace(n=found.n - n_above) for name in ("mu", "sigma")}
        numbers |= {name: numbers[name]._replace(n=n_above) for name in ("xi", "beta")}
        numbers |= {
            "threshold": Number(u),
            "cap": Number(self.cap),
            "mu_sigma_covariance": _covariance(found, 0, 1, found.n - n_above),
            "xi_beta_covariance": _covariance(found, 3, 4, n_above),
            "mean": self._mean(severity, found.covariance),
            "mean_at_tenth_of_cap": _mean_at(severity, self.cap / 10),
        }
        return _warned(numbers), found.n

    def _mean(self, severity: SplicedSeverity, covariance: Array) -> Number:
        if not np.isfinite(covariance).all():
            return Number(severity.mean(), status=NO_ERROR)
        seed = int(self.rng.integers(2**32))
        drawn = fitted_draws(severity, covariance, Poisson(1.0), 0.0, DRAWS, seed)
        lower, upper = np.quantile([law.mean() for _, law in drawn], (0.05, 0.95))
        return Number(severity.mean(), None, float(lower), float(upper))

    def _at(self) -> float:
        if isinstance(self.threshold, ValueError):
            raise self.threshold
        return self.threshold

    def _tested(self, found: Fit, amounts: Array, maximum: Maximum, most: int = MOST) -> dict[str, Number]:
        try:
            p_value = Number(goodness_of_fit(found.law, amounts, maximum, self.rng, self.replications, most).p_value)
        except ValueError as error:  # the fit stands, without a test
            p_value = refused(error)
        return {
            "log_likelihood": Number(found.log_likelihood),
            "bic": Number(found.bic),
            "ad_distance": Number(anderson_darling(found.law, amounts)),
            "ad_p_value": p_value,
        }


def _tail(amounts: Array, rng: np.random.Generator, replications: int) -> tuple[pl.DataFrame, float | ValueError]:
    """The tail by threshold, and where it begins or why it does not."""
    table = pl.DataFrame(schema=STABILITY)
    try:
        table = stability(amounts, rng, replications)
        return table, chosen_threshold(table)
    except ValueError as error:
        return table, error


def _excess(amounts: Array) -> pl.DataFrame:
    try:
        return mean_excess(amounts)
    except ValueError:
        return pl.DataFrame(schema=MEAN_EXCESS)


def _parameters(found: Fit) -> dict[str, Number]:
    values = zip(found.names, found.estimates.tolist(), found.se.tolist(), strict=True)
    return {name: parameter(name, estimate, se) for name, estimate, se in values}


def _warned(numbers: dict[str, Number]) -> dict[str, Number]:
    """The numbers with what xi says of the mean in its status."""
    xi = numbers["xi"]
    said = infinite_mean(xi.estimate or 0.0, math.nan if xi.se is None else xi.se)
    return numbers | {"xi": xi._replace(status=said or xi.status)}


def _covariance(found: Fit, i: int, j: int, n: int) -> Number:
    value = float(found.covariance[i, j])
    return Number(value, n=n) if math.isfinite(value) else refused(NO_ERROR, n)


def _mean_at(severity: SplicedSeverity, cap: float) -> Number:
    try:
        return Number(replace(severity, cap=cap).mean())
    except ValueError as error:
        return refused(error)


def _joined(
    parts: Sequence[tuple[str, pl.DataFrame]], schema: Mapping[str, pl.DataType | type[pl.DataType]]
) -> pl.DataFrame:
    empty = pl.DataFrame(schema={"source_id": pl.String, **schema})
    return _rounded(
        pl.concat([empty, *(part.select(pl.lit(name).alias("source_id"), *schema) for name, part in parts)])
    )


def _rounded(table: pl.DataFrame) -> pl.DataFrame:
    """Six significant digits, so that the same records give the same bytes."""
    return table.with_columns(pl.selectors.float().round_sig_figs(6))
