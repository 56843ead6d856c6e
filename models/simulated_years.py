"""Years simulated event by event: the check on annual losses by transform, in blocks that keep memory flat.

Draws of events, the sum and the largest of each year, and their frequencies above given losses. Probabilities without
simulation are in `annual_loss`.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.discretization import Severity
from models.event_counts import EventCounts

Array = NDArray[np.float64]
Sampler = Callable[[np.random.Generator, int], Array]
"""Draws that many losses of events, USD bn."""
Sources = Sequence[tuple[EventCounts, Sampler]]

EVENTS_A_BLOCK = 2**17
"""Expected events of a block: 1 MB of losses. Larger ones leave the cache, and two threads then wait for memory."""
YEARS_A_BLOCK = 2**14


def inverted(severity: Severity) -> Sampler:
    """Losses by the inverse of the cdf, for any law."""
    return lambda rng, size: severity.quantile(rng.random(size))


def lognormal(mu: float, sigma: float) -> Sampler:
    """Lognormal losses, the exponential taken of a block at once: a fifth faster than number by number."""

    def draw(rng: np.random.Generator, size: int) -> Array:
        loss = rng.standard_normal(size)
        loss *= sigma
        loss += mu
        return np.exp(loss, out=loss)

    return draw


@dataclass(frozen=True)
class Years:
    """Simulated years: (years,) sum and largest loss of the events of each, 0 where there is none; USD bn."""

    total: Array
    largest: Array


def simulate_block(sources: Sources, years: int, rng: np.random.Generator) -> Years:
    """Years of independent sources at once: every count, then every loss, then sums over the events of each year."""
    total, largest = np.zeros(years), np.zeros(years)
    for counts, sampler in sources:
        events = counts.draw(rng, years)
        hit = np.flatnonzero(events > 0)
        if hit.size:
            loss = sampler(rng, int(events.sum()))
            starts = np.concatenate((np.zeros(1, np.int64), np.cumsum(events[hit])[:-1]))
            own, most = np.zeros(years), np.zeros(years)
            own[hit], most[hit] = np.add.reduceat(loss, starts), np.maximum.reduceat(loss, starts)
            total += own
            np.maximum(largest, most, out=largest)
    return Years(total, largest)


def block_sizes(sources: Sources, years: int) -> list[int]:
    """Years of each block, fixed by the sources and the number of years alone."""
    if years < 1:
        raise ValueError(f"at least one year must be simulated, got {years}")
    events = max(sum(counts.mean for counts, _ in sources), 1e-9)
    size = int(min(max(EVENTS_A_BLOCK / events, 1), YEARS_A_BLOCK))
    return [min(size, years - start) for start in range(0, years, size)]


def stream(sources: Sources, years: int, seed: int, workers: int = 1) -> Iterator[Years]:
    """Blocks of simulated years in order, the same bits with any number of workers.

    Memory holds two blocks a worker, however many years there are; block k is drawn from the seed and k alone.
    """

    def one(block: int, size: int) -> Years:
        return simulate_block(sources, size, np.random.default_rng([seed, block]))

    sizes = block_sizes(sources, years)
    if workers == 1:
        yield from (one(block, size) for block, size in enumerate(sizes))
        return
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[Years]] = deque()
        for block, size in enumerate(sizes):
            waiting.append(pool.submit(one, block, size))
            if len(waiting) >= 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def simulate(sources: Sources, years: int, seed: int, workers: int = 1) -> Years:
    """All simulated years, (years,): 16 bytes each."""
    blocks = list(stream(sources, years, seed, workers))
    return Years(np.concatenate([b.total for b in blocks]), np.concatenate([b.largest for b in blocks]))


@dataclass(frozen=True)
class Frequencies:
    """What simulated years say, whatever their number.

    losses : (losses,) USD bn; aep, oep : (losses,) share of years whose sum, whose largest event, exceeds each
    mean : mean loss of a year, USD bn; mean_error : its standard error
    """

    years: int
    losses: Array
    aep: Array
    oep: Array
    mean: float
    mean_error: float

    def error(self, probability: Array) -> Array:
        """Standard error of a share of years whose probability is given."""
        return np.asarray(np.sqrt(probability * (1 - probability) / self.years))


def frequencies(blocks: Iterator[Years], losses: Array) -> Frequencies:
    """Shares of years above each loss, block by block: memory does not grow with the number of years.

    `losses` must rise. Sums are exact to the last digits (fsum), so they do not hang on the size of a block.
    """
    if losses.size == 0 or not (np.diff(losses) > 0).all():
        raise ValueError("the losses that years are held against must rise")
    years, sums, squares = 0, [], []
    above = np.zeros((2, losses.size), np.int64)
    for block in blocks:
        years += block.total.size
        sums.append(float(block.total.sum()))
        squares.append(float((block.total**2).sum()))
        for row, values in enumerate((block.total, block.largest)):
            # the number of losses that a year exceeds, then from how many years exceed k to how many exceed k or more
            passed = np.bincount(np.searchsorted(losses, values, side="left"), minlength=losses.size + 1)
            above[row] += np.cumsum(passed[::-1])[::-1][1:]
    mean = math.fsum(sums) / years
    variance = max(math.fsum(squares) / years - mean**2, 0.0)
    aep, oep = above / years
    return Frequencies(years, losses, aep, oep, mean, math.sqrt(variance / years))
