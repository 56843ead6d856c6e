"""The branching model: arithmetic by hand, brute force, general optimizers, recovery of known parameters, refusals."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from scipy.optimize import minimize
from scipy.stats import kstest

from models import dyadic_events, escalation, hawkes
from models.dyadic_events import arrange, constant, yearly
from models.escalation import estimate, fit_table
from models.hawkes import Kernels, fit, simulate

KNOWN = Kernels(own=0.3, cross=0.2, decay=0.25)
FIVE_YEARS = constant(1826.0)


def arranged(events: pl.DataFrame, shape: dyadic_events.Shape) -> dyadic_events.Events:
    dyad = events["dyad"].rank("dense").to_numpy().astype(int) - 1
    return arrange(dyad, events["side"].to_numpy(), events["day"].to_numpy(), shape)


def draw(seed: int, dyads: int = 12, level: float = 16, kernels: Kernels = KNOWN, shape=FIVE_YEARS) -> pl.DataFrame:
    return simulate(np.random.default_rng(seed), np.full((dyads, 2), level), kernels, shape)


def whole_days(events: pl.DataFrame) -> pl.DataFrame:
    return events.with_columns(pl.col("day").floor())


def numbers(found: escalation.Escalation) -> dict[str, escalation.Number]:
    return {name: number for (where, name), number in found.numbers.items() if where == "hawkes"}


# --- likelihood ---


def test_the_log_likelihood_of_four_events_is_what_comes_out_by_hand():
    """Window of 10 days, baselines of 2, 1, 0 and 1 events; dyad 0 has A on day 1, B on 2, A on 4; dyad 1 B on 5."""
    kernels, level = Kernels(own=0.3, cross=0.2, decay=0.5), np.array([2.0, 1.0, 0.0, 1.0])
    events = arrange(np.array([0, 0, 0, 1]), np.array([0, 1, 0, 1]), np.array([1.0, 2, 4, 5]), constant(10.0))
    intensities = [
        0.2,
        0.1 + 0.2 * 0.5 * math.exp(-0.5),
        0.2 + 0.3 * 0.5 * math.exp(-1.5) + 0.2 * 0.5 * math.exp(-1.0),
        0.1,
    ]
    set_off = sum((0.3 + 0.2) * (1 - math.exp(-0.5 * left)) for left in (9, 8, 6, 5))
    by_hand = sum(math.log(x) for x in intensities) - (2 + 1 + 0 + 1) - set_off
    assert hawkes.log_likelihood(events, kernels, level) == pytest.approx(by_hand, abs=1e-12)


def test_the_log_likelihood_equals_brute_force_over_all_pairs_with_a_baseline_that_moves():
    shape = dyadic_events.Shape(np.array([0.0, 400.0, 1826.0]), np.array([0.7, 0.3]))
    table = draw(3, dyads=3, level=8, shape=shape)
    events = arranged(table, shape)
    level = np.linspace(3.0, 9.0, 6)
    total = -level.sum()
    rows = table.rows()
    for dyad, side, day in rows:
        rate = level[2 * dyad + side] * (0.7 / 400 if day < 400 else 0.3 / 1426)
        for other_dyad, other_side, earlier in rows:
            if other_dyad == dyad and earlier < day:
                branching = KNOWN.own if other_side == side else KNOWN.cross
                rate += branching * KNOWN.decay * math.exp(-KNOWN.decay * (day - earlier))
        total += math.log(rate) - (KNOWN.own + KNOWN.cross) * (1 - math.exp(-KNOWN.decay * (1826 - day)))
    assert hawkes.log_likelihood(events, KNOWN, level) == pytest.approx(total, rel=1e-12)


@pytest.fixture(scope="module", params=["years", "months"])
def small_fit(request) -> tuple[dyadic_events.Events, hawkes.Fit]:
    """Three dyads in a window that is long, or one of which the memory of an event takes a large part."""
    months = (0, constant(250.0), Kernels(0.3, 0.2, 0.05))
    seed, shape, kernels = {"years": (5, FIVE_YEARS, KNOWN), "months": months}[request.param]
    events = arranged(draw(seed, dyads=3, level=14, shape=shape, kernels=kernels), shape)
    return events, fit(events)


def value(events: dyadic_events.Events, vector: np.ndarray) -> float:
    """Log likelihood of own, cross, ln decay and the baselines."""
    return hawkes.log_likelihood(events, Kernels(vector[0], vector[1], math.exp(vector[2])), vector[3:])


def at(found: hawkes.Fit) -> np.ndarray:
    kernels = found.kernels
    return np.concatenate([[kernels.own, kernels.cross, math.log(kernels.decay)], found.level])


def test_profiling_the_baselines_finds_what_a_general_optimizer_finds_over_all_parameters(small_fit):
    events, found = small_fit
    begin = np.concatenate([[0.1, 0.1, math.log(0.1)], events.counts * 0.8])
    bounds = [(0, 3), (0, 3), (math.log(math.log(2) / 365), math.log(math.log(2))), *[(1e-6, None)] * 6]
    general = minimize(lambda v: -value(events, v), begin, bounds=bounds, options={"maxfun": 20_000})
    assert found.status == "estimated"
    assert found.log_likelihood == pytest.approx(-general.fun, abs=1e-3)
    assert found.log_likelihood >= -general.fun - 1e-6
    assert [found.kernels.own, found.kernels.cross] == pytest.approx(general.x[:2], abs=5e-3)


def test_standard_errors_are_those_of_the_numerical_information_of_all_parameters(small_fit):
    events, found = small_fit
    centre, steps = at(found), np.full(9, 1e-3)
    information = np.empty((9, 9))
    for i in range(9):
        for j in range(9):
            a, b = steps[i] * np.eye(9)[i], steps[j] * np.eye(9)[j]
            corners = [value(events, centre + s * a + t * b) * s * t for s in (1, -1) for t in (1, -1)]
            information[i, j] = -sum(corners) / (4 * steps[i] * steps[j])
    assert found.covariance == pytest.approx(np.linalg.inv(information)[:3, :3], rel=2e-2)


def test_errors_by_dyad_are_the_sandwich_of_the_numerical_scores_of_each_dyad(small_fit):
    events, found = small_fit
    scores = []
    for dyad in range(3):
        mine = events.side // 2 == dyad
        alone = arrange(np.zeros(mine.sum(), dtype=int), events.side[mine] % 2, events.day[mine], events.shape)
        centre = np.concatenate([at(found)[:3], found.level[2 * dyad : 2 * dyad + 2]])
        step = 1e-5 * np.eye(5)
        scores.append([(value(alone, centre + step[k]) - value(alone, centre - step[k])) / 2e-5 for k in range(3)])
    meat = np.array(scores).T @ np.array(scores)
    assert found.clustered == pytest.approx(found.covariance @ meat @ found.covariance, rel=1e-3, abs=1e-7)


def test_baselines_without_excitation_are_the_numbers_of_events():
    events = arranged(draw(1, dyads=4), FIVE_YEARS)
    assert hawkes.baselines(events, np.zeros(events.day.size)) == pytest.approx(events.counts)


# --- recovery ---


def recovered(seeds: range, shape=FIVE_YEARS, **design) -> tuple[np.ndarray, np.ndarray]:
    """Estimates of own, cross and ln decay, and their standard errors, one row a replication."""
    found = [fit(arranged(draw(seed, shape=shape, **design), shape)) for seed in seeds]
    assert {one.status for one in found} == {"estimated"}
    return np.array([at(one)[:3] for one in found]), np.array([np.sqrt(np.diag(one.covariance)) for one in found])


def held_against_truth(estimates: np.ndarray, se: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """By parameter: bias in Monte Carlo errors, and mean standard error over the spread of the estimates."""
    truth = np.array([KNOWN.own, KNOWN.cross, math.log(KNOWN.decay)])
    spread = estimates.std(axis=0, ddof=1)
    return (estimates.mean(axis=0) - truth) / spread * math.sqrt(len(estimates)), se.mean(axis=0) / spread


def test_known_parameters_are_recovered_within_two_monte_carlo_errors_over_fifty_replications():
    bias, ratio = held_against_truth(*recovered(range(50), dyads=2, level=60))
    assert abs(bias).max() < 2
    assert ratio == pytest.approx(1, rel=0.3)


@pytest.mark.soak
def test_known_parameters_are_recovered_over_two_hundred_longer_replications():
    bias, ratio = held_against_truth(*recovered(range(1000, 1200), dyads=2, level=120, shape=constant(8000.0)))
    assert abs(bias).max() < 2
    assert ratio == pytest.approx(1, rel=0.3)


def test_retaliation_in_events_that_set_off_nothing_is_not_distinguishable_from_zero():
    """A test at 5 % on 40 sets of Poisson events finds something in more than 5 of them with probability 1.4 %."""
    found = [fit(arranged(draw(seed, kernels=Kernels(0, 0, 1)), FIVE_YEARS)) for seed in range(40)]
    estimated = [one for one in found if one.status == "estimated"]
    assert sum(one.kernels.cross > 1.645 * math.sqrt(one.covariance[1, 1]) for one in estimated) <= 5


def test_campaigns_without_retaliation_are_not_taken_for_retaliation():
    """The likelihood ratio at 5 %, upper end of half a chi-squared(1), on 40 sets: the same bound."""
    refused = 0
    for seed in range(40):
        events = arranged(draw(seed, dyads=8, kernels=Kernels(0.2, 0, 0.25)), FIVE_YEARS)
        refused += 2 * (fit(events).log_likelihood - fit(events, retaliation=False).log_likelihood) > 2.706
    assert refused <= 5


def test_the_test_against_no_excitation_keeps_its_level_and_finds_excitation():
    quiet = [whole_days(draw(seed, kernels=Kernels(0, 0, 1))) for seed in range(15)]
    p_values = [estimate(e, follow_years=False, seeds=[0]).numbers["test", "p_value"].estimate for e in quiet]
    assert sum(p is not None and p < 0.05 for p in p_values) <= 3
    loud = estimate(whole_days(draw(0)), follow_years=False, seeds=[0]).numbers
    assert loud["test", "p_value"].estimate < 1e-6
    assert loud["test", "p_value_cross"].estimate < 1e-6


def test_p_values_are_those_of_mixtures_of_chi_squares():
    """P(chi2_1 > x) = erfc(sqrt(x/2)), P(chi2_2 > x) = exp(-x/2). Half the mass has one degree of freedom, a quarter
    two where the ratios are uncorrelated, as they nearly are here; the decay was chosen out of seven."""
    weak = whole_days(draw(7, kernels=Kernels(0.08, 0.04, 0.25)))
    found = {
        name: n.estimate for (where, name), n in estimate(weak, False, seeds=[0]).numbers.items() if where == "test"
    }
    ratio, cross = found["likelihood_ratio"], found["likelihood_ratio_cross"]
    assert 10 < ratio < 40 and 0 < cross < 20
    one, two = 0.5 * math.erfc(math.sqrt(ratio / 2)), math.exp(-ratio / 2)
    assert 7 * (one + 0.2 * two) < found["p_value"] < 7 * (one + 0.3 * two)
    assert found["p_value_cross"] == pytest.approx(0.5 * math.erfc(math.sqrt(cross / 2)))


def test_days_instead_of_hours_cost_little_where_memory_lasts_for_days():
    found = numbers(estimate(whole_days(draw(11, dyads=10, level=25)), follow_years=False, seeds=range(3)))
    for name, truth in (("branching_own", KNOWN.own), ("branching_cross", KNOWN.cross), ("decay", KNOWN.decay)):
        assert abs(found[name].estimate - truth) < 2.5 * found[name].se, name
    assert found["half_life"].estimate * found["decay"].estimate == pytest.approx(math.log(2))


def test_trackers_that_see_more_every_year_are_not_taken_for_events_that_set_off_others():
    """Poisson events of which each year has more than the last; a constant baseline mistakes the trend."""
    edges = np.append(np.floor(np.arange(0, 1826, 365.25)), 1826.0)
    rising = dyadic_events.Shape(edges, np.array([1, 2, 3, 3, 3]) / 12)
    events = whole_days(draw(2, dyads=20, kernels=Kernels(0, 0, 1), shape=rising))
    naive, found = estimate(events, follow_years=False, seeds=[0]), estimate(events, seeds=[0])
    assert sum(naive.numbers["hawkes", name].estimate for name in ("branching_own", "branching_cross")) > 0.3
    assert naive.numbers["test", "p_value"].estimate < 1e-6
    assert found.status.startswith("not estimable") or found.numbers["test", "p_value"].estimate > 0.05


# --- goodness of fit ---


def test_rescaled_intervals_of_poisson_events_are_spacings_turned_exponential():
    """One event at 3 of 10 days: -ln(.7). Two at 2 and 5: -2 ln(1 - .2), -2 ln(1 - .3)."""
    events = arrange(np.array([0, 0, 0]), np.array([0, 1, 1]), np.array([3.0, 2.0, 5.0]), constant(10.0))
    intervals = hawkes.rescaled_intervals(events, Kernels(0, 0, 1), events.counts)
    assert sorted(intervals) == pytest.approx(sorted([-math.log(0.7), -2 * math.log(0.8), -2 * math.log(0.7)]))


def test_rescaled_intervals_of_an_attack_and_its_answer_come_out_by_hand():
    """Window of 10 days, baselines of 1 and 2; A on day 2, B on day 3; ratios of .1 (own) and .5 (cross).

    A's clock shows .2 at its event and 1 + .1 (1 - e^-4) + .5 (1 - e^-3.5) at the end, B's .6 + .5 (1 - e^-.5) and
    2 + .1 (1 - e^-3.5) + .5 (1 - e^-4), with a decay of .5.
    """
    events = arrange(np.array([0, 0]), np.array([0, 1]), np.array([2.0, 3.0]), constant(10.0))
    intervals = hawkes.rescaled_intervals(events, Kernels(0.1, 0.5, 0.5), np.array([1.0, 2.0]))
    a = 0.2 / (1 + 0.1 * (1 - math.exp(-4)) + 0.5 * (1 - math.exp(-3.5)))
    b = (0.6 + 0.5 * (1 - math.exp(-0.5))) / (2 + 0.1 * (1 - math.exp(-3.5)) + 0.5 * (1 - math.exp(-4)))
    assert intervals == pytest.approx([-math.log(1 - a), -math.log(1 - b)])


def test_time_rescaling_accepts_the_true_model_and_refuses_one_without_clusters():
    truth = np.full(24, 16.0)
    poisson = Kernels(0, 0, 1)
    accepted = []
    for seed in range(20):
        events = arranged(draw(seed), FIVE_YEARS)
        accepted.append(kstest(hawkes.rescaled_intervals(events, KNOWN, truth), "expon").pvalue > 0.05)
        wrong = hawkes.rescaled_intervals(events, poisson, events.counts)
        assert kstest(wrong, "expon").pvalue < 1e-4
    assert sum(accepted) >= 17  # 20 tests at 5 % refuse more than 3 with probability 1.6 %


# --- simulation ---


def test_simulated_events_number_their_baseline_over_one_less_the_branching_ratios():
    """Hawkes (1971): 1,000 baseline events and ratios of .3 and .2 give 2,000, less what falls after the window."""
    sizes = [draw(seed, dyads=50, level=10).height for seed in range(20)]
    assert np.mean(sizes) == pytest.approx(2000, rel=0.02)


def test_the_same_seed_gives_the_same_events_in_the_window():
    assert draw(4).equals(draw(4))
    assert draw(4)["day"].is_between(0, 1826).all()


@pytest.mark.parametrize(
    ("kernels", "told"),
    [
        (Kernels(0.7, 0.3, 1), "sum to less than 1"),
        (Kernels(-0.1, 0.3, 1), "at least 0"),
        (Kernels(math.nan, 0.3, 1), "at least 0"),
        (Kernels(0.1, 0.1, 0), "decay must be above zero"),
    ],
)
def test_a_process_that_never_ends_is_refused(kernels, told):
    with pytest.raises(ValueError, match=told):
        draw(0, kernels=kernels)


@pytest.mark.parametrize(
    ("side", "day", "told"),
    [
        ([0, 2], [1.0, 2.0], "a side is 0 or 1, got 2"),
        ([0, 1], [1.0, 12.0], "in the window, 0 to 10"),
        ([0, 1], [1.0, math.nan], "in the window, 0 to 10"),
        ([0, 1], [1.0, 9.0], "no baseline on day 9"),
        ([], [], "no events"),
    ],
)
def test_events_outside_what_the_model_knows_are_refused(side, day, told):
    half = dyadic_events.Shape(np.array([0.0, 5.0, 10.0]), np.array([1.0, 0.0]))
    with pytest.raises(ValueError, match=told):
        arrange(np.zeros(len(side), dtype=int), np.array(side, dtype=int), np.array(day), half)


# --- what cannot be estimated ---


def burst() -> pl.DataFrame:
    """One event, then two dyads that answer faster and faster until the records end."""
    days = np.floor(900 + 100 * np.log(np.arange(1, 61)) / math.log(60))
    both = [{"dyad": d, "side": int(k % 2), "day": day} for d in ("A", "B") for k, day in enumerate(days)]
    return pl.DataFrame([{"dyad": "C", "side": 0, "day": 0.0}, *both])


def evenly() -> pl.DataFrame:
    rows = [{"dyad": d, "side": k % 2, "day": 100.0 * k} for d in "ABCD" for k in range(18)]
    return pl.DataFrame(rows)


@pytest.mark.parametrize(
    ("events", "told"),
    [
        (draw(0).head(0), "0 events, at least 30"),
        (draw(0).head(29), "29 events, at least 30"),
        (draw(0).filter(pl.col("side") == 0), "in no dyad have both sides attacked"),
        (burst(), "which is not below 1"),
        (evenly(), "events set off no others"),
    ],
)
def test_what_cannot_be_estimated_is_said_and_no_number_given(events, told):
    found = estimate(whole_days(events), follow_years=False, seeds=range(2))
    assert found.status.startswith("not estimable") and told in found.status
    told_by_row = {row: number for row, number in found.numbers.items() if row[0] != "records"}
    assert {(n.estimate, n.se, n.status) for n in told_by_row.values()} == {(None, None, found.status)}


# --- the table ---


@pytest.fixture(scope="module")
def events() -> pl.DataFrame:
    return whole_days(draw(8, dyads=10, level=5)).with_columns(pl.col("day") + 16_000)


def test_hours_are_averaged_after_rubin(events):
    alone = [numbers(estimate(events, seeds=[seed]))["branching_cross"] for seed in range(4)]
    pooled = numbers(estimate(events, seeds=range(4)))["branching_cross"]
    values = [one.estimate for one in alone]
    within, between = np.mean([one.se**2 for one in alone]), np.var(values, ddof=1)
    assert pooled.estimate == pytest.approx(np.mean(values))
    assert pooled.se == pytest.approx(math.sqrt(within + 1.25 * between))
    assert between > 0


def test_the_order_of_rows_the_names_of_dyads_and_the_origin_of_days_do_not_matter(events):
    found = numbers(estimate(events, seeds=range(2)))
    other = events.sample(fraction=1, shuffle=True, seed=1).with_columns(
        dyad=pl.format("dyad {}", pl.col("dyad") + 10), day=pl.col("day") - 5000
    )
    again = numbers(estimate(other, seeds=range(2)))
    assert {n: x.estimate for n, x in again.items()} == pytest.approx({n: x.estimate for n, x in found.items()})


def test_the_table_has_every_number_once_and_gives_retaliation_as_the_model_takes_it(events):
    table = fit_table(events, seeds=range(3))
    assert not table.select("fit", "coefficient").is_duplicated().any()
    main = estimate(events, seeds=range(3))
    row = table.filter(fit="hawkes", coefficient="branching_cross").row(0, named=True)
    assert row["n"] == events.height
    assert row["estimate"] == pytest.approx(main.numbers["hawkes", "branching_cross"].estimate, rel=1e-5)
    assert tuple(escalation.retaliation(table)) == (row["estimate"], row["se"], "estimated")
    dyads = table.filter(fit="records", coefficient="mutual_dyads")["estimate"].item()
    assert dyads == sum(len(set(side)) == 2 for side in events.group_by("dyad").agg("side")["side"])
    tied = events.group_by("dyad", "day").len().filter(pl.col("len") > 1)["len"].sum()
    share = table.filter(fit="records", coefficient="share_tied")["estimate"].item()
    assert share == pytest.approx(tied / events.height, rel=1e-5)


def test_retaliation_that_is_not_estimable_has_no_number_and_a_table_without_it_is_refused(events):
    status = "not estimable: 12 events, at least 30 are needed"
    table = fit_table(events.head(12))
    assert tuple(escalation.retaliation(table)) == (None, None, status)
    with pytest.raises(ValueError, match="one row hawkes, branching_cross"):
        escalation.retaliation(table.filter(pl.col("fit") != "hawkes"))


def test_a_year_of_the_baseline_has_the_share_of_its_events():
    shape = yearly(np.array([0.5, 364.9, 365.5, 800.0]), 801.0)
    assert shape.edges.tolist() == [0, 365, 730, 801]
    assert shape.share.tolist() == [0.5, 0.25, 0.25]
    assert shape.density(np.array([0.0, 365.0, 801.0])) == pytest.approx([0.5 / 365, 0.25 / 365, 0.25 / 71])
    assert shape.cumulative(np.array([0.0, 365.0, 801.0])) == pytest.approx([0, 0.5, 1])
