"""The baseline from below and from above: published rates averaged with their weights shown, and whether they meet.

From below: attacks counted or surveyed, times what one costs. From above: a share of the economy by analogy, or by
assumed exposures. The random-effects synthesis of the ledger is in `baseline`; what is averaged here are whole
distributions, so that disagreement widens the result instead of narrowing it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr
from scipy.stats import t as student_t

from models.baseline import BASE_YEAR, WITHOUT_RANGE_SE, log_shares
from models.claims import ONE_TRILLION
from models.ledger import gdp_of, world_gdp
from models.synthesis import pool

Array = NDArray[np.float64]

BELOW, ABOVE = "bottom_up", "top_down"
APPROACH: Mapping[str, str] = {
    "cea_2018": BELOW,
    "uk_dsit_kpmg_2025": BELOW,
    "bitkom_de_2023_cyber": BELOW,
    "csis_2020_loss": ABOVE,
    "rand_2018_direct": ABOVE,
    "detica_2011": ABOVE,
}
"""How each figure in the fit was made (a judgement): incidents or answers scaled up, or rates applied to an economy."""
REPORTED_SHARE = 0.2
"""Part of the loss that is reported (a judgement): of the victims of the Hive ransomware about one in five had."""
WEIGHTINGS = ("equal", "precision", "by_approach")
UNITS = {"share": "fraction of GDP", "usd_bn": "USD bn of 2020", "ratio": "top-down over bottom-up"}
QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}


@dataclass(frozen=True)
class Candidate:
    """One way to the baseline: a lognormal share of GDP. `log_share` is its median's log, `se` its spread in logs."""

    name: str
    approach: str
    interest: str
    log_share: float
    se: float

    def __post_init__(self) -> None:
        if self.approach not in (BELOW, ABOVE):
            raise ValueError(f"{self.name}: approach is {BELOW} or {ABOVE}, not {self.approach}")
        if not (math.isfinite(self.log_share) and math.isfinite(self.se) and self.se > 0):
            raise ValueError(f"{self.name}: needs a finite log share and a spread above zero")


def candidates(
    estimates: pl.DataFrame, gdp: pl.DataFrame, ic3: pl.DataFrame, further: Sequence[Candidate] = ()
) -> list[Candidate]:
    """The ledger's rows in the fit, the complaints to IC3 raised to all victims, and `further` ones of the caller.

    IC3 is the newest year whose GDP is on file, over the reported share; its spread is that of a figure without a
    range. ValueError for a row of the ledger whose approach is not known.
    """
    rows = log_shares(estimates, gdp)
    unknown = [name for name in rows["estimate_id"] if name not in APPROACH]
    if unknown:
        raise ValueError(f"estimate {unknown[0]} is in the fit, but its approach is not known")
    found = [
        Candidate(row["estimate_id"], APPROACH[row["estimate_id"]], row["interest"], row["log_share"], row["se"])
        for row in rows.iter_rows(named=True)
    ]
    known = gdp.filter(pl.col("iso3") == "USA")["year"]
    totals = ic3.filter(pl.col("loss_usd").is_not_null() & pl.col("year").is_in(known.implode())).sort("year")
    year, loss = totals.select("year", "loss_usd").row(-1)
    share = loss / 1e9 / REPORTED_SHARE / gdp_of(gdp, "USA", year)
    found.append(Candidate(f"ic3_{year}_reported", BELOW, "government", math.log(share), WITHOUT_RANGE_SE))
    return [*found, *further]


def weights(rows: Sequence[Candidate], weighting: str) -> Array:
    """(candidates,) weights that sum to one.

    Notes
    -----
    `equal`; `precision`, 1 / (tau^2 + se^2) with the tau of the random-effects fit; `by_approach`, half of the whole
    for each approach that is there and by precision within it, so that many figures of one kind count no more than few.
    """
    if weighting not in WEIGHTINGS:
        raise ValueError(f"unknown weighting '{weighting}'; known: {', '.join(WEIGHTINGS)}")
    if not rows:
        raise ValueError("there is nothing to average")
    if weighting == "equal":
        return np.full(len(rows), 1 / len(rows))
    log_share, se = (np.array([getattr(c, name) for c in rows]) for name in ("log_share", "se"))
    tau = pool(log_share, se).tau if len(rows) > 1 else 0.0
    precision = 1 / (tau**2 + se**2)
    if weighting == "by_approach":
        approaches = [c.approach for c in rows]
        for approach in set(approaches):
            own = np.array([a == approach for a in approaches])
            precision[own] /= precision[own].sum()
    return np.asarray(precision / precision.sum())


