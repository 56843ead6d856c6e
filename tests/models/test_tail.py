"""The tail and the splice: limits by hand, general optimizers, recovery, the loss of one event, and refusals."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy import stats
from scipy.integrate import quad
from scipy.optimize import minimize

from models.chosen_severity import best
from models.laws import Pareto, Spliced, cumulated_hazard
from models.severity import Sample
from models.severity_table import severity_tables
from models.tail import (
    SplicedSeverity,
    above,
    body,
    fit_spliced,
    fit_tail,
    infinite_mean,
    limited_mean,
    pareto,
    spliced,
)
from models.thresholds import chosen_threshold

KNOWN = Spliced(mu=-4.0, sigma=2.0, threshold=0.05, tail_share=0.3, xi=0.8, beta=0.06)
CAPPED = SplicedSeverity(mu=-4.0, sigma=2.0, threshold=0.05, tail_share=0.3, xi=0.8, beta=0.06, cap=40.0)


def draw(law, n: int, seed: int) -> np.ndarray:
    return law.quantile(np.random.default_rng(seed).random(n))


# --- the generalized Pareto law ---


def test_at_xi_zero_the_tail_is_exponential():
    """P(Y > 2 beta) = e^-2, the median is beta ln 2, and the density at zero is 1 / beta; by hand."""
    law = Pareto(0.0, 3.0)
    assert math.exp(law.log_survival(6.0)) == pytest.approx(math.exp(-2), rel=1e-14)
    assert law.quantile(0.5) == pytest.approx(3 * math.log(2), rel=1e-14)
    assert math.exp(law.log_density(0.0)) == pytest.approx(1 / 3, rel=1e-14)


@pytest.mark.parametrize("xi", [1e-4, -1e-4, 1e-8, -1e-8, 1e-15])
def test_the_limit_at_xi_zero_is_approached_at_the_rate_of_its_expansion(xi):
    """ln(1 + xi z) / xi = z - xi z^2 / 2 + O(xi^2)."""
    z = np.array([0.1, 1.0, 5.0])
    assert cumulated_hazard(3 * z, xi, 3.0) == pytest.approx(z - xi * z**2 / 2, abs=60 * xi**2 + 1e-12)
    assert Pareto(xi, 3.0).quantile(1 - np.exp(-z)) == pytest.approx(3 * z, rel=5 * abs(xi) + 1e-12)


def test_a_negative_shape_ends_at_minus_beta_over_xi():
    law = Pareto(-0.5, 1.0)
    assert law.quantile(1.0) == pytest.approx(2.0)
    assert law.log_survival(2.5) == -math.inf


def test_the_fit_is_that_of_scipy_and_its_errors_those_of_theory():
    """Variance of xi (1 + xi)^2 / n, of ln beta 2 (1 + xi) / n, covariance of both -(1 + xi) / n (Smith 1987)."""
    y = draw(Pareto(0.6, 2.0), 20_000, 3)
    found = fit_tail(y + 1.0, 1.0)
    shape, _, scale = stats.genpareto.fit(y, floc=0)
    xi, beta = found.estimates
    assert found.log_likelihood >= stats.genpareto.logpdf(y, shape, scale=scale).sum() - 1e-6
    assert (xi, beta) == (pytest.approx(shape, abs=1e-3), pytest.approx(scale, rel=1e-3))
    theory = np.array([[(1 + xi) ** 2, -(1 + xi) * beta], [-(1 + xi) * beta, 2 * (1 + xi) * beta**2]]) / y.size
    assert found.covariance == pytest.approx(theory, rel=0.05)


@pytest.mark.parametrize("xi", [-0.2, 0.0, 0.5, 1.3])
def test_the_tail_is_recovered_within_two_monte_carlo_errors_over_sixty_replications(xi):
    estimates = np.array([[law.xi, law.beta] for law in (pareto(draw(Pareto(xi, 2.0), 300, s)) for s in range(60))])
    spread = estimates.std(axis=0, ddof=1)
    assert (abs(estimates.mean(axis=0) - [xi, 2.0]) < 2 * spread / math.sqrt(60)).all()


def test_a_tail_that_ends_sharply_has_no_standard_error():
    """Uniform excesses are xi = -1: below xi = -1/2 the likelihood has no normal limit (Smith 1985)."""
    y = draw(Pareto(-0.75, 1.0), 400, 2)
    found = fit_tail(y + 1.0, 1.0)
    assert found.estimates[0] < -0.5
    assert np.isnan(found.covariance).all()


# --- the splice ---


def test_the_body_is_where_a_general_optimizer_finds_the_truncated_lognormal():
    x = draw(KNOWN, 500, 1)
    low = np.log(x[x <= 0.05])

    def loss(w: np.ndarray) -> float:
        law = stats.norm(w[0], math.exp(w[1]))
        return -float((law.logpdf(low) - law.logcdf(math.log(0.05))).sum())

    general = minimize(loss, [-4.0, 0.5], method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-9})
    found = body(x, 0.05)
    assert [found.mu, math.log(found.sigma)] == pytest.approx(general.x, abs=1e-4)


def test_the_splice_maximizes_its_likelihood_with_the_covariance_of_the_numerical_information():
    x = draw(KNOWN, 400, 4)
    found = fit_spliced(x, 0.05)
    assert found.log_likelihood == pytest.approx(float(found.law.log_density(x).sum()))
    assert found.estimates[2] == (x > 0.05).mean()

    def value(p: np.ndarray) -> float:
        return float(Spliced(p[0], p[1], 0.05, *p[2:]).log_density(x).sum())

    steps = 1e-3 * np.array([1.0, 1.0, 0.1, 1.0, 0.05])
    information = np.empty((5, 5))
    for i in range(5):
        for j in range(5):
            a, b = steps[i] * np.eye(5)[i], steps[j] * np.eye(5)[j]
            corners = [value(found.estimates + s * a + t * b) * s * t for s in (1, -1) for t in (1, -1)]
            information[i, j] = -sum(corners) / (4 * steps[i] * steps[j])
    scale = np.sqrt(np.outer(np.diag(found.covariance), np.diag(found.covariance)))
    assert found.covariance / scale == pytest.approx(np.linalg.inv(information) / scale, abs=2e-2)
    assert found.bic == pytest.approx(-2 * found.log_likelihood + 6 * math.log(400))


def test_the_splice_is_recovered_within_two_monte_carlo_errors_over_sixty_replications():
    laws = [spliced(draw(KNOWN, 2000, 40 + seed), 0.05) for seed in range(60)]
    estimates = np.array([[one.mu, one.sigma, one.tail_share, one.xi, one.beta] for one in laws])
    spread = estimates.std(axis=0, ddof=1)
    assert (abs(estimates.mean(axis=0) - [-4.0, 2.0, 0.3, 0.8, 0.06]) < 2 * spread / math.sqrt(60)).all()


def test_a_body_as_slow_as_a_power_law_is_refused():
    """Log distances E^1.2 below the threshold, E exponential, vary by more than their mean: a lognormal's cannot."""
    exponential = -np.log((np.arange(200) + 0.5) / 200)
    amounts = np.concatenate([np.exp(-(exponential**1.2)), 1 + np.linspace(0.1, 2, 40)])
    with pytest.raises(ValueError, match="no faster than a power law"):
        spliced(amounts, 1.0)


