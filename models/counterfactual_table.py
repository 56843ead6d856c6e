"""The counterfactual table: measures by scenario, mechanism, adoption, year, effect set and economy.

Each distinct state is summarized once; nothing is evaluated here but averages and quantiles. The measures are in
`measures`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.counterfactual import DEFAULT_SET, Evaluation, Point
from models.economies import covered_share, cut_draws_by_economy, draws_by_economy
from models.gdp import BASE_YEAR
from models.group_loss import Groups, group_summary, group_table
from models.measures import MEASURES, STATISTICS, MeasureDraws, statistics, summarize, without_probability
from models.mechanisms import mechanisms_of
from models.world import CLASSES, LAW_CLASSES

Array = NDArray[np.float64]

WORLD = "WLD"
AT_A_TIME = ECONOMIES_AT_A_TIME = 8
"""States or economies summarized together: enough to outweigh the calls, few enough to stay small in memory."""


Place = tuple[int, str, float]
"""A distinct state, a mechanism and a cost of enforcement: points that share them share their summary."""


class Summaries:
    """Summaries of world totals and of economies, each distinct state computed once."""

    def __init__(self, evaluation: Evaluation, workers: int = 2, groups: Groups | None = None) -> None:
        self.evaluation, self.workers, self.groups = evaluation, workers, groups
        self.scrambles = evaluation.ensemble.draws.scrambles
        ensemble, per_loss = evaluation.ensemble, evaluation.mechanisms.per_loss or {}
        self._gdp_per_loss = sum((share * per_loss[k] for k, share in ensemble.share.items()), np.zeros(1))
        self._gdp_loss = self._gdp_per_loss @ ensemble.baseline.loss / ensemble.draws.size
        self._before: dict[bytes, Array] = {}
        self._covered: dict[tuple[bytes, str, bool], Array] = {}
        self._of_states: dict[tuple[str, str, bool], tuple[Array, Array]] = {}
        self._covered_economies: dict[tuple[bytes, str, bool], Array] = {}
        self._world: dict[tuple[str, Place], Array] = {}
        self._economies: dict[tuple[int, str, bytes], Array] = {}
        self._of_groups: dict[tuple[int, str, bytes], Array] = {}

    def covered(self, point: Point, mechanism: str) -> Array:
        """(draws,) share of loss that the text covers in the classes on which the mechanism acts."""
        classes = LAW_CLASSES if mechanism == "law" else CLASSES
        return covered_share(self.evaluation.ensemble, point.state.definition, classes)

    def draws(self, cases: Sequence[tuple[Point, str, str]]) -> MeasureDraws:
        """World totals of (point, effect set, mechanism) cases, one row each."""
        before = np.stack([self._before[point.state.growth.tobytes()] for point, _, _ in cases])
        outcomes = [self.evaluation.outcome(*case) for case in cases]
        enforcement = np.array([point.cost.sum() for point, _, _ in cases])[:, None]
        priced = any(mechanism != "law" for _, _, mechanism in cases)
        known = [self._covered[self._covered_key(point, mechanism)] for point, _, mechanism in cases]
        output = [o.output for o in outcomes if o.output is not None]
        return MeasureDraws(
            before,
            before * np.stack([self.covered(point, mechanism) for point, _, mechanism in cases]),
            np.stack([o.deterred for o in outcomes]),
            np.stack([o.displaced for o in outcomes]),
            enforcement + np.stack([o.price for o in outcomes]) if priced else enforcement,
            np.stack(known),
            before * self._gdp_per_loss,
            np.stack(output),
        )

    def _covered_key(self, point: Point, mechanism: str) -> tuple[bytes, str, bool]:
        return point.state.growth.tobytes(), point.state.definition, mechanism == "law"

    def _place(self, point: Point, mechanism: str) -> Place:
        return self.evaluation.index(point), mechanism, float(point.cost.sum())

    def prepare(self, cases: Sequence[tuple[Point, str]]) -> None:
        """Summarize the world for (point, mechanism) cases under all effect sets, in parallel, whatever the workers."""
        wanted = {
            (name, self._place(point, mechanism)): (point, name, mechanism)
            for point, mechanism in cases
            for name in self.evaluation.results
        }
        loss = self.evaluation.ensemble.baseline.loss
        distinct = {point.state.growth.tobytes(): point.state.growth for point, _ in cases}
        self._before = {key: loss @ growth for key, growth in distinct.items()}
        for point, mechanism in cases:
            key = self._covered_key(point, mechanism)
            if key not in self._covered:
                covered = self._before[key[0]] * self.covered(point, mechanism)
                summary = np.append(statistics(covered[None], self.scrambles, False)[0], np.nan)
                self._covered[key] = summary
        # the law alone apart: its cost is constant, so its groups sort once less
        ordered = sorted(wanted, key=lambda key: key[1][1] != "law")
        first = sum(key[1][1] == "law" for key in ordered)
        groups = [
            part[k : k + AT_A_TIME]
            for part in (ordered[:first], ordered[first:])
            for k in range(0, len(part), AT_A_TIME)
        ]
        with ThreadPoolExecutor(self.workers) as pool:
            found = pool.map(
                lambda group: summarize(self.draws([wanted[key] for key in group]), self.scrambles), groups
            )
            self._world |= dict(zip(ordered, np.concatenate(list(found)), strict=True))

    def world(self, point: Point, effect_set: str, mechanism: str) -> Array:
        """(1, measures, statistics) of a point; no probability where no economy is in."""
        summary = self._world[effect_set, self._place(point, mechanism)][None]
        return without_probability(summary) if point.is_status_quo else summary

    def economies(self, point: Point, mechanism: str, detailed: bool) -> Array:
        """(economies, measures, statistics) of a point under the default effect set.

        Quantiles where `detailed` and the point is one of those that have them.
        """
        means = self._economy_means(point, mechanism)
        if not (detailed and point.detailed):
            values = np.full((*means.shape[::-1], len(STATISTICS)), np.nan)
            values[:, :, 0] = means.T
            return values
        key = self._of_economies(point, mechanism)
        if key not in self._economies:
            self._economies[key] = self._economy_draws(point, mechanism)
        # means of all points come from the same averages, so that they add up to the world's
        values = self._economies[key].copy()
        values[:, :, 0] = means.T
        return without_probability(values) if point.is_status_quo else values

    def of_groups(self, point: Point, mechanism: str) -> Array:
        """(groups, summed measures, statistics) of a point whose economies were summarized in detail."""
        summary = self._of_groups[self._of_economies(point, mechanism)]
        return without_probability(summary) if point.is_status_quo else summary

    def _of_economies(self, point: Point, mechanism: str) -> tuple[int, str, bytes]:
        return self.evaluation.index(point), mechanism, point.cost.tobytes()

    def _economy_means(self, point: Point, mechanism: str) -> Array:
        """(measures, economies) means; the share is the ratio of means."""
        index, state = self.evaluation.index(point), point.state
        found, cost = self.evaluation.means[index], point.cost
        covered, deterred, displaced = found.covered, found.deterred, found.displaced
        gdp_loss, output = self._gdp_loss * state.growth, self.evaluation.in_output[index]
        if self.evaluation.conduct_of(point, mechanism) is not None:
            beyond = self.evaluation.mechanisms
            ensemble, per_loss = beyond.ensemble, beyond.per_loss or {}
            effects, kappa = beyond.effects(state, mechanism), beyond.kappa(state)
            own, proxies = ensemble.mean_by_economy(state, effects, kappa)
            of_states, price = self._mean_of_states(point)
            spared, _ = ensemble.mean_by_economy(state, effects, kappa * per_loss["state"])
            _, returned = ensemble.mean_by_economy(state, effects, kappa * per_loss["criminal"])
            output = output + spared - returned + self.evaluation.cut_in_output[mechanism][index]
            covered = covered + of_states * state.growth
            deterred = deterred + own + self.evaluation.cut_means[mechanism][index]
            displaced = displaced + proxies
            cost = cost + price * state.growth * _members(point)
        avoided = deterred - displaced
        share = np.divide(avoided, found.status_quo, out=np.zeros_like(avoided), where=found.status_quo > 0)
        loss = found.status_quo - avoided
        return np.stack(
            (loss, covered, deterred, displaced, avoided, share, gdp_loss - output, output, loss, avoided - cost)
        )

    def _mean_of_states(self, point: Point) -> tuple[Array, Array]:
        """(economies,) mean covered loss to states, and mean price of consequences to a full member, in 2020."""
        beyond, state = self.evaluation.mechanisms, point.state
        key = (state.definition, state.belief, "consequences" in state.clauses)
        if key not in self._of_states:
            loss, kappa = self.evaluation.ensemble.baseline.loss, beyond.kappa(state)
            weights = np.stack((kappa * beyond.ensemble.share, beyond.price(state))) / kappa.size
            covered, price = weights @ loss
            self._of_states[key] = covered, price
        return self._of_states[key]

    def _economy_draws(self, point: Point, mechanism: str) -> Array:
        batch, effect, place = self.evaluation.at(point)
        index, state = self.evaluation.index(point), point.state
        law = self.evaluation.results[DEFAULT_SET][index]
        ensemble = self.evaluation.ensemble
        found = draws_by_economy(ensemble, batch, effect, place, law, self.workers)
        covered, deterred, displaced = found.covered, found.deterred, found.displaced
        cost = np.broadcast_to(point.cost[:, None], (point.cost.size, 1))
        conduct = self.evaluation.conduct_of(point, mechanism)
        if conduct is not None:
            beyond = self.evaluation.mechanisms
            cuts = beyond.cuts(state, conduct)
            deterred = deterred + cut_draws_by_economy(ensemble, batch, effect, place, law, cuts, self.workers)
            effects, kappa = beyond.effects(state, mechanism), beyond.kappa(state)
            size = kappa.size // self.scrambles
            for start in range(0, kappa.size, size):
                block = slice(start, start + size)
                own, proxies = beyond.ensemble.draws_by_economy(
                    state, effects, kappa, found.status_quo[:, block], block
                )
                deterred[:, block] += own
                displaced[:, block] += proxies
            covered = covered + found.status_quo * (kappa * beyond.ensemble.share)
            cost = cost + found.status_quo * beyond.price(state) * _members(point)[:, None]
        parts = (found.status_quo, covered, deterred, displaced, cost)
        if self.groups is not None:
            whose = self._of_economies(point, mechanism)
            self._of_groups[whose] = group_summary(self.groups, MeasureDraws(*parts), self.scrambles)
        rows = np.array_split(np.arange(point.cost.size), -(-point.cost.size // ECONOMIES_AT_A_TIME))
        key = self._covered_key(point, mechanism)
        known = self._covered_economies.get(key)

        def block_of(k: NDArray[np.int64]) -> Array:
            status_quo, reached, less, moved, spent = (part[k] for part in parts)
            own = MeasureDraws(status_quo, reached, less, moved, spent, None if known is None else known[k])
            return summarize(own, self.scrambles, with_median_error=False)

        with ThreadPoolExecutor(self.workers) as pool:
            summary = np.concatenate(list(pool.map(block_of, rows)))
        self._covered_economies[key] = summary[:, list(MEASURES).index("covered")]
        return summary


def _members(point: Point) -> Array:
    """(economies,) m of a point."""
    return np.zeros(point.cost.size) if point.state.members is None else point.state.members


Case = tuple[Point, str, str]
"""A point, an effect set and a mechanism: one row group of the table."""


def _frame(cases: Sequence[Case], iso3: Sequence[str], values: Sequence[Array], draws: int) -> pl.DataFrame:
    """Rows of cases; each of `values` is (economies, measures, statistics), NaN if not computed."""
    rows = pl.DataFrame({"iso3": list(iso3)}).join(
        pl.DataFrame({"measure": list(MEASURES), "unit": list(MEASURES.values())}), how="cross"
    )
    owners = pl.DataFrame(
        [(p.scenario, mechanism, effect_set, p.metric, p.level, p.year) for p, effect_set, mechanism in cases],
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


def counterfactual_tables(
    evaluation: Evaluation, points: Sequence[Point], clauses: Mapping[str, frozenset[str]], groups: Groups
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`model.counterfactual` for the points given, and `model.group_loss` at the headline membership.

    The first has the world under every effect set and economies under the default. `clauses` of each scenario say under
    which mechanisms its points are evaluated. Economies appear under everything in the text, and at the headline
    membership with their means under each mechanism; groups under everything in the text.
    """
    draws = evaluation.ensemble.draws.size
    summaries = Summaries(evaluation, groups=groups)
    cases = [(point, mechanism) for point in points for mechanism in mechanisms_of(clauses[point.scenario])]
    summaries.prepare(cases)
    world = [(point, name, mechanism) for point, mechanism in cases for name in evaluation.results]
    fullest = {name: mechanisms_of(own)[-1] for name, own in clauses.items()}
    economies = [
        (point, DEFAULT_SET, mechanism)
        for point, mechanism in cases
        if mechanism == fullest[point.scenario] or (point.metric == "scenario" and point.year == BASE_YEAR)
    ]
    by_economy = [summaries.economies(point, m, detailed=m == fullest[point.scenario]) for point, _, m in economies]
    table = pl.concat(
        (
            _frame(world, (WORLD,), [summaries.world(*case) for case in world], draws),
            _frame(economies, evaluation.ensemble.world.iso3, by_economy, draws),
        )
    )
    headlines = [
        (point, m)
        for point, _, m in economies
        if m == fullest[point.scenario] and point.metric == "scenario" and point.year == BASE_YEAR
    ]
    of_groups = [summaries.of_groups(*case) for case in headlines]
    return table, group_table(groups, [(point.scenario, m) for point, m in headlines], of_groups, draws)