@dataclass(frozen=True)
class Average:
    """A linear pool: a mixture of lognormal shares of GDP with weights (candidates,)."""

    rows: tuple[Candidate, ...]
    weight: Array

    def cdf(self, share: float) -> float:
        """Probability that the loss is at most this share of GDP."""
        z = [(math.log(share) - c.log_share) / c.se for c in self.rows]
        return float(self.weight @ ndtr(np.array(z)))

    def quantile(self, p: float) -> float:
        """Quantile p of the share of GDP."""
        ends = [c.log_share + sign * 12 * c.se for c in self.rows for sign in (-1, 1)]
        return math.exp(float(brentq(lambda y: self.cdf(math.exp(y)) - p, min(ends), max(ends), xtol=1e-12)))


def average(rows: Sequence[Candidate], weighting: str) -> Average:
    """The candidates averaged under one of `WEIGHTINGS` (Stone 1961: the linear opinion pool)."""
    return Average(tuple(rows), weights(rows, weighting))


@dataclass(frozen=True)
class Meeting:
    """How far apart the two approaches are: the ratio of their pooled medians with its interval, and the p value."""

    ratio: float
    lower: float
    upper: float
    p_value: float
    n: int


def meeting(rows: Sequence[Candidate]) -> Meeting:
    """Top-down over bottom-up, by a random-effects fit with the approach as its covariate; 90 % interval.

    ValueError where one of the approaches has no figure, or there are fewer than three in all.
    """
    from_above = np.array([float(c.approach == ABOVE) for c in rows])
    if not 0 < from_above.sum() < len(rows):
        raise ValueError("both approaches need a figure before they can meet")
    fit = pool(np.array([c.log_share for c in rows]), np.array([c.se for c in rows]), from_above)
    gap, se = fit.coefficients[0], fit.coefficient_se[0]
    reach = float(student_t.ppf(0.95, fit.df)) * se
    p_value = float(2 * student_t.sf(abs(gap) / se, fit.df)) if se > 0 else float(gap == 0)
    return Meeting(math.exp(gap), math.exp(gap - reach), math.exp(gap + reach), p_value, fit.n)


def selections(rows: Sequence[Candidate]) -> dict[str, list[Candidate]]:
    """Which candidates are averaged: all, each approach alone, without vendors, each one left out."""
    found = {
        "all": list(rows),
        BELOW: [c for c in rows if c.approach == BELOW],
        ABOVE: [c for c in rows if c.approach == ABOVE],
        "without_vendors": [c for c in rows if c.interest != "vendor"],
    }
    found |= {f"leave_out:{left.name}": [c for c in rows if c is not left] for left in rows}
    return {name: chosen for name, chosen in found.items() if chosen}


def averaging_table(rows: Sequence[Candidate], gdp: pl.DataFrame) -> pl.DataFrame:
    """`model.averaging`: the averaged loss under each selection and weighting, and the ratio of the approaches.

    `p_below_1tn` is the probability that the loss is at most the op-ed's figure; null for the ratio, whose `p_value` is
    that of the two approaches being alike.
    """
    output = world_gdp(gdp, BASE_YEAR)
    found: list[tuple[object, ...]] = []
    for selection, chosen in selections(rows).items():
        for weighting in WEIGHTINGS:
            own = average(chosen, weighting)
            share, below = np.array([own.quantile(p) for p in QUANTILES.values()]), own.cdf(ONE_TRILLION / output)
            for quantity, factor in (("share", 1.0), ("usd_bn", output)):
                values = (factor * share).tolist()
                found.append((selection, weighting, quantity, len(chosen), *values, below, None, UNITS[quantity]))
    apart = meeting(rows)
    ends = (apart.lower, None, apart.ratio, None, apart.upper)
    found.append(("all", "random_effects", "ratio", apart.n, *ends, None, apart.p_value, UNITS["ratio"]))
    names = ["selection", "weighting", "quantity", "n", *QUANTILES, "p_below_1tn", "p_value", "unit"]
    return pl.DataFrame(found, schema=names, orient="row", infer_schema_length=None)


def weight_table(rows: Sequence[Candidate]) -> pl.DataFrame:
    """`model.averaging_weight`: each candidate's share of GDP, and its weight under each weighting of all of them."""
    frames = [
        pl.DataFrame(
            {
                "weighting": [weighting] * len(rows),
                "candidate": [c.name for c in rows],
                "approach": [c.approach for c in rows],
                "interest": [c.interest for c in rows],
                "share": [math.exp(c.log_share) for c in rows],
                "se": [c.se for c in rows],
                "weight": weights(rows, weighting),
                "unit": [UNITS["share"]] * len(rows),
            }
        )
        for weighting in WEIGHTINGS
    ]
    return pl.concat(frames)
