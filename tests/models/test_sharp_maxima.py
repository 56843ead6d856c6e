"""Fits to the last digits, so that processors agree: each maximum solves the equation that a paper or scipy gives."""

import math

import numpy as np
import pytest
from scipy import stats

from models.break_even import _root
from models.count_likelihood import dispersion_score, information
from models.frequency import YearlyCounts, fit_counts
from models.severity import burr, fit, lognormal
from models.synthesis import pool
from models.tail import pareto


def test_the_pooled_spread_solves_the_equation_of_restricted_likelihood():
    """Viechtbauer (2005), equation 8: tau2 = sum w2 ((y - m)2 - v) / sum w2 + 1 / sum w, w = 1 / (v + tau2)."""
    y, se = np.array([-5.1, -4.2, -6.3, -4.9, -3.0]), np.array([0.4, 0.3, 0.5, 0.2, 0.9])
    tau2 = pool(y, se).tau ** 2
    weight = 1 / (se**2 + tau2)
    mean = (weight * y).sum() / weight.sum()
    right = (weight**2 * ((y - mean) ** 2 - se**2)).sum() / (weight**2).sum() + 1 / weight.sum()
    assert tau2 == pytest.approx(right, rel=1e-13)


def trending() -> YearlyCounts:
    """Complaints as many as those of IC3: what values of a likelihood say of their spread ends at the fifth digit."""
    years = np.arange(2001.0, 2024.0)
    rng = np.random.default_rng(5)
    events = rng.poisson(rng.gamma(20, 300_000 * np.exp(0.1 * (years - 2023)) / 20)).astype(float)
    return YearlyCounts("s", years, events)


def test_rate_trend_and_dispersion_of_many_events_solve_the_score_equations_to_twelve_digits():
    """Of a negative binomial with a log link: sum (n - m) / (1 + a m) x = 0 for each column x of the design."""
    counts = trending()
    found = fit_counts(counts, trend=True)
    rate, trend, dispersion = found.estimates
    at = counts.years - counts.years[-1]
    mean = rate * np.exp(trend * at)
    residual = (counts.events - mean) / (1 + dispersion * mean)
    size = np.abs(residual).sum()
    assert abs(residual.sum()) < 1e-12 * size and abs((residual * at).sum()) < 1e-11 * size
    moved = [dispersion_score(counts.events, mean, dispersion * (1 + h)) for h in (-1e-9, 1e-9)]
    assert moved[0] > 0 > moved[1]


@pytest.mark.parametrize("dispersion", [1e-4, 0.04, 3.0])
def test_score_and_information_of_counts_are_differences_of_the_likelihood_of_scipy(dispersion):
    events, mean = np.array([0.0, 3.0, 12.0, 250.0]), np.array([1.0, 4.0, 9.0, 300.0])
    design = np.column_stack([np.ones(4), np.arange(4.0)])

    def theirs(working):
        k = math.exp(-working[2])
        m = mean * np.exp(design @ working[:2])
        return float(stats.nbinom.logpmf(events, k, k / (k + m)).sum())

    at, step = np.array([0.0, 0.0, math.log(dispersion)]), 1e-3 * np.eye(3)
    score = (theirs(at + step[2]) - theirs(at - step[2])) / 2e-3
    assert dispersion_score(events, mean, dispersion) == pytest.approx(score, rel=1e-4, abs=1e-7)
    own = information(events, design, mean, dispersion)
    numeric = np.array(
        [
            [
                -sum(s * t * theirs(at + s * step[i] + t * step[j]) for s in (1, -1) for t in (1, -1)) / 4e-6
                for i in range(3)
            ]
            for j in range(3)
        ]
    )
    numeric[2, 2] -= score  # what is left of it, by the log of the dispersion, away from the root of the score
    assert own[:2] == pytest.approx(numeric[:2], rel=1e-3, abs=1e-3)
    assert own[2, 2] == pytest.approx(numeric[2, 2], rel=1e-3, abs=1e-3)


def test_the_pareto_fit_solves_the_equation_of_grimshaw_to_twelve_digits():
    """Grimshaw (1993): (1 + mean ln(1 + theta y)) mean 1 / (1 + theta y) = 1."""
    for xi in (-0.3, 0.02, 0.9):
        excess = stats.genpareto(xi, scale=2.0).rvs(400, random_state=np.random.default_rng(3))
        found = pareto(excess)
        theta = found.xi / found.beta
        assert (1 + np.log1p(theta * excess).mean()) * (1 / (1 + theta * excess)).mean() == pytest.approx(1, abs=1e-13)
        assert found.xi == pytest.approx(np.log1p(theta * excess).mean(), rel=1e-12)


def test_the_burr_fit_has_no_slope_left_in_the_likelihood_of_scipy():
    amounts = stats.burr12(1.2, 0.9, scale=0.02).rvs(300, random_state=np.random.default_rng(4))
    found = burr(amounts)
    whole = stats.burr12.logpdf(amounts, found.c, found.d, scale=found.scale).sum()
    for move in np.eye(3):
        c, d, scale = np.array([found.c, found.d, found.scale]) * np.exp(1e-3 * move)
        up = stats.burr12.logpdf(amounts, c, d, scale=scale).sum()
        c, d, scale = np.array([found.c, found.d, found.scale]) * np.exp(-1e-3 * move)
        down = stats.burr12.logpdf(amounts, c, d, scale=scale).sum()
        # of third order in the step where the slope is zero
        assert abs(up - down) < 1e-2 * abs(up + down - 2 * whole)


def test_standard_errors_by_differences_are_those_of_the_textbook_to_the_ninth_digit():
    """Of a lognormal: sigma / sqrt(n) and sigma / sqrt(2 n)."""
    amounts = np.exp(np.random.default_rng(6).normal(-4, 2, 500))
    sigma = np.log(amounts).std()
    assert fit(amounts, lognormal).se == pytest.approx([sigma / math.sqrt(500), sigma / math.sqrt(1000)], rel=3e-9)


def test_a_break_even_at_the_end_of_its_range_is_that_end_whichever_side_rounding_puts_it():
    """Net benefit f (1 + f), zero at no coverage, moved by what rounding does."""
    nodes = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    for rounding in (0.0, 1e-15, -1e-15):
        assert _root(nodes, nodes * (1 + nodes) + rounding, 1.0) == 0.0
    assert _root(nodes, nodes * (1 + nodes) + 0.01, 1.0) is None
    assert _root(nodes, nodes - 1e-6, 1.0) == pytest.approx(1e-6, rel=1e-6)
