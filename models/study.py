"""One study: the world, the draws, the baseline and the settings from which every result of a run follows.

What is computed from a study is in `counterfactual`, `measures`, `headline` and `break_even`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.accession_paths import Accession, accession_on_record
from models.allocation import flat_allocation, regional_allocation
from models.attribution import OriginShares, origin_shares
from models.baseline import anchors
from models.consequences import BELIEFS, Consequences, Reciprocity, consequences
from models.counterfactual import Settings, adoption_weights
from models.effects import EffectSet, Law
from models.ensemble import Baseline
from models.flows import central_flow, coverage_id
from models.gdp import implied_high_income_potential, real_gdp_growth_factors
from models.ledgers import defence_share
from models.priors import Draws, Prior, quantile, sample
from models.synthesis import pool
from models.world import CLASSES, REGIONS, World, build, origin_counts

Array = NDArray[np.float64]

Definitions = Mapping[str, Mapping[str, Law]]
"""By definition of a cyberattack and threat class, the distribution of the covered share of loss."""
HORIZON = tuple(range(2021, 2036))
FADE_YEARS = 4
"""Years in which growth fades from the last forecast to potential (a judgement: no forecast by group is later)."""


@dataclass(frozen=True)
class Study:
    """Everything that results depend on but the scenarios."""

    world: World
    draws: Draws
    baseline: Baseline
    effects: tuple[EffectSet, ...]
    rank_correlation: float
    settings: Settings
    attack_origin: Array
    anchor: float
    trackers: Mapping[str, str]
    reciprocity: Reciprocity
    time_preference: float
    aversion: float
    tables: Mapping[str, pl.DataFrame]

    @cached_property
    def accession(self) -> Accession:
        """How states joined the Budapest Convention; fitted once, when it is first asked for."""
        return accession_on_record(self.tables, HORIZON)

    @property
    def regimes(self) -> dict[str, Consequences]:
        """The regimes of consequences in every draw, under each belief about retaliation."""
        return {belief: consequences(self.draws, self.reciprocity, belief) for belief in BELIEFS}

    @property
    def weights(self) -> dict[str, Array]:
        """(economies,) weights of the three metrics of adoption."""
        return adoption_weights(self.world, self.attack_origin)


def origins(
    counts: pl.DataFrame, iso3: Sequence[str], trackers: Mapping[str, str], without: str | None = None
) -> dict[str, OriginShares]:
    """Who attacks whom in each class, each from the counts of one tracker so that no incident counts twice.

    `trackers` names the tracker of each class; `without` leaves one origin's incidents out.
    """
    found = {}
    for k in CLASSES:
        known, unknown = origin_counts(counts.filter(pl.col("tracker") == trackers[k]), iso3, k)
        if known.sum() + unknown.sum() == 0:
            raise ValueError(f"tracker {trackers[k]} has no incident of class {k}")
        if without is not None:
            known[list(iso3).index(without)] = 0.0
        shares = origin_shares(known, unknown, exclude_own=k == "state")
        if k == "criminal":
            # own residents' crime is a prior, not a count: it must not make an economy look a source of others' losses,
            # yet an incident traced to a resident is an attributed one
            foreign = known - np.diag(np.diag(known))
            abroad = origin_shares(foreign, unknown, exclude_own=False)
            shares = replace(
                shares,
                attributed=abroad.attributed,
                pooled=abroad.pooled,
                concentration=abroad.concentration,
                log_concentration_se=abroad.log_concentration_se,
                status=abroad.status,
                attributed_incidents=abroad.attributed_incidents,
            )
        found[k] = shares
    return found


def build_world(tables: Mapping[str, pl.DataFrame], trackers: Mapping[str, str]) -> World:
    """The world of a run from the validated reference tables."""
    economies = tables["economies"].sort("iso3")
    groups = economies["income_group"].to_list()
    gdp = tables["gdp"].filter(pl.col("year") == 2020)
    output = economies.join(gdp, on="iso3", how="left", maintain_order="left")["gdp_usd_bn_current"].fill_null(0)
    growth = tables["gdp_growth"]
    factors = real_gdp_growth_factors(
        growth,
        groups,
        HORIZON,
        fade_years=FADE_YEARS,
        potential_from={
            "high": implied_high_income_potential(growth, output.to_numpy(), groups),
            "middle": "emerging",
            "low": "emerging",
        },
        observed_from={"world": "middle"},
    )
    found = origins(tables["incident_counts"], economies["iso3"].to_list(), trackers)
    return build(tables, factors, HORIZON, found)


def regional_rates(world: World, draws: Draws) -> Array:
    """(draws, regions) loss as a share of regional GDP, drawn between the published low and high."""
    low, high = world.regional_rate.T
    position = np.stack([draws[f"regional_rate_{region}"] for region in REGIONS], 1)
    return np.asarray(low + position * (high - low))


def baseline(world: World, draws: Draws, anchor: float, allocation: str = "regional") -> Baseline:
    """Loss of each economy in the status quo at the 2020 baseline (model.md 1.3)."""
    if allocation == "flat":
        loss = flat_allocation(anchor, world.gdp)
        return Baseline(np.broadcast_to(loss, (draws.size, world.size)).copy(), loss)
    elasticity = draws["connectivity_elasticity"]
    loss = regional_allocation(anchor, world.gdp, world.users, world.region, regional_rates(world, draws), elasticity)
    middle = world.regional_rate.mean(1)[None]
    at = np.full(1, draws.medians["connectivity_elasticity"])
    return Baseline(loss, regional_allocation(anchor, world.gdp, world.users, world.region, middle, at)[0])


def attack_origin(world: World, draws: Draws, median_loss: Array) -> Array:
    """(economies,) loss whose attackers sit in each economy and whose victims do not, at central values, USD bn."""
    flows = central_flow(world, draws, median_loss).values()
    return np.asarray(sum(flow[:-1].sum(1) - np.diagonal(flow[:-1]) for flow in flows))


def resolved(effects: Sequence[EffectSet], studies: pl.DataFrame) -> tuple[EffectSet, ...]:
    """The effect sets, each synthesis of studies replaced by its predictive distribution.

    A law of distribution `pooled_predictive` has the studies' effect_ids as its arguments. Their log rate ratios enter
    a random-effects fit; the predictive t(n - p) of a further setting is the law (model.md 4.3, set all_studies).
    """
    found = []
    for effect in effects:
        laws = dict(effect.laws)
        for name, law in laws.items():
            if law.distribution == POOLED:
                rows = studies.filter(pl.col("effect_id").is_in(list(law.arguments))).sort("effect_id")
                missing = sorted(set(law.arguments) - set(rows["effect_id"]))
                if missing:
                    raise ValueError(f"effect set {effect.name} pools {missing[0]}, which is not in the evidence table")
                fit = pool(rows["log_rate_ratio"].to_numpy(), rows["se"].to_numpy())
                arguments = {"df": float(fit.df), "location": fit.mean_log, "scale": fit.predictive_scale}
                laws[name] = Law("student_t", arguments)
        found.append(
            EffectSet(effect.name, effect.title, effect.kind, effect.source, effect.rationale, laws, effect.mixture)
        )
    return tuple(found)


POOLED = "pooled_predictive"


def with_coverage(draws: Draws, definitions: Definitions) -> Draws:
    """The draws with kappa of every class under every definition, read at the draws' positions (model.md 4.1)."""
    values, medians = dict(draws.values), dict(draws.medians)
    for name, laws in definitions.items():
        for k, law in laws.items():
            position = draws[f"coverage_position_{k}"]
            values[coverage_id(name, k)] = quantile(law.distribution, law.arguments, position)
            medians[coverage_id(name, k)] = float(quantile(law.distribution, law.arguments, np.full(1, 0.5))[0])
    return Draws(values, draws.scramble, draws.seed, medians)


