"""The hazard of accession against printed output, arithmetic by hand and simulated data."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from models.accession import (
    TERMS,
    Hazard,
    NotEstimated,
    covariates,
    exposed,
    fit_hazard,
    fit_table,
    fits,
    log_likelihood,
    risk_set,
)
from models.accession_paths import calibration_table
from pipelines.schemas.mechanisms import MECHANISM
from pipelines.schemas.tables import conform

# --- the records ---


def test_ratifications_at_risk_are_the_parties_of_the_treaty_table(risk, treaties):
    parties = treaties["treaty_status"].filter((pl.col("treaty") == "CETS185") & pl.col("ratified_on").is_not_null())
    assert risk.event.sum() == parties.height == 79
    assert len(set(risk.economy[risk.event])) == 79


@pytest.mark.parametrize(
    ("through", "parties"),
    [("2011-06-01", 31), ("2015-12-31", 47), ("2018-06-29", 60), ("2021-04-28", 66), ("2024-06-20", 75)],
)
def test_ratifications_to_a_day_are_the_party_counts_that_were_read(known, treaties, through, parties):
    """Counts printed by the treaty's own pages. Grenada, known to a span of April 2024, counts by its last day."""
    assert risk_set(known, treaties["treaty_status"], date.fromisoformat(through)).event.sum() == parties


def test_nobody_is_at_risk_after_ratifying_and_others_are_at_risk_in_every_year(risk, known):
    years = np.bincount(risk.economy, minlength=len(known.iso3))
    assert years[known.iso3.index("ALB")] == 2  # ratified in 2002
    assert years[known.iso3.index("USA")] == 6  # ratified in 2006
    assert years[known.iso3.index("IND")] == 25


def test_neighbours_are_counted_before_the_year_begins(risk, known):
    """The United States ratified in 2006, the first of the three economies of North America."""
    canada = risk.economy == known.iso3.index("CAN")
    share = dict(zip(risk.year[canada].tolist(), risk.terms[canada, TERMS.index("neighbours")], strict=True))
    assert share[2006] == 0
    assert share[2007] == pytest.approx(1 / 3)


def test_the_first_year_is_only_as_long_as_the_treaty_was_open():
    """Opened on 23 November 2001: 39 of 365 days; in 2003 the middle of the year is 39/365 + 1.5 years later."""
    exposure, log_time = exposed([2000, 2001, 2003], date(2001, 11, 23))
    assert exposure == pytest.approx([0, 39 / 365, 1])
    assert log_time[1:] == pytest.approx(np.log([1 + 39 / 730, 2.5 + 39 / 365]))
    assert exposed([2025], date(2001, 11, 23), date(2025, 7, 1))[0] == pytest.approx([182 / 365])


def test_indicators_are_those_of_the_nearest_year_and_gaps_are_flagged(known, treaties):
    rule = treaties["rule_of_law"].filter(pl.col("iso3") == "ABW").sort("year")["estimate"].to_list()
    assert rule == [0.85, 1.27]  # 2008 and 2023
    column = known.rule_of_law[:, known.iso3.index("ABW")]
    assert column[known.years.index(2015)] == 0.85
    assert column[known.years.index(2016)] == 1.27
    assert known.filled[known.iso3.index("PRK")]
    assert known.filled.sum() == 13
    assert known.log_income.mean(1) == pytest.approx(0, abs=1e-12)


def test_income_without_gdp_is_that_of_the_income_group(known, treaties):
    low = treaties["economies"].sort("iso3")["income_group"].to_numpy() == "Low income"
    measured = low & ~known.filled
    group = known.log_income[:, measured].mean(1)
    assert known.log_income[:, known.iso3.index("PRK")] == pytest.approx(group)


# --- the likelihood and its maximum ---


def test_log_likelihood_by_hand():
    """Hazards 1 and 1/2 and an event at ln 2: ln(1 - 1/2) - 1 - 1/2, and 0.3^2 / 2 for a ridge of sd 1."""
    design = np.array([[1.0, 1.0], [1.0, 0.0], [1.0, 0.0]])
    exposure = np.array([np.log(2) / np.exp(0.3), 1.0, 0.5])
    value, score, _ = log_likelihood(np.array([0.0, 0.3]), design, np.array([True, False, False]), exposure, 1.0)
    assert value == pytest.approx(-np.log(2) - 1.5 - 0.045)
    assert score == pytest.approx([np.log(2) - 1.5, np.log(2) - 0.3])  # h / (exp(h) - 1) = ln 2 at h = ln 2


