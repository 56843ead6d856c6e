"""Uncertain inputs as distributions, and the paired draws of all of them.

A prior is data with a unit and a source (`data/priors`); this module gives its inverse cdf and samples it. Which prior
enters which equation is the business of the module with that equation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import ndtri

Array = NDArray[np.float64]

COORDINATES = 64
"""Sobol' coordinates drawn at every call, used or not, so that a new prior never moves the draws of an old one."""


SMALLEST = 2.0**-53
"""Distance from 0 and 1 that every position in a distribution keeps."""
FRACTIONS = frozenset(
    (
        *("state_share", "other_share_of_rest", "unattributed_follow", "domestic_share", "compliance"),
        *("attribution", "consequence_status_quo", "consequence_unilateral", "consequence_agreed"),
        *("consequence_strength", "bite", "retaliation_agreed_share", "retaliation_agreed_share_op_ed"),
        *("standdown_share", "false_attribution", "proxy_share", "attacker_gain"),
        *("transfer_share_criminal", "transfer_share_other", "direct_share_criminal", "direct_share_other"),
        *("direct_share_state", "gdp_share_of_direct", "saved_share_of_loss", "bottleneck_position"),
        "reporting_probability",
    )
)
"""Inputs that are probabilities or shares: no draw of theirs may lie outside [0, 1]."""


@dataclass(frozen=True)
class Distribution:
    """A family of distributions: the arguments it takes, the rule they obey, and its inverse cdf."""

    arguments: tuple[str, ...]
    rule: str
    valid: Callable[[Mapping[str, float]], bool]
    quantile: Callable[[Array, Mapping[str, float]], Array]


def _truncated_normal(u: Array, a: Mapping[str, float]) -> Array:
    lower, upper = ((a[k] - a["mean"]) / a["sd"] for k in ("lower", "upper"))
    return np.asarray(stats.truncnorm.ppf(u, lower, upper, loc=a["mean"], scale=a["sd"]))


DISTRIBUTIONS: dict[str, Distribution] = {
    "constant": Distribution(("value",), "any finite value", lambda a: True, lambda u, a: np.full_like(u, a["value"])),
    "uniform": Distribution(
        ("low", "high"),
        "low < high",
        lambda a: a["low"] < a["high"],
        lambda u, a: a["low"] + (a["high"] - a["low"]) * u,
    ),
    "normal": Distribution(
        ("mean", "sd"), "sd > 0", lambda a: a["sd"] > 0, lambda u, a: a["mean"] + a["sd"] * ndtri(u)
    ),
    "half_normal": Distribution(
        ("scale",), "scale > 0", lambda a: a["scale"] > 0, lambda u, a: a["scale"] * ndtri((1 + u) / 2)
    ),
    "truncated_normal": Distribution(
        ("mean", "sd", "lower", "upper"),
        "sd > 0 and lower < upper",
        lambda a: a["sd"] > 0 and a["lower"] < a["upper"],
        _truncated_normal,
    ),
    "student_t": Distribution(
        ("df", "location", "scale"),
        "df > 0 and scale > 0",
        lambda a: a["df"] > 0 and a["scale"] > 0,
        lambda u, a: np.asarray(a["location"] + a["scale"] * stats.t.ppf(u, a["df"])),
    ),
    "beta": Distribution(
        ("a", "b"),
        "a > 0 and b > 0",
        lambda a: a["a"] > 0 and a["b"] > 0,
        lambda u, a: np.asarray(stats.beta.ppf(u, a["a"], a["b"])),
    ),
    "lognormal": Distribution(
        ("median", "sigma"),
        "median > 0 and sigma > 0",
        lambda a: a["median"] > 0 and a["sigma"] > 0,
        lambda u, a: a["median"] * np.exp(a["sigma"] * ndtri(u)),
    ),
}


@dataclass(frozen=True)
class Prior:
    """One uncertain input: its distribution, its unit, and where it comes from.

    `kind` is `estimated`, `published` or `judgement`; `coordinate` is its place in the Sobol' sequence, fixed in the
    file so that adding a prior leaves every other draw as it was. Two priors share a place only where one names the
    other in `comonotone_with`: then both are high in the same draws.
    """

    prior_id: str
    distribution: str
    arguments: Mapping[str, float]
    unit: str
    kind: str
    source: str
    verified: bool
    rationale: str
    coordinate: int
    comonotone_with: str | None = None


def check(distribution: str, arguments: Mapping[str, float]) -> None:
    """Raise ValueError, saying what is allowed, where no such distribution exists."""
    family = DISTRIBUTIONS.get(distribution)
    if family is None:
        raise ValueError(f"unknown distribution '{distribution}'; allowed: {', '.join(sorted(DISTRIBUTIONS))}")
    if set(arguments) != set(family.arguments):
        raise ValueError(f"{distribution} takes {', '.join(family.arguments)}; got {', '.join(sorted(arguments))}")
    for name, value in arguments.items():
        if not np.isfinite(value):
            raise ValueError(f"{distribution} argument {name} = {value} is not finite")
    if not family.valid(arguments):
        given = ", ".join(f"{k} = {v:g}" for k, v in arguments.items())
        raise ValueError(f"{distribution} needs {family.rule}; got {given}")


