"""Where the tail of losses begins: fits over a ladder of thresholds, the choice among them, and mean excess.

Each fit is made in `tail`. What is shown is what a reader needs to choose otherwise (model.md 2).
"""

from __future__ import annotations

import math
from typing import cast

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from models.definition import LEAST, SHOWN
from models.estimates import ESTIMATED, Number, parameter, refused
from models.laws import Array
from models.severity import Fit, checked, goodness_of_fit
from models.tail import above, fit_tail, pareto

RUNGS = 12
"""Thresholds tried: numbers of amounts above them fall from half of all to `LEAST` in equal ratios."""
LEVEL = 0.05
"""p-value from which on a threshold is not refused."""
STABILITY = {
    "threshold": pl.Float64,
    "n": pl.Int64,
    "xi": pl.Float64,
    "xi_se": pl.Float64,
    "xi_lower": pl.Float64,
    "xi_upper": pl.Float64,
    "modified_scale": pl.Float64,
    "modified_scale_se": pl.Float64,
    "distance": pl.Float64,
    "p_value": pl.Float64,
    "chosen": pl.Boolean,
    "status": pl.String,
}
STEPS = (1, 2, 5)
"""Thresholds of the mean excess are these times powers of ten: the same whatever is on record, none a single amount."""
MEAN_EXCESS = {"threshold": pl.Float64, "n": pl.Int64, "mean_excess": pl.Float64, "se": pl.Float64}


def ladder(amounts: ArrayLike, rungs: int = RUNGS) -> Array:
    """Thresholds to try, rising: observed amounts with at least `LEAST` amounts above and up to them.

    Errors
    ------
    ValueError as of `checked`, and where no amount has so many on both sides.
    """
    x = np.sort(checked(amounts))
    most = x.size // 2
    counts = np.unique(np.round(np.geomspace(max(most, LEAST), LEAST, rungs)).astype(int))
    tried = np.unique(x[x.size - 1 - counts[counts < x.size]])
    many = (x > tried[:, None]).sum(axis=1)
    found = tried[(many >= LEAST) & (x.size - many >= LEAST)]
    if not found.size:
        raise ValueError(f"{x.size} amounts: a body and a tail of at least {LEAST} each need {2 * LEAST}, ties apart")
    return np.asarray(found)


def stability(
    amounts: ArrayLike, rng: np.random.Generator, replications: int, thresholds: ArrayLike | None = None
) -> pl.DataFrame:
    """How the tail moves with its threshold, and which threshold is chosen.

    Parameters
    ----------
    amounts : USD bn of 2020
    replications : samples of the bootstrap at each threshold
    thresholds : rising; by default those of `ladder`

    Returns
    -------
    columns of `STABILITY`: n amounts above the threshold, interval of xi at 90 %, modified scale beta - xi u, which
    like xi does not move with u once the law holds, Anderson-Darling distance and its p-value

    Errors
    ------
    ValueError as of `ladder`, or of `above` for a threshold that is given.

    Notes
    -----
    Chosen is the lowest threshold from which on up the test of fit refuses none ("raw up" of Bader, Yan and Zhang 2018;
    their ForwardStop, after many refusals, also skips thresholds that fit). Where the highest is refused as well it is
    chosen, and its status says so.
    """
    x = checked(amounts)
    rows: list[dict[str, object]] = []
    for u in np.asarray(ladder(x) if thresholds is None else thresholds, dtype=np.float64).tolist():
        excess = above(x, u)
        row: dict[str, object] = {"threshold": u, "n": excess.size, "chosen": False}
        try:
            found = fit_tail(x, u)
            test = goodness_of_fit(found.law, excess, pareto, rng, replications)
        except ValueError as error:
            rows.append(row | {"status": refused(error).status})
            continue
        rows.append(
            row | _numbers(found, u) | {"distance": test.distance, "p_value": test.p_value, "status": ESTIMATED}
        )
    tested = [row for row in rows if row["status"] == ESTIMATED]
    if tested:
        fits = [cast(float, row["p_value"]) >= LEVEL for row in tested]
        last_refused = max((k for k, fit in enumerate(fits) if not fit), default=-1)
        chosen = tested[min(last_refused + 1, len(tested) - 1)]
        chosen["chosen"] = True
        if not fits[-1]:
            chosen["status"] = "the test of fit refuses the highest threshold too; it stands for want of a better one"
    return pl.DataFrame(rows, schema=STABILITY)


def chosen_threshold(table: pl.DataFrame) -> float:
    """The threshold that `stability` chose; ValueError where none could be fitted."""
    found = table.filter(pl.col("chosen"))["threshold"]
    if found.is_empty():
        raise ValueError("no threshold has a tail that can be fitted")
    return float(found.item())


def mean_excess(amounts: ArrayLike) -> pl.DataFrame:
    """Mean of what amounts exceed a threshold by, for rising thresholds; columns of `MEAN_EXCESS`.

    Parameters
    ----------
    amounts : USD bn of 2020

    Returns
    -------
    one row a threshold of `STEPS` with at least `LEAST` amounts above it and `SHOWN` up to it: below those it falls by
    what the threshold rises and tells nothing

    Errors
    ------
    ValueError as of `checked`.

    Notes
    -----
    Of a generalized Pareto law it is (beta + xi u) / (1 - xi): a straight line in u (Davison and Smith 1990), and
    without a limit as amounts are added where xi >= 1. se is the standard deviation over the root of n: with xi >= 1/2
    it has no limit either.
    """
    x = np.sort(checked(amounts))
    decades = range(math.floor(math.log10(x[0])), math.ceil(math.log10(x[-1])) + 1)
    rows = []
    for u in (float(f"{step}e{decade}") for decade in decades for step in STEPS):
        excess = x[x > u] - u
        if excess.size >= LEAST and x.size - excess.size >= SHOWN:
            se = float(excess.std(ddof=1)) / math.sqrt(excess.size)
            rows.append((u, excess.size, float(excess.mean()), se))
    return pl.DataFrame(rows, schema=MEAN_EXCESS, orient="row")


def _numbers(found: Fit, threshold: float) -> dict[str, object]:
    """Estimates of a tail with errors and the interval of xi; None where the likelihood gives no error."""
    xi, beta = found.estimates.tolist()
    slope = np.array([-threshold, 1.0])
    shape: Number = parameter("xi", xi, float(found.se[0]))
    variance = float(slope @ found.covariance @ slope)
    return {
        "xi": xi,
        "xi_se": shape.se,
        "xi_lower": shape.lower,
        "xi_upper": shape.upper,
        "modified_scale": beta - xi * threshold,
        "modified_scale_se": math.sqrt(variance) if math.isfinite(variance) else None,
    }
