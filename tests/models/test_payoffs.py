"""Pay-offs of membership on made-up worlds, against the equations dyad by dyad, and on the shipped figures."""

from dataclasses import fields, replace

import numpy as np
import polars as pl
import pytest

from models.coalition import exact, joining_gains, members_of
from models.coalition_table import coalition_table
from models.consequences import Effects
from models.counterfactual import Settings
from models.deterrence import standing
from models.effects import EffectSet, all_betas
from models.effects import Law as Distribution
from models.ensemble import Baseline
from models.flows import class_share
from models.payoffs import Joining, Law, StateAssumptions, expected_flows, game
from models.players import Players, bloc_players, economy_players
from models.priors import Draws, sample
from models.study import Study, baseline, build_world
from models.world import CLASSES, LAW_CLASSES
from pipelines import priors, reference
from pipelines.schemas.mechanisms import MECHANISM
from pipelines.schemas.tables import conform

ALL = ("consequence", "retaliation", "restraint", "thief_gain", "proxy_share", "effort_effect", "price")
SIZE = 6


def assumptions(size, seed=0, on=ALL):
    """Draws of what is assumed of states, all but those named held at zero."""
    rng = np.random.default_rng(seed)
    values = {
        "consequence": -0.5 * rng.random(size),
        "retaliation": 0.1 * rng.random(size),
        "restraint": -rng.random(size),
        "thief_gain": rng.beta(2, 6, size),
        "proxy_share": rng.beta(2, 8, size),
        "effort_effect": 0.3 * rng.random(size),
        "price": 0.1 * rng.random(size),
    }
    values = {k: v if k in on else np.zeros(size) for k, v in values.items()}
    return StateAssumptions(Effects(*(values.pop(f.name) for f in fields(Effects))), **values)


def coverages(size, seed=0):
    rng = np.random.default_rng(seed + 100)
    return {k: rng.beta(4, 2, size) for k in CLASSES}


def make_study(small, seed=0, size=SIZE, draws=64, betas=(-0.2, -0.3, 0.1), spread=0.1, **changes):
    """A small study; the betas are normal about the given means, `changes` hold inputs at one value."""
    world = small.world(size=size, seed=seed)
    rng = np.random.default_rng(seed + 1)
    sampled = small.draws(draws, **changes)
    positions = {f"effect_{k}_position": rng.uniform(0.01, 0.99, draws) for k in ("target", "origin", "cooperation")}
    sampled = Draws({**sampled.values, **positions}, sampled.scramble, sampled.seed, sampled.medians)
    laws = {
        k: Distribution("normal", {"mean": mean, "sd": spread})
        for k, mean in zip(("target", "origin", "cooperation"), betas, strict=True)
    }
    effects = (EffectSet("default", "", "", "", "", laws, {}),)
    return study_of(world, sampled, small.baseline(world, sampled), effects)


def study_of(world, draws, start, effects):
    """A study with all that pay-offs rest on; its other fields are left empty."""
    used = {"world": world, "draws": draws, "baseline": start, "effects": effects}
    empty = {f.name: None for f in fields(Study)}
    return Study(**(empty | used | {"rank_correlation": 0.5, "settings": Settings()}))


def law_of(study):
    return Law(all_betas(study.effects, study.draws, 0.5)["default"])


def economies(study, state, coverage):
    """The game in which every economy decides for itself."""
    players = economy_players(study.world)
    return game(study, players, expected_flows(study, state, coverage, law_of(study)))


def same_draw_again(study, state, coverage, row=3):
    """The study with one of its draws in place of all of them."""
    d = study.draws
    draws = Draws({k: np.full(d.size, v[row]) for k, v in d.values.items()}, d.scramble, d.seed, d.medians)
    again = {f.name: np.full(d.size, getattr(state.effects, f.name)[row]) for f in fields(Effects)}
    others = {f.name: np.full(d.size, getattr(state, f.name)[row]) for f in fields(state) if f.name != "effects"}
    start = Baseline(np.tile(study.baseline.loss[row], (d.size, 1)), study.baseline.median)
    fixed = {k: np.full(d.size, v[row]) for k, v in coverage.items()}
    return replace(study, draws=draws, baseline=start), StateAssumptions(Effects(**again), **others), fixed


