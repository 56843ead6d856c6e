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

from benchmarks.lines import Line, at_least, at_most, in_turn, worker_lines
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
        turns = in_turn(
            {
                "own": lambda mean=mean: simulated(mean),
                "numpy": lambda compound=compound: compound.sample(YEARS, np.random.default_rng(SEED)),
                "core": lambda core=core, mean=mean: core.simulate_aggregate_loss(mean, 0.0, SIGMA),
            },
            7,
        )
        own = turns.middle("own")
        plain = in_turn({"plain": lambda mean=mean: one_at_a_time(mean)}, 3).parts("plain", ONE_AT_A_TIME / YEARS)
        lines.append(
            at_least(
                f"years_{mean}_one_at_a_time",
                f"years one at a time over 1e6 years of {mean} events (extrapolated from {ONE_AT_A_TIME} years)",
                [slow / own for slow in plain],
                10,
                f"{np.median(plain):.1f} s over {own:.3f} s",
                own,
            )
        )
        for name, what in (("core", "simulator in C++"), ("numpy", "Compound")):
            lines.append(
                at_least(
                    f"years_{mean}_riskpy_{name}",
                    f"riskpy's {what}, which has sums alone, over 1e6 years of {mean} events, sums and largest",
                    turns.ratios(name, "own"),
                    1,
                    f"{turns.middle(name):.3f} s over {own:.3f} s",
                    own,
                )
            )
    return lines


def both(workers: int) -> tuple[np.ndarray, np.ndarray]:
    """Sums and largest losses of the years with five events."""
    years = simulated(5, workers)
    return years.total, years.largest


def value_at_risk_lines(aggregate) -> list[Line]:
    """Value at risk by transform against the peer's, both from the law of an event to the levels."""
    severity, worst, rounds = LognormalSeverity(SIGMA), 0.0, []
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

        turns = in_turn({"own": ours, "peer": theirs}, 5)
        worst = max(worst, float(np.abs(turns.results["own"] / turns.results["peer"] - 1).max()))
        rounds.append(turns)
    slow, fast = (np.sum([turns.seconds[name] for turns in rounds], axis=0) for name in ("peer", "own"))
    at = ", ".join(f"{level:.1%}" for level in LEVELS)
    return [
        at_most(
            "value_at_risk_difference",
            f"value at risk ({at}) against aggregate with 2^{LOG2} points, largest difference in %",
            100 * worst,
            0.05,
            "Poisson 1 and 5 a year, lognormal",
        ),
        at_least(
            "aggregate_over_value_at_risk",
            "aggregate over value at risk by transform",
            slow / fast,
            1,
            f"{np.median(slow):.3f} s over {np.median(fast):.4f} s",
            float(np.median(fast)),
        ),
    ]


def lines() -> list[Line]:
    """All lines on annual losses."""
    aggregate, riskpy = peers()
    return [
        *simulation_lines(riskpy),
        *worker_lines("years", "1e6 years of 5 events", both, 31),
        *value_at_risk_lines(aggregate),
    ]
