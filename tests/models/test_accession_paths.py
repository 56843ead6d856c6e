"""Paths of a new convention drawn from a hazard of accession: limits, closed forms, entry into force, the fan."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from models.accession import Covariates, Hazard
from models.accession_paths import fan_table, in_force, simulate
from models.convention import Scenario
from pipelines.schemas.mechanisms import MECHANISM
from pipelines.schemas.tables import conform

OPENED = date(2027, 1, 1)


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
