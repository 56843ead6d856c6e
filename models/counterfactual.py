"""The counterfactual: which states of membership are evaluated, and their evaluation under every effect set.

The sums over dyads are in `ensemble` and `economies`; the table of measures is built in `measures`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from models.conduct import Conduct
from models.consequences import Consequences
from models.convention import (
    Membership,
    Scenario,
    adoption_order,
    dated_membership,
    expected_membership,
    members_at_level,
)
from models.deterrence import standing
from models.economies import ByEconomy, cut_by_economy, mean_by_economy
from models.effects import EffectSet, all_betas, mixture_choice
from models.ensemble import Baseline, Batch, Ensemble, StateResult
from models.gdp_loss import gdp_per_loss
from models.kernel import Factors
from models.mechanisms import BEYOND_LAW, MECHANISMS, Mechanisms, Outcome
from models.priors import Draws
from models.states import State
from models.world import World

T = TypeVar("T")
Paths = Mapping[str, NDArray[np.float64]]
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
    escalation_belief: str = "little_reciprocity"
    defence_share: float = 0.0


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


def enforcement_cost(world: World, scenario: Scenario, membership: Array, growth: Array, settings: Settings) -> Array:
    """(economies,) USD bn a year that new members spend: share x GDP (m - delta 1{party})+, model.md 4.8.

    A text without criminal law asks for no enforcement.
    """
    if "law" not in scenario.clauses:
        return np.zeros(world.size)
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


def _state(
    world: World, scenario: Scenario, members: Array, growth: Array, settings: Settings, at: float | None = None
) -> State:
    """The state of a membership m under a scenario's text; `at` dates the phase-in of Budapest, None = complete."""
    law = standing(
        world,
        members if "law" in scenario.clauses else np.zeros(world.size),
        scenario.admits_reservations_on_cooperation,
        at,
        settings.phase_in_years,
        settings.budapest_strength,
    )
    beyond = scenario.clauses & BEYOND_LAW
    if not beyond:
        return State(law, growth, definition=scenario.definition)
    belief = scenario.belief or settings.escalation_belief
    text = (scenario.definition, beyond, scenario.dwell_ratio, belief, scenario.switched_off)
    return State(law, growth, members, *text)


def level_points(world: World, scenario: Scenario, weights: Mapping[str, Array], settings: Settings) -> list[Point]:
    """Adoption levels in the three metrics: fully phased in, at the 2020 baseline."""
    still = np.ones(world.size)
    points = []
    for metric in METRICS:
        order = default_order(world, metric, weights, sorted(scenario.founders))
        for level in LEVELS:
            membership = members_at_level(level, weights[metric], order)
            state = _state(world, scenario, membership, still, settings)
            cost = enforcement_cost(world, scenario, membership, still, settings)
            points.append(Point(scenario.name, metric, level, 2020, state, cost, level == 1))
    return points


def headline_point(world: World, scenario: Scenario, settings: Settings, membership: Array) -> Point:
    """A membership, such as that of the last year, fully phased in, at the 2020 baseline."""
    still = np.ones(world.size)
    state = _state(world, scenario, membership, still, settings)
    cost = enforcement_cost(world, scenario, membership, still, settings)
    return Point(scenario.name, "scenario", float(membership.mean()), 2020, state, cost, True)


def year_points(world: World, scenario: Scenario, settings: Settings, membership: Membership) -> list[Point]:
    """The scenario over time: memberships phased in, on the growing baseline."""
    points = []
    for year, joined, acting in zip(membership.years, membership.joined, membership.acting, strict=True):
        growth = world.growth_in(year)
        state = _state(world, scenario, acting, growth, settings, year + 0.5)
        cost = enforcement_cost(world, scenario, acting, growth, settings)
        points.append(Point(scenario.name, "scenario", float(joined.mean()), year, state, cost, False))
    return points


def membership_of(world: World, scenario: Scenario, settings: Settings, paths: Paths) -> Membership:
    """Membership over time: as dated in the file, or as expected from the hazard of accession.

    `paths` holds (years, economies) probabilities of membership for scenarios whose accession is not dated.
    """
    if scenario.accession == "hazard":
        return expected_membership(paths[scenario.name], world.years, settings.phase_in_years)
    return dated_membership(scenario, world.iso3, world.years, settings.phase_in_years)


def scenario_points(
    world: World, scenario: Scenario, weights: Mapping[str, Array], settings: Settings, membership: Membership
) -> list[Point]:
    """Every point of a scenario with a membership over time; the status quo has no adoption levels."""
    levels = level_points(world, scenario, weights, settings) if scenario.joins else []
    last = headline_point(world, scenario, settings, membership.joined[-1])
    return [*levels, last, *year_points(world, scenario, settings, membership)]


