"""Loss as flows: how an economy's loss falls on threat classes and on origins, in draws and at central values.

Origin shares are estimated in `attribution`; what law does to a flow is in `deterrence`, sums over flows in `ensemble`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.attribution import OriginShares
from models.priors import Draws
from models.world import CLASSES, World

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Mixture:
    """The origin shares of a class as fixed matrices times draws: W = sum of weights[c] matrices[c].

    matrices : (components, origins + 1, targets); the last origin is the unreachable one
    weights : (components, draws)
    """

    matrices: Array
    weights: Array


def class_share(draws: Draws) -> dict[str, Array]:
    """(draws,) share of loss by threat class: state, other = (1 - state) x draw, criminal the rest (model.md 1.5)."""
    state = draws["state_share"]
    other = (1 - state) * draws["other_share_of_rest"]
    return {"state": state, "criminal": 1 - state - other, "other": other}


def coverage_id(definition: str, threat_class: str) -> str:
    """The name among the draws of kappa, the share of a class's observed loss that a definition covers."""
    return f"coverage_{definition}_{threat_class}"


def covered(draws: Draws, definition: str) -> dict[str, Array]:
    """(draws,) kappa of each class under a definition of a cyberattack (model.md 4.1)."""
    return {k: draws[coverage_id(definition, k)] for k in CLASSES}


def origin_mixture(threat_class: str, shares: OriginShares, domestic: Array, follow: Array) -> Mixture:
    """Who attacks whom, with the unattributed part and, for crime, the domestic part as draws (model.md 3).

    `follow` is lambda_U, the part of the unattributed that has the origins of the attributed; `domestic` is h, the
    share of crime that has no foreign origin and that trackers of foreign operations do not see.
    """
    among = shares.attributed.copy()
    targets = np.arange(among.shape[1])
    if threat_class == "criminal":
        among[targets, targets] = 0.0
        total = among.sum(0)
        among = np.divide(among, total, out=np.zeros_like(among), where=total > 0)
    known = np.vstack((among, np.zeros(targets.size)))
    hidden = np.vstack((-among, np.ones(targets.size))) * shares.unattributed
    if threat_class != "criminal":
        return Mixture(np.stack((known, hidden)), np.stack((np.ones_like(follow), 1 - follow)))
    own = np.vstack((np.eye(targets.size), np.zeros(targets.size)))
    return Mixture(np.stack((known, hidden, own)), np.stack((1 - domestic, (1 - domestic) * (1 - follow), domestic)))


def mixtures(world: World, draws: Draws, classes: Sequence[str] = CLASSES) -> dict[str, Mixture]:
    """The mixture of each class in every draw."""
    return {
        k: origin_mixture(k, world.origins[k], draws["domestic_share"], draws["unattributed_follow"]) for k in classes
    }


def central_flow(world: World, draws: Draws, median_loss: Array) -> dict[str, Array]:
    """Per class, (origins + 1, targets) F_obs at the medians of the draws, USD bn."""
    single = Draws({k: np.full(1, v) for k, v in draws.medians.items()}, np.zeros(1, np.int64), draws.seed)
    share = class_share(single)
    flow = {}
    for k, mixture in mixtures(world, single).items():
        flow[k] = share[k][0] * median_loss * np.tensordot(mixture.weights[:, 0], mixture.matrices, 1)
    return flow
