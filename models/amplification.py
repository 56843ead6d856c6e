"""m, total over direct loss of output: what each round of customers adds, how much of it is passed on, m in every draw.

Belongs here: the step from an input-output table to m and its range. Multipliers of a table are in `propagation`, what
m does to GDP in `gdp_loss`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import brentq

from models.priors import Draws
from models.propagation import InputOutputTable, positive_value_added, share_passed_on

Array = NDArray[np.float64]

FIT = "propagation"
ROUNDS = 12
"""Rounds of customers that are told apart; what comes after them follows the ratio of the last two."""


def rounds(table: InputOutputTable, weights: Array, count: int = ROUNDS) -> Array:
    """(count,) what each round of customers adds to a loss of 1, everything passed on.

    Parameters
    ----------
    weights : (sectors,) where the direct loss falls, sum 1

    Notes
    -----
    Round n is sum_s w_s [(value added)' (A')^n]_s / (value added)_s; m = 1 + sum of rounds times passed_on^n.
    """
    value_added = positive_value_added(table)
    if weights.shape != value_added.shape or not np.isclose(weights.sum(), 1) or (weights < 0).any():
        raise ValueError("weights need one share a sector, none below 0, sum 1")
    found, inputs, lost = [], table.inputs, value_added
    for _ in range(count):
        lost = inputs @ lost
        found.append(float(weights @ (lost / value_added)))
    return np.array(found)


def from_rounds(found: Array, passed_on: Array) -> Array:
    """m from the rounds of customers: 1 + sum_n c_n tau^n, and all later rounds in the ratio of the last two.

    Parameters
    ----------
    found : (rounds,) as of `rounds`, at least two; passed_on : any shape, tau

    Errors: ValueError where the ratio of later rounds is not below 1, so that they have no sum.
    """
    ratio = found[-1] / found[-2] * passed_on
    if not (ratio < 1).all():
        raise ValueError(f"a round of customers loses {float(np.max(ratio)):.2f} times what the one before it lost")
    powers = passed_on[..., None] ** np.arange(1, found.size + 1)
    return np.asarray(1 + powers @ found + powers[..., -1] * found[-1] * ratio / (1 - ratio))


def bottleneck(found: Array, observed: float) -> float:
    """What must be passed on, in cost shares, if a loss is amplified as observed: tau with m(tau) = observed.

    Errors: ValueError where no tau below that at which losses grow without end gives it.
    """
    last = float(found[-2] / found[-1]) * (1 - 1e-6)

    def gap(tau: float) -> float:
        return float(from_rounds(found, np.array(tau))) - observed

    if gap(0.0) > 0 or gap(last) < 0:
        raise ValueError(f"no strength of supply chains amplifies a loss {observed:g} times")
    return float(brentq(gap, 0.0, last))


def amplification(fits: pl.DataFrame, draws: Draws) -> Array:
    """(draws,) m, total over direct loss of output, as the alternative `amplified` takes it.

    Parameters
    ----------
    fits : fit, coefficient, estimate; rows of fit `propagation`, as `core.fits` has them

    Errors: ValueError where a row is missing.

    Notes
    -----
    ln tau lies between that of what is passed on by our judgement of stocks and other suppliers (position 0) and that
    of what the firms hit by NotPetya show (1), after all that their customers did to adapt.
    """
    found = np.array([_estimate(fits, name) for name in round_names()])
    position, judged = draws["bottleneck_position"], share_passed_on(draws["stock_days"], draws["replacement_days"])
    return from_rounds(found, judged ** (1 - position) * _estimate(fits, "bottleneck") ** position)


def round_names(count: int = ROUNDS) -> Sequence[str]:
    """The coefficients that hold the rounds of customers."""
    return [f"round_{n:02d}" for n in range(1, count + 1)]


def _estimate(fits: pl.DataFrame, coefficient: str) -> float:
    rows = fits.filter(pl.col("fit") == FIT, pl.col("coefficient") == coefficient)
    if rows.height != 1 or rows["estimate"][0] is None:
        raise ValueError(f"one estimate {FIT}, {coefficient} is needed, the table of fits has {rows.height}")
    return float(rows["estimate"][0])
