"""Two tables of the world before any new convention: what is lost where, and who attacks whom.

Anchors are in `baseline`, the split over economies in `allocation`, origin shares in `attribution`; here they are laid
out by economy and year.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.gdp import BASE_YEAR
from models.statistics import QUANTILES, sorted_quantiles
from models.study import Study
from models.world import CLASSES, UNATTRIBUTED, World, origin_counts

Array = NDArray[np.float64]

WORLD = "WLD"
UNIT = "USD bn, 2020 prices"
PRINTED = ("p05", "p25", "p50", "p75", "p95")


def _summary(loss: Array) -> Array:
    """(rows, 1 + quantiles) mean and quantiles of (rows, draws)."""
    return np.concatenate((loss.mean(1)[:, None], sorted_quantiles(np.sort(loss, axis=1))), axis=1)


def _rows(world: World, name: str, year: int, growth: Array, summary: Array) -> pl.DataFrame:
    output = np.append(world.gdp * growth, (world.gdp * growth).sum())
    share = np.divide(summary[:, 0], output, out=np.full(output.size, np.nan), where=output > 0)
    columns = dict(zip(("mean", *QUANTILES), summary.T, strict=True))
    return pl.DataFrame(
        {
            "baseline": [name] * output.size,
            "iso3": [*world.iso3, WORLD],
            "year": [year] * output.size,
            "mean": columns["mean"],
            **{quantile: columns[quantile] for quantile in PRINTED},
            "share_of_gdp": share,
            "unit": [UNIT] * output.size,
        }
    ).with_columns(pl.col("share_of_gdp").fill_nan(None))


def baseline_table(study: Study, anchors: Mapping[str, float]) -> pl.DataFrame:
    """`model.baseline`: the study's own anchor for every year, the other anchors for 2020.

    A year multiplies each economy's loss by its real growth, an anchor multiplies all of them: no economy is near the
    cap of its GDP. So quantiles by economy are scaled, and only those of the world are taken anew (model.md 1.3, 1.4).
    """
    world, loss = study.world, study.baseline.loss
    by_economy = _summary(np.ascontiguousarray(loss.T))
    frames = []
    for name, anchor in anchors.items():
        own = anchor == study.anchor
        for year in (BASE_YEAR, *(world.years if own else ())):
            growth = world.growth_in(year)
            summary = np.concatenate((by_economy * growth[:, None], _summary((loss @ growth)[None])))
            frames.append(_rows(world, name, year, growth, summary * (anchor / study.anchor)))
    return pl.concat(frames)


def dyad_table(study: Study, counts: pl.DataFrame) -> pl.DataFrame:
    """`core.dyads`: incidents counted by the tracker of each class, and the shares that the study takes from them.

    `counts` are the incident counts of all trackers. A share is that of an origin in the attributed attacks on a
    target; for the origin `UNK`, the unattributed share of all attacks on it.
    """
    iso3, size = list(study.world.iso3), study.world.size
    frames = []
    for k in CLASSES:
        known, unknown = origin_counts(counts.filter(pl.col("tracker") == study.trackers[k]), iso3, k)
        shares = study.world.origins[k]
        frames.append(
            pl.DataFrame(
                {
                    "origin_iso3": [*np.repeat(iso3, size).tolist(), *[UNATTRIBUTED] * size],
                    "target_iso3": iso3 * (size + 1),
                    "threat_class": [k] * (size * (size + 1)),
                    "incidents": np.concatenate((known.ravel(), unknown)),
                    "share": np.concatenate((shares.attributed.ravel(), shares.unattributed)),
                }
            )
        )
    return pl.concat(frames).filter((pl.col("share") > 0) | (pl.col("incidents") > 0))
