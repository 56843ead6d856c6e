"""Which uncertain input the spread of a headline comes from: Sobol' first-order and total indices with intervals.

The estimator for any function of positions, and the function for a study's own headline. Discrete choices are not
inputs here: `specification` has them. What resolving an input would be worth is in `information`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import qmc
from threadpoolctl import threadpool_limits

from models.convention import Scenario
from models.counterfactual import headline_point
from models.ensemble import Baseline
from models.kernel import Factors
from models.priors import COORDINATES, Draws, Prior, at_positions
from models.setting import Conventions, Setting, default_betas, kernels
from models.study import Definitions, Study, baseline, with_coverage
from models.world import REGIONS

Array = NDArray[np.float64]

OUTPUTS = ("avoided_loss", "net_benefit")
UNIT = "fraction of the output's variance"
COLUMNS = ("first", "first_lower", "first_upper", "total", "total_lower", "total_upper")
ROWS = 4096
"""Rows of each base matrix: the headline is evaluated at so many positions, inputs + 2 times."""
RESAMPLES = 400
INTERVAL = (0.05, 0.95)
LAW_INPUTS = (
    "compliance",
    "count_to_loss",
    "effect_target_position",
    "effect_origin_position",
    "effect_cooperation_position",
)
"""Inputs of the kernel of the law; where none of them moved it is computed once."""
ALLOCATION_INPUTS = (*(f"regional_rate_{region}" for region in REGIONS), "connectivity_elasticity")
"""Inputs of the split of the world loss over economies; where none of them moved it is computed once."""


@dataclass(frozen=True)
class Indices:
    """Sobol' indices, fractions of the variance of the output; shapes (..., inputs), as many axes as the output had.

    first : variance of the output's mean given the input, over its variance
    total : what is left of the variance, on average, when every other input is known, over its variance
    lower and upper ends : 90 % by bootstrap over rows
    """

    first: Array
    first_lower: Array
    first_upper: Array
    total: Array
    total_lower: Array
    total_upper: Array


def sobol_indices(output_of: Callable[[Array], Array], inputs: int, rows: int, seed: int) -> Indices:
    """First-order and total indices of a function of independent uniform inputs, by pick-freeze.

    Parameters
    ----------
    output_of : (rows, inputs) positions within [0, 1] to (rows,) or (outputs, rows); called inputs + 2 times
    rows : of each of the two base matrices, a power of two
    seed : of the Sobol' sequence and of the bootstrap

    Errors
    ------
    ValueError for rows that break the balance of the sequence, and for an output that is not finite or does not vary.

    Notes
    -----
    A and B are the two halves of one scrambled Sobol' sequence in twice the dimensions; AB_k is A with column k of B.
    first_k = mean(f(B) (f(AB_k) - f(A))) / V (Saltelli and others 2010, table 2 b), whose error falls with the effect;
    total_k = mean((f(A) - f(AB_k))^2) / (2 V) (Jansen 1999). The bootstrap takes rows as independent; those of a
    sequence fill space more evenly, so the intervals are wide rather than narrow. An input that the function does
    not read has both indices exactly zero. A first index may come out below zero by its error.
    """
    if rows < 2 or rows & (rows - 1):
        raise ValueError(f"rows must be a power of two, at least 2; got {rows}")
    points = qmc.Sobol(2 * inputs, scramble=True, rng=np.random.default_rng([seed, 0])).random(rows)
    a, b = points[:, :inputs], points[:, inputs:]
    at_a, at_b = np.asarray(output_of(a)), np.asarray(output_of(b))
    center = (at_a.mean(-1, keepdims=True) + at_b.mean(-1, keepdims=True)) / 2
    of_first, of_total = (np.empty((*at_a.shape[:-1], inputs, rows)) for _ in range(2))
    for k in range(inputs):
        mixed = a.copy()
        mixed[:, k] = b[:, k]
        change = np.asarray(output_of(mixed)) - at_a
        of_first[..., k, :] = (at_b - center) * change
        of_total[..., k, :] = change**2 / 2
    spread = ((at_a - center) ** 2 + (at_b - center) ** 2) / 2
    whole = spread.mean(-1)[..., None]
    if not (np.isfinite(of_first).all() and np.isfinite(spread).all()):
        raise ValueError("the output is not finite at some positions")
    if not (whole > 0).all():
        raise ValueError("the output is the same at all positions, so it has no variance to share out")
    rng = np.random.default_rng([seed, 1])
    weights = rng.multinomial(rows, np.full(rows, 1 / rows), RESAMPLES).T / rows
    resampled = (spread @ weights)[..., None, :]
    first, total = of_first.mean(-1) / whole, of_total.mean(-1) / whole
    ends = [np.quantile(part @ weights / resampled, INTERVAL, axis=-1) for part in (of_first, of_total)]
    return Indices(first, ends[0][0], ends[0][1], total, ends[1][0], ends[1][1])


def inputs_of(priors: Sequence[Prior]) -> tuple[str, ...]:
    """The independent inputs, by coordinate: every prior but those that move with another."""
    return tuple(p.prior_id for p in sorted(priors, key=lambda p: p.coordinate) if p.comonotone_with is None)


@dataclass(frozen=True)
class _Base:
    """Positions, and what they need that a call which moves few inputs need not compute again."""

    positions: Array
    draws: Draws
    start: Baseline
    kernels: dict[bytes, Factors]


class Headline:
    """Avoided loss and net benefit of one convention, everything in its text, at positions of the study's priors.

    Parameters
    ----------
    priors : those that the study was drawn from; one input a Sobol' coordinate: priors that move with another are one
        input with it. Distributions that are read at a prior's position (the covered shares, the effect of law, the
        branching ratio on record) belong to the input of that position; the effect at the origin is read at its own
        position and, by the rank correlation, at that of the target
    definitions : of a cyberattack, as the study was prepared with
    membership : (economies,) fully phased in, at the 2020 baseline
    allocation : rule of the study's baseline
    """

    def __init__(
        self,
        study: Study,
        priors: Sequence[Prior],
        definitions: Definitions,
        scenario: Scenario,
        membership: Array,
        allocation: str = "regional",
    ) -> None:
        self.study, self.priors, self.allocation = study, tuple(priors), allocation
        self.inputs = inputs_of(priors)
        self._coordinate = sorted({p.coordinate for p in priors})
        self._definition = {scenario.definition: definitions[scenario.definition]}
        self.point = headline_point(study.world, scenario, study.settings, membership)
        self._base: _Base | None = None

    def __call__(self, positions: Array) -> Array:
        """(outputs, rows) USD bn of 2020, in the order of `OUTPUTS`, at (rows, inputs) positions."""
        study, base = self.study, self._based_on(positions)
        moved = {name for k, name in enumerate(self.inputs) if np.any(positions[:, k] != base.positions[:, k])}
        with threadpool_limits(1):
            draws = base.draws if not moved else self._draws(positions, moved, base.draws)
            start = base.start if moved.isdisjoint(ALLOCATION_INPUTS) else self._baseline(draws)
            known = base.kernels if moved.isdisjoint(LAW_INPUTS) else {}
            setting = Setting(study.world, draws, start, study.settings, study.reciprocity)
            conventions = Conventions(setting, [self.point])
            law = conventions.ensemble.run_factored(kernels(conventions.ensemble, default_betas(study, draws), known))
            outcome = conventions.outcomes(law, conventions.conduct())[0]
        return np.stack((outcome.avoided, outcome.avoided - outcome.price - self.point.cost.sum()))

    def _based_on(self, positions: Array) -> _Base:
        if self._base is None or self._base.positions.shape != positions.shape:
            draws = self._draws(positions, set(self.inputs), Draws({}, np.zeros(0, np.int64), 0))
            self._base = _Base(positions.copy(), draws, self._baseline(draws), {})
        return self._base

    def _draws(self, positions: Array, moved: Set[str], others: Draws) -> Draws:
        """The draws at positions; inputs that did not move keep their values."""
        placed = np.full((positions.shape[0], COORDINATES), 0.5)
        placed[:, self._coordinate] = positions
        changed = {k for k, name in zip(self._coordinate, self.inputs, strict=True) if name in moved}
        new = at_positions([p for p in self.priors if p.coordinate in changed], placed, self.study.draws.seed)
        values, medians = {**others.values, **new.values}, {**others.medians, **new.medians}
        return with_coverage(Draws(values, new.scramble, new.seed, medians), self._definition)

    def _baseline(self, draws: Draws) -> Baseline:
        return baseline(self.study.world, draws, self.study.anchor, self.allocation)


def sensitivity_table(headline: Headline, rows: int = ROWS, seed: int | None = None) -> pl.DataFrame:
    """`model.sensitivity`: the indices of every input for the avoided loss and the net benefit of a headline."""
    found = sobol_indices(headline, len(headline.inputs), rows, headline.study.draws.seed if seed is None else seed)
    frames = [
        pl.DataFrame(
            {
                "output": [output] * len(headline.inputs),
                "prior_id": headline.inputs,
                **{name: getattr(found, name)[k] for name in COLUMNS},
                "unit": [UNIT] * len(headline.inputs),
            }
        )
        for k, output in enumerate(OUTPUTS)
    ]
    return pl.concat(frames)
