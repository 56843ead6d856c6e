"""Membership: entry into force, phase-in, adoption levels, and standing in law."""

from datetime import date

import numpy as np
import pytest

from models.convention import Scenario, adoption_order, decimal_year, member_since, members_at_level, phase_in
from models.deterrence import displaced_total, standing
from models.world import capacity

NAN = np.nan


def scenario(joins, threshold):
    return Scenario("x", "", "", frozenset({"law"}), frozenset(), joins, threshold, False)


def test_nothing_acts_before_the_threshold_is_reached():
    joins = {"AAA": date(2027, 1, 1), "BBB": date(2028, 7, 1), "CCC": date(2030, 1, 1)}
    assert scenario(joins, 2).in_force_on == date(2028, 7, 1)
    since = member_since(scenario(joins, 2), ["AAA", "BBB", "CCC", "DDD"])
    assert since[:3] == pytest.approx([2028 + 182 / 366, 2028 + 182 / 366, 2030.0])
    assert np.isnan(since[3])
    assert scenario(joins, 4).in_force_on is None
    assert np.isnan(member_since(scenario(joins, 4), ["AAA"])).all()


def test_phase_in_reaches_63_percent_after_its_lag():
    assert phase_in(np.array([2020.0, NAN, 2030.0]), 2023.0, 3.0) == pytest.approx([1 - np.exp(-1), 0, 0])


def test_decimal_year_of_the_second_of_july_is_the_middle_of_the_year():
    assert decimal_year(date(2021, 7, 2)) == pytest.approx(2021 + 182 / 365)


def test_level_is_met_exactly_by_a_fraction_of_the_marginal_economy():
    """Shares .5, .3, .2: at 60 % the first is in whole and the second for a third of its .3."""
    weights = np.array([2.0, 5.0, 3.0])
    order = adoption_order(weights, ["AAA", "BBB", "CCC"])
    assert members_at_level(0.6, weights, order) == pytest.approx([0, 1, 1 / 3])
    assert members_at_level(0.0, weights, order) == pytest.approx([0, 0, 0])


def test_economies_without_weight_join_at_full_adoption_only():
    weights = np.array([1.0, 0.0])
    order = adoption_order(weights, ["AAA", "BBB"])
    assert members_at_level(0.999, weights, order)[1] == 0
    assert members_at_level(1.0, weights, order)[1] == 1


def test_founders_come_first_and_ties_go_by_iso3():
    weights = np.array([1.0, 1.0, 9.0])
    assert list(adoption_order(weights, ["CCC", "AAA", "ZZZ"], ["CCC"])) == [0, 2, 1]
    assert list(adoption_order(weights, ["CCC", "AAA", "ZZZ"])) == [2, 1, 0]


def test_capacity_is_relative_to_the_parties_the_studies_measured():
    """Rule of law 0 is .5 of the scale: against a reference of .8 it is .625; nobody counts above 1."""
    assert capacity(np.array([-2.5, 0.0, 2.5]), 0.8) == pytest.approx([0, 0.625, 1])


def test_a_new_text_without_reservations_lifts_them_for_members_only(small):
    world = small.world(size=6, seed=2)
    world.reserves[:] = [True, True, False, False, False, False]
    member = np.array([1.0, 0.0, 1.0, 0.0, 0.0, 0.0])
    assert list(standing(world, member, admits_reservations=False).cooperates_s) == [1, 0, 1, 1, 1, 1]
    assert list(standing(world, member, admits_reservations=True).cooperates_s) == [0, 0, 1, 1, 1, 1]


def test_parties_to_budapest_gain_no_law_of_their_own(small):
    world = small.world(size=6, seed=2)
    law = standing(world, np.ones(6), admits_reservations=False)
    assert np.array_equal(law.effective_s[world.party], law.effective_q[world.party])
    assert np.all(law.effective_q[~world.party] == 0)


def test_displacement_by_hand():
    """phi .5, C .2, D 10, Z 30: R = .5 x .8 x 10 = 4. D = -10: R = -4; one-sided: 0. D = -100, phi 1: -.8 Z."""

    def displaced(deterred, mobility, rule="two_sided"):
        return displaced_total(np.array([deterred]), np.array([30.0]), 0.2, np.array([mobility]), rule)[0]

    assert displaced(10.0, 0.5) == pytest.approx(4)
    assert displaced(-10.0, 0.5) == pytest.approx(-4)
    assert displaced(-10.0, 0.5, "one_sided") == 0
    assert displaced(-100.0, 1.0) == pytest.approx(-0.8 * 30)
    assert displaced_total(np.array([5.0]), np.array([0.0]), 1.0, np.array([1.0]), "two_sided")[0] == 0
