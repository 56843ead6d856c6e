"""Sums over all dyads, for many states of membership and all draws at once.

The sum over origins and targets is a matrix product of draws by moments: the law effect (`kernel`) and the allocation
of loss are each a short sum of products, so a state enters only through its moments. Which states there are is decided
in `counterfactual`; the equations themselves are in `deterrence`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.deterrence import Standing, displaced_total, exposure_at_origin, exposure_at_target
from models.flows import central_flow, class_share, mixtures
from models.kernel import COMMON_NODES, Columns, Factors, Nodes, columns, factorize, kernel, node_weights, nodes_for
from models.priors import Draws
from models.world import LAW_CLASSES, World

Array = NDArray[np.float64]
Betas = tuple[Array, Array, Array]

TOLERANCE = 2e-9
"""Relative size below which a component of a sum of products is dropped; totals agree with the dense sums to 1e-8."""


@dataclass(frozen=True)
class State:
    """One membership to evaluate: standing in law, and GDP of its year relative to 2020 by economy."""

    standing: Standing
    growth: Array


@dataclass(frozen=True)
class StateMoments:
    """What a state contributes, by class: sums over origins left to be weighted by targets and draws.

    effect, reached : (components, columns, economies) node weights, plain and times one minus exposure
    reach : (components, economies) one minus exposure, before any effect
    coverage : C by class
    """

    effect: Array
    reached: Array
    reach: Array
    coverage: float


def state_moments(
    matrices: Array, weights: Array, cols: Columns, origin_exposure: Array, target_exposure: Array, coverage: float
) -> StateMoments:
    """Moments of one class in one state; the arrays are those of `Mixture`, `node_weights` and `exposure_at_*`."""
    between = matrices[:, :-1].copy()
    economies = np.arange(between.shape[2])
    domestic = between[:, economies, economies].copy()
    between[:, economies, economies] = 0.0
    unreachable = matrices[:, -1]
    received = weights @ between
    received[:, 0] += unreachable
    exposed = (weights * origin_exposure) @ between
    effect = np.concatenate(
        (received[:, cols.origin] * weights[cols.target], domestic[:, None] * weights[cols.domestic]), axis=1
    )
    reached = np.concatenate(
        (
            (received * (1 - target_exposure) - exposed)[:, cols.origin] * weights[cols.target],
            (domestic * (1 - origin_exposure - target_exposure))[:, None] * weights[cols.domestic],
        ),
        axis=1,
    )
    reach = matrices.sum(1) * (1 - target_exposure) - np.einsum("o,coi->ci", origin_exposure, matrices[:, :-1])
    return StateMoments(effect, reached, reach, coverage)


@dataclass(frozen=True)
class Baseline:
    """Loss in the status quo: per draw and economy, and at the medians of the draws.

    loss : (draws, economies) USD bn of 2020; median : (economies,)
    """

    loss: Array
    median: Array

    @cached_property
    def factors(self) -> Factors:
        """The losses as a short sum of products."""
        return factorize(self.loss, TOLERANCE)


def exposures(state: State, compliance: float) -> tuple[Array, Array]:
    """(economies,) exposure of each as an origin and as a target under the new convention, at central compliance."""
    effective = state.standing.effective(compliance)
    return exposure_at_origin(effective), exposure_at_target(effective, state.standing.cooperates_s)


def coverage(flow: Array, growth: Array, origin_exposure: Array, target_exposure: Array) -> float:
    """C of a class: exposure averaged over flows, domestic ones included; the unreachable origin adds none."""
    scaled = flow * growth
    felt = origin_exposure @ scaled[:-1].sum(1) + target_exposure @ scaled.sum(0)
    whole = scaled.sum()
    return float(felt / whole) if whole > 0 else 0.0


@dataclass(frozen=True)
class StateResult:
    """World totals of one state, (draws,) USD bn of 2020: deterred D, displaced R, and the ratio R / Z by class."""

    deterred: Array
    displaced: Array
    moved_per_reach: Mapping[str, Array]

    @property
    def avoided(self) -> Array:
        """Deterred less displaced."""
        return self.deterred - self.displaced


@dataclass(frozen=True)
class Batch:
    """States that share their node economies, and what of them does not depend on the effect set.

    index : places of the states in the ensemble
    moments : (kernel columns, rows, loss components); rows by state, class, whether times one minus exposure, component
    reach : (loss components, columns), by state, class, component
    coverage : C by state and class
    """

    index: list[int]
    nodes: Nodes
    cols: Columns
    moments: Array
    reach: Array
    coverage: list[dict[str, float]]


class Ensemble:
    """Every state of membership over one baseline and one set of draws, ready to be summed under any effect set.

    Parameters
    ----------
    displacement : rule of `deterrence.displaced_total`
    """

    def __init__(
        self,
        world: World,
        draws: Draws,
        baseline: Baseline,
        states: Sequence[State],
        displacement: str = "two_sided",
    ) -> None:
        self.world, self.draws, self.baseline, self.states = world, draws, baseline, list(states)
        self.displacement = displacement
        self.loss_factors = baseline.factors
        self.share = class_share(draws)
        self.mixtures = mixtures(world, draws, LAW_CLASSES)
        self.covered = {k: draws[f"coverage_{k}"] for k in LAW_CLASSES}
        self.central = central_flow(world, draws, baseline.median)
        self.batches = [self._batch(index) for index in self._groups()]

    def _groups(self) -> list[list[int]]:
        """The regular states together; each state with an economy off the common lines by itself."""
        sizes = [nodes_for(state.standing).size for state in self.states]
        regular = [k for k, size in enumerate(sizes) if size == COMMON_NODES]
        alone = [[k] for k, size in enumerate(sizes) if size != COMMON_NODES]
        return [regular, *alone] if regular else alone

    def _batch(self, index: list[int]) -> Batch:
        states = [self.states[k] for k in index]
        nodes = nodes_for(states[0].standing)
        weights = [node_weights(nodes, state.standing) for state in states]
        used = np.any([np.abs(w).sum(1) > 0 for w in weights], axis=0)
        used[0] = True
        cols = columns(nodes, used)
        parts = sum(m.weights.shape[0] for m in self.mixtures.values())
        components = self.loss_factors.size.size
        found = np.empty((cols.origin.size + cols.domestic.size, 2 * parts * len(states), components))
        reach = np.empty((components, parts * len(states)))
        covered: list[dict[str, float]] = []
        at = at_reach = 0
        for state, weight in zip(states, weights, strict=True):
            target = (self.loss_factors.right * state.growth).T
            covered.append({})
            for k in LAW_CLASSES:
                m = self.moments(state, k, weight, cols)
                for part in (m.effect, m.reached):
                    found[:, at : at + part.shape[0]] = (part @ target).transpose(1, 0, 2)
                    at += part.shape[0]
                reach[:, at_reach : at_reach + m.reach.shape[0]] = (m.reach @ target).T
                at_reach += m.reach.shape[0]
                covered[-1][k] = m.coverage
        return Batch(index, nodes, cols, found, reach, covered)

    def moments(self, state: State, threat_class: str, weight: Array, cols: Columns) -> StateMoments:
        """Moments of one class in one state."""
        at_origin, at_target = exposures(state, self.draws.medians["compliance"])
        share = coverage(self.central[threat_class], state.growth, at_origin, at_target)
        return state_moments(self.mixtures[threat_class].matrices, weight, cols, at_origin, at_target, share)

    def effect(self, batch: Batch, betas: Betas) -> Factors:
        """The kernel of a batch under an effect set, as a short sum of products."""
        d = self.draws
        return factorize(kernel(batch.nodes, batch.cols, d["compliance"], d["count_to_loss"], betas), TOLERANCE)

    def run(self, betas: Betas) -> list[StateResult]:
        """World totals of every state under (target, origin, cooperation) log rate ratios, (draws,) each."""
        return self.run_factored([self.effect(batch, betas) for batch in self.batches])

    def run_factored(self, effects: Sequence[Factors]) -> list[StateResult]:
        """World totals of every state, given the factored kernel of each batch."""
        results: dict[int, StateResult] = {}
        for batch, effect in zip(self.batches, effects, strict=True):
            results |= dict(zip(batch.index, self.totals(batch, effect), strict=True))
        return [results[k] for k in range(len(self.states))]

    def pairs(self, effect: Factors) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Components (of loss, of effect) whose product is not negligible against the whole loss."""
        loss = self.loss_factors
        of_loss, of_effect = np.nonzero(np.outer(loss.size, effect.size) > TOLERANCE * np.sqrt(np.sum(loss.size**2)))
        return of_loss.astype(np.int64), of_effect.astype(np.int64)

    def totals(self, batch: Batch, effect: Factors) -> list[StateResult]:
        """World totals of the states of a batch."""
        loss = self.loss_factors
        pairs = self.pairs(effect)
        width, rows, components = batch.moments.shape
        onto = effect.right @ batch.moments.reshape(width, rows * components)
        onto = onto.reshape(effect.size.size, rows, components)
        moments = onto.transpose(0, 2, 1)[pairs[1], pairs[0]].T
        # draws last: the gathers and sums below then run along contiguous memory
        loss_left, effect_left = np.ascontiguousarray(loss.left.T), np.ascontiguousarray(effect.left.T)
        size = self.draws.size // self.draws.scrambles
        deterred, displaced = (np.empty((len(batch.index), self.draws.size)) for _ in range(2))
        moved_per_reach = {k: np.empty_like(deterred) for k in LAW_CLASSES}
        for start in range(0, self.draws.size, size):
            d = slice(start, start + size)
            basis = loss_left[pairs[0], d] * effect_left[pairs[1], d]
            found = self._combine(batch, d, moments @ basis, batch.reach.T @ loss_left[:, d])
            deterred[:, d], displaced[:, d] = found[0], found[1]
            for k in LAW_CLASSES:
                moved_per_reach[k][:, d] = found[2][k]
        return [
            StateResult(deterred[s], displaced[s], {k: moved_per_reach[k][s] for k in LAW_CLASSES})
            for s in range(len(batch.index))
        ]

    def _combine(self, batch: Batch, block: slice, sums: Array, reach: Array) -> tuple[Array, Array, dict[str, Array]]:
        """(states, draws) deterred and displaced of a block of draws, and by class the displaced over its reach."""
        states = len(batch.index)
        by_state, reach_by_state = (
            part.reshape(states, part.shape[0] // states, part.shape[1]) for part in (sums, reach)
        )
        deterred, displaced = np.zeros((states, sums.shape[1])), np.zeros((states, sums.shape[1]))
        moved_per_reach = {}
        at, at_reach = 0, 0
        for k in LAW_CLASSES:
            mixing = self.mixtures[k].weights[:, block]
            count = mixing.shape[0]
            share = self.share[k][block]
            law = self.covered[k][block] * share
            changed, reached = (
                np.einsum("cd,scd->sd", law * mixing, by_state[:, at + j : at + j + count]) for j in (0, count)
            )
            before = np.einsum("cd,scd->sd", share * mixing, reach_by_state[:, at_reach : at_reach + count])
            remaining = before + reached
            covered = np.array([c[k] for c in batch.coverage])[:, None]
            mobility = self.draws["mobility"][block]
            moved = displaced_total(-changed, remaining, covered, mobility, self.displacement)
            deterred -= changed
            displaced += moved
            moved_per_reach[k] = np.divide(moved, remaining, out=np.zeros_like(moved), where=remaining > 0)
            at, at_reach = at + 2 * count, at_reach + count
        return deterred, displaced, moved_per_reach
