"""What the model implies for each study's own estimand: members against others, displacement included.

A check of transport and nothing else: a study compares member countries with the rest, and deterred attacks that move
to the rest are in its estimate. Effect sets are in `effects`; no result of a run depends on this module.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.deterrence import displaced_total, exposure_at_origin, exposure_at_target, law_exponent
from models.effects import sample_betas
from models.flows import central_flow
from models.study import Study
from models.world import LAW_CLASSES

Array = NDArray[np.float64]

COMPARED_SETS = ("default", "published")
DRAWS = 64
"""Draws of the effects, evenly spaced in the sequence: ample for a 90 % interval of a check."""


def _contrast(before: Array, after: Array, member: NDArray[np.bool_], axis: int) -> Array:
    """(draws,) log change of the members' flows less that of the others', summed over the other side of each flow.

    `before` is (origins, targets), `after` (draws, origins, targets); `axis` 0 compares origins, 1 targets.
    """
    start, end = before.sum(1 - axis), after.sum(2 - axis)
    inside = np.log(end[:, member].sum(1) / start[member].sum())
    outside = np.log(end[:, ~member].sum(1) / start[~member].sum())
    return np.asarray(inside - outside)


def implied_contrast(study: Study, effect_set: str, member: NDArray[np.bool_], side: str) -> Array:
    """(draws,) log rate ratio that a comparison of members with others would find if the model were true.

    Parameters
    ----------
    member : (economies,) the study's members of the Budapest Convention, the world being without it otherwise
    side : `victim` or `origin`, the side on which the study compares countries

    Notes
    -----
    model.md 4.3. Attacks are counted, not money, so c = 1 and every attack is covered; flows are central, effects and
    mobility are drawn. Reservations on co-operation weaken the members that have them.
    """
    world = study.world
    chosen = slice(0, study.draws.size, max(1, study.draws.size // DRAWS))
    effect = next(e for e in study.effects if e.name == effect_set)
    betas = tuple(b[chosen, None, None] for b in sample_betas(effect, study.draws, study.rank_correlation))
    mobility = study.draws["mobility"][chosen]
    effective = np.where(member, world.capacity, 0.0)
    cooperates = np.where(world.reserves, 0.0, 1.0)
    flows = central_flow(world, study.draws, study.baseline.median)
    exposure = exposure_at_origin(effective)[:, None] + exposure_at_target(effective, cooperates)[None, :]
    exponent = law_exponent(
        effective[:, None], effective[None, :], cooperates[:, None], cooperates[None, :], (betas[0], betas[1], betas[2])
    )
    home = np.arange(world.size)
    own = law_exponent(
        effective, effective, cooperates, cooperates, (betas[0][:, 0], betas[1][:, 0], 0 * betas[2][:, 0])
    )
    exponent[:, home, home] = own
    factor = np.exp(exponent, out=exponent)
    before, after = np.zeros((world.size, world.size)), np.zeros_like(factor)
    for k in LAW_CLASSES:
        flow, unreachable = flows[k][:-1], flows[k][-1:]
        left = flow * factor
        # the unreachable origin feels the target's law and can receive what is displaced
        hidden = unreachable * np.exp(betas[0] * (cooperates * effective))
        open_at = 1 - exposure_at_target(effective, cooperates)
        reach = ((1 - exposure) * left).sum((1, 2)) + (open_at * hidden).sum((1, 2))
        total = flow.sum() + unreachable.sum()
        deterred = total - left.sum((1, 2)) - hidden.sum((1, 2))
        felt = (exposure * flow).sum() + ((1 - open_at) * unreachable).sum()
        moved = displaced_total(deterred, reach, float(felt / total), mobility, study.settings.displacement)
        after += left * (1 + (moved / reach)[:, None, None] * (1 - exposure))
        before += flow
        if side == "victim":
            # attacks without a reachable origin count for their victims: spread over the row of no origin in particular
            extra = hidden * (1 + (moved / reach)[:, None, None] * open_at)
            after += extra / world.size
            before += unreachable / world.size
    return _contrast(before, after, member, 1 if side == "victim" else 0)


def implied_contrasts(study: Study, findings: pl.DataFrame) -> pl.DataFrame:
    """`model.implied_contrasts`: beside each finding on members, the contrast the model implies for that membership.

    `findings` is the evidence table; those without a year of membership are left out.
    """
    rows = []
    known: dict[tuple[str, bytes, str], Array] = {}
    for finding in findings.filter(pl.col("members_as_of").is_not_null()).iter_rows(named=True):
        member = np.nan_to_num(study.world.party_since, nan=np.inf) < finding["members_as_of"] + 1
        for name in COMPARED_SETS:
            case = (name, member.tobytes(), finding["side"])
            if case not in known:
                known[case] = implied_contrast(study, name, member, finding["side"])
            values = known[case]
            q = np.quantile(values, (0.05, 0.5, 0.95))
            rows.append(
                (
                    finding["effect_id"],
                    name,
                    int(member.sum()),
                    *map(float, q),
                    finding["log_rate_ratio"],
                    "log rate ratio",
                )
            )
    names = ["effect_id", "effect_set", "members", "p05", "p50", "p95", "found", "unit"]
    return pl.DataFrame(rows, schema=names, orient="row")
