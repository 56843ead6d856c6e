"""Yearly counts: scipy's likelihoods, recovery, the test at the edge, disclosure laws, what is not on record."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import polars as pl
import pytest
from scipy import stats
from scipy.integrate import quad
from scipy.optimize import minimize

from models.event_counts import NegativeBinomial, Poisson
from models.frequency import (
    DISCLOSURE_LAWS,
    DisclosureLaw,
    Reporting,
    YearlyCounts,
    fit_counts,
    law_of,
    log_likelihood,
    true_rate,
)
from models.frequency_table import frequencies, frequency_table

ONE_IN_FIVE = Reporting(4.0, 16.0)
UNKNOWN = DisclosureLaw("law", date(2018, 1, 1))


def yearly(events, first: int = 2010, **options) -> YearlyCounts:
    events = np.asarray(events, dtype=np.float64)
    years = first + np.arange(events.size, dtype=np.float64)
    return YearlyCounts("s", years, events, **{"reporting": ONE_IN_FIVE} | options)


def negative_binomial(rng: np.random.Generator, mean, dispersion: float, size: int) -> np.ndarray:
    return rng.poisson(rng.gamma(1 / dispersion, dispersion * np.asarray(mean), size))


# --- likelihood ---


def test_the_likelihood_is_that_of_scipy():
    events, mean = np.array([0.0, 3.0, 12.0, 250.0]), np.array([1.0, 4.0, 9.0, 300.0])
    theirs = stats.nbinom.logpmf(events, 1 / 0.3, 1 / (1 + 0.3 * mean)).sum()
    assert log_likelihood(events, mean, 0.3) == pytest.approx(theirs, rel=1e-12)
    poisson = stats.poisson.logpmf(events, mean).sum()
    assert log_likelihood(events, mean, 0.0) == pytest.approx(poisson, rel=1e-12)
    assert log_likelihood(events, mean, 1e-10) == pytest.approx(poisson, rel=1e-6)


def test_the_poisson_rate_is_the_mean_and_its_error_the_root_of_the_mean_over_years():
    found = fit_counts(yearly([8, 18, 12, 10, 12, 6]), dispersed=False)
    assert found.estimates == pytest.approx([11.0])
    assert found.se == pytest.approx([math.sqrt(11 / 6)], rel=1e-4)
    assert isinstance(found.law, Poisson) and found.law.mean == pytest.approx(11.0)
    assert found.bic == pytest.approx(-2 * found.log_likelihood + math.log(6))


def test_a_general_optimizer_finds_no_higher_likelihood_of_rate_trend_and_dispersion():
    events = negative_binomial(np.random.default_rng(1), 40 * np.exp(0.1 * (np.arange(20) - 19)), 0.2, 20)
    found = fit_counts(yearly(events), trend=True)

    def loss(w: np.ndarray) -> float:
        mean, k = np.exp(w[0] + w[1] * (np.arange(20) - 19)), math.exp(-w[2])
        return -float(stats.nbinom.logpmf(events, k, k / (k + mean)).sum())

    general = minimize(loss, [3.5, 0.0, -1.0], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10})
    assert found.names == ("rate", "trend", "dispersion")
    assert found.log_likelihood == pytest.approx(-general.fun, abs=1e-6)
    assert found.estimates == pytest.approx([math.exp(general.x[0]), general.x[1], math.exp(general.x[2])], rel=1e-3)


# --- recovery ---


def test_rate_and_dispersion_are_recovered_within_two_monte_carlo_errors_over_sixty_replications():
    rng = np.random.default_rng(3)
    fits = [fit_counts(yearly(negative_binomial(rng, 30.0, 0.4, 100), 1950)) for _ in range(60)]
    estimates = np.array([one.estimates for one in fits])
    spread = estimates.std(axis=0, ddof=1)
    assert (abs(estimates.mean(axis=0) - [30.0, 0.4]) < 2 * spread / math.sqrt(60)).all()
    assert np.mean([one.se for one in fits], axis=0) == pytest.approx(spread, rel=0.3)
    assert fits[0].law == NegativeBinomial(fits[0].estimates[0], 1 / fits[0].estimates[1])


def test_what_a_law_did_to_reporting_is_recovered():
    """Reporting rises by half when the law comes: log 1.5. The rate is that of the last year."""
    rng = np.random.default_rng(4)
    mean = np.where(np.arange(2000, 2036) < 2018, 200.0, 300.0)
    found = [
        fit_counts(yearly(negative_binomial(rng, mean, 0.02, 36), 2000, laws=(UNKNOWN,)), shifts=True)
        for _ in range(60)
    ]
    estimates = np.array([one.estimates[:2] for one in found])
    spread = estimates.std(axis=0, ddof=1)
    assert found[0].names == ("rate", "shift_law", "dispersion")
    assert (abs(estimates.mean(axis=0) - [300.0, math.log(1.5)]) < 2 * spread / math.sqrt(60)).all()


def test_a_known_shift_is_taken_out_of_the_counts():
    """Events on record double with the law at a constant true rate: 40 and 80, the same rate throughout."""
    doubled = yearly([40] * 8 + [80] * 4, laws=(DisclosureLaw("law", date(2018, 1, 1), math.log(2)),))
    found = fit_counts(doubled)
    assert found.names == ("rate",)
    assert found.estimates == pytest.approx([80.0])
    plain = fit_counts(yearly([40] * 8 + [80] * 4))
    assert plain.estimates[1] > 0


# --- the test of the dispersion ---


def test_counts_that_vary_less_than_poisson_counts_are_at_the_edge():
    found = fit_counts(yearly([20] * 10))
    assert found.names == ("rate",) and isinstance(found.law, Poisson)
    rows = frequency_table([yearly([20] * 10)])
    told = rows.filter(fit="negative_binomial", coefficient="dispersion").row(0, named=True)
    assert (told["estimate"], told["se"]) == (0.0, None)
    assert told["status"].startswith("counts vary no more than Poisson counts")
    test = dict(rows.filter(fit="test").select("coefficient", "estimate").iter_rows())
    assert (test["likelihood_ratio"], test["p_value"]) == (0.0, 1.0)


def test_the_p_value_is_half_that_of_a_chi_square_with_one_degree():
    """P(chi2_1 > x) = erfc(sqrt(x / 2))."""
    rows = frequency_table([yearly([30, 60, 22, 47, 81, 35, 28])]).filter(fit="test")
    test = dict(rows.select("coefficient", "estimate").iter_rows())
    half = 0.5 * math.erfc(math.sqrt(test["likelihood_ratio"] / 2))
    assert test["p_value"] == pytest.approx(half, rel=1e-4)
    assert test["p_value_trend"] == pytest.approx(math.erfc(math.sqrt(test["likelihood_ratio_trend"] / 2)), rel=1e-3)


def test_poisson_counts_are_not_taken_for_dispersed_ones():
    """At 5 %, 60 sets of Poisson counts are refused more than 7 times with probability 1.6 %; loud ones always are."""
    rng = np.random.default_rng(8)
    quiet = frequency_table([yearly(rng.poisson(50, 15)) for _ in range(60)]).filter(coefficient="p_value")
    assert (quiet["estimate"].to_numpy() < 0.05).sum() <= 7
    loud = frequency_table([yearly(negative_binomial(rng, 50.0, 0.5, 15))]).filter(coefficient="p_value")
    assert loud["estimate"].item() < 1e-6


# --- disclosure laws ---


def test_a_law_counts_for_the_part_of_the_year_in_which_it_is_in_force():
    """25 May 2018 to the end of the year: 221 of 365 days; 18 December 2023: 14 of 365."""
    counts = yearly([10] * 8, 2017)
    first, second = (counts.in_force(law) for law in DISCLOSURE_LAWS)
    assert first.tolist() == [0.0, pytest.approx(221 / 365), *[1.0] * 6]
    assert second.tolist() == [*[0.0] * 6, pytest.approx(14 / 365), 1.0]


def test_laws_outside_the_years_are_left_out_and_their_rows_say_so():
    mixed = yearly([10, 12, 9, 30, 33, 31, 28, 35], 2014, laws=(*DISCLOSURE_LAWS, UNKNOWN))
    rows = frequency_table([mixed]).filter(fit="negative_binomial_shifts")
    told = {row["coefficient"]: row for row in rows.iter_rows(named=True)}
    assert told["shift_disclosure_2023"]["status"] == (
        "not estimable: the law did not come into force within these years"
    )
    assert told["shift_law"]["estimate"] is not None
    assert "negative_binomial_shifts" not in frequency_table([yearly([10] * 8)])["fit"].to_list()


# --- what is not on record ---


def test_all_events_are_those_on_record_over_the_probability_of_being_on_it():
    """p ~ Beta(4, 16), around the fifth that reported: E[1 / p] = 19 / 3; by the integral too."""
    mean, low, high = true_rate(30.0, ONE_IN_FIVE)
    inverse = quad(lambda p: stats.beta.pdf(p, 4, 16) / p, 0, 1)[0]
    assert (mean, 30 * inverse) == pytest.approx((190.0, 190.0))
    assert (low, high) == (
        pytest.approx(30 / stats.beta.ppf(0.95, 4, 16)),
        pytest.approx(30 / stats.beta.ppf(0.05, 4, 16)),
    )
    assert ONE_IN_FIVE.mean == 0.2
    with pytest.raises(ValueError, match="a must exceed 1"):
        true_rate(30.0, Reporting(1.0, 4.0))


def test_thinning_keeps_the_dispersion():
    """Each of N events, N of dispersion 0.5 and mean 400, is on record with p = 1/4: mean 100, variance 100 + 5000."""
    rng = np.random.default_rng(5)
    seen = rng.binomial(negative_binomial(rng, 400.0, 0.5, 200_000), 0.25)
    assert seen.mean() == pytest.approx(100, rel=0.01)
    assert seen.var() == pytest.approx(100 + 0.5 * 100**2, rel=0.03)
    assert law_of(100.0, 0.5).scaled(4) == law_of(400.0, 0.5)


def test_a_source_of_which_nobody_knows_the_share_on_record_has_no_true_rate():
    rows = frequency_table([yearly([10] * 8, reporting=None)]).filter(fit="reporting")
    assert rows["estimate"].null_count() == 2
    assert rows["status"].unique().to_list() == ["not estimable: nothing is known of the share of events on record"]


# --- tables and bad input ---


def test_the_law_of_a_table_is_the_one_that_was_fitted_and_refused_sources_have_none():
    counts = yearly([30, 60, 22, 47, 81, 35, 28])
    few = YearlyCounts("few", counts.years, np.array([3.0, 0, 0, 1, 1, 0, 2]))
    found = frequencies(frequency_table([counts, few]))
    fitted = fit_counts(counts)
    assert list(found) == ["s"]
    law, se = found["s"]
    assert isinstance(law, NegativeBinomial)
    assert (law.mean, 1 / law.size, se) == pytest.approx((*fitted.estimates, fitted.se[0]), rel=1e-5)


@pytest.mark.parametrize(
    ("counts", "options", "said"),
    [
        (yearly([2, 3, 4, 5, 6]), {}, "20 events, at least 30 are needed"),
        (yearly([100, 100, 100, 100]), {}, "4 years, at least 5 are needed"),
        (yearly([10] * 6, no_trend="effort of coders"), {"trend": True}, "effort of coders"),
        (yearly([10] * 6), {"shifts": True}, "no disclosure law of unknown effect came into force"),
        (yearly([10] * 6, 2019, laws=(UNKNOWN,)), {"shifts": True}, "no disclosure law of unknown effect"),
        (
            yearly([10] * 9, 2014, laws=(UNKNOWN, DisclosureLaw("twin", date(2018, 1, 1)))),
            {"shifts": True},
            "9 years do not tell rate, shift_law, shift_twin apart",
        ),
    ],
)
def test_counts_that_tell_too_little_are_refused(counts, options, said):
    with pytest.raises(ValueError, match=said):
        fit_counts(counts, **options)


@pytest.mark.parametrize("events", [[1.5, 2.0], [-1.0, 3.0], [math.nan, 3.0], [math.inf, 3.0]])
def test_what_are_no_counts_is_refused(events):
    with pytest.raises(ValueError, match="s: counts must be whole numbers of at least zero"):
        yearly(events)


def test_a_year_that_is_missing_is_refused_and_not_taken_for_zero():
    with pytest.raises(ValueError, match="years that follow one another"):
        YearlyCounts("s", np.array([2010.0, 2012.0]), np.array([5.0, 6.0]))


def test_every_number_carries_its_events_and_years():
    rows = frequency_table([yearly([30, 60, 22, 47, 81, 35, 28])])
    assert rows.select("n", "years").unique().rows() == [(303, 7)]
    assert rows.filter(pl.col("estimate").is_null()).is_empty()
