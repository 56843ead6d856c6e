"""Sums over all dyads, for many states of membership and all draws at once.

The sum over origins and targets is a matrix product of draws by moments: the law effect (`kernel`) and the allocation
of loss are each a short sum of products, so a state enters only through its moments. Which states there are is decided
in `counterfactual`; the equations themselves are in `deterrence`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.deterrence import displaced_total, exposure_at_origin, exposure_at_target
from models.flows import central_flow, class_share, covered, mixtures
from models.kernel import COMMON_NODES, Columns, Factors, Nodes, columns, factorize, kernel, node_weights, nodes_for
from models.priors import Draws
from models.states import Remainder, State, distinct_laws
from models.world import LAW_CLASSES, World

Array = NDArray[np.float64]
Betas = tuple[Array, Array, Array]

TOLERANCE = 2e-9
"""Relative size below which a component of a sum of products is dropped; totals agree with the dense sums to 1e-8."""


@dataclass(frozen=True)
class StateMoments:
    """What a state contributes, by class: sums over origins left to be weighted by targets and draws.

    effect, reached : (components, columns, economies) node weights, plain and times one minus exposure
    reach : (components, economies) one minus exposure, before any effect
    whole : (components, economies) 1 summed over the same origins
    coverage : C by class
    """

    effect: Array
    reached: Array
    reach: Array
    whole: Array
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
    return StateMoments(effect, reached, reach, matrices.sum(1), coverage)


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
    """World totals of one state, (draws,) USD bn of 2020: deterred D, displaced R, and the ratio R / Z by class.

    remaining : covered flows left on members after law and displacement, for mechanisms that act after them
    output : GDP that is not lost, deterred less displaced, each class at what a dollar of its loss costs output
    """

    deterred: Array
    displaced: Array
    moved_per_reach: Mapping[str, Array]
    remaining: Mapping[Remainder, Array] = field(default_factory=dict)
    output: Array | None = None

    @property
    def avoided(self) -> Array:
        """Deterred less displaced."""
        return self.deterred - self.displaced


@dataclass(frozen=True)
class Batch:
    """States that share their node economies, and what of them does not depend on the effect set.

    index : places of the states in the ensemble
    rows : for each of them, which of the distinct laws below is its own: texts that differ in definition share a law
    moments : (kernel columns, rows, loss components); rows by state, class or remainder, whether times one minus
        exposure, component
    reach : (loss components, columns), by state, class or remainder, (whole for a remainder, then reach), component
    coverage : C by state and class
    remainders : those of any state, the same for all so that rows line up
    """

    index: list[int]
    rows: NDArray[np.int64]
    nodes: Nodes
    cols: Columns
    moments: Array
    reach: Array
    coverage: list[dict[str, float]]
    remainders: tuple[Remainder, ...]


class Ensemble:
    """Every state of membership over one baseline and one set of draws, ready to be summed under any effect set.

    Parameters
    ----------
    displacement : rule of `deterrence.displaced_total`
    per_loss : by class, (draws,) GDP lost per dollar of loss; without it no result in output is summed
    """

    def __init__(
        self,
        world: World,
        draws: Draws,
        baseline: Baseline,
        states: Sequence[State],
        displacement: str = "two_sided",
        per_loss: Mapping[str, Array] | None = None,
    ) -> None:
        self.world, self.draws, self.baseline, self.states = world, draws, baseline, list(states)
        self.displacement, self.per_loss = displacement, per_loss
        self.loss_factors = baseline.factors
        self.share = class_share(draws)
        self.mixtures = mixtures(world, draws, LAW_CLASSES)
        self.covered = {name: covered(draws, name) for name in sorted({s.definition for s in self.states})}
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
        remainders = tuple(dict.fromkeys(r for state in states for r in state.remainders()))
        found: list[Array] = []
        reach: list[Array] = []
        reached_by: list[dict[str, float]] = []
        rows, distinct = distinct_laws(states)
        for state, weight in ((states[k], weights[k]) for k in distinct):
            target = (self.loss_factors.right * state.growth).T
            reached_by.append({})
            by_class = {k: self.moments(state, k, weight, cols) for k in LAW_CLASSES}
            for k, m in by_class.items():
                found += [(part @ target).transpose(1, 0, 2) for part in (m.effect, m.reached)]
                reach.append((m.reach @ target).T)
                reached_by[-1][k] = m.coverage
            members = np.zeros(self.world.size) if state.members is None else state.members
            on_members = target * members[:, None]
            for each in remainders:
                m = by_class[each.threat_class]
                if each.from_outsiders:
                    m = self.moments(state, each.threat_class, weight, cols, without=members)
                found += [(part @ on_members).transpose(1, 0, 2) for part in (m.effect, m.reached)]
                reach += [(part @ on_members).T for part in (m.whole, m.reach)]
        return Batch(
            index, rows, nodes, cols, np.concatenate(found, 1), np.concatenate(reach, 1), reached_by, remainders
        )

    def moments(
        self, state: State, threat_class: str, weight: Array, cols: Columns, without: Array | None = None
    ) -> StateMoments:
        """Moments of one class in one state; `without` is the part of each origin, (economies,), that is left out."""
        at_origin, at_target = exposures(state, self.draws.medians["compliance"])
        share = coverage(self.central[threat_class], state.growth, at_origin, at_target)
        matrices = self.mixtures[threat_class].matrices
        if without is not None:
            matrices = matrices * np.append(1 - without, 1.0)[:, None]
        return state_moments(matrices, weight, cols, at_origin, at_target, share)

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
        remaining = {r: np.empty_like(deterred) for r in batch.remainders}
        output = np.empty_like(deterred)
        for start in range(0, self.draws.size, size):
            d = slice(start, start + size)
            basis = loss_left[pairs[0], d] * effect_left[pairs[1], d]
            sums = _Sums(moments @ basis, batch.reach.T @ loss_left[:, d], batch.rows)
            deterred[:, d], displaced[:, d], output[:, d], moved = self._law(batch, d, sums)
            for k in LAW_CLASSES:
                moved_per_reach[k][:, d] = moved[k]
            for r in batch.remainders:
                remaining[r][:, d] = self._remaining(batch, d, sums, r.threat_class, moved[r.threat_class])
        return [
            StateResult(
                deterred[s],
                displaced[s],
                {k: moved_per_reach[k][s] for k in LAW_CLASSES},
                {r: remaining[r][s] for r in self.states[index].remainders()},
                None if self.per_loss is None else output[s],
            )
            for s, index in enumerate(batch.index)
        ]

    def _kappa(self, batch: Batch, threat_class: str, block: slice) -> Array:
        """(states, draws) covered share of a class under each state's definition."""
        return np.stack([self.covered[self.states[k].definition][threat_class][block] for k in batch.index])

    def _law(self, batch: Batch, block: slice, sums: _Sums) -> tuple[Array, Array, Array, dict[str, Array]]:
        """(states, draws) deterred, displaced and their difference in output of a block of draws, and by class the
        displaced over its reach."""
        deterred, displaced, output = (np.zeros((sums.states, block.stop - block.start)) for _ in range(3))
        moved_per_reach = {}
        for k in LAW_CLASSES:
            mixing = self.share[k][block] * self.mixtures[k].weights[:, block]
            kappa = self._kappa(batch, k, block)
            changed = kappa * _mixed(mixing, sums.kernel(len(mixing)))
            reached = kappa * _mixed(mixing, sums.kernel(len(mixing)))
            remaining = _mixed(mixing, sums.flow(len(mixing))) + reached
            felt = np.array([batch.coverage[row][k] for row in batch.rows])[:, None]
            moved = displaced_total(-changed, remaining, felt, self.draws["mobility"][block], self.displacement)
            deterred -= changed
            displaced += moved
            if self.per_loss is not None:
                output -= self.per_loss[k][block] * (changed + moved)
            moved_per_reach[k] = np.divide(moved, remaining, out=np.zeros_like(moved), where=remaining > 0)
        return deterred, displaced, output, moved_per_reach

    def in_output(self) -> Ensemble:
        """The same ensemble whose classes are weighted by what a dollar of their loss costs output.

        Every sum is linear in the class shares and the ratio of displacement does not depend on them, so sums by
        economy of this copy are GDP not lost; world totals have it in `StateResult.output` already.
        """
        if self.per_loss is None:
            raise ValueError("an ensemble without the GDP that a loss costs has no sums in output")
        other = copy(self)
        other.share = {k: share * self.per_loss[k] for k, share in self.share.items()}
        return other

    def _remaining(self, batch: Batch, block: slice, sums: _Sums, threat_class: str, moved: Array) -> Array:
        """(states, draws) covered flows left on members: kappa F_obs exp(x), and what was displaced onto them."""
        mixing = self.share[threat_class][block] * self.mixtures[threat_class].weights[:, block]
        kappa = self._kappa(batch, threat_class, block)
        changed = _mixed(mixing, sums.kernel(len(mixing)))
        reached = _mixed(mixing, sums.kernel(len(mixing)))
        whole = _mixed(mixing, sums.flow(len(mixing)))
        reach = _mixed(mixing, sums.flow(len(mixing)))
        return np.asarray(kappa * (whole + changed) + moved * (reach + kappa * reached))


def _mixed(weights: Array, sums: Array) -> Array:
    """(states, draws) components of an origin mixture, (states, components, draws), weighted draw by draw."""
    return np.asarray(np.einsum("cd,scd->sd", weights, sums))


class _Sums:
    """Rows of the two products of a block, handed out in the order in which `_batch` laid them down.

    `rows` says for each state which of the distinct laws is its own.
    """

    def __init__(self, kernel: Array, flow: Array, rows: NDArray[np.int64]) -> None:
        self.states, self._rows = rows.size, rows
        laws = int(rows.max()) + 1
        self._parts = [part.reshape(laws, part.shape[0] // laws, part.shape[1]) for part in (kernel, flow)]
        self._at = [0, 0]

    def kernel(self, count: int) -> Array:
        """(states, count, draws) the next rows that hold the effect of law."""
        return self._next(0, count)

    def flow(self, count: int) -> Array:
        """(states, count, draws) the next rows without it."""
        return self._next(1, count)

    def _next(self, which: int, count: int) -> Array:
        start = self._at[which]
        self._at[which] = start + count
        return self._parts[which][self._rows, start : start + count]
