"""Results by economy: means for every state from averages of the basis, draws for the few states that need quantiles.

World totals are in `ensemble`; tables are built in `counterfactual`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.ensemble import Batch, Ensemble, StateMoments, StateResult
from models.kernel import Factors, node_weights
from models.states import Remainder
from models.world import LAW_CLASSES

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ByEconomy:
    """(economies,) or (economies, draws), USD bn of 2020: loss in the status quo and what becomes of it."""

    status_quo: Array
    covered: Array
    deterred: Array
    displaced: Array


def covered_share(ensemble: Ensemble, definition: str, classes: Sequence[str] = LAW_CLASSES) -> Array:
    """(draws,) share of all observed loss that a definition covers in some classes, sum of kappa_k s_k."""
    return np.asarray(sum(ensemble.covered[definition][k] * ensemble.share[k] for k in classes))


def _moments(ensemble: Ensemble, batch: Batch, place: int) -> dict[str, StateMoments]:
    state = ensemble.states[batch.index[place]]
    weight = node_weights(batch.nodes, state.standing)
    return {k: ensemble.moments(state, k, weight, batch.cols) for k in LAW_CLASSES}


def mean_by_economy(ensemble: Ensemble, batch: Batch, effect: Factors, results: list[StateResult]) -> list[ByEconomy]:
    """Means over draws for every state of a batch; `results` are the batch's world totals, in its order.

    The draws enter only through averages of products of the basis with class shares, coverage and displacement, so the
    cost does not grow with the number of economies times states times draws.
    """
    loss, size = ensemble.baseline.loss, ensemble.draws.size
    pairs = ensemble.pairs(effect)
    mean_loss = loss.mean(0)
    used = [ensemble.states[index].definition for index in batch.index]
    mean_covered = {name: loss.T @ covered_share(ensemble, name) / size for name in set(used)}
    moved = {k: np.stack([r.moved_per_reach[k] for r in results]) for k in LAW_CLASSES}
    kappa = {k: np.stack([ensemble.covered[name][k] for name in used]) for k in LAW_CLASSES}
    # by class and component: averages of loss with the kernel, of loss with what moves, of the basis with what moves
    parts = [(k, c) for k in LAW_CLASSES for c in range(ensemble.mixtures[k].weights.shape[0])]
    law = {(name, *part): np.zeros((mean_loss.size, effect.size.size)) for name in set(used) for part in parts}
    before = {part: np.zeros((mean_loss.size, len(results))) for part in parts}
    after = {part: np.zeros((pairs[0].size, len(results))) for part in parts}
    loss_left, effect_left = (np.ascontiguousarray(f.left.T) for f in (ensemble.loss_factors, effect))
    for d in _blocks(ensemble):
        basis = loss_left[pairs[0], d] * effect_left[pairs[1], d]
        for k, c in parts:
            share = ensemble.share[k][d] * ensemble.mixtures[k].weights[c, d]
            for name in set(used):
                covered = ensemble.covered[name][k][d] * share
                law[name, k, c] += loss[d].T @ (effect.left[d] * covered[:, None])
            moves = moved[k][:, d] * share
            before[k, c] += loss[d].T @ moves.T
            after[k, c] += basis @ (moves * kappa[k][:, d]).T
    by_column = {part: (average @ effect.right) / size for part, average in law.items()}
    found = []
    for place, name in enumerate(used):
        growth = ensemble.states[batch.index[place]].growth
        deterred, displaced = np.zeros(mean_loss.size), np.zeros(mean_loss.size)
        for k, m in _moments(ensemble, batch, place).items():
            for c in range(m.effect.shape[0]):
                deterred -= np.einsum("it,ti->i", by_column[name, k, c], m.effect[c])
                displaced += before[k, c][:, place] / size * m.reach[c]
                onto = _onto(ensemble, effect, pairs, after[k, c][:, place] / size)
                displaced += np.einsum("it,ti->i", onto, m.reached[c])
        found.append(ByEconomy(mean_loss * growth, mean_covered[name] * growth, deterred * growth, displaced * growth))
    return found


def _blocks(ensemble: Ensemble) -> list[slice]:
    size = ensemble.draws.size // ensemble.draws.scrambles
    return [slice(start, start + size) for start in range(0, ensemble.draws.size, size)]


def _onto(ensemble: Ensemble, effect: Factors, pairs: Pairs, averages: Array) -> Array:
    """(economies, columns) averages of the basis laid out over economies and the columns of the kernel."""
    dense = np.zeros((ensemble.loss_factors.size.size, effect.size.size))
    dense[pairs] = averages
    return np.asarray(ensemble.loss_factors.right.T @ (dense @ effect.right))


Cuts = Mapping[Remainder, Array]
Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]


def cut_by_economy(
    ensemble: Ensemble, batch: Batch, effect: Factors, results: list[StateResult], cuts: Sequence[Cuts]
) -> list[Array]:
    """(economies,) means of what is cut from the covered flows left on members, for every state of a batch.

    `cuts` holds for each state, by remainder, (draws,) the part that is cut (`mechanisms`). The averages are those of
    `mean_by_economy` with one more factor.
    """
    size, loss = ensemble.draws.size, ensemble.baseline.loss
    pairs = ensemble.pairs(effect)
    loss_left, effect_left = (np.ascontiguousarray(f.left.T) for f in (ensemble.loss_factors, effect))
    found = [np.zeros(loss.shape[1]) for _ in results]
    for remainder in batch.remainders:
        k = remainder.threat_class
        nothing = np.zeros(size)
        cut = np.stack([own.get(remainder, nothing) for own in cuts])
        moved = np.stack([r.moved_per_reach[k] for r in results])
        kappa = np.stack([ensemble.covered[ensemble.states[index].definition][k] for index in batch.index])
        components = ensemble.mixtures[k].weights.shape[0]
        plain = np.zeros((components, 2, loss.shape[1], len(results)))
        basis_of = np.zeros((components, 2, pairs[0].size, len(results)))
        for d in _blocks(ensemble):
            basis = loss_left[pairs[0], d] * effect_left[pairs[1], d]
            for c in range(components):
                share = cut[:, d] * ensemble.share[k][d] * ensemble.mixtures[k].weights[c, d]
                stays, moves = kappa[:, d] * share, moved[:, d] * share
                plain[c, 0] += loss[d].T @ stays.T
                plain[c, 1] += loss[d].T @ moves.T
                basis_of[c, 0] += basis @ stays.T
                basis_of[c, 1] += basis @ (moves * kappa[:, d]).T
        for place, index in enumerate(batch.index):
            state = ensemble.states[index]
            if state.members is None or remainder not in state.remainders():
                continue
            weight = node_weights(batch.nodes, state.standing)
            without = state.members if remainder.from_outsiders else None
            m = ensemble.moments(state, k, weight, batch.cols, without)
            for c in range(components):
                for part, constant, kernel in ((0, m.whole[c], m.effect[c]), (1, m.reach[c], m.reached[c])):
                    own = plain[c, part][:, place] / size * constant
                    onto = _onto(ensemble, effect, pairs, basis_of[c, part][:, place] / size)
                    own += np.einsum("it,ti->i", onto, kernel)
                    found[place] += own * state.members * state.growth
    return found


def draws_by_economy(
    ensemble: Ensemble, batch: Batch, effect: Factors, place: int, result: StateResult, workers: int = 1
) -> ByEconomy:
    """(economies, draws) of one state of a batch."""
    state = ensemble.states[batch.index[place]]
    kappa = ensemble.covered[state.definition]
    # sums over components are one product: the components stand side by side, those without the kernel last
    onto = [
        (k, np.concatenate(effect.right @ m.effect).T, np.concatenate((*(effect.right @ m.reached), m.reach)).T)
        for k, m in _moments(ensemble, batch, place).items()
    ]
    shape = (ensemble.world.size, ensemble.draws.size)
    found = ByEconomy(*(np.zeros(shape) for _ in range(4)))
    covered_whole, effect_left = covered_share(ensemble, state.definition), np.ascontiguousarray(effect.left.T)

    def fill(d: slice) -> None:
        loss = ensemble.baseline.loss[d].T * state.growth[:, None]
        found.status_quo[:, d] = loss
        found.covered[:, d] = loss * covered_whole[d]
        for k, effects, reached in onto:
            share, moved = ensemble.share[k][d], result.moved_per_reach[k][d]
            mixing = ensemble.mixtures[k].weights[:, d]
            kernel = np.concatenate([effect_left[:, d] * (kappa[k][d] * share * m) for m in mixing])
            found.deterred[:, d] -= effects @ kernel
            found.displaced[:, d] += reached @ np.concatenate((moved * kernel, moved * share * mixing))
        found.deterred[:, d] *= loss
        found.displaced[:, d] *= loss

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(fill, _blocks(ensemble)))
    return found


def cut_draws_by_economy(
    ensemble: Ensemble, batch: Batch, effect: Factors, place: int, result: StateResult, cuts: Cuts, workers: int = 1
) -> Array:
    """(economies, draws) what is cut from the covered flows left on members, in one state of a batch."""
    state = ensemble.states[batch.index[place]]
    found = np.zeros((ensemble.world.size, ensemble.draws.size))
    if state.members is None:
        return found
    weight, members = node_weights(batch.nodes, state.standing), state.members
    effect_left = np.ascontiguousarray(effect.left.T)
    parts = []
    for remainder, cut in cuts.items():
        without = members if remainder.from_outsiders else None
        m = ensemble.moments(state, remainder.threat_class, weight, batch.cols, without)
        stay = np.concatenate((*(effect.right @ m.effect), m.whole)).T
        move = np.concatenate((*(effect.right @ m.reached), m.reach)).T
        parts.append((remainder.threat_class, cut, stay, move))

    def fill(d: slice) -> None:
        loss = ensemble.baseline.loss[d].T * (state.growth * members)[:, None]
        for k, cut, stay, move in parts:
            mixing = ensemble.mixtures[k].weights[:, d] * (ensemble.share[k][d] * cut[d])
            kappa, moved = ensemble.covered[state.definition][k][d], result.moved_per_reach[k][d]
            covered = [effect_left[:, d] * (kappa * m) for m in mixing]
            found[:, d] += stay @ np.concatenate((*covered, kappa * mixing))
            found[:, d] += move @ np.concatenate((*(moved * part for part in covered), moved * mixing))
        found[:, d] *= loss

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(fill, _blocks(ensemble)))
    return found
