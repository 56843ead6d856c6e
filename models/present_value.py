"""Net benefit over the years as one number, under a menu of discount rates.

Yearly net benefits come from the evaluation of a scenario's years; how they are computed is not decided here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.counterfactual import DEFAULT_SET, Evaluation, Point
from models.gdp import BASE_YEAR
from models.mechanisms import mechanisms_of

Array = NDArray[np.float64]

CONSTANT_RATES = (0.03, 0.05, 0.07)
USD = "USD bn, 2020 prices"


def discount_factors(years: Sequence[int], growth: Array, time_preference: float, aversion: float) -> dict[str, Array]:
    """(years,) value in the base year of one dollar of each year, by name of the rate.

    Parameters
    ----------
    growth : (years,) real world GDP of each year over that of the base year
    time_preference, aversion : of the Ramsey rate, per year and elasticity of marginal utility

    Errors: ValueError where a factor would not fall below a perpetuity's, that is where a rate is not above -1.

    Notes
    -----
    3, 5 and 7 % are constant. `ramsey` is exp(-delta t) (Y_t / Y_0)^-eta, the rate delta + eta g of Ramsey (1928) year
    by year. `declining` is the mean of the three constant factors: who believes each rate equally discounts at a rate
    that falls with time (Weitzman 1998).
    """
    time = np.asarray(years, dtype=np.float64) - BASE_YEAR
    if time_preference <= -1 or (growth <= 0).any():
        raise ValueError("a discount factor needs a time preference above -1 and positive output")
    constant = {f"{100 * rate:g} %": (1 + rate) ** -time for rate in CONSTANT_RATES}
    return {
        **constant,
        "ramsey": np.exp(-time_preference * time) * growth**-aversion,
        "declining": np.mean(list(constant.values()), axis=0),
    }


def net_present_values(
    evaluation: Evaluation,
    points: Sequence[Point],
    clauses: Mapping[str, frozenset[str]],
    time_preference: float,
    aversion: float,
) -> pl.DataFrame:
    """`model.net_present_value`: avoided loss less costs over the scenario's years, default effect set."""
    world = evaluation.ensemble.world
    rows = []
    for scenario, own in clauses.items():
        years = [p for p in points if p.scenario == scenario and p.metric == "scenario" and p.year != BASE_YEAR]
        if all(p.is_status_quo for p in years):
            continue
        growth = np.array([world.gdp @ world.growth_in(p.year) for p in years]) / world.gdp.sum()
        factors = discount_factors([p.year for p in years], growth, time_preference, aversion)
        for mechanism in mechanisms_of(own):
            outcomes = [evaluation.outcome(p, DEFAULT_SET, mechanism) for p in years]
            net = np.stack([o.avoided - o.price - p.cost.sum() for o, p in zip(outcomes, years, strict=True)])
            for name, factor in factors.items():
                value = factor @ net
                low, middle, high = np.quantile(value, (0.05, 0.5, 0.95))
                row = (float(value.mean()), float(low), float(middle), float(high), float(np.mean(value > 0)))
                rows.append((scenario, mechanism, name, *row, USD))
    names = ["scenario", "mechanisms", "discount", "mean", "p05", "p50", "p95", "p_pays", "unit"]
    kinds = [pl.String] * 3 + [pl.Float64] * 5 + [pl.String]
    return pl.DataFrame(rows, schema=dict(zip(names, kinds, strict=True)), orient="row")
