"""A number of a fit as a table shows it: estimate, standard error, interval, records behind it, and what limits it."""

from __future__ import annotations

import math
from typing import NamedTuple

from models.definition import Z90

ESTIMATED = "estimated"
NO_ERROR = "the likelihood gives no standard error here"
REAL = ("mu", "xi", "trend", "shift")
"""Parameters that may be negative, by the first part of their name; all others are above zero."""


class Number(NamedTuple):
    """A number of a fit.

    estimate : None where there is none; se : standard error; lower, upper : ends at 90 %
    status : 'estimated', or what limits or prevents it; n : records behind it, None for those of the whole fit
    """

    estimate: float | None
    se: float | None = None
    lower: float | None = None
    upper: float | None = None
    status: str = ESTIMATED
    n: int | None = None


def parameter(name: str, estimate: float, se: float, n: int | None = None) -> Number:
    """A parameter with its interval: symmetric, or symmetric in logs where it is above zero."""
    if not math.isfinite(se):
        return Number(estimate, status=NO_ERROR, n=n)
    if is_real(name):
        return Number(estimate, se, estimate - Z90 * se, estimate + Z90 * se, n=n)
    spread = math.exp(min(Z90 * se / estimate, 700.0))  # beyond, the end is no number
    return Number(estimate, se, estimate / spread, estimate * spread, n=n)


def is_real(name: str) -> bool:
    """Whether a parameter may be negative."""
    return name.split("_")[0] in REAL


def refused(error: ValueError | str, n: int | None = None) -> Number:
    """What stands in a table for a number that cannot be given."""
    return Number(None, status=f"not estimable: {error}", n=n)
