"""The default study on the shipped figures, with few draws: what the tables must say whatever the numbers are."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from models import results
from models.break_even import _first_crossing, _root
from models.channels import channel_tables
from models.convention import dated_membership
from models.counterfactual import LEVELS, headline_point, level_points
from models.regimes import escalation_table
from models.setting import Conventions, Setting
from models.strength import adoption_strength
from pipelines import reference, scenarios
from pipelines.schemas.model import MODEL
from pipelines.schemas.tables import conform
from pipelines.shipped_study import shipped_study

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")
NAMES = ("status_quo", "law_only", "op_ed_convention", "universal")
PLACE = ["scenario", "mechanisms", "adoption_metric", "adoption_level", "year"]
BEYOND = ("op_ed_convention", "universal")


@pytest.fixture(scope="module")
def study():
    return shipped_study(512, 1)


@pytest.fixture(scope="module")
def tables(study):
    return results.scenario_tables(study, scenarios.load_all(NAMES), reference.load("economies"))


@pytest.fixture(scope="module")
def world(tables):
    return tables["counterfactual"].filter(pl.col("iso3") == "WLD")


def test_economies_sum_to_the_world_for_means_of_money(tables, world):
    money = pl.col("measure") != "avoided_share"
    by_economy = tables["counterfactual"].filter(money & (pl.col("iso3") != "WLD"))
    summed = by_economy.group_by(*PLACE, "measure").agg(pl.col("mean").sum().alias("sum"))
    both = world.filter(pl.col("effect_set") == "default").join(summed, on=[*PLACE, "measure"])
    # nine measures of money; economies under everything in the text, the headline under all three mechanisms
    assert both.height == 9 * (16 + (21 + 16) + 2 * (21 + 16 + 2))
    assert both.select((pl.col("mean") - pl.col("sum")).abs().max()).item() < 1e-6 * 945


def test_scenarios_evaluated_apart_have_the_tables_of_those_evaluated_together(study, tables, monkeypatch):
    monkeypatch.setattr(results, "AT_ONCE", 1)
    few = ("status_quo", "law_only")
    apart = results.scenario_tables(study, scenarios.load_all(few), reference.load("economies"))
    for name, found in apart.items():
        together = tables[name].filter(pl.col("scenario").is_in(few))
        order = [column for column, kind in found.schema.items() if not kind.is_float()]
        order += [column for column in ("adoption_level",) if column in found.columns]
        assert_frame_equal(found.sort(order), together.sort(order), rel_tol=0, abs_tol=1e-9)


def test_groups_of_economies_add_up_to_the_world_and_their_quantiles_do_not(tables, world):
    groups = tables["group_loss"]
    assert groups.height == len(NAMES) * 4 * (1 + 5 + 7)
    point = (pl.col("adoption_metric") == "scenario") & (pl.col("year") == 2020) & (pl.col("effect_set") == "default")
    measures = pl.col("measure").is_in(["loss", "avoided_loss", "net_benefit"])
    headline = world.filter(point & measures).select("scenario", "mechanisms", "measure", world="mean", high="p95")
    for grouping in ("world", "income_group", "region"):
        own = groups.filter(pl.col("grouping") == grouping)
        summed = own.group_by("scenario", "mechanisms", "measure").agg(pl.col("mean").sum(), pl.col("p95").sum())
        both = summed.join(headline, on=["scenario", "mechanisms", "measure"])
        assert both.height == 3 * len(NAMES)
        assert both.select((pl.col("mean") - pl.col("world")).abs().max()).item() < 1e-9 * 945
        before = summed.filter(pl.col("measure") == "status_quo_loss")
        assert before["mean"].to_list() == pytest.approx([945] * len(NAMES), rel=1e-9)
        apart = before["p95"].to_list()
        # the world's total is given, so that its parts move against each other
        assert apart == pytest.approx([945] * 4, rel=1e-9) if grouping == "world" else min(apart) > 1.05 * 945


def test_the_quantiles_of_one_group_are_those_of_a_plain_sum_of_its_economies(study, tables):
    """By hand: the losses of the high-income economies added up in every draw."""
    members = [group == "High income" for group in study.world.income_group]
    total = study.baseline.loss[:, members].sum(1)
    row = (
        tables["group_loss"]
        .filter(scenario="universal", name="High income", measure="status_quo_loss")
        .row(0, named=True)
    )
    assert [row["p05"], row["p50"], row["p95"]] == pytest.approx(np.quantile(total, (0.05, 0.5, 0.95)), rel=1e-12)


def test_status_quo_against_itself_is_exactly_nothing(tables):
    own = tables["counterfactual"].filter(pl.col("scenario") == "status_quo")
    gain = own.filter(
        pl.col("measure").is_in(["deterred", "displaced", "avoided_loss", "avoided_share", "net_benefit"])
    )
    assert gain["mean"].abs().max() == 0
    assert own["p_not_better"].null_count() == own.height


def test_level_zero_has_no_probability_and_level_one_is_equal_in_all_metrics(world):
    levels = world.filter((pl.col("adoption_metric") != "scenario") & (pl.col("measure") == "avoided_loss"))
    assert levels.filter(pl.col("adoption_level") == 0)["p_not_better"].null_count() == (1 + 3 * 2) * 3 * 7
    full = levels.filter((pl.col("adoption_level") == 1) & (pl.col("effect_set") == "default"))
    assert full.group_by("scenario", "mechanisms").agg(pl.col("p50").n_unique())["p50"].to_list() == [1] * 7
    assert set(levels["adoption_level"].unique()) == set(LEVELS)


def test_odds_of_avoiding_a_share_agree_with_the_distribution_they_are_cut_from(tables, world):
    """At zero they are what the table has as the chance of a gain; above a quantile lies what the quantile leaves."""
    odds = conform(tables["avoidance_odds"], MODEL["avoidance_odds"])
    place = ["scenario", "mechanisms", "effect_set", "adoption_metric", "adoption_level"]
    share = world.filter((pl.col("measure") == "avoided_share") & (pl.col("year") == 2020))
    both = odds.join(share, on=place, suffix="_of_share")
    assert both.height == odds.height == 4 * 7 * (19 + 3 * (19 + 19))  # 18 levels above 0 and the headline
    at_zero = both.filter(pl.col("threshold") == 0)
    assert (at_zero["p_above"] + at_zero["p_not_better"] - 1).abs().max() < 1e-12
    for name, left in (("p50", 0.5), ("p05", 0.95), ("p95", 0.05)):
        above = both.filter(pl.col("threshold") > pl.col(name))["p_above"]
        below = both.filter(pl.col("threshold") < pl.col(name))["p_above"]
        assert above.max() <= left + 1 / 512 and below.min() >= left - 1 / 512, name
    assert (odds.sort("threshold").group_by(place).agg(pl.col("p_above").diff().max())["p_above"] <= 0).all()


def test_nothing_is_avoided_before_a_convention_is_in_force(world):
    """The op-ed's convention opens in 2027, the universal one acts from 2030."""
    early = world.filter(
        (pl.col("adoption_metric") == "scenario")
        & (pl.col("measure") == "deterred")
        & (
            ((pl.col("scenario") == "op_ed_convention") & pl.col("year").is_between(2021, 2026))
            | ((pl.col("scenario") == "universal") & pl.col("year").is_between(2021, 2029))
        )
    )
    assert early.height == 3 * 7 * (6 + 9)
    assert early["mean"].abs().max() == 0


