"""GDP paths as a table: level apart from growth, cumulative, annualized and discounted, by income group.

The paths themselves are in `growth_path`, the menu of discount rates in `present_value`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.gdp import BASE_YEAR
from models.growth_path import SOLOW, GdpPaths, Solow, gdp_paths, total
from models.present_value import discount_factors

Array = NDArray[np.float64]

WORLD = "WLD"
USD, USD_A_YEAR = "USD bn, 2020 prices", "USD bn a year, 2020 prices"
MEASURES = {
    "gdp_without": USD,
    "gdp_with": USD,
    "gain": USD,
    "gain_share": "fraction of GDP without",
    "gain_from_capital": USD,
    "growth_difference": "fraction a year",
    "cumulative_gain": USD,
}
"""By year: the level and its parts; growth since the base year with less without; the sum of gains so far."""
PERPETUITY_RATES = (0.05, 0.07)
"""Rates of a value without end. Three percent is within a point of the world's growth, which would then decide it."""


def perpetuity(flow: Array, rate: float, growth: float) -> Array:
    """Value today of a flow that is paid in a year for the first time, and grows for ever: flow / (rate - growth).

    Errors
    ------
    ValueError where the rate is not above growth: the sum has no end.
    """
    if not rate > growth:
        raise ValueError(
            f"a discount rate of {rate:.2%} is not above growth of {growth:.2%}: a perpetuity has no value"
        )
    return np.asarray(flow / (rate - growth))


def gdp_path_table(
    years: Sequence[int],
    gdp: Mapping[str, Array],
    gdp_loss: Mapping[str, Array],
    avoided: Mapping[tuple[str, str], Mapping[str, Array]],
    saved_share: Array,
    time_preference: float,
    aversion: float,
    solow: Solow = SOLOW,
) -> pl.DataFrame:
    """`model.gdp_path`: by scenario, mechanisms, income group and year, GDP with and without the convention.

    Parameters
    ----------
    years : consecutive, the first of them the base year
    gdp : by income group, (years,) GDP in the status quo, USD bn of 2020
    gdp_loss : by income group, (draws, years) GDP loss in the status quo, USD bn
    avoided : by (scenario, mechanisms) and income group, (draws, years) of that loss which is avoided
    saved_share : (draws,) psi
    time_preference, aversion : of the Ramsey rate

    Errors
    ------
    ValueError where years have a gap or groups differ, and as of `growth_path.gdp_paths`.

    Notes
    -----
    Year by year the measures of `MEASURES`. In the last year besides: `present_value` of the gains of the years after
    the base year at each rate of the menu, and `annualized`, the constant yearly gain of the same present value;
    `gain_share_long_run`, where the level leads; for the world, `present_value_forever` with the last year's share of
    GDP gained for ever after. All groups are discounted at the same rates. With losses a constant share, growth differs
    only while capital catches up: what a convention gains for good is a level.
    """
    if list(years) != list(range(BASE_YEAR, BASE_YEAR + len(years))):
        raise ValueError(f"years must follow each other from {BASE_YEAR}; got {', '.join(map(str, years))}")
    for given in (gdp_loss, *avoided.values()):
        if set(given) != set(gdp):
            raise ValueError(f"losses are of the groups {', '.join(sorted(given))}; GDP of {', '.join(sorted(gdp))}")
    world = np.sum(list(gdp.values()), axis=0)
    factors = discount_factors(years, world / world[0], time_preference, aversion)
    frames = []
    for (scenario, mechanisms), own in avoided.items():
        paths = {k: gdp_paths(gdp[k], gdp_loss[k], own[k], saved_share, solow) for k in gdp}
        for group, path in {WORLD: total(paths), **paths}.items():
            rows = _by_year(path, years) + _in_the_last_year(path, years, factors, group == WORLD)
            schema = ["year", "measure", "mean", "p05", "p50", "p95", "unit"]
            frames.append(
                pl.DataFrame(rows, schema=schema, orient="row").select(
                    pl.lit(scenario).alias("scenario"),
                    pl.lit(mechanisms).alias("mechanisms"),
                    pl.lit(group).alias("income_group"),
                    pl.col("year").cast(pl.Int32),
                    *schema[1:],
                )
            )
    return pl.concat(frames)


Row = tuple[int, str, float, float, float, float, str]


def _by_year(path: GdpPaths, years: Sequence[int]) -> list[Row]:
    """The measures of every year."""
    gain, without = _summaries(path.gain), path.without[:, None]
    found = {
        "gdp_without": np.broadcast_to(without, gain.shape),
        "gdp_with": without + gain,
        "gain": gain,
        "gain_share": gain / without,
        "gain_from_capital": _summaries(path.from_capital),
        "growth_difference": _summaries(_growth_difference(path)),
        # the base year is before any convention
        "cumulative_gain": _summaries(np.cumsum(path.gain[:, 1:], axis=1)),
    }
    rows: list[Row] = []
    for name, unit in MEASURES.items():
        shown = years[len(years) - len(found[name]) :]
        rows += [(year, name, *_four(own), unit) for year, own in zip(shown, found[name], strict=True)]
    return rows


def _growth_difference(path: GdpPaths) -> Array:
    """(draws, years after the first) mean growth a year since the base year, with the convention less without."""
    exponent = 1 / np.arange(1, path.without.size)
    level = path.without + path.gain
    grown = (level[:, 1:] / level[:, :1]) ** exponent
    return np.asarray(grown - (path.without[1:] / path.without[0]) ** exponent)


def _in_the_last_year(path: GdpPaths, years: Sequence[int], factors: Mapping[str, Array], forever: bool) -> list[Row]:
    """Where the level leads, present values and what they are a year, dated in the last year."""
    gain, last = path.gain[:, 1:], years[-1]
    level = _summaries((path.long_run / path.without[-1])[:, None])[0]
    rows: list[Row] = [(last, "gain_share_long_run", *_four(level), MEASURES["gain_share"])]
    for name, factor in factors.items():
        value, label = _summaries((gain @ factor[1:])[:, None])[0], name.replace(" %", "")
        rows.append((last, f"present_value_{label}", *_four(value), USD))
        rows.append((last, f"annualized_{label}", *_four(value / factor[1:].sum()), USD_A_YEAR))
    if forever:
        growth = float(path.without[-1] / path.without[-2]) - 1
        for rate in PERPETUITY_RATES:
            factor = factors[f"{100 * rate:g} %"]
            tail = factor[-1] * perpetuity(gain[:, -1] * (1 + growth), rate, growth)
            value = _summaries((gain @ factor[1:] + tail)[:, None])[0]
            rows.append((last, f"present_value_forever_{100 * rate:g}", *_four(value), USD))
    return rows


def _four(numbers: Array) -> tuple[float, float, float, float]:
    mean, low, middle, high = numbers
    return float(mean), float(low), float(middle), float(high)


def _summaries(values: Array) -> Array:
    """(years, 4) mean and quantiles .05, .5 and .95 of (draws, years)."""
    by_year = np.ascontiguousarray(values.T)
    return np.column_stack((by_year.mean(1), np.quantile(by_year, (0.05, 0.5, 0.95), axis=1).T))
