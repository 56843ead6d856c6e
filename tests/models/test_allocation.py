"""The split of a world loss over economies and its path over time: identities, limits and arithmetic on paper."""

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.allocation import flat_allocation, growth_calibrations, loss_share_path, regional_allocation


def world(seed: int, economies: int = 12, regions: int = 4, draws: int = 5):
    rng = np.random.default_rng(seed)
    return (
        rng.lognormal(5, 1.5, economies),
        rng.uniform(0.05, 1, economies),
        rng.integers(0, regions, economies),
        rng.uniform(0.002, 0.01, (draws, regions)),
        rng.normal(1, 0.3, draws),
    )


def test_two_regions_on_paper():
    """GDP 100, 300 | 600; users .5, 1 | 1; rates 1 %, 0.5 %; eta 1. Regional products 4 and 3, so of 70 the first
    gets 40; within it weights 50 : 300, so 40/7 and 240/7."""
    found = regional_allocation(
        70,
        np.array([100.0, 300, 600]),
        np.array([0.5, 1, 1]),
        np.array([0, 0, 1]),
        np.array([[0.01, 0.005]]),
        np.ones(1),
    )
    assert found[0] == pytest.approx([40 / 7, 240 / 7, 30])


def test_an_economy_at_its_gdp_passes_the_rest_on_in_proportion():
    """GDP 10, 100, 100 with weights 40 : 30 : 30 of a loss of 100: 10 is the cap, the other two share 90 equally."""
    found = regional_allocation(
        100,
        np.array([10.0, 100, 100]),
        np.ones(3),
        np.array([0, 1, 2]),
        np.array([[0.4, 0.03, 0.03]]),
        np.ones(1),
    )
    assert found[0] == pytest.approx([10, 45, 45])


@settings(deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 1), st.floats(0.1, 10))
def test_countries_sum_to_the_anchor_and_stay_below_their_gdp(seed, fraction, spread):
    gdp, users, region, rates, eta = world(seed)
    anchor = fraction * gdp.sum()
    loss = regional_allocation(anchor, gdp, users, region, rates**spread, eta)
    assert np.abs(loss.sum(axis=1) - anchor).max() <= 1e-9 * max(1.0, anchor)
    assert (loss <= gdp * (1 + 1e-12)).all()
    assert (loss >= 0).all()


@settings(deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 10))
def test_scaling_the_anchor_scales_every_loss_while_no_one_is_at_the_cap(seed, factor):
    gdp, users, region, rates, eta = world(seed)
    anchor = 1e-3 * gdp.min()
    one, other = (regional_allocation(a, gdp, users, region, rates, eta) for a in (anchor, factor * anchor))
    np.testing.assert_allclose(other, factor * one, rtol=1e-12)


@settings(deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_relabelling_economies_changes_nothing(seed, capped):
    gdp, users, region, rates, eta = world(seed)
    order = np.random.default_rng(seed + 1).permutation(gdp.size)
    anchor = (0.9 if capped else 0.01) * gdp.sum()
    loss = regional_allocation(anchor, gdp, users, region, rates, eta)
    moved = regional_allocation(anchor, gdp[order], users[order], region[order], rates, eta)
    np.testing.assert_allclose(moved, loss[:, order], atol=1e-12 * anchor, rtol=0)


@settings(deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 1))
def test_an_empty_economy_has_no_loss_and_changes_nothing(seed, users_of_empty):
    gdp, users, region, rates, eta = world(seed)
    loss = regional_allocation(10, gdp, users, region, rates, eta)
    with_empty = regional_allocation(
        10, np.append(gdp, 0.0), np.append(users, users_of_empty), np.append(region, 0), rates, eta
    )
    assert (with_empty[:, -1] == 0).all()
    np.testing.assert_allclose(with_empty[:, :-1], loss, atol=1e-11, rtol=0)


def test_equal_rates_without_elasticity_are_the_flat_allocation():
    gdp, users, region, rates, eta = world(3)
    loss = regional_allocation(50, gdp, users, region, np.full_like(rates, 0.007), np.zeros_like(eta))
    np.testing.assert_allclose(loss, np.tile(flat_allocation(50, gdp), (eta.size, 1)), rtol=1e-12)


def test_an_anchor_a_draw_is_met_in_its_own_draw():
    gdp, users, region, rates, eta = world(4)
    anchor = np.linspace(1, 2, eta.size) * 20
    np.testing.assert_allclose(
        regional_allocation(anchor, gdp, users, region, rates, eta).sum(axis=1), anchor, rtol=1e-12
    )


