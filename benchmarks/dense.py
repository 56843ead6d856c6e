"""The equations of model.md 4.2 to 4.6 and 4.9 dyad by dyad, plainly: the peer of the fast sums in tests and benches.

Nothing here is tuned or shared with `models.ensemble` beyond the inputs.
"""

from dataclasses import dataclass

import numpy as np

from models.consequences import Consequences
from models.ensemble import Baseline
from models.flows import class_share, coverage_id
from models.priors import Draws
from models.states import State
from models.world import CLASSES, LAW_CLASSES, World


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


@dataclass(frozen=True)
class Flows:
    """One draw and class, (origins + 1, targets): observed, after the law, and after displacement."""

    observed: np.ndarray
    after_law: np.ndarray
    final: np.ndarray
    kappa: float

    @property
    def covered_left(self) -> np.ndarray:
        """What the text covers and law left, displaced attacks among it."""
        return self.final - (1 - self.kappa) * self.observed


class Plain:
    """One state of membership under one belief about law; `of` gives the flows of a class in a draw."""

    def __init__(self, world: World, draws: Draws, baseline: Baseline, state: State, betas) -> None:
        self.world, self.draws, self.baseline, self.state, self.betas = world, draws, baseline, state, betas
        s, median = state.standing, draws.medians
        mid = np.append(np.where(s.willing, 1.0, median["compliance"]) * s.effective_s, 0.0)
        self.exposure = (2 / 3) * mid[:, None] + (1 / 3) * (s.cooperates_s * mid[:-1])[None, :]
        self.central = Draws({k: np.full(1, v) for k, v in median.items()}, np.zeros(1, int), 0)
        self.coverage = {k: self._coverage(k) for k in LAW_CLASSES}

    def _coverage(self, threat_class: str) -> float:
        median = self.draws.medians
        flow = (
            class_share(self.central)[threat_class][0]
            * self.baseline.median
            * self.state.growth
            * origin_shares(self.world, threat_class, median["unattributed_follow"], median["domestic_share"])
        )
        return float((self.exposure * flow).sum() / flow.sum())

    def observed(self, threat_class: str, d: int) -> np.ndarray:
        """(origins + 1, targets) F_obs of a draw."""
        follow, domestic = self.draws["unattributed_follow"][d], self.draws["domestic_share"][d]
        shares = origin_shares(self.world, threat_class, follow, domestic)
        return class_share(self.draws)[threat_class][d] * (self.baseline.loss[d] * self.state.growth) * shares

    def of(self, threat_class: str, d: int) -> Flows:
        """The flows of a class that law reaches."""
        s, n = self.state.standing, self.world.size
        c, zeta = self.draws["count_to_loss"][d], self.draws["compliance"][d]
        b_target, b_origin, b_joint = (b[d] for b in self.betas)
        a_q = np.append(s.effective_q, 0.0)
        a_s = np.append(np.where(s.willing, 1.0, zeta) * s.effective_s, 0.0)
        v_q, v_s = np.append(s.cooperates_q, 1.0), np.append(s.cooperates_s, 1.0)
        apart = np.ones((n + 1, n))
        apart[np.arange(n), np.arange(n)] = 0.0
        before, after_law = (
            b_origin * a[:, None] + b_target * (v * a)[None, :n] + b_joint * np.outer(v * a, (v * a)[:n]) * apart
            for a, v in ((a_q, v_q), (a_s, v_s))
        )
        flow = self.observed(threat_class, d)
        kappa = float(self.draws[coverage_id(self.state.definition, threat_class)][d])
        after = flow * (1 - kappa + kappa * np.exp(c * (after_law - before)))
        open_flow = (1 - self.exposure) * after
        deterred, reach = (flow - after).sum(), open_flow.sum()
        mobility = self.draws["mobility"][d] * (1 - self.coverage[threat_class])
        moved = max(mobility * max(deterred, -reach), -reach) if reach > 0 else 0.0
        return Flows(flow, after, after + (moved * open_flow / reach if reach > 0 else 0.0), kappa)