# --- the loss of one event ---


def test_quantile_undoes_probability_and_the_cap_takes_what_lies_above():
    p = np.array([0.0, 0.1, 0.7, 0.9, 0.999])
    assert CAPPED.cdf(CAPPED.quantile(p)) == pytest.approx(p, abs=1e-12)
    assert (CAPPED.quantile(1.0), CAPPED.cdf(40.0), CAPPED.cdf(0.0)) == (40.0, 1.0, 0.0)
    below = 1 - 0.3 * (1 + 0.8 * (39.99 - 0.05) / 0.06) ** (-1 / 0.8)
    assert CAPPED.cdf(39.99) == pytest.approx(below, rel=1e-12)


@pytest.mark.parametrize("xi", [-0.3, 0.0, 1e-12, 0.5, 1.0, 1.0 + 1e-12, 1.7])
def test_the_mean_is_the_integral_of_the_survival_to_the_cap(xi):
    severity = replace(CAPPED, xi=xi)
    low = quad(lambda x: 1 - float(severity.cdf(x)), 0, 0.05)[0]
    high = quad(lambda t: (1 - float(severity.cdf(math.exp(t)))) * math.exp(t), math.log(0.05), math.log(40), limit=200)
    assert severity.mean() == pytest.approx(low + high[0], rel=1e-7)


def test_the_limited_mean_is_the_mean_below_one_and_grows_without_end_from_one_on():
    """beta / (1 - xi) without a limit; at xi = 1 and beta = 1 the integral of 1 / (1 + y), ln(1 + limit)."""
    assert limited_mean(0.2, 3.0, math.inf) == pytest.approx(3.0 / 0.8)
    assert limited_mean(1.0, 1.0, math.e - 1) == pytest.approx(1.0)
    assert limited_mean(1.0, 1.0, math.inf) == limited_mean(2.3, 1.0, math.inf) == math.inf
    assert limited_mean(0.4, 2.0, 5.0) == pytest.approx(quad(lambda y: (1 + 0.2 * y) ** -2.5, 0, 5)[0])


