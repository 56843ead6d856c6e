"""Whose welfare: the avoided loss of a convention under each standing of those who gain from attacks.

The loss itself is everywhere else; which part of it is a transfer, and what attacking states gain, are priors.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

import numpy as np
import polars as pl
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from models.counterfactual import DEFAULT_SET, Point
from models.gdp import BASE_YEAR
from models.mechanisms import fullest
from models.setting import Conventions, Setting, default_betas, kernels
from models.study import Study

Array = NDArray[np.float64]

USD = "USD bn, 2020 prices"
NATIONAL = ("avoided_loss", "cost", "yield_forgone", "net")


def welfare_table(study: Study, points: Sequence[Point]) -> pl.DataFrame:
    """`model.welfare` at the headline points, default effect set, everything in the text.

    Notes
    -----
    model.md 5: welfare loss = transfers paid - omega transfers received + direct + indirect - rho sum F_state.
    `victims` has omega = rho = 0; `transfers_cancel` omega = 1; `with_states` rho as drawn for the states that attack;
    `authors` is the change in what those states gain, alone. No transfer is in class state.
    """
    draws = study.draws
    rows = []
    with threadpool_limits(1):
        whole = Conventions(Setting.of(study), points)
        effects = kernels(whole.ensemble, default_betas(study))
        law, conduct = whole.ensemble.run_factored(effects), whole.conduct()
        without_crime = copy(whole.ensemble)
        without_crime.share = {**whole.ensemble.share, "criminal": np.zeros(draws.size)}
        others = without_crime.run_factored(effects)
        outcomes = whole.outcomes(law, conduct)
    for point, outcome, other, own in zip(points, outcomes, others, conduct, strict=True):
        state = np.zeros(draws.size) if own is None else own.deterred
        # what is neither state conduct nor the law's on class other is crime, freed effort and proxies included
        crime = outcome.avoided - state - other.avoided
        transfers = draws["transfer_share_criminal"] * crime + draws["transfer_share_other"] * other.avoided
        taken = draws["attacker_gain"] * state
        standings = {
            "victims": outcome.avoided,
            "transfers_cancel": outcome.avoided - transfers,
            "with_states": outcome.avoided - taken,
            "authors": -taken,
        }
        for standing, values in standings.items():
            low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
            worse = float(np.mean(values <= 0))
            rows.append(
                (point.scenario, standing, float(values.mean()), float(low), float(middle), float(high), worse, USD)
            )
    names = ["scenario", "standing", "mean", "p05", "p50", "p95", "p_not_better", "unit"]
    return pl.DataFrame(rows, schema=names, orient="row")


def national_welfare(study: Study, points: Sequence[Point], table: pl.DataFrame) -> pl.DataFrame:
    """`model.national_welfare`: each economy's own account at the headline points, means over the draws.

    `table` is `model.counterfactual`, from which the avoided loss and the cost of each economy are taken; what its own
    attacks no longer yield comes on top (model.md 5, rho as drawn).
    """
    mechanisms = Conventions(Setting.of(study), points).mechanisms
    headline = table.filter(
        (pl.col("adoption_metric") == "scenario")
        & (pl.col("year") == BASE_YEAR)
        & (pl.col("effect_set") == DEFAULT_SET)
        & (pl.col("iso3") != "WLD")
    )
    frames = []
    with threadpool_limits(1):
        for point in points:
            state, mechanism = point.state, fullest(point.state)
            yielded = np.zeros(study.world.size)
            if state.members is not None:
                effects, kappa = mechanisms.effects(state, mechanism), mechanisms.kappa(state)
                yielded = mechanisms.ensemble.fall_by_origin(state, effects, kappa, study.draws["attacker_gain"])
            own = headline.filter((pl.col("scenario") == point.scenario) & (pl.col("mechanisms") == mechanism))
            mean = {
                measure: dict(own.filter(pl.col("measure") == measure).select("iso3", "mean").iter_rows())
                for measure in ("avoided_loss", "net_benefit")
            }
            avoided, net = (
                np.array([mean[m][code] for code in study.world.iso3]) for m in ("avoided_loss", "net_benefit")
            )
            frames.append(
                pl.DataFrame(
                    {
                        "scenario": [point.scenario] * study.world.size,
                        "iso3": study.world.iso3,
                        "avoided_loss": avoided,
                        "cost": avoided - net,
                        "yield_forgone": yielded,
                        "net": net - yielded,
                        "unit": [USD] * study.world.size,
                    }
                )
            )
    schema = {"scenario": pl.String, "iso3": pl.String, **dict.fromkeys(NATIONAL, pl.Float64), "unit": pl.String}
    return pl.concat(frames) if frames else pl.DataFrame(schema=schema)
