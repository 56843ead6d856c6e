"""The counterfactual table: measures by scenario, adoption, year, effect set and economy, with their summaries.

Which states there are is decided in `counterfactual`; nothing is evaluated here but averages and quantiles.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.counterfactual import DEFAULT_SET, Evaluation, Point
from models.economies import ByEconomy, covered_share
from models.statistics import QUANTILES, scramble_error, sorted_quantiles

Array = NDArray[np.float64]

MECHANISMS = "law"
WORLD = "WLD"
MEASURES = {
    "loss": "USD bn, 2020 prices",
    "covered": "USD bn, 2020 prices",
    "deterred": "USD bn, 2020 prices",
    "displaced": "USD bn, 2020 prices",
    "avoided_loss": "USD bn, 2020 prices",
    "avoided_share": "fraction of status-quo loss",
    "net_benefit": "USD bn, 2020 prices",
}
NO_DIRECTION = ("covered", "displaced")
"""Measures on which more is neither better nor worse by itself: they carry no probability."""
AT_A_TIME = ECONOMIES_AT_A_TIME = 8
"""States or economies summarized together: enough to outweigh the calls, few enough to stay small in memory."""
STATISTICS = ("mean", *QUANTILES, "mcse", "mcse_p50", "p_not_better")


@dataclass(frozen=True)
class MeasureDraws:
    """(rows, draws) of what the measures are made of, USD bn of 2020; a row is an economy or the world."""

    status_quo: Array
    covered: Array
    deterred: Array
    displaced: Array
    cost: Array

    def measures(self) -> dict[str, Array]:
        """(rows, draws) of every measure but `net_benefit`, which is the avoided loss shifted by a cost."""
        avoided = self.deterred - self.displaced
        share = np.divide(avoided, self.status_quo, out=np.zeros_like(avoided), where=self.status_quo > 0)
        return {
            "loss": self.status_quo - avoided,
            "covered": self.covered,
            "deterred": self.deterred,
            "displaced": self.displaced,
            "avoided_loss": avoided,
            "avoided_share": share,
        }


def summarize(found: MeasureDraws, scrambles: int, with_median_error: bool = True) -> Array:
    """(rows, measures, statistics) in the order of `MEASURES` and `STATISTICS`.

    `p_not_better` is the probability that nothing is avoided (that the avoided loss does not exceed the cost, for the
    net benefit); NaN where a measure has no direction. The error of the median is given for what is printed with it:
    the avoided loss, its share and the net benefit.
    """
    rows = found.status_quo.shape[0]
    summary = np.full((rows, len(MEASURES), len(STATISTICS)), np.nan)
    quantiles = slice(1, 1 + len(QUANTILES))
    mean_error = STATISTICS.index("mcse")
    measures = found.measures()
    avoided = measures["avoided_loss"]
    nothing = np.mean(avoided <= 0, axis=1)
    for k, (name, values) in enumerate(measures.items()):
        by_scramble = values.reshape(rows, scrambles, -1)
        summary[:, k, 0] = values.mean(1)
        summary[:, k, quantiles] = sorted_quantiles(np.sort(values, axis=1))
        summary[:, k, mean_error] = scramble_error(by_scramble.mean(2))
        if with_median_error and name in ("avoided_loss", "avoided_share"):
            summary[:, k, mean_error + 1] = scramble_error(np.median(by_scramble, 2))
        summary[:, k, -1] = np.nan if name in NO_DIRECTION else nothing
    summary[:, list(measures).index("deterred"), -1] = np.mean(found.deterred <= 0, axis=1)
    net = summary[:, list(measures).index("avoided_loss")].copy()
    net[:, : 1 + len(QUANTILES)] -= found.cost[:, None]
    net[:, -1] = np.mean(avoided <= found.cost[:, None], axis=1)
    summary[:, -1] = net
    return summary


class Summaries:
    """Summaries of world totals and of economies, each distinct state computed once."""

    def __init__(self, evaluation: Evaluation, workers: int = 2) -> None:
        self.evaluation, self.workers = evaluation, workers
        self.scrambles = evaluation.ensemble.draws.scrambles
        self._covered = covered_share(evaluation.ensemble)
        self._before: dict[bytes, Array] = {}
        self._world: dict[tuple[str, int, float], Array] = {}
        self._economies: dict[tuple[int, bytes], Array] = {}

    def draws(self, pairs: Sequence[tuple[Point, str]]) -> MeasureDraws:
        """World totals of (point, effect set) pairs, one row each."""
        before = np.stack([self._before[point.state.growth.tobytes()] for point, _ in pairs])
        results = [self.evaluation.results[name][self.evaluation.index(point)] for point, name in pairs]
        return MeasureDraws(
            before,
            before * self._covered,
            np.stack([r.deterred for r in results]),
            np.stack([r.displaced for r in results]),
            np.array([point.cost.sum() for point, _ in pairs]),
        )

    def prepare(self, points: Sequence[Point]) -> None:
        """Summarize the world for all points under all effect sets, in parallel; the result does not depend on it."""
        wanted = {
            (name, self.evaluation.index(point), float(point.cost.sum())): (point, name)
            for point in points
            for name in self.evaluation.results
        }
        loss = self.evaluation.ensemble.baseline.loss
        distinct = {point.state.growth.tobytes(): point.state.growth for point in points}
        self._before = {key: loss @ growth for key, growth in distinct.items()}
        pairs = list(wanted.values())
        groups = [pairs[k : k + AT_A_TIME] for k in range(0, len(pairs), AT_A_TIME)]
        with ThreadPoolExecutor(self.workers) as pool:
            found = pool.map(lambda group: summarize(self.draws(group), self.scrambles), groups)
            self._world |= dict(zip(wanted, np.concatenate(list(found)), strict=True))

    def world(self, point: Point, effect_set: str) -> Array:
        """(1, measures, statistics) of a point; no probability where no economy is in."""
        summary = self._world[effect_set, self.evaluation.index(point), float(point.cost.sum())][None]
        return without_probability(summary) if point.is_status_quo else summary

    def economies(self, point: Point) -> Array:
        """(economies, measures, statistics) of a point under the default effect set; quantiles where it is detailed."""
        means = _economy_means(self.evaluation.means[self.evaluation.index(point)], point.cost)
        if not point.detailed:
            values = np.full((*means.shape[::-1], len(STATISTICS)), np.nan)
            values[:, :, 0] = means.T
            return values
        key = self.evaluation.index(point), point.cost.tobytes()
        if key not in self._economies:
            self._economies[key] = self._economy_draws(point)
        values = self._economies[key].copy()
        values[:, :, 0] = means.T
        return without_probability(values) if point.is_status_quo else values

    def _economy_draws(self, point: Point) -> Array:
        found = self.evaluation.economy_draws(point, self.workers)
        parts = (found.status_quo, found.covered, found.deterred, found.displaced)
        rows = np.array_split(np.arange(point.cost.size), -(-point.cost.size // ECONOMIES_AT_A_TIME))

        def block(k: NDArray[np.int64]) -> Array:
            status_quo, covered, deterred, displaced = (part[k] for part in parts)
            own = MeasureDraws(status_quo, covered, deterred, displaced, point.cost[k])
            return summarize(own, self.scrambles, with_median_error=False)

        with ThreadPoolExecutor(self.workers) as pool:
            return np.concatenate(list(pool.map(block, rows)))


def without_probability(summary: Array) -> Array:
    """The summary with no `p_not_better`: at level 0 the question does not arise."""
    blank = summary.copy()
    blank[..., STATISTICS.index("p_not_better")] = np.nan
    return blank


def _economy_means(found: ByEconomy, cost: Array) -> Array:
    """(measures, economies) means; the share is the ratio of means."""
    avoided = found.deterred - found.displaced
    share = np.divide(avoided, found.status_quo, out=np.zeros_like(avoided), where=found.status_quo > 0)
    return np.stack(
        (found.status_quo - avoided, found.covered, found.deterred, found.displaced, avoided, share, avoided - cost)
    )


def _frame(
    points: Sequence[tuple[Point, str]], iso3: Sequence[str], values: Sequence[Array], draws: int
) -> pl.DataFrame:
    """Rows of (point, effect set) pairs; each of `values` is (economies, measures, statistics), NaN if not computed."""
    rows = pl.DataFrame({"iso3": list(iso3)}).join(
        pl.DataFrame({"measure": list(MEASURES), "unit": list(MEASURES.values())}), how="cross"
    )
    owners = pl.DataFrame(
        [(p.scenario, MECHANISMS, effect_set, p.metric, p.level, p.year) for p, effect_set in points],
        schema={
            "scenario": pl.String,
            "mechanisms": pl.String,
            "effect_set": pl.String,
            "adoption_metric": pl.String,
            "adoption_level": pl.Float64,
            "year": pl.Int32,
        },
        orient="row",
    ).join(rows, how="cross", maintain_order="left_right")
    numbers = pl.from_numpy(np.concatenate(values).reshape(-1, len(STATISTICS)), schema=list(STATISTICS))
    return pl.concat((owners, numbers), how="horizontal").with_columns(
        pl.col(STATISTICS).fill_nan(None), pl.lit(draws, pl.Int32).alias("draws")
    )


def counterfactual_table(evaluation: Evaluation, points: Sequence[Point]) -> pl.DataFrame:
    """`model.counterfactual` for the points given: the world under every effect set, economies under the default."""
    draws = evaluation.ensemble.draws.size
    summaries = Summaries(evaluation)
    summaries.prepare(points)
    world = [(point, effect_set) for point in points for effect_set in evaluation.results]
    economies = [(point, DEFAULT_SET) for point in points]
    return pl.concat(
        (
            _frame(world, (WORLD,), [summaries.world(*pair) for pair in world], draws),
            _frame(economies, evaluation.ensemble.world.iso3, [summaries.economies(p) for p in points], draws),
        )
    )
