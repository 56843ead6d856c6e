"""The economies of a run and what is known of them: the fixed inputs of a counterfactual.

Uncertain inputs are draws (`priors`); membership of a convention is a state (`deterrence`). Neither belongs here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.attribution import OriginShares
from models.convention import decimal_year

Array = NDArray[np.float64]

LAW_CLASSES = ("criminal", "other")
"""Threat classes that criminal law reaches; class state has no law term (model.md 4.2)."""
CLASSES = ("state", *LAW_CLASSES)
REGIONS = ("NA", "ECA", "EAP", "SAS", "LAC", "SSA", "MENA")
"""The regions of the CSIS 2018 table, in its order."""
UNATTRIBUTED = "UNK"
"""Origin code of an incident that nobody attributed."""


@dataclass(frozen=True)
class World:
    """Fixed inputs, one entry an economy, economies in order of ISO3.

    gdp : USD bn, 2020; 0 where unknown
    users : internet users as a share of the population
    region : index into `REGIONS`
    regional_rate : (regions, 2) low and high loss as a share of the region's GDP
    capacity : A of model.md 4.2, 0 to 1
    party_since : decimal year in which the Budapest Convention entered into force; NaN for a non-party
    reserves : parties with a reservation on co-operation (Article 29(4))
    growth : (years, economies) cumulative real growth of GDP from 2020, for `years`
    origins : per class, who attacks whom
    """

    iso3: tuple[str, ...]
    gdp: Array
    users: Array
    region: NDArray[np.int64]
    regional_rate: Array
    capacity: Array
    party_since: Array
    reserves: NDArray[np.bool_]
    income_group: tuple[str, ...]
    years: tuple[int, ...]
    growth: Array
    origins: Mapping[str, OriginShares]

    @property
    def size(self) -> int:
        """Number of economies."""
        return len(self.iso3)

    @property
    def party(self) -> NDArray[np.bool_]:
        """Parties to the Budapest Convention on the data date."""
        return ~np.isnan(self.party_since)

    def with_origins(self, origins: Mapping[str, OriginShares]) -> World:
        """The same world with other origin shares."""
        return replace(self, origins=origins)

    def growth_in(self, year: int) -> Array:
        """(economies,) GDP of `year` over that of 2020 at constant prices."""
        return np.ones(self.size) if year == 2020 else self.growth[self.years.index(year)]


def capacity(rule_of_law: Array, reference: float) -> Array:
    """A, capacity to enforce relative to the parties on which the effect was estimated, 0 to 1.

    A_i = min(1, ((rl_i + 2.5) / 5) / A_ref), with rl the Worldwide Governance Indicator for rule of law and A_ref the
    mean of (rl + 2.5) / 5 over the parties of 2008: the studies measured members with *that* capacity, so it must not
    be discounted twice (model.md 4.2).
    """
    return np.clip((rule_of_law + 2.5) / 5 / reference, 0.0, 1.0)


def _aligned(frame: pl.DataFrame, column: str, iso3: Sequence[str]) -> Array:
    """(economies,) a column by ISO3, NaN where the frame has no row."""
    known = dict(zip(frame["iso3"], frame[column], strict=True))
    return np.array([np.nan if known.get(code) is None else known[code] for code in iso3], dtype=float)


def _latest(frame: pl.DataFrame, year: int) -> pl.DataFrame:
    """The last row of each economy up to `year`."""
    return frame.filter(pl.col("year") <= year).sort("year").group_by("iso3").last()


def _filled_by_group(values: Array, groups: Sequence[str]) -> Array:
    """Missing values replaced by the mean of the income group, or of all where the group has none."""
    filled = values.copy()
    labels = np.array(groups)
    for group in set(groups):
        inside = labels == group
        known = values[inside & ~np.isnan(values)]
        filled[inside & np.isnan(values)] = known.mean() if known.size else np.nanmean(values)
    return filled


def origin_counts(counts: pl.DataFrame, iso3: Sequence[str], threat_class: str) -> tuple[Array, Array]:
    """(origins, targets) attributed and (targets,) unattributed incident counts of one class (model.md 3)."""
    place = {code: k for k, code in enumerate(iso3)}
    known, unknown = np.zeros((len(iso3), len(iso3))), np.zeros(len(iso3))
    chosen = counts.filter(pl.col("threat_class") == threat_class)
    for origin, target, weight in chosen.select("origin_iso3", "target_iso3", "incidents").iter_rows():
        if origin == UNATTRIBUTED:
            unknown[place[target]] += weight
        else:
            known[place[origin], place[target]] += weight
    return known, unknown


def build(
    tables: Mapping[str, pl.DataFrame], growth: Array, years: Sequence[int], origins: Mapping[str, OriginShares]
) -> World:
    """The world of a run from the reference tables (economies, gdp, internet_users, rule_of_law, treaty_status and
    regional_loss_shares, with the columns of those tables).

    Raises
    ------
    ValueError where an economy's region has no published loss share.
    """
    economies = tables["economies"].sort("iso3")
    iso3 = tuple(economies["iso3"])
    groups = tuple(economies["income_group"])
    rates = tables["regional_loss_shares"]
    regional = {
        row["csis_region"]: (row["low_usd_bn"] / 1e3 / row["gdp_usd_tn"], row["high_usd_bn"] / 1e3 / row["gdp_usd_tn"])
        for row in rates.iter_rows(named=True)
    }
    missing = sorted(set(economies["csis_region"]) - set(regional))
    if missing:
        raise ValueError(f"no regional loss share for region {', '.join(missing)}")
    gdp = _aligned(tables["gdp"].filter(pl.col("year") == 2020), "gdp_usd_bn_current", iso3)
    users = _aligned(_latest(tables["internet_users"], 2020), "users_share", iso3)
    law = tables["rule_of_law"]
    latest = _aligned(_latest(law, int(law["year"].max())), "estimate", iso3)  # type: ignore[arg-type]
    early = _aligned(law.filter(pl.col("year") == 2008), "estimate", iso3)
    budapest = tables["treaty_status"].filter((pl.col("treaty") == "CETS185") & pl.col("in_force_on").is_not_null())
    in_force = dict(zip(budapest["iso3"], budapest["in_force_on"], strict=True))
    party_since = np.array([decimal_year(in_force[c]) if c in in_force else np.nan for c in iso3])
    reserving = set(budapest.filter(pl.col("reservation_on_cooperation"))["iso3"])
    # the studies measured the parties of 2008: those in force by the end of that year
    reference = float(np.nanmean((early[party_since < 2009] + 2.5) / 5))
    return World(
        iso3=iso3,
        gdp=np.nan_to_num(gdp),
        users=_filled_by_group(users, groups),
        region=np.array([REGIONS.index(r) for r in economies["csis_region"]]),
        regional_rate=np.array([regional.get(r, (0.0, 0.0)) for r in REGIONS]),
        capacity=capacity(_filled_by_group(latest, groups), reference),
        party_since=party_since,
        reserves=np.array([code in reserving for code in iso3]),
        income_group=groups,
        years=tuple(years),
        growth=growth,
        origins=origins,
    )