def origin_shares(world, threat_class, follow, domestic):
    """(origins + 1, targets) W of one draw, the unreachable origin last (model.md 3)."""
    shares = world.origins[threat_class]
    among = shares.attributed.copy()
    if threat_class == "criminal":
        np.fill_diagonal(among, 0.0)
        among /= among.sum(0)
    hidden = shares.unattributed * (1 - follow)
    w = np.vstack((among * (1 - hidden), hidden))
    if threat_class == "criminal":
        w *= 1 - domestic
        w[np.arange(world.size), np.arange(world.size)] = domestic
    return w


def dense(study, state, coverage, member):
    """(economies,) expected loss, displaced part of it, and spoils, dyad by dyad in every draw (model.md 4.2-4.6)."""
    world, draws, n = study.world, study.draws, study.world.size
    betas = law_of(study).betas
    s = standing(world, member.astype(float), False)
    m = np.append(member, False)

    def doses(zeta):
        a = np.append(np.where(s.willing, 1.0, zeta) * s.effective_s, 0.0)
        return a, np.append(s.cooperates_s, 1.0)

    a_mid, v = doses(draws.medians["compliance"])
    exposure = np.array([[2 / 3 * a_mid[o] + 1 / 3 * v[i] * a_mid[i] for i in range(n)] for o in range(n + 1)])
    middle = Draws({k: np.full(1, value) for k, value in draws.medians.items()}, np.zeros(1, int), 0)
    loss, displaced, spoils = np.zeros(n), np.zeros(n), np.zeros(n)
    for d in range(draws.size):
        share = {k: value[d] for k, value in class_share(draws).items()}
        w = {k: origin_shares(world, k, draws["unattributed_follow"][d], draws["domestic_share"][d]) for k in CLASSES}
        flow = {k: share[k] * study.baseline.loss[d] * w[k] for k in CLASSES}
        (a, _), c, (b_t, b_o, b_j) = doses(draws["compliance"][d]), draws["count_to_loss"][d], (b[d] for b in betas)
        a_q, v_q = np.append(s.effective_q, 0.0), np.append(s.cooperates_q, 1.0)
        for k in LAW_CLASSES:
            after = np.empty((n + 1, n))
            for o in range(n + 1):
                for i in range(n):
                    x = b_o * (a[o] - a_q[o]) + b_t * (v[i] * a[i] - v_q[i] * a_q[i])
                    if o != i:
                        x += b_j * (v[o] * v[i] * a[o] * a[i] - v_q[o] * v_q[i] * a_q[o] * a_q[i])
                    after[o, i] = flow[k][o, i] * (1 + coverage[k][d] * np.expm1(c * x))
            central = class_share(middle)[k][0] * study.baseline.median
            central = central * origin_shares(
                world, k, draws.medians["unattributed_follow"], draws.medians["domestic_share"]
            )
            open_ = (1 - exposure) * after
            stopped, z = (flow[k] - after).sum(), open_.sum()
            mean_exposure = (exposure * central).sum() / central.sum()
            moved = max(draws["mobility"][d] * (1 - mean_exposure) * max(stopped, -z), -z)
            loss += after.sum(0) + moved / z * open_.sum(0)
            displaced += moved / z * open_.sum(0)
        kappa, e = coverage["state"][d], state.effects
        kept = state.proxy_share[d] * max(1 - np.exp(e.restraint[d]), 0.0)
        for i in range(n):
            freed = 0.0
            for o in range(n + 1):
                x = (1 - m[o]) * m[i] * e.consequence[d] + m[i] * e.retaliation[d] + m[o] * e.restraint[d]
                before = flow["state"][o, i]
                after_state = before * (1 - kappa + kappa * np.exp(x)) if o != i else before
                loss[i] += after_state + (m[o] * kept * kappa * before if o != i else 0.0)
                freed += before - after_state
                if o < n:
                    spoils[o] += state.thief_gain[d] * after_state
            if m[i]:
                crime = coverage["criminal"][d] * share["criminal"] * study.baseline.loss[d, i]
                loss[i] -= state.effort_effect[d] * crime * freed / flow["state"][:, i].sum()
                loss[i] += state.price[d] * kappa * flow["state"][:, i].sum()
    return loss / draws.size, displaced / draws.size, spoils / draws.size


