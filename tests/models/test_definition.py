"""What a definition covers, how sure a share is, and when records may speak for kappa."""

import numpy as np
import polars as pl
import pytest
from scipy import stats

from models.definition import (
    CoverageLaw,
    Definition,
    Tally,
    Treatment,
    Trigger,
    coverage_law,
    covered,
    tally,
    wilson,
    withheld,
)

OUT = Treatment("excluded")
SERIOUS = Trigger("serious disruption", types=frozenset({"disruption"}), minimum_intensity=3)


def incidents(*rows):
    columns = {
        "threat_class": pl.String,
        "incident_type": pl.String,
        "sectors": pl.List(pl.String),
        "intensity": pl.Int64,
    }
    return pl.DataFrame(list(rows), schema=columns, orient="row")


def of_state(*triggers):
    return Definition("test", "Test", {"state": Treatment("partly", triggers, 4, 4), "criminal": OUT, "other": OUT})


def test_all_conditions_of_one_trigger_must_hold():
    trigger = Trigger("power cut", frozenset({"disruption"}), frozenset({"energy", "water"}), 3)
    rows = incidents(
        ("state", "disruption", ["commerce", "energy"], 3),
        ("state", "disruption", ["commerce"], 3),
        ("state", "data_theft", ["energy"], 4),
        ("state", "disruption", ["energy"], 2),
        ("state", "disruption", [], 4),
        ("criminal", "disruption", ["energy"], 4),
    )
    assert covered(rows, of_state(trigger)).to_list() == [True, False, False, False, False, False]


def test_one_of_several_triggers_is_enough():
    rows = incidents(("state", "disruption", [], 3), ("state", "destruction", [], None), ("state", "intrusion", [], 4))
    found = covered(rows, of_state(SERIOUS, Trigger("destruction", types=frozenset({"destruction"}))))
    assert found.to_list() == [True, True, False]


@pytest.mark.parametrize("passes", [True, False])
def test_an_incident_without_a_level_is_treated_as_the_trigger_says(passes):
    trigger = Trigger("any", minimum_intensity=2, unknown_intensity=passes)
    rows = incidents(("state", "disruption", [], None), ("state", "disruption", [], 1), ("state", "disruption", [], 2))
    assert covered(rows, of_state(trigger)).to_list() == [passes, False, True]


def test_nothing_on_record_is_nothing_covered_and_no_share():
    empty = incidents()
    assert covered(empty, of_state(Trigger("any"))).to_list() == []
    assert covered(empty, of_state(SERIOUS)).to_list() == []
    nothing = tally(np.zeros(0, bool), np.zeros(0))
    assert (nothing, nothing.share, nothing.interval) == (Tally(), None, (None, None))


def test_a_class_that_a_definition_does_not_know_is_refused():
    with pytest.raises(ValueError, match="does not say how it treats 'alien'"):
        covered(incidents(("alien", "disruption", [], 1)), of_state(SERIOUS))


def test_a_definition_that_covers_nothing_is_refused():
    with pytest.raises(ValueError, match="covers nothing"):
        Definition("empty", "Empty", {"state": OUT, "criminal": OUT, "other": OUT})
    with pytest.raises(ValueError, match="at least one trigger"):
        Treatment("partly", (), 4, 4)
    with pytest.raises(ValueError, match="kappa is exactly 0"):
        Treatment("excluded", (SERIOUS,))
    with pytest.raises(ValueError, match="a > 0"):
        Treatment("partly", (SERIOUS,), 0, 4)


def test_shares_are_by_weight_and_the_effective_number_counts_equal_weights():
    # by hand: (3 + 1)^2 / (9 + 1) = 1.6; four equal weights count as four
    assert tally(np.array([True, False]), np.array([3.0, 1.0])) == Tally(2, 1.6, 3.0, 4.0)
    assert tally(np.ones(4, bool), np.full(4, 2.5)) == Tally(4, 4.0, 10.0, 10.0)


@pytest.mark.parametrize("weight", [[1.0, -1.0], [1.0, np.nan], [1.0, np.inf], [1.0]])
def test_weights_that_are_none_are_refused(weight):
    with pytest.raises(ValueError, match="weight"):
        tally(np.array([True, False]), np.array(weight))


