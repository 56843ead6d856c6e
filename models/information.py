"""What it would be worth to know an uncertain input before deciding whether to join: value of information.

Computed from draws that exist, without running the model again. How much of the spread an input explains is another
question, answered in `sensitivity`: an input can move the result widely and never change the decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import rankdata
from threadpoolctl import threadpool_limits

from models.convention import Scenario
from models.counterfactual import headline_point
from models.kernel import lobatto
from models.priors import Draws
from models.setting import Conventions, Setting, default_betas, kernels
from models.statistics import scramble_error
from models.study import Study

Array = NDArray[np.float64]

UNIT = "USD bn a year, 2020 prices"
KNOTS = {1: 9, 2: 5, 3: 4, 4: 3}
"""Knots an input, by how many inputs are learned together: few enough that the fit hardly moves."""
TOGETHER = {
    "effect of law": ("effect_target_position", "effect_origin_position", "effect_cooperation_position"),
    "consequences": ("consequence_strength", "bite", "response_elasticity"),
    "stand-down": ("standdown_effect", "standdown_share"),
    "cost of consequences": ("sanction_cost", "false_attribution"),
}
"""Inputs that one study would settle together (a judgement)."""


@dataclass(frozen=True)
class InformationValue:
    """Expected gain from knowing before deciding, in the unit of the net benefit, with its Monte Carlo error.

    changed : share of draws in which who knows decides otherwise than who does not
    """

    value: float
    se: float
    changed: float


def perfect_information(net: Array, scrambles: int) -> InformationValue:
    """Value of knowing everything: E[max(net, 0)] - max(E[net], 0).

    Parameters
    ----------
    net : (draws,) net benefit of joining, scramble after scramble; staying out is worth zero
    scrambles : independent parts of the draws, at least two, of equal size

    Notes
    -----
    Zero where the net benefit has one sign in every draw. Raiffa and Schlaifer (1961).
    """
    return _valued(net, net > 0, scrambles)


def partial_information(net: Array, inputs: Array, scrambles: int) -> InformationValue:
    """Value of knowing some inputs and nothing else: E[max(E[net | inputs], 0)] - max(E[net], 0).

    Parameters
    ----------
    net : (draws,) as for `perfect_information`
    inputs : (draws,), or (draws, k) for k inputs learned together, up to four

    Notes
    -----
    E[net | inputs] is a regression on the draws (Strong, Oakley and Brennan 2014): piecewise linear in the ranks of
    each input, tensor products for several. Each scramble is decided by a fit on the others, so that noise in the fit
    cannot pass for information: the result is the gain of a decision rule that exists, a lower bound that the error of
    the fit moves by its square only. It is zero where no rule changes the decision, and cut at zero from below.
    """
    _check(net, scrambles)
    columns = np.atleast_2d(np.asarray(inputs, dtype=np.float64).T)
    if columns.shape[1] != net.size or columns.shape[0] not in KNOTS:
        raise ValueError(f"inputs is (draws,) or (draws, 1 to {max(KNOTS)}); got {np.shape(inputs)} for {net.size}")
    basis = np.ones((net.size, 1))
    for column in columns:
        basis = (basis[:, :, None] * _hats(column, KNOTS[columns.shape[0]])[:, None, :]).reshape(net.size, -1)
    parts = basis.reshape(scrambles, -1, basis.shape[1])
    gram = np.einsum("rdi,rdj->rij", parts, parts, optimize=True)
    moment = np.einsum("rdi,rd->ri", parts, net.reshape(scrambles, -1))
    joins = np.empty(parts.shape[:2], bool)
    for r in range(scrambles):
        # the least of all solutions where two values of an input leave knots without draws
        fitted = np.linalg.lstsq(gram.sum(0) - gram[r], moment.sum(0) - moment[r], rcond=1e-10)[0]
        joins[r] = parts[r] @ fitted > 0
    return _valued(net, joins.ravel(), scrambles)


def _hats(values: Array, knots: int) -> Array:
    """(draws, knots) linear B-splines of the rank of each value, their knots closer together towards both ends."""
    rank = (rankdata(values) - 0.5) / values.size
    return np.stack([np.interp(rank, lobatto(knots), peak) for peak in np.eye(knots)], 1)


def _valued(net: Array, joins: NDArray[np.bool_], scrambles: int) -> InformationValue:
    """What a decision draw by draw gains over the one decision that is best on average."""
    _check(net, scrambles)
    uninformed = bool(net.mean() > 0)
    gain = np.where(joins, net, 0.0) - (net if uninformed else 0.0)
    by_scramble = gain.reshape(scrambles, -1).mean(1)
    return InformationValue(
        max(float(gain.mean()), 0.0), float(scramble_error(by_scramble)), float(np.mean(joins != uninformed))
    )


def _check(net: Array, scrambles: int) -> None:
    if scrambles < 2 or net.ndim != 1 or net.size % scrambles or net.size < 2 * scrambles:
        raise ValueError(f"net must be (draws,) in at least two scrambles of equal size; got {net.shape}, {scrambles}")
    if not np.isfinite(net).all():
        raise ValueError("net must be finite in every draw")


def information_values(
    net: Array, draws: Draws, inputs: Sequence[str], together: Mapping[str, Sequence[str]] = TOGETHER
) -> list[tuple[str, str, InformationValue]]:
    """(information, inputs, value) of everything, of each input alone, and of inputs that are settled together.

    What a group is worth is not below any of its members: who knows more may still decide by one of them.
    """
    alone = {name: partial_information(net, draws[name], draws.scrambles) for name in inputs}
    found = [("perfect", "everything", perfect_information(net, draws.scrambles))]
    found += [("partial", name, own) for name, own in alone.items()]
    for name, members in together.items():
        values = np.stack([draws[member] for member in members], 1)
        whole = partial_information(net, values, draws.scrambles)
        parts = [alone[member] for member in members if member in alone]
        found.append(("together", name, max([whole, *parts], key=lambda each: each.value)))
    return found


def information_table(study: Study, scenario: Scenario, membership: Array, inputs: Sequence[str]) -> pl.DataFrame:
    """`model.information`: value of information for the decision to join a convention, everything in its text.

    `membership` is that of the last year, (economies,), fully phased in; one decision for all members together.
    `inputs` are those of `sensitivity.inputs_of`.
    """
    point = headline_point(study.world, scenario, study.settings, membership)
    with threadpool_limits(1):
        conventions = Conventions(Setting.of(study), [point])
        law = conventions.ensemble.run_factored(kernels(conventions.ensemble, default_betas(study)))
        net = conventions.net(law, conventions.conduct())[0]
        found = information_values(net, study.draws, inputs)
    decision = "join" if net.mean() > 0 else "stay out"
    rows = [
        (scenario.name, information, inputs, decision, own.value, own.se, own.changed, net.size, UNIT)
        for information, inputs, own in found
    ]
    names = ["scenario", "information", "inputs", "decision", "value", "se", "p_changed", "draws", "unit"]
    return pl.DataFrame(rows, schema=names, orient="row")
