"""Small made-up worlds on which identities are checked, no figure of them of an economy; the records of accession."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from models.accession import covariates, fits, risk_set
from models.attribution import origin_shares
from models.consequences import BELIEFS, Reciprocity, consequences
from models.ensemble import Baseline
from models.priors import Prior, sample
from models.world import REGIONS, World
from pipelines.reference import load_some

UNIT = {"low": 0.0, "high": 1.0}
PRIORS = {
    "state_share": ("beta", {"a": 5, "b": 15}),
    "other_share_of_rest": ("beta", {"a": 2, "b": 13}),
    "unattributed_follow": ("uniform", UNIT),
    "domestic_share": ("beta", {"a": 6, "b": 14}),
    "coverage_criminal_state": ("constant", {"value": 0.0}),
    "coverage_criminal_criminal": ("beta", {"a": 9, "b": 1}),
    "coverage_criminal_other": ("beta", {"a": 4, "b": 4}),
    "coverage_broad_state": ("beta", {"a": 8, "b": 2}),
    "coverage_broad_criminal": ("beta", {"a": 7, "b": 2}),
    "coverage_broad_other": ("beta", {"a": 5, "b": 3}),
    "compliance": ("beta", {"a": 2, "b": 2}),
    "count_to_loss": ("beta", {"a": 2, "b": 2}),
    "mobility": ("beta", {"a": 2, "b": 3}),
    "connectivity_elasticity": ("normal", {"mean": 1, "sd": 0.3}),
    "target": ("normal", {"mean": -0.05, "sd": 0.15}),
    "origin": ("normal", {"mean": -0.1, "sd": 0.15}),
    "cooperation": ("normal", {"mean": 0, "sd": 0.05}),
    "attribution": ("beta", {"a": 4, "b": 4}),
    "consequence_status_quo": ("beta", {"a": 2, "b": 18}),
    "consequence_unilateral": ("beta", {"a": 4, "b": 6}),
    "consequence_agreed": ("beta", {"a": 6, "b": 4}),
    "consequence_strength": ("beta", {"a": 2, "b": 4}),
    "agreed_strength": ("uniform", {"low": 1, "high": 2}),
    "bite": ("beta", {"a": 3, "b": 6}),
    "response_elasticity": ("half_normal", {"scale": 1}),
    "retaliation_unilateral": ("half_normal", {"scale": 0.05}),
    "retaliation_agreed_share": ("beta", {"a": 2, "b": 2}),
    "retaliation_unilateral_op_ed": ("truncated_normal", {"mean": 0.3, "sd": 0.1, "lower": 0, "upper": 1}),
    "retaliation_agreed_share_op_ed": ("constant", {"value": 0.2}),
    "retaliation_position": ("uniform", UNIT),
    "retaliation_unseen": ("half_normal", {"scale": 0.05}),
    "standdown_effect": ("truncated_normal", {"mean": -0.5, "sd": 0.5, "lower": -3, "upper": 0.5}),
    "standdown_share": ("beta", {"a": 2, "b": 2}),
    "false_attribution": ("beta", {"a": 1, "b": 19}),
    "effort_effect": ("half_normal", {"scale": 0.3}),
    "proxy_share": ("beta", {"a": 2, "b": 8}),
    "sanction_cost": ("beta", {"a": 2, "b": 8}),
    "attacker_gain": ("beta", {"a": 2, "b": 6}),
    "haven_effect": ("half_normal", {"scale": 3}),
    "sharing_effect": ("half_normal", {"scale": 0.1}),
    "transfer_share_criminal": ("beta", {"a": 4, "b": 6}),
    "transfer_share_other": ("beta", {"a": 1, "b": 9}),
    "direct_share_criminal": ("beta", {"a": 4, "b": 2}),
    "direct_share_other": ("beta", {"a": 5, "b": 4}),
    "direct_share_state": ("beta", {"a": 6, "b": 4}),
    "gdp_share_of_direct": ("beta", {"a": 4, "b": 4}),
}


def make_draws(draws=64, seed=1, **fixed):
    priors = [
        Prior(name, family, arguments, "", "judgement", "", False, "", k)
        for k, (name, (family, arguments)) in enumerate(PRIORS.items())
    ]
    return sample(priors, draws, seed).replace(**fixed)


def make_consequences(draws, belief="little_reciprocity", estimate=0.02):
    return consequences(draws, Reciprocity(estimate, None if estimate is None else 0.01), belief)


def make_regimes(draws):
    return {belief: make_consequences(draws, belief) for belief in BELIEFS}


def make_world(size=8, seed=0, **changes):
    rng = np.random.default_rng(seed)
    gdp = np.exp(rng.normal(3, 1.5, size))
    party_since = np.where(rng.random(size) < 0.4, 2010.0, np.nan)
    party_since[0] = 2005.0
    reserves = ~np.isnan(party_since) & (rng.random(size) < 0.4)
    origins = {}
    for k in ("state", "criminal", "other"):
        counts = rng.poisson(1.5, (size, size)).astype(float)
        counts[:, 0] += 1
        if k != "other":
            np.fill_diagonal(counts, 0.0)
        origins[k] = origin_shares(counts, rng.poisson(3, size).astype(float), exclude_own=k == "state")
    world = World(
        iso3=tuple(f"A{chr(65 + i // 26)}{chr(65 + i % 26)}" for i in range(size)),
        gdp=gdp,
        users=rng.uniform(0.1, 1, size),
        region=rng.integers(0, len(REGIONS), size),
        regional_rate=np.tile([0.005, 0.01], (len(REGIONS), 1)),
        capacity=rng.uniform(0.2, 1, size),
        party_since=party_since,
        reserves=reserves,
        income_group=("High income",) * size,
        years=(2021, 2022),
        growth=np.array([np.full(size, 1.02), np.full(size, 1.04)]),
        origins=origins,
    )
    return replace(world, **changes)


def make_baseline(world, draws, anchor=100.0):
    weight = world.gdp * world.users ** draws["connectivity_elasticity"][:, None]
    loss = anchor * weight / weight.sum(1, keepdims=True)
    middle = world.gdp * world.users
    return Baseline(loss, anchor * middle / middle.sum())


@pytest.fixture(scope="session")
def small():
    """Factories of small worlds, draws and baselines."""

    class Factories:
        draws = staticmethod(make_draws)
        world = staticmethod(make_world)
        baseline = staticmethod(make_baseline)
        consequences = staticmethod(make_consequences)
        regimes = staticmethod(make_regimes)

        @staticmethod
        def betas(draws):
            return draws["target"], draws["origin"], draws["cooperation"]

    return Factories


@pytest.fixture(scope="session")
def treaties():
    """The shipped tables that accession to the Budapest Convention rests on."""
    return load_some(["treaty_status", "rule_of_law", "gdp", "population", "economies", "blocs"])


@pytest.fixture(scope="session")
def known(treaties):
    return covariates(treaties, range(2001, 2036))


@pytest.fixture(scope="session")
def risk(known, treaties):
    return risk_set(known, treaties["treaty_status"], date(2025, 12, 31))


@pytest.fixture(scope="session")
def found(risk):
    return fits(risk)