def prepare(
    tables: Mapping[str, pl.DataFrame],
    priors: Sequence[Prior],
    effects: Sequence[EffectSet],
    rank_correlation: float,
    choices: Mapping[str, str | float],
    draws: int,
    seed: int,
    definitions: Definitions,
    reciprocity: Reciprocity,
) -> Study:
    """The study of a run.

    Parameters
    ----------
    tables : validated reference tables by name
    choices : value of every choice of data/priors/choices.yaml
    draws : total number, eight scrambles of a power of two
    definitions : of a cyberattack, by name, the distribution of the covered share of each class
    reciprocity : the cross-branching ratio of state attacks as estimated
    """
    trackers = {k: str(choices[f"tracker_{k}"]) for k in CLASSES}
    world = build_world(tables, trackers)
    sampled = with_coverage(sample(priors, draws, seed), definitions)
    anchor = anchors(tables["estimates"], tables["gdp"], tables["claim_bases"])[str(choices["anchor"])]
    start = baseline(world, sampled, anchor, str(choices["allocation"]))
    settings = Settings(
        phase_in_years=float(choices["phase_in_years"]),
        budapest_strength=float(choices["budapest_strength"]),
        displacement=str(choices["displacement"]),
        enforcement_cost_share=float(choices["enforcement_cost_share"]),
        escalation_belief=str(choices["escalation_belief"]),
        defence_share=defence_share(str(choices["anchor"]), tables["estimates"]),
    )
    return Study(
        world,
        sampled,
        start,
        resolved(effects, tables["treaty_effects"]),
        rank_correlation,
        settings,
        attack_origin(world, sampled, start.median),
        anchor,
        trackers,
        reciprocity,
        float(choices["time_preference"]),
        float(choices["consumption_elasticity"]),
        tables,
    )
