"""Which coalitions hold together: internal and external stability, for every coalition of few players or by best
responses of many.

Pay-offs here are numbers, whatever they measure; what a convention is worth to whom is in `payoffs`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Members = NDArray[np.bool_]
Masks = NDArray[np.int64]

PLAYERS_AT_MOST = 16
"""Every coalition of this many players is examined; each player more doubles their number."""
TIE = 1e-9
"""Gains up to this size, in the unit of the pay-offs, move nobody."""
MOVES_PER_PLAYER = 50
"""Best responses stop after this many moves for each player: no game that settles has needed two."""


def members_of(masks: Masks, players: int) -> Members:
    """(masks, players) who is in each coalition: player i is in mask s where bit i of s is set."""
    return np.asarray((masks[:, None] >> np.arange(players)) & 1, dtype=bool)


def joining_gains(payoffs: Array | Callable[[Masks], Array], players: int) -> Array:
    """(2^players, players) what each player gets inside rather than outside, the others being as in each coalition.

    Parameters
    ----------
    payoffs : (2^players, players) by coalition, in order of mask, or a function of masks that returns it

    Returns
    -------
    pi_i(S with i) - pi_i(S without i) for mask S, so that masks which differ in i alone have the same entry i

    Raises
    ------
    ValueError for more than `PLAYERS_AT_MOST` players, for pay-offs of another shape and for those that are not finite.
    """
    if not 1 <= players <= PLAYERS_AT_MOST:
        raise ValueError(
            f"every coalition is examined for 1 to {PLAYERS_AT_MOST} players, got {players}; use best_responses"
        )
    masks = np.arange(2**players)
    values = np.asarray(payoffs(masks) if callable(payoffs) else payoffs, dtype=np.float64)
    if values.shape != (masks.size, players):
        raise ValueError(f"pay-offs of {players} players are {(masks.size, players)}, got {values.shape}")
    if not np.isfinite(values).all():
        raise ValueError("pay-offs must be finite")
    gains = np.empty_like(values)
    for i in range(players):
        # halves of a block differ in bit i alone
        out_and_in = values[:, i].reshape(-1, 2, 2**i)
        gains[:, i].reshape(out_and_in.shape)[:] = out_and_in[:, 1:] - out_and_in[:, :1]
    return gains


def net_of_cost(joining: Array, member: Members, cost: Array | float, penalty: Array | float = 0.0) -> Array:
    """Joining gains where a member pays a cost and an outsider a penalty, in the unit of the pay-offs.

    `joining` and `member` are (coalitions, players) or (players,), cost and penalty one number or (players,). There is
    no penalty where nobody else is a member: it has no author.
    """
    if np.any(np.asarray(cost) < 0) or np.any(np.asarray(penalty) < 0):
        raise ValueError("cost and penalty must not be negative")
    others = member.sum(-1, keepdims=True) > member
    return np.asarray(joining - cost + penalty * others)


@dataclass(frozen=True)
class Stability:
    """(coalitions,) whether no member gains by leaving (internal) and no outsider by joining (external)."""

    internal: Members
    external: Members

    @property
    def masks(self) -> Masks:
        """The coalitions that are both, as places in the arrays: masks, where every coalition was examined."""
        return np.flatnonzero(self.internal & self.external)


def stability(joining: Array, member: Members) -> Stability:
    """Stability of coalitions, given their joining gains and members, (coalitions, players) both.

    d'Aspremont et al. (1983), Barrett (1994): pi_i(S) >= pi_i(S without i) for members, pi_i(S) >= pi_i(S with i) for
    outsiders; ties within `TIE` are stable.
    """
    stays, abstains = joining >= -TIE, joining <= TIE
    return Stability(np.asarray(np.all(stays | ~member, -1)), np.asarray(np.all(abstains | member, -1)))


def exact(
    payoffs: Array | Callable[[Masks], Array], players: int, cost: Array | float = 0.0, penalty: Array | float = 0.0
) -> Stability:
    """Stability of each of the 2^players coalitions, in order of mask; arguments and errors as in `joining_gains`."""
    joining = joining_gains(payoffs, players)
    member = members_of(np.arange(2**players), players)
    return stability(net_of_cost(joining, member, cost, penalty), member)


@dataclass(frozen=True)
class Reached:
    """Where best responses end.

    stable : nobody gains by changing sides; False where a coalition came back or the moves ran out
    cycle : number of coalitions that follow each other forever; 0 where there is no cycle
    """

    member: Members
    stable: bool
    moves: int
    cycle: int


def best_responses(joining: Callable[[Members], Array], start: Members) -> Reached:
    """The coalition that is reached when one player after the other changes sides.

    Parameters
    ----------
    joining : joining gains of every player, (players,), as a function of the members
    start : (players,) members at the start

    Notes
    -----
    At each move the player with the largest gain changes sides, the first in order among equals, until no gain exceeds
    `TIE`. So the path is a function of the coalition, and a coalition that comes back is a cycle. Other orders of moves
    may end in other stable sets.
    """
    member = np.array(start, dtype=bool)
    seen = {member.tobytes(): 0}
    for moves in range(MOVES_PER_PLAYER * member.size):
        gain = joining(member)
        gain = np.where(member, -gain, gain)
        mover = int(np.argmax(gain))
        if not gain[mover] > TIE:
            return Reached(member, True, moves, 0)
        member = member.copy()
        member[mover] = ~member[mover]
        before = seen.setdefault(member.tobytes(), moves + 1)
        if before <= moves:
            return Reached(member, False, moves + 1, moves + 1 - before)
    return Reached(member, False, MOVES_PER_PLAYER * member.size, 0)


def stable_sizes(member: Array, outsider: Array) -> list[int]:
    """Stable sizes of a coalition of identical players.

    Parameters
    ----------
    member, outsider : (players + 1,) pay-off inside and outside a coalition of 0, 1, ... players; nobody is inside one
        of none nor outside one of all, so `member[0]` and `outsider[-1]` are not read
    """
    # with k - 1 others inside: inside a coalition of k rather than outside one of k - 1
    joining = member[1:] - outsider[:-1]
    return [
        size
        for size in range(member.size)
        if (size == 0 or joining[size - 1] >= -TIE) and (size == member.size - 1 or joining[size] <= TIE)
    ]


def linear_quadratic_game(players: int, benefit: float = 1.0, cost: float = 1.0) -> tuple[Array, Array]:
    """(players + 1,) pay-off inside and outside a coalition of each size in the textbook game of abatement.

    Each country abates q, pays cost q^2 / 2 and gains benefit times everyone's abatement; outsiders maximize their own
    pay-off (q = benefit / cost), members their joint one (k times as much in a coalition of k). Barrett (1994): stable
    coalitions have two or three members, however many countries there are.
    """
    size = np.arange(players + 1)
    alone = benefit / cost
    total = alone * (size**2 + players - size)
    inside, outside = cost * (size * alone) ** 2 / 2, cost * alone**2 / 2
    return np.asarray(benefit * total - inside), np.asarray(benefit * total - outside)