def test_with_xi_one_every_tenfold_cap_adds_the_same_to_the_mean():
    """beta ln((1 + (10 c - u) / beta) / (1 + (c - u) / beta)), about beta ln 10, times the tail share: without end."""
    means = [replace(CAPPED, xi=1.0, cap=10.0**k).mean() for k in (4, 5, 6)]
    assert np.diff(means) == pytest.approx(0.3 * 0.06 * math.log(10), rel=1e-4)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"sigma": 0.0}, "sigma"),
        ({"mu": math.nan}, "mu"),
        ({"tail_share": 1.0}, "tail_share"),
        ({"beta": -1.0}, "beta"),
        ({"xi": math.inf}, "xi"),
        ({"cap": 0.05}, "cap"),
        ({"cap": math.inf}, "cap"),
        ({"threshold": 0.0}, "threshold"),
    ],
)
def test_a_parameter_outside_its_range_is_refused(change, name):
    with pytest.raises(ValueError, match=f"{name} is out of its range"):
        replace(CAPPED, **change)


def test_a_probability_outside_its_range_is_refused():
    with pytest.raises(ValueError, match="must lie in"):
        CAPPED.quantile([0.5, 1.5])


def test_the_warning_follows_xi_and_its_interval():
    """The 90 % interval ends 1.645 standard errors above."""
    assert infinite_mean(0.6, 0.2) is None
    assert infinite_mean(0.7, 0.2) == "the mean may be infinite without a cap: the 90 % interval of xi reaches 1.03"
    assert infinite_mean(1.0, 0.01) == "the mean is infinite without a cap: xi is 1.00"
    assert infinite_mean(0.2, math.nan) is not None


# --- bad input ---

GOOD = np.linspace(1.0, 9.0, 80)


@pytest.mark.parametrize(
    ("amounts", "threshold", "said"),
    [
        (np.append(GOOD, 0.0), 5.0, "finite and above zero"),
        (np.append(GOOD, math.inf), 5.0, "finite and above zero"),
        (np.full(80, 2.0), 1.0, "all 80 amounts equal 2"),
        (GOOD[:20], 1.5, "20 amounts, at least 30 are needed"),
        (GOOD, 9.0, "the threshold 9 is not below the largest amount, 9"),
        (GOOD, 30.0, "the threshold 30 is not below the largest amount, 9"),
        (GOOD, 8.0, "10 amounts above the threshold 8, at least 30 are needed"),
        (GOOD, 0.0, "the threshold must be above zero, got 0"),
        (GOOD, math.nan, "the threshold must be above zero, got nan"),
    ],
)
def test_what_no_tail_can_be_fitted_to_is_refused(amounts, threshold, said):
    for refuse in (above, fit_tail, fit_spliced):
        with pytest.raises(ValueError, match=said):
            refuse(amounts, threshold)


def test_a_body_of_too_few_or_equal_amounts_is_refused():
    with pytest.raises(ValueError, match=r"20 amounts up to the threshold 2\.9.*at least 30"):
        fit_spliced(GOOD, float(GOOD[19]))
    with pytest.raises(ValueError, match=r"all amounts up to the threshold 1\.5 are equal"):
        fit_spliced(np.concatenate([np.ones(40), GOOD[40:]]), 1.5)


# --- from a table back to a law ---


def test_the_splice_of_a_table_is_the_one_that_was_fitted():
    x = draw(KNOWN, 300, 9)
    found = severity_tables([Sample("s", x, np.array([]), 50.0)], np.random.default_rng(0), 19)
    chosen = best(found.coefficients)["s"]
    threshold = chosen_threshold(found.stability)
    again = fit_spliced(x, x[np.argmin(abs(x - threshold))])
    s = chosen.severity
    assert [s.mu, s.sigma, s.tail_share, s.xi, s.beta] == pytest.approx(again.estimates, rel=1e-5)
    assert chosen.covariance == pytest.approx(again.covariance, rel=1e-4)
    assert (s.cap, chosen.n, chosen.n_above) == (50.0, 300, round(300 * s.tail_share))
    assert chosen.warning == infinite_mean(s.xi, math.sqrt(chosen.covariance[3, 3]))


def test_a_source_without_a_splice_has_none_and_half_a_splice_is_refused():
    found = severity_tables([Sample("s", GOOD[:12], np.array([]))], np.random.default_rng(0), 9)
    assert best(found.coefficients) == {}
    x = draw(KNOWN, 100, 9)
    whole = severity_tables([Sample("s", x, np.array([]))], np.random.default_rng(0), 9).coefficients
    with pytest.raises(ValueError, match="s: the splice has no beta"):
        best(whole.filter(pl.col("coefficient") != "beta"))
