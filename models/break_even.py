"""What must be true for a convention to pay for itself: the effect, the adoption and the coverage at which it does.

Costs are those of `counterfactual`; a value of null is an answer, there being no break-even in the range searched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from models.counterfactual import DEFAULT_SET, METRICS, Evaluation, Point
from models.deterrence import LOG_RATE_RATIO_LIMITS
from models.ensemble import TOLERANCE, Batch, Ensemble, StateResult
from models.kernel import factorize, kernel, onto
from models.mechanisms import fullest
from models.setting import Conventions, Setting, default_betas, kernels
from models.study import Study

Array = NDArray[np.float64]

CRITERIA: Mapping[str, Callable[[Array], Array]] = {
    "mean": lambda draws: draws.mean(axis=-1),
    "median": lambda draws: np.median(draws, axis=-1),
}
EFFECT_NODES, FACTOR_NODES = 9, 5
AT_END = 1e-12
"""Part of the range within which a zero is at its end."""


@dataclass(frozen=True)
class Root:
    """A break-even value with its 90 % interval over the scrambles; None where there is none."""

    value: float | None
    lower: float | None
    upper: float | None


def _root(nodes: Array, values: Array, nearest: float) -> float | None:
    """The zero nearest to `nearest` of the polynomial through Chebyshev nodes; None where it has none inside.

    A net benefit is smooth in the effect and in the coverage, so nine nodes leave an error far below that of the
    scrambles. A zero at an end of the range, such as at no coverage of what has no price of its own, is that end:
    rounding puts it on either side.
    """
    low, high = float(nodes[0]), float(nodes[-1])
    fitted = np.polynomial.Chebyshev.fit(nodes, values, nodes.size - 1, domain=[low, high])
    roots = fitted.roots()
    real = roots[np.abs(roots.imag) < 1e-9].real
    for end in (low, high):
        real = np.where(np.abs(real - end) <= AT_END * (high - low), end, real)
    inside = real[(real >= low) & (real <= high)]
    return float(inside[np.argmin(np.abs(inside - nearest))]) if inside.size else None


def _nodes(low: float, high: float, count: int) -> Array:
    return np.asarray(low + (high - low) * (1 - np.cos(np.pi * np.arange(count) / (count - 1))) / 2)


def _interval(whole: float | None, parts: Sequence[float | None]) -> Root:
    found = [part for part in parts if part is not None]
    if whole is None or len(found) < len(parts):
        return Root(whole, None, None)
    return Root(whole, float(np.quantile(found, 0.05)), float(np.quantile(found, 0.95)))


def _solve(nodes: Array, net: Array, scrambles: int, criterion: str, nearest: float) -> Root:
    """Zero of the criterion of `net`, (nodes, draws), overall and by scramble."""
    of = CRITERIA[criterion]
    by_scramble = of(net.reshape(nodes.size, scrambles, -1))
    parts = [_root(nodes, by_scramble[:, r], nearest) for r in range(scrambles)]
    return _interval(_root(nodes, of(net), nearest), parts)


def _first_crossing(levels: Array, values: Array) -> float | None:
    """The lowest level from which on the next level's net benefit is above zero, by linear interpolation."""
    for k in range(1, levels.size):
        if values[k] > 0:
            below = min(values[k - 1], 0.0)
            return float(levels[k - 1] + (levels[k] - levels[k - 1]) * -below / (values[k] - below))
    return None


