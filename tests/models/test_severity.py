"""Distributions and their fits: scipy as an independent check, closed forms, recovery of known parameters, refusals."""

from __future__ import annotations

import math
from dataclasses import astuple

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import minimize

from models.laws import Burr, Lognormal, Pareto, Spliced, Weibull
from models.severity import (
    FAMILIES,
    Sample,
    anderson_darling,
    burr,
    checked,
    fit,
    goodness_of_fit,
    lognormal,
    weibull,
)
from models.severity_table import severity_tables
from models.tail import fit_spliced

KNOWN = {
    "lognormal": Lognormal(-4.0, 2.0),
    "weibull": Weibull(0.6, 0.05),
    "burr": Burr(1.2, 0.9, 0.02),
    "pareto": Pareto(0.7, 0.03),
}
SCIPY = {
    "lognormal": stats.lognorm(2.0, scale=math.exp(-4.0)),
    "weibull": stats.weibull_min(0.6, scale=0.05),
    "burr": stats.burr12(1.2, 0.9, scale=0.02),
    "pareto": stats.genpareto(0.7, scale=0.03),
}
SPLICED = Spliced(-4.0, 2.0, 0.05, 0.3, 0.8, 0.06)


def draw(law, n: int, seed: int) -> np.ndarray:
    return law.quantile(np.random.default_rng(seed).random(n))


# --- distributions ---


@pytest.mark.parametrize("name", KNOWN)
def test_density_probability_and_quantile_are_those_of_scipy(name):
    ours, theirs = KNOWN[name], SCIPY[name]
    x = np.geomspace(1e-6, 1e4, 60)
    # beyond a log survival of -600 scipy's own probability underflows
    seen = theirs.logsf(x) > -600
    assert ours.log_density(x) == pytest.approx(theirs.logpdf(x), rel=1e-9, abs=1e-9)
    assert ours.log_cdf(x) == pytest.approx(theirs.logcdf(x), rel=1e-8, abs=1e-12)
    assert ours.log_survival(x)[seen] == pytest.approx(theirs.logsf(x)[seen], rel=1e-8, abs=1e-12)
    p = np.array([0.0, 1e-9, 0.2, 0.5, 0.99, 1 - 1e-9])
    assert ours.quantile(p) == pytest.approx(theirs.ppf(p), rel=1e-7)


def test_the_splice_integrates_to_one_and_is_each_law_on_its_side():
    """Below the threshold the lognormal given that it stays below, above it the excess law, at 7 to 3."""
    below, above = np.array([0.001, 0.02, 0.05]), np.array([0.06, 1.0, 300.0])
    cut = SCIPY["lognormal"].cdf(below) / SCIPY["lognormal"].cdf(0.05)
    assert np.exp(SPLICED.log_cdf(below)) == pytest.approx(0.7 * cut)
    assert np.exp(SPLICED.log_survival(above)) == pytest.approx(0.3 * stats.genpareto.sf(above - 0.05, 0.8, scale=0.06))
    assert np.exp(SPLICED.log_cdf(above)) + np.exp(SPLICED.log_survival(above)) == pytest.approx(1.0)
    grid = np.log(np.geomspace(1e-9, 1e9, 400_001))
    density = np.exp(SPLICED.log_density(np.exp(grid)) + grid)
    assert np.trapezoid(density, grid) == pytest.approx(1.0, abs=1e-4)
    p = np.array([0.0, 0.3, 0.7, 0.71, 1 - 1e-12])
    assert np.exp(SPLICED.log_cdf(SPLICED.quantile(p))) == pytest.approx(p, abs=1e-12)
    assert SPLICED.quantile(1.0) == math.inf


# --- fits ---


def test_the_lognormal_fit_has_the_errors_of_the_textbook():
    """Mean and spread (divisor n) of the logs; variances sigma^2 / n and sigma^2 / 2n, covariance zero."""
    x = draw(KNOWN["lognormal"], 80, 1)
    found = fit(x, lognormal)
    sigma = float(np.log(x).std())
    assert found.estimates == pytest.approx([np.log(x).mean(), sigma])
    assert found.covariance == pytest.approx(np.diag([sigma**2 / 80, sigma**2 / 160]), rel=1e-4, abs=1e-6)
    assert found.log_likelihood == pytest.approx(stats.lognorm.logpdf(x, sigma, scale=np.exp(np.log(x).mean())).sum())
    assert found.bic == pytest.approx(-2 * found.log_likelihood + 2 * math.log(80))


