"""Two tables that describe a study before any convention: what is lost where, and who attacks whom.

Only laid out here; losses and shares are computed in models/.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from models.gdp import BASE_YEAR
from models.statistics import QUANTILES, sorted_quantiles
from models.study import Study
from models.world import CLASSES, UNATTRIBUTED, origin_counts
from pipelines.schemas.tables import MONEY


def baseline_rows(prepared: Study, anchors: Mapping[str, float]) -> pl.DataFrame:
    """model.baseline: the study's own anchor for every year, the other anchors for 2020.

    Years scale each economy by its real growth (); an anchor scales all of them, being far below any cap.
    """
    world, draws = prepared.world, prepared.baseline.loss
    frames = []
    for name, anchor in anchors.items():
        own = anchor == prepared.anchor
        for year in (BASE_YEAR, *(world.years if own else ())):
            growth = world.growth_in(year)
            loss = np.concatenate((draws * growth, (draws @ growth)[:, None]), axis=1) * (anchor / prepared.anchor)
            quantiles = sorted_quantiles(np.sort(loss.T, axis=1))
            output = np.append(world.gdp * growth, (world.gdp * growth).sum())
            share = np.divide(loss.mean(0), output, out=np.full(output.size, np.nan), where=output > 0)
            columns = dict(zip(QUANTILES, quantiles.T, strict=True))
            frames.append(
                pl.DataFrame({"iso3": [*world.iso3, "WLD"], "mean": loss.mean(0), **columns, "share_of_gdp": share})
                .with_columns(pl.col("share_of_gdp").fill_nan(None))
                .select(pl.lit(name).alias("baseline"), pl.lit(year).alias("year"), pl.all(), unit=pl.lit(MONEY))
            )
    return pl.concat(frames).drop("p025", "p10", "p90", "p975")


def dyad_rows(prepared: Study, counts: pl.DataFrame) -> pl.DataFrame:
    """core.dyads: the study's shares beside the counts of the tracker of each class."""
    iso3, shares = list(prepared.world.iso3), prepared.world.origins
    frames = []
    for k in CLASSES:
        known, unknown = origin_counts(counts.filter(pl.col("tracker") == prepared.trackers[k]), iso3, k)
        size = len(iso3)
        frames += [
            pl.DataFrame(
                {
                    "origin_iso3": [code for code in iso3 for _ in range(size)],
                    "target_iso3": iso3 * size,
                    "incidents": known.ravel(),
                    "share": shares[k].attributed.ravel(),
                }
            ).with_columns(threat_class=pl.lit(k)),
            pl.DataFrame(
                {
                    "origin_iso3": [UNATTRIBUTED] * size,
                    "target_iso3": iso3,
                    "incidents": unknown,
                    "share": shares[k].unattributed,
                }
            ).with_columns(threat_class=pl.lit(k)),
        ]
    return pl.concat(frames).filter((pl.col("share") > 0) | (pl.col("incidents") > 0))
