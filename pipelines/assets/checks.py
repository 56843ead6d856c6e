"""Checks on what the models say, run where the table is made: each message says what to do.

A table that breaks its schema is refused before it is written; these are the checks that a person should read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

import dagster as dg
import polars as pl

from pipelines.assets.describe import key
from pipelines.schemas.core import REFERENCE_CORE
from pipelines.schemas.mechanisms import MECHANISM
from pipelines.schemas.model import MODEL

COUNTERFACTUAL = key(MODEL["counterfactual"])
SUM_TOLERANCE = 1e-6
ERROR_TOLERANCE = 0.05
"""Monte Carlo error as a share of the 90 % interval; below it the error does not show in three digits."""
MONEY = (
    *("loss", "covered", "deterred", "displaced", "avoided_loss", "gdp_loss", "avoided_gdp_loss", "welfare_loss"),
    "net_benefit",
)
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
DECOMPOSITION, ESCALATION, CALIBRATION = (
    key(MECHANISM[name]) for name in ("decomposition", "escalation", "accession_calibration")
)
SHARES_CHECK = dg.AssetCheckSpec(
    "shapley_shares_add_up",
    asset=DECOMPOSITION,
    description="The shares of the eight channels add up to the headline of their scenario.",
)
BRANCHING_CHECK = dg.AssetCheckSpec(
    "branching_ratios_end",
    asset=ESCALATION,
    description="Under 1 % of draws have a branching ratio that would never end and was cut.",
)
CALIBRATION_CHECK = dg.AssetCheckSpec(
    "accession_was_foreseen",
    asset=CALIBRATION,
    description="The ratifications that came lie in the 90 % interval of every span of the main fit.",
)
CLIPPED_TOLERANCE = 0.01
BASELINE, GDP, IC3 = key(MODEL["baseline"]), *(key(REFERENCE_CORE[name]) for name in ("gdp", "ic3_totals"))
ANCHOR_CHECK = dg.AssetCheckSpec(
    "world_equals_its_anchor",
    asset=BASELINE,
    description="Under each baseline the economies add up to the published total that it is anchored to.",
)
GDP_CHECK = dg.AssetCheckSpec(
    "economies_reach_world_gdp",
    asset=GDP,
    description="Economies add up to between 98.5 and 100 % of the world's GDP as published: a few have no figure.",
)
IC3_CHECK = dg.AssetCheckSpec(
    "totals_agree_with_the_ledger",
    asset=IC3,
    description="Yearly totals of complaints are the figures that the ledger of estimates has of the same reports.",
)
GDP_REACH = (0.985, 1 + 1e-9)
"""Share of the world's GDP that its economies reach; 0.991 to 0.9997 in the release that ships."""
IC3_TOLERANCE = 0.01
"""The reports round to a tenth of a billion."""


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


def shares_add_up(frame: pl.DataFrame) -> dg.AssetCheckResult:
    """The result of `SHARES_CHECK` on model.decomposition."""
    is_total = pl.col("channel") == "total"
    gaps = frame.group_by("scenario").agg(
        gap=(pl.col("value").filter(~is_total).sum() - pl.col("value").filter(is_total).sum()).abs()
    )
    gap = float(gaps["gap"].max() or 0.0)  # type: ignore[arg-type]
    remedy = "a channel is counted twice or not at all: do not publish the shares; report it with the run's id"
    return _result("shapley_shares_add_up", gap <= SUM_TOLERANCE, {"largest gap, USD bn": gap}, remedy, DECOMPOSITION)


def branching_ends(frame: pl.DataFrame) -> dg.AssetCheckResult:
    """The result of `BRANCHING_CHECK` on model.escalation."""
    clipped = float(frame["clipped"].max() or 0.0)  # type: ignore[arg-type]
    remedy = "the priors of retaliation reach a cycle without end: lower lambda or the fitted ratio in data/priors"
    numbers = {"largest share of draws cut": clipped}
    return _result("branching_ratios_end", clipped < CLIPPED_TOLERANCE, numbers, remedy, ESCALATION)


