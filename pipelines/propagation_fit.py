"""How far a stoppage spreads on the input-output table of 2011: from staging frames to m, its range and its parts.

Pure functions of frames. The multipliers are in models/propagation.py, m by draw in models/amplification.py; `fits`
ships the coefficients for machines without the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.amplification import FIT, amplification, bottleneck, from_rounds, round_names, rounds
from models.gdp_loss import implied_amplification
from models.ledger import WORLD
from models.priors import Draws
from models.propagation import (
    InputOutputTable,
    downstream_multipliers,
    final_demand_multipliers,
    ghosh_multipliers,
    input_output_table,
    share_passed_on,
    value_added_multipliers,
)
from pipelines.vocabulary import Vocabulary

Array = NDArray[np.float64]

SOURCE = "wiod"
ALL, NAMED = "all", "notpetya"
UNIT = "total over direct loss of value added"
DIGITS = 6
ONE_EVENT = "calibrated on one event: six firms, placed in industries by judgement"
MANY_ROUNDS = 60
"""Rounds of customers from which the bottleneck is found: enough for the tail to follow the ratio of the last two."""
FOURFOLD = 4.0
"""Amplification of the initial drop in profits by NotPetya, as published (Crosignani, Macchiavelli, Silva 2023): read
as total over direct. Read as downstream over direct the total is one more."""
NAMED_FIRMS = (
    ("Merck", 870, "USA", "c9"),
    ("FedEx, for TNT Express", 400, "NLD", "c27"),
    ("Saint-Gobain", 384, "FRA", "c11"),
    ("Maersk", 300, "DNK", "c24"),
    ("Mondelez", 188, "USA", "c3"),
    ("Reckitt Benckiser", 129, "GBR", "c9"),
)
"""Firms hit by NotPetya and their losses, million USD (press), with the economy of the seat and the industry (ISIC 3.1:
couriers are in c27) as we place them, a judgement."""


@dataclass(frozen=True)
class Sectors:
    """The input-output table with its labels: a sector is an industry of an economy that produces.

    region : ISO3, or RoW for the rest of the world; industry : code of the source
    left_out : sectors without output, which no row or column of the table stands for
    unbalanced : output that deliveries and final demand do not add up to, over all output
    """

    table: InputOutputTable
    region: NDArray[np.str_]
    industry: NDArray[np.str_]
    left_out: int
    unbalanced: float
    vintage: str

    @property
    def value_added_share(self) -> Array:
        """(sectors,) share of the world's value added."""
        return self.table.value_added / self.table.value_added.sum()

    def named_firms(self) -> Array:
        """(sectors,) where the losses of the named firms fall, sum 1; ValueError where a sector is missing."""
        weights = np.zeros(self.region.size)
        for firm, loss, region, industry in NAMED_FIRMS:
            at = (self.region == region) & (self.industry == industry)
            if at.sum() != 1:
                raise ValueError(f"{firm} is placed in {industry} of {region}, which the table lacks")
            weights[at] += loss
        return weights / weights.sum()


def sectors(tables: Mapping[str, pl.DataFrame], words: Vocabulary) -> Sectors:
    """The table of `wiod_intermediate`, `wiod_final_demand` and `wiod_output`, sectors without output left out.

    Errors
    ------
    ValueError where a delivery is from or to a sector that is not in the table or has no output, or where the table is
    none (`models.propagation.input_output_table`).
    """
    deliveries, demand, output = (tables[f"{SOURCE}_{name}"] for name in ("intermediate", "final_demand", "output"))
    kept = output.filter(pl.col("output") > 0).sort("region", "industry").with_row_index("sector")
    place = kept.select("sector", "region", "industry")
    placed = deliveries
    for end in ("from", "to"):
        placed = placed.join(
            place.rename({"sector": end, "region": f"{end}_region", "industry": f"{end}_industry"}),
            on=[f"{end}_region", f"{end}_industry"],
            how="left",
        )
    lost = placed.filter(pl.col("from").is_null() | pl.col("to").is_null(), pl.col("musd") != 0)
    if lost.height:
        origin, target = (
            lost.select("from_region", "from_industry").row(0),
            lost.select("to_region", "to_industry").row(0),
        )
        raise ValueError(f"a delivery from {origin} to {target} is between sectors of which one has no output")
    placed = placed.drop_nulls(["from", "to"])
    flows = np.zeros((kept.height, kept.height))
    flows[placed["from"].to_numpy(), placed["to"].to_numpy()] = placed["musd"].to_numpy()
    table = input_output_table(flows, kept["output"].to_numpy())
    code = words.economy(SOURCE)
    region = np.array([code.get(label) or label for label in kept["region"]])
    used = placed["musd"].sum() + demand["musd"].sum()
    return Sectors(
        table,
        region,
        kept["industry"].to_numpy().astype(str),
        output.height - kept.height,
        float(abs(used / table.output.sum() - 1)),
        f"{SOURCE}:{kept['vintage'][0]}",
    )


