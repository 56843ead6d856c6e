"""What a loss is made of: the loss of each threat class as transfer, direct loss, indirect loss and defence.

Belongs here: the share of each ledger in every draw. What of a ledger lowers GDP or welfare is in `gdp_loss`, single
printed figures are read in `ledger`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.ledger import ledger_figure
from models.priors import Draws
from models.world import CLASSES

Array = NDArray[np.float64]

LEDGERS = ("transfer", "direct", "indirect", "defence")
ANCHOR_WITH_DEFENCE, ANCHOR_WITHOUT_DEFENCE = "csis_2020_total", "csis_2020_loss"
TRANSFERRED = {k: f"transfer_share_{k}" for k in ("criminal", "other")}
"""Prior of the transferred share; nothing of a loss to states is a transfer."""


@dataclass(frozen=True)
class Split:
    """(draws,) share of a class's loss in each ledger; the four add up to 1.

    transfer : paid or lost to the attacker; direct : damage and recovery; indirect : disruption downstream;
    defence : spent on security, which a convention does not change
    """

    transfer: Array
    direct: Array
    indirect: Array
    defence: Array


def defence_share(anchor: str, estimates: pl.DataFrame) -> float:
    """Share of an anchor that is spending on defence: that of the CSIS total, 0 of every other (model.md 1.5).

    Parameters
    ----------
    estimates : the ledger of published estimates, `core.estimates`

    Errors: ValueError where a figure of CSIS is missing, or the loss alone is above the total.

    Notes
    -----
    CSIS (2020) prints 945 of loss and 145 of security spending: (1090 - 945) / 1090.
    """
    if anchor != ANCHOR_WITH_DEFENCE:
        return 0.0
    total, loss = (ledger_figure(estimates, name).usd_bn for name in (ANCHOR_WITH_DEFENCE, ANCHOR_WITHOUT_DEFENCE))
    if not 0 <= loss <= total:
        raise ValueError(f"{ANCHOR_WITHOUT_DEFENCE} of {loss:g} is not part of {ANCHOR_WITH_DEFENCE} of {total:g}")
    return (total - loss) / total


def split(draws: Draws, defence: float = 0.0) -> dict[str, Split]:
    """The ledgers of each threat class in every draw, by stick breaking.

    Parameters
    ----------
    defence : share of the anchor that is spending on defence, the same in every class

    Errors: ValueError for a share of defence outside [0, 1).

    Notes
    -----
    model.md 1.5: Dirichlet (transfer, direct, indirect) of (0, 6, 4) for class state, (4, 4, 2) for criminal and
    (1, 5, 4) for other. A Dirichlet (a, b, c) is a first stick Beta(a, b + c) and, of the rest, a second Beta(b, c),
    independent of each other. What is left after defence is split so.
    """
    if not 0 <= defence < 1:
        raise ValueError(f"defence takes {defence:g} of the loss; a share from 0 to below 1 is needed")
    found = {}
    for k in CLASSES:
        transfer = draws[TRANSFERRED[k]] if k in TRANSFERRED else np.zeros(draws.size)
        direct = (1 - transfer) * draws[f"direct_share_{k}"]
        rest = 1 - defence
        found[k] = Split(
            rest * transfer, rest * direct, rest * (1 - transfer - direct), np.full(draws.size, float(defence))
        )
    return found
