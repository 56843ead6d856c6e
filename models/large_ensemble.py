"""The headline over a large ensemble: far more draws than memory holds by economy, evaluated block by block.

Draws are made, used and dropped a block at a time, in the short sums of products of a study's own draws. A study and
its results at its own draws are in `study` and `setting`, the sums over dyads in `ensemble`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc
from threadpoolctl import threadpool_limits

from models.counterfactual import Point
from models.ensemble import Baseline
from models.kernel import Factors, kernel
from models.priors import COORDINATES, Draws, Prior, at_positions
from models.setting import Conventions, Setting, default_betas, kernels
from models.study import Definitions, Study, baseline, with_coverage

Array = NDArray[np.float64]

BLOCK = 2**13
"""Draws of a block: 22 MB of kernel and 14 MB of loss by economy, which two workers pass through without waiting."""
RESIDUAL = 1e-6
"""Largest part of a block that may lie outside the study's sums of products, of its Frobenius norm (a judgement: 2,048
draws leave 3e-7 and 16,384 leave 3e-8, and no printed figure shows it)."""


@dataclass(frozen=True)
class SpannedBaseline(Baseline):
    """Losses of other draws as sums of the products of a study's baseline; `basis` holds those."""

    basis: Factors

    @cached_property
    def factors(self) -> Factors:
        """The losses of these draws in the study's products."""
        return spanned(self.loss, self.basis)


def spanned(matrix: Array, basis: Factors) -> Factors:
    """(draws, columns) rows of other draws as sums of known products, each as large as it was in those draws.

    Errors
    ------
    ValueError where more than `RESIDUAL` of the rows lies outside the products.
    """
    left = matrix @ basis.right.T
    norm = float(np.linalg.norm(matrix))
    outside = float(np.linalg.norm(matrix - left @ basis.right))
    if outside > RESIDUAL * norm:
        raise ValueError(
            f"{outside / norm:.1e} of a block lies outside the products of the study's own draws, more than "
            f"{RESIDUAL:g}: prepare the study with more draws"
        )
    return Factors(left, basis.right, basis.size)


def draw_block(
    priors: Sequence[Prior],
    definitions: Definitions,
    draws: int,
    seed: int,
    block: range,
    scrambles: int = 8,
) -> Draws:
    """The draws `block` out of `draws` in all, bit for bit those of `priors.sample`, kappa under each definition too.

    Errors
    ------
    ValueError unless `draws` is `scrambles` times a power of two, and `block` lies within them.

    Notes
    -----
    A Sobol' sequence is read from any place on, so no block waits for another. More draws of the same seed hold those
    of fewer: the study's own are the first of each scramble.
    """
    per = draws // scrambles
    if per < 2 or per * scrambles != draws or per & (per - 1):
        raise ValueError(f"draws must be {scrambles} times a power of two, at least {2 * scrambles}; got {draws}")
    if not 0 <= block.start < block.stop <= draws:
        raise ValueError(f"the block {block.start} to {block.stop} does not lie within {draws} draws")
    parts = []
    for scramble in range(block.start // per, (block.stop - 1) // per + 1):
        first, last = max(block.start - scramble * per, 0), min(block.stop - scramble * per, per)
        sequence = qmc.Sobol(COORDINATES, scramble=True, rng=np.random.default_rng([seed, scramble]))
        if first > 0:
            sequence.fast_forward(first)
        parts.append(sequence.random(last - first))
    return with_coverage(at_positions(priors, np.concatenate(parts), seed), definitions)


def avoided_loss(
    study: Study,
    points: Sequence[Point],
    priors: Sequence[Prior],
    definitions: Definitions,
    draws: int,
    *,
    allocation: str = "regional",
    block: int = BLOCK,
    workers: int = 1,
) -> Array:
    """(points, draws) avoided loss of the world under the default effect set, everything in the text, USD bn of 2020.

    Parameters
    ----------
    study : its seed makes the draws; its own draws give the sums of products that all are evaluated in
    points : such as `counterfactual.headline_point` of a few scenarios
    priors, definitions, allocation : those that the study was prepared with
    draws : eight times a power of two
    block : draws of which arrays by economy exist at a time, a power of two, for each worker

    Errors
    ------
    ValueError for numbers that are no powers of two, and where the study's own draws span those of a block too badly
    (`spanned`).

    Notes
    -----
    The same bits with any number of workers: blocks are fixed and each keeps to one BLAS thread. On the study's own
    draws the result is that of `setting.Conventions` to rounding. On others, which the products were not made for, it
    agrees with products of their own to 1e-7 of the baseline where the study has 2,048 draws, 2e-8 where it has 16,384.
    """
    if block < 1 or block & (block - 1):
        raise ValueError(f"a block must be a power of two of draws, got {block}")
    found = np.empty((len(points), draws))
    streamed = Streamed(study, points, priors, definitions, allocation)

    def fill(part: range) -> None:
        found[:, part.start : part.stop] = streamed.avoided(part, draws)

    with threadpool_limits(1), ThreadPoolExecutor(workers) as pool:
        list(pool.map(fill, _parts(range(draws), block)))
    return found


class Streamed:
    """A few points of a study, to be evaluated in any block of any number of draws of its seed.

    The arguments are those of `avoided_loss`.
    """

    def __init__(
        self,
        study: Study,
        points: Sequence[Point],
        priors: Sequence[Prior],
        definitions: Definitions,
        allocation: str = "regional",
    ) -> None:
        self.study, self.points, self.allocation = study, list(points), allocation
        self.priors, self.definitions = priors, definitions
        with threadpool_limits(1):
            self.bases = kernels(Conventions(Setting.of(study), points).ensemble, default_betas(study))

    def avoided(self, block: range, draws: int, scrambles: int = 8) -> Array:
        """(points, draws of the block) avoided loss of the world, USD bn of 2020; errors of `draw_block`, `spanned`."""
        study = self.study
        own = draw_block(self.priors, self.definitions, draws, study.draws.seed, block, scrambles)
        whole = baseline(study.world, own, study.anchor, self.allocation)
        start = SpannedBaseline(whole.loss, whole.median, study.baseline.factors)
        conventions = Conventions(Setting(study.world, own, start, study.settings, study.reciprocity), self.points)
        betas, effects = default_betas(study, own), []
        for batch, basis in zip(conventions.ensemble.batches, self.bases, strict=True):
            change = kernel(batch.nodes, batch.cols, own["compliance"], own["count_to_loss"], betas)
            effects.append(spanned(change, basis))
        outcomes = conventions.outcomes(conventions.ensemble.run_factored(effects), conventions.conduct())
        return np.array([outcome.avoided for outcome in outcomes])

    def evaluated(self, part: range, draws: int, scrambles: int = 8, workers: int = 1) -> Array:
        """The same for a longer part, in blocks of `BLOCK` draws; the same bits with any number of workers."""
        with threadpool_limits(1), ThreadPoolExecutor(workers) as pool:
            found = list(pool.map(lambda block: self.avoided(block, draws, scrambles), _parts(part, BLOCK)))
        return np.concatenate(found, axis=1)


def _parts(whole: range, block: int) -> Iterator[range]:
    return (range(start, min(start + block, whole.stop)) for start in range(whole.start, whole.stop, block))