def test_gradient_and_hessian_agree_with_finite_differences():
    rng = np.random.default_rng(3)
    design = np.column_stack((np.ones(40), rng.normal(size=(40, 3))))
    event, exposure = rng.random(40) < 0.4, rng.uniform(0.2, 1, 40)
    at, step = np.array([-0.5, 0.4, -0.3, 0.2]), 1e-6 * np.eye(4)
    _, score, hessian = log_likelihood(at, design, event, exposure, 2.5)
    up, down = ([log_likelihood(at + sign * s, design, event, exposure, 2.5) for s in step] for sign in (1, -1))
    assert [(u[0] - d[0]) / 2e-6 for u, d in zip(up, down, strict=True)] == pytest.approx(score, abs=1e-6)
    slopes = np.array([(u[1] - d[1]) / 2e-6 for u, d in zip(up, down, strict=True)])
    assert slopes == pytest.approx(hessian, abs=1e-6)


ROWS = np.array(
    [
        (0.2, 1, 1, 1.0),
        (1.5, 0, 1, 1.0),
        (-0.7, 0, 0, 0.5),
        (0.9, 1, 1, 1.0),
        (-1.2, 1, 0, 1.0),
        (0.1, 0, 0, 1.0),
        (2.0, 1, 1, 0.25),
        (-0.4, 0, 0, 1.0),
        (0.6, 0, 0, 1.0),
        (-1.8, 1, 0, 1.0),
        (1.1, 1, 0, 1.0),
        (0.0, 0, 1, 0.75),
        (-0.9, 1, 0, 1.0),
        (0.4, 1, 1, 1.0),
        (1.7, 0, 0, 1.0),
        (-0.3, 1, 0, 1.0),
    ]
)


def test_without_ridge_the_fit_is_what_statsmodels_prints():
    """statsmodels 0.15.0: GLM, Binomial, CLogLog, offset ln(exposure), fit(method="newton")."""
    fit = fit_hazard(("x", "z"), ROWS[:, :2], ROWS[:, 2] == 1, ROWS[:, 3], prior_sd=np.inf)
    slopes = fit.estimate[1:] / fit.scale
    assert slopes == pytest.approx([1.04985889, 1.14980521], abs=1e-7)
    assert fit.estimate[0] - slopes @ fit.center == pytest.approx(-1.81749656, abs=1e-7)
    assert fit.se[1:] / fit.scale == pytest.approx([0.50497258, 0.91894827], abs=1e-7)


def test_hazard_without_covariates_is_minus_log_of_the_share_left():
    """Seven events in 40 whole years: 1 - exp(-h) = 7/40."""
    fit = fit_hazard((), np.zeros((40, 0)), np.arange(40) < 7, np.ones(40))
    assert np.exp(fit.estimate[0]) == pytest.approx(-np.log(33 / 40))


def simulated_history(rng, truth, economies=500, years=20):
    """Rows at risk of a made-up treaty: two fixed covariates and log time, and who joins by Bernoulli trials."""
    fixed = np.column_stack((rng.normal(size=economies), rng.random(economies) < 0.3))
    out, rows, events = np.ones(economies, dtype=bool), [], []
    for year in range(years):
        terms = np.column_stack((fixed, np.full(economies, np.log1p(year + 0.5))))[out]
        joins = rng.random(out.sum()) < 1 - np.exp(-np.exp(truth[0] + terms @ truth[1:]))
        rows.append(terms)
        events.append(joins)
        out[np.flatnonzero(out)[joins]] = False
    return np.concatenate(rows), np.concatenate(events)


def test_known_coefficients_are_recovered_from_simulated_histories():
    """60 histories of about 260 ratifications: bias within two standard errors, standard errors as wide as the spread,
    90 % intervals that hold the truth about nine times in ten."""
    truth, rng, replications = np.array([-5.0, 0.5, 1.0, 0.6]), np.random.default_rng(2001), 60
    estimates, errors = [], []
    for _ in range(replications):
        values, event = simulated_history(rng, truth)
        fit = fit_hazard(("a", "b", "time"), values, event, np.ones(event.size))
        back = np.diag(np.concatenate(([1.0], 1 / fit.scale)))
        back[0, 1:] = -fit.center / fit.scale
        estimates.append(back @ fit.estimate)
        errors.append(np.sqrt(np.diag(back @ fit.covariance @ back.T)))
    estimates, errors = np.array(estimates), np.array(errors)
    spread = estimates.std(0, ddof=1)
    assert (np.abs(estimates.mean(0) - truth) < 2 * spread / np.sqrt(replications)).all()
    assert errors.mean(0) == pytest.approx(spread, rel=0.25)
    assert (np.abs(estimates - truth) < 1.645 * errors).mean(0) == pytest.approx(0.9, abs=0.1)


