"""Membership of a new convention by year if states joined it as they joined Budapest, and how well that forecasts.

The hazard and its covariates are in `accession`; a convention whose dates its file gives is in `convention`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.accession import (
    UNSEEN_FROM,
    Array,
    Covariates,
    Flags,
    Hazard,
    NotEstimated,
    RiskSet,
    covariates,
    exposed,
    fits,
    risk_set,
)
from models.convention import Scenario

SPANS = ((2001, 2010), (2011, 2020), (2021, 2025))
UNSEEN_SPANS = ((2015, 2020), (2021, 2025), (2015, 2025))
NEIGHBOURS = ("own", "none")
QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}
NUMBER, LABEL = pl.Float64(), pl.String()
FAN = {
    "scenario": LABEL,
    "year": pl.Int32(),
    **dict.fromkeys(("mean", *QUANTILES), NUMBER),
    "assumed": pl.Int32(),
    "p_in_force": NUMBER,
    "unit": LABEL,
}
CALIBRATION = {
    "fit": LABEL,
    "span": LABEL,
    **dict.fromkeys(("expected", "lower", "upper"), NUMBER),
    "observed": pl.Int32(),
}


@dataclass(frozen=True)
class Accession:
    """How states joined the Budapest Convention: the risk set with its covariates, the fits on it, and the years of a
    run, for which a new convention is simulated."""

    seen: Covariates
    risk: RiskSet
    fits: Mapping[str, Hazard | NotEstimated]
    ahead: Covariates

    @property
    def hazard(self) -> Hazard:
        """The fit on all years and terms; ValueError, saying why, where the records do not support it."""
        found = self.fits["all"]
        if isinstance(found, NotEstimated):
            raise ValueError(f"accession by hazard cannot be simulated: not estimated, {found.reason}")
        return found


def accession_on_record(tables: Mapping[str, pl.DataFrame], years: Sequence[int]) -> Accession:
    """The accession of a run from the reference tables; ratifications up to the end of the last span are fitted."""
    first, last = SPANS[0][0], SPANS[-1][1]
    treaty = tables["treaty_status"]
    seen = covariates(tables, range(first, last + 1))
    risk = risk_set(seen, treaty, date(last, 12, 31))
    return Accession(seen, risk, fits(risk), covariates(tables, years))


@dataclass(frozen=True)
class AccessionPaths:
    """Simulated membership of one convention.

    member : (paths, years, economies) joined by the end of the year
    in_force : (paths, years) the convention is in force by the end of the year
    """

    iso3: tuple[str, ...]
    years: tuple[int, ...]
    member: Flags
    in_force: Flags

    @property
    def size(self) -> Array:
        """(paths, years) number of members by the end of the year, in force or not."""
        return np.asarray(self.member.sum(2), dtype=float)

    @property
    def p_member(self) -> Array:
        """(years, economies) probability that an economy's membership is in force at the end of the year."""
        return np.asarray((self.member & self.in_force[:, :, None]).mean(0))