def test_status_quo_loss_of_2020_is_the_anchor_of_945_billion(world):
    """CSIS 2020: 945 bn, the default anchor, in every draw."""
    row = world.filter((pl.col("scenario") == "status_quo") & (pl.col("year") == 2020) & (pl.col("measure") == "loss"))
    assert row["mean"].to_list() == pytest.approx([945.0] * 7, abs=1e-6)
    assert row["p05"].to_list() == pytest.approx([945.0] * 7, abs=1e-6)


def test_more_optimistic_effects_avoid_more(world):
    """The order of the sets' mean log rate ratios: optimistic < published < default < null < backfire."""
    row = world.filter(
        (pl.col("scenario") == "universal")
        & (pl.col("adoption_metric") == "scenario")
        & (pl.col("year") == 2020)
        & (pl.col("measure") == "avoided_loss")
    )
    mean = dict(row.select("effect_set", "mean").iter_rows())
    assert mean["optimistic"] > mean["published"] > mean["default"] > mean["null"] > mean["backfire"]


def test_break_even_effect_is_zero_net_benefit(study, tables):
    """At the effect reported for the mean, the mean net benefit is nil, every mechanism on and law alone."""
    for name in ("law_only", "universal"):
        found = (
            tables["break_even"]
            .filter((pl.col("scenario") == name) & (pl.col("quantity") == "effect") & (pl.col("criterion") == "mean"))[
                "value"
            ]
            .item()
        )
        scenario = scenarios.load(name).for_models()
        member = dated_membership(scenario, study.world.iso3, study.world.years, 3.0).joined[-1]
        whole = Conventions(Setting.of(study), [headline_point(study.world, scenario, study.settings, member)])
        ones = np.ones(study.draws.size)
        law = whole.ensemble.run((found / 3 * ones, 2 * found / 3 * ones, 0 * ones))
        [net] = whole.net(law, whole.conduct())
        assert net.mean() == pytest.approx(0.0, abs=1e-4)
        # law alone must reduce attacks to pay; with states standing down a convention pays although law backfires
        assert (found < 0) == (name == "law_only")


