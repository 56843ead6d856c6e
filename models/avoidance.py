"""How likely a convention is to avoid more than some share of the loss, at every adoption and under every effect set.

Medians, intervals and the chance of avoiding nothing are in `counterfactual_table`; this is the upper end, on the same
draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.counterfactual import Evaluation, Point
from models.gdp import BASE_YEAR
from models.mechanisms import mechanisms_of
from models.statistics import scramble_error

Array = NDArray[np.float64]

THRESHOLDS = (0.0, 0.01, 0.05, 0.1)
"""Shares of the status-quo loss."""


def avoidance_odds(
    evaluation: Evaluation, points: Sequence[Point], clauses: Mapping[str, frozenset[str]]
) -> pl.DataFrame:
    """`model.avoidance_odds`: P(avoided loss > threshold x status-quo loss) by point, effect set and mechanism.

    Only the effects of one year, fully phased in, at the 2020 baseline; level 0 has nothing to avoid and is left out.
    `clauses` of each scenario say under which mechanisms its points are evaluated.
    """
    scrambles = evaluation.ensemble.draws.scrambles
    rows = []
    before: dict[bytes, Array] = {}
    for point in points:
        if point.year != BASE_YEAR or point.is_status_quo:
            continue
        growth = point.state.growth
        loss = before.setdefault(growth.tobytes(), evaluation.ensemble.baseline.loss @ growth)
        for mechanism in mechanisms_of(clauses[point.scenario]):
            for effect_set in evaluation.results:
                avoided = evaluation.outcome(point, effect_set, mechanism).avoided
                own = (point.scenario, mechanism, effect_set, point.metric, point.level)
                for threshold in THRESHOLDS:
                    by_scramble = (avoided > threshold * loss).reshape(scrambles, -1).mean(1)
                    rows.append((*own, threshold, float(by_scramble.mean()), float(scramble_error(by_scramble))))
    return pl.DataFrame(
        rows,
        schema={
            **dict.fromkeys(("scenario", "mechanisms", "effect_set", "adoption_metric"), pl.String),
            **dict.fromkeys(("adoption_level", "threshold", "p_above", "mcse"), pl.Float64),
        },
        orient="row",
    ).with_columns(pl.lit(evaluation.ensemble.draws.size, pl.Int32).alias("draws"), pl.lit("probability").alias("unit"))