@dataclass(frozen=True)
class Evaluation:
    """Results by distinct state: the law under each effect set, conduct under each mechanism beyond law.

    conduct : by mechanism, None for a state whose text holds law alone
    means, cut_means : (economies,) results of the default set, of the law and by mechanism of what acts after it
    in_output, cut_in_output : the same two as GDP that is not lost
    """

    place: Mapping[bytes, int]
    results: Mapping[str, list[StateResult]]
    conduct: Mapping[str, list[Conduct | None]]
    means: list[ByEconomy]
    cut_means: Mapping[str, list[Array]]
    in_output: list[Array]
    cut_in_output: Mapping[str, list[Array]]
    ensemble: Ensemble
    mechanisms: Mechanisms
    default_effects: list[Factors]

    def index(self, point: Point) -> int:
        """Place of a point's state among the distinct states."""
        return self.place[point.state.key()]

    def conduct_of(self, point: Point, mechanism: str) -> Conduct | None:
        """Conduct at a point; None where law is all that acts."""
        return None if mechanism == "law" else self.conduct[mechanism][self.index(point)]

    def outcome(self, point: Point, effect_set: str, mechanism: str) -> Outcome:
        """World draws of a point under an effect set and a mechanism."""
        law = self.results[effect_set][self.index(point)]
        return self.mechanisms.outcome(point.state, law, self.conduct_of(point, mechanism))

    def at(self, point: Point) -> tuple[Batch, Factors, int]:
        """The batch that holds a point's state, its kernel under the default set, and the place in it."""
        index = self.index(point)
        for batch, effect in zip(self.ensemble.batches, self.default_effects, strict=True):
            if index in batch.index:
                return batch, effect, batch.index.index(index)
        raise KeyError(f"no batch holds state {index}")


def evaluate(
    world: World,
    draws: Draws,
    baseline: Baseline,
    points: Sequence[Point],
    effects: Sequence[EffectSet],
    rank_correlation: float,
    settings: Settings,
    regimes: Mapping[str, Consequences],
    workers: int = 2,
) -> Evaluation:
    """Sums over dyads for every distinct state under every effect set and every mechanism.

    The same bits with any number of workers: blocks of draws are fixed and each worker keeps to one BLAS thread.
    """
    place: dict[bytes, int] = {}
    states: list[State] = []
    for point in points:
        key = point.state.key()
        if key not in place:
            place[key] = len(states)
            states.append(point.state)
    betas = all_betas(effects, draws, rank_correlation)
    simple = [e.name for e in effects if not e.mixture]
    beyond = [m for m in MECHANISMS if m != "law"]
    with threadpool_limits(1):
        per_loss = gdp_per_loss(draws, settings.defence_share)
        ensemble = Ensemble(world, draws, baseline, states, settings.displacement, per_loss)
        output = ensemble.in_output()
        mechanisms = Mechanisms(world, draws, baseline, regimes, per_loss=per_loss)
        default_effects = [ensemble.effect(batch, betas[DEFAULT_SET]) for batch in ensemble.batches]

        def world_totals(name: str) -> list[StateResult]:
            return ensemble.run_factored(default_effects) if name == DEFAULT_SET else ensemble.run(betas[name])

        def by_batch(
            totals: list[StateResult], of: Callable[[Batch, Factors, list[StateResult]], Sequence[T]]
        ) -> list[T]:
            found: dict[int, T] = {}
            for batch, effect in zip(ensemble.batches, default_effects, strict=True):
                inside = [totals[k] for k in batch.index]
                found |= dict(zip(batch.index, of(batch, effect, inside), strict=True))
            return [found[k] for k in range(len(states))]

        def cuts_of(whole: Ensemble, mechanism: str, totals: list[StateResult]) -> list[Array]:
            cuts = [
                {} if each is None else mechanisms.cuts(state, each)
                for state, each in zip(states, conduct[mechanism], strict=True)
            ]
            return by_batch(
                totals, lambda b, effect, r: cut_by_economy(whole, b, effect, r, [cuts[k] for k in b.index])
            )

        def means_of(whole: Ensemble, totals: list[StateResult]) -> list[ByEconomy]:
            return by_batch(totals, lambda b, effect, r: mean_by_economy(whole, b, effect, r))

        with ThreadPoolExecutor(workers) as pool:
            default = pool.submit(world_totals, DEFAULT_SET)
            conduct = {
                m: list(pool.map(lambda s, m=m: None if s.members is None else mechanisms.conduct(s, m), states))
                for m in beyond
            }
            means = [pool.submit(means_of, whole, default.result()) for whole in (ensemble, output)]
            cut_means = [
                {m: pool.submit(cuts_of, whole, m, default.result()) for m in beyond} for whole in (ensemble, output)
            ]
            pending = {name: pool.submit(world_totals, name) for name in simple if name != DEFAULT_SET}
            totals = {name: default.result() if name == DEFAULT_SET else pending[name].result() for name in simple}
            economies, in_output = (future.result() for future in means)
            cut_economies, cut_in_output = ({m: f.result() for m, f in by.items()} for by in cut_means)
    results = dict(totals)
    for effect in effects:
        if effect.mixture:
            results[effect.name] = _mixed(totals, simple, mixture_choice(effect, simple, draws))
    return Evaluation(
        place,
        results,
        conduct,
        economies,
        cut_economies,
        [each.deterred - each.displaced for each in in_output],
        cut_in_output,
        ensemble,
        mechanisms,
        default_effects,
    )


def _mixed(
    results: Mapping[str, list[StateResult]], names: Sequence[str], choice: NDArray[np.int64]
) -> list[StateResult]:
    """Draw by draw the result of the set that the draw believes."""
    mixed = []
    for each in zip(*(results[name] for name in names), strict=True):
        deterred, displaced, output = (
            np.choose(choice, [getattr(r, part) for r in each]) for part in ("deterred", "displaced", "output")
        )
        remaining = {k: np.choose(choice, [r.remaining[k] for r in each]) for k in each[0].remaining}
        mixed.append(StateResult(deterred, displaced, {}, remaining, output))
    return mixed
