"""Three ways to answer state attacks, on the same draws: nobody new, each for itself, by agreement.

The probabilities are those of `consequences`, the flows those of `conduct`; here they are laid side by side.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from models.conduct import ConductEnsemble
from models.consequences import REGIMES, Consequences
from models.counterfactual import Point
from models.flows import coverage_id
from models.study import Study

Array = NDArray[np.float64]

USD = "USD bn, 2020 prices"
UNITS = {
    "attributed": "probability",
    "answered": "probability",
    "missed": "probability",
    "deterrence": "expected share of the strongest consequence",
    "retaliation": "attacks set off by one attack",
    "state_loss": USD,
    "state_loss_no_standdown": USD,
    "sanction_cost": USD,
    "wrongful_cost": USD,
    "net_cost": USD,
}
LOWER_IS_BETTER = (*(name for name, unit in UNITS.items() if unit == USD), "retaliation", "missed")


def escalation_table(study: Study, point: Point) -> pl.DataFrame:
    """`model.escalation`: the regimes under both beliefs, the agreed one with the members and the text of a point.

    Unilateral answers come from every victim and against every author, without a convention: no one stands down and
    nobody agreed on anything (model.md 4.5). Missed are attacks that no consequence follows. Net cost is the state
    loss, what proxies take over, and what consequences cost.
    """
    rows = []
    with threadpool_limits(1):
        ensemble = ConductEnsemble(study.world, study.draws, study.baseline)
        for belief, found in study.regimes.items():
            values = _regimes(study, ensemble, point, found)
            for regime in REGIMES:
                clipped = found.regimes[regime].clipped
                rows += [_row(regime, name, belief, own, None, clipped) for name, own in values[regime].items()]
            for name, agreed in values["agreed"].items():
                gap = agreed - values["unilateral"][name]
                better = float(np.mean(gap < 0)) if name in LOWER_IS_BETTER else None
                rows.append(_row("agreed_minus_unilateral", name, belief, gap, better, None))
    names = ["regime", "measure", "belief", "mean", "p05", "p50", "p95", "p_agreed_better", "clipped", "unit"]
    kinds = [pl.String] * 3 + [pl.Float64] * 6 + [pl.String]
    return pl.DataFrame(rows, schema=dict(zip(names, kinds, strict=True)), orient="row")


def _regimes(
    study: Study, ensemble: ConductEnsemble, point: Point, found: Consequences
) -> Mapping[str, Mapping[str, Array]]:
    """By regime and measure, (draws,)."""
    kappa = study.draws[coverage_id(point.state.definition, "state")]
    whole = ensemble.share * study.baseline.loss.sum(1)
    agreed = ensemble.totals(point.state, found.effects(), kappa)
    unrestrained = ensemble.totals(point.state, found.effects().without("restraint"), kappa)
    alone = found.effects("unilateral")
    answered_by_all = kappa * np.expm1(alone.consequence + alone.retaliation) * ensemble.foreign_flow()
    answering = {
        "status_quo": np.zeros_like(whole),
        "unilateral": kappa * whole,
        "agreed": kappa * ensemble.share * agreed.members_loss,
    }
    left = {
        "status_quo": (whole, whole, np.zeros_like(whole)),
        "unilateral": (whole + answered_by_all, whole + answered_by_all, np.zeros_like(whole)),
        "agreed": (whole - agreed.deterred, whole - unrestrained.deterred, agreed.proxies),
    }
    measures = {}
    for regime in REGIMES:
        response, (state_loss, unrestrained_loss, proxies) = found.regimes[regime], left[regime]
        sanctions, wrongful = (cost(regime) * answering[regime] for cost in (found.sanctions, found.wrongful))
        measures[regime] = {
            "attributed": found.attributed,
            "answered": response.answered,
            "missed": 1 - response.answered,
            "deterrence": response.deterrence,
            "retaliation": response.retaliation,
            "state_loss": state_loss,
            "state_loss_no_standdown": unrestrained_loss,
            "sanction_cost": sanctions,
            "wrongful_cost": wrongful,
            "net_cost": state_loss + proxies + sanctions + wrongful,
        }
    return measures


def _row(
    regime: str, measure: str, belief: str, values: Array, better: float | None, clipped: float | None
) -> tuple[str, str, str, float, float, float, float, float | None, float | None, str]:
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
    summary = (float(values.mean()), float(low), float(middle), float(high))
    return (regime, measure, belief, *summary, better, clipped, UNITS[measure])
