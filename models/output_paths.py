"""GDP over the years of each scenario: from its yearly losses, as evaluated, to paths by income group.

What a loss does to output is in `gdp_loss` and `growth_path`, the table in `growth_table`; here the evaluation of a
scenario meets them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.counterfactual import DEFAULT_SET, Evaluation, Point
from models.flows import class_share
from models.gdp import BASE_YEAR
from models.gdp_loss import gdp_per_loss
from models.growth_path import avoided_by_group, status_quo_by_group
from models.growth_table import gdp_path_table
from models.mechanisms import mechanisms_of
from models.study import Study

Array = NDArray[np.float64]


def output_paths(
    study: Study,
    evaluation: Evaluation,
    points: Sequence[Point],
    clauses: Mapping[str, frozenset[str]],
    table: pl.DataFrame,
) -> pl.DataFrame:
    """`model.gdp_path` of scenarios with members, everything in the text, default effect set.

    `table` is `model.counterfactual`, from which the means of economies are taken; a group has its own mean, and of the
    world's deviation from it the share of its GDP loss.
    """
    world, draws = study.world, study.draws
    per_loss, share = gdp_per_loss(draws, study.settings.defence_share), class_share(draws)
    of_all = np.asarray(sum(share[k] * per_loss[k] for k in share))
    growth = np.vstack([world.growth_in(year) for year in (BASE_YEAR, *world.years)])
    weights = (of_all @ study.baseline.loss / draws.size) * growth
    gdp, lost = status_quo_by_group(world, study.baseline.loss, of_all)
    avoided = {}
    for scenario, own in clauses.items():
        years = [p for p in points if p.scenario == scenario and p.metric == "scenario" and p.year != BASE_YEAR]
        if all(p.is_status_quo for p in years):
            continue
        mechanism = mechanisms_of(own)[-1]
        outcomes = [evaluation.outcome(p, DEFAULT_SET, mechanism).output for p in years]
        spared = np.column_stack([np.zeros(draws.size), *(o for o in outcomes if o is not None)])
        means = _means(table, scenario, mechanism, world.iso3, [p.year for p in years])
        avoided[scenario, mechanism] = avoided_by_group(world, spared, np.vstack((0 * means[:1], means)), weights)
    if not avoided:
        return pl.DataFrame(schema=EMPTY)
    saved = draws["saved_share_of_loss"]
    return gdp_path_table((BASE_YEAR, *world.years), gdp, lost, avoided, saved, study.time_preference, study.aversion)


EMPTY = {
    **dict.fromkeys(("scenario", "mechanisms", "income_group"), pl.String),
    "year": pl.Int32,
    "measure": pl.String,
    **dict.fromkeys(("mean", "p05", "p50", "p95"), pl.Float64),
    "unit": pl.String,
}


def _means(table: pl.DataFrame, scenario: str, mechanism: str, iso3: Sequence[str], years: Sequence[int]) -> Array:
    """(years, economies) mean GDP loss avoided."""
    rows = table.filter(
        (pl.col("scenario") == scenario)
        & (pl.col("mechanisms") == mechanism)
        & (pl.col("effect_set") == DEFAULT_SET)
        & (pl.col("adoption_metric") == "scenario")
        & (pl.col("measure") == "avoided_gdp_loss")
        & (pl.col("iso3") != "WLD")
    )
    wide = rows.pivot("iso3", index="year", values="mean")
    return (
        wide.join(pl.DataFrame({"year": years}, schema={"year": pl.Int32}), on="year")
        .sort("year")
        .select(iso3)
        .to_numpy()
    )
