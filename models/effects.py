"""Effect sets: what is believed of the law's effect on attacks, as draws of three log rate ratios.

Which studies say what is in the evidence table; how a rate ratio acts on a flow is in `deterrence`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri
from scipy.stats import gaussian_kde

from models.deterrence import LOG_RATE_RATIO_LIMITS
from models.priors import Draws, truncated_quantile

Array = NDArray[np.float64]
Betas = tuple[Array, Array, Array]

COEFFICIENTS = ("target", "origin", "cooperation")


@dataclass(frozen=True)
class Law:
    """The distribution of one log rate ratio before it is cut to the limits of `deterrence`."""

    distribution: str
    arguments: Mapping[str, float]


@dataclass(frozen=True)
class EffectSet:
    """A named belief: the effect at the target (beta_T), at the origin (beta_O) and of co-operation (beta_J).

    A `mixture` has weights over other sets instead of laws of its own.
    """

    name: str
    title: str
    kind: str
    source: str
    rationale: str
    laws: Mapping[str, Law]
    mixture: Mapping[str, float]


def selected(effects: Sequence[EffectSet], names: Sequence[str], always: str) -> tuple[EffectSet, ...]:
    """The sets named, `always` too, and what a mixture among them draws from; all of them where none is named.

    Errors
    ------
    KeyError for a name that there is not.
    """
    if not names:
        return tuple(effects)
    known = {effect.name: effect for effect in effects}
    wanted = {always, *names}
    # a mixture over fewer sets than it has weights for would be another belief
    wanted |= {part for name in wanted for part in known[name].mixture}
    return tuple(effect for effect in effects if effect.name in wanted)


def sample_betas(effect: EffectSet, draws: Draws, rank_correlation: float) -> Betas:
    """(target, origin, cooperation) log rate ratios, (draws,) each, cut to [ln 0.25, ln 2].

    Target and origin have the given rank correlation by a Gaussian copula: r = 2 sin(pi rho / 6), Pearson (1907).
    """
    r = 2 * np.sin(np.pi * rank_correlation / 6)
    first, second = ndtri(draws["effect_target_position"]), ndtri(draws["effect_origin_position"])
    position = {
        "target": draws["effect_target_position"],
        "origin": ndtr(r * first + np.sqrt(1 - r * r) * second),
        "cooperation": draws["effect_cooperation_position"],
    }
    target, origin, cooperation = (
        truncated_quantile(effect.laws[k].distribution, effect.laws[k].arguments, position[k], *LOG_RATE_RATIO_LIMITS)
        for k in COEFFICIENTS
    )
    return target, origin, cooperation


def mixture_choice(effect: EffectSet, names: Sequence[str], draws: Draws) -> NDArray[np.int64]:
    """(draws,) index into `names` of the set that each draw of a mixture believes."""
    weights = np.array([effect.mixture.get(name, 0.0) for name in names])
    edges = np.cumsum(weights / weights.sum())[:-1]
    return np.searchsorted(edges, draws["effect_set_position"], side="right")


def all_betas(effects: Sequence[EffectSet], draws: Draws, rank_correlation: float) -> dict[str, Betas]:
    """Betas of every effect set, mixtures included."""
    simple = [e for e in effects if not e.mixture]
    betas = {e.name: sample_betas(e, draws, rank_correlation) for e in simple}
    for effect in effects:
        if effect.mixture:
            choice = mixture_choice(effect, [e.name for e in simple], draws)
            stacked = np.stack([np.stack(betas[e.name]) for e in simple])
            target, origin, cooperation = stacked[choice, :, np.arange(draws.size)].T
            betas[effect.name] = (target, origin, cooperation)
    return betas


def effect_table(betas: Mapping[str, Betas]) -> pl.DataFrame:
    """Each effect set's coefficients: mean, quantiles and the probability that law makes attacks more frequent."""
    rows = []
    for name, values in betas.items():
        for coefficient, beta in zip(COEFFICIENTS, values, strict=True):
            q = np.quantile(beta, (0.05, 0.25, 0.5, 0.75, 0.95))
            rows.append(
                (name, coefficient, float(beta.mean()), *map(float, q), float(np.mean(beta > 0)), "log rate ratio")
            )
    names = ["effect_set", "coefficient", "mean", "p05", "p25", "p50", "p75", "p95", "p_harm", "unit"]
    return pl.DataFrame(rows, schema=names, orient="row")


def density_table(betas: Mapping[str, Betas], points: int = 161) -> pl.DataFrame:
    """Densities of the non-degenerate coefficients on a grid from -0.8 to 0.6, for the evidence figure."""
    grid = np.linspace(-0.8, 0.6, points)
    frames = []
    for name, values in betas.items():
        for coefficient, beta in zip(COEFFICIENTS, values, strict=True):
            if np.ptp(beta) > 0:
                # every 16th draw of a low-discrepancy sequence is ample for a smooth curve
                density = gaussian_kde(beta[::16])(grid)
                frames.append(
                    pl.DataFrame({"log_rate_ratio": grid, "density": density}).select(
                        pl.lit(name).alias("effect_set"), pl.lit(coefficient).alias("coefficient"), pl.all()
                    )
                )
    return pl.concat(frames)
