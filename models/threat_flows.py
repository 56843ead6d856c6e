"""What a convention leaves of each threat class: flow under it over flow observed, draw by draw.

Frequencies of events are multiplied by these ratios (`exceedance`); money is in `counterfactual`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from models.counterfactual import Point
from models.kernel import Factors
from models.setting import Conventions, Setting, default_betas, kernels
from models.study import Study
from models.world import CLASSES

Array = NDArray[np.float64]


def flow_ratios(study: Study, points: Sequence[Point]) -> list[Mapping[str, Array]]:
    """By threat class, (draws,) Q_k of each point: 1 - avoided loss of the class / its loss, the world together.

    Notes
    -----
    model.md 2: Q_k multiplies the frequency of class k. The sums over dyads weigh each class by a number (`per_loss`);
    with one for a class and zero for the others they are its own.
    """
    loss = study.baseline.loss.sum(1)
    found: list[dict[str, Array]] = [{} for _ in points]
    betas, known = default_betas(study), dict[bytes, Factors]()
    with threadpool_limits(1):
        for k in CLASSES:
            only = {other: np.full(study.draws.size, float(other == k)) for other in CLASSES}
            conventions = Conventions(Setting.of(study), points, per_loss=only)
            law = conventions.ensemble.run_factored(kernels(conventions.ensemble, betas, known))
            own = conventions.ensemble.share[k]
            for ratios, outcome, point in zip(
                found, conventions.outcomes(law, conventions.conduct()), points, strict=True
            ):
                if outcome.output is None:
                    raise ValueError(f"no result by class at the point of {point.scenario}")
                avoided = np.divide(outcome.output, own * loss, out=np.zeros_like(loss), where=own > 0)
                ratios[k] = 1 - avoided
    return list(found)
