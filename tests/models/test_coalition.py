"""Stability of coalitions: the textbook game, games solved by hand, and best responses."""

import itertools

import numpy as np
import pytest

from models.coalition import (
    best_responses,
    exact,
    joining_gains,
    linear_quadratic_game,
    members_of,
    net_of_cost,
    stable_sizes,
)

BENEFITS = np.array([3.0, 2.0, 1.0])


def three_economies(masks):
    """Pay-offs of three economies A, B, C in the linear-quadratic game with benefits 3, 2, 1 and unit cost.

    An outsider abates q = b_i. A member of S abates B_S, the sum of the members' benefits, which maximizes their joint
    pay-off. Each gets b_i Q - q_i^2 / 2, with Q everyone's abatement. On paper, for (A, B, C):

        S          Q    pay-offs
        none, one   6   13.5, 10,   5.5    a single member maximizes what it would alone
        A B        11   20.5,  9.5, 10.5
        A C        10   22,   18,    2
        B C         9   22.5, 13.5,  4.5
        A B C      18   36,   18,    0

    Without penalty nobody can be kept: B leaves A B (10 > 9.5), C leaves A C (5.5 > 2), B C (5.5 > 4.5) and A B C
    (10.5 > 0). Alone, A is joined by nobody (B: 9.5 < 10, C: 2 < 5.5), while A joins B (20.5 > 13.5) and C (22 > 13.5).
    Stable: nobody, and A alone.
    """
    member = members_of(masks, 3)
    joint = np.where(member, member @ BENEFITS[:, None], BENEFITS)
    return BENEFITS * joint.sum(1, keepdims=True) - joint**2 / 2


def sets(found):
    return {"".join(name for name, inside in zip("ABC", m, strict=True) if inside) for m in members_of(found.masks, 3)}


@pytest.mark.parametrize("players", [5, 10, 50, 193])
def test_textbook_coalitions_have_two_or_three_members_or_none(players):
    """Barrett (1994): linear benefit, quadratic cost, identical countries."""
    assert stable_sizes(*linear_quadratic_game(players)) == [0, 2, 3]


@pytest.mark.parametrize(("benefit", "cost"), [(2.0, 0.5), (0.1, 7.0)])
def test_textbook_sizes_do_not_depend_on_benefit_and_cost(benefit, cost):
    assert stable_sizes(*linear_quadratic_game(10, benefit, cost)) == [0, 2, 3]


def test_every_pair_and_triple_of_five_identical_countries_is_stable():
    """1 empty set, 10 pairs and 10 triples among the 32 coalitions."""
    inside, outside = linear_quadratic_game(5)
    member = members_of(np.arange(32), 5)
    size = member.sum(1)
    payoffs = np.where(member, inside[size][:, None], outside[size][:, None])
    found = exact(payoffs, 5)
    assert sorted(size[found.masks]) == [0] + 10 * [2] + 10 * [3]


def test_three_economies_without_penalty_hold_nobody_together():
    assert sets(exact(three_economies, 3)) == {"", "A"}


def test_a_penalty_on_outsiders_enlarges_the_coalition():
    """Penalty 1: B stays with A (9.5 > 10 - 1) and joins it, C still stays out (10.5 - 1 > 0). In A C the third leaves
    (5.5 - 1 > 2), A joins B, C and B C as before. Penalty 12: C comes in (0 > 10.5 - 12) and nobody leaves
    (A: 36 > 22.5 - 12, B: 18 > 18 - 12). Nobody punishes where nobody is a member."""
    assert sets(exact(three_economies, 3, penalty=1.0)) == {"", "AB"}
    assert sets(exact(three_economies, 3, penalty=12.0)) == {"", "ABC"}


def test_a_cost_of_membership_dissolves_what_it_exceeds():
    """Penalty 1 and a cost of 0.6 for B: 9.5 - 0.6 < 10 - 1, so B leaves A; alone each prefers to pay nothing."""
    assert sets(exact(three_economies, 3, cost=np.array([0.0, 0.6, 0.0]), penalty=1.0)) == {"", "A"}


def test_internal_and_external_stability_are_told_apart():
    """A B C is left by C but there is nobody to join it; nobody can leave the empty set."""
    found = exact(three_economies, 3)
    assert (found.internal[7], found.external[7]) == (False, True)
    assert (found.internal[0], found.external[0]) == (True, True)