COALITIONS = [np.array([True, False, True, True, False, False]), np.array([True, True, False, True, True, True])]


@pytest.mark.parametrize("member", COALITIONS)
def test_payoffs_agree_with_the_dense_equations_where_nothing_is_displaced(small, member):
    study, state, coverage = make_study(small, mobility=0.0), assumptions(64), coverages(64)
    loss, _, spoils = dense(study, state, coverage, member)
    own = economies(study, state, coverage)
    assert own.losses(member[None])[0, :-1] == pytest.approx(loss, abs=1e-7)
    assert own.payoffs(member[None])[0] == pytest.approx(spoils - loss, abs=1e-7)


@pytest.mark.parametrize("member", COALITIONS)
@pytest.mark.parametrize("betas", [(-0.2, -0.3, 0.1), (0.2, 0.3, 0.1)])
def test_displacement_agrees_with_the_dense_equations_in_a_single_draw(small, member, betas):
    study, state, coverage = same_draw_again(make_study(small, seed=2, betas=betas), assumptions(64), coverages(64))
    loss, displaced, spoils = dense(study, state, coverage, member)
    assert np.abs(displaced).max() > 1e-3
    assert economies(study, state, coverage).payoffs(member[None])[0] == pytest.approx(spoils - loss, abs=1e-7)


@pytest.mark.parametrize("member", COALITIONS)
def test_displacement_over_many_draws_is_exact_for_the_world_and_close_by_economy(small, member):
    study, state, coverage = make_study(small, seed=4), assumptions(64), coverages(64)
    loss, displaced, _ = dense(study, state, coverage, member)
    found = economies(study, state, coverage).losses(member[None])[0, :-1]
    assert found.sum() == pytest.approx(loss.sum(), abs=1e-7)
    assert np.abs(found - loss).max() < 0.1 * np.abs(displaced).max()


def test_payoffs_of_nobody_are_the_loss_of_the_status_quo(small):
    """Without a thief's gain, minus the mean loss; the gain adds rho times what state attacks on others yield."""
    study, coverage = make_study(small), coverages(64)
    nobody = np.zeros((1, SIZE), bool)
    state = assumptions(64, on=ALL[:3] + ALL[4:])
    assert economies(study, state, coverage).payoffs(nobody)[0] == pytest.approx(
        -study.baseline.loss.mean(0), abs=1e-10
    )
    state = assumptions(64)
    yields = np.zeros(SIZE)
    for d in range(64):
        w = origin_shares(study.world, "state", study.draws["unattributed_follow"][d], 0.0)[:-1]
        yields += state.thief_gain[d] * study.draws["state_share"][d] * w @ study.baseline.loss[d] / 64
    assert economies(study, state, coverage).payoffs(nobody)[0] == pytest.approx(
        yields - study.baseline.loss.mean(0), abs=1e-10
    )


def test_with_every_effect_off_nobody_gains_and_every_set_is_stable(small):
    study = make_study(small, count_to_loss=0.0)
    own = economies(study, assumptions(64, on=("thief_gain", "proxy_share", "effort_effect")), coverages(64))
    payoffs = own.payoffs(members_of(np.arange(2**SIZE), SIZE))
    assert np.abs(joining_gains(payoffs, SIZE)).max() < 1e-10
    assert exact(payoffs, SIZE).masks.size == 2**SIZE


