"""State conduct, freed effort and what acts after the law: identities of model.md 4.5 to 4.9 and 7."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import dense
from models.conduct import ConductEnsemble
from models.consequences import BELIEFS, Effects, Reciprocity, consequences, retaliation_on_record
from models.deterrence import standing
from models.economies import cut_by_economy, cut_draws_by_economy, mean_by_economy
from models.ensemble import Ensemble
from models.gdp_loss import gdp_per_loss
from models.mechanisms import Mechanisms
from models.states import State

SEEDS = st.integers(0, 10_000)
few = settings(max_examples=8, deadline=None)
EVERYTHING = frozenset({"consequences", "stand_down", "haven", "sharing"})
CLAUSES = st.sampled_from([frozenset({"consequences"}), frozenset({"stand_down"}), EVERYTHING])


def membership_of(world, seed):
    rng = np.random.default_rng(seed)
    return np.where(rng.random(world.size) < 0.6, rng.choice([1.0, 1.0, 0.4], world.size), 0.0)


def state_of(world, members, clauses, growth=None, dwell_ratio=None, law=True):
    ratio = dwell_ratio or (0.5 if "sharing" in clauses else 1.0)
    own = standing(world, members if law else np.zeros(world.size), False)
    return State(own, np.ones(world.size) if growth is None else growth, members, "broad", clauses, ratio)


def outcome(small, world, draws, state, mechanism="all", betas=None, off=frozenset()):
    baseline = small.baseline(world, draws)
    mechanisms = Mechanisms(world, draws, baseline, small.regimes(draws), off)
    [law] = Ensemble(world, draws, baseline, [state]).run(betas or small.betas(draws))
    return mechanisms.outcome(state, law, None if mechanism == "law" else mechanisms.conduct(state, mechanism))


@few
@given(SEEDS, CLAUSES)
def test_fast_sums_agree_with_the_dense_equations(small, seed, clauses):
    world, draws = small.world(size=11, seed=seed), small.draws(64, seed=seed)
    baseline, found = small.baseline(world, draws), small.consequences(draws)
    state = state_of(world, membership_of(world, seed), clauses, np.linspace(0.9, 1.4, world.size))
    slow = dense.everything(world, draws, baseline, state, small.betas(draws), found, range(draws.size))
    mechanisms = Mechanisms(world, draws, baseline, small.regimes(draws))
    [law] = Ensemble(world, draws, baseline, [state]).run(small.betas(draws))
    conduct = mechanisms.conduct(state, "all")
    fast = mechanisms.outcome(state, law, conduct)
    before = (baseline.loss * state.growth).sum(1)
    assert before - fast.avoided == pytest.approx(slow["loss"].sum(1), abs=1e-6)
    assert conduct.freed == pytest.approx(slow["freed"], abs=1e-8)
    assert conduct.proxies == pytest.approx(slow["proxies"], abs=1e-8 * 100)
    assert fast.price == pytest.approx(slow["price"], abs=1e-8 * 100)


@few
@given(SEEDS, CLAUSES)
def test_economies_agree_with_the_dense_equations_in_draws_and_means(small, seed, clauses):
    world, draws = small.world(size=9, seed=seed), small.draws(64, seed=seed)
    baseline, found = small.baseline(world, draws), small.consequences(draws)
    betas = small.betas(draws)
    state = state_of(world, membership_of(world, seed), clauses)
    slow = dense.everything(world, draws, baseline, state, betas, found, range(draws.size))
    law_only = dense.totals(world, draws, baseline, state, betas, range(draws.size))
    mechanisms = Mechanisms(world, draws, baseline, small.regimes(draws))
    ensemble = Ensemble(world, draws, baseline, [state])
    [batch] = ensemble.batches
    effect = ensemble.effect(batch, betas)
    [law] = ensemble.totals(batch, effect)
    conduct = mechanisms.conduct(state, "all")
    cuts = mechanisms.cuts(state, conduct)
    cut = cut_draws_by_economy(ensemble, batch, effect, 0, law, cuts)
    effects, kappa = mechanisms.effects(state, "all"), mechanisms.kappa(state)
    whole = slice(0, draws.size)
    deterred, proxies = mechanisms.ensemble.draws_by_economy(state, effects, kappa, baseline.loss.T, whole)
    of_states = draws["state_share"][:, None] * baseline.loss
    fast = law_only["loss"] + of_states - (deterred - proxies + cut).T
    assert fast == pytest.approx(slow["loss"], abs=1e-6)
    [mean_cut] = cut_by_economy(ensemble, batch, effect, [law], [cuts])
    assert mean_cut == pytest.approx(cut.mean(1), abs=1e-7)
    mean_deterred, mean_proxies = mechanisms.ensemble.mean_by_economy(state, effects, kappa)
    assert mean_deterred == pytest.approx(deterred.mean(1), abs=1e-7)
    assert mean_proxies == pytest.approx(proxies.mean(1), abs=1e-7)


@few
@given(SEEDS)
def test_without_effects_beyond_law_everything_is_the_plain_counterfactual_exactly(small, seed):
    """eta = lambda = sigma = epsilon = 0: the bits of the law alone."""
    world = small.world(seed=seed)
    draws = small.draws(
        response_elasticity=0.0,
        retaliation_unilateral=0.0,
        standdown_effect=0.0,
        effort_effect=0.0,
        false_attribution=0.0,
    )
    state = state_of(world, membership_of(world, seed), frozenset({"consequences", "stand_down"}))
    plain, full = (outcome(small, world, draws, state, mechanism) for mechanism in ("law", "all"))
    assert full.deterred.tobytes() == plain.deterred.tobytes()
    assert full.displaced.tobytes() == plain.displaced.tobytes()


@few
@given(SEEDS)
def test_no_members_change_nothing_and_cost_nothing(small, seed):
    world, draws = small.world(seed=seed), small.draws()
    found = outcome(small, world, draws, state_of(world, np.zeros(world.size), EVERYTHING))
    assert np.abs(found.deterred).max() <= 1e-12 * 100
    assert np.abs(found.displaced).max() <= 1e-12 * 100
    assert np.all(found.price == 0)


@few
@given(SEEDS)
def test_a_membership_of_one_in_a_billion_changes_results_in_proportion(small, seed):
    world, draws = small.world(seed=seed), small.draws()
    full, tiny = (
        outcome(small, world, draws, state_of(world, np.full(world.size, size), EVERYTHING)) for size in (1.0, 1e-9)
    )
    assert np.abs(tiny.avoided).max() <= 50e-9 * max(np.abs(full.deterred).max(), 1e-6)
    assert np.abs(tiny.price).max() <= 2e-9 * np.abs(full.price).max()


@few
@given(SEEDS)
def test_what_is_avoided_of_state_attacks_is_at_most_what_the_definition_covers(small, seed):
    world, draws = small.world(seed=seed), small.draws()
    baseline = small.baseline(world, draws)
    state = state_of(world, membership_of(world, seed), EVERYTHING)
    found = Mechanisms(world, draws, baseline, small.regimes(draws)).conduct(state, "all")
    covered = draws["coverage_broad_state"] * draws["state_share"] * baseline.loss.sum(1)
    assert np.all(found.deterred <= covered + 1e-9)
    assert np.all((found.freed >= 0) & (found.freed <= 1))
    assert np.all(found.proxies <= draws["proxy_share"] * covered + 1e-9)


@few
@given(SEEDS)
def test_relabelling_economies_changes_nothing(small, seed):
    world, draws = small.world(seed=seed), small.draws()
    baseline = small.baseline(world, draws)
    members = membership_of(world, seed)
    order = np.random.default_rng(seed).permutation(world.size)
    shares = world.origins["state"]
    moved = replace(shares, attributed=shares.attributed[np.ix_(order, order)], unattributed=shares.unattributed[order])
    other = replace(world, origins={**world.origins, "state": moved})
    shuffled = replace(baseline, loss=baseline.loss[:, order], median=baseline.median[order])
    effects = small.consequences(draws).effects()
    kappa = draws["coverage_broad_state"]
    one = ConductEnsemble(world, draws, baseline).totals(state_of(world, members, EVERYTHING), effects, kappa)
    two = ConductEnsemble(other, draws, shuffled).totals(state_of(other, members[order], EVERYTHING), effects, kappa)
    assert one.deterred == pytest.approx(two.deterred, abs=1e-10 * 100)


def test_universal_membership_leaves_no_outsider_to_deter(small):
    """(1 - m_o) is zero for every named origin, so consequences act on the unreachable alone; without it, on nobody."""
    world = small.world(seed=3)
    draws = small.draws(unattributed_follow=1.0, retaliation_unilateral=0.0)
    state = state_of(world, np.ones(world.size), frozenset({"consequences"}))
    found = outcome(small, world, draws, state, betas=tuple(0 * b for b in small.betas(draws)))
    assert np.abs(found.deterred).max() <= 1e-9


def test_many_distinct_memberships_are_interpolated_to_the_accuracy_of_few(small):
    world, draws = small.world(size=30, seed=4), small.draws(64)
    baseline, found = small.baseline(world, draws), small.consequences(draws)
    members = np.linspace(0, 1, 30)
    state = state_of(world, members, frozenset({"consequences", "stand_down"}))
    slow = dense.everything(world, draws, baseline, state, small.betas(draws), found, range(draws.size))
    mechanisms = Mechanisms(world, draws, baseline, small.regimes(draws))
    [law] = Ensemble(world, draws, baseline, [state]).run(small.betas(draws))
    fast = mechanisms.outcome(state, law, mechanisms.conduct(state, "all"))
    assert baseline.loss.sum(1) - fast.avoided == pytest.approx(slow["loss"].sum(1), abs=1e-6)


def test_switching_the_definition_changes_coverage_and_nothing_else(small):
    world, draws = small.world(seed=5), small.draws()
    draws = draws.replace(
        **{f"coverage_{name}_{k}": 0.5 for name in ("criminal", "broad") for k in ("state", "criminal", "other")}
    )
    state = state_of(world, membership_of(world, 5), EVERYTHING)
    one, two = (outcome(small, world, draws, replace(state, definition=name)) for name in ("criminal", "broad"))
    assert one.avoided.tobytes() == two.avoided.tobytes()


def test_by_hand_one_outsider_attacks_one_member(small):
    """E = ln 0.9, N = ln 1.05, S = ln 0.8: outsider on member 0.945, member on outsider 0.8, member on member 0.84."""
    world, draws = small.world(seed=6), small.draws(16)
    ensemble = ConductEnsemble(world, draws, small.baseline(world, draws))
    groups = ensemble.groups(state_of(world, membership_of(world, 6).round(), EVERYTHING))
    one = np.ones(draws.size)
    effects = Effects(np.log(0.9) * one, np.log(1.05) * one, np.log(0.8) * one)
    change = ensemble.change(groups, effects, one, slice(0, draws.size))
    ratio = 1 + change.flow / (ensemble.mixture.weights * ensemble.share)[:, None, None]
    assert groups.values.tolist() == [0.0, 1.0]
    known = ratio[0, :, :, 0]
    assert known == pytest.approx(np.array([[1.0, 0.945], [0.8, 0.84]]))


def test_agreed_consequences_bite_at_least_as_hard_as_those_of_today(small):
    draws = small.draws(256)
    found = small.consequences(draws)
    assert np.all(found.regimes["agreed"].strength >= found.regimes["status_quo"].strength)
    assert np.all(found.regimes["agreed"].retaliation >= found.regimes["status_quo"].retaliation - 1e-15)


def test_the_belief_of_the_op_ed_provokes_more_than_the_literature(small):
    draws = small.draws(256)
    mild, harsh = (small.consequences(draws, belief).regimes["unilateral"].retaliation.mean() for belief in BELIEFS)
    assert harsh > mild


def test_a_branching_ratio_beyond_nine_tenths_is_cut_and_counted(small):
    draws = small.draws(retaliation_unseen=2.0)
    found = consequences(draws, Reciprocity(None, None), "little_reciprocity")
    for response in found.regimes.values():
        assert np.all(response.retaliation == 0.9)
        assert response.clipped == 1.0


def test_where_nothing_could_be_estimated_the_prior_stands_alone(small):
    draws = small.draws()
    unseen = draws["retaliation_unseen"]
    assert retaliation_on_record(draws, Reciprocity(None, None)).tobytes() == unseen.tobytes()
    seen = retaliation_on_record(draws, Reciprocity(0.05, 0.01))
    assert np.all(seen >= unseen)
    assert (seen - unseen).mean() == pytest.approx(0.05, abs=0.003)


def test_effects_switched_off_are_exactly_zero():
    effects = Effects(np.ones(3), np.ones(3), np.ones(3)).without("retaliation")
    assert effects.retaliation.tolist() == [0.0, 0.0, 0.0]
    assert effects.consequence.tolist() == [1.0, 1.0, 1.0]


def test_reactions_that_a_scenario_assumes_away_do_not_act(small):
    """Without proxies nothing returns, without effort the law's remainder stays, without retaliation N is 0."""
    world, draws = small.world(seed=7), small.draws()
    baseline = small.baseline(world, draws)
    mechanisms = Mechanisms(world, draws, baseline, small.regimes(draws))
    whole = state_of(world, membership_of(world, 7), frozenset({"consequences", "stand_down"}))
    assert mechanisms.conduct(whole, "all").proxies.max() > 0
    for name in ("proxies", "effort", "retaliation"):
        state = replace(whole, switched_off=frozenset({name}))
        conduct = mechanisms.conduct(state, "all")
        if name == "proxies":
            assert np.all(conduct.proxies == 0)
        elif name == "effort":
            assert all(np.all(cut == 0) for cut in mechanisms.cuts(state, conduct).values())
        else:
            assert np.all(mechanisms.effects(state, "all").retaliation == 0)


