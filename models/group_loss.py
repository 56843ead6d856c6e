"""Losses of groups of economies: draws of economies added up, then summarized; quantiles of a sum are no sum of theirs.

Which states there are is decided in `counterfactual`; the draws of economies come from `counterfactual_table`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.measures import MEASURES, STATISTICS, MeasureDraws, statistics, summarize

Array = NDArray[np.float64]

WORLD = "WLD"
GROUPINGS = ("income_group", "region")
SUMMED = ("status_quo_loss", "loss", "avoided_loss", "net_benefit")
"""Measures of a group, USD bn a year at 2020 prices; their means add up to the world's over each grouping."""
UNIT = MEASURES["loss"]
QUANTILES = ("p05", "p25", "p50", "p75", "p95")


@dataclass(frozen=True)
class Groups:
    """Groups of economies: (grouping, name) of each, and (groups, economies) 1 where an economy belongs to it."""

    names: tuple[tuple[str, str], ...]
    members: Array


def groups_of(iso3: Sequence[str], economies: pl.DataFrame) -> Groups:
    """The world, every income group and every region of the economies, in this order.

    Parameters
    ----------
    economies : iso3, region and income_group, each economy once

    Errors
    ------
    ValueError where an economy is not in the table: its loss would be in no group.
    """
    known = {row["iso3"]: row for row in economies.iter_rows(named=True)}
    if missing := sorted(set(iso3) - set(known)):
        raise ValueError(f"no region and income group is known of {', '.join(missing)}")
    names = [("world", WORLD)]
    rows = [np.ones(len(iso3))]
    for grouping in GROUPINGS:
        labels = [known[code][grouping] for code in iso3]
        for name in sorted(set(labels)):
            names.append((grouping, name))
            rows.append(np.array([label == name for label in labels], dtype=float))
    return Groups(tuple(names), np.stack(rows))


def group_summary(groups: Groups, economies: MeasureDraws, scrambles: int) -> Array:
    """(groups, summed measures, statistics) in the order of `SUMMED` and `measures.STATISTICS`.

    Parameters
    ----------
    economies : what the measures are made of, a row an economy
    """
    parts = (economies.status_quo, economies.covered, economies.deterred, economies.displaced, economies.cost)
    sums = MeasureDraws(*(groups.members @ part for part in parts))
    found = summarize(sums, scrambles, with_median_error=False)
    before = np.full((found.shape[0], len(STATISTICS)), np.nan)
    before[:, :-1] = statistics(sums.status_quo, scrambles, False)
    names = list(MEASURES)
    return np.stack([before, *(found[:, names.index(name)] for name in SUMMED[1:])], axis=1)


def group_table(
    groups: Groups, owners: Sequence[tuple[str, str]], summaries: Sequence[Array], draws: int
) -> pl.DataFrame:
    """`model.group_loss`: the membership of the last year, fully phased in, at the 2020 baseline, default effect set.

    Parameters
    ----------
    owners : scenario and mechanisms of each summary
    summaries : (groups, summed measures, statistics) as of `group_summary`
    """
    rows = [
        (scenario, mechanisms, grouping, name, measure, *values)
        for (scenario, mechanisms), summary in zip(owners, summaries, strict=True)
        for (grouping, name), of_group in zip(groups.names, summary, strict=True)
        for measure, values in zip(SUMMED, of_group.tolist(), strict=True)
    ]
    keys = dict.fromkeys(("scenario", "mechanisms", "grouping", "name", "measure"), pl.String)
    schema = {**keys, **dict.fromkeys(STATISTICS, pl.Float64)}
    numbers = ["mean", *QUANTILES, "mcse", "p_not_better"]
    return pl.DataFrame(rows, schema=schema, orient="row").select(
        *keys, pl.col(numbers).fill_nan(None), pl.lit(draws, pl.Int32).alias("draws"), pl.lit(UNIT).alias("unit")
    )
