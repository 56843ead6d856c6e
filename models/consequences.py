"""What follows a state attack under three regimes: attribution, a consequence, its bite, and retaliation.

Per draw and without economies: who is a member and what the flows become is in `conduct`. How strongly states answer
each other's attacks on record is estimated in `escalation`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.priors import Draws, truncated_quantile

Array = NDArray[np.float64]

REGIMES = ("status_quo", "unilateral", "agreed")
LARGEST_BRANCHING = 0.9
"""A branching ratio of one never ends (model.md 4.5); draws above are cut here and counted."""
BELIEFS = {
    "little_reciprocity": ("retaliation_unilateral", "retaliation_agreed_share"),
    "op_ed": ("retaliation_unilateral_op_ed", "retaliation_agreed_share_op_ed"),
}
"""Beliefs about retaliation: the priors of lambda under unilateral consequences, and of its share when agreed."""


@dataclass(frozen=True)
class Reciprocity:
    """The cross-branching ratio of attacks between states as estimated; `estimate` None where it could not be."""

    estimate: float | None
    se: float | None


@dataclass(frozen=True)
class Response:
    """One regime, (draws,) each.

    answered : q, probability that an attack is attributed and has a consequence
    strength : of the consequence, 0 to 1
    deterrence : d, expected loss of the author per attack, in units of the strongest consequence
    retaliation : nu, attacks that one attack of the other side sets off, cut to [0, 0.9]
    clipped : share of draws that were cut
    """

    answered: Array
    strength: Array
    deterrence: Array
    retaliation: Array
    clipped: float


@dataclass(frozen=True)
class Effects:
    """Log effects on flows of class state, (draws,) each (model.md 4.5).

    consequence : E = -eta (d_r - d_sq), on attacks of outsiders on members
    retaliation : N = ln((1 - nu_sq) / (1 - nu_r)), on attacks on members
    restraint : S = sigma y, on attacks by members
    """

    consequence: Array
    retaliation: Array
    restraint: Array

    def without(self, *channels: str) -> Effects:
        """The same with some of consequence, retaliation and restraint off."""
        return Effects(
            *(
                np.zeros_like(getattr(self, name)) if name in channels else getattr(self, name)
                for name in ("consequence", "retaliation", "restraint")
            )
        )


@dataclass(frozen=True)
class Consequences:
    """The three regimes under one belief, and what they cost.

    (draws,) each: attributed, probability that an attack is attributed; elasticity, eta; restraint, sigma y;
    sanction_cost, chi; false_attribution, share of consequences for the wrong author.
    """

    regimes: Mapping[str, Response]
    attributed: Array
    elasticity: Array
    restraint: Array
    sanction_cost: Array
    false_attribution: Array

    def sanctions(self, regime: str = "agreed") -> Array:
        """(draws,) yearly cost to their senders of a regime's sanctions over the status quo, per covered state loss.

        chi (strength_r q_r - strength_sq q_sq), model.md 4.8; the loss is that of who answers.
        """
        now, then = self.regimes["status_quo"], self.regimes[regime]
        return np.asarray(self.sanction_cost * (then.strength * then.answered - now.strength * now.answered))

    def wrongful(self, regime: str = "agreed") -> Array:
        """(draws,) yearly cost of a regime's consequences for the wrong state over the status quo, per covered loss.

        The false-attribution rate times q_r - q_sq, each costing what an attack costs its victim (model.md 4.5):
        incidents times loss per incident is the covered loss, so counts cancel.
        """
        now, then = self.regimes["status_quo"], self.regimes[regime]
        return np.asarray(self.false_attribution * (then.answered - now.answered))

    def price(self, regime: str = "agreed") -> Array:
        """(draws,) both costs of a regime's consequences over the status quo, per covered state loss of who answers."""
        return self.sanctions(regime) + self.wrongful(regime)

    def effects(self, regime: str = "agreed") -> Effects:
        """Log effects of a regime against the status quo; only the agreed one has members who restrain themselves."""
        now, then = self.regimes["status_quo"], self.regimes[regime]
        return Effects(
            -self.elasticity * (then.deterrence - now.deterrence),
            np.log((1 - now.retaliation) / (1 - then.retaliation)),
            self.restraint if regime == "agreed" else np.zeros_like(self.restraint),
        )


def retaliation_on_record(draws: Draws, found: Reciprocity) -> Array:
    """(draws,) nu of the status quo: the estimate, a normal draw cut at 0, plus what trackers do not see.

    Trackers miss answers, so the estimate is a lower bound; where nothing could be estimated the prior stands alone.
    """
    unseen = draws["retaliation_unseen"]
    if found.estimate is None or found.se is None:
        return unseen
    arguments = {"mean": found.estimate, "sd": found.se}
    seen = truncated_quantile("normal", arguments, draws["retaliation_position"], 0.0, np.inf)
    return np.asarray(seen + unseen)


def consequences(draws: Draws, found: Reciprocity, belief: str) -> Consequences:
    """The three regimes in every draw under a belief of `BELIEFS`.

    Notes
    -----
    model.md 4.5: q_r = P(attribution) P(consequence | r); d_r = q_r strength_r P(bite);
    nu_r = nu_sq + lambda_r (q_r - q_sq), lambda_agreed = lambda_unilateral h.
    """
    unilateral, agreed_share = (draws[name] for name in BELIEFS[belief])
    attributed, bite, weak = draws["attribution"], draws["bite"], draws["consequence_strength"]
    strengths = dict.fromkeys(REGIMES, weak)
    strengths["agreed"] = np.minimum(weak * draws["agreed_strength"], 1.0)
    provoked = {
        "status_quo": np.zeros_like(weak),
        "unilateral": unilateral,
        "agreed": unilateral * agreed_share,
    }
    on_record = retaliation_on_record(draws, found)
    answered = {name: attributed * draws[f"consequence_{name}"] for name in REGIMES}
    regimes = {}
    for name in REGIMES:
        raw = on_record + provoked[name] * (answered[name] - answered["status_quo"])
        cut = np.clip(raw, 0.0, LARGEST_BRANCHING)
        deterrence = answered[name] * strengths[name] * bite
        regimes[name] = Response(answered[name], strengths[name], deterrence, cut, float(np.mean(cut != raw)))
    return Consequences(
        regimes=regimes,
        attributed=attributed,
        elasticity=draws["response_elasticity"],
        restraint=draws["standdown_effect"] * draws["standdown_share"],
        sanction_cost=draws["sanction_cost"],
        false_attribution=draws["false_attribution"],
    )
