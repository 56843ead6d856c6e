"""What is printed beside the counterfactual: blocs as conventions, winners and losers, memberships.

The counterfactual table itself is in `measures`, changed choices in `variants`, break-even points in `break_even`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.convention import Membership, Scenario
from models.counterfactual import DEFAULT_SET, headline_point
from models.measures import MEASURES, STATISTICS
from models.mechanisms import MECHANISMS
from models.setting import summaries
from models.study import Study

Array = NDArray[np.float64]

USD = "USD bn, 2020 prices"
_rank = pl.col("mechanisms").replace_strict({name: i for i, name in enumerate(MECHANISMS)}, return_dtype=pl.Int8)
FULLEST = _rank == _rank.max().over("scenario")
"""Rows under all that acts in their scenario's text."""


def membership_shares(study: Study, memberships: Mapping[str, Membership]) -> pl.DataFrame:
    """`model.membership_share`: each scenario's membership of the last year in the three metrics of adoption."""
    rows = []
    for scenario, membership in memberships.items():
        member = membership.joined[-1]
        rows += [(scenario, name, float(w @ member / w.sum())) for name, w in study.weights.items()]
    return pl.DataFrame(rows, schema=["scenario", "adoption_metric", "share"], orient="row")


def adoption_path(study: Study, memberships: Mapping[str, Membership]) -> pl.DataFrame:
    """`model.adoption_path`: the probability of membership by year, 0 or 1 where the scenario's file gives dates."""
    frames = [
        pl.DataFrame({"iso3": study.world.iso3, "p_member": joined}).select(
            pl.lit(scenario).alias("scenario"), "iso3", pl.lit(year, pl.Int32).alias("year"), "p_member"
        )
        for scenario, membership in memberships.items()
        for year, joined in zip(membership.years, membership.joined, strict=True)
    ]
    return pl.concat(frames)


def blocs(study: Study, members: Mapping[str, frozenset[str]], text: Scenario) -> pl.DataFrame:
    """`model.blocs`: a scenario's text with exactly these members, fully phased in, under the default effect set."""
    world, weights = study.world, study.weights
    names = sorted(members)
    inside = [np.array([float(code in members[name]) for code in world.iso3]) for name in names]
    points = [headline_point(world, text, study.settings, m) for m in inside]
    rows = []
    for name, member, summary in zip(names, inside, summaries(study, points), strict=True):
        shares = {f"share_{k}": float(w @ member / w.sum()) for k, w in weights.items()}
        for measure in ("avoided_share", "avoided_loss", "net_benefit"):
            statistics = dict(zip(STATISTICS, summary[list(MEASURES).index(measure)].tolist(), strict=True))
            rows.append(
                {
                    "bloc": name,
                    "members": int(member.sum()),
                    **shares,
                    "measure": measure,
                    **statistics,
                    "unit": MEASURES[measure],
                }
            )
    return pl.DataFrame(rows).with_columns(pl.col(STATISTICS).fill_nan(None))


def winners(table: pl.DataFrame, economies: pl.DataFrame) -> pl.DataFrame:
    """`model.winners`: economies whose mean loss falls or rises although the world's mean loss may fall.

    `table` is `model.counterfactual`; the headline membership under the default effect set and everything in the text
    is read from it.
    """
    rows = (
        table.filter(FULLEST)
        .filter(
            (pl.col("adoption_metric") == "scenario")
            & (pl.col("year") == 2020)
            & (pl.col("effect_set") == DEFAULT_SET)
            & (pl.col("measure") == "avoided_loss")
            & (pl.col("iso3") != "WLD")
        )
        .join(economies.select("iso3", "region", "income_group"), on="iso3")
    )
    # below a thousandth of a million USD a difference is rounding, not a gain
    gain = pl.col("mean").filter(pl.col("mean") > 1e-6)
    harm = pl.col("mean").filter(pl.col("mean") < -1e-6)
    return (
        rows.group_by("scenario", "region", "income_group")
        .agg(
            gain.len().cast(pl.Int32).alias("winners"),
            harm.len().cast(pl.Int32).alias("losers"),
            gain.sum().alias("gain"),
            harm.sum().alias("harm"),
        )
        .with_columns(pl.lit(USD).alias("unit"))
        .sort("scenario", "region", "income_group")
    )
