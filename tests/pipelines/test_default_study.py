"""The default study on the shipped figures, with few draws: what the tables must say whatever the numbers are."""

import numpy as np
import polars as pl
import pytest

from models import results
from models.break_even import _first_crossing, _root
from models.counterfactual import LEVELS
from models.study import prepare
from pipelines import priors, reference, scenarios

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")
NAMES = ("status_quo", "op_ed_convention", "universal")
PLACE = ["scenario", "adoption_metric", "adoption_level", "year"]


@pytest.fixture(scope="module")
def study():
    register = priors.load()
    return prepare(
        reference.load_all(),
        register.priors,
        register.effect_sets,
        register.rank_correlation,
        register.choices,
        512,
        1,
    )


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
    assert both.height == 6 * (21 * 2 + 16 * 3)
    assert both.select((pl.col("mean") - pl.col("sum")).abs().max()).item() < 1e-6 * 945


def test_status_quo_against_itself_is_exactly_nothing(tables):
    own = tables["counterfactual"].filter(pl.col("scenario") == "status_quo")
    gain = own.filter(
        pl.col("measure").is_in(["deterred", "displaced", "avoided_loss", "avoided_share", "net_benefit"])
    )
    assert gain["mean"].abs().max() == 0
    assert own["p_not_better"].null_count() == own.height


def test_level_zero_has_no_probability_and_level_one_is_equal_in_all_metrics(world):
    levels = world.filter((pl.col("adoption_metric") != "scenario") & (pl.col("measure") == "avoided_loss"))
    assert levels.filter(pl.col("adoption_level") == 0)["p_not_better"].null_count() == 2 * 3 * 7
    full = levels.filter((pl.col("adoption_level") == 1) & (pl.col("effect_set") == "default"))
    assert full.group_by("scenario").agg(pl.col("p50").n_unique())["p50"].to_list() == [1, 1]
    assert set(levels["adoption_level"].unique()) == set(LEVELS)


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
    assert early.height == 7 * (6 + 9)
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
    """At the effect reported for the mean, the mean net benefit of the universal scenario is nil."""
    from models.counterfactual import headline_point
    from models.ensemble import Ensemble

    found = (
        tables["break_even"]
        .filter(
            (pl.col("scenario") == "universal") & (pl.col("quantity") == "effect") & (pl.col("criterion") == "mean")
        )["value"]
        .item()
    )
    scenario = scenarios.load("universal").for_models()
    point = headline_point(study.world, scenario, study.settings)
    ones = np.ones(study.draws.size)
    betas = (found / 3 * ones, 2 * found / 3 * ones, 0 * ones)
    [result] = Ensemble(study.world, study.draws, study.baseline, [point.state]).run(betas)
    assert found < 0
    assert result.avoided.mean() == pytest.approx(point.cost.sum(), abs=1e-4 * point.cost.sum() + 1e-6)


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
    row = tables["winners"].filter(pl.col("scenario") == "op_ed_convention")
    assert row["losers"].sum() > 0
    assert row["gain"].sum() + row["harm"].sum() > 0
