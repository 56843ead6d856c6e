"""Who decides on joining a convention: every economy, or blocs and large economies, few enough to examine every set.

What membership is worth to a player is in `payoffs`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.world import REGIONS, World

Array = NDArray[np.float64]

BLOC_PLAYERS = 16
LEAST_REST = 1e-3
"""Share of world GDP below which the rest of a region is no player but stays outside (a judgement): Bermuda's joining
is not worth the place of a large economy."""


@dataclass(frozen=True)
class Players:
    """Who decides on membership.

    name : of each player, without spaces; gdp : (players,) USD bn; economies : (players,) how many each stands for
    place : (economies,) the player that decides for each; the number of players for one that nobody decides for, which
        stays outside
    """

    name: tuple[str, ...]
    gdp: Array
    economies: NDArray[np.int64]
    place: NDArray[np.int64]

    @property
    def size(self) -> int:
        """Number of players."""
        return len(self.name)


def _players(world: World, groups: Mapping[str, Sequence[int]]) -> Players:
    place = np.full(world.size, len(groups))
    for player, own in enumerate(groups.values()):
        place[list(own)] = player
    inside = [list(own) for own in groups.values()]
    return Players(
        tuple(groups), np.array([world.gdp[own].sum() for own in inside]), np.array([len(own) for own in inside]), place
    )


def economy_players(world: World) -> Players:
    """Every economy for itself; those without GDP are no players."""
    return _players(world, {world.iso3[k]: [k] for k in np.flatnonzero(world.gdp > 0).tolist()})


def bloc_players(world: World, blocs: Mapping[str, frozenset[str]], limit: int = BLOC_PLAYERS) -> Players:
    """The blocs, the largest other economies, and the rest of each region as one player: `limit` players at most.

    As many single economies as the limit leaves room for, in order of GDP, ties by ISO3. Economies without GDP belong
    to no player, nor does a rest of a region below `LEAST_REST` of world GDP.

    Raises
    ------
    ValueError for a bloc whose members are not economies of the run or are in another bloc, and for more blocs and
    regions than players.
    """
    owner: dict[str, str] = {}
    for name, codes in blocs.items():
        for code in sorted(codes):
            if code not in world.iso3:
                raise ValueError(f"bloc {name}: {code} is no economy of the run")
            if code in owner:
                raise ValueError(f"{code} is in two blocs, {owner[code]} and {name}; a player decides for itself")
            owner[code] = name
    able = [k for k in range(world.size) if world.gdp[k] > 0]
    others = sorted((k for k in able if world.iso3[k] not in owner), key=lambda k: (-world.gdp[k], world.iso3[k]))
    together = {name: [k for k in able if owner.get(world.iso3[k]) == name] for name in blocs}
    together = {name.replace(" ", "_"): own for name, own in together.items() if own}

    def grouped(singles: int) -> dict[str, list[int]]:
        alone = {world.iso3[k]: [k] for k in others[:singles]}
        rest: dict[str, list[int]] = {}
        for k in sorted(others[singles:]):
            rest.setdefault(f"rest_of_{REGIONS[world.region[k]]}", []).append(k)
        large = {name: own for name, own in rest.items() if world.gdp[own].sum() >= LEAST_REST * world.gdp.sum()}
        return together | alone | dict(sorted(large.items()))

    fitting = [groups for singles in range(len(others) + 1) if len(groups := grouped(singles)) <= limit]
    if not fitting:
        raise ValueError(
            f"{len(together)} blocs and the rest of {len(grouped(0)) - len(together)} regions: over {limit}"
        )
    return _players(world, fitting[-1])
