"""The path of GDP under yearly losses: Solow's model, in which a loss lowers output and the capital of later years.

Belongs here: levels and growth of output with and without a convention. What of a loss is a loss of GDP is in
`gdp_loss`, the status quo's growth in `gdp`, discount rates in `present_value`; the table is in `growth_table`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.world import World

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Solow:
    """Constants of the model, judgements near textbook values: share of capital in income, depreciation and saving.

    The saving rate cancels from every comparison with the status quo, whose capital starts on balanced growth.
    """

    capital_share: float = 1 / 3
    depreciation: float = 0.05
    saving: float = 0.25


SOLOW = Solow()


@dataclass(frozen=True)
class Path:
    """(draws, years) potential output P, output Y = (1 - l) P and capital K at the start of the year."""

    potential: Array
    output: Array
    capital: Array


@dataclass(frozen=True)
class GdpPaths:
    """GDP without a convention, (years,), and what one adds to it, (draws, years), USD bn of 2020.

    gain : GDP with less GDP without
    from_capital : the part of the gain that earlier years' saving left, which lasts when losses are as before again;
        the rest is loss that the year itself does not suffer
    long_run : (draws,) where the gain leads, at the GDP of the last year, if that year's shares of loss stay
    """

    without: Array
    gain: Array
    from_capital: Array
    long_run: Array

    def __add__(self, other: GdpPaths) -> GdpPaths:
        return GdpPaths(
            self.without + other.without,
            self.gain + other.gain,
            self.from_capital + other.from_capital,
            self.long_run + other.long_run,
        )


def long_run_level(loss_share: Array, saved_share: Array, solow: Solow = SOLOW) -> Array:
    """Output in the long run as a fraction of that without any loss: (1 - l) (1 - psi l)^(alpha / (1 - alpha)).

    Parameters
    ----------
    loss_share : l, GDP loss over potential output, constant
    saved_share : psi, share of the loss that reaches saving
    """
    exponent = solow.capital_share / (1 - solow.capital_share)
    return np.asarray((1 - loss_share) * (1 - saved_share * loss_share) ** exponent)


def loss_share(gdp_loss: Array, gdp: Array) -> Array:
    """l, GDP loss over potential output, where GDP is what is left after the loss: loss / (GDP + loss).

    Errors: ValueError for a loss below 0 or a GDP that is not above 0.
    """
    if (gdp_loss < 0).any() or not (gdp > 0).all():
        raise ValueError("a share of loss needs losses not below 0 and GDP above 0")
    return np.asarray(gdp_loss / (gdp + gdp_loss))


def simulate(loss_share: Array, saved_share: Array, productivity: Array, capital: Array, solow: Solow = SOLOW) -> Path:
    """Output and capital year by year.

    Parameters
    ----------
    loss_share : (draws, years) l
    saved_share : (draws,) psi
    productivity : (draws, years) or (1, years), (A N)^(1 - alpha) in each year
    capital : (draws,) at the start of the first year
    solow : constants

    Errors
    ------
    ValueError for a share of loss outside [0, 1), a psi outside [0, 1], capital or productivity not above 0.

    Notes
    -----
    model.md 5, after Solow (1956): P = K^alpha (A N)^(1 - alpha); Y = (1 - l) P; I = s (1 - psi l) P;
    K' = (1 - depreciation) K + I.
    """
    if not ((loss_share >= 0) & (loss_share < 1)).all():
        raise ValueError("a loss is a share of potential output, from 0 to below 1")
    if not ((saved_share >= 0) & (saved_share <= 1)).all():
        raise ValueError("the part of a loss that reaches saving is a share from 0 to 1")
    if not (capital > 0).all() or not (productivity > 0).all():
        raise ValueError("capital and productivity must be above 0")
    kept = 1 - saved_share[:, None] * loss_share
    stock, potential = np.empty_like(loss_share), np.empty_like(loss_share)
    now = np.asarray(capital, dtype=np.float64)
    for t in range(loss_share.shape[1]):
        stock[:, t] = now
        potential[:, t] = now**solow.capital_share * productivity[:, t]
        now = (1 - solow.depreciation) * now + solow.saving * kept[:, t] * potential[:, t]
    return Path(potential, (1 - loss_share) * potential, stock)


def productivity_behind(gdp: Array, loss_share: Array, saved_share: Array, solow: Solow = SOLOW) -> tuple[Array, Array]:
    """Productivity, (draws, years), and first capital, (draws,), under which the status quo has exactly this GDP.

    Parameters
    ----------
    gdp : (years,) GDP in the status quo, USD bn of 2020, losses suffered
    loss_share, saved_share : as in `simulate`, in the status quo

    Errors: ValueError for fewer than two years, GDP not above 0, or growth so negative that capital never balances.

    Notes
    -----
    Potential output is GDP / (1 - l) in every year, so the draws agree on GDP and not on what it could be. Capital
    starts on balanced growth: s (1 - psi l) P / (g + depreciation), g the mean growth of the path (a judgement; the
    level of capital moves the speed at which gains build up, not where they lead).
    """
    if gdp.size < 2 or not (gdp > 0).all():
        raise ValueError("a path of GDP needs two years or more, each with GDP above 0")
    growth = float((gdp[-1] / gdp[0]) ** (1 / (gdp.size - 1)) - 1)
    if growth + solow.depreciation <= 0:
        raise ValueError(f"GDP falls by {-growth:.1%} a year, faster than capital wears out: no balanced growth")
    potential = gdp / (1 - loss_share)
    saved = solow.saving * (1 - saved_share[:, None] * loss_share) * potential
    first = saved[:, 0] / (growth + solow.depreciation)
    stock = np.empty_like(potential)
    stock[:, 0] = first
    for t in range(1, gdp.size):
        stock[:, t] = (1 - solow.depreciation) * stock[:, t - 1] + saved[:, t - 1]
    return potential / stock**solow.capital_share, first


def gdp_paths(gdp: Array, gdp_loss: Array, avoided: Array, saved_share: Array, solow: Solow = SOLOW) -> GdpPaths:
    """GDP with and without a convention.

    Parameters
    ----------
    gdp : (years,) GDP in the status quo, USD bn of 2020; the first is the base year
    gdp_loss : (draws, years) GDP loss in the status quo, USD bn
    avoided : (draws, years) GDP loss that the convention avoids, USD bn; below 0 where it adds to the loss
    saved_share : (draws,) psi

    Errors: ValueError where more is avoided than lost, and as of `simulate` and `productivity_behind`.

    Notes
    -----
    With l_q and l_s the shares of loss in the status quo and the scenario, the gain (1 - l_s) P_s - (1 - l_q) P_q is
    (l_q - l_s) P_q, the loss that the year does not suffer, plus (1 - l_s) (P_s - P_q), what capital adds.
    """
    if (avoided > gdp_loss * (1 + 1e-9)).any():
        raise ValueError("a convention avoids more of a year's GDP loss than there is")
    before = loss_share(gdp_loss, gdp)
    less = np.minimum(avoided, gdp_loss)
    after = loss_share(gdp_loss - less, gdp + less)
    productivity, capital = productivity_behind(gdp, before, saved_share, solow)
    changed = simulate(after, saved_share, productivity, capital, solow)
    led_to = [long_run_level(share[:, -1], saved_share, solow) for share in (after, before)]
    return GdpPaths(
        gdp,
        changed.output - gdp,
        (1 - after) * (changed.potential - (gdp + gdp_loss)),
        gdp[-1] * (led_to[0] / led_to[1] - 1),
    )


def by_income_group(world: World, values: Array) -> dict[str, Array]:
    """Sums of (..., economies) over the economies of each of the World Bank's income groups that has GDP."""
    labels = np.array(world.income_group)
    groups = [name for name in dict.fromkeys(world.income_group) if world.gdp[labels == name].sum() > 0]
    return {name: np.asarray(values[..., labels == name].sum(-1)) for name in sorted(groups)}