def fit_rows(found: Sectors) -> pl.DataFrame:
    """fit, coefficient, unit, estimate, se, n, status: multipliers, rounds of customers and the bottleneck.

    n is the number of sectors, or of firms where the estimate hangs on those that were hit. `bottleneck` is what makes
    the fourfold amplification of NotPetya out of the rounds of its named firms: a calibration on one event.
    """
    world, firms = found.value_added_share, found.named_firms()
    table = found.table
    hit = rounds(table, firms, MANY_ROUNDS)
    tight, tighter = (bottleneck(hit, each) for each in (FOURFOLD, FOURFOLD + 1))
    own = rounds(table, world)
    every, few = world.size, len(NAMED_FIRMS)
    rows = [
        ("leontief_value_added", UNIT, float(value_added_multipliers(table) @ world), every),
        ("ghosh_primary_inputs", UNIT, float(final_demand_multipliers(table) @ world), every),
        ("ghosh", UNIT, float(ghosh_multipliers(table) @ world), every),
        ("ghosh_named_firms", UNIT, float(downstream_multipliers(table) @ firms), few),
        ("as_notpetya", UNIT, float(downstream_multipliers(table, tight) @ world), few),
        ("as_notpetya_high", UNIT, float(downstream_multipliers(table, tighter) @ world), few),
        ("bottleneck", "share of the cost of missing inputs", tight, few),
        ("bottleneck_high", "share of the cost of missing inputs", tighter, few),
        ("sectors_left_out", "sectors", float(found.left_out), every),
        *((name, UNIT, value, every) for name, value in zip(round_names(), own.tolist(), strict=True)),
    ]
    frame = pl.DataFrame(rows, schema=["coefficient", "unit", "estimate", "n"], orient="row")
    return frame.select(
        pl.lit(FIT).alias("fit"),
        "coefficient",
        "unit",
        pl.col("estimate").round_sig_figs(DIGITS),
        pl.lit(None, pl.Float64).alias("se"),
        pl.col("n").cast(pl.Int64),
        status=pl.when(pl.col("n") == few).then(pl.lit(ONE_EVENT)).otherwise(pl.lit("estimated")),
    )


def propagation_table(
    fits: pl.DataFrame, draws: Draws, estimates: pl.DataFrame, found: Sectors | None = None
) -> pl.DataFrame:
    """`model.propagation`: m by method and by what is hit.

    Parameters
    ----------
    fits : rows of fit `propagation`: of `fit_rows`, or as they ship with the project
    estimates : the ledger of published estimates, for the ratio of RAND's total to its direct cost
    found : the table where it is on the machine: then by economy and by industry too

    Errors: ValueError where a row of the fit or of the ledger is missing.
    """
    known = {row["coefficient"]: row for row in fits.filter(pl.col("fit") == FIT).iter_rows(named=True)}
    if missing := sorted({"ghosh", "bottleneck", *round_names()} - set(known)):
        raise ValueError(f"the fit of propagation lacks {missing[0]}")

    def of_fit(name: str) -> tuple[float, int]:
        return known[name]["estimate"], known[name]["n"]

    every = known["ghosh"]["n"]
    own = np.array([of_fit(name)[0] for name in round_names()])
    passed = share_passed_on(draws["stock_days"], draws["replacement_days"])
    low, high = rand_ratios(estimates)
    rows = [
        ("leontief_final_demand", WORLD, ALL, of_fit("leontief_value_added")[0], None, None, every),
        ("ghosh_primary_inputs", WORLD, ALL, of_fit("ghosh_primary_inputs")[0], None, None, every),
        ("ghosh", WORLD, ALL, of_fit("ghosh")[0], None, None, every),
        ("ghosh", WORLD, NAMED, of_fit("ghosh_named_firms")[0], None, None, len(NAMED_FIRMS)),
        ("dynamic_inoperability", WORLD, ALL, *_summary(from_rounds(own, passed)), every),
        ("as_notpetya", WORLD, ALL, of_fit("as_notpetya")[0], None, of_fit("as_notpetya_high")[0], len(NAMED_FIRMS)),
        ("amplified", WORLD, ALL, *_summary(amplification(fits, draws)), every),
        ("ledgers", WORLD, ALL, *_summary(implied_amplification(draws)), 0),
        ("published_notpetya", WORLD, NAMED, FOURFOLD, None, FOURFOLD + 1, 1),
        ("published_rand", WORLD, ALL, float(np.sqrt(low * high)), low, high, 2),
    ]
    if found is not None:
        rows += _by_sector(found, float(np.median(passed)))
    names = ["method", "region", "industry", "multiplier", "lower", "upper", "n"]
    kinds = [pl.String] * 3 + [pl.Float64] * 3 + [pl.Int32]
    frame = pl.DataFrame(rows, schema=dict(zip(names, kinds, strict=True)), orient="row")
    return frame.with_columns(unit=pl.lit(UNIT))


def rand_ratios(estimates: pl.DataFrame) -> tuple[float, float]:
    """Total over direct cost of RAND's lowest and highest case; ValueError where a figure is missing."""
    ends = []
    for name in ("rand_2018_total", "rand_2018_direct"):
        rows = estimates.filter(pl.col("estimate_id") == name).select("low_usd_bn", "high_usd_bn").drop_nulls()
        if rows.height != 1:
            raise ValueError(f"estimate {name} with a low and a high end is needed, there are {rows.height}")
        ends.append(rows.row(0))
    (low, high), (direct_low, direct_high) = ends
    return low / direct_low, high / direct_high


def _summary(values: Array) -> tuple[float, float, float]:
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
    return float(middle), float(low), float(high)


def _by_sector(found: Sectors, passed: float) -> list[tuple[str, str, str, float, None, None, int]]:
    """Each economy and each industry of the world hit alone, sectors weighted by value added."""
    weights = found.value_added_share
    rows: list[tuple[str, str, str, float, None, None, int]] = []
    multipliers = {
        "ghosh": downstream_multipliers(found.table),
        "dynamic_inoperability": downstream_multipliers(found.table, passed),
    }
    for method, values in multipliers.items():
        for labels, of_region in ((found.region, True), (found.industry, False)):
            for label in np.unique(labels).tolist():
                inside = labels == label
                mean = float(weights[inside] @ values[inside] / weights[inside].sum())
                where = (label, ALL) if of_region else (WORLD, label)
                rows.append((method, *where, mean, None, None, int(inside.sum())))
    return rows
