"""The mechanisms of a convention put together: the law's result, then state conduct, then freed effort against crime.

Each part is computed elsewhere (`ensemble`, `conduct`, `consequences`); here is which clauses switch on what, the order
in which they act, and what agreed consequences cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.conduct import Conduct, ConductEnsemble
from models.consequences import Consequences, Effects
from models.ensemble import Baseline, StateResult
from models.flows import coverage_id
from models.priors import Draws
from models.states import Remainder, State
from models.world import World

Array = NDArray[np.float64]

CLAUSES = ("law", "consequences", "stand_down", "haven", "sharing")
"""What a text may contain. `haven` and `sharing` are arguments of the op-ed without evidence (model.md 4.9)."""
BEYOND_LAW = frozenset(CLAUSES) - {"law"}
MECHANISMS = ("law", "no_standdown", "all")
"""What acts in a row of results: criminal law alone, all but stand-down, everything in the text."""
CHANNELS_OF_CONDUCT = ("consequence", "retaliation", "stand_down", "effort")


def mechanisms_of(clauses: frozenset[str]) -> tuple[str, ...]:
    """The mechanisms under which a convention is evaluated, the fullest last.

    Law alone where the text holds nothing else; no `all` where it has no stand-down, as that would be `no_standdown`.
    """
    if not clauses & BEYOND_LAW:
        return MECHANISMS[:1]
    return MECHANISMS if "stand_down" in clauses else MECHANISMS[:2]


def fullest(state: State) -> str:
    """The mechanism under which everything in a state's text acts."""
    return "law" if state.members is None else mechanisms_of(state.clauses)[-1]


@dataclass(frozen=True)
class Outcome:
    """What becomes of the loss in one membership, (draws,) each, USD bn of 2020.

    price : yearly cost of agreed consequences, enforcement of the law apart
    output : GDP that is not lost, where what a loss costs output is known
    """

    deterred: Array
    displaced: Array
    price: Array
    output: Array | None = None

    @property
    def avoided(self) -> Array:
        """Deterred less displaced."""
        return self.deterred - self.displaced


class Mechanisms:
    """What acts beyond law, over one baseline and one set of draws.

    `regimes` holds the consequences under each belief. `off` names channels that are switched off everywhere: those of
    `CHANNELS_OF_CONDUCT`. `coverage_factor` multiplies the covered share of class state, `per_loss` is as in
    `Ensemble`.
    """

    def __init__(
        self,
        world: World,
        draws: Draws,
        baseline: Baseline,
        regimes: Mapping[str, Consequences],
        off: frozenset[str] = frozenset(),
        per_loss: Mapping[str, Array] | None = None,
    ) -> None:
        self.draws, self.regimes, self.off, self.coverage_factor = draws, regimes, off, 1.0
        self.per_loss = per_loss
        self.ensemble = ConductEnsemble(world, draws, baseline)

    def effects(self, state: State, mechanism: str) -> Effects:
        """Log effects on state attacks of the clauses in force."""
        off = {"restraint"} if mechanism == "no_standdown" or "stand_down" not in state.clauses else set()
        if "consequences" not in state.clauses:
            off |= {"consequence", "retaliation"}
        off |= {"restraint" if name == "stand_down" else name for name in self.off | state.switched_off}
        found = self.regimes[state.belief].effects().without(*off)
        return Effects(found.consequence, found.retaliation + self.detection(state), found.restraint)

    def detection(self, state: State) -> Array:
        """(draws,) log effect of earlier detection on all attacks on members: zeta ln(dwell ratio), model.md 4.9."""
        return np.asarray(self.draws["sharing_effect"] * np.log(state.dwell_ratio if "sharing" in state.clauses else 1))

    def kappa(self, state: State) -> Array:
        """(draws,) covered share of class state under the state's definition."""
        return np.asarray(self.coverage_factor * self.draws[coverage_id(state.definition, "state")])

    def conduct(self, state: State, mechanism: str) -> Conduct:
        """World totals of class state under a mechanism."""
        return self.ensemble.totals(state, self.effects(state, mechanism), self.kappa(state))

    def cuts(self, state: State, conduct: Conduct) -> dict[Remainder, Array]:
        """By remainder, (draws,) the part of the covered flows on members that no longer happens after the law acted.

        1 - exp(-epsilon f) where effort is freed; haven and sharing where a text has them. Members count by m.
        """
        kept = np.exp(self.detection(state))
        effort = 0.0 if "effort" in self.off | state.switched_off else self.draws["effort_effect"]
        of_crime = np.exp(-effort * conduct.freed) * kept
        regimes = self.regimes[state.belief].regimes
        gained = regimes["agreed"].deterrence - regimes["status_quo"].deterrence
        found = {}
        for each in state.remainders():
            if each.threat_class == "other":
                found[each] = 1 - kept
            elif each.from_outsiders:
                found[each] = -np.expm1(-self.draws["haven_effect"] * gained) * of_crime
            else:
                found[each] = 1 - of_crime
        return found

    def price(self, state: State) -> Array:
        """(draws,) cost of agreed consequences as a share of all loss of members."""
        if "consequences" not in state.clauses or "consequence" in self.off:
            return np.zeros(self.draws.size)
        return np.asarray(self.regimes[state.belief].price() * self.kappa(state) * self.ensemble.share)

    def outcome(self, state: State, law: StateResult, conduct: Conduct | None) -> Outcome:
        """The whole: what law deters and displaces, then conduct; `conduct` None leaves the law alone."""
        if conduct is None:
            return Outcome(law.deterred, law.displaced, np.zeros_like(law.deterred), law.output)
        after = {r: cut * law.remaining[r] for r, cut in self.cuts(state, conduct).items()}
        output = None
        if law.output is not None and self.per_loss is not None:
            of_states = self.per_loss["state"] * conduct.deterred - self.per_loss["criminal"] * conduct.proxies
            output = law.output + of_states + sum(self.per_loss[r.threat_class] * cut for r, cut in after.items())
        return Outcome(
            law.deterred + conduct.deterred + sum(after.values()),
            law.displaced + conduct.proxies,
            self.price(state) * conduct.members_loss,
            output,
        )
