"""A million draws of the headline in little memory, and two workers against one on fewer draws."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from benchmarks.alone import alone
from benchmarks.lines import Line, at_most, worker_lines
from models.counterfactual import headline_point
from models.large_ensemble import avoided_loss
from models.results import accessions, memberships
from pipelines import definition_counts, definition_files, priors, reference, scenarios
from pipelines.shipped_study import laws, shipped_study

DRAWS, FEWER = 2**20, 2**17


def headline() -> Callable[[int, int], np.ndarray]:
    """The avoided loss of the op-ed's convention, of a number of draws and of workers."""
    register, definitions = priors.load(), definition_files.load_all()
    shares = laws(definitions, definition_counts.of_reference(reference.load("definition_counts"), definitions))
    study, allocation = shipped_study(), str(register.choices["allocation"])
    focus = next(s for s in scenarios.load_all() if s.name == "op_ed_convention")
    joined = memberships(study, [focus], accessions(study, [focus]))[focus.name].joined[-1]
    point = headline_point(study.world, focus, study.settings, joined)

    def evaluated(draws: int, workers: int) -> np.ndarray:
        return avoided_loss(study, [point], register.priors, shares, draws, allocation=allocation, workers=workers)

    return evaluated


def measured() -> tuple[float, float]:
    """Seconds and the mean of a million draws, USD bn."""
    evaluated = headline()
    start = time.perf_counter()
    mean = float(evaluated(DRAWS, 2).mean())
    return time.perf_counter() - start, mean


def memory_line() -> Line:
    """Peak memory of a million draws."""
    (took, mean), peak = alone(measured)
    return at_most(
        "million_draws_memory",
        f"headline in {DRAWS:,} draws, 2 workers, of 2 GB",
        peak / 2,
        1,
        f"{peak:.2f} GB, {took:.0f} s, mean {mean:.3f} USD bn",
    )


def lines() -> list[Line]:
    """All lines on the large ensemble."""
    evaluated = headline()
    what = f"headline in {FEWER:,} draws"
    return [memory_line(), *worker_lines("headline", what, lambda workers: [evaluated(FEWER, workers)], 5)]