@pytest.mark.parametrize(("name", "theirs"), [("weibull", stats.weibull_min), ("burr", stats.burr12)])
def test_a_general_optimizer_finds_no_higher_likelihood(name, theirs):
    x = draw(KNOWN[name], 200, 2)
    found = fit(x, FAMILIES[name])
    shapes, scale = found.estimates[:-1], found.estimates[-1]
    assert found.log_likelihood == pytest.approx(theirs.logpdf(x, *shapes, scale=scale).sum())
    begin = np.log(astuple(KNOWN[name]))
    general = minimize(
        lambda w: -theirs.logpdf(x, *np.exp(w[:-1]), scale=np.exp(w[-1])).sum(),
        begin,
        method="Nelder-Mead",
        options={"maxiter": 4000, "xatol": 1e-7, "fatol": 1e-9},
    )
    assert found.log_likelihood == pytest.approx(-general.fun, abs=1e-5)
    assert found.estimates == pytest.approx(np.exp(general.x), rel=1e-3)


@pytest.mark.parametrize("name", ["lognormal", "weibull", "burr"])
def test_known_parameters_are_recovered_within_two_monte_carlo_errors_over_sixty_replications(name):
    """The bias of maximum likelihood falls with 1 / n, its spread with the root: 1,500 amounts leave little of it."""
    fits = [fit(draw(KNOWN[name], 1500, 100 + seed), FAMILIES[name]) for seed in range(60)]
    estimates = np.array([one.estimates for one in fits])
    spread = estimates.std(axis=0, ddof=1)
    bias = estimates.mean(axis=0) - np.array(astuple(KNOWN[name]))
    assert (abs(bias) < 2 * spread / math.sqrt(60)).all()
    assert np.median([one.se for one in fits], axis=0) == pytest.approx(spread, rel=0.3)


@pytest.mark.parametrize("truth", [*FAMILIES, "spliced"])
def test_bic_picks_the_family_that_a_large_sample_came_from(truth):
    law = SPLICED if truth == "spliced" else KNOWN[truth]
    x = draw(law, 6000, 11)
    bic = {}
    for name, maximum in FAMILIES.items():
        try:
            bic[name] = fit(x, maximum).bic
        except ValueError:  # Burr XII on amounts that are Weibull: the limit of the family
            continue
    bic["spliced"] = fit_spliced(x, SPLICED.threshold).bic
    assert min(bic, key=bic.__getitem__) == truth


def test_burr_without_a_maximum_is_refused_and_not_replaced():
    """Exponential quantiles are the Weibull limit of the family: scale and second shape grow without end."""
    with pytest.raises(ValueError, match="Burr XII has no maximum"):
        burr(np.log(1 / (1 - (np.arange(500) + 0.5) / 500)) ** 1.3)


# --- goodness of fit ---


def test_the_anderson_darling_distance_is_that_of_scipy():
    x = draw(KNOWN["weibull"], 50, 3)
    theirs = stats.goodness_of_fit(
        stats.lognorm,
        x,
        known_params={"s": 2.0, "loc": 0.0, "scale": math.exp(-4)},
        statistic="ad",
        n_mc_samples=1,
        rng=np.random.default_rng(0),
    )
    assert anderson_darling(KNOWN["lognormal"], x) == pytest.approx(theirs.statistic, rel=1e-9)


def test_the_bootstrap_keeps_its_level_and_finds_the_wrong_family():
    """At 10 %, 60 right samples are refused more than 11 times with probability 1.6 % (binomial)."""
    rng = np.random.default_rng(5)
    refused = 0
    for seed in range(60):
        x = draw(KNOWN["lognormal"], 60, 500 + seed)
        refused += goodness_of_fit(lognormal(x), x, lognormal, rng, 39).p_value <= 0.1
    assert refused <= 11
    x = draw(KNOWN["lognormal"], 300, 9)
    wrong = goodness_of_fit(weibull(x), x, weibull, rng, 99)
    assert wrong.p_value == pytest.approx(0.01)
    assert (wrong.replications, wrong.distance) == (99, anderson_darling(weibull(x), x))


def test_a_test_whose_samples_cannot_be_fitted_is_refused():
    def never(_: np.ndarray) -> Lognormal:
        raise ValueError("no")

    x = draw(KNOWN["lognormal"], 40, 1)
    with pytest.raises(ValueError, match="only 0 of 9 samples"):
        goodness_of_fit(KNOWN["lognormal"], x, never, np.random.default_rng(0), 9)


# --- bad input ---

GOOD = np.linspace(1.0, 5.0, 40)


@pytest.mark.parametrize("maximum", FAMILIES.values())
@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        (np.append(GOOD, 0.0), "finite and above zero: 1 of 41 are not, the first is 0"),
        (np.append(GOOD, [-2.0, -3.0]), "finite and above zero: 2 of 42 are not, the first is -2"),
        (np.append(GOOD, math.inf), "finite and above zero: 1 of 41 are not, the first is inf"),
        (np.append(GOOD, math.nan), "finite and above zero: 1 of 41 are not, the first is nan"),
        (np.full(40, 3.0), "all 40 amounts equal 3"),
        (GOOD[:29], "29 amounts, at least 30 are needed"),
    ],
)
def test_amounts_that_no_distribution_can_be_fitted_to_are_refused(maximum, amounts, said):
    with pytest.raises(ValueError, match=said):
        fit(amounts, maximum)