def totals(world: World, draws: Draws, baseline: Baseline, state: State, betas, rows) -> dict[str, np.ndarray]:
    """Deterred, displaced, and loss by economy of the given draws, law alone; `rows` are indices of draws."""
    plain = Plain(world, draws, baseline, state, betas)
    out = {k: np.zeros(len(rows)) for k in ("deterred", "displaced")}
    out["loss"] = np.zeros((len(rows), world.size))
    for j, d in enumerate(rows):
        for k in LAW_CLASSES:
            flows = plain.of(k, d)
            out["deterred"][j] += (flows.observed - flows.after_law).sum()
            out["displaced"][j] += (flows.final - flows.after_law).sum()
            out["loss"][j] += flows.final.sum(0)
    return out


def everything(
    world: World, draws: Draws, baseline: Baseline, state: State, betas, found: Consequences, rows
) -> dict[str, np.ndarray]:
    """Loss by economy, avoided loss by class, freed effort, proxies, price of consequences; every clause in force.

    model.md 4.5: x = -(1 - m_o) m_i eta (d_agreed - d_sq) + m_i ln((1 - nu_sq) / (1 - nu_agreed)) + m_o sigma y abroad.
    Effort is pooled over members and multiplies what is left of the covered flows on them (4.6), as do haven and
    sharing (4.9).
    """
    plain, n = Plain(world, draws, baseline, state, betas), world.size
    m_i, m_o = state.members, np.append(state.members, 0.0)
    abroad = np.ones((n + 1, n))
    abroad[np.arange(n), np.arange(n)] = 0.0
    out = {name: np.zeros(len(rows)) for name in ("freed", "proxies", "price")}
    out["loss"] = np.zeros((len(rows), n))
    out |= {f"avoided_{k}": np.zeros(len(rows)) for k in CLASSES}
    for j, d in enumerate(rows):
        now, then = found.regimes["status_quo"], found.regimes["agreed"]
        gained = then.deterrence[d] - now.deterrence[d]
        shared = draws["sharing_effect"][d] * np.log(state.dwell_ratio) if "sharing" in state.clauses else 0.0
        x = m_i[None, :] * np.full((n + 1, 1), shared)
        restraint = 0.0
        if "consequences" in state.clauses:
            x = x - np.outer(1 - m_o, m_i) * draws["response_elasticity"][d] * gained
            x = x + m_i[None, :] * np.log((1 - now.retaliation[d]) / (1 - then.retaliation[d]))
        if "stand_down" in state.clauses:
            restraint = draws["standdown_effect"][d] * draws["standdown_share"][d]
            x = x + m_o[:, None] * restraint
        flow = plain.observed("state", d)
        kappa = draws[coverage_id(state.definition, "state")][d]
        after = flow * (1 - kappa + kappa * np.exp(x * abroad))
        saved, whole = (m_i * (flow - after)).sum(), (m_i * flow).sum()
        freed = float(np.clip(saved / whole, 0, 1)) if whole > 0 else 0.0
        back = draws["proxy_share"][d] * kappa * flow * abroad * np.maximum(1 - np.exp(m_o * restraint), 0)[:, None]
        loss = after.sum(0) + back.sum(0)
        out["avoided_state"][j] = (flow - after).sum()
        out["avoided_criminal"][j] = -back.sum()
        for k in LAW_CLASSES:
            flows = plain.of(k, d)
            cut = np.zeros((n + 1, n))
            if k == "criminal":
                kept = np.exp(-draws["effort_effect"][d] * freed + shared) * np.ones((n + 1, 1))
                if "haven" in state.clauses:
                    open_to_answer = np.exp(-draws["haven_effect"][d] * gained)
                    kept = kept * (m_o + (1 - m_o) * open_to_answer)[:, None]
                cut = m_i[None, :] * (1 - kept)
            elif shared:
                cut = m_i[None, :] * (1 - np.exp(shared)) * np.ones((n + 1, 1))
            left = flows.final - cut * flows.covered_left
            out[f"avoided_{k}"][j] += (flows.observed - left).sum()
            loss = loss + left.sum(0)
        out["loss"][j], out["freed"][j], out["proxies"][j] = loss, freed, back.sum()
        if "consequences" in state.clauses:
            price = draws["sanction_cost"][d] * (
                then.strength[d] * then.answered[d] - now.strength[d] * now.answered[d]
            )
            price += draws["false_attribution"][d] * (then.answered[d] - now.answered[d])
            out["price"][j] = price * kappa * whole
    return out
