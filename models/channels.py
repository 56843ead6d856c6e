"""Which mechanism avoids how much: the headline with every combination of mechanisms on and off.

Shapley shares, which add up whatever the order, and the headline with one mechanism off. What a mechanism does is in
`deterrence`, `conduct` and `mechanisms`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from itertools import product
from math import factorial

import numpy as np
import polars as pl
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from models.counterfactual import Point
from models.effects import Betas
from models.ensemble import StateResult
from models.mechanisms import CHANNELS_OF_CONDUCT, Mechanisms
from models.setting import Conventions, Setting, default_betas, kernels
from models.study import Study

Array = NDArray[np.float64]

CHANNELS_OF_LAW = ("law_origin", "law_target", "cooperation", "displacement")
CHANNELS = (*CHANNELS_OF_LAW, *CHANNELS_OF_CONDUCT)
USD = "USD bn, 2020 prices"


def subsets() -> Array:
    """(2^8, 8) which channels are on, in the order of `combinations`."""
    return np.array(list(product((0.0, 1.0), repeat=len(CHANNELS))))


def shapley_weights(members: Array) -> Array:
    """(channels, subsets) weights whose product with the values of all subsets is each channel's Shapley share.

    Parameters
    ----------
    members : (subsets, channels) 1 where a channel is on

    Notes
    -----
    phi_k = sum over S with k of (|S| - 1)! (n - |S|)! / n! (v(S) - v(S without k)), Shapley (1953). The shares of a
    game add up to v(everything) - v(nothing).
    """
    n = members.shape[1]
    size = members.sum(1).astype(int)
    order = np.array([factorial(n - s) * factorial(s - 1) / factorial(n) if s else 0.0 for s in range(n + 1)])
    without = np.array([factorial(n - s - 1) * factorial(s) / factorial(n) if s < n else 0.0 for s in range(n + 1)])
    return np.asarray(np.where(members.T == 1, order[size], -without[size]))


def _law_results(study: Study, conventions: Conventions) -> Iterator[tuple[tuple[float, ...], list[StateResult]]]:
    """World totals of the law at every combination of its four channels."""
    target, origin, cooperation = default_betas(study)
    ensemble = conventions.ensemble
    staying = copy(ensemble)
    staying.draws = ensemble.draws.replace(mobility=0.0)
    for at_origin, at_target, joint in product((0.0, 1.0), repeat=3):
        betas: Betas = (at_target * target, at_origin * origin, joint * cooperation)
        effects = kernels(ensemble, betas)
        yield (at_origin, at_target, joint, 0.0), staying.run_factored(effects)
        yield (at_origin, at_target, joint, 1.0), ensemble.run_factored(effects)


def combinations(study: Study, points: Sequence[Point]) -> list[Array]:
    """(2^8, draws) avoided loss of each point under every combination of channels, in the order of `subsets`."""
    setting = Setting.of(study)
    with threadpool_limits(1):
        conventions = Conventions(setting, points)
        conducted = []
        for on in product((0.0, 1.0), repeat=len(CHANNELS_OF_CONDUCT)):
            off = frozenset(name for name, switch in zip(CHANNELS_OF_CONDUCT, on, strict=True) if not switch)
            acting = copy(conventions)
            acting.mechanisms = _with(conventions.mechanisms, off)
            conducted.append((acting, acting.conduct()))
        found = [np.empty((2 ** len(CHANNELS), study.draws.size)) for _ in points]
        for place, (_, law) in enumerate(_law_results(study, conventions)):
            for inner, (acting, conduct) in enumerate(conducted):
                for own, outcome in zip(found, acting.outcomes(law, conduct), strict=True):
                    own[place * len(conducted) + inner] = outcome.avoided
    return found


def _with(mechanisms: Mechanisms, off: frozenset[str]) -> Mechanisms:
    other = copy(mechanisms)
    other.off = off
    return other


def channel_tables(study: Study, points: Sequence[Point]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`model.decomposition` and `model.without_mechanism` for the headline points of conventions with members."""
    members = subsets()
    weights = shapley_weights(members)
    everything = len(members) - 1
    shares: list[tuple[str, str, float, float, float, str]] = []
    without: list[tuple[str, str, float, float, float, float, float, str]] = []
    for point, values in zip(points, combinations(study, points), strict=True):
        parts = dict(zip(CHANNELS, weights @ values, strict=True))
        if values[0].any():
            # havens and sharing are no channels: what they avoid with every channel off stands beside the shares
            parts["off_by_default"] = values[0]
        for channel, own in (parts | {"total": values[everything]}).items():
            low, high = np.quantile(own, (0.05, 0.95))
            shares.append((point.scenario, channel, float(own.mean()), float(low), float(high), USD))
        for k, off in enumerate(("none", *CHANNELS)):
            place = everything if off == "none" else int(np.flatnonzero(_all_but(members, k - 1))[0])
            own = values[place]
            low, middle, high = np.quantile(own, (0.05, 0.5, 0.95))
            worse = float(np.mean(own <= 0))
            without.append((point.scenario, off, float(own.mean()), float(low), float(middle), float(high), worse, USD))
    return (
        pl.DataFrame(shares, schema=["scenario", "channel", "value", "lower", "upper", "unit"], orient="row"),
        pl.DataFrame(
            without, schema=["scenario", "off", "mean", "p05", "p50", "p95", "p_not_better", "unit"], orient="row"
        ),
    )


def _all_but(members: Array, channel: int) -> NDArray[np.bool_]:
    """(subsets,) whether everything is on but one channel."""
    wanted = np.ones(members.shape[1])
    wanted[channel] = 0.0
    return np.asarray((members == wanted).all(1))