def break_even(study: Study, points: Sequence[Point]) -> pl.DataFrame:
    """Rows of `model.break_even`: per scenario the effect and the coverage factor at which net benefit is zero.

    `points` are the headline points of conventions with members. `effect` is b with (beta_T, beta_O) = b (1/3, 2/3) and
    beta_J = 0, a log rate ratio; `coverage_factor` multiplies kappa of every class; other draws and mechanisms as they
    are (model.md 4.8). Adoption is in `adoption_break_even`.
    """
    if not points:
        return _table([])
    setting, scrambles = Setting.of(study), study.draws.scrambles
    rows: list[tuple[str, str, str, Root, str]] = []
    with threadpool_limits(1):
        whole = Conventions(setting, points)
        effects = _nodes(LOG_RATE_RATIO_LIMITS[0], LOG_RATE_RATIO_LIMITS[1], EFFECT_NODES)
        conduct = whole.conduct()
        net = [whole.net(law, conduct) for law in common_effects(whole.ensemble, effects)]
        factors = _nodes(0.0, 1.0, FACTOR_NODES)
        default = kernels(whole.ensemble, default_betas(study))
        scaled = [whole.scaled(factor) for factor in factors]
        by_factor_net = [each.net(each.ensemble.run_factored(default), each.conduct()) for each in scaled]
    for place, point in enumerate(points):
        free = point.cost.sum() == 0 and "consequences" not in point.state.clauses
        for criterion in CRITERIA:
            if free:
                # what costs nothing breaks even at no effect and at no coverage
                by_effect = by_factor = Root(0.0, 0.0, 0.0)
            else:
                by_effect = _solve(effects, np.stack([n[place] for n in net]), scrambles, criterion, 0.0)
                by_factor = _solve(factors, np.stack([n[place] for n in by_factor_net]), scrambles, criterion, 1.0)
            rows.append((point.scenario, "effect", criterion, by_effect, "log rate ratio"))
            rows.append((point.scenario, "coverage_factor", criterion, by_factor, "factor on the covered share"))
    return _table(rows)


def common_effects(ensemble: Ensemble, effects: Array) -> Iterator[list[StateResult]]:
    """World totals of every state under (beta_T, beta_O, beta_J) = b (1/3, 2/3, 0), for each effect b.

    The kernels of all effects have one range, found from every effect in the first scramble.
    """
    d = ensemble.draws
    first = slice(0, d.size // d.scrambles)

    def matrix(batch: Batch, b: float, draws: slice) -> Array:
        compliance, count_to_loss = d["compliance"][draws], d["count_to_loss"][draws]
        flat = np.ones_like(compliance)
        betas = (b / 3 * flat, 2 * b / 3 * flat, 0 * flat)
        return kernel(batch.nodes, batch.cols, compliance, count_to_loss, betas)

    common = [
        factorize(np.concatenate([matrix(batch, b, first) for b in effects]), TOLERANCE) for batch in ensemble.batches
    ]
    for b in effects:
        yield ensemble.run_factored(
            [onto(matrix(batch, b, slice(None)), own) for batch, own in zip(ensemble.batches, common, strict=True)]
        )


def adoption_break_even(evaluation: Evaluation, points: Sequence[Point]) -> pl.DataFrame:
    """Rows of `model.break_even` for adoption: the first level of each metric from which on a scenario pays.

    Quantity `adoption_<metric>`, under the default effect set and everything in the text; linear between the levels
    evaluated.
    """
    scrambles = evaluation.ensemble.draws.scrambles
    groups: dict[tuple[str, str], list[Point]] = {}
    for point in points:
        if point.metric in METRICS:
            groups.setdefault((point.scenario, point.metric), []).append(point)
    rows = []
    for (scenario, metric), own in groups.items():
        levels = np.array([p.level for p in own])
        outcomes = [evaluation.outcome(p, DEFAULT_SET, fullest(p.state)) for p in own]
        net = np.stack([o.avoided - o.price - p.cost.sum() for o, p in zip(outcomes, own, strict=True)])
        for criterion, of in CRITERIA.items():
            by_scramble = of(net.reshape(len(own), scrambles, -1))
            parts = [_first_crossing(levels, by_scramble[:, r]) for r in range(scrambles)]
            root = _interval(_first_crossing(levels, of(net)), parts)
            rows.append((scenario, f"adoption_{metric}", criterion, root, f"share of {METRIC_NAMES[metric]}"))
    return _table(rows)


METRIC_NAMES = {"states": "states", "gdp": "GDP", "attack_origin": "attack origin"}


def _table(rows: Sequence[tuple[str, str, str, Root, str]]) -> pl.DataFrame:
    return pl.DataFrame(
        [(s, q, c, r.value, r.lower, r.upper, u) for s, q, c, r, u in rows],
        schema={
            "scenario": pl.String,
            "quantity": pl.String,
            "criterion": pl.String,
            "value": pl.Float64,
            "lower": pl.Float64,
            "upper": pl.Float64,
            "unit": pl.String,
        },
        orient="row",
    )
