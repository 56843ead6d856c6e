"""How many loss events a year has: the laws of counts that annual losses are compounded from.

Generating functions, Panjer's class, draws, and how a change of frequency acts on a law. What counts on record look
like is fitted in `frequency`; the loss of an event is in `tail`, the loss of a year in `annual_loss`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import pdtr

Array = NDArray[np.float64]
Counts = NDArray[np.int64]
Numbers = NDArray[Any]
"""Real or complex."""
INVERTED = 30.0
"""Largest mean of Poisson counts drawn from a table, which is faster; counts beyond it have probability 1e-16."""


class EventCounts(Protocol):
    """The law of the number of events of a year."""

    @property
    def mean(self) -> float:
        """Expected events a year."""

    def pgf(self, z: Numbers) -> Numbers:
        """E[z^N], any shape, |z| at most 1, real or complex."""

    def draw(self, rng: np.random.Generator, years: int) -> Counts:
        """(years,) events of each."""


def _need(holds: bool, law: str, name: str, value: float, allowed: str) -> None:
    if not holds:
        raise ValueError(f"{law} counts: {name} = {value!r} is not allowed; allowed: {allowed}")


def _mean_is_allowed(law: str, mean: float) -> None:
    _need(0 <= mean < math.inf, law, "mean", mean, "finite and not negative")


@dataclass(frozen=True)
class Poisson:
    """Events that come independently of each other, `mean` a year."""

    mean: float

    def __post_init__(self) -> None:
        """Refuse what is no mean."""
        _mean_is_allowed("Poisson", self.mean)

    def pgf(self, z: Numbers) -> Numbers:
        """exp(mean (z - 1))."""
        return np.asarray(np.exp(self.mean * (z - 1)))

    def recursion(self) -> tuple[float, float]:
        """(a, b) of Panjer's class: 0 and the mean."""
        return 0.0, self.mean

    def scaled(self, factor: float) -> Poisson:
        """Poisson again."""
        return Poisson(self.mean * factor)

    def draw(self, rng: np.random.Generator, years: int) -> Counts:
        """(years,) events of each, by inversion where a short table of probabilities holds all counts."""
        if self.mean > INVERTED:
            return np.asarray(rng.poisson(self.mean, years), dtype=np.int64)
        up_to = pdtr(np.arange(math.ceil(self.mean + 12 * math.sqrt(self.mean) + 20)), self.mean)
        return np.searchsorted(up_to, rng.random(years), side="right")


@dataclass(frozen=True)
class NegativeBinomial:
    """Poisson events whose yearly rate varies as a gamma law does: variance mean + mean^2 / size.

    mean : events a year; size : above 0, small where bad years come in bulk, Poisson where it is infinite
    """

    mean: float
    size: float

    def __post_init__(self) -> None:
        """Refuse what is no law."""
        _mean_is_allowed("negative binomial", self.mean)
        _need(0 < self.size < math.inf, "negative binomial", "size", self.size, "finite and above 0")

    def pgf(self, z: Numbers) -> Numbers:
        """(1 - mean (z - 1) / size)^(-size)."""
        return np.asarray(np.exp(-self.size * np.log1p(self.mean / self.size * (1 - z))))

    def recursion(self) -> tuple[float, float]:
        """(a, b) of Panjer's class: a = mean / (size + mean), b = (size - 1) a."""
        a = self.mean / (self.size + self.mean)
        return a, (self.size - 1) * a

    def scaled(self, factor: float) -> NegativeBinomial:
        """The same size: every year's rate is multiplied, and keeping each event with a probability is the same law."""
        return NegativeBinomial(self.mean * factor, self.size)

    def draw(self, rng: np.random.Generator, years: int) -> Counts:
        """(years,) events of each."""
        return np.asarray(rng.negative_binomial(self.size, self.size / (self.size + self.mean), years), dtype=np.int64)


@dataclass(frozen=True)
class Binomial:
    """Each of a number of targets is hit at most once a year."""

    trials: int
    probability: float

    def __post_init__(self) -> None:
        """Refuse what is no law."""
        _need(self.trials >= 1, "binomial", "trials", self.trials, "1 or more")
        _need(0 <= self.probability < 1, "binomial", "probability", self.probability, "at least 0 and below 1")

    @property
    def mean(self) -> float:
        """Expected events a year."""
        return self.trials * self.probability

    def pgf(self, z: Numbers) -> Numbers:
        """(1 + probability (z - 1))^trials."""
        return np.asarray((1 + self.probability * (z - 1)) ** self.trials)

    def recursion(self) -> tuple[float, float]:
        """(a, b) of Panjer's class: a = -p / (1 - p), b = -(trials + 1) a."""
        a = -self.probability / (1 - self.probability)
        return a, -(self.trials + 1) * a

    def scaled(self, factor: float) -> Binomial:
        """The same targets, each hit `factor` times as often; ValueError from certainty on."""
        return Binomial(self.trials, self.probability * factor)

    def draw(self, rng: np.random.Generator, years: int) -> Counts:
        """(years,) events of each."""
        return np.asarray(rng.binomial(self.trials, self.probability, years), dtype=np.int64)


@dataclass(frozen=True)
class Listed:
    """Counts whose probabilities are given one by one: `probabilities[n]` of n events."""

    probabilities: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse what is no law."""
        least, total = min(self.probabilities, default=math.nan), math.fsum(self.probabilities)
        _need(least >= 0, "listed", "least probability", least, "0 or more")
        _need(abs(total - 1) < 1e-12, "listed", "sum of the probabilities", total, "1")

    @property
    def mean(self) -> float:
        """Expected events a year."""
        return math.fsum(n * p for n, p in enumerate(self.probabilities))

    def pgf(self, z: Numbers) -> Numbers:
        """The sum of probability n times z^n."""
        return np.asarray(np.polynomial.polynomial.polyval(z, np.array(self.probabilities)))

    def draw(self, rng: np.random.Generator, years: int) -> Counts:
        """(years,) events of each."""
        return np.asarray(rng.choice(len(self.probabilities), years, p=self.probabilities), dtype=np.int64)


Panjer = Poisson | NegativeBinomial | Binomial
"""Panjer's class (a, b, 0): p_n = (a + b / n) p_(n-1). `recursion` gives a and b; `scaled` the law where every event
happens `factor` times as often, which is how a convention acts on frequency (Q_k of model.md 2)."""
