"""The hazard of accession against printed output, arithmetic by hand and simulated data; the paths drawn from it."""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from models.accession import (
    TERMS,
    Covariates,
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
from models.accession_paths import calibration_table, fan_table, in_force, simulate
from models.convention import Scenario
from pipelines.reference import load_some
from pipelines.schemas.mechanisms import MECHANISM
from pipelines.schemas.tables import conform

OPENED = date(2027, 1, 1)


@pytest.fixture(scope="module")
def tables():
    return load_some(["treaty_status", "rule_of_law", "gdp", "population", "economies", "blocs"])


@pytest.fixture(scope="module")
def known(tables):
    return covariates(tables, range(2001, 2036))


@pytest.fixture(scope="module")
def risk(known, tables):
    return risk_set(known, tables["treaty_status"], date(2025, 12, 31))


@pytest.fixture(scope="module")
def found(risk):
    return fits(risk)


def plain(size=6, years=range(2026, 2031), regions=1):
    """Economies that differ in nothing but their region."""
    names = tuple(f"A{chr(65 + i // 26)}{chr(65 + i % 26)}" for i in range(size))
    flat, off = np.zeros((len(years), size)), np.zeros(size, dtype=bool)
    return Covariates(names, tuple(years), flat, flat, tuple(f"R{i % regions}" for i in range(size)), off, off)


def certain(log_hazard, terms=(), slopes=()):
    """A hazard without uncertainty, on covariates as measured."""
    size = 1 + len(terms)
    at = np.array([log_hazard, *slopes], dtype=float)
    return Hazard(tuple(terms), at, 1e-20 * np.eye(size), np.zeros(size - 1), np.ones(size - 1), 100)


# --- the records ---


def test_ratifications_at_risk_are_the_parties_of_the_treaty_table(risk, tables):
    parties = tables["treaty_status"].filter((pl.col("treaty") == "CETS185") & pl.col("ratified_on").is_not_null())
    assert risk.event.sum() == parties.height == 79
    assert len(set(risk.economy[risk.event])) == 79


@pytest.mark.parametrize(
    ("through", "parties"),
    [("2011-06-01", 31), ("2015-12-31", 47), ("2018-06-29", 60), ("2021-04-28", 66), ("2024-06-20", 75)],
)
def test_ratifications_to_a_day_are_the_party_counts_that_were_read(known, tables, through, parties):
    """Counts printed by the treaty's own pages. Grenada, known to a span of April 2024, counts by its last day."""
    assert risk_set(known, tables["treaty_status"], date.fromisoformat(through)).event.sum() == parties


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


def test_indicators_are_those_of_the_nearest_year_and_gaps_are_flagged(known, tables):
    rule = tables["rule_of_law"].filter(pl.col("iso3") == "ABW").sort("year")["estimate"].to_list()
    assert rule == [0.85, 1.27]  # 2008 and 2023
    column = known.rule_of_law[:, known.iso3.index("ABW")]
    assert column[known.years.index(2015)] == 0.85
    assert column[known.years.index(2016)] == 1.27
    assert known.filled[known.iso3.index("PRK")]
    assert known.filled.sum() == 13
    assert known.log_income.mean(1) == pytest.approx(0, abs=1e-12)


def test_income_without_gdp_is_that_of_the_income_group(known, tables):
    low = tables["economies"].sort("iso3")["income_group"].to_numpy() == "Low income"
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


def test_records_that_only_council_members_ratified_are_not_estimated(known, tables):
    """Until 2005 every party was a member of the Council of Europe, so its coefficient has no finite estimate."""
    early = fits(risk_set(known, tables["treaty_status"], date(2005, 12, 31)))
    assert isinstance(early["all"], NotEstimated)
    assert "council" in early["all"].reason
    assert isinstance(early["without_council"], Hazard)
    table = fit_table(early).filter(pl.col("fit") == "all")
    assert table["estimate"].null_count() == 6
    assert table["status"].str.starts_with("not estimated: ").all()
    assert calibration_table(early, known, risk_set(known, tables["treaty_status"], date(2005, 12, 31)), 1).is_empty()


def test_order_and_names_of_economies_change_nothing(found, known, tables):
    names = dict(zip(known.iso3, sorted(known.iso3, reverse=True), strict=True))
    named = {name: frame.sample(fraction=1, shuffle=True, seed=1) for name, frame in tables.items()}
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


# --- paths of a new convention ---


def test_zero_hazard_leaves_the_founders_alone():
    paths = simulate(certain(-50), plain(), {"AAA", "AAC"}, OPENED, 2, 50, 1)
    assert (paths.size == [0, 2, 2, 2, 2]).all()
    assert paths.p_member[1:].sum(1) == pytest.approx(2)


def test_infinite_hazard_brings_everybody_by_the_end_of_the_first_year():
    paths = simulate(certain(50), plain(), {"AAA"}, OPENED, 2, 50, 1)
    assert (paths.size == [0, 6, 6, 6, 6]).all()
    assert (paths.p_member == np.array([0, 1, 1, 1, 1])[:, None]).all()


def test_excluded_economies_never_join():
    paths = simulate(certain(50), plain(), {"AAA"}, OPENED, 2, 50, 1, excluded={"AAB"})
    assert (paths.size[:, 1:] == 5).all()
    assert paths.p_member[:, 1].max() == 0


def test_constant_hazard_gives_the_exponential_law_from_the_day_of_opening():
    """Opened on 2 July 2027, half a year (183/365) left: P = 1 - exp(-0.2 (k - 1 + 183/365)) after k years."""
    paths = simulate(certain(np.log(0.2)), plain(40), (), date(2027, 7, 2), 1, 1000, 5)
    expected = -np.expm1(-0.2 * (np.arange(4) + 183 / 365))
    error = np.sqrt(expected * (1 - expected) / 40_000)
    assert (np.abs(paths.size[:, 1:].mean(0) / 40 - expected) < 3.5 * error).all()


def test_the_council_adds_nothing_to_a_new_convention():
    known = replace(plain(), council=np.ones(6, dtype=bool))
    council = simulate(certain(-2, ("council",), (5.0,)), known, (), OPENED, 1, 200, 1)
    assert (council.member == simulate(certain(-2), plain(), (), OPENED, 1, 200, 1).member).all()


def test_neighbours_pull_in_their_own_region_and_not_when_switched_off():
    pull, known, founders = certain(-3, ("neighbours",), (4.0,)), plain(12, regions=2), {"AAA", "AAC", "AAE"}
    own = simulate(pull, known, founders, OPENED, 1, 400, 1).p_member[1]
    off = simulate(pull, known, founders, OPENED, 1, 400, 1, neighbours="none").p_member[1]
    assert own[1::2] == pytest.approx(off[1::2])  # region R1 has no founder
    assert own[6::2].min() > off[6::2].max() + 0.1


def test_a_convention_is_in_force_from_the_year_its_members_reach_the_threshold():
    size = np.array([[0, 2, 3, 5], [0, 1, 1, 2]])
    assert in_force(size, 3).tolist() == [[False, False, True, True], [False, False, False, False]]
    assert in_force(size, 0).tolist() == [[False, True, True, True], [False, True, True, True]]


def test_a_threshold_never_met_leaves_no_membership_in_force():
    paths = simulate(certain(-50), plain(), {"AAA", "AAB"}, OPENED, 3, 50, 1)
    assert (paths.size[:, 1:] == 2).all()
    assert paths.p_member.max() == 0


def test_membership_in_force_is_rarer_than_membership_where_the_threshold_binds():
    paths = simulate(certain(-1), plain(), {"AAA"}, OPENED, 4, 500, 1)
    joined = paths.member.mean(0)
    assert (paths.p_member <= joined).all()
    assert 0 < paths.p_member[2, 0] < joined[2, 0] == 1  # the founder's own waits for three others


def test_same_seed_same_paths_and_another_seed_others(found, known):
    at = replace(
        known,
        years=known.years[20:],
        rule_of_law=known.rule_of_law[20:],
        log_income=known.log_income[20:],
    )
    first, again, other = (simulate(found["all"], at, {"USA", "GBR"}, OPENED, 2, 200, s).member for s in (7, 7, 8))
    assert (first == again).all()
    assert (first != other).any()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"founders": {"ZZZ"}}, "no economies of the run: ZZZ"),
        ({"excluded": {"AAA"}}, "founders cannot be excluded: AAA"),
        ({"threshold": 7}, "allowed is 0 to the 6 economies"),
        ({"threshold": -1}, "allowed is 0 to the 6 economies"),
        ({"opened": date(2036, 1, 1)}, "outside the years 2026 to 2030"),
        ({"paths": 0}, "at least 1"),
        ({"neighbours": "half"}, "allowed is own or none"),
    ],
)
def test_a_convention_that_cannot_be_simulated_is_refused(change, message):
    given = {"founders": {"AAA"}, "opened": OPENED, "threshold": 2, "paths": 10, "seed": 1}
    with pytest.raises(ValueError, match=message):
        simulate(certain(-2), plain(), **(given | change))


def test_fan_counts_members_as_simulated_and_as_dated():
    joins = {"AAA": OPENED, "AAB": date(2028, 7, 1)}
    scenario = Scenario("pact", "", "", frozenset({"law"}), frozenset({"AAA"}), joins, 1, False)
    idle = Scenario("status_quo", "", "", frozenset(), frozenset(), {}, 0, False)
    paths = simulate(certain(-50), plain(), scenario.founders, OPENED, 1, 20, 1)
    table = conform(fan_table({"pact": paths}, [idle, scenario]), MECHANISM["accession_fan"])
    assert table["year"].to_list() == [2026, 2027, 2028, 2029, 2030]
    assert table["mean"].to_list() == table["p95"].to_list() == [0, 1, 1, 1, 1]
    assert table["assumed"].to_list() == [0, 1, 2, 2, 2]
    assert table["p_in_force"].to_list() == [0, 1, 1, 1, 1]
