"""Bad years by source and scenario: what frequency, parameters and several sources do, and what is withheld."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy import stats

from models.event_counts import NegativeBinomial, Poisson
from models.exceedance import LossSource, exceedance, frequency_factor, thinned
from models.parameter_draws import fitted_draws, normal_draws
from models.tail import SplicedSeverity
from pipelines.schemas.exceedance import EXCEEDANCE
from pipelines.schemas.tables import conform

SEVERITY = SplicedSeverity(mu=np.log(0.003), sigma=2.0, threshold=0.05, tail_share=0.08, xi=0.7, beta=0.06, cap=500.0)
SMALL = SplicedSeverity(mu=np.log(0.001), sigma=1.5, threshold=0.01, tail_share=0.1, xi=0.4, beta=0.01, cap=50.0)
SHARES = {"state": 0.1, "criminal": 0.7, "other": 0.2}
POINTS = 2**10
YEAR, GIVEN_YEAR, GIVEN_EVENT = "probability_weighted", "given_year_with_loss", "given_event"
LOSS = "loss_usd_bn"
WHERE = {"perspective": "AEP", "scenario": "half", "return_period": 100}


def source(**changes) -> LossSource:
    thefts = LossSource("thefts", Poisson(8.0), SEVERITY, SHARES, 200, 0.5, {2019: 0.2, 2020: 0.9})
    return replace(thefts, **changes)


RANSOMS = LossSource("ransoms", NegativeBinomial(40.0, 3.0), SMALL, {"criminal": 1.0}, 500, 0.3, {2019: 0.4, 2020: 0.2})


def ratios(value, draws: int = 1) -> dict[str, np.ndarray]:
    return {k: np.broadcast_to(np.asarray(value, dtype=float), draws).copy() for k in SHARES}


def at(frame: pl.DataFrame, **where) -> pl.DataFrame:
    return frame.filter(*(pl.col(name) == value for name, value in where.items()))


def one(frame: pl.DataFrame, name: str, **where) -> float:
    return at(frame, **where)[name].item()


# --- frequency under a scenario ---


def test_a_convention_that_moves_no_flow_changes_nothing():
    found = exceedance([source()], {"nothing": ratios(1.0)}, POINTS).exceedance
    before, after = (at(found, scenario=name) for name in ("status_quo", "nothing"))
    assert before["loss_usd_bn"].to_list() == after["loss_usd_bn"].to_list()
    assert set(after["avoided"]) == {0.0}
    assert before["avoided"].null_count() == before.height


def test_half_the_flow_halves_the_mean_and_moves_the_largest_event_as_in_closed_form():
    """Poisson: no event above x with probability exp(-lambda S(x)), so that S is -ln(1-1/T)/lambda at period T."""
    found = exceedance([source()], {"half": ratios(0.5)}, POINTS)
    mean = {
        s: one(found.annual_loss, "value", source_id="thefts", scenario=s, measure="mean", basis=YEAR)
        for s in ("status_quo", "half")
    }
    assert mean["half"] == pytest.approx(0.5 * mean["status_quo"], rel=1e-12)
    assert mean["status_quo"] == pytest.approx(8 * SEVERITY.mean(), rel=1e-12)
    for scenario, rate in (("status_quo", 8.0), ("half", 4.0)):
        rows = at(found.exceedance, source_id="thefts", perspective="OEP", scenario=scenario).sort("return_period")
        tail = -np.log(1 - 1 / rows["return_period"].to_numpy()) / rate
        assert rows["loss_usd_bn"].to_numpy() == pytest.approx(SEVERITY.quantile(1 - tail), rel=1e-6)


def test_classes_of_a_source_move_its_frequency_by_their_share_of_events():
    """0.1 x 0.5 + 0.7 x 0.9 + 0.2 x 1.1 = 0.9."""
    moved = {"state": np.array([0.5]), "criminal": np.array([0.9]), "other": np.array([1.1])}
    assert frequency_factor(source(), moved) == pytest.approx([0.9], abs=1e-15)
    assert frequency_factor(RANSOMS, moved) == pytest.approx([0.9], abs=1e-15)


def test_what_is_avoided_is_read_within_a_draw_and_so_known_better_than_the_levels():
    drawn = fitted_draws(SEVERITY, np.diag([0.1, 0.1, 0.01, 0.15, 0.012]) ** 2, Poisson(8.0), 0.8, 16, seed=1)
    found = exceedance([source(drawn=drawn)], {"tenth": ratios(0.9, 16)}, POINTS).exceedance
    row = at(found, source_id="thefts", perspective="AEP", return_period=100, scenario="tenth")
    assert row["lower"].item() < row["loss_usd_bn"].item() < row["upper"].item()
    assert 0 < row["avoided_lower"].item() <= row["avoided"].item() <= row["avoided_upper"].item()
    width = row["avoided_upper"].item() - row["avoided_lower"].item()
    assert width < 0.3 * (row["upper"].item() - row["lower"].item())


def test_the_number_of_threads_changes_no_bit():
    drawn = fitted_draws(SEVERITY, np.diag([0.1, 0.1, 0.01, 0.15, 0.012]) ** 2, Poisson(8.0), 0.8, 8, seed=1)
    alone, three = (
        exceedance([source(drawn=drawn), RANSOMS], {"tenth": ratios(0.9, 8)}, POINTS, workers=n) for n in (1, 3)
    )
    assert alone.exceedance.equals(three.exceedance)
    assert alone.annual_loss.equals(three.annual_loss)


# --- the whole, and conditional beside probability-weighted ---


@pytest.fixture(scope="module")
def tables():
    small = source(source_id="few", records=29)
    return exceedance([source(), RANSOMS, small], {"half": ratios(0.5)}, POINTS)


def test_the_whole_holds_the_sources(tables):
    mean = dict(at(tables.annual_loss, scenario="half", measure="mean", basis=YEAR).select("source_id", "value").rows())
    assert mean["all"] == pytest.approx(mean["thefts"] + mean["ransoms"], rel=1e-12)
    wide = at(tables.exceedance, scenario="half").pivot(
        "source_id", index=["perspective", "return_period"], values=LOSS
    )
    assert (wide["all"] >= wide.select(pl.max_horizontal("thefts", "ransoms")).to_series() * (1 - 1e-4)).all()
    by_perspective = at(tables.exceedance, source_id="all").pivot(
        "perspective", index=["scenario", "return_period"], values=LOSS
    )
    assert (by_perspective["AEP"] > by_perspective["OEP"]).all()
    assert one(tables.exceedance, "records", **WHERE, source_id="all") == 700


def test_under_thirty_records_a_source_is_withheld_also_from_the_whole(tables):
    rows = at(tables.exceedance, source_id="few")
    assert rows.height == at(tables.exceedance, source_id="thefts").height
    assert rows.select(pl.all_horizontal(pl.col(LOSS, "lower", "upper", "beyond_data").is_null())).to_series().all()
    without = exceedance([source(), RANSOMS], {"half": ratios(0.5)}, POINTS).exceedance
    assert one(without, LOSS, **WHERE, source_id="all") == one(tables.exceedance, LOSS, **WHERE, source_id="all")


def test_given_a_loss_is_beside_probability_weighted(tables):
    found = at(tables.annual_loss, source_id="thefts", scenario="half")
    p_loss = one(found, "value", measure="p_loss")
    assert p_loss == pytest.approx(1 - np.exp(-4.0), rel=1e-12)
    mean = {basis: one(found, "value", measure="mean", basis=basis) for basis in (YEAR, GIVEN_YEAR, GIVEN_EVENT)}
    assert mean[GIVEN_YEAR] == pytest.approx(mean[YEAR] / p_loss, rel=1e-12)
    assert mean[GIVEN_EVENT] == pytest.approx(SEVERITY.mean(), rel=1e-12)
    event = at(found, measure="VaR", basis=GIVEN_EVENT).sort("level")
    assert event["value"].to_numpy() == pytest.approx(SEVERITY.quantile(event["level"].to_numpy()), rel=1e-8)
    for measure in ("VaR", "TVaR"):
        years, with_loss = (at(found, measure=measure, basis=b).sort("level")["value"] for b in (YEAR, GIVEN_YEAR))
        assert (with_loss > years).all()


def test_value_at_risk_is_the_loss_of_its_return_period_and_the_tail_lies_above(tables):
    levels = {0.9: 10, 0.95: 20, 0.99: 100, 0.995: 200}
    for level, period in levels.items():
        of = {"source_id": "all", "scenario": "half", "level": level, "basis": YEAR}
        var = one(tables.annual_loss, "value", **of, measure="VaR")
        assert var == one(tables.exceedance, LOSS, **{**WHERE, "return_period": period}, source_id="all")
        assert one(tables.annual_loss, "value", **of, measure="TVaR") > var


def test_beyond_the_largest_on_record_is_marked(tables):
    """Thefts: largest event 0.5, largest year 0.9; the whole: events up to 0.5, years 0.6 and 1.1."""
    for source_id, event, year in (("thefts", 0.5, 0.9), ("all", 0.5, 1.1)):
        for perspective, largest in (("OEP", event), ("AEP", year)):
            rows = at(tables.exceedance, source_id=source_id, perspective=perspective, scenario="status_quo")
            assert rows["beyond_data"].to_list() == (rows[LOSS] > largest).to_list()
            assert 0 < rows["beyond_data"].sum() < rows.height


def test_without_uncertain_inputs_the_band_has_no_width(tables):
    rows = at(tables.exceedance, source_id="all")
    assert rows["lower"].to_list() == rows[LOSS].to_list() == rows["upper"].to_list()


def test_a_source_without_events_under_a_scenario_has_no_loss_then():
    found = exceedance([source()], {"none": ratios(0.0)}, POINTS)
    assert set(at(found.exceedance, scenario="none")[LOSS]) == {0.0}
    given = at(found.annual_loss, scenario="none", basis=GIVEN_YEAR)
    assert given["value"].null_count() == given.height


def test_tables_are_as_published(tables):
    """The schemas refuse what breaks a rule, and nothing is changed on the way."""
    assert conform(tables.exceedance, EXCEEDANCE["exceedance"]).height == tables.exceedance.height
    assert conform(tables.annual_loss, EXCEEDANCE["annual_loss"]).height == tables.annual_loss.height


# --- draws ---


def test_thinned_draws_stay_balanced_where_every_other_would_not():
    """The first 2^m points of a Sobol' sequence fill the range evenly, one in each of 2^m equal parts."""
    blocks = [stats.qmc.Sobol(1, rng=np.random.default_rng(r)).random(256)[:, 0] for r in range(4)]
    points, scramble = np.concatenate(blocks), np.repeat(np.arange(4), 256)
    kept = points[thinned(scramble, 64)].reshape(4, 16)
    assert all(sorted((16 * each).astype(int)) == list(range(16)) for each in kept)
    every = points[::16].reshape(4, 16)
    assert np.ptp(every, axis=1).max() < 1 / 8


