"""Small made-up worlds on which identities are checked; no figure of them stands for an economy."""

from dataclasses import replace

import numpy as np
import pytest

from models.attribution import origin_shares
from models.ensemble import Baseline
from models.priors import Prior, sample
from models.world import REGIONS, World

UNIT = {"low": 0.0, "high": 1.0}
PRIORS = {
    "state_share": ("beta", {"a": 5, "b": 15}),
    "other_share_of_rest": ("beta", {"a": 2, "b": 13}),
    "unattributed_follow": ("uniform", UNIT),
    "domestic_share": ("beta", {"a": 6, "b": 14}),
    "coverage_criminal": ("beta", {"a": 9, "b": 1}),
    "coverage_other": ("beta", {"a": 4, "b": 4}),
    "compliance": ("beta", {"a": 2, "b": 2}),
    "count_to_loss": ("beta", {"a": 2, "b": 2}),
    "mobility": ("beta", {"a": 2, "b": 3}),
    "connectivity_elasticity": ("normal", {"mean": 1, "sd": 0.3}),
    "target": ("normal", {"mean": -0.05, "sd": 0.15}),
    "origin": ("normal", {"mean": -0.1, "sd": 0.15}),
    "cooperation": ("normal", {"mean": 0, "sd": 0.05}),
}


def make_draws(draws=64, seed=1, **fixed):
    priors = [
        Prior(name, family, arguments, "", "judgement", "", False, "", k)
        for k, (name, (family, arguments)) in enumerate(PRIORS.items())
    ]
    return sample(priors, draws, seed).replace(**fixed)


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

        @staticmethod
        def betas(draws):
            return draws["target"], draws["origin"], draws["cooperation"]

    return Factories
