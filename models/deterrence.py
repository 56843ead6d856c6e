"""What membership does to a flow of attacks: law at the origin, at the target, between both, and displacement.

These are the equations of model.md 4.2 to 4.4, written once for any shape that broadcasts. Who is a member is decided
in `convention`; sums over draws and states are taken in `ensemble`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.convention import phase_in
from models.world import World

Array = NDArray[np.float64]

LOG_RATE_RATIO_LIMITS = (float(np.log(0.25)), float(np.log(2.0)))
"""Bounds of each log rate ratio (model.md 4.3): beyond them lies no study, and exp of an uncut t has no mean."""
ORIGIN_WEIGHT = 2 / 3
"""Share of exposure felt at the origin; the target has the rest (model.md 4.4, a judgement)."""


@dataclass(frozen=True)
class Standing:
    """Each economy's standing in law before (q) and after (s) a new convention, (economies,) each.

    effective_q, effective_s : effective membership; where `willing` is False, effective_s is per unit of compliance
    cooperates_q, cooperates_s : 1 without a reservation on co-operation
    willing : True where compliance in law is certain (parties to Budapest), False where it is the draw zeta
    """

    effective_q: Array
    effective_s: Array
    cooperates_q: Array
    cooperates_s: Array
    willing: NDArray[np.bool_]

    def effective(self, compliance: Array | float) -> Array:
        """Effective membership under the new convention at a given compliance, broadcast on the left."""
        factor = np.where(self.willing, 1.0, np.asarray(compliance)[..., None])
        return np.asarray(self.effective_s * factor)

    def key(self) -> bytes:
        """Equal for equal standings: states that differ in name only are computed once."""
        parts = (self.effective_q, self.effective_s, self.cooperates_q, self.cooperates_s)
        return b"".join(np.ascontiguousarray(part).tobytes() for part in parts)


def standing(
    world: World,
    membership: Array,
    admits_reservations: bool,
    at: float | None = None,
    lag: float = 3.0,
    budapest_strength: float = 1.0,
) -> Standing:
    """Standing in law of every economy for a membership of the new convention.

    Parameters
    ----------
    membership : (economies,) m of model.md 4.2, phase-in included, 0 to 1
    admits_reservations : the new text admits reservations on co-operation (v_new = 0)
    at : decimal year at which Budapest memberships are phased in; None takes them as complete
    lag : years of the phase-in
    budapest_strength : delta, the strength of Budapest membership relative to the new convention

    Notes
    -----
    a_q = delta A (1 - exp(-(t - tB)+ / lag)); a_s = max(a_q, A z m); v_s = max(v_q, m v_new).
    """
    established = world.party.astype(float) if at is None else phase_in(world.party_since, at, lag)
    effective_q = budapest_strength * world.capacity * established
    effective_s = np.maximum(effective_q, world.capacity * membership)
    cooperates_q = np.where(world.reserves, 0.0, 1.0)
    cooperates_s = np.maximum(cooperates_q, membership * (0.0 if admits_reservations else 1.0))
    return Standing(effective_q, effective_s, cooperates_q, cooperates_s, world.party)


def law_exponent(
    effective_o: Array, effective_i: Array, cooperates_o: Array, cooperates_i: Array, betas: tuple[Array, Array, Array]
) -> Array:
    """u of model.md 4.3, the log effect of law on the attacks from o on i (o and i distinct).

    u = beta_O a_o + beta_T v_i a_i + beta_J v_o v_i a_o a_i; betas are (target, origin, cooperation).
    """
    target, origin, cooperation = betas
    reach = cooperates_i * effective_i
    return np.asarray(origin * effective_o + target * reach + cooperation * cooperates_o * effective_o * reach)


def exposure_at_origin(effective: Array) -> Array:
    """The part of exposure E that an origin adds, (2/3) a_o."""
    return ORIGIN_WEIGHT * effective


def exposure_at_target(effective: Array, cooperates: Array) -> Array:
    """The part of exposure E that a target adds, (1/3) v_i a_i."""
    return (1 - ORIGIN_WEIGHT) * cooperates * effective


def displaced_total(deterred: Array, reach: Array, coverage: Array | float, mobility: Array, rule: str) -> Array:
    """Loss that moves to flows outside the convention, USD bn a year, per draw.

    Parameters
    ----------
    deterred : D, loss deterred before displacement, negative where attacks were drawn in
    reach : Z, remaining loss weighted by one minus exposure: what can receive the displaced
    coverage : C, flow-weighted mean exposure; at 1 there is nowhere left to go
    mobility : phi, share of deterred attackers who can move
    rule : `two_sided`, `one_sided` or `diffusion`

    Returns
    -------
    R = max(phi (1 - C) max(D, -Z), -Z); negative where attacks were drawn in from elsewhere, never below -Z;
    `one_sided` never draws in. `diffusion` is the same equation with a mobility that may be negative.

    Notes
    -----
    model.md 4.4. The decline with coverage gives a convention increasing returns; Hui, Kim and Wang (2017) find
    displacement to countries that do not enforce.
    """
    driven = np.maximum(deterred, 0.0 if rule == "one_sided" else -reach)
    moved = np.maximum(mobility * (1 - coverage) * driven, -reach)
    return np.where(reach > 0, moved, 0.0)