def test_first_crossing_by_hand():
    """Net benefits 0, -1, 1 at levels 0, .1, .3: zero at .2. Never above zero: none."""
    levels = np.array([0.0, 0.1, 0.3])
    assert _first_crossing(levels, np.array([0.0, -1.0, 1.0])) == pytest.approx(0.2)
    assert _first_crossing(levels, np.array([0.0, -1.0, -0.5])) is None
    assert _first_crossing(levels, np.array([0.0, 1.0, 2.0])) == 0.0


def test_root_is_the_zero_nearest_to_the_point_asked_for():
    """(x - .2)(x + .5) on Chebyshev nodes of [-1, 1]."""
    nodes = -np.cos(np.pi * np.arange(7) / 6)
    values = (nodes - 0.2) * (nodes + 0.5)
    assert _root(nodes, values, 0.0) == pytest.approx(0.2, abs=1e-12)
    assert _root(nodes, values, -1.0) == pytest.approx(-0.5, abs=1e-12)
    assert _root(nodes, nodes**2 + 1, 0.0) is None


def test_losers_exist_although_the_world_gains(tables):
    """Displacement moves attacks to outsiders: with some states out, someone loses (Hui, Kim and Wang 2017)."""
    row = tables["winners"].filter(pl.col("scenario") == "law_only")
    assert row["losers"].sum() > 0
    assert row["gain"].sum() + row["harm"].sum() > 0


def headline(world, scenario, mechanism, measure="avoided_loss"):
    return world.filter(
        (pl.col("scenario") == scenario)
        & (pl.col("mechanisms") == mechanism)
        & (pl.col("effect_set") == "default")
        & (pl.col("adoption_metric") == "scenario")
        & (pl.col("year") == 2020)
        & (pl.col("measure") == measure)
    ).row(0, named=True)


@pytest.mark.parametrize("scenario", ["law_only", *BEYOND])
def test_shapley_shares_add_up_to_the_headline(tables, world, scenario):
    """Shapley (1953): the shares of a game add up to the value of everything less that of nothing, which is 0 here."""
    own = tables["decomposition"].filter(pl.col("scenario") == scenario)
    channels = own.filter(pl.col("channel") != "total")
    assert channels.height == 8
    total = headline(world, scenario, "all" if scenario in BEYOND else "law")["mean"]
    assert channels["value"].sum() == pytest.approx(total, abs=1e-6)
    assert own.filter(pl.col("channel") == "total")["value"].item() == pytest.approx(total, abs=1e-6)


@pytest.mark.parametrize("scenario", BEYOND)
def test_without_stand_down_is_the_row_without_stand_down(tables, world, scenario):
    own = {row["off"]: row for row in tables["without_mechanism"].filter(pl.col("scenario") == scenario).to_dicts()}
    for off, mechanism in (("none", "all"), ("stand_down", "no_standdown")):
        found = headline(world, scenario, mechanism)
        assert [own[off][k] for k in ("mean", "p05", "p50", "p95")] == pytest.approx(
            [found[k] for k in ("mean", "p05", "p50", "p95")], abs=1e-6
        )


def test_law_alone_has_nothing_from_states(tables):
    own = tables["decomposition"].filter(pl.col("scenario") == "law_only")
    beyond = own.filter(pl.col("channel").is_in(["consequence", "retaliation", "stand_down", "effort"]))
    assert beyond["value"].abs().max() < 1e-12