def bad_fit(change, iterations=50):
    values, event, exposure = ROWS[:, :2].copy(), ROWS[:, 2] == 1, ROWS[:, 3].copy()
    if change == "separated":
        values[:, 1] = event
    elif change == "separated by a sum":
        values[:, 1] = event - values[:, 0]
    elif change == "constant":
        values[:, 1] = 1
    elif change == "collinear":
        values[:, 1] = 3 * values[:, 0] - 1
    elif change == "missing":
        values[0, 0] = np.nan
    elif change == "no events":
        event = np.zeros(16, dtype=bool)
    return fit_hazard(("x", "z"), values, event, exposure, iterations=iterations)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("separated", "separate ratifications from the rest, no finite estimate exists: z$"),
        ("separated by a sum", "no finite estimate exists: x, z$"),
        ("constant", "covariate z is constant"),
        ("collinear", "x, z are collinear"),
        ("missing", "must be finite"),
        ("no events", "0 events in 16 country-years"),
    ],
)
def test_a_fit_that_the_records_do_not_support_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        bad_fit(change)


def test_a_hazard_that_does_not_converge_is_refused():
    with pytest.raises(ValueError, match="did not converge in 2 Newton steps"):
        bad_fit("", iterations=2)


# --- the fits of the shipped records ---


def test_sign_of_neighbours_flips_with_the_council(found):
    """In Europe both go together: without the Council its neighbours stand for it."""
    with_council, without = found["all"], found["without_council"]
    at = 1 + with_council.terms.index("neighbours")
    assert with_council.estimate[at] + 1.645 * with_council.se[at] < 0
    assert without.estimate[at] - 1.645 * without.se[at] > 0


def test_few_events_a_coefficient_are_an_assumption(found):
    table = conform(fit_table(found), MECHANISM["accession_fit"])
    status = dict(table.group_by("fit").agg(pl.col("status").unique().str.join(" ")).iter_rows())
    assert status == {
        "all": "estimated",
        "without_council": "estimated",
        "without_neighbours": "estimated",
        "before_2015": "assumption",
    }
    assert dict(zip(table["fit"], table["events"], strict=True))["before_2015"] == 44


def test_records_that_only_council_members_ratified_are_not_estimated(known, treaties):
    """Until 2005 every party was a member of the Council of Europe, so its coefficient has no finite estimate."""
    early = fits(risk_set(known, treaties["treaty_status"], date(2005, 12, 31)))
    assert isinstance(early["all"], NotEstimated)
    assert "council" in early["all"].reason
    assert isinstance(early["without_council"], Hazard)
    table = fit_table(early).filter(pl.col("fit") == "all")
    assert table["estimate"].null_count() == 6
    assert table["status"].str.starts_with("not estimated: ").all()
    assert calibration_table(early, known, risk_set(known, treaties["treaty_status"], date(2005, 12, 31)), 1).is_empty()


def test_order_and_names_of_economies_change_nothing(found, known, treaties):
    names = dict(zip(known.iso3, sorted(known.iso3, reverse=True), strict=True))
    named = {name: frame.sample(fraction=1, shuffle=True, seed=1) for name, frame in treaties.items()}
    named = {
        name: frame.with_columns(pl.col("iso3").replace_strict(names, default=None)).drop_nulls("iso3")
        for name, frame in named.items()
    }
    assert named["economies"].height == len(known.iso3)
    other = fits(risk_set(covariates(named, known.years), named["treaty_status"], date(2025, 12, 31)))
    for name, fit in found.items():
        assert other[name].estimate == pytest.approx(fit.estimate, abs=1e-8)
        assert other[name].se == pytest.approx(fit.se, abs=1e-8)


def test_every_span_holds_its_ratifications_inside_the_interval(found, known, risk):
    table = conform(calibration_table(found, known, risk, 1), MECHANISM["accession_calibration"])
    assert table.select("fit", "span", "observed").rows() == [
        ("all", "2001-2010", 30),
        ("all", "2011-2020", 35),
        ("all", "2021-2025", 14),
        ("before_2015", "2015-2020", 21),
        ("before_2015", "2021-2025", 14),
        ("before_2015", "2015-2025", 35),
    ]
    assert table.select((pl.col("observed").is_between("lower", "upper")).all()).item()
    assert table.filter(fit="all")["expected"].sum() == pytest.approx(79, rel=0.05)