def test_relabelling_economies_permutes_payoffs(small):
    study, state, coverage = make_study(small, seed=7), assumptions(64), coverages(64)
    order = np.random.default_rng(5).permutation(SIZE)

    def moved(shares):
        return replace(
            shares, attributed=shares.attributed[np.ix_(order, order)], unattributed=shares.unattributed[order]
        )

    w = study.world
    by_economy = ("gdp", "users", "region", "capacity", "party_since", "reserves")
    origins = {k: moved(v) for k, v in w.origins.items()}
    other = replace(w, **{k: getattr(w, k)[order] for k in by_economy}, origins=origins)
    start = Baseline(study.baseline.loss[:, order], study.baseline.median[order])
    member = members_of(np.arange(2**SIZE), SIZE)
    first = economies(study, state, coverage).payoffs(member)
    second = economies(replace(study, world=other, baseline=start), state, coverage).payoffs(member[:, order])
    assert second == pytest.approx(first[:, order], abs=1e-10)


def test_law_alone_gives_a_party_without_reservation_nothing_to_join_for(small):
    """A party has the law already: a_s = a_q whether it is in or out (model.md 4.2)."""
    study = make_study(small, seed=1)
    party = study.world.party & ~study.world.reserves
    own = economies(study, assumptions(64, on=()), coverages(64))
    gains = joining_gains(own.payoffs(members_of(np.arange(2**SIZE), SIZE)), SIZE)
    assert party.any()
    assert np.abs(gains[:, party]).max() < 1e-9
    assert np.abs(gains[:, ~party]).min() > 1e-6


def test_stand_down_costs_its_author_what_its_attacks_would_have_yielded(small):
    """No law, no consequences: alone, an economy loses E[rho kappa (1 - e^S) F] and helps others only."""
    study, coverage = make_study(small, count_to_loss=0.0), coverages(64)
    state = assumptions(64, on=("restraint", "thief_gain"))
    given_up = np.zeros(SIZE)
    for d in range(64):
        w = origin_shares(study.world, "state", study.draws["unattributed_follow"][d], 0.0)[:-1]
        out = study.draws["state_share"][d] * w @ study.baseline.loss[d]
        given_up += state.thief_gain[d] * coverage["state"][d] * (1 - np.exp(state.effects.restraint[d])) * out / 64
    joining = Joining(economies(study, state, coverage))
    assert joining(np.zeros(SIZE, bool)) == pytest.approx(-given_up, abs=1e-10)
    favorable = replace(state, thief_gain=np.zeros(64))
    assert np.abs(Joining(economies(study, favorable, coverage))(np.zeros(SIZE, bool))).max() < 1e-10


@pytest.mark.parametrize("rule", ["two_sided", "one_sided"])
def test_gains_kept_up_to_date_are_those_of_every_coalition(small, rule):
    study = make_study(small, seed=3, spread=0.4)
    study = replace(study, settings=replace(study.settings, displacement=rule))
    own = economies(study, assumptions(64), coverages(64))
    gains = joining_gains(own.payoffs(members_of(np.arange(2**SIZE), SIZE)), SIZE)
    joining = Joining(own)
    for mask in np.random.default_rng(0).integers(0, 2**SIZE, 50):
        assert joining(members_of(np.array([mask]), SIZE)[0]) == pytest.approx(gains[mask], abs=1e-10)


def test_a_bloc_has_the_payoffs_of_its_economies_together(small):
    study, state, coverage = make_study(small, seed=6), assumptions(64), coverages(64)
    flows = expected_flows(study, state, coverage, law_of(study))
    blocs = Players(("X", "Y"), np.ones(2), np.full(2, 2), np.array([0, 0, 1, 1, 2, 2]))
    together = game(study, blocs, flows).payoffs(np.array([[True, False], [True, True]]))
    apart = economies(study, state, coverage).payoffs(np.array([[True] * 2 + [False] * 4, [True] * 4 + [False] * 2]))
    assert together == pytest.approx(apart[:, :4].reshape(2, 2, 2).sum(2), abs=1e-10)