def test_the_same_members_under_law_alone_avoid_less_of_what_is_covered(world):
    """The op-ed's text covers states, a criminal-law text does not (kappa of class state is 0)."""
    law, whole = headline(world, "law_only", "law", "covered"), headline(world, "op_ed_convention", "all", "covered")
    assert law["mean"] < whole["mean"] < 945


def test_present_value_at_three_percent_is_the_sum_of_discounted_years(tables, world):
    """1.03^-(t - 2020) on the yearly means of net benefit."""
    years = world.filter(
        (pl.col("scenario") == "universal")
        & (pl.col("mechanisms") == "all")
        & (pl.col("effect_set") == "default")
        & (pl.col("adoption_metric") == "scenario")
        & (pl.col("year") > 2020)
        & (pl.col("measure") == "net_benefit")
    )
    by_hand = sum(mean * 1.03 ** -(year - 2020) for year, mean in years.select("year", "mean").rows())
    found = tables["net_present_value"].filter(scenario="universal", mechanisms="all", discount="3 %")
    assert found["mean"].item() == pytest.approx(by_hand, rel=1e-9)


def test_a_thief_whose_gain_counts_makes_stand_down_worth_less(tables, world):
    own = {r["standing"]: r["mean"] for r in tables["welfare"].filter(scenario="op_ed_convention").to_dicts()}
    assert own["victims"] == pytest.approx(headline(world, "op_ed_convention", "all")["mean"], abs=1e-6)
    assert own["with_states"] == pytest.approx(own["victims"] + own["authors"], abs=1e-9)
    assert own["authors"] < 0 < own["with_states"] < own["victims"]


@pytest.fixture(scope="module")
def focus(study):
    scenario = scenarios.load("op_ed_convention").for_models()
    member = dated_membership(scenario, study.world.iso3, study.world.years, 3.0).joined[-1]
    return scenario, member


def test_regimes_are_compared_on_the_same_draws(study, focus):
    """The paired row is the difference of the rows above it; today's regime leaves the whole of the state loss."""
    scenario, member = focus
    table = escalation_table(study, headline_point(study.world, scenario, study.settings, member))
    mean = {(r["regime"], r["measure"], r["belief"]): r["mean"] for r in table.to_dicts()}
    for belief in ("little_reciprocity", "op_ed"):
        for measure in ("state_loss", "retaliation", "net_cost"):
            gap = mean["agreed", measure, belief] - mean["unilateral", measure, belief]
            assert mean["agreed_minus_unilateral", measure, belief] == pytest.approx(gap, abs=1e-9)
        assert mean["status_quo", "state_loss", belief] == pytest.approx(945 * 0.25, rel=0.02)  # Beta(5, 15)
        assert mean["status_quo", "net_cost", belief] == mean["status_quo", "state_loss", belief]
    # the op-ed believes that unilateral answers provoke; the literature finds little
    assert mean["unilateral", "state_loss", "op_ed"] > mean["unilateral", "state_loss", "little_reciprocity"]
    better = table.filter(regime="agreed_minus_unilateral", measure="state_loss")["p_agreed_better"]
    assert better.is_between(0, 1).all()


def test_law_without_strength_avoids_nothing_and_costs_its_enforcement(study, focus):
    scenario, _ = focus
    points = [
        p
        for p in level_points(study.world, scenario, study.weights, study.settings)
        if p.metric == "attack_origin" and p.level in (0.0, 0.5, 1.0)
    ]
    table = adoption_strength(study, points)
    idle = table.filter((pl.col("mechanisms") == "law") & (pl.col("strength") == 0))
    assert idle["avoided_share"].abs().max() < 1e-9
    costs = [-p.cost.sum() for p in points]
    assert idle.sort("adoption_level")["net_benefit"].to_list() == pytest.approx(costs, abs=1e-7)
    full = table.filter((pl.col("mechanisms") == "law") & (pl.col("adoption_level") == 1)).sort("strength")
    assert full["avoided_share"].is_sorted()


def test_accession_by_hazard_brings_fewer_members_than_the_dates_assume(study):
    """Budapest took 24 years to 79 parties; a new convention with 37 founders gets few more by 2035."""
    both = scenarios.load_all(["op_ed_convention", "op_ed_by_hazard"])
    members = results.memberships(study, both, results.accessions(study, both))
    by_hazard, dated = (members[name].joined[-1].sum() for name in ("op_ed_by_hazard", "op_ed_convention"))
    assert 37 < by_hazard < dated == 136
    path = members["op_ed_by_hazard"]
    assert np.all(np.diff(path.joined, axis=0) >= 0) and np.all(path.acting <= path.joined + 1e-12)


