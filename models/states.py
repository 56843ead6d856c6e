"""A membership to evaluate: what a text makes of each economy at one time, and which memberships share a law.

How a standing in law follows from membership is in `deterrence`; sums over states are in `ensemble` and `conduct`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.deterrence import Standing

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Remainder:
    """Covered flows that are left after law and displacement, summed over the targets that are members.

    Mechanisms that act after the law (`conduct`) multiply them. `from_outsiders` counts only attacks of outsiders.
    """

    threat_class: str
    from_outsiders: bool


@dataclass(frozen=True)
class State:
    """One membership to evaluate: standing in law, and GDP of its year relative to 2020 by economy.

    members : (economies,) m with phase-in, for what binds states and not their courts; None where law is all there is
    definition : of a cyberattack, whose coverage is among the draws
    clauses : of the text, beyond law
    belief : about retaliation, one of `consequences.BELIEFS`
    switched_off : reactions that a scenario assumes away: retaliation, effort or proxies
    dwell_ratio : time until detection over that of today, 1 where nothing changes
    """

    standing: Standing
    growth: Array
    members: Array | None = None
    definition: str = "criminal"
    clauses: frozenset[str] = frozenset()
    dwell_ratio: float = 1.0
    belief: str = "little_reciprocity"
    switched_off: frozenset[str] = frozenset()

    def key(self) -> bytes:
        """Equal for equal states: those that differ in name only are computed once."""
        members = b"" if self.members is None else self.members.tobytes()
        words = f"{self.definition} {sorted(self.clauses)} {self.dwell_ratio} {self.belief} {sorted(self.switched_off)}"
        return self.standing.key() + self.growth.tobytes() + members + words.encode()

    def remainders(self) -> tuple[Remainder, ...]:
        """What mechanisms after the law act on."""
        if self.members is None:
            return ()
        outsiders = (Remainder("criminal", True),) if "haven" in self.clauses else ()
        shared = (Remainder("other", False),) if "sharing" in self.clauses else ()
        return (Remainder("criminal", False), *outsiders, *shared)


def distinct_laws(states: Sequence[State]) -> tuple[NDArray[np.int64], list[int]]:
    """For each state the number of its law, and for each law a state that has it.

    A law is a standing, a growth and the members on whom remainders are summed; a text with law alone asks for no
    remainders, so it takes the law of any state that has its standing and growth.
    """
    with_members: dict[bytes, int] = {}
    for k, state in enumerate(states):
        if state.members is not None:
            with_members.setdefault(state.standing.key() + state.growth.tobytes(), k)
    known: dict[bytes, int] = {}
    rows = np.empty(len(states), np.int64)
    distinct: list[int] = []
    for k, state in enumerate(states):
        law = state.standing.key() + state.growth.tobytes()
        like = with_members.get(law, k) if state.members is None else k
        members = states[like].members
        key = law if members is None else law + members.tobytes()
        if key not in known:
            known[key] = len(distinct)
            distinct.append(like)
        rows[k] = known[key]
    return rows, distinct