def test_normal_draws_have_the_covariance_of_the_estimates():
    covariance = np.array([[0.04, 0.01, 0.0], [0.01, 0.09, -0.02], [0.0, -0.02, 0.01]])
    drawn = normal_draws(covariance, 1024, seed=2)
    assert np.abs(drawn.mean(0)).max() < 1e-3
    assert np.cov(drawn.T) == pytest.approx(covariance, abs=1e-3)


def test_draws_of_parameters_stay_in_their_range_and_repeat_the_estimate_without_error():
    wild = fitted_draws(SEVERITY, np.eye(5) * 4, NegativeBinomial(8.0, 2.0), 20.0, 64, seed=3)
    assert all(0 < law.tail_share < 1 and law.sigma > 0 and law.beta > 0 for _, law in wild)
    assert {counts.size for counts, _ in wild} == {2.0}
    ((counts, law),) = fitted_draws(SEVERITY, np.zeros((5, 5)), Poisson(8.0), 0.0, 1, seed=3)
    assert counts == Poisson(8.0)
    assert [law.mu, law.sigma, law.tail_share, law.xi, law.beta] == pytest.approx([np.log(0.003), 2, 0.08, 0.7, 0.06])


# --- bad input ---

PAIRS = fitted_draws(SEVERITY, np.zeros((5, 5)), Poisson(8.0), 0.0, 4, seed=3)
REFUSED = {
    "class without a ratio": (lambda: frequency_factor(source(), {"state": np.ones(1)}), "class criminal"),
    "negative ratio": (lambda: frequency_factor(source(), ratios(-0.1)), "finite and not negative"),
    "ratio that is no number": (lambda: frequency_factor(source(), ratios(np.nan)), "finite and not negative"),
    "shares that do not add up": (lambda: source(class_shares={"state": 0.5}), "thefts: shares"),
    "largest event of nothing": (lambda: source(largest_event=0.0), "thefts: amounts"),
    "year that is infinite": (lambda: source(yearly_losses={2020: np.inf}), "thefts: amounts"),
    "different numbers of draws": (lambda: exceedance([source(drawn=PAIRS)], {"a": ratios(1.0, 8)}), r"\[4, 8\]"),
    "too few records anywhere": (lambda: exceedance([source(records=29)], {}), "no source has 30 records"),
    "no source": (lambda: exceedance([], {}), "no source has 30 records"),
    "no standard errors": (lambda: normal_draws(np.full((2, 2), np.nan), 4, 1), "no standard errors"),
    "no covariance": (lambda: normal_draws(np.diag([1.0, -1.0]), 4, 1), "positive semidefinite"),
    "covariance of another fit": (lambda: fitted_draws(SEVERITY, np.eye(3), Poisson(1.0), 0, 4, 1), r"\(5, 5\)"),
    "error of the rate": (lambda: fitted_draws(SEVERITY, np.eye(5), Poisson(1.0), np.nan, 4, 1), "mean count"),
    "more draws than there are": (lambda: thinned(np.repeat(np.arange(8), 2), 64), "64 of 16 draws"),
    "draws out of balance": (lambda: thinned(np.repeat(np.arange(8), 16), 24), "8 times a power of two"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_one_clear_error(case):
    call, message = REFUSED[case]
    with pytest.raises(ValueError, match=message):
        call()
