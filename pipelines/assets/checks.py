"""Checks on what the models say, run where the table is made: each message says what to do.

A table that breaks its schema is refused before it is written; these are the checks that a person should read.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import dagster as dg
import polars as pl

from pipelines.assets.describe import key
from pipelines.schemas.model import MODEL

COUNTERFACTUAL = key(MODEL["counterfactual"])
SUM_TOLERANCE = 1e-6
ERROR_TOLERANCE = 0.05
"""Monte Carlo error as a share of the 90 % interval; below it the error does not show in three digits."""
MONEY = ("loss", "covered", "deterred", "displaced", "avoided_loss", "net_benefit")
POINT = ["scenario", "mechanisms", "effect_set", "adoption_metric", "adoption_level", "year", "measure"]

CHECKS = [
    dg.AssetCheckSpec(
        "economies_sum_to_the_world",
        asset=COUNTERFACTUAL,
        description="Means of money measures over economies add up to the world's, row by row.",
    ),
    dg.AssetCheckSpec(
        "monte_carlo_error_is_small",
        asset=COUNTERFACTUAL,
        description="The headline's Monte Carlo error is under 5 % of its 90 % interval.",
    ),
    dg.AssetCheckSpec(
        "quantiles_are_ordered",
        asset=COUNTERFACTUAL,
        description="Quantiles never decrease from p025 to p975.",
    ),
]


def run_checks(frame: pl.DataFrame) -> Iterator[dg.AssetCheckResult]:
    """The results of `CHECKS` on model.counterfactual."""
    gap = largest_gap(frame)
    yield _result(
        "economies_sum_to_the_world",
        gap <= SUM_TOLERANCE,
        {"largest relative gap": gap},
        "economies and world were summed differently: rerun the scenario; if it stays, report it with the run's id",
    )
    share = largest_error(frame)
    yield _result(
        "monte_carlo_error_is_small",
        share <= ERROR_TOLERANCE,
        {"largest error as a share of the interval": share},
        "too few draws for three digits: raise `draws` in the settings, 16384 is the default",
    )
    disordered = disordered_rows(frame)
    yield _result(
        "quantiles_are_ordered",
        disordered == 0,
        {"rows": disordered},
        "quantiles of some rows cross: the table is wrong, do not publish it; report it with the run's id",
    )


def largest_gap(frame: pl.DataFrame) -> float:
    """Largest gap between the world's mean and the sum over economies, relative to the loss of the same point."""
    money = frame.filter(pl.col("measure").is_in(MONEY) & (pl.col("effect_set") == "default"))
    world = money.filter(pl.col("iso3") == "WLD").select(*POINT, world="mean")
    total = money.filter(pl.col("iso3") != "WLD").group_by(POINT).agg(total=pl.col("mean").sum())
    both = world.join(total, on=POINT)
    scale = both.filter(pl.col("measure") == "loss").select(*POINT[:-1], scale="world")
    gaps = both.join(scale, on=POINT[:-1]).select(((pl.col("world") - pl.col("total")) / pl.col("scale")).abs())
    return float(gaps.max().item() or 0.0)


def largest_error(frame: pl.DataFrame) -> float:
    """Largest Monte Carlo error of an avoided loss as a share of its 90 % interval, over the scenarios' headlines."""
    rows = frame.filter(
        (pl.col("measure") == "avoided_loss")
        & (pl.col("effect_set") == "default")
        & (pl.col("iso3") == "WLD")
        & (pl.col("year") == 2020)
        & (pl.col("adoption_metric") == "scenario")
        & (pl.col("p95") > pl.col("p05"))
    )
    return float(rows.select((pl.col("mcse") / (pl.col("p95") - pl.col("p05"))).max()).item() or 0.0)


def disordered_rows(frame: pl.DataFrame) -> int:
    """Rows whose quantiles decrease."""
    names = ["p025", "p05", "p10", "p25", "p50", "p75", "p90", "p95", "p975"]
    falls = pl.any_horizontal(pl.col(a) > pl.col(b) for a, b in pairwise(names))
    return int(frame.select(falls.fill_null(False).sum()).item())


def _result(name: str, passed: bool, numbers: dict[str, float | int], remedy: str) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=passed,
        asset_key=COUNTERFACTUAL,
        check_name=name,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={name: dg.MetadataValue.float(float(value)) for name, value in numbers.items()},
        description=None if passed else remedy,
    )