def joining_of(payoffs, players, cost=0.0, penalty=0.0):
    gains = joining_gains(payoffs, players)

    def joining(member):
        mask = int(member @ 2 ** np.arange(players))
        return net_of_cost(gains[mask], member, cost, penalty)

    return joining


def test_best_responses_leave_the_full_set_one_by_one():
    """On paper: C leaves A B C (a gain of 10.5), then B leaves A B (0.5), and A alone is stable."""
    reached = best_responses(joining_of(three_economies, 3), np.ones(3, bool))
    assert reached.member.tolist() == [True, False, False]
    assert (reached.stable, reached.moves, reached.cycle) == (True, 2, 0)
    assert best_responses(joining_of(three_economies, 3), np.zeros(3, bool)).moves == 0


def test_several_sets_are_stable_and_the_start_decides():
    """Penalty 12: everybody stays in from the full set, and nobody starts from the empty one."""
    joining = joining_of(three_economies, 3, penalty=12.0)
    assert best_responses(joining, np.ones(3, bool)).member.all()
    assert not best_responses(joining, np.zeros(3, bool)).member.any()


def test_a_game_without_a_stable_set_is_reported_as_a_cycle():
    """One wants to be where the other is, who wants to be elsewhere: in and out forever, four sets in turn."""
    member = members_of(np.arange(4), 2)
    together = (member[:, 0] == member[:, 1]).astype(float)
    payoffs = np.stack((together, -together), 1)
    assert exact(payoffs, 2).masks.size == 0
    reached = best_responses(joining_of(payoffs, 2), np.zeros(2, bool))
    assert not reached.stable
    assert reached.cycle == 4


def test_moves_that_never_settle_nor_return_come_to_an_end():
    """A walk through the 512 sets of nine players in Gray code meets none twice in the 450 moves that are allowed."""
    step = itertools.count(1)

    def along_gray_code(member):
        code = next(step)
        in_next = members_of(np.array([code ^ (code >> 1)]), 9)[0]
        return np.where(in_next, 1.0, -1.0)

    reached = best_responses(along_gray_code, np.zeros(9, bool))
    assert (reached.stable, reached.cycle, reached.moves) == (False, 0, 450)


def test_gains_up_to_a_billionth_move_nobody():
    indifferent = np.array([[0.0], [9e-10]])
    assert exact(indifferent, 1).masks.tolist() == [0, 1]
    assert exact(3 * indifferent, 1).masks.tolist() == [1]


def test_stability_of_every_coalition_agrees_with_its_definition():
    """Random pay-offs of five players, each coalition and each move spelled out."""
    payoffs = np.random.default_rng(3).normal(size=(32, 5))
    found = exact(payoffs, 5)
    for s in range(32):
        inside = [i for i in range(5) if s >> i & 1]
        outside = [i for i in range(5) if not s >> i & 1]
        assert found.internal[s] == all(payoffs[s, i] >= payoffs[s - 2**i, i] for i in inside)
        assert found.external[s] == all(payoffs[s, i] >= payoffs[s + 2**i, i] for i in outside)


def test_sixteen_players_are_examined_set_by_set():
    """The textbook game again: pairs and triples of 16 are 120 + 560, and nobody."""
    inside, outside = linear_quadratic_game(16)

    def payoffs(masks):
        member = members_of(masks, 16)
        size = member.sum(1)
        return np.where(member, inside[size][:, None], outside[size][:, None])

    found = exact(payoffs, 16)
    assert found.masks.size == 1 + 120 + 560


def test_seventeen_players_are_refused():
    with pytest.raises(ValueError, match="1 to 16 players, got 17; use best_responses"):
        exact(lambda masks: np.zeros((masks.size, 17)), 17)


def test_payoffs_of_the_wrong_shape_or_not_finite_are_refused():
    with pytest.raises(ValueError, match=r"pay-offs of 2 players are \(4, 2\), got \(4, 3\)"):
        exact(np.zeros((4, 3)), 2)
    with pytest.raises(ValueError, match="must be finite"):
        exact(np.array([[0.0], [np.inf]]), 1)


def test_negative_costs_and_penalties_are_refused():
    with pytest.raises(ValueError, match="must not be negative"):
        exact(np.zeros((2, 1)), 1, cost=-1.0)
    with pytest.raises(ValueError, match="must not be negative"):
        exact(np.zeros((2, 1)), 1, penalty=-1.0)
