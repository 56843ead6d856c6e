"""Which groups of members hold together at each cost of membership and penalty on outsiders, as a table.

Stability is in `coalition`, what membership is worth in `payoffs`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from models.coalition import best_responses, joining_gains, members_of, net_of_cost, stability
from models.counterfactual import DEFAULT_SET
from models.effects import all_betas
from models.payoffs import Game, Joining, Law, Members, StateAssumptions, expected_flows, game
from models.players import bloc_players, economy_players
from models.study import Study

Array = NDArray[np.float64]

COSTS = (0.0, 1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3)
PENALTIES = (0.0, 1e-5, 1e-4)


@dataclass(frozen=True)
class _Found:
    """A set that was reached: its members, whether it is stable, and how many stable sets were found."""

    start: str
    member: Members
    stable: bool
    stable_sets: int


def _by_enumeration(own: Game) -> Callable[[Array, Array], list[_Found]]:
    """Every coalition examined, as a function of cost and penalty: they shift gains that are computed once."""
    member = members_of(np.arange(2**own.players.size), own.players.size)
    joining = joining_gains(own.payoffs(member), own.players.size)

    def find(cost: Array, penalty: Array) -> list[_Found]:
        masks = stability(net_of_cost(joining, member, cost, penalty), member).masks
        if masks.size == 0:
            return [_Found("exact", member[0], False, 0)]
        # the most members, then the least loss and cost of the world
        burden = own.losses(member[masks]).sum(1) + member[masks] @ cost
        largest = masks[np.lexsort((burden, -member[masks].sum(1)))[0]]
        return [_Found("exact", member[largest], True, masks.size)]

    return find


def _by_best_responses(own: Game) -> Callable[[Array, Array], list[_Found]]:
    """The sets reached from nobody and from everybody, as a function of cost and penalty."""
    joining = Joining(own)

    def reach(start: str, inside: bool, cost: Array, penalty: Array) -> _Found:
        reached = best_responses(
            lambda member: net_of_cost(joining(member), member, cost, penalty), np.full(own.players.size, inside)
        )
        return _Found(start, reached.member, reached.stable, int(reached.stable))

    return lambda cost, penalty: [
        reach(start, inside, cost, penalty) for start, inside in (("empty", False), ("full", True))
    ]


COLUMNS = {
    "players": pl.String,
    "cost_share_of_gdp": pl.Float64,
    "penalty_share_of_gdp": pl.Float64,
    "start": pl.String,
    "size": pl.Int32,
    "economies": pl.Int32,
    "stable_sets": pl.Int32,
    "stable": pl.Boolean,
    "members": pl.String,
    "share_gdp": pl.Float64,
    "gain": pl.Float64,
}


def coalition_table(
    study: Study,
    state: StateAssumptions,
    coverage: Mapping[str, Array],
    blocs: Mapping[str, frozenset[str]],
    costs: Sequence[float] = COSTS,
    penalties: Sequence[float] = PENALTIES,
    effect_set: str = DEFAULT_SET,
    admits_reservations: bool = False,
) -> pl.DataFrame:
    """`model.coalition`: the sets that hold together, by players, cost of membership and penalty on outsiders.

    Parameters
    ----------
    coverage : kappa of each class, (draws,)
    blocs : ISO3 of the members of each bloc that decides as one, see `bloc_players`
    costs, penalties : shares of GDP a year, of a member and of an outsider while anyone else is a member
    effect_set, admits_reservations : which effects of law are believed, and whether the text admits reservations on
        co-operation

    Notes
    -----
    model.md 4.7 (c). Best responses move one economy at a time, the largest gain in USD first. The gain of the world is
    avoided loss less the members' costs: as in the headline no thief's gain counts, and a penalty is what one economy
    pays another.
    """
    law = Law(all_betas(study.effects, study.draws, study.rank_correlation)[effect_set], admits_reservations)
    rows: list[dict[str, object]] = []
    # the bits of a sum depend on the number of BLAS threads
    with threadpool_limits(1):
        flows = expected_flows(study, state, coverage, law)
        by_bloc = game(study, bloc_players(study.world, blocs), flows)
        alone = game(study, economy_players(study.world), flows)
        for kind, own, find in (
            ("blocs", by_bloc, _by_enumeration(by_bloc)),
            ("economies", alone, _by_best_responses(alone)),
        ):
            gdp = own.players.gdp
            for penalty, cost in itertools.product(penalties, costs):
                for found in find(cost * gdp, penalty * gdp):
                    place = {"players": kind, "cost_share_of_gdp": cost, "penalty_share_of_gdp": penalty}
                    rows.append(place | _described(own, found, cost, float(study.world.gdp.sum())))
    return pl.DataFrame(rows, schema=COLUMNS)


def _described(own: Game, found: _Found, cost: float, world_gdp: float) -> dict[str, object]:
    """The columns of `model.coalition` on a set that was found."""
    member, players = found.member, own.players
    before, after = own.losses(np.stack((np.zeros_like(member), member))).sum(1)
    gdp = float(players.gdp[member].sum())
    return {
        "start": found.start,
        "size": int(member.sum()),
        "economies": int(players.economies[member].sum()),
        "stable_sets": found.stable_sets,
        "stable": found.stable,
        "members": " ".join(name for name, inside in zip(players.name, member, strict=True) if inside),
        "share_gdp": gdp / world_gdp,
        "gain": float(before - after) - cost * gdp,
    }
