"""One convention at a time under a study or a changed study: outcomes and summaries of a few points.

The whole table of scenarios, levels and years is evaluated in `counterfactual`; here is what variants, blocs and
break-even points share. What they change is their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from models.conduct import Conduct
from models.consequences import BELIEFS, Consequences, Reciprocity, consequences
from models.counterfactual import DEFAULT_SET, Point, Settings
from models.economies import covered_share
from models.effects import Betas, sample_betas
from models.ensemble import Baseline, Ensemble, StateResult
from models.kernel import Factors
from models.measures import MeasureDraws, summarize, without_probability
from models.mechanisms import Mechanisms, Outcome
from models.priors import Draws
from models.study import Study
from models.world import CLASSES, LAW_CLASSES, World

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Setting:
    """What may be changed of a study; `off` names channels of conduct that are switched off."""

    world: World
    draws: Draws
    start: Baseline
    settings: Settings
    reciprocity: Reciprocity
    off: frozenset[str] = frozenset()

    @classmethod
    def of(cls, study: Study) -> Setting:
        """A study as it is."""
        return cls(study.world, study.draws, study.baseline, study.settings, study.reciprocity)

    def held(self, **values: float) -> Setting:
        """The same with some inputs held at one value."""
        return replace(self, draws=self.draws.replace(**values))

    def chosen(self, **values: str | float) -> Setting:
        """The same with other discrete choices."""
        return replace(self, settings=replace(self.settings, **values))  # type: ignore[arg-type]

    @property
    def regimes(self) -> dict[str, Consequences]:
        """The regimes of consequences in every draw, under each belief about retaliation."""
        return {belief: consequences(self.draws, self.reciprocity, belief) for belief in BELIEFS}


class Conventions:
    """The points of a few conventions over one setting, with everything in their texts; `per_loss` as in `Ensemble`."""

    def __init__(self, setting: Setting, points: Sequence[Point], per_loss: Mapping[str, Array] | None = None) -> None:
        self.setting, self.points = setting, list(points)
        states = [p.state for p in points]
        displacement, over = setting.settings.displacement, (setting.world, setting.draws, setting.start)
        self.ensemble = Ensemble(*over, states, displacement, per_loss)
        self.mechanisms = Mechanisms(*over, setting.regimes, setting.off, per_loss)

    def scaled(self, factor: float) -> Conventions:
        """The same with kappa of every class multiplied."""
        other = copy(self)
        other.ensemble, other.mechanisms = copy(self.ensemble), copy(self.mechanisms)
        other.ensemble.covered = {
            name: {k: factor * kappa for k, kappa in own.items()} for name, own in self.ensemble.covered.items()
        }
        other.mechanisms.coverage_factor = factor
        return other

    def conduct(self, mechanism: str = "all") -> list[Conduct | None]:
        """Conduct of class state at each point under a mechanism, None where the text holds law alone."""
        return [None if p.state.members is None else self.mechanisms.conduct(p.state, mechanism) for p in self.points]

    def outcomes(self, law: Sequence[StateResult], conduct: Sequence[Conduct | None]) -> list[Outcome]:
        """Outcomes of each point."""
        return [
            self.mechanisms.outcome(p.state, own, acts) for p, own, acts in zip(self.points, law, conduct, strict=True)
        ]

    def net(self, law: Sequence[StateResult], conduct: Sequence[Conduct | None]) -> list[Array]:
        """(draws,) net benefit at each point, USD bn of 2020: avoided loss less enforcement and consequences."""
        return [
            o.avoided - o.price - p.cost.sum() for o, p in zip(self.outcomes(law, conduct), self.points, strict=True)
        ]


def kernels(ensemble: Ensemble, betas: Betas, known: dict[bytes, Factors] | None = None) -> list[Factors]:
    """The factored kernel of each batch; `known` keeps them between calls whose draws of the law are the same."""
    kept = {} if known is None else known
    found = []
    for batch in ensemble.batches:
        key = batch.nodes.standing.key() + batch.cols.origin.tobytes() + batch.cols.target.tobytes()
        if key not in kept:
            kept[key] = ensemble.effect(batch, betas)
        found.append(kept[key])
    return found


def summaries(
    study: Study, points: Sequence[Point], setting: Setting | None = None, known: dict[bytes, Factors] | None = None
) -> list[Array]:
    """(measures, statistics) of the world at each point under the default effect set, everything in the text.

    `setting` holds what differs from the study; `known` keeps factored kernels between calls whose draws of compliance
    and of the elasticity are the same.
    """
    own = setting or Setting.of(study)
    default = next(e for e in study.effects if e.name == DEFAULT_SET)
    with threadpool_limits(1):
        conventions = Conventions(own, points)
        betas = sample_betas(default, own.draws, study.rank_correlation)
        kept = known if known is not None and _same_kernel(own.draws, study.draws) else None
        law = conventions.ensemble.run_factored(kernels(conventions.ensemble, betas, kept))
        outcomes = conventions.outcomes(law, conventions.conduct())
    found = []
    for point, outcome in zip(points, outcomes, strict=True):
        before = (own.start.loss @ point.state.growth)[None]
        classes = LAW_CLASSES if point.state.members is None else CLASSES
        covered = covered_share(conventions.ensemble, point.state.definition, classes)
        cost = np.array([[point.cost.sum()]])
        if point.state.members is not None:
            cost = cost + outcome.price[None]
        totals = MeasureDraws(before, before * covered, outcome.deterred[None], outcome.displaced[None], cost)
        summary = summarize(totals, own.draws.scrambles)[0]
        found.append(without_probability(summary) if point.is_status_quo else summary)
    return found


def _same_kernel(draws: Draws, others: Draws) -> bool:
    return all(draws[name] is others[name] for name in ("compliance", "count_to_loss"))


def default_betas(study: Study, draws: Draws | None = None) -> Betas:
    """(target, origin, cooperation) log rate ratios of the default effect set, (draws,) each."""
    default = next(e for e in study.effects if e.name == DEFAULT_SET)
    return sample_betas(default, draws or study.draws, study.rank_correlation)
