"""GDP under yearly losses: Solow's equations by hand, the long run, what lasts, and present values."""

import numpy as np
import polars as pl
import pytest

from models.growth_path import (
    Solow,
    avoided_by_group,
    by_income_group,
    gdp_paths,
    long_run_level,
    loss_share,
    productivity_behind,
    simulate,
    status_quo_by_group,
    total,
)
from models.growth_table import gdp_path_table, perpetuity
from pipelines.schemas.macro import MACRO
from pipelines.schemas.tables import conform
from pipelines.shipped_study import shipped_study

YEARS = list(range(2020, 2036))
SOLOW = Solow()


def grown(rate, years=16, start=1000.0):
    return start * (1 + rate) ** np.arange(years)


def constant(share, gdp, draws=3):
    """(draws, years) that share of GDP every year."""
    return np.full((draws, 1), share) * gdp


def test_one_year_by_hand():
    """K = 8, P = 8^(1/3) = 2; l = .1: Y = 1.8; psi = .5: I = .25 x .95 x 2 = .475; K' = .95 x 8 + .475 = 8.075."""
    path = simulate(np.full((1, 2), 0.1), np.array([0.5]), np.ones((1, 2)), np.array([8.0]))
    assert path.potential[0, 0] == pytest.approx(2)
    assert path.output[0, 0] == pytest.approx(1.8)
    assert path.capital[0] == pytest.approx([8, 8.075])


