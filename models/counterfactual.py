"""The counterfactual: which states of membership are evaluated, and their evaluation under every effect set.

The sums over dyads are in `ensemble` and `economies`; the table of measures is built in `measures`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from models.convention import Scenario, adoption_order, member_since, members_at_level, membership_in, phase_in
from models.deterrence import standing
from models.economies import ByEconomy, draws_by_economy, mean_by_economy
from models.effects import EffectSet, all_betas, mixture_choice
from models.ensemble import Baseline, Ensemble, State, StateResult
from models.kernel import Factors
from models.priors import Draws
from models.world import World

Array = NDArray[np.float64]

LEVELS = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
METRICS = ("states", "gdp", "attack_origin")
DEFAULT_SET = "default"


@dataclass(frozen=True)
class Settings:
    """Discrete choices of a run (data/priors/choices.yaml)."""

    phase_in_years: float = 3.0
    budapest_strength: float = 1.0
    displacement: str = "two_sided"
    enforcement_cost_share: float = 1e-5


@dataclass(frozen=True)
class Point:
    """One row group of the table: where it belongs, its state, and the yearly cost of enforcement by economy."""

    scenario: str
    metric: str
    level: float
    year: int
    state: State
    cost: Array
    detailed: bool

    @property
    def is_status_quo(self) -> bool:
        """No economy is in, so that nothing differs from the status quo."""
        return self.level == 0


def enforcement_cost(world: World, membership: Array, growth: Array, settings: Settings) -> Array:
    """(economies,) USD bn a year that new members spend: share x GDP (m - delta 1{party})+, model.md 4.8."""
    added = np.maximum(membership - settings.budapest_strength * world.party, 0.0)
    return settings.enforcement_cost_share * world.gdp * growth * added


def adoption_weights(world: World, attack_origin: Array) -> dict[str, Array]:
    """(economies,) each economy's weight in the three metrics of adoption."""
    return {"states": np.ones(world.size), "gdp": world.gdp, "attack_origin": attack_origin}


def default_order(world: World, metric: str, weights: Mapping[str, Array], first: Sequence[str]) -> NDArray[np.int64]:
    """Origin-first, GDP-first, or for states the historical order of Budapest and then GDP; `first` ahead of all."""
    if metric != "states":
        return adoption_order(weights[metric], world.iso3, first)
    # parties in order of entry into force, then the others by GDP: a priority that falls along that order
    history = np.where(world.party, 1e6 - np.nan_to_num(world.party_since), 0.0)
    return adoption_order(history + np.where(world.party, 0.0, world.gdp / (1 + world.gdp.sum())), world.iso3, first)


def level_points(world: World, scenario: Scenario, weights: Mapping[str, Array], settings: Settings) -> list[Point]:
    """Adoption levels in the three metrics: fully phased in, at the 2020 baseline."""
    still = np.ones(world.size)
    points = []
    for metric in METRICS:
        order = default_order(world, metric, weights, sorted(scenario.founders))
        for level in LEVELS:
            membership = members_at_level(level, weights[metric], order)
            law = standing(
                world,
                membership,
                scenario.admits_reservations_on_cooperation,
                budapest_strength=settings.budapest_strength,
            )
            cost = enforcement_cost(world, membership, still, settings)
            points.append(Point(scenario.name, metric, level, 2020, State(law, still), cost, level == 1))
    return points


def headline_point(world: World, scenario: Scenario, settings: Settings, membership: Array | None = None) -> Point:
    """The membership of the last year, fully phased in, at the 2020 baseline."""
    last = membership_in(scenario, world.iso3, world.years[-1]) if membership is None else membership
    law = standing(
        world, last, scenario.admits_reservations_on_cooperation, budapest_strength=settings.budapest_strength
    )
    still = np.ones(world.size)
    cost = enforcement_cost(world, last, still, settings)
    return Point(scenario.name, "scenario", float(last.mean()), 2020, State(law, still), cost, True)