def status_quo_by_group(world: World, loss: Array, per_loss: Array) -> tuple[dict[str, Array], dict[str, Array]]:
    """GDP, (years,), and GDP loss in the status quo, (draws, years), by income group, from 2020 on, USD bn of 2020.

    Parameters
    ----------
    loss : (draws, economies) loss of 2020; its share of GDP stays as it is
    per_loss : (draws,) GDP lost per dollar of loss of all classes together
    """
    growth = np.vstack((np.ones(world.size), world.growth))
    labels = np.array(world.income_group)
    gdp = by_income_group(world, world.gdp * growth)
    lost = {k: per_loss[:, None] * (loss[:, labels == k] @ growth[:, labels == k].T) for k in gdp}
    return gdp, lost


def avoided_by_group(world: World, avoided: Array, means: Array, weights: Array) -> dict[str, Array]:
    """(draws, years) what each income group avoids, from the draws of the world and the means of economies.

    Parameters
    ----------
    avoided : (draws, years) of the world
    means : (years, economies) mean of each economy
    weights : (years, economies), such as GDP loss in the status quo: how deviations from the mean are shared out

    Errors: ValueError where the weights of a year add up to nothing.

    Notes
    -----
    Draws by economy and year are not kept, so a group has its own mean, and of the world's deviation from the mean its
    weight. Groups add up to the world in every draw where economies without GDP avoid nothing.
    """
    whole = weights.sum(1)
    if not (whole > 0).all():
        raise ValueError("weights of a year add up to nothing")
    deviation = avoided - means.sum(1)
    share = by_income_group(world, weights)
    return {k: own + share[k] / whole * deviation for k, own in by_income_group(world, means).items()}


def total(paths: Mapping[str, GdpPaths]) -> GdpPaths:
    """The world: the sum of groups, draw by draw."""
    first, *others = paths.values()
    for each in others:
        first = first + each
    return first
