"""Summaries of draws: quantiles, Monte Carlo error from independent scrambles, probabilities.

Nothing here knows what the draws are of.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

QUANTILES = {
    "p025": 0.025,
    "p05": 0.05,
    "p10": 0.1,
    "p25": 0.25,
    "p50": 0.5,
    "p75": 0.75,
    "p90": 0.9,
    "p95": 0.95,
    "p975": 0.975,
}


def sorted_quantiles(ordered: Array) -> Array:
    """(..., quantiles) linear-interpolation quantiles of values sorted along the last axis."""
    position = np.array(list(QUANTILES.values())) * (ordered.shape[-1] - 1)
    below = np.floor(position).astype(int)
    above = np.minimum(below + 1, ordered.shape[-1] - 1)
    low = ordered[..., below]
    return np.asarray(low + (position - below) * (ordered[..., above] - low))


def scramble_error(by_scramble: Array) -> Array:
    """Standard error of a statistic from its values in independent scrambles, along the last axis (Owen 1997)."""
    return np.asarray(by_scramble.std(axis=-1, ddof=1) / np.sqrt(by_scramble.shape[-1]))
