"""What must be true: avoided loss and net benefit at every adoption and every strength of the law.

A grid for the contour; single break-even points are in `break_even`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from models.break_even import common_effects
from models.counterfactual import Point
from models.mechanisms import fullest
from models.setting import Conventions, Setting
from models.study import Study

Array = NDArray[np.float64]

STRENGTHS = (-0.3, -0.2, -0.1, 0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6)
"""Falls of attacks between two full members, 1 - exp(b); beyond lies no study by far."""
USD = "USD bn, 2020 prices"


def adoption_strength(study: Study, points: Sequence[Point]) -> pl.DataFrame:
    """`model.adoption_strength` over the levels of one scenario in one metric, means over the draws.

    Strength replaces the effect of law in every draw, (beta_T, beta_O) = b (1/3, 2/3), beta_J = 0; all else as drawn.
    """
    effects = np.log1p(-np.asarray(STRENGTHS))
    loss = float(study.baseline.loss.sum(1).mean())
    frames = []
    for law_alone in (True, False):
        chosen = [replace(p, state=replace(p.state, members=None)) for p in points] if law_alone else list(points)
        if not law_alone and fullest(chosen[0].state) == "law":
            break
        with threadpool_limits(1):
            whole = Conventions(Setting.of(study), chosen)
            conduct = whole.conduct()
            results = [whole.outcomes(law, conduct) for law in common_effects(whole.ensemble, effects)]
        for strength, outcomes in zip(STRENGTHS, results, strict=True):
            frames.append(
                pl.DataFrame(
                    {
                        "scenario": [p.scenario for p in chosen],
                        "mechanisms": [fullest(p.state) for p in chosen],
                        "adoption_level": [p.level for p in chosen],
                        "strength": [strength] * len(chosen),
                        "avoided_share": [float(o.avoided.mean()) / loss for o in outcomes],
                        "net_benefit": [
                            float((o.avoided - o.price).mean() - p.cost.sum())
                            for o, p in zip(outcomes, chosen, strict=True)
                        ],
                        "unit": [f"fraction; {USD}"] * len(chosen),
                    }
                )
            )
    return pl.concat(frames)
