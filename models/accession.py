"""How fast states joined the Budapest Convention: covariates, country-years at risk, and the hazard fitted on them.

What a new convention's membership becomes under that hazard, and how well it forecasts, is in `accession_paths`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.stats import norm

from models.convention import decimal_year

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

TERMS = ("rule_of_law", "log_income", "time", "neighbours", "council")
FITS = {
    "all": TERMS,
    "without_council": tuple(t for t in TERMS if t != "council"),
    "without_neighbours": tuple(t for t in TERMS if t != "neighbours"),
    "before_2015": TERMS,
}
"""Covariates of each fit; `before_2015` sees the years to 2014 only."""
UNSEEN_FROM = 2015
TREATY = "CETS185"
PRIOR_SD = 2.5
"""Standard deviation of the ridge's normal on standardized slopes: weak, the default of rstanarm."""
EVENTS_NEEDED = 10
"""Events a coefficient, under which a fit is printed as an assumption (Peduzzi et al. 1995; model.md 4.7 b)."""
ITERATIONS = 50


@dataclass(frozen=True)
class Covariates:
    """What is known of each economy by year, economies in order of ISO3.

    rule_of_law : (years, economies) Worldwide Governance Indicator, standard score
    log_income : (years, economies) log GDP per head less the mean over economies of that year
    region : (economies,) name of the region
    council : (economies,) member of the Council of Europe
    filled : (economies,) no rule of law or no income is known in any year: it is the mean of the income group
    """

    iso3: tuple[str, ...]
    years: tuple[int, ...]
    rule_of_law: Array
    log_income: Array
    region: tuple[str, ...]
    council: Flags
    filled: Flags

    def neighbours(self, member: Flags) -> Array:
        """(..., economies) share of the economies of each one's region that are members, from (..., economies)."""
        names, place = np.unique(self.region, return_inverse=True)
        inside = place[:, None] == np.arange(names.size)
        return np.asarray((member @ (inside / inside.sum(0)))[..., place])

    def terms(self, year: int, time: float, neighbours: Array, council: Flags) -> Array:
        """(economies, terms) of a year, in the order of `TERMS`."""
        at = self.years.index(year)
        columns = (self.rule_of_law[at], self.log_income[at], np.full(len(self.iso3), time), neighbours, council)
        return np.column_stack(columns).astype(float)


@dataclass(frozen=True)
class RiskSet:
    """Country-years in which an economy could still ratify the treaty opened on `opened`, known `through` a day.

    economy : (rows,) index into the economies of the covariates
    event : (rows,) it ratified in that year
    exposure : (rows,) part of the year in which it could
    terms : (rows, terms) covariates as measured, in the order of `TERMS`
    """

    opened: date
    through: date
    economy: NDArray[np.int64]
    year: NDArray[np.int64]
    event: Flags
    exposure: Array
    terms: Array


