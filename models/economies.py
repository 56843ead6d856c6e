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
    """(economies,) or (draws, economies), USD bn of 2020: loss in the status quo and what becomes of it."""

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
    moved = {k: np.stack([r.moved_per_reach[k] for r in results], 1) for k in LAW_CLASSES}
    # by class and component: averages of loss with the kernel, of loss with what moves, of the basis with what moves
    parts = [(k, c) for k in LAW_CLASSES for c in range(ensemble.mixtures[k].weights.shape[0])]
    law = {part: np.zeros((mean_loss.size, effect.size.size)) for part in parts}
    before = {part: np.zeros((mean_loss.size, len(results))) for part in parts}
    after = {part: np.zeros((pairs[0].size, len(results))) for part in parts}
    block = size // ensemble.draws.scrambles
    for start in range(0, size, block):
        d = slice(start, start + block)
        basis = ensemble.loss_factors.left[d][:, pairs[0]] * effect.left[d][:, pairs[1]]
        for k, c in parts:
            share = ensemble.share[k][d] * ensemble.mixtures[k].weights[c, d]
            covered = ensemble.covered[k][d] * share
            law[k, c] += loss[d].T @ (effect.left[d] * covered[:, None])
            before[k, c] += loss[d].T @ (moved[k][d] * share[:, None])
            after[k, c] += basis.T @ (moved[k][d] * covered[:, None])
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
    """(draws, economies) of one state of a batch."""
    state = ensemble.states[batch.index[place]]
    # sums over components are one product: the components stand side by side, those without the kernel last
    onto = [
        (k, np.concatenate(effect.right @ m.effect), np.concatenate((*(effect.right @ m.reached), m.reach)))
        for k, m in _moments(ensemble, batch, place).items()
    ]
    shape = ensemble.baseline.loss.shape
    found = ByEconomy(*(np.zeros(shape) for _ in range(4)))
    covered_whole = covered_share(ensemble)
    size = ensemble.draws.size // ensemble.draws.scrambles

    def fill(start: int) -> None:
        d = slice(start, start + size)
        loss = ensemble.baseline.loss[d] * state.growth
        found.status_quo[d] = loss
        found.covered[d] = loss * covered_whole[d, None]
        for k, effects, reached in onto:
            share, moved = ensemble.share[k][d, None], result.moved_per_reach[k][d, None]
            covered = ensemble.covered[k][d, None] * share
            mixing = ensemble.mixtures[k].weights[:, d, None]
            kernel = np.concatenate(mixing * (covered * effect.left[d]), axis=1)
            plain = np.concatenate((moved * kernel, (moved * share * mixing)[:, :, 0].T), axis=1)
            found.deterred[d] -= kernel @ effects
            found.displaced[d] += plain @ reached
        found.deterred[d] *= loss
        found.displaced[d] *= loss

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(fill, range(0, ensemble.draws.size, size)))
    return found