def test_thirty_amounts_are_enough():
    assert checked(GOOD[:30]).size == 30


# --- tables ---


@pytest.fixture(scope="module")
def tables():
    samples = [
        Sample("heavy", draw(Spliced(-4.0, 2.0, 0.05, 0.3, 1.4, 0.06), 300, 3), draw(KNOWN["lognormal"], 20, 4), 1e4),
        Sample("few", GOOD[:8], np.array([])),
    ]
    return samples, severity_tables(samples, np.random.default_rng(1), 19)


def numbers(tables, source: str, family: str, amounts: str = "observed") -> dict:
    mine = tables.coefficients.filter(source_id=source, family=family, amounts=amounts)
    return {row["coefficient"]: row for row in mine.iter_rows(named=True)}


def test_an_infinite_mean_is_said_and_no_mean_is_given_without_the_cap(tables):
    _, found = tables
    spliced = numbers(found, "heavy", "spliced")
    assert spliced["xi"]["estimate"] >= 1
    assert spliced["xi"]["status"].startswith("the mean is infinite without a cap")
    assert spliced["cap"]["estimate"] == 1e4
    assert spliced["mean"]["estimate"] > spliced["mean_at_tenth_of_cap"]["estimate"]
    assert spliced["mean"]["lower"] < spliced["mean"]["estimate"] < spliced["mean"]["upper"]
    assert not any("mean" in name for family in FAMILIES for name in numbers(found, "heavy", family))


def test_each_number_says_how_many_amounts_are_behind_it(tables):
    samples, found = tables
    spliced = numbers(found, "heavy", "spliced")
    threshold = found.stability.filter(source_id="heavy", chosen=True)["threshold"].item()
    above = int((samples[0].observed > threshold * (1 + 1e-5)).sum())
    assert (spliced["bic"]["n"], spliced["xi"]["n"], spliced["mu"]["n"]) == (300, above, 300 - above)
    assert numbers(found, "heavy", "pareto")["xi"]["n"] == above


def test_imputed_amounts_stand_apart_from_observed_ones(tables):
    _, found = tables
    both = numbers(found, "heavy", "lognormal", "observed_and_imputed")
    assert (numbers(found, "heavy", "lognormal")["mu"]["n"], both["mu"]["n"]) == (300, 320)
    assert found.coefficients.filter(source_id="few", amounts="observed_and_imputed").is_empty()


def test_a_source_with_too_few_amounts_says_so_in_every_row(tables):
    _, found = tables
    few = found.coefficients.filter(source_id="few")
    assert few["estimate"].null_count() == few.height > 0
    assert few["status"].unique().to_list() == ["not estimable: 8 amounts, at least 30 are needed"]
    for shown in (found.stability, found.mean_excess, found.quantiles):
        assert shown.filter(source_id="few").is_empty() and not shown.filter(source_id="heavy").is_empty()


def test_the_numbers_of_a_source_do_not_hang_on_which_others_are_there(tables):
    samples, found = tables
    alone = severity_tables(samples[:1], np.random.default_rng(1), 19)
    assert alone.coefficients.equals(found.coefficients.filter(source_id="heavy"))


def test_quantiles_on_record_follow_those_of_the_law_they_were_drawn_from(tables):
    """xi = 1.4 has no standard error of a quantile; in the body, 300 amounts tell it to a third."""
    samples, found = tables
    shown = found.quantiles.filter(source_id="heavy", family="spliced")
    middle = shown.filter(shown["probability"].is_between(0.2, 0.9))
    assert middle["fitted"].to_numpy() == pytest.approx(middle["observed"].to_numpy(), rel=0.35)
    highest = shown.row(-1, named=True)
    largest = np.sort(samples[0].observed)[-highest["n"] :]
    assert highest["observed"] == pytest.approx(np.exp(np.log(largest).mean()), rel=1e-5)


@pytest.mark.parametrize(
    ("sample", "said"),
    [
        (Sample("s", np.append(GOOD, -1.0), np.array([])), "finite and above zero"),
        (Sample("s", GOOD, np.array([math.nan])), "finite and above zero"),
        (Sample("s", GOOD, np.array([]), 4.0), "s: the exposure must be finite and no less than the largest amount"),
        (Sample("s", GOOD, np.array([]), math.inf), "s: the exposure must be finite"),
    ],
)
def test_amounts_that_are_no_losses_and_exposures_below_them_are_refused(sample, said):
    with pytest.raises(ValueError, match=said):
        severity_tables([sample], np.random.default_rng(0), 9)


def test_without_an_exposure_the_cap_is_ten_times_the_largest_amount_on_record():
    assert Sample("s", GOOD, np.array([7.0])).cap == 70.0
