"""Real GDP after 2020: cumulative growth factors of each economy's income group.

Belongs here: the status-quo path of output. What a loss does to output (ledgers to GDP, dynamics) comes with the macro
block; levels at current prices are reference data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import polars as pl

from models.synthesis import Array

BASE_YEAR = 2020
GROWTH_GROUP: Mapping[str, str] = MappingProxyType(
    {
        "High income": "high",
        "Upper middle income": "middle",
        "Lower middle income": "middle",
        "Low income": "low",
        "Not classified": "world",
    }
)


def real_gdp_growth_factors(
    growth: pl.DataFrame,
    income_group: Sequence[str],
    years: Sequence[int],
    *,
    fade_years: int,
    potential_from: Mapping[str, str | float] | None = None,
    observed_from: Mapping[str, str] | None = None,
) -> Array:
    """Real GDP of each year as a multiple of that of 2020, (years, economies).

    Parameters
    ----------
    growth : income_group ('high', 'middle', 'low', 'world'), year, growth_pct, kind; rows of kind 'potential' hold the
        rate that a group fades to, all others are yearly growth without gaps from 2021 on
    income_group : (economies,), the World Bank's labels; 'Not classified' grows with the world
    years : any years from 2020 on
    fade_years : years from a group's last figure until growth equals its potential, in equal steps (a judgement)
    potential_from : for groups without a row of their own, the group whose potential they have, or the rate in % itself
    observed_from : groups that take the yearly figures they lack from another group (a judgement)

    Errors
    ------
    ValueError for an unknown income group, a year before 2020, a gap in the figures, a group without potential growth.

    Notes
    -----
    model.md 1.4 and 5. Figures: World Bank, Global Economic Prospects; none by income group after 2027, hence the fade.
    Growth of year t after the last year T: g_T + min(1, (t - T) / fade_years) (potential - g_T).
    """
    wanted = np.asarray(years, dtype=np.int64)
    if wanted.size and int(wanted.min()) < BASE_YEAR:
        raise ValueError(f"year {int(wanted.min())} is before {BASE_YEAR}, where growth factors start")
    if fade_years < 1:
        raise ValueError(f"fade_years is {fade_years}; growth reaches its potential after at least one year")
    unknown = sorted(set(income_group) - set(GROWTH_GROUP))
    if unknown:
        raise ValueError(f"income group {unknown[0]!r} is none of {', '.join(GROWTH_GROUP)}")
    last = int(wanted.max()) if wanted.size else BASE_YEAR
    names = sorted({GROWTH_GROUP[label] for label in income_group})
    paths = {name: _level(growth, name, last, fade_years, potential_from or {}, observed_from or {}) for name in names}
    table = np.stack([paths[name] for name in names], axis=1) if names else np.ones((last - BASE_YEAR + 1, 0))
    column = np.array([names.index(GROWTH_GROUP[label]) for label in income_group], dtype=np.int64)
    return np.asarray(table[wanted - BASE_YEAR][:, column], dtype=np.float64)


def implied_high_income_potential(
    growth: pl.DataFrame, gdp: Array, income_group: Sequence[str], world: str = "world", emerging: str = "emerging"
) -> float:
    """Potential growth of high-income economies, % a year, that makes the GDP-weighted world add up.

    Parameters
    ----------
    growth : as in `real_gdp_growth_factors`, with potential rows of `world` and `emerging`
    gdp, income_group : (economies,), GDP of one year in any unit and the World Bank's labels; zero has no weight

    Errors: ValueError where a potential rate is missing or no high-income economy has GDP.

    Notes
    -----
    (g_world - (1 - w) g_emerging) / w, w the high-income share of GDP. The World Bank prints potential growth of the
    world and of emerging economies, not of the high-income group.
    """
    output = np.asarray(gdp, dtype=np.float64)
    high = np.array([GROWTH_GROUP.get(label) == "high" for label in income_group])
    if output.shape != high.shape or not output[high].sum() > 0:
        raise ValueError("implied potential growth needs one GDP an economy and a high-income economy with GDP")
    weight = float(output[high].sum() / output.sum())
    return (_potential(growth, world) - (1 - weight) * _potential(growth, emerging)) / weight


def _level(
    growth: pl.DataFrame,
    name: str,
    last: int,
    fade_years: int,
    potential_from: Mapping[str, str | float],
    observed_from: Mapping[str, str],
) -> Array:
    """Cumulative factor of one group, 2020 to `last`."""
    rates = _yearly(growth, name)
    if name in observed_from:
        rates = _yearly(growth, observed_from[name]) | rates
    first, final = BASE_YEAR + 1, max(rates, default=BASE_YEAR)
    missing = [year for year in range(first, min(final, last) + 1) if year not in rates]
    if final < first or missing:
        raise ValueError(f"growth of income group {name!r} has no figure for {missing[0] if missing else first}")
    if last > final:
        source = potential_from.get(name, name)
        target = _potential(growth, source) if isinstance(source, str) else source
        start = rates[final]
        for year in range(final + 1, last + 1):
            rates[year] = start + min(1.0, (year - final) / fade_years) * (target - start)
    steps = np.array([1 + rates[year] / 100 for year in range(first, last + 1)])
    return np.concatenate([[1.0], np.cumprod(steps)])


def _yearly(growth: pl.DataFrame, name: str) -> dict[int, float]:
    """Growth in % by year of one group."""
    rows = growth.filter((pl.col("income_group") == name) & (pl.col("kind") != "potential"))
    if rows["year"].is_duplicated().any():
        raise ValueError(f"growth of income group {name!r} has two figures for a year")
    return {int(year): float(rate) for year, rate in rows.select("year", "growth_pct").iter_rows()}


def _potential(growth: pl.DataFrame, name: str) -> float:
    """Potential growth of one group, % a year."""
    rates = growth.filter((pl.col("income_group") == name) & (pl.col("kind") == "potential"))["growth_pct"].unique()
    if rates.len() != 1:
        raise ValueError(f"potential growth of income group {name!r}: expected one rate, found {rates.len()}")
    return float(rates[0])
