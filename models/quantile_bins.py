"""Amounts on record beside those of a fitted law, by bins of ranks: what a quantile-quantile plot draws.

A point is the mean of a bin in logs and never a single amount, so that it may be shown where the amounts may not. The
laws are fitted in `severity` and `tail`.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.definition import SHOWN
from models.laws import Array, Law

EDGES = (
    *(0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
    *(0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995),
)
"""Probabilities at which bins end, finer towards the largest amounts, which the mean hangs on."""
POINTS = {"probability": pl.Float64, "n": pl.Int64, "observed": pl.Float64, "fitted": pl.Float64}


def cuts(n: int) -> NDArray[np.int64]:
    """Numbers of amounts below the ends of bins, rising from 0 to n.

    An end of `EDGES` that would leave fewer than `SHOWN` amounts on either side is no end: its bin is part of the next.
    """
    found = [0]
    for end in np.round(n * np.array(EDGES)).astype(int).tolist():
        if min(end - found[-1], n - end) >= SHOWN:
            found.append(end)
    return np.array([*found, n])


def points(amounts: Array, law: Law) -> pl.DataFrame:
    """Amounts on record beside those of a law, one row a bin of ranks: columns of `POINTS`.

    Parameters
    ----------
    amounts : at least `SHOWN`, USD bn of 2020

    Returns
    -------
    probability : mean of (rank - 1/2) / n over the bin; n : amounts in it
    observed, fitted : geometric means over the bin, of the amounts and of the law's quantiles at (rank - 1/2) / n

    Notes
    -----
    Both coordinates are averaged in the same way, so that amounts that follow the law lie on the line of equality in
    every bin. On log axes the geometric mean is the middle of the points it stands for. Its log has a variance for
    every xi, while the mean of the largest few is little but the largest of them and has no limit from xi = 1 on.
    """
    x = np.sort(amounts)
    ends = cuts(x.size)
    size, place = np.diff(ends), (np.arange(x.size) + 0.5) / x.size

    def by_bin(values: Array) -> Array:
        return np.asarray(np.add.reduceat(values, ends[:-1]) / size)

    return pl.DataFrame(
        {
            "probability": by_bin(place),
            "n": size,
            "observed": np.exp(by_bin(np.log(x))),
            "fitted": np.exp(by_bin(np.log(law.quantile(place)))),
        },
        schema=POINTS,
    )