def test_a_scenario_may_hold_the_belief_of_the_op_ed(small):
    world, draws = small.world(seed=7), small.draws()
    mechanisms = Mechanisms(world, draws, small.baseline(world, draws), small.regimes(draws))
    mild = state_of(world, membership_of(world, 7), frozenset({"consequences"}))
    harsh = replace(mild, belief="op_ed")
    one, two = (mechanisms.effects(state, "all").retaliation.mean() for state in (mild, harsh))
    assert two != one
    assert mild.key() != harsh.key()


@few
@given(SEEDS, CLAUSES)
def test_output_that_is_not_lost_is_the_avoided_loss_of_each_class_at_its_own_worth(small, seed, clauses):
    """GDP not lost = sum over classes of (theta_d direct + indirect) times what is avoided of it (model.md 5)."""
    world, draws = small.world(size=9, seed=seed), small.draws(64, seed=seed)
    baseline, betas, worth = small.baseline(world, draws), small.betas(draws), gdp_per_loss(draws)
    state = state_of(world, membership_of(world, seed), clauses)
    found = small.consequences(draws)
    slow = dense.everything(world, draws, baseline, state, betas, found, range(draws.size))
    by_hand = sum(worth[k] * slow[f"avoided_{k}"] for k in worth)
    mechanisms = Mechanisms(world, draws, baseline, small.regimes(draws), per_loss=worth)
    ensemble = Ensemble(world, draws, baseline, [state], per_loss=worth)
    [law] = ensemble.run(betas)
    conduct = mechanisms.conduct(state, "all")
    assert mechanisms.outcome(state, law, conduct).output == pytest.approx(by_hand, abs=1e-6)
    # by economy: the same sums of an ensemble whose classes are weighted by their worth
    [batch] = ensemble.batches
    effect = ensemble.effect(batch, betas)
    [mean] = mean_by_economy(ensemble.in_output(), batch, effect, [law])
    assert (mean.deterred - mean.displaced).sum() == pytest.approx(law.output.mean(), abs=1e-7)


def test_an_ensemble_that_knows_no_output_says_so(small):
    world, draws = small.world(), small.draws()
    ensemble = Ensemble(world, draws, small.baseline(world, draws), [state_of(world, np.ones(8), EVERYTHING)])
    with pytest.raises(ValueError, match="no sums in output"):
        ensemble.in_output()