def test_an_estimate_from_under_30_records_is_withheld():
    assert withheld(29) and not withheld(30)
    few, enough = tally(np.ones(29, bool), np.ones(29)), tally(np.ones(30, bool), np.ones(30))
    assert (few.share, few.interval) == (None, (None, None))
    # by hand: with all of n covered Wilson's lower end is n / (n + z^2)
    assert (enough.share, enough.interval) == (1.0, (pytest.approx(30 / (30 + 1.6448536**2)), 1.0))


@pytest.mark.parametrize(("hits", "n"), [(0, 40), (7, 40), (20, 40), (40, 40), (103, 1556)])
def test_intervals_of_counts_are_wilsons(hits, n):
    expected = stats.binomtest(hits, n).proportion_ci(0.9, method="wilson")
    assert wilson(hits / n, n) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_the_interval_of_a_share_of_money_holds_it_where_a_bootstrap_does_not():
    """64 lognormal amounts as spread as those on record (log standard deviation near 4), nine in ten covered."""
    rng = np.random.default_rng(20210101)
    samples, n, share = 500, 64, 0.9
    in_wilson = in_bootstrap = 0
    for _ in range(samples):
        weight, hit = np.exp(4 * rng.standard_normal(n)), rng.random(n) < share
        found = tally(hit, weight)
        low, high = found.interval
        in_wilson += low <= share <= high
        again = rng.integers(0, n, (200, n))
        shares = (weight[again] * hit[again]).sum(1) / weight[again].sum(1)
        low, high = np.quantile(shares, [0.05, 0.95])
        in_bootstrap += low <= share <= high
    # binomial error of 500 samples at 0.9 is 0.013
    assert in_wilson / samples == pytest.approx(0.9, abs=0.04)
    assert in_bootstrap / samples < 0.6


WRITTEN = Treatment("written_for", (SERIOUS,), 9, 1)
JUDGED = CoverageLaw("beta", "judgement", {"a": 9, "b": 1})


def amounts(hits, n):
    return tally(np.arange(n) < hits, np.ones(n))


def test_kappa_of_an_excluded_class_is_exactly_zero():
    law = coverage_law(OUT, amounts(40, 40))
    assert (law.distribution, law.arguments, law.mean) == ("constant", {"value": 0.0}, 0.0)


def test_kappa_follows_30_equal_amounts_and_the_judgement_below():
    # Jeffreys by hand: 30 of 40 covered, Beta(30.5, 10.5)
    law = coverage_law(WRITTEN, amounts(30, 40))
    assert (law.distribution, law.basis, law.arguments) == ("beta", "records", {"a": 30.5, "b": 10.5})
    assert law.mean == pytest.approx(30.5 / 41)
    assert coverage_law(WRITTEN, amounts(22, 29)) == JUDGED
    assert JUDGED.mean == 0.9


def test_kappa_is_never_certain_where_records_cover_all_or_nothing():
    for hits in (0, 40):
        law = coverage_law(WRITTEN, amounts(hits, 40))
        assert law.basis == "records"
        assert min(law.arguments.values()) == 0.5


def test_many_amounts_of_which_one_is_most_of_the_sum_leave_the_judgement_alone():
    weight = np.ones(64)
    weight[0] = 40.0
    # by hand: (40 + 63)^2 / (1600 + 63) = 6.4 equal amounts
    found = tally(np.ones(64, bool), weight)
    assert found.effective == pytest.approx(103**2 / 1663)
    assert coverage_law(WRITTEN, found) == JUDGED


def test_where_the_text_covers_all_of_a_class_records_add_nothing():
    everything = Treatment("written_for", (Trigger("any"),), 9, 1)
    assert everything.certain and OUT.certain and not WRITTEN.certain
    assert coverage_law(everything, amounts(40, 40)) == JUDGED


def test_a_rule_is_known_by_its_conditions_and_not_by_its_name():
    same = Treatment("partly", (Trigger("other words", types=frozenset({"disruption"}), minimum_intensity=3),), 4, 4)
    stricter = Treatment("partly", (Trigger("x", types=frozenset({"disruption"}), minimum_intensity=4),), 4, 4)
    assert same.rule == WRITTEN.rule != stricter.rule
    assert len(same.rule) == 12
