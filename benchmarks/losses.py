"""Annual losses against their peers: years simulated one at a time, `riskpy`, and value at risk of `aggregate`.

`make bench` puts the two packages into a folder of their own beside the environment, where nothing else finds them:
what they need (pandas) would double the start of every command.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.lines import Line, in_turn, worker_lines
from models.event_counts import Poisson
from models.laws import Lognormal
from models.loss_curve import loss_curves
from models.simulated_years import Years, lognormal, simulate

PEERS = Path(sys.prefix) / "peers"
YEARS = 10**6
ONE_AT_A_TIME = 20_000
"""Years of the formulation that is too slow for all; its time is scaled up."""
SEED = 1
EVENTS = (1, 5)
"""Mean events a year."""
SIGMA = 1.5
LEVELS = np.array([0.99, 0.995, 0.999])
LOG2 = 18
"""Of the points of the peer's grid: with 2^16 its own value at risk is up to 0.5 % off."""


@dataclass(frozen=True)
class LognormalSeverity:
    """A lognormal loss of an event without tail or cap, as `discretization.Severity`; median 1."""

    sigma: float
    threshold: float = math.inf
    cap: float = math.inf

    @property
    def law(self) -> Lognormal:
        return Lognormal(0.0, self.sigma)

    def cdf(self, loss):
        with np.errstate(divide="ignore"):  # no loss has a log of minus infinity, and probability 0
            return np.exp(self.law.log_cdf(loss))

    def quantile(self, probability):
        return self.law.quantile(probability)

    def mean(self) -> float:
        return math.exp(self.sigma**2 / 2)


def simulated(mean: float, workers: int = 1) -> Years:
    """The project's years: sum and largest loss of each."""
    return simulate([(Poisson(mean), lognormal(0.0, SIGMA))], YEARS, SEED, workers)


def one_at_a_time(mean: float) -> np.ndarray:
    """(ONE_AT_A_TIME,) loss of each year: a count, that many losses, their sum. The formulation of Netflix's
    riskquant; its draws come from scipy, these from numpy, which is faster."""
    rng = np.random.default_rng(SEED)
    return np.array([rng.lognormal(0.0, SIGMA, rng.poisson(mean)).sum() for _ in range(ONE_AT_A_TIME)])


def peers():
    """The two packages; found last, so that they share the project's numpy."""
    if not PEERS.is_dir():
        raise SystemExit("the peers are not installed: run `make bench`")
    sys.path.append(str(PEERS))
    import aggregate
    import riskpy
    import riskpy.mc

    return aggregate, riskpy


def simulation_lines(riskpy) -> list[Line]:
    """Compound losses of a million years against all peers, on one thread as they are."""
    lines = []
    for mean in EVENTS:
        compound = riskpy.mc.Compound(riskpy.mc.Poisson(mean=mean), riskpy.mc.LogNormal(0.0, SIGMA))
        core = riskpy.MonteCarloSimulator(trials=YEARS, seed=SEED)
        took, _ = in_turn(
            {
                "own": lambda mean=mean: simulated(mean),
                "numpy": lambda compound=compound: compound.sample(YEARS, np.random.default_rng(SEED)),
                "core": lambda core=core, mean=mean: core.simulate_aggregate_loss(mean, 0.0, SIGMA),
            },
            7,
        )
        plain, _ = in_turn({"plain": lambda mean=mean: one_at_a_time(mean)}, 2)
        slow = plain["plain"] * YEARS / ONE_AT_A_TIME
        lines.append(
            Line(
                f"years one at a time over 1e6 years of {mean} events (extrapolated from {ONE_AT_A_TIME} years)",
                slow / took["own"],
                "at least 10",
                slow >= 10 * took["own"],
                f"{slow:.1f} s over {took['own']:.3f} s",
            )
        )
        for name, what in (("core", "simulator in C++"), ("numpy", "Compound")):
            lines.append(
                Line(
                    f"riskpy's {what}, which has sums alone, over 1e6 years of {mean} events, sums and largest",
                    took[name] / took["own"],
                    "at least 1",
                    took[name] >= took["own"],
                    f"{took[name]:.3f} s over {took['own']:.3f} s",
                )
            )
    return lines


def both(workers: int) -> tuple[np.ndarray, np.ndarray]:
    """Sums and largest losses of the years with five events."""
    years = simulated(5, workers)
    return years.total, years.largest


def value_at_risk_lines(aggregate) -> list[Line]:
    """Value at risk by transform against the peer's, both from the law of an event to the levels."""
    severity, worst, slow, fast = LognormalSeverity(SIGMA), 0.0, 0.0, 0.0
    for mean in EVENTS:
        # the peer's language is read before the clock starts
        text = f"agg Year{mean} {mean} claims sev 1 * lognorm {SIGMA} poisson"
        peer = aggregate.build(text, update=False)

        def theirs(peer=peer) -> np.ndarray:
            peer.update(log2=LOG2)
            return np.array([peer.q(level) for level in LEVELS])

        def ours(mean=mean) -> np.ndarray:
            [curve] = loss_curves([severity], [[Poisson(mean)]], 1 - LEVELS.max())
            return curve.value_at_risk(LEVELS)

        took, found = in_turn({"own": ours, "peer": theirs}, 5)
        worst = max(worst, float(np.abs(found["own"] / found["peer"] - 1).max()))
        slow, fast = slow + took["peer"], fast + took["own"]
    at = ", ".join(f"{level:.1%}" for level in LEVELS)
    return [
        Line(
            f"value at risk ({at}) against aggregate with 2^{LOG2} points, largest difference in %",
            100 * worst,
            "at most 0.05",
            worst <= 5e-4,
            "Poisson 1 and 5 a year, lognormal",
        ),
        Line(
            "aggregate over value at risk by transform",
            slow / fast,
            "at least 1",
            slow >= fast,
            f"{slow:.3f} s over {fast:.4f} s",
        ),
    ]


def lines() -> list[Line]:
    """All lines on annual losses."""
    aggregate, riskpy = peers()
    return [*simulation_lines(riskpy), *worker_lines("1e6 years of 5 events", both, 9), *value_at_risk_lines(aggregate)]
