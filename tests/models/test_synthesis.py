"""REML with Hartung-Knapp and DerSimonian-Laird against published output and arithmetic on paper."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.synthesis import dersimonian_laird, pool

# Colditz et al. (1994), 13 trials of the BCG vaccine: cases and non-cases, vaccinated then controls; absolute latitude.
BCG = np.array(
    [
        [4, 119, 11, 128, 44],
        [6, 300, 29, 274, 55],
        [3, 228, 11, 209, 42],
        [62, 13536, 248, 12619, 52],
        [33, 5036, 47, 5761, 13],
        [180, 1361, 372, 1079, 44],
        [8, 2537, 10, 619, 19],
        [505, 87886, 499, 87892, 13],
        [29, 7470, 45, 7232, 27],
        [17, 1699, 65, 1600, 42],
        [186, 50448, 141, 27197, 18],
        [5, 2493, 3, 2338, 33],
        [27, 16886, 29, 17825, 33],
    ],
    dtype=float,
)


def bcg() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    a, b, c, d, latitude = BCG.T
    risk_ratio = a / (a + b) / (c / (c + d))
    return np.log(risk_ratio), np.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)), latitude


def test_reml_of_the_bcg_trials_is_what_metafor_prints():
    """Viechtbauer (2010), J. Stat. Softw. 36(3): tau2 .3132, I2 92.22 %, mean -.7145; knha CI -1.1084, -.3206."""
    log_rr, se, _ = bcg()
    fit = pool(log_rr, se)
    assert fit.tau**2 == pytest.approx(0.3132, abs=5e-5)
    assert fit.i2 == pytest.approx(0.9222, abs=5e-5)
    assert fit.mean_log == pytest.approx(-0.7145, abs=5e-5)
    assert math.log(fit.mean_quantile(0.025)) == pytest.approx(-1.1084, abs=1e-4)
    assert math.log(fit.mean_quantile(0.975)) == pytest.approx(-0.3206, abs=1e-4)
    assert (fit.n, fit.df) == (13, 12)


def test_latitude_explains_most_of_the_spread_of_the_bcg_trials():
    """metafor, mods = ~ ablat, REML: tau2 .0764, I2 68.39 %, intercept .2515, slope -.0291 (its convergence)."""
    log_rr, se, latitude = bcg()
    fit = pool(log_rr, se, latitude)
    assert fit.tau**2 == pytest.approx(0.0764, abs=1e-4)
    assert fit.i2 == pytest.approx(0.6839, abs=1e-3)
    assert fit.mean_log == pytest.approx(0.2515, abs=2e-4)
    assert fit.coefficients[0] == pytest.approx(-0.0291, abs=5e-5)


def test_dersimonian_laird_of_the_bcg_trials_is_what_metafor_prints():
    """metafor, method = "DL": tau2 .3088, mean -.7141, se .1787; I2 = 1 - 12 / 152.233 = 92.12 %."""
    log_rr, se, _ = bcg()
    fit = dersimonian_laird(log_rr, se)
    assert fit.tau**2 == pytest.approx(0.3088, abs=5e-5)
    assert fit.mean_log == pytest.approx(-0.7141, abs=5e-5)
    assert fit.se == pytest.approx(0.1787, abs=5e-5)
    assert fit.i2 == pytest.approx(1 - 12 / 152.233, abs=1e-5)


def test_four_treaty_studies_pool_to_nothing_with_heterogeneity_above_ninety_percent():
    """Target 11, by hand: w = 244.14, 1189.06, 400, 100; fixed mean -144.57 / 1933.20 = -.0748; Q = .630 + 27.915 +
    85.669 + .898 = 115.11; C = 1933.20 - 1643468 / 1933.20 = 1083.07; tau2 = 112.11 / 1083.07 = .1035; I2 = 97.4 %."""
    fit = dersimonian_laird(np.array([-0.1256, -0.228, 0.388, 0.02]), np.array([0.064, 0.029, 0.05, 0.10]))
    assert fit.tau**2 == pytest.approx(0.1035, abs=5e-5)
    assert fit.i2 == pytest.approx(0.974, abs=5e-4)
    assert abs(fit.mean_log) < 0.02
    # w* = 9.2936, 9.5829, 9.4333, 8.8087; sum 37.1185
    assert fit.mean_log == pytest.approx(
        (-0.1256 * 9.2936 - 0.228 * 9.5829 + 0.388 * 9.4333 + 0.02 * 8.8087) / 37.1185, abs=2e-4
    )
    assert fit.se == pytest.approx(37.1185**-0.5, abs=2e-4)


def test_three_victim_side_studies_leave_the_sign_of_the_treaty_effect_open():
    """Equal weights to first order (tau dominates): mean about .094, spread about .26, two degrees of freedom."""
    fit = pool(np.array([-0.1256, 0.388, 0.02]), np.array([0.064, 0.05, 0.10]))
    assert fit.df == 2
    assert fit.predictive_quantile(0.05) < 1 < fit.predictive_quantile(0.95)
    assert 0.02 < 1 - fit.probability_above(1.0) < 0.5


def test_with_equal_errors_reml_is_the_sample_mean_and_variance():
    """y = -1, 0, 4 with se 1: mean 1, sample variance 7, so tau2 = 7 - 1, se2 = 7 / 3, t(2) whatever q is."""
    fit = pool(np.array([-1.0, 0.0, 4.0]), np.ones(3))
    assert fit.mean_log == pytest.approx(1.0, abs=1e-9)
    assert fit.tau**2 == pytest.approx(6.0, abs=1e-6)
    assert fit.se == pytest.approx(math.sqrt(7 / 3), abs=1e-7)
    assert fit.i2 == pytest.approx(6 / 7, abs=1e-7)
    # t(2) has a closed quantile: (2p - 1) sqrt(2 / (4 p (1 - p)))
    t95 = 0.9 * math.sqrt(2 / (4 * 0.95 * 0.05))
    assert math.log(fit.predictive_quantile(0.95)) == pytest.approx(1 + t95 * math.sqrt(6 + 7 / 3), abs=1e-6)
    assert fit.probability_above(math.e) == pytest.approx(0.5, abs=1e-9)


def test_studies_that_agree_closer_than_chance_have_no_spread_and_narrow_the_interval():
    """y = -.1, 0, .1 with se 1: q = .01, so Hartung-Knapp se = sqrt(.01 / 3); max(1, q) would print sqrt(1 / 3)."""
    fit = pool(np.array([-0.1, 0.0, 0.1]), np.ones(3))
    assert fit.tau == 0
    assert fit.i2 == 0
    assert fit.se == pytest.approx(math.sqrt(0.01 / 3), abs=1e-12)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(0.05, 2)), min_size=3, max_size=12), st.floats(-3, 3))
def test_shifting_every_study_shifts_the_mean_and_nothing_else(studies, shift):
    y, se = np.array(studies).T
    before, after = pool(y, se), pool(y + shift, se)
    assert after.mean_log == pytest.approx(before.mean_log + shift, abs=1e-6)
    assert after.tau == pytest.approx(before.tau, abs=1e-4)


@pytest.mark.parametrize(
    ("y", "se", "covariates", "message"),
    [
        ([0.1, 0.2], [0.1, 0.0], None, "above zero"),
        ([0.1, math.nan], [0.1, 0.1], None, "finite"),
        ([0.1], [0.1], None, "1 studies cannot identify 1"),
        ([0.1, 0.2, 0.3], [0.1, 0.1, 0.1], [1.0, 1.0, 1.0], "collinear"),
    ],
)
def test_a_fit_that_is_undefined_is_refused(y, se, covariates, message):
    with pytest.raises(ValueError, match=message):
        pool(np.array(y), np.array(se), None if covariates is None else np.array(covariates))