def test_blocs_and_the_largest_economies_fill_sixteen_places(small):
    """30 economies in 7 regions: one bloc, single economies by GDP, and the rest of each region."""
    world = small.world(size=30, seed=2)
    world = replace(world, gdp=np.where(np.arange(30) == 29, 0.0, 10.0 + np.arange(30)))
    players = bloc_players(world, {"B": frozenset(world.iso3[:3])})
    rest = [name for name in players.name if name.startswith("rest_of_")]
    assert players.size == 16
    assert players.name[:2] == ("B", world.iso3[28])
    assert list(players.name[1 : 16 - len(rest)]) == [world.iso3[28 - k] for k in range(15 - len(rest))]
    assert players.gdp[0] == 10 + 11 + 12
    assert players.economies.sum() == 29
    assert players.place[29] == 16
    assert players.gdp.sum() == pytest.approx(world.gdp.sum())


def test_the_rest_of_a_region_under_a_thousandth_of_output_stays_outside(small):
    world = small.world(size=20, seed=2)
    world = replace(world, gdp=np.array([1000.0] * 19 + [1.0]), region=np.array([1] * 19 + [0]))
    players = bloc_players(world, {}, limit=5)
    assert players.name[-1] == "rest_of_ECA"
    assert players.place[19] == 5


def test_blocs_that_overlap_or_name_strangers_are_refused(small):
    world = small.world(size=6)
    with pytest.raises(ValueError, match="AAA is in two blocs, B and C"):
        bloc_players(world, {"B": frozenset({"AAA"}), "C": frozenset({"AAA"})})
    with pytest.raises(ValueError, match="bloc B: XYZ is no economy of the run"):
        bloc_players(world, {"B": frozenset({"XYZ"})})
    with pytest.raises(ValueError, match=r"2 blocs and the rest of \d regions: over 2"):
        bloc_players(world, {"B": frozenset({"AAA"}), "C": frozenset({"AAB"})}, limit=2)


def test_inputs_of_another_study_are_refused(small):
    with pytest.raises(ValueError, match=r"thief_gain has shape \(32,\); the study has 64 draws"):
        economies(make_study(small), replace(assumptions(64), thief_gain=np.zeros(32)), coverages(64))


@pytest.fixture(scope="module")
def shipped():
    """The default study on the shipped figures, with few draws, and its table of coalitions."""
    register, tables = priors.load(), reference.load_all()
    trackers = {k: str(register.choices[f"tracker_{k}"]) for k in CLASSES}
    world, draws = build_world(tables, trackers), sample(register.priors, 512, 1)
    effects = tuple(effect for effect in register.effect_sets if effect.name == "default")
    study = study_of(world, draws, baseline(world, draws, 945.0), effects)
    blocs = tables["blocs"].filter(pl.col("bloc") == "EU")["iso3"]
    table = coalition_table(study, assumptions(512), coverages(512), {"EU": frozenset(blocs)})
    return study, table


def test_the_table_of_coalitions_has_every_cost_penalty_and_start(shipped):
    """Eight costs, three penalties; blocs exactly, economies from nobody and from everybody."""
    _, table = shipped
    assert conform(table, MECHANISM["coalition"]).height == 8 * 3 * (1 + 2)


def test_nobody_joins_at_a_cost_above_what_it_loses(shipped):
    """A thousandth of GDP is above any gain: the whole loss is some 1.1 % of GDP, and little of it is avoidable."""
    dear = shipped[1].filter((pl.col("cost_share_of_gdp") == 1e-3) & (pl.col("penalty_share_of_gdp") == 0))
    assert dear["size"].to_list() == [0, 0, 0]
    assert dear["gain"].to_list() == [0.0, 0.0, 0.0]


def test_shipped_players_are_the_union_the_great_powers_and_regions(shipped):
    study, _ = shipped
    union = frozenset(reference.load("blocs").filter(pl.col("bloc") == "EU")["iso3"])
    players = bloc_players(study.world, {"EU": union})
    assert players.size == 16
    assert {"EU", "USA", "CHN", "JPN", "IND", "GBR", "RUS", "rest_of_SSA"} <= set(players.name)
    assert players.economies[0] == 27
