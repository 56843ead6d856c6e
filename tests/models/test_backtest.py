"""Scores of forecasts against hand values and closed forms, and what was known in 2018."""

import math

import numpy as np
import polars as pl
import pytest
from scipy.stats import linregress, norm
from scipy.stats import t as student_t

from models.backtest import (
    NAIVE,
    Forecast,
    backtest_table,
    crps,
    estimate_forecasts,
    frozen_ledger,
    ic3_forecasts,
    log_linear,
    score_table,
)
from pipelines import reference
from pipelines.schemas.sensitivity import SENSITIVITY
from pipelines.schemas.tables import conform


@pytest.fixture(scope="module")
def tables():
    return reference.load_all()


def test_score_of_two_members_by_hand():
    """Members 0 and 1, observed 0: mean distance 1/2, half the mean distance between members 1/4, so 1/4."""
    assert crps(np.array([0.0, 1.0]), 0.0) == pytest.approx(0.25)
    assert crps(np.array([1.0, 0.0]), 3.0) == pytest.approx(2.25)


def test_score_of_one_member_is_its_distance():
    assert crps(np.array([2.0]), 5.5) == 3.5


@pytest.mark.parametrize("observed", [0.0, 0.7, -2.0])
def test_score_of_a_normal_ensemble_is_the_closed_form(observed):
    """Gneiting and others (2005): y (2 Phi(y) - 1) + 2 phi(y) - 1 / sqrt(pi)."""
    expected = observed * (2 * norm.cdf(observed) - 1) + 2 * norm.pdf(observed) - 1 / math.sqrt(math.pi)
    members = norm.ppf((np.arange(4096) + 0.5) / 4096)
    assert crps(members, observed) == pytest.approx(expected, abs=1e-6)
    assert Forecast(0.0, 1.0, math.inf, 1).score(math.exp(observed)) == pytest.approx(expected, abs=1e-6)


def test_no_members_and_no_numbers_have_no_score():
    for members, observed in ((np.array([]), 0.0), (np.array([1.0, np.inf]), 0.0), (np.array([1.0]), math.nan)):
        with pytest.raises(ValueError, match="at least one member"):
            crps(members, observed)
    with pytest.raises(ValueError, match="no mean"):
        Forecast(0.0, 1.0, 1, 3).score(1.0)


def test_a_trend_predicts_with_the_textbook_error():
    """Against an independent regression, and the prediction error s sqrt(1 + 1/n + d^2 / Sxx)."""
    years, value = np.array([1.0, 2, 3, 4, 6]), np.array([0.1, 0.5, 0.4, 1.0, 1.1])
    found, line = log_linear(years, value, 8.0), linregress(years, value)
    assert found.location == pytest.approx(line.intercept + 8 * line.slope)
    s = math.sqrt(np.sum((value - line.intercept - line.slope * years) ** 2) / 3)
    expected = s * math.sqrt(1 + 1 / 5 + (8 - 3.2) ** 2 / np.sum((years - 3.2) ** 2))
    assert found.scale == pytest.approx(expected)
    assert found.quantile(0.95) == pytest.approx(math.exp(found.location + expected * student_t.ppf(0.95, 3)))


def test_a_trend_without_noise_is_forecast_exactly():
    found = log_linear(np.arange(5.0), 0.3 * np.arange(5.0), 9.0)
    assert (found.location, found.scale) == pytest.approx((2.7, 0.0), abs=1e-12)


def test_a_trend_through_three_figures_is_refused():
    with pytest.raises(ValueError, match="needs four figures"):
        log_linear(np.arange(3.0), np.arange(3.0), 4.0)


def test_nothing_newer_than_the_freeze_enters_a_forecast(tables):
    after = pl.col("year") > 2018
    ic3 = tables["ic3_totals"].with_columns(loss_usd=pl.when(after).then(1.0).otherwise("loss_usd"))
    gdp = tables["gdp"].with_columns(gdp_usd_bn_current=pl.when(after).then(1.0).otherwise("gdp_usd_bn_current"))
    late = pl.col("published_year") > 2018
    estimates = tables["estimates"].with_columns(
        central_usd_bn=pl.when(late).then(1.0).otherwise("central_usd_bn"),
        low_usd_bn=pl.when(late).then(None).otherwise("low_usd_bn"),
        high_usd_bn=pl.when(late).then(None).otherwise("high_usd_bn"),
    )
    assert ic3_forecasts(ic3, gdp, 2018, 2025) == ic3_forecasts(tables["ic3_totals"], tables["gdp"], 2018, 2025)
    assert estimate_forecasts(estimates, gdp, 2018) == estimate_forecasts(tables["estimates"], tables["gdp"], 2018)


def test_the_ledger_of_2018_has_the_edition_of_2018(tables):
    """The report of 2020 is what is forecast; the figures for Britain and Germany of 2023 and 2025 were not out."""
    used = frozen_ledger(tables["estimates"], 2018).filter(pl.col("used"))["estimate_id"]
    assert sorted(used) == ["cea_2018", "csis_2018", "detica_2011", "rand_2018_direct"]


def test_a_constant_share_grows_with_gdp_alone(tables):
    """2.7064 bn in 2018, and US GDP grew by the mean of its yearly log changes 2000-2018."""
    found = ic3_forecasts(tables["ic3_totals"], tables["gdp"], 2018, 2020)["constant_share"]
    growth = math.log(20656.516 / 10250.952) / 18
    assert found.location == pytest.approx(math.log(2.7064) + 2 * growth)


def test_growth_that_fades_adds_what_the_half_life_leaves(tables):
    """g (3 / ln 2)(1 - 2^(-h/3)) over the constant share, g the mean step of the log share 2011-2018."""
    found = ic3_forecasts(tables["ic3_totals"], tables["gdp"], 2018, 2021)
    g = (math.log(2706.4 / 485.253871) - math.log(20656.516 / 15599.732)) / 7
    added = found["faded_growth"].location - found["constant_share"].location
    assert added == pytest.approx(g * 3 / math.log(2) * 0.5)


def test_a_missing_year_is_named(tables):
    with pytest.raises(ValueError, match="every year from 2011 to 2018"):
        ic3_forecasts(tables["ic3_totals"].filter(pl.col("year") != 2014), tables["gdp"], 2018, 2020)


def test_the_default_of_a_constant_share_loses_to_the_naive_trend_and_says_so(tables):
    """IC3 grew from 2.7 to 20.9 bn in seven years; US GDP by a half."""
    table = conform(backtest_table(tables["ic3_totals"], tables["estimates"], tables["gdp"]), SENSITIVITY["backtest"])
    assert table.filter(pl.col("target") == "ic3")["year"].unique().sort().to_list() == list(range(2019, 2026))
    scores = conform(score_table(table), SENSITIVITY["backtest_score"])
    row = {(r["target"], r["forecast"]): r for r in scores.iter_rows(named=True)}
    lost = row["ic3", "constant_share"]
    assert (lost["years"], lost["verdict"]) == (7, "no better than the naive trend")
    assert lost["skill"] < -0.5
    assert lost["coverage_50"] == 0.0
    assert row["ic3", NAIVE]["skill"] == 0.0
    assert row["csis_2020_loss", "pooled"]["coverage_90"] == 1.0


def test_a_band_holds_what_lies_within_it(tables):
    table = backtest_table(tables["ic3_totals"], tables["estimates"], tables["gdp"])
    inside = (table["observed"] >= table["p05"]) & (table["observed"] <= table["p95"])
    assert inside.to_list() == table["inside_90"].to_list()
    narrow = table.filter(pl.col("inside_50"))
    assert narrow["inside_90"].all()