def accession_was_foreseen(frame: pl.DataFrame) -> dg.AssetCheckResult:
    """The result of `CALIBRATION_CHECK` on model.accession_calibration."""
    main = frame.filter(pl.col("fit") == "all")
    outside = main.filter(~pl.col("observed").is_between(pl.col("lower"), pl.col("upper"))).height
    remedy = "the hazard does not fit these years: see model.accession_calibration before relying on accession_fan"
    return _result("accession_was_foreseen", outside == 0, {"spans outside": outside}, remedy, CALIBRATION)


def world_equals_its_anchor(frame: pl.DataFrame, anchors: Mapping[str, float]) -> dg.AssetCheckResult:
    """The result of `ANCHOR_CHECK` on model.baseline; `anchors` are published totals of the base year, USD bn."""
    own = frame.filter(pl.col("year") == pl.col("year").min(), pl.col("iso3") != "WLD")
    sums = dict(own.group_by("baseline").agg(pl.col("mean").sum()).iter_rows())
    gaps = {name: abs(sums.get(name, 0.0) / anchor - 1) for name, anchor in anchors.items()}
    wrong = [f"{n}: {sums.get(n, 0.0):.6g} of {anchors[n]:.6g}" for n, gap in gaps.items() if gap > SUM_TOLERANCE]
    remedy = f"{'; '.join(wrong)} USD bn: the split over economies loses money; rerun, and report it with the run's id"
    return _result(ANCHOR_CHECK.name, not wrong, {"largest relative gap": max(gaps.values())}, remedy, BASELINE)


def economies_reach_world_gdp(gdp: pl.DataFrame) -> dg.AssetCheckResult:
    """The result of `GDP_CHECK` on core.gdp."""
    world = pl.col("iso3") == "WLD"
    value = pl.col("gdp_usd_bn_current")
    by_year = gdp.group_by("year").agg(share=value.filter(~world).sum() / value.filter(world).sum()).sort("year")
    by_year = by_year.filter(pl.col("share").is_finite() & (pl.col("share") > 0))
    wrong = by_year.filter(~pl.col("share").is_between(*GDP_REACH))
    years = ", ".join(f"{year}: {share:.3f}" for year, share in wrong.iter_rows())
    remedy = f"{years} of the world's GDP: an economy lacks its figure or is there twice; compare with the source"
    numbers = {"lowest share": float(by_year["share"].min() or 0.0), "years outside": wrong.height}  # type: ignore[arg-type]
    return _result(GDP_CHECK.name, not wrong.height, numbers, remedy, GDP)


def totals_agree_with_the_ledger(totals: pl.DataFrame, estimates: pl.DataFrame) -> dg.AssetCheckResult:
    """The result of `IC3_CHECK` on core.ic3_totals."""
    ledger = estimates.filter(pl.col("estimate_id").str.contains(r"^ic3_\d{4}$"))
    both = ledger.join(totals, left_on="reference_year", right_on="year").select(
        "estimate_id", gap=(pl.col("central_usd_bn") / (pl.col("loss_usd") / 1e9) - 1).abs()
    )
    wrong = both.filter(pl.col("gap") > IC3_TOLERANCE)["estimate_id"].to_list()
    remedy = f"{', '.join(wrong)}: estimates and ic3_totals print different totals; read both in the report, mend data"
    numbers = {"years compared": both.height, "largest relative gap": float(both["gap"].max() or 0.0)}  # type: ignore[arg-type]
    return _result(IC3_CHECK.name, not wrong, numbers, remedy, IC3)


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


def _result(
    name: str, passed: bool, numbers: dict[str, float | int], remedy: str, asset: dg.AssetKey = COUNTERFACTUAL
) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=passed,
        asset_key=asset,
        check_name=name,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={name: dg.MetadataValue.float(float(value)) for name, value in numbers.items()},
        description=None if passed else remedy,
    )