@dataclass(frozen=True)
class Hazard:
    """A fitted hazard: log hazard a year = b_0 + sum_j b_j (x_j - center_j) / scale_j, P(join) = 1 - exp(-hazard).

    estimate, covariance : of the intercept and then of each of `terms`
    events : ratifications in the fit
    """

    terms: tuple[str, ...]
    estimate: Array
    covariance: Array
    center: Array
    scale: Array
    events: int

    @property
    def se(self) -> Array:
        """(1 + terms,) standard errors."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    def log_hazard(self, terms: Array, coefficients: Array) -> Array:
        """(draws, rows) log hazard a year of (rows, TERMS) covariates under (draws, 1 + terms) coefficients."""
        standard = (terms[:, columns_of(self.terms)] - self.center) / self.scale
        return np.asarray(coefficients[:, :1] + coefficients[:, 1:] @ standard.T)

    def draw(self, size: int, rng: np.random.Generator) -> Array:
        """(size, 1 + terms) coefficients from their joint normal."""
        return rng.multivariate_normal(self.estimate, self.covariance, size, method="cholesky")


@dataclass(frozen=True)
class NotEstimated:
    """A fit that the records do not support, and why."""

    terms: tuple[str, ...]
    events: int
    reason: str


def columns_of(terms: Sequence[str]) -> list[int]:
    """Where these terms are among `TERMS`."""
    return [TERMS.index(term) for term in terms]


def covariates(tables: Mapping[str, pl.DataFrame], years: Sequence[int]) -> Covariates:
    """What is known of each economy in `years`, from economies, rule_of_law, gdp, population and blocs.

    Each indicator is that of the nearest year known, the earlier of two as near. Income is taken relative to the mean
    of its year, which removes inflation, the dollar and world growth: the passing of time is a covariate of its own.
    Membership of the Council is that of the table's day, in every year.

    Errors: ValueError for an indicator that no economy has.
    """
    economies = tables["economies"].sort("iso3")
    iso3, groups = tuple(economies["iso3"]), tuple(economies["income_group"])
    law = _nearest(tables["rule_of_law"], "estimate", iso3, years)
    output = _nearest(tables["gdp"], "gdp_usd_bn_current", iso3, years)
    income = np.log(output / _nearest(tables["population"], "population", iso3, years))
    filled = np.isnan(law[0]) | np.isnan(income[0])
    income = _filled_by_group(income, groups)
    council = set(tables["blocs"].filter(pl.col("bloc") == "CouncilOfEurope")["iso3"])
    return Covariates(
        iso3=iso3,
        years=tuple(years),
        rule_of_law=_filled_by_group(law, groups),
        log_income=income - income.mean(1, keepdims=True),
        region=tuple(economies["region"]),
        council=np.array([code in council for code in iso3]),
        filled=filled,
    )


def exposed(years: Sequence[int], opened: date, through: date | None = None) -> tuple[Array, Array]:
    """(years,) part of each year in which a treaty is open, and log(1 + years since its opening) in the middle of it.

    The logarithm lets the hazard grow as a power of time. It fits the ratifications better than linear time (2.2 log
    likelihood), under which the hazard would grow by the same factor every year, for ever.
    """
    opening = decimal_year(opened)
    end = np.inf if through is None else decimal_year(through + timedelta(days=1))
    first = np.maximum(np.array(years, dtype=float), opening)
    last = np.minimum(np.array(years, dtype=float) + 1, end)
    return np.maximum(last - first, 0.0), np.log1p(np.maximum((first + last) / 2 - opening, 0.0))


def risk_set(known: Covariates, treaty_status: pl.DataFrame, through: date) -> RiskSet:
    """Country-years at risk of ratifying the Budapest Convention, from its opening to the day `through`.

    A ratification whose day is an interval counts on its last possible day. Neighbours are the share of the region's
    economies that had ratified before the year began.

    Errors: ValueError for a party that is no economy, a year without covariates, or a treaty that nobody signed.
    """
    treaty = treaty_status.filter(pl.col("treaty") == TREATY)
    signed = treaty["signed_on"].drop_nulls()
    if signed.is_empty():
        raise ValueError(f"nobody signed {TREATY}, so the day on which it opened is unknown")
    opened = min(signed)
    parties = treaty.filter(pl.col("ratified_on") <= through)
    if unknown := sorted(set(parties["iso3"]) - set(known.iso3)):
        raise ValueError(f"parties to {TREATY} that are no economies of the run: {', '.join(unknown)}")
    years = np.arange(opened.year, through.year + 1)
    if through < opened:
        raise ValueError(f"{TREATY} opened on {opened}, after {through}: no year is at risk")
    if absent := sorted(set(years.tolist()) - set(known.years)):
        raise ValueError(f"no covariates for {absent[0]}, a year between {opened} and {through}")
    day = dict(zip(parties["iso3"], parties["ratified_on"], strict=True))
    ratified = np.array([day[code].year if code in day else np.inf for code in known.iso3])
    party = ratified < years[:, None]
    exposure, time = exposed(years.tolist(), opened, through)
    by_year = zip(years.tolist(), time.tolist(), known.neighbours(party), strict=True)
    terms = np.stack([known.terms(*row, known.council) for row in by_year])
    at, economy = np.nonzero(~party)
    event = ratified[economy] == years[at]
    return RiskSet(opened, through, economy, years[at], event, exposure[at], terms[at, economy])


def fits(risk: RiskSet) -> dict[str, Hazard | NotEstimated]:
    """The hazards of `FITS` by name; one that the records do not support says why instead."""
    found: dict[str, Hazard | NotEstimated] = {}
    for name, terms in FITS.items():
        rows = risk.year < UNSEEN_FROM if name == "before_2015" else np.full(risk.year.size, True)
        values = risk.terms[rows][:, columns_of(terms)]
        try:
            found[name] = fit_hazard(terms, values, risk.event[rows], risk.exposure[rows])
        except ValueError as error:
            found[name] = NotEstimated(terms, int(risk.event[rows].sum()), str(error))
    return found


def fit_hazard(
    terms: Sequence[str],
    values: Array,
    event: Flags,
    exposure: Array,
    prior_sd: float = PRIOR_SD,
    iterations: int = ITERATIONS,
) -> Hazard:
    """Complementary log-log hazard by maximum likelihood with a weak ridge.

    Parameters
    ----------
    values : (rows, terms), covariates as measured; standardized here, over the rows of the fit
    event : (rows,), whether the row ended in a ratification
    exposure : (rows,), part of the year at risk, above 0
    prior_sd : of the ridge; infinity is plain maximum likelihood

    Errors
    ------
    ValueError where the fit is undefined: covariates that are not finite, constant or collinear, no event or nothing
    but events, covariates that separate events from the rest (no finite estimate exists), no convergence.

    Notes
    -----
    model.md 4.7 (b). P(event) = 1 - exp(-exposure exp(b_0 + x b)), which is what a proportional hazard in continuous
    time implies for a year (Prentice and Gloeckler 1978). The ridge is b_j ~ N(0, prior_sd^2) on standardized slopes.
    It leaves the log likelihood concave, so that Newton's method finds the one maximum; the coefficients of the shipped
    records move by about a tenth of a standard error. Firth's correction, the other usual choice, would remove a
    small-sample bias of about a tenth of a standard error, and would add about half an event a coefficient, 3 to 79
    here: too many for a fit that is there to forecast (Puhr et al. 2017). Standard errors: inverse of the information,
    ridge included.
    """
    if not (np.isfinite(values).all() and np.isfinite(exposure).all() and (exposure > 0).all()):
        raise ValueError("covariates of a hazard must be finite, and exposure finite and above 0")
    if not 0 < event.sum() < event.size:
        raise ValueError(f"{event.sum()} events in {event.size} country-years: a hazard needs some and not all")
    center, scale = np.asarray(values.mean(0)), np.asarray(values.std(0))
    if (constant := scale <= 1e-12 * (1 + np.abs(center))).any():
        raise ValueError(f"covariate {terms[int(constant.argmax())]} is constant over the country-years of the fit")
    design = np.column_stack((np.ones(event.size), (values - center) / scale))
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise ValueError(f"covariates {', '.join(terms)} are collinear")
    if separating := _separating(design, event):
        names = ", ".join(terms[j - 1] for j in separating)
        raise ValueError(f"covariates separate ratifications from the rest, no finite estimate exists: {names}")
    coefficients = np.zeros(design.shape[1])
    coefficients[0] = np.log(event.sum() / exposure.sum())
    value, score, hessian = log_likelihood(coefficients, design, event, exposure, prior_sd)
    for _ in range(iterations):
        step = np.linalg.solve(hessian, -score)
        if score @ step < 1e-16 * event.sum():
            covariance = np.asarray(np.linalg.inv(-hessian), dtype=float)
            return Hazard(tuple(terms), coefficients, covariance, center, scale, int(event.sum()))
        while not (new := log_likelihood(coefficients + step, design, event, exposure, prior_sd))[0] >= value - 1e-9:
            step = step / 2
        coefficients, (value, score, hessian) = coefficients + step, new
    raise ValueError(f"the hazard did not converge in {iterations} Newton steps")


def log_likelihood(
    coefficients: Array, design: Array, event: Flags, exposure: Array, prior_sd: float
) -> tuple[float, Array, Array]:
    """Penalized log likelihood, its gradient and its Hessian.

    sum over events of ln(1 - exp(-h)) - sum over the others of h - sum of slopes^2 / (2 prior_sd^2), with
    h = exposure exp(design b); the first column of `design` is the constant, which is not penalized.
    """
    hazard = exposure * np.exp(design @ coefficients)
    ended = hazard[event]
    odds = ended / np.expm1(ended)
    penalty = np.full(coefficients.size, prior_sd**-2.0)
    penalty[0] = 0.0
    first, second = -hazard, -hazard
    first[event], second[event] = odds, odds * (1 - ended / -np.expm1(-ended))
    value = np.log(-np.expm1(-ended)).sum() - hazard[~event].sum() - 0.5 * penalty @ coefficients**2
    score = design.T @ first - penalty * coefficients
    return float(value), score, design.T @ (second[:, None] * design) - np.diag(penalty)


def fit_table(found: Mapping[str, Hazard | NotEstimated]) -> pl.DataFrame:
    """`model.accession_fit`: coefficients with their 90 % interval, or why there are none."""
    reach = float(norm.ppf(0.95))
    rows = []
    for name, fit in found.items():
        size = 1 + len(fit.terms)
        if isinstance(fit, Hazard):
            numbers = list(zip(fit.estimate.tolist(), fit.se.tolist(), strict=True))
            status = "estimated" if fit.events >= EVENTS_NEEDED * size else "assumption"
        else:
            numbers, status = [(None, None)] * size, f"not estimated: {fit.reason}"
        for term, (estimate, se) in zip(("intercept", *fit.terms), numbers, strict=True):
            rows.append(
                {
                    "fit": name,
                    "term": term,
                    "estimate": estimate,
                    "se": se,
                    "lower": None if se is None else estimate - reach * se,
                    "upper": None if se is None else estimate + reach * se,
                    "events": fit.events,
                    "events_per_coefficient": fit.events / size,
                    "status": status,
                }
            )
    number = dict.fromkeys(("estimate", "se", "lower", "upper"), pl.Float64)
    return pl.DataFrame(rows, schema_overrides={**number, "events": pl.Int32})


def _separating(design: Array, event: Flags) -> list[int]:
    """Columns along which every event lies beyond all else: each by itself, or else a sum of them; empty if none do.

    For sums, the linear program of Konis (2007): maximize the total of signed margins, none of them below 0, in a box.
    """
    ended, other = design[event, 1:], design[~event, 1:]
    alone = (ended.min(0) >= other.max(0)) | (ended.max(0) <= other.min(0))
    if alone.any():
        return [int(j) for j in 1 + np.flatnonzero(alone)]
    signed = np.where(event, 1.0, -1.0)[:, None] * design
    solved = linprog(-signed.sum(0), A_ub=-signed, b_ub=np.zeros(event.size), bounds=(-1, 1), method="highs")
    if solved.fun > -1e-6:
        return []
    return [int(j) for j in 1 + np.flatnonzero(np.abs(solved.x[1:]) > 1e-6)]


def _nearest(frame: pl.DataFrame, column: str, iso3: Sequence[str], years: Sequence[int]) -> Array:
    """(years, economies) value of the nearest year known, NaN for an economy without any."""
    known = frame.filter(pl.col("iso3").is_in(list(iso3)) & pl.col(column).is_not_null())
    if known.is_empty():
        raise ValueError(f"no economy of the run has a value of {column}")
    seen = np.unique(known["year"])
    values = np.full((seen.size, len(iso3)), np.nan)
    place = {code: k for k, code in enumerate(iso3)}
    values[np.searchsorted(seen, known["year"]), [place[code] for code in known["iso3"]]] = known[column]
    away = np.abs(np.array(years)[:, None, None] - seen[:, None]) + np.where(np.isnan(values), np.inf, 0.0)
    return np.take_along_axis(values, away.argmin(1), axis=0)


def _filled_by_group(values: Array, groups: Sequence[str]) -> Array:
    """(years, economies) with missing economies at the mean of their income group, or of all where it has none."""
    filled, labels, missing = values.copy(), np.array(groups), np.isnan(values[0])
    for group in set(labels[missing]):
        known = (labels == group) & ~missing
        source = known if known.any() else ~missing
        filled[:, (labels == group) & missing] = values[:, source].mean(1, keepdims=True)
    return filled
