"""Distributions and paired draws."""

import numpy as np
import pytest

from models.deterrence import LOG_RATE_RATIO_LIMITS
from models.priors import Prior, check, quantile, sample, truncated_quantile


def prior(name, coordinate, distribution="uniform", arguments=None):
    return Prior(name, distribution, arguments or {"low": 0, "high": 1}, "", "judgement", "", False, "", coordinate)


@pytest.mark.parametrize(
    ("distribution", "arguments", "p", "expected"),
    [
        # tables of the normal and t distributions; the cdf of beta(1, 2) is 1 - (1 - x)^2
        ("normal", {"mean": 1, "sd": 0.3}, 0.975, 1 + 0.3 * 1.959964),
        ("half_normal", {"scale": 2}, 0.5, 2 * 0.674490),
        ("student_t", {"df": 4, "location": 0, "scale": 1}, 0.975, 2.776445),
        ("beta", {"a": 1, "b": 2}, 0.5, 1 - np.sqrt(0.5)),
        ("lognormal", {"median": 3, "sigma": 0.5}, 0.5, 3.0),
        ("truncated_normal", {"mean": 0, "sd": 1, "lower": 0, "upper": 50}, 0.5, 0.674490),
        ("uniform", {"low": 2, "high": 4}, 0.25, 2.5),
    ],
)
def test_quantiles_equal_published_tables(distribution, arguments, p, expected):
    assert quantile(distribution, arguments, np.array([p]))[0] == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("distribution", "arguments", "message"),
    [
        ("beta", {"a": 2, "b": -1}, "beta needs a > 0 and b > 0; got a = 2, b = -1"),
        ("uniform", {"low": 1, "high": 1}, "uniform needs low < high"),
        ("normal", {"mean": 0}, "normal takes mean, sd; got mean"),
        ("normal", {"mean": 0, "sd": float("inf")}, "sd = inf is not finite"),
        ("gausian", {}, "unknown distribution 'gausian'; allowed: beta, constant"),
    ],
)
def test_impossible_distributions_are_refused_with_what_is_allowed(distribution, arguments, message):
    with pytest.raises(ValueError, match=message.replace("(", r"\(")):
        check(distribution, arguments)


def test_a_new_prior_moves_no_draw_of_an_old_one():
    old = sample([prior("a", 3)], 64, seed=1)
    new = sample([prior("b", 0), prior("a", 3), prior("c", 40)], 64, seed=1)
    assert np.array_equal(old["a"], new["a"])


def test_scrambles_differ_and_each_is_balanced():
    """A scrambled Sobol' sequence of 2^k points has exactly one point in each of 2^k equal intervals."""
    draws = sample([prior("a", 5)], 8 * 64, seed=2)
    blocks = draws["a"].reshape(8, 64)
    assert len({block.tobytes() for block in blocks}) == 8
    assert all(np.array_equal(np.sort((block * 64).astype(int)), np.arange(64)) for block in blocks)


@pytest.mark.parametrize("draws", [0, 7, 8, 24, 8 * 100])
def test_draws_that_break_the_balance_of_the_sequence_are_refused(draws):
    with pytest.raises(ValueError, match="8 times a power of two"):
        sample([prior("a", 0)], draws, seed=1)


def test_two_priors_on_one_coordinate_are_refused():
    with pytest.raises(ValueError, match="own coordinate"):
        sample([prior("a", 1), prior("b", 1)], 64, seed=1)


def test_cut_log_rate_ratios_stay_within_a_quarter_and_twice():
    u = np.linspace(1e-12, 1 - 1e-12, 2001)
    beta = truncated_quantile("student_t", {"df": 4, "location": -0.1, "scale": 0.5}, u, *LOG_RATE_RATIO_LIMITS)
    assert np.exp(beta).min() == pytest.approx(0.25, abs=1e-6)
    assert np.exp(beta).max() == pytest.approx(2, abs=1e-6)
    assert np.all(np.diff(beta) > 0)


def test_mean_of_a_truncated_normal_is_the_textbook_one():
    """mu + sigma (phi(alpha) - phi(beta)) / (Phi(beta) - Phi(alpha)) with alpha = -1, beta = 2 is .22965."""
    u = (np.arange(20_000) + 0.5) / 20_000
    assert truncated_quantile("normal", {"mean": 0, "sd": 1}, u, -1, 2).mean() == pytest.approx(0.22965, abs=1e-4)
