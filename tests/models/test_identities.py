"""Identities of model.md 7 that concern the law, displacement and the sums, on made-up worlds."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import dense
from models.attribution import OriginShares
from models.deterrence import standing
from models.economies import draws_by_economy, mean_by_economy
from models.ensemble import Baseline, Ensemble
from models.kernel import node_weights, nodes_for
from models.states import State
from models.statistics import scramble_error

SEEDS = st.integers(0, 10_000)
few = settings(max_examples=8, deadline=None)


def run(world, draws, baseline, membership, betas, displacement="two_sided", growth=None, admits=False, **law):
    state = State(standing(world, membership, admits, **law), np.ones(world.size) if growth is None else growth)
    return Ensemble(world, draws, baseline, [state], displacement).run(betas)[0]


def membership_of(world, seed):
    rng = np.random.default_rng(seed)
    return np.where(rng.random(world.size) < 0.6, rng.choice([1.0, 1.0, 0.4], world.size), 0.0)


@few
@given(SEEDS)
def test_no_members_avoid_nothing(small, seed):
    world, draws = small.world(seed=seed), small.draws()
    baseline = small.baseline(world, draws)
    result = run(world, draws, baseline, np.zeros(world.size), small.betas(draws))
    assert np.all(result.deterred == 0)
    assert np.all(result.displaced == 0)


@few
@given(SEEDS, st.sampled_from(["betas", "coverage", "count_to_loss"]))
def test_without_an_effect_nothing_is_avoided(small, seed, switched_off):
    world, draws = small.world(seed=seed), small.draws()
    baseline = small.baseline(world, draws)
    betas = small.betas(draws)
    if switched_off == "betas":
        betas = tuple(0 * b for b in betas)
    elif switched_off == "coverage":
        draws = draws.replace(coverage_criminal_criminal=0.0, coverage_criminal_other=0.0)
    else:
        draws = draws.replace(count_to_loss=0.0)
    result = run(world, draws, baseline, membership_of(world, seed), betas)
    assert np.max(np.abs(result.avoided)) <= 1e-12 * baseline.loss.sum(1).max()


@few
@given(SEEDS)
def test_full_adoption_with_everything_reached_avoids_one_minus_rate_ratio(small, seed):
    """delta = 0, lambda_U = A = z = v = m = kappa = c = 1, beta_J = 0: 1 - exp(beta_O + beta_T), whatever W and phi."""
    world = small.world(seed=seed)
    world = replace(world, capacity=np.ones(world.size), reserves=np.zeros(world.size, bool))
    draws = small.draws(
        unattributed_follow=1.0,
        compliance=1.0,
        coverage_criminal_criminal=1.0,
        coverage_criminal_other=1.0,
        count_to_loss=1.0,
    )
    baseline = small.baseline(world, draws)
    target, origin, _ = small.betas(draws)
    result = run(world, draws, baseline, np.ones(world.size), (target, origin, 0 * target), budapest_strength=0.0)
    law_classes = (1 - draws["state_share"]) * baseline.loss.sum(1)
    # raking stops when shares are right to some 1e-9, so the flows of a rare draw are no closer
    assert result.avoided / law_classes == pytest.approx(1 - np.exp(target + origin), abs=1e-8)


@few
@given(SEEDS, st.sampled_from(["two_sided", "one_sided"]))
def test_displacement_has_the_sign_of_deterrence_and_is_no_larger(small, seed, rule):
    # one class alone: the classes are displaced one by one and their signs may differ
    world, draws = small.world(seed=seed), small.draws(state_share=0.0, other_share_of_rest=0.0)
    baseline = small.baseline(world, draws)
    result = run(world, draws, baseline, membership_of(world, seed), small.betas(draws), rule)
    assert np.all(np.abs(result.displaced) <= np.abs(result.deterred) + 1e-9)
    assert np.all(result.moved_per_reach["criminal"] >= -1)
    assert np.all(result.displaced * result.deterred >= -1e-12)
    if rule == "one_sided":
        assert np.all(result.displaced >= 0)


@few
@given(SEEDS)
def test_full_mobility_keeps_the_coverage_share_of_what_is_deterred(small, seed):
    """model.md 4.4: at phi = 1 the net effect is C times the gross one."""
    world = small.world(seed=seed)
    draws = small.draws(mobility=1.0, state_share=0.0, other_share_of_rest=0.0)
    baseline = small.baseline(world, draws)
    state = State(standing(world, membership_of(world, seed), False), np.ones(world.size))
    ensemble = Ensemble(world, draws, baseline, [state])
    [result] = ensemble.run(small.betas(draws))
    coverage = ensemble.batches[0].coverage[0]["criminal"]
    inside = np.abs(result.moved_per_reach["criminal"]) < 1
    assert result.avoided[inside] == pytest.approx(coverage * result.deterred[inside], rel=1e-9, abs=1e-12)


@few
@given(SEEDS)
def test_covered_loss_bounds_what_is_avoided(small, seed):
    world, draws = small.world(seed=seed), small.draws()
    baseline = small.baseline(world, draws)
    state = State(standing(world, membership_of(world, seed), False), np.ones(world.size))
    ensemble = Ensemble(world, draws, baseline, [state])
    [result] = ensemble.run(small.betas(draws))
    covered = sum(
        ensemble.covered["criminal"][k] * ensemble.share[k] for k in ("criminal", "other")
    ) * baseline.loss.sum(1)
    assert np.all(result.deterred <= covered + 1e-9)


@few
@given(SEEDS, st.floats(0.1, 50))
def test_scaling_the_baseline_scales_the_avoided_loss(small, seed, factor):
    world, draws = small.world(seed=seed), small.draws()
    baseline = small.baseline(world, draws)
    member = membership_of(world, seed)
    once = run(world, draws, baseline, member, small.betas(draws))
    scaled = run(world, draws, Baseline(factor * baseline.loss, factor * baseline.median), member, small.betas(draws))
    assert scaled.avoided == pytest.approx(factor * once.avoided, rel=1e-8, abs=1e-10 * factor * 100)


@few
@given(SEEDS)
def test_relabelling_economies_changes_nothing(small, seed):
    world, draws = small.world(seed=seed), small.draws()
    baseline = small.baseline(world, draws)
    member = membership_of(world, seed)
    order = np.random.default_rng(seed).permutation(world.size)

    def moved(shares: OriginShares) -> OriginShares:
        return replace(
            shares, attributed=shares.attributed[np.ix_(order, order)], unattributed=shares.unattributed[order]
        )

    other = replace(
        world,
        gdp=world.gdp[order],
        users=world.users[order],
        capacity=world.capacity[order],
        party_since=world.party_since[order],
        reserves=world.reserves[order],
        origins={k: moved(v) for k, v in world.origins.items()},
    )
    first = run(world, draws, baseline, member, small.betas(draws))
    shuffled = Baseline(baseline.loss[:, order], baseline.median[order])
    second = run(other, draws, shuffled, member[order], small.betas(draws))
    # the kept components differ by the order of rounding only
    assert np.max(np.abs(first.avoided - second.avoided)) <= 1e-10 * 100


@few
@given(SEEDS)
def test_a_membership_of_one_in_a_billion_changes_results_in_proportion(small, seed):
    world, draws = small.world(seed=seed), small.draws()
    baseline = small.baseline(world, draws)
    full = run(world, draws, baseline, np.ones(world.size), small.betas(draws))
    tiny = run(world, draws, baseline, np.full(world.size, 1e-9), small.betas(draws))
    bound = 20e-9 * max(np.abs(full.deterred).max(), np.abs(full.avoided).max(), 1e-6)
    assert np.max(np.abs(tiny.avoided)) <= bound


@few
@given(SEEDS, st.booleans(), st.sampled_from([1.0, 0.5, 0.0]))
def test_fast_sums_agree_with_the_dense_equations(small, seed, admits, budapest):
    world, draws = small.world(size=12, seed=seed), small.draws()
    baseline = small.baseline(world, draws)
    growth = np.linspace(0.9, 1.4, world.size)
    law = standing(world, membership_of(world, seed), admits, budapest_strength=budapest)
    state = State(law, growth)
    [fast] = Ensemble(world, draws, baseline, [state]).run(small.betas(draws))
    slow = dense.totals(world, draws, baseline, state, small.betas(draws), range(draws.size))
    assert fast.deterred == pytest.approx(slow["deterred"], abs=1e-8 * 100)
    assert fast.displaced == pytest.approx(slow["displaced"], abs=1e-8 * 100)


@few
@given(SEEDS)
def test_results_by_economy_agree_with_the_dense_equations_and_sum_to_the_world(small, seed):
    world, draws = small.world(size=9, seed=seed), small.draws()
    baseline = small.baseline(world, draws)
    state = State(standing(world, membership_of(world, seed), False), np.ones(world.size))
    ensemble = Ensemble(world, draws, baseline, [state])
    [batch] = ensemble.batches
    effect = ensemble.effect(batch, small.betas(draws))
    results = ensemble.totals(batch, effect)
    found = draws_by_economy(ensemble, batch, effect, 0, results[0])
    [mean] = mean_by_economy(ensemble, batch, effect, results)
    slow = dense.totals(world, draws, baseline, state, small.betas(draws), range(draws.size))
    state_loss = draws["state_share"][:, None] * baseline.loss
    loss = found.status_quo - found.deterred + found.displaced
    assert loss == pytest.approx((slow["loss"] + state_loss).T, abs=1e-6)
    assert found.deterred.sum(0) == pytest.approx(results[0].deterred, abs=1e-7)
    assert mean.deterred == pytest.approx(found.deterred.mean(1), abs=1e-7)
    assert mean.displaced == pytest.approx(found.displaced.mean(1), abs=1e-7)
    assert np.all(slow["loss"] >= 0)


def test_node_weights_place_every_economy_between_nodes(small):
    world = small.world(size=20, seed=3)
    law = standing(world, membership_of(world, 3), False, at=2011.5)
    nodes = nodes_for(law)
    weights = node_weights(nodes, law)
    assert weights.sum(0) == pytest.approx(np.ones(20), abs=1e-12)
    # interpolating the identity gives each economy's own effective membership back
    assert weights.T @ nodes.standing.effective_q == pytest.approx(law.effective_q, abs=1e-12)


def test_any_number_of_workers_gives_the_same_bits(small):
    from models.convention import Scenario
    from models.counterfactual import Settings, evaluate, headline_point
    from models.effects import EffectSet, Law

    world = small.world(size=10, seed=5)
    draws = small.draws(256, effect_target_position=0.4, effect_origin_position=0.3, effect_cooperation_position=0.2)
    laws = {k: Law("normal", {"mean": -0.1, "sd": 0.1}) for k in ("target", "origin", "cooperation")}
    effects = [EffectSet(name, "", "", "", "", laws, {}) for name in ("default", "other")]
    scenario = Scenario("all", "", "", frozenset({"law", "consequences", "stand_down"}), frozenset(), {}, 0, False)
    point = headline_point(world, scenario, Settings(), np.ones(10))
    baseline = small.baseline(world, draws)
    one, two = (
        evaluate(world, draws, baseline, [point], effects, 0.5, Settings(), small.regimes(draws), workers=k)
        .outcome(point, "other", "all")
        .avoided
        for k in (1, 2)
    )
    assert one.tobytes() == two.tobytes()


@few
@given(SEEDS)
def test_an_empty_economy_changes_nothing(small, seed):
    """No GDP, no loss, no incidents: neither as a target nor as an origin does it change a result."""
    world, draws = small.world(size=7, seed=seed), small.draws()
    baseline = small.baseline(world, draws)
    member = membership_of(world, seed)

    def wider(shares: OriginShares) -> OriginShares:
        size = shares.unattributed.size
        attributed = np.zeros((size + 1, size + 1))
        attributed[:size, :size] = shares.attributed
        attributed[:size, size] = 1 / size
        return replace(shares, attributed=attributed, unattributed=np.append(shares.unattributed, 0.5))

    larger = replace(
        world,
        iso3=(*world.iso3, "ZZZ"),
        gdp=np.append(world.gdp, 0.0),
        users=np.append(world.users, 0.5),
        region=np.append(world.region, 0),
        capacity=np.append(world.capacity, 0.7),
        party_since=np.append(world.party_since, np.nan),
        reserves=np.append(world.reserves, False),
        income_group=(*world.income_group, "High income"),
        growth=np.ones((2, world.size + 1)),
        origins={k: wider(v) for k, v in world.origins.items()},
    )
    empty = Baseline(np.column_stack((baseline.loss, np.zeros(draws.size))), np.append(baseline.median, 0.0))
    first = run(world, draws, baseline, member, small.betas(draws))
    second = run(larger, draws, empty, np.append(member, 1.0), small.betas(draws))
    assert np.max(np.abs(first.avoided - second.avoided)) <= 1e-9 * 100


def test_two_seeds_differ_by_no_more_than_their_monte_carlo_errors(small):
    """model.md 7: at most 4 sqrt(se1^2 + se2^2), for these two seeds."""
    world = small.world(size=8, seed=11)
    means, errors = [], []
    for seed in (1, 2):
        draws = small.draws(8 * 256, seed)
        baseline = small.baseline(world, draws)
        avoided = run(world, draws, baseline, np.ones(8), small.betas(draws)).avoided
        means.append(avoided.mean())
        errors.append(scramble_error(avoided.reshape(8, -1).mean(1)))
    assert 0 < max(errors) < 0.05 * abs(means[0])
    assert abs(means[0] - means[1]) <= 4 * np.hypot(*errors)