def test_nobody_gains_from_joining_what_costs_more_than_it_avoids(study, focus):
    """At 0.1 % of GDP a year, above the whole state loss avoided, no coalition of two or more is stable."""
    scenario, _ = focus
    blocs = scenarios.directory().blocs
    table = results.coalitions(study, scenario, blocs)
    dear = table.filter((pl.col("cost_share_of_gdp") == 1e-3) & (pl.col("penalty_share_of_gdp") == 0))
    assert dear["size"].max() == 0 and dear["stable"].all()


def test_national_accounts_add_up_to_what_the_world_avoids_and_what_states_forgo(tables, world):
    """Yields forgone by all economies are what the attacking states lose, less what nobody can be named for."""
    own = tables["national_welfare"].filter(scenario="op_ed_convention")
    avoided = headline(world, "op_ed_convention", "all")["mean"]
    assert own["avoided_loss"].sum() == pytest.approx(avoided, abs=1e-6)
    assert (own["avoided_loss"] - own["cost"] - own["yield_forgone"] - own["net"]).abs().max() < 1e-12
    authors = -tables["welfare"].filter(scenario="op_ed_convention", standing="authors")["mean"].item()
    assert 0 < own["yield_forgone"].sum() < authors
    alone = tables["national_welfare"].filter(scenario="law_only")
    assert alone["yield_forgone"].abs().max() == 0


def test_shares_add_up_where_a_text_has_havens_and_sharing_too(study):
    """What is off by default acts beside the eight channels; without law nobody pays for its enforcement."""
    plain = scenarios.load("op_ed_convention").for_models()
    every = replace(plain, clauses=plain.clauses | {"haven", "sharing"}, dwell_ratio=0.5)
    bare = replace(plain, name="conduct_only", clauses=frozenset({"consequences", "stand_down"}))
    member = dated_membership(plain, study.world.iso3, study.world.years, 3.0).joined[-1]
    points = [headline_point(study.world, text, study.settings, member) for text in (every, bare)]
    shares, _ = channel_tables(study, points)
    for scenario in ("op_ed_convention", "conduct_only"):
        own = {row["channel"]: row["value"] for row in shares.filter(scenario=scenario).to_dicts()}
        total = own.pop("total")
        assert sum(own.values()) == pytest.approx(total, abs=1e-6)
        assert ("off_by_default" in own) == (scenario == "op_ed_convention")
    assert points[1].cost.sum() == 0 < points[0].cost.sum()


def test_gdp_of_a_scenario_gains_what_its_losses_spare_and_a_little_capital(tables, world):
    """Solow: the level of 2035 is the loss not suffered that year, plus what saving it has added to capital."""
    own = tables["gdp_path"].filter(scenario="universal", income_group="WLD", year=2035)
    mean = dict(own.select("measure", "mean").rows())
    spared = world.filter(
        scenario="universal",
        mechanisms="all",
        effect_set="default",
        adoption_metric="scenario",
        year=2035,
        measure="avoided_gdp_loss",
    )["mean"].item()
    assert mean["gain"] == pytest.approx(spared + mean["gain_from_capital"], rel=1e-3)
    assert 0 < mean["gain_from_capital"] < 0.2 * mean["gain"]
    by_group = (
        tables["gdp_path"]
        .filter(scenario="universal", year=2035, measure="gain")
        .filter(pl.col("income_group") != "WLD")
    )
    assert by_group["mean"].sum() == pytest.approx(mean["gain"], rel=1e-9)


def test_half_of_the_loss_is_lost_output_on_average(world):
    """theta_d direct + indirect at mean class shares: state .5 (.6) + .4, criminal .5 (.4) + .2, other .5 (.5) + .4."""
    shares = {"state": 0.25, "other": 0.75 * 2 / 15}
    worth = {"state": 0.5 * 0.6 + 0.4, "criminal": 0.5 * 0.4 + 0.2, "other": 0.5 * 0.5 + 0.4}
    expected = sum(shares.get(k, 1 - sum(shares.values())) * w for k, w in worth.items())
    row = world.filter(scenario="status_quo", year=2020, measure="gdp_loss", effect_set="default")
    assert row["mean"].item() / 945 == pytest.approx(expected, abs=0.005)