def year_points(world: World, scenario: Scenario, settings: Settings) -> list[Point]:
    """The scenario over time: memberships as dated, phased in, on the growing baseline."""
    since = member_since(scenario, world.iso3)
    points = []
    for year in world.years:
        # a year is represented by its middle: the average of a year's phase-in to second order
        middle = year + 0.5
        membership = phase_in(since, middle, settings.phase_in_years)
        law = standing(
            world,
            membership,
            scenario.admits_reservations_on_cooperation,
            middle,
            settings.phase_in_years,
            settings.budapest_strength,
        )
        growth = world.growth_in(year)
        share = float(membership_in(scenario, world.iso3, year).mean())
        cost = enforcement_cost(world, membership, growth, settings)
        points.append(Point(scenario.name, "scenario", share, year, State(law, growth), cost, False))
    return points


def scenario_points(world: World, scenario: Scenario, weights: Mapping[str, Array], settings: Settings) -> list[Point]:
    """Every point of a scenario; the status quo has no adoption levels."""
    levels = level_points(world, scenario, weights, settings) if scenario.joins else []
    return [*levels, headline_point(world, scenario, settings), *year_points(world, scenario, settings)]


@dataclass(frozen=True)
class Evaluation:
    """Results by distinct state: world draws per effect set, and economies' results of the default set."""

    place: Mapping[bytes, int]
    results: Mapping[str, list[StateResult]]
    means: list[ByEconomy]
    ensemble: Ensemble
    default_effects: list[Factors]

    def index(self, point: Point) -> int:
        """Place of a point's state among the distinct states."""
        return self.place[_key(point.state)]

    def economy_draws(self, point: Point, workers: int = 1) -> ByEconomy:
        """(economies, draws) of a point under the default effect set."""
        index = self.index(point)
        for batch, effect in zip(self.ensemble.batches, self.default_effects, strict=True):
            if index in batch.index:
                result = self.results[DEFAULT_SET][index]
                place = batch.index.index(index)
                return draws_by_economy(self.ensemble, batch, effect, place, result, workers)
        raise KeyError(f"no batch holds state {index}")


def _key(state: State) -> bytes:
    return state.standing.key() + state.growth.tobytes()


def evaluate(
    world: World,
    draws: Draws,
    baseline: Baseline,
    points: Sequence[Point],
    effects: Sequence[EffectSet],
    rank_correlation: float,
    settings: Settings,
    workers: int = 2,
) -> Evaluation:
    """Sums over dyads for every distinct state under every effect set.

    The same bits with any number of workers: blocks of draws are fixed and each worker keeps to one BLAS thread.
    """
    place: dict[bytes, int] = {}
    states: list[State] = []
    for point in points:
        key = _key(point.state)
        if key not in place:
            place[key] = len(states)
            states.append(point.state)
    betas = all_betas(effects, draws, rank_correlation)
    simple = [e.name for e in effects if not e.mixture]
    with threadpool_limits(1):
        ensemble = Ensemble(world, draws, baseline, states, settings.displacement)

        def world_totals(name: str) -> list[StateResult]:
            return ensemble.run_factored(default_effects) if name == DEFAULT_SET else ensemble.run(betas[name])

        default_effects = [ensemble.effect(batch, betas[DEFAULT_SET]) for batch in ensemble.batches]

        def economy_means(totals: list[StateResult]) -> list[ByEconomy]:
            found: dict[int, ByEconomy] = {}
            for batch, effect in zip(ensemble.batches, default_effects, strict=True):
                inside = [totals[k] for k in batch.index]
                found |= dict(zip(batch.index, mean_by_economy(ensemble, batch, effect, inside), strict=True))
            return [found[k] for k in range(len(states))]

        with ThreadPoolExecutor(workers) as pool:
            pending = {name: pool.submit(world_totals, name) for name in simple}
            means = pool.submit(economy_means, pending[DEFAULT_SET].result())
            results = {name: future.result() for name, future in pending.items()}
            economies = means.result()
    for effect in effects:
        if effect.mixture:
            results[effect.name] = _mixed(results, simple, mixture_choice(effect, simple, draws))
    return Evaluation(place, results, economies, ensemble, default_effects)


def _mixed(
    results: Mapping[str, list[StateResult]], names: Sequence[str], choice: NDArray[np.int64]
) -> list[StateResult]:
    """Draw by draw the result of the set that the draw believes."""
    mixed = []
    for each in zip(*(results[name] for name in names), strict=True):
        deterred, displaced = (
            np.choose(choice, [getattr(r, part) for r in each]) for part in ("deterred", "displaced")
        )
        mixed.append(StateResult(deterred, displaced, {}))
    return mixed
