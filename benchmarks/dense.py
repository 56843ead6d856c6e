"""The equations of model.md 4.2 to 4.4 dyad by dyad, plainly: the peer of the fast sums, in tests and benchmarks.

Nothing here is tuned or shared with `models.ensemble` beyond the inputs.
"""

import numpy as np

from models.ensemble import Baseline, State
from models.flows import class_share
from models.priors import Draws
from models.world import LAW_CLASSES, World


def origin_shares(world: World, threat_class: str, follow: float, domestic: float) -> np.ndarray:
    """(origins + 1, targets) W of one draw, the unreachable origin last."""
    shares = world.origins[threat_class]
    among = shares.attributed.copy()
    if threat_class == "criminal":
        np.fill_diagonal(among, 0.0)
        among /= among.sum(0)
    hidden = shares.unattributed * (1 - follow)
    w = np.vstack((among * (1 - hidden), hidden))
    if threat_class == "criminal":
        w *= 1 - domestic
        w[np.arange(world.size), np.arange(world.size)] = domestic
    return w


def totals(world: World, draws: Draws, baseline: Baseline, state: State, betas, rows) -> dict[str, np.ndarray]:
    """Deterred, displaced, and loss by economy of the given draws; `rows` are indices of draws."""
    s, n = state.standing, world.size
    median = draws.medians
    effective_mid = np.append(np.where(s.willing, 1.0, median["compliance"]) * s.effective_s, 0.0)
    exposure = (2 / 3) * effective_mid[:, None] + (1 / 3) * (s.cooperates_s * effective_mid[:-1])[None, :]
    central = Draws({k: np.full(1, v) for k, v in median.items()}, np.zeros(1, int), 0)
    out = {k: np.zeros(len(rows)) for k in ("deterred", "displaced")}
    out["loss"] = np.zeros((len(rows), n))
    for k in LAW_CLASSES:
        central_flow = (
            class_share(central)[k][0]
            * baseline.median
            * state.growth
            * origin_shares(world, k, median["unattributed_follow"], median["domestic_share"])
        )
        coverage = (exposure * central_flow).sum() / central_flow.sum()
        for j, d in enumerate(rows):
            c, zeta = draws["count_to_loss"][d], draws["compliance"][d]
            b_target, b_origin, b_joint = (b[d] for b in betas)
            a_q = np.append(s.effective_q, 0.0)
            a_s = np.append(np.where(s.willing, 1.0, zeta) * s.effective_s, 0.0)
            v_q, v_s = np.append(s.cooperates_q, 1.0), np.append(s.cooperates_s, 1.0)
            apart = np.ones((n + 1, n))
            apart[np.arange(n), np.arange(n)] = 0.0

            before, after_law = (
                b_origin * a[:, None] + b_target * (v * a)[None, :n] + b_joint * np.outer(v * a, (v * a)[:n]) * apart
                for a, v in ((a_q, v_q), (a_s, v_s))
            )
            x = c * (after_law - before)
            flow = (
                class_share(draws)[k][d]
                * (baseline.loss[d] * state.growth)
                * origin_shares(world, k, draws["unattributed_follow"][d], draws["domestic_share"][d])
            )
            kappa = draws[f"coverage_{k}"][d]
            after = flow * (1 - kappa + kappa * np.exp(x))
            deterred, reach = (flow - after).sum(), ((1 - exposure) * after).sum()
            moved = max(draws["mobility"][d] * (1 - coverage) * max(deterred, -reach), -reach) if reach > 0 else 0.0
            final = after + (moved * (1 - exposure) * after / reach if reach > 0 else 0.0)
            out["deterred"][j] += deterred
            out["displaced"][j] += moved
            out["loss"][j] += final.sum(0)
    return out
