"""Results by economy: means for every state from averages of the basis, draws for the few states that need quantiles.

World totals are in `ensemble`; tables are built in `counterfactual`.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.ensemble import Batch, Ensemble, StateMoments, StateResult
from models.kernel import Factors, node_weights
from models.world import LAW_CLASSES

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ByEconomy:
    """(economies,) or (economies, draws), USD bn of 2020: loss in the status quo and what becomes of it."""

    status_quo: Array
    covered: Array
    deterred: Array
    displaced: Array


def covered_share(ensemble: Ensemble) -> Array:
    """(draws,) share of all observed loss that the definition covers, sum of kappa_k s_k."""
    return np.asarray(sum(ensemble.covered[k] * ensemble.share[k] for k in LAW_CLASSES))


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
    shape = (ensemble.loss_factors.size.size, effect.size.size)
    mean_loss = loss.mean(0)
    mean_covered = loss.T @ covered_share(ensemble) / size
    moved = {k: np.stack([r.moved_per_reach[k] for r in results]) for k in LAW_CLASSES}
    # by class and component: averages of loss with the kernel, of loss with what moves, of the basis with what moves
    parts = [(k, c) for k in LAW_CLASSES for c in range(ensemble.mixtures[k].weights.shape[0])]
    law = {part: np.zeros((mean_loss.size, effect.size.size)) for part in parts}
    before = {part: np.zeros((mean_loss.size, len(results))) for part in parts}
    after = {part: np.zeros((pairs[0].size, len(results))) for part in parts}
    loss_left, effect_left = (np.ascontiguousarray(f.left.T) for f in (ensemble.loss_factors, effect))
    block = size // ensemble.draws.scrambles
    for start in range(0, size, block):
        d = slice(start, start + block)
        basis = loss_left[pairs[0], d] * effect_left[pairs[1], d]
        for k, c in parts:
            share = ensemble.share[k][d] * ensemble.mixtures[k].weights[c, d]
            covered = ensemble.covered[k][d] * share
            law[k, c] += loss[d].T @ (effect.left[d] * covered[:, None])
            before[k, c] += loss[d].T @ (moved[k][:, d] * share).T
            after[k, c] += basis @ (moved[k][:, d] * covered).T
    by_column = {part: (average @ effect.right) / size for part, average in law.items()}
    found = []
    for place in range(len(batch.index)):
        growth = ensemble.states[batch.index[place]].growth
        deterred, displaced = np.zeros(mean_loss.size), np.zeros(mean_loss.size)
        for k, m in _moments(ensemble, batch, place).items():
            for c in range(m.effect.shape[0]):
                deterred -= np.einsum("it,ti->i", by_column[k, c], m.effect[c])
                dense = np.zeros(shape)
                dense[pairs] = after[k, c][:, place] / size
                onto = ensemble.loss_factors.right.T @ (dense @ effect.right)
                displaced += before[k, c][:, place] / size * m.reach[c]
                displaced += np.einsum("it,ti->i", onto, m.reached[c])
        found.append(ByEconomy(mean_loss * growth, mean_covered * growth, deterred * growth, displaced * growth))
    return found


def draws_by_economy(
    ensemble: Ensemble, batch: Batch, effect: Factors, place: int, result: StateResult, workers: int = 1
) -> ByEconomy:
    """(economies, draws) of one state of a batch."""
    state = ensemble.states[batch.index[place]]
    # sums over components are one product: the components stand side by side, those without the kernel last
    onto = [
        (k, np.concatenate(effect.right @ m.effect).T, np.concatenate((*(effect.right @ m.reached), m.reach)).T)
        for k, m in _moments(ensemble, batch, place).items()
    ]
    shape = (ensemble.world.size, ensemble.draws.size)
    found = ByEconomy(*(np.zeros(shape) for _ in range(4)))
    covered_whole, effect_left = covered_share(ensemble), np.ascontiguousarray(effect.left.T)
    size = ensemble.draws.size // ensemble.draws.scrambles

    def fill(start: int) -> None:
        d = slice(start, start + size)
        loss = ensemble.baseline.loss[d].T * state.growth[:, None]
        found.status_quo[:, d] = loss
        found.covered[:, d] = loss * covered_whole[d]
        for k, effects, reached in onto:
            share, moved = ensemble.share[k][d], result.moved_per_reach[k][d]
            mixing = ensemble.mixtures[k].weights[:, d]
            kernel = np.concatenate([effect_left[:, d] * (ensemble.covered[k][d] * share * m) for m in mixing])
            found.deterred[:, d] -= effects @ kernel
            found.displaced[:, d] += reached @ np.concatenate((moved * kernel, moved * share * mixing))
        found.deterred[:, d] *= loss
        found.displaced[:, d] *= loss

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(fill, range(0, ensemble.draws.size, size)))
    return found