def test_a_loss_above_what_economies_produce_has_no_allocation():
    gdp, users, region, rates, eta = world(5)
    with pytest.raises(ValueError, match="no allocation exists"):
        regional_allocation(1.01 * gdp.sum(), gdp, users, region, rates, eta)
    with pytest.raises(ValueError, match="no allocation exists"):
        flat_allocation(1.01 * gdp.sum(), gdp)
    with pytest.raises(ValueError, match="no allocation exists"):
        regional_allocation(1.0, gdp, users, region, np.zeros_like(rates), eta)


@pytest.mark.parametrize("bad", [-1.0, math.nan, math.inf])
def test_a_gdp_that_is_negative_or_missing_is_refused(bad):
    gdp, users, region, rates, eta = world(6)
    gdp[2] = bad
    with pytest.raises(ValueError, match="gdp must be finite and not negative"):
        regional_allocation(1.0, gdp, users, region, rates, eta)


YEARS = np.arange(2020, 2036)


def test_growth_fades_with_its_half_life():
    """After one half-life the path has run half of its limit: g0 * 3 / ln 2 * 1/2 = .2164 at g0 = .1."""
    path = loss_share_path(YEARS, 0.1, 3.0, share_2020=0.001)
    assert path[0] == 1
    assert math.log(path[3]) == pytest.approx(0.1 * 3 / math.log(2) / 2)
    assert math.log(path[6]) == pytest.approx(0.1 * 3 / math.log(2) * 0.75)
    assert (loss_share_path(YEARS, 0.0, share_2020=0.011) == 1).all()


def test_the_pace_of_ic3_unfaded_is_refused_with_year_and_share():
    """model.md 1.4: 46 % of world GDP by 2035, so g0 = ln(.46 / .01104) / 15 = .2486; faded it ends at 3.1 %."""
    pace = math.log(0.46 / 0.01104) / 15
    with pytest.raises(ValueError, match=r"46\.0 % of GDP in 2035; paths above 5 % are refused"):
        loss_share_path(YEARS, pace, math.inf, share_2020=0.01104)
    faded = 0.01104 * loss_share_path(YEARS, pace, share_2020=0.01104)[-1]
    assert faded == pytest.approx(0.01104 * math.exp(pace * 3 / math.log(2) * (1 - 2**-5)))
    assert 0.03 < faded < 0.05


def test_a_path_a_draw_has_one_row_a_draw():
    path = loss_share_path(YEARS, np.array([0.0, 0.05]), share_2020=0.01)
    assert path.shape == (2, 16)
    assert (path[0] == 1).all()


def test_calibrations_are_growth_less_the_growth_of_gdp():
    """op-ed: (ln 1.5 - ln(85.578 / 86.69)) / 2 = .2092; CSIS: (ln(945 / 600) - ln(85.578 / 81.55)) / 3 = .1353;
    IC3: ln(20.877 / 1.0707) / 10 less ln 1.5 / 8 a year of US GDP = .297035 - .050683 = .24635."""
    estimates = pl.DataFrame(
        {
            "estimate_id": ["csis_2020_loss", "csis_2018"],
            "reference_year": [2020, 2017],
            "low_usd_bn": [None, 445.0],
            "central_usd_bn": [945.0, 600.0],
            "high_usd_bn": [None, 608.0],
        }
    )
    gdp = pl.DataFrame(
        {
            "iso3": ["WLD", "WLD", "WLD", "USA", "USA"],
            "year": [2017, 2018, 2020, 2015, 2023],
            "gdp_usd_bn_current": [81550.0, 86690.0, 85578.0, 18000.0, 27000.0],
        }
    )
    ic3 = pl.DataFrame({"year": [2015, 2020, 2025], "loss_usd": [1.0707e9, 4.2e9, 20.877e9]})
    found = dict(growth_calibrations(estimates, gdp, ic3, trend=0.04).select("calibration", "growth_0").iter_rows())
    assert found["constant"] == 0
    assert found["op_ed"] == pytest.approx(0.2092, abs=5e-5)
    assert found["csis"] == pytest.approx(0.1353, abs=5e-5)
    assert found["ic3"] == pytest.approx(0.24635, abs=5e-6)
    assert found["ledger"] == 0.04
    with pytest.raises(ValueError, match="IC3 2015 and 2025"):
        growth_calibrations(estimates, gdp, ic3.filter(pl.col("year") < 2025))