@pytest.mark.parametrize("share", [0.005, 0.05])
@pytest.mark.parametrize("psi", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("alpha", [0.25, 1 / 3])
def test_the_long_run_without_growth_is_solows(share, psi, alpha):
    """(1 - l)(1 - psi l)^(alpha / (1 - alpha)), the ratio of steady states (Solow 1956)."""
    solow = Solow(capital_share=alpha)
    years, saved = 400, np.array([psi])
    start, still = np.array([5.0]), np.ones((1, years))
    without = simulate(np.zeros((1, years)), saved, still, start, solow).output[0, -1]
    path = simulate(np.full((1, years), share), saved, still, start, solow).output[0, -1]
    assert path / without == pytest.approx((1 - share) * (1 - psi * share) ** (alpha / (1 - alpha)), abs=1e-6)
    assert long_run_level(np.array(share), saved, solow)[0] == pytest.approx(path / without, abs=1e-6)


def test_the_status_quo_is_the_gdp_that_is_expected():
    gdp = grown(0.03)
    loss, psi = constant(0.01, gdp) * np.array([[0.5], [1], [2]]), np.array([0.2, 0.5, 0.9])
    share = loss_share(loss, gdp)
    productivity, capital = productivity_behind(gdp, share, psi)
    path = simulate(share, psi, productivity, capital)
    assert path.output == pytest.approx(np.broadcast_to(gdp, (3, 16)), rel=1e-12)
    assert path.output / (1 - share) == pytest.approx(gdp + loss)


def test_nothing_avoided_changes_nothing():
    gdp = grown(0.02)
    found = gdp_paths(gdp, constant(0.01, gdp), np.zeros((3, 16)), np.array([0.1, 0.5, 1]))
    assert np.abs(found.gain).max() < 1e-12 * gdp.max() * 10
    assert np.abs(found.from_capital).max() < 1e-12 * gdp.max() * 10


def test_without_saving_lost_the_gain_is_the_loss_avoided():
    gdp = grown(0.02)
    loss = constant(0.01, gdp)
    found = gdp_paths(gdp, loss, 0.3 * loss, np.zeros(3))
    assert found.gain == pytest.approx(0.3 * loss, rel=1e-9)
    assert found.from_capital == pytest.approx(np.zeros((3, 16)), abs=1e-9)


def test_what_saving_left_lasts_and_fades_at_the_speed_of_convergence():
    """Losses avoided in 2021 alone: from 2022 on all gain is capital's. Near balanced growth the gap of capital closes
    by (1 - alpha)(g + depreciation) / (1 + g) a year: 2/3 x .07 / 1.02 = 4.575 %."""
    gdp = grown(0.02, 40)
    loss = constant(0.01, gdp)
    avoided = np.zeros_like(loss)
    avoided[:, 1] = loss[:, 1]
    found = gdp_paths(gdp, loss, avoided, np.array([0.5, 0.5, 1]))
    assert found.gain[:, 2:] == pytest.approx(found.from_capital[:, 2:])
    share = found.gain[:, 2:] / gdp[2:]
    assert np.all(share > 0)
    assert share[:, 1:] / share[:, :-1] == pytest.approx(np.full((3, 37), 1 - 2 / 3 * 0.07 / 1.02), abs=1e-3)
    assert share[2, 0] == pytest.approx(2 * share[0, 0], rel=0.02)


def test_growth_differs_only_while_capital_catches_up_and_the_level_stays():
    """A tenth of a loss of 1 % avoided for ever: the level goes to the ratio of the two long runs."""
    gdp = grown(0.02, 400)
    loss, psi = constant(0.01, gdp, 1), np.array([0.5])
    avoided = 0.1 * loss
    avoided[:, 0] = 0
    found = gdp_paths(gdp, loss, avoided, psi)
    level = 1 + found.gain[0] / gdp
    before, after = 0.01 / 1.01, 0.009 / 1.01
    assert level[-1] == pytest.approx(
        long_run_level(np.array(after), psi)[0] / long_run_level(np.array(before), psi)[0], abs=1e-7
    )
    assert level[-1] - 1 == pytest.approx(found.long_run[0] / gdp[-1], abs=1e-7)
    growth = level[1:] / level[:-1] - 1
    assert growth[0] > 9e-4
    assert np.all(np.diff(growth[1:200]) < 0)
    assert abs(growth[-1]) < 1e-9


def test_more_attacks_lower_the_path():
    gdp = grown(0.02)
    loss = constant(0.01, gdp)
    assert np.all(gdp_paths(gdp, loss, -0.2 * loss, np.full(3, 0.5)).gain < 0)


def test_the_saving_rate_moves_no_comparison():
    gdp = grown(0.03)
    loss = constant(0.02, gdp)
    found = [gdp_paths(gdp, loss, 0.5 * loss, np.full(3, 0.5), Solow(saving=s)).gain for s in (0.1, 0.4)]
    assert found[0] == pytest.approx(found[1], rel=1e-9)


@pytest.fixture(scope="module")
def losses():
    """GDP, GDP loss and what is avoided of two income groups, eight draws."""
    rng = np.random.default_rng(7)
    gdp = {"High income": grown(0.015, start=5000), "Low income": grown(0.045, start=500)}
    loss = {k: rng.uniform(0.002, 0.02, (8, 1)) * v for k, v in gdp.items()}
    avoided = {k: rng.uniform(-0.02, 0.1, (8, 1)) * v * (np.arange(16) > 0) for k, v in loss.items()}
    return gdp, loss, avoided, rng.random(8)


def test_the_world_is_the_sum_of_the_groups_in_every_draw(losses):
    gdp, loss, avoided, psi = losses
    paths = {k: gdp_paths(gdp[k], loss[k], avoided[k], psi) for k in gdp}
    world = total(paths)
    assert world.without == pytest.approx(gdp["High income"] + gdp["Low income"])
    assert world.gain == pytest.approx(paths["High income"].gain + paths["Low income"].gain)


def table(losses, **changed):
    gdp, loss, avoided, psi = losses
    given = {"gdp": gdp, "gdp_loss": loss, "avoided": {("x", "all"): avoided}, "years": YEARS} | changed
    return gdp_path_table(saved_share=psi, time_preference=0.015, aversion=1.0, **given)


def test_the_table_tells_level_growth_and_present_values(losses):
    gdp, loss, avoided, psi = losses
    frame = conform(table(losses), MACRO["gdp_path"])
    own = frame.filter(income_group="Low income")

    def mean(measure, year, rows=own):
        return rows.filter(measure=measure, year=year)["mean"].item()

    path = gdp_paths(gdp["Low income"], loss["Low income"], avoided["Low income"], psi)
    assert mean("gdp_with", 2030) == pytest.approx((gdp["Low income"] + path.gain)[:, 10].mean())
    assert mean("gain_share", 2030) == pytest.approx(path.gain[:, 10].mean() / gdp["Low income"][10])
    # growth over ten years: ((1 + share gained)^(1/10) - 1) times 1.045, in every draw
    share = path.gain[:, 10] / gdp["Low income"][10]
    assert mean("growth_difference", 2030) == pytest.approx((((1 + share) ** 0.1 - 1) * 1.045).mean())
    assert mean("cumulative_gain", 2035) == pytest.approx(path.gain[:, 1:].sum(1).mean())
    value = path.gain[:, 1:] @ 1.05 ** -np.arange(1.0, 16)
    assert mean("present_value_5", 2035) == pytest.approx(value.mean())
    # an annuity of 15 years at 5 % costs 10.3797 times its yearly payment
    assert mean("annualized_5", 2035) == pytest.approx(value.mean() / 10.3797, rel=1e-5)
    assert mean("gain_share_long_run", 2035) == pytest.approx(path.long_run.mean() / gdp["Low income"][-1])
    world = frame.filter(income_group="WLD")
    assert mean("gain", 2035, world) == pytest.approx(
        frame.filter(pl.col("income_group") != "WLD", measure="gain", year=2035)["mean"].sum()
    )
    assert mean("present_value_forever_5", 2035, world) > mean("present_value_forever_7", 2035, world)


def test_a_perpetuity_is_worth_its_flow_over_the_rate_less_growth():
    """Gordon: 3 a year, growing 2 %, at 5 %: 100."""
    assert perpetuity(np.array([3.0]), 0.05, 0.02) == pytest.approx([100])


def test_income_groups_split_the_world(study):
    world = study.world
    loss, per_loss = study.baseline.loss, np.linspace(0.3, 0.6, study.draws.size)
    gdp, lost = status_quo_by_group(world, loss, per_loss)
    assert sum(v[0] for v in gdp.values()) == pytest.approx(world.gdp.sum())
    assert sum(lost.values())[:, 0] == pytest.approx(per_loss * loss.sum(1))
    growth = np.vstack((np.ones(world.size), world.growth))
    rng = np.random.default_rng(2)
    weights = world.gdp * growth
    means, avoided = (
        0.001 * rng.normal(size=growth.shape) * weights,
        rng.normal(size=(study.draws.size, growth.shape[0])),
    )
    groups = avoided_by_group(world, avoided, means, weights)
    assert sum(groups.values()) == pytest.approx(avoided)
    centered = avoided - avoided.mean(0) + means.sum(1)
    for name, values in avoided_by_group(world, centered, means, weights).items():
        assert values.mean(0) == pytest.approx(by_income_group(world, means)[name])


@pytest.fixture(scope="module")
def study():
    return shipped_study(64, 1)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda _: perpetuity(np.ones(1), 0.02, 0.03), "2.00% is not above growth of 3.00%"),
        (lambda _: perpetuity(np.ones(1), 0.03, 0.03), "no value"),
        (lambda _: loss_share(np.array([-1.0]), np.array([5.0])), "not below 0"),
        (lambda _: simulate(np.full((1, 2), 1.0), np.ones(1), np.ones((1, 2)), np.ones(1)), "below 1"),
        (lambda _: simulate(np.full((1, 2), np.nan), np.ones(1), np.ones((1, 2)), np.ones(1)), "below 1"),
        (lambda _: simulate(np.zeros((1, 2)), np.full(1, 1.5), np.ones((1, 2)), np.ones(1)), "share from 0 to 1"),
        (lambda _: simulate(np.zeros((1, 2)), np.ones(1), np.ones((1, 2)), np.zeros(1)), "above 0"),
        (lambda _: productivity_behind(np.ones(1), np.zeros((1, 1)), np.ones(1)), "two years"),
        (lambda _: productivity_behind(grown(-0.06), np.zeros((1, 16)), np.ones(1)), "no balanced growth"),
        (lambda _: gdp_paths(grown(0.02), np.ones((1, 16)), np.full((1, 16), 2.0), np.ones(1)), "than there is"),
        (lambda own: table(own, years=[2020, *range(2022, 2037)]), "follow each other"),
        (lambda own: table(own, gdp_loss={}), "GDP of High income, Low income"),
    ],
)
def test_what_has_no_path_or_no_value_is_told(call, words, losses):
    with pytest.raises(ValueError, match=words):
        call(losses)