def simulate(
    hazard: Hazard,
    known: Covariates,
    founders: Collection[str],
    opened: date,
    threshold: int,
    paths: int,
    seed: int,
    neighbours: str = "own",
    excluded: Collection[str] = frozenset(),
) -> AccessionPaths:
    """Membership of a convention opened on `opened`, in the years of `known`, founders first and others by the hazard.

    Parameters
    ----------
    known : covariates of the years simulated
    founders : economies that join on the day of opening; `excluded` never join
    threshold : members at which the convention enters into force; no membership acts before that
    neighbours : own, the coefficient is drawn as the others are; none, it is 0

    Errors
    ------
    ValueError for founders or excluded that are no economies of the run or are both, a threshold that the economies
    cannot meet, an opening outside the years, no path, an unknown treatment of neighbours.

    Notes
    -----
    model.md 4.7 (b). Everybody has the hazard of a non-member of the Council of Europe; a path is one draw of the
    coefficients from their joint normal and one of the chances of joining. Years count from the opening. The chances
    are drawn from the seed alone, so that conventions simulated with one seed are compared on the same chances.
    """
    if unknown := sorted({*founders, *excluded} - set(known.iso3)):
        raise ValueError(f"founders or excluded that are no economies of the run: {', '.join(unknown)}")
    if both := sorted(set(founders) & set(excluded)):
        raise ValueError(f"founders cannot be excluded: {', '.join(both)}")
    if not 0 <= threshold <= len(known.iso3):
        raise ValueError(f"entry into force at {threshold} members; allowed is 0 to the {len(known.iso3)} economies")
    if opened.year not in known.years:
        raise ValueError(f"opened on {opened}, outside the years {known.years[0]} to {known.years[-1]}")
    if paths < 1:
        raise ValueError(f"{paths} paths; at least 1 is needed")
    if neighbours not in NEIGHBOURS:
        raise ValueError(f"neighbours is {neighbours!r}; allowed is {' or '.join(NEIGHBOURS)}")
    coefficients = hazard.draw(paths, np.random.default_rng([seed, 0]))
    if neighbours == "none" and "neighbours" in hazard.terms:
        coefficients[:, 1 + hazard.terms.index("neighbours")] = 0.0
    chance = np.random.default_rng([seed, 1]).standard_exponential((paths, len(known.iso3)))
    chance[:, [code in excluded for code in known.iso3]] = np.inf
    outsiders = replace(known, council=np.zeros(len(known.iso3), dtype=bool))
    start = np.array([code in founders for code in known.iso3])
    years = tuple(year for year in known.years if year >= opened.year)
    joined = _roll(hazard, coefficients, outsiders, years, exposed(years, opened), start, chance)
    before = np.zeros((paths, len(known.years) - len(years), len(known.iso3)), dtype=bool)
    member = np.concatenate((before, joined), axis=1)
    return AccessionPaths(known.iso3, known.years, member, in_force(member.sum(2), threshold))


def in_force(size: NDArray[np.integer[Any]], threshold: int) -> Flags:
    """(paths, years) whether a convention of (paths, years) members is in force; one without members never is."""
    return np.asarray(size >= max(threshold, 1))


def fan_table(simulated: Mapping[str, AccessionPaths], scenarios: Sequence[Scenario]) -> pl.DataFrame:
    """`model.accession_fan`: number of members by year, simulated and as the scenario files date them.

    A scenario that was not simulated, such as the status quo, has no rows.
    """
    rows = []
    for scenario in scenarios:
        if scenario.name not in simulated:
            continue
        paths = simulated[scenario.name]
        size = paths.size
        quantiles = np.quantile(size, list(QUANTILES.values()), axis=0, method="inverted_cdf")
        for at, year in enumerate(paths.years):
            rows.append(
                {
                    "scenario": scenario.name,
                    "year": year,
                    "mean": float(size[:, at].mean()),
                    **dict(zip(QUANTILES, quantiles[:, at].tolist(), strict=True)),
                    "assumed": sum(day.year <= year for day in scenario.joins.values()),
                    "p_in_force": float(paths.in_force[:, at].mean()),
                    "unit": "members",
                }
            )
    return pl.DataFrame(rows, schema=FAN)