def quantile(distribution: str, arguments: Mapping[str, float], u: Array) -> Array:
    """The inverse cdf at `u`, in the unit of the prior."""
    return np.asarray(DISTRIBUTIONS[distribution].quantile(u, arguments))


def support(distribution: str, arguments: Mapping[str, float]) -> tuple[float, float]:
    """The least and the largest value that can be drawn."""
    low, high = quantile(distribution, arguments, np.array([SMALLEST, 1 - SMALLEST]))
    return float(low), float(high)


def truncated_quantile(distribution: str, arguments: Mapping[str, float], u: Array, low: float, high: float) -> Array:
    """The inverse cdf of the distribution cut to [low, high], at `u`.

    Needed where an exponential of the input is averaged: a Student t has no mean on that scale (model.md 4.3).
    """
    if distribution == "constant":
        return np.clip(quantile(distribution, arguments, u), low, high)
    frozen = (
        stats.norm(arguments["mean"], arguments["sd"])
        if distribution == "normal"
        else stats.t(arguments["df"], arguments["location"], arguments["scale"])
    )
    below, above = frozen.cdf(low), frozen.cdf(high)
    return np.asarray(np.clip(frozen.ppf(below + u * (above - below)), low, high))


@dataclass(frozen=True)
class Draws:
    """Paired draws: `values[prior_id]` is (draws,), `scramble` (draws,) says which scramble a draw belongs to."""

    values: Mapping[str, Array]
    scramble: NDArray[np.int64]
    seed: int
    medians: Mapping[str, float] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Number of draws."""
        return int(self.scramble.size)

    @property
    def scrambles(self) -> int:
        """Number of independent scrambles."""
        return int(self.scramble[-1]) + 1

    def __getitem__(self, prior_id: str) -> Array:
        return self.values[prior_id]

    def replace(self, **fixed: float) -> Draws:
        """The same draws with some inputs held at one value."""
        values = {**self.values, **{name: np.full(self.size, value) for name, value in fixed.items()}}
        return Draws(values, self.scramble, self.seed, {**self.medians, **fixed})


def sample(priors: Sequence[Prior], draws: int, seed: int, scrambles: int = 8) -> Draws:
    """Paired draws of every prior from independently scrambled Sobol' sequences.

    Parameters
    ----------
    priors : any number up to `COORDINATES`
    draws : total over the scrambles; a power of two per scramble keeps the balance of the sequence
    seed : the scrambles are seeded from it one by one

    Returns
    -------
    Draws, (draws,) per prior, scramble after scramble

    Notes
    -----
    Owen (1997) scrambling: each scramble is an unbiased estimate, so their spread is the Monte Carlo error
    (model.md 6).
    """
    per = draws // scrambles
    if per < 2 or per * scrambles != draws or per & (per - 1):
        raise ValueError(f"draws must be {scrambles} times a power of two, at least {2 * scrambles}; got {draws}")
    taken = [p.coordinate for p in priors if p.comonotone_with is None]
    if len(set(taken)) != len(taken) or not all(0 <= k < COORDINATES for k in taken):
        raise ValueError(f"each prior needs its own coordinate from 0 to {COORDINATES - 1}")
    blocks = [
        stats.qmc.Sobol(COORDINATES, scramble=True, rng=np.random.default_rng([seed, r])).random(per)
        for r in range(scrambles)
    ]
    return _placed(priors, np.concatenate(blocks), np.repeat(np.arange(scrambles), per), seed)


def at_positions(priors: Sequence[Prior], positions: Array, seed: int = 0) -> Draws:
    """The draws of every prior at positions that the caller chose, as one scramble.

    Parameters
    ----------
    positions : (draws, coordinates) from 0 to 1; column k places the priors of coordinate k in their distributions
    seed : kept with the draws as a label; nothing is drawn

    Errors
    ------
    ValueError where a prior's coordinate has no column, or a position is not within [0, 1].
    """
    highest = max(p.coordinate for p in priors)
    if positions.ndim != 2 or positions.shape[1] <= highest:
        raise ValueError(f"positions is (draws, coordinates) with a column for coordinate {highest}: {positions.shape}")
    if not np.all((positions >= 0) & (positions <= 1)):
        raise ValueError("positions must lie within 0 to 1")
    return _placed(priors, positions, np.zeros(positions.shape[0], np.int64), seed)


def _placed(priors: Sequence[Prior], positions: Array, scramble: NDArray[np.int64], seed: int) -> Draws:
    # a scrambled point can round to exactly 0, whose normal quantile is minus infinity
    uniform = np.clip(positions, SMALLEST, 1 - SMALLEST)
    values = {p.prior_id: quantile(p.distribution, p.arguments, uniform[:, p.coordinate]) for p in priors}
    half = np.full(1, 0.5)
    medians = {p.prior_id: float(quantile(p.distribution, p.arguments, half)[0]) for p in priors}
    return Draws(values, scramble, seed, medians)
