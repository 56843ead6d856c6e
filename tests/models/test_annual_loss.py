"""A year's loss: published numbers, enumeration, closed forms, and two exact methods against each other."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import pytest
from scipy import stats

from models.annual_loss import AnnualLoss, any_event, compound, largest_event, panjer, transform, untilted
from models.discretization import discretize, limited_mean
from models.event_counts import Binomial, Listed, NegativeBinomial, Poisson
from models.loss_curve import loss_curves
from models.tail import SplicedSeverity


@dataclass(frozen=True)
class Frozen:
    """A law of scipy as the loss of an event, USD bn."""

    law: object
    threshold: float = np.inf
    cap: float = np.inf

    def cdf(self, loss):
        return self.law.cdf(loss)

    def quantile(self, probability):
        return self.law.ppf(probability)

    def mean(self):
        return float(self.law.mean())


GAMMA, EXPONENTIAL = Frozen(stats.gamma(2)), Frozen(stats.expon())
SPLICED = SplicedSeverity(mu=np.log(0.003), sigma=2.0, threshold=0.05, tail_share=0.08, xi=0.7, beta=0.06, cap=500.0)
HEAVY = SplicedSeverity(mu=np.log(0.003), sigma=1.0, threshold=0.05, tail_share=0.08, xi=1.3, beta=0.06, cap=2000.0)
LAWS = [Poisson(10.0), NegativeBinomial(10.0, 2.5), NegativeBinomial(3.0, 0.4), Binomial(20, 0.5)]
PERIODS = np.array([2, 5, 10, 20, 50, 100, 200, 500, 1000])
LEVELS = 1 - 1 / PERIODS


# --- published numbers and enumeration ---


def both_methods(counts, loss, size, step, mean):
    return [AnnualLoss(step, found, mean) for found in (compound([(counts, loss)], size), panjer(counts, loss, size))]


def test_poisson_gamma_is_as_in_the_vignette_of_actuar():
    """Target 1, R package actuar, vignette "Risk and ruin theory": step 0.5 on [0, 22], local moment matching."""
    loss = discretize(GAMMA, 0.5, 45)
    for found in both_methods(Poisson(10), loss, 256, 0.5, 20.0):
        assert found.partial_mean[-1] == pytest.approx(20.0, abs=5e-5)
        assert found.value_at_risk(np.array([0.25, 0.5, 0.75])).tolist() == [14.5, 19.5, 25.0]
        assert found.value_at_risk(np.array([0.90, 0.95, 0.99])).tolist() == [30.5, 34.0, 41.0]
        assert found.tail_mean(np.array([0.90, 0.95, 0.99])) == pytest.approx([35.42, 38.55, 45.01], abs=0.01)
        assert found.probability[0] == pytest.approx(6.29313e-5, rel=1e-6)


@pytest.mark.parametrize("counts", [*LAWS, Poisson(0.3), Poisson(100.0), Poisson(0.0)], ids=str)
def test_transform_and_recursion_agree(counts):
    loss = discretize(GAMMA, 0.5, 45)
    transformed, recursive = both_methods(counts, loss, 1024, 0.5, counts.mean * 2)
    assert np.abs(transformed.probability - recursive.probability).max() < 1e-12


@pytest.mark.parametrize("probabilities", [(1 / 3, 1 / 3, 0.0, 1 / 3), (0.2, 0.5, 0.3)], ids=["0 1 3", "0 1 2"])
def test_a_small_portfolio_is_as_enumerated(probabilities):
    """Target 2: counts 0, 1, 3 equally likely, severities 1 and 10 equally likely; and unequal counts 0, 1, 2."""
    expected = np.zeros(40)
    for n, p in enumerate(probabilities):
        for amounts in product((1, 10), repeat=n):
            expected[sum(amounts)] += p * 0.5**n
    loss = np.zeros(11)
    loss[[1, 10]] = 0.5
    counts = Listed(probabilities)
    found = compound([(counts, loss)], 40)
    assert np.abs(found - expected).max() < 1e-12
    assert found @ np.arange(40) == pytest.approx(counts.mean * 5.5, rel=1e-12)


def test_a_dental_plan_is_as_in_the_book():
    """Target 2, Klugman, Panjer and Willmot, Loss Models, example 9.5 (a dental plan, units of 25): mean 12.58,
    variance 58.7464, and the first probabilities of its table."""
    loss = np.array([0, 0.15, 0.2, 0.25, 0.125, 0.075, 0.05, 0.05, 0.05, 0.025, 0.025])
    found = compound([(Listed((0.05, 0.1, 0.15, 0.2, 0.25, 0.15, 0.06, 0.03, 0.01)), loss)], 81)
    places = np.arange(81)
    assert found @ places == pytest.approx(12.58, abs=1e-9)
    assert found @ places**2 - 12.58**2 == pytest.approx(58.7464, abs=1e-8)
    assert found[:6] == pytest.approx([0.05, 0.015, 0.02338, 0.03468, 0.03258, 0.03579], abs=5.1e-6)


# --- the loss of an event on a grid ---


@pytest.mark.parametrize("step", [0.05, 0.01, 0.3, 7.0])
@pytest.mark.parametrize("severity", [SPLICED, HEAVY, SplicedSeverity(-6, 3.0, 0.04, 0.1, -0.2, 0.001, 60.0)], ids=str)
def test_the_grid_keeps_the_mean(severity, step):
    size = int(severity.cap / step) + 2
    loss = discretize(severity, step, size, blurred=True)
    assert loss @ np.arange(size) * step == pytest.approx(severity.mean(), rel=1e-9)
    assert loss.sum() == pytest.approx(1, abs=1e-12)


def test_an_exponential_event_is_on_the_grid_as_by_hand():
    """E[X^u] = 1 - exp(-u): f_0 = 1 - (1 - e^-h)/h, f_j = e^(-jh) (e^h - 2 + e^-h)/h."""
    h = 0.25
    expected = np.exp(-h * np.arange(40)) * (np.exp(h) - 2 + np.exp(-h)) / h
    expected[0] = 1 - (1 - np.exp(-h)) / h
    assert discretize(EXPONENTIAL, h, 40) == pytest.approx(expected, abs=1e-13)
    assert limited_mean(EXPONENTIAL.cdf, 3.0) == pytest.approx(1 - np.exp(-3), abs=1e-14)


def test_losses_at_the_cap_are_a_mass_at_the_cap():
    loss = discretize(HEAVY, 1.0, 2002, blurred=True)
    assert loss[2000] == pytest.approx(1 - HEAVY.cdf(1999.999), rel=0.01)
    assert loss[2001] == 0


# --- closed forms ---


def test_geometric_counts_of_exponential_losses_are_exponential():
    """With P(N = n) = m^n / (1 + m)^(n + 1): P(S > x) = m / (1 + m) exp(-x / (1 + m)); TVaR = VaR + 1 + m."""
    m, step = 4.0, 0.01
    loss = discretize(EXPONENTIAL, step, 4000)
    found = AnnualLoss(step, compound([(NegativeBinomial(m, 1.0), loss)], 2**13), m)
    at = (1 + m) * np.log(m / (1 + m) / (1 - LEVELS))
    assert found.interpolated(LEVELS) == pytest.approx(at, rel=1e-4)
    assert np.abs(found.value_at_risk(LEVELS) - at).max() < step
    assert found.shortfall(LEVELS) == pytest.approx(at + 1 + m, rel=1e-4)
    assert found.tail_mean(LEVELS) == pytest.approx(at + 1 + m, abs=2 * step)
    assert found.exceedance(np.array([1.0, 10.0])) == pytest.approx(0.8 * np.exp(-np.array([1, 10]) / 5), rel=2e-3)
    assert found.probability[0] == pytest.approx(1 / (1 + m * (1 - loss[0])), abs=1e-12)


def test_tail_mean_of_all_years_is_the_mean():
    found = AnnualLoss(0.5, compound([(Poisson(10), discretize(GAMMA, 0.5, 45))], 256), 20.0)
    assert found.shortfall(np.zeros(1)) == pytest.approx(20.0, rel=1e-9)


def test_the_largest_of_poisson_exponential_events_is_gumbel():
    """P(max <= x) = exp(-lambda exp(-x)); never 0 for a year with no event, so cut at 0."""
    levels = np.array([0.01, 0.5, 0.9, 0.99, 0.999])
    found = largest_event([EXPONENTIAL], [[Poisson(3.0)], [Poisson(30.0)]], levels)
    for row, rate in zip(found, (3.0, 30.0), strict=True):
        assert row == pytest.approx(np.maximum(-np.log(-np.log(levels) / rate), 0), rel=1e-6)


def test_the_largest_event_of_two_sources_is_within_where_both_are():
    laws = [Poisson(3.0), NegativeBinomial(5.0, 2.0)]
    (found,) = largest_event([EXPONENTIAL, GAMMA], [laws], LEVELS)
    alone = np.exp(-3 * np.exp(-found)) * (1 + 5 / 2 * stats.gamma(2).sf(found)) ** -2.0
    assert alone == pytest.approx(LEVELS, abs=1e-6)


def test_an_event_of_either_source_is_a_mixture():
    weights = np.array([[0.25, 0.75]])
    (found,) = any_event([EXPONENTIAL, GAMMA], weights, LEVELS)
    assert 0.25 * np.exp(-found) + 0.75 * stats.gamma(2).sf(found) == pytest.approx(1 - LEVELS, rel=1e-5)


# --- several sources, and what lies beyond the grid ---


def test_independent_sources_convolve():
    gamma, exponential = discretize(GAMMA, 0.5, 45), discretize(EXPONENTIAL, 0.5, 45)
    laws = [(Poisson(4.0), gamma), (NegativeBinomial(6.0, 2.0), exponential)]
    together = compound(laws, 256)
    alone = [compound([each], 256) for each in laws]
    assert np.abs(together - np.convolve(*alone)[:256]).max() < 1e-12


def test_two_poisson_sources_are_one_with_a_mixed_severity():
    gamma, exponential = discretize(GAMMA, 0.5, 45), discretize(EXPONENTIAL, 0.5, 45)
    together = compound([(Poisson(4.0), gamma), (Poisson(6.0), exponential)], 256)
    assert np.abs(together - compound([(Poisson(10.0), 0.4 * gamma + 0.6 * exponential)], 256)).max() < 1e-12


def test_tilting_keeps_what_lies_beyond_the_grid_from_wrapping_around():
    counts = Poisson(200.0)
    short, long = (discretize(HEAVY, 0.05, size) for size in (2**8, 2**14))
    exact = panjer(counts, short, 2**8)
    assert np.abs(compound([(counts, short)], 2**8) - exact).max() < 1e-11
    assert np.abs(compound([(counts, long)], 2**14)[: 2**8] - exact).max() < 1e-9
    without = untilted([counts], [transform(short, 2**9, tilt=0.0)], 2**8, 2**9, tilt=0.0)
    assert np.abs(without - exact).max() > 1e-5


CASES = [
    (s, c) for s in (SPLICED, HEAVY) for c in (NegativeBinomial(0.3, 2.0), Poisson(8.0), NegativeBinomial(200.0, 2))
]


@pytest.mark.parametrize(("severity", "counts"), CASES, ids=str)
def test_a_grid_for_each_factor_of_ten_reads_as_one_fine_grid(severity, counts):
    (curve,) = loss_curves([severity], [[counts]], 1e-3)
    (fine,) = loss_curves([severity], [[counts]], 1e-3, points=2**15)
    assert curve.value_at_risk(LEVELS) == pytest.approx(fine.value_at_risk(LEVELS), rel=5e-4)
    assert curve.tail_mean(LEVELS) == pytest.approx(fine.tail_mean(LEVELS), rel=5e-4)
    assert curve.mean == counts.mean * severity.mean()


def test_a_curve_agrees_with_the_recursion():
    step, levels = 0.002, LEVELS[:6]
    exact = AnnualLoss(step, panjer(Poisson(8.0), discretize(SPLICED, step, 4000), 4000), 8 * SPLICED.mean())
    (curve,) = loss_curves([SPLICED], [[Poisson(8.0)]], 1e-3)
    assert curve.value_at_risk(levels) == pytest.approx(exact.interpolated(levels), rel=5e-4)
    assert curve.tail_mean(levels) == pytest.approx(exact.shortfall(levels), rel=5e-4)


def test_a_year_without_an_event_has_no_loss():
    (curve,) = loss_curves([SPLICED], [[Poisson(0.1)]], 1e-3)
    assert curve.none == pytest.approx(np.exp(-0.1))
    assert curve.value_at_risk(np.array([0.5, 0.9]))[:2].tolist() == [0.0, 0.0]
    assert curve.given_loss(np.array([0.9])) == pytest.approx(1 - 0.1 * (1 - np.exp(-0.1)))


# --- counts ---


@pytest.mark.parametrize("counts", LAWS, ids=str)
def test_fewer_events_are_events_kept_with_a_probability(counts):
    z = np.array([0.0, 0.3, 0.9, 0.5 + 0.4j])
    assert counts.scaled(0.7).pgf(z) == pytest.approx(counts.pgf(0.3 + 0.7 * z), rel=1e-12)
    assert counts.scaled(0.7).mean == pytest.approx(0.7 * counts.mean)


@pytest.mark.parametrize(
    ("counts", "law"),
    [
        (Poisson(10.0), stats.poisson(10)),
        (NegativeBinomial(10.0, 2.5), stats.nbinom(2.5, 2.5 / 12.5)),
        (Binomial(20, 0.3), stats.binom(20, 0.3)),
    ],
    ids=["Poisson", "negative binomial", "binomial"],
)
def test_recursion_generating_function_and_draws_are_those_of_scipy(counts, law):
    a, b = counts.recursion()
    n = np.arange(1, 15)
    assert law.pmf(n) / law.pmf(n - 1) == pytest.approx(a + b / n)
    assert counts.pgf(np.array([0.6])) == pytest.approx([np.sum(law.pmf(np.arange(400)) * 0.6 ** np.arange(400))])
    drawn = counts.draw(np.random.default_rng(5), 20_000)
    assert drawn.mean() == pytest.approx(law.mean(), abs=4 * law.std() / 20_000**0.5)
    assert drawn.var() == pytest.approx(law.var(), rel=0.1)


# --- bad input ---

INFINITE = Frozen(stats.genpareto(1.2), threshold=1.0)
REFUSED = {
    "infinite mean on a grid": (lambda: discretize(INFINITE, 0.5, 10), "infinite .* give the severity a cap"),
    "infinite mean in a year": (lambda: loss_curves([INFINITE], [[Poisson(1.0)]], 1e-3), "infinite"),
    "step above the threshold": (lambda: discretize(SPLICED, 0.06, 10), "0.06, is larger than the threshold .* 0.05"),
    "step of nothing": (lambda: discretize(SPLICED, 0.0, 10), "finite step above 0"),
    "step that is no number": (lambda: discretize(SPLICED, np.nan, 10), "finite step above 0"),
    "one point": (lambda: discretize(SPLICED, 0.01, 1), "two points"),
    "limit of nothing": (lambda: limited_mean(SPLICED.cdf, 0.0), "above 0, got 0.0"),
    "level of certainty": (lambda: AnnualLoss(1.0, np.ones(1), 0.0).value_at_risk(np.ones(1)), "below 1"),
    "level beyond the grid": (lambda: AnnualLoss(1.0, np.full(2, 0.4), 2.0).tail_mean(np.full(1, 0.9)), "0.9 lies bey"),
    "too many events for the recursion": (lambda: panjer(Poisson(1e4), np.ones(1) * 0.5, 9), "10000 events a year"),
    "negative mean": (lambda: Poisson(-1.0), "Poisson counts: mean = -1.0"),
    "mean that is infinite": (lambda: NegativeBinomial(np.inf, 1.0), "finite and not negative"),
    "no dispersion": (lambda: NegativeBinomial(1.0, 0.0), "size = 0.0"),
    "certain binomial": (lambda: Binomial(3, 0.6).scaled(2), "below 1"),
    "probabilities that do not add up": (lambda: Listed((0.5, 0.4)), "sum of the probabilities"),
    "no probability": (lambda: Listed(()), "least probability"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_one_clear_error(case):
    call, message = REFUSED[case]
    with pytest.raises(ValueError, match=message):
        call()