def calibration_table(
    found: Mapping[str, Hazard | NotEstimated], known: Covariates, risk: RiskSet, seed: int, draws: int = 2000
) -> pl.DataFrame:
    """`model.accession_calibration`: ratifications expected and observed, in the years of a fit and after them.

    Parameters
    ----------
    found : fits by name, of which `all` and `before_2015` are held to the records; one not estimated has no rows
    known, risk : what the fits were made from

    Notes
    -----
    `all` takes each country-year at risk as it was. `before_2015` is rolled forward from the parties of the end of
    2014: rule of law, income and the Council as observed, who joins and so neighbours as simulated. A draw is one of
    the coefficients and one of the chances of joining; the interval holds both.
    """
    last = risk.through.year
    rows = []
    within, ahead = found.get("all"), found.get("before_2015")
    if isinstance(within, Hazard):
        coefficients = within.draw(draws, np.random.default_rng([seed, 2]))
        rng = np.random.default_rng([seed, 3])
        for first, end in SPANS:
            at = (risk.year >= first) & (risk.year <= end)
            if at.any():
                hazard = risk.exposure[at] * np.exp(within.log_hazard(risk.terms[at], coefficients))
                number = (hazard > rng.standard_exponential(hazard.shape)).sum(1)
                mean = float(-np.expm1(-hazard).mean(0).sum())
                rows.append(_calibrated("all", first, min(end, last), mean, number, risk))
    if isinstance(ahead, Hazard) and last >= UNSEEN_FROM:
        coefficients = ahead.draw(draws, np.random.default_rng([seed, 2]))
        chance = np.random.default_rng([seed, 3]).standard_exponential((draws, len(known.iso3)))
        years = tuple(range(UNSEEN_FROM, last + 1))
        start = np.full(len(known.iso3), False)
        start[risk.economy[risk.event & (risk.year < UNSEEN_FROM)]] = True
        exposure = exposed(years, risk.opened, risk.through)
        size = _roll(ahead, coefficients, known, years, exposure, start, chance).sum(2)
        size = np.column_stack((np.full(draws, start.sum()), size))
        for first, end in UNSEEN_SPANS:
            if first <= last:
                number = size[:, min(end, last) + 1 - UNSEEN_FROM] - size[:, first - UNSEEN_FROM]
                rows.append(_calibrated("before_2015", first, min(end, last), float(number.mean()), number, risk))
    return pl.DataFrame(rows, schema=CALIBRATION)


def _calibrated(
    fit: str, first: int, last: int, expected: float, number: NDArray[np.integer[Any]], risk: RiskSet
) -> dict[str, object]:
    """A row of `calibration_table` from (draws,) simulated numbers of ratifications in a span of years."""
    lower, upper = np.quantile(number, (0.05, 0.95), method="inverted_cdf").tolist()
    observed = int((risk.event & (risk.year >= first) & (risk.year <= last)).sum())
    return {
        "fit": fit,
        "span": f"{first}-{last}",
        "expected": expected,
        "lower": lower,
        "upper": upper,
        "observed": observed,
    }


def _roll(
    hazard: Hazard,
    coefficients: Array,
    known: Covariates,
    years: Sequence[int],
    exposure: tuple[Array, Array],
    start: Flags,
    chance: Array,
) -> Flags:
    """(paths, years, economies) members by the end of each year.

    `start` (economies,) are members before the first year, `exposure` is what `exposed` says of the years, `chance`
    (paths, economies) the standard exponential that an economy's cumulated hazard must pass for it to join: given that
    it has not joined before, it then joins in a year with probability 1 - exp(-hazard of the year).
    """
    nobody = np.zeros(len(known.iso3))
    slope = np.zeros(chance.shape[0])
    if "neighbours" in hazard.terms:
        column = hazard.terms.index("neighbours")
        slope = coefficients[:, 1 + column] / hazard.scale[column]
    member = np.broadcast_to(start, chance.shape)
    cumulated = np.zeros(chance.shape)
    found = np.zeros((chance.shape[0], len(years), len(known.iso3)), dtype=bool)
    for at, (year, part, time) in enumerate(zip(years, *exposure, strict=True)):
        log_hazard = hazard.log_hazard(known.terms(year, time, nobody, known.council), coefficients)
        log_hazard += slope[:, None] * known.neighbours(member)
        cumulated += part * np.exp(log_hazard)
        member = member | (cumulated > chance)
        found[:, at] = member
    return found
