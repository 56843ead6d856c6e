"""The headline with one choice of the model changed at a time: how much turns on each.

Paired with the default on the same draws. Switching a mechanism off altogether is in `channels`.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.convention import Scenario
from models.counterfactual import headline_point
from models.flows import central_flow
from models.headline import USD
from models.kernel import Factors
from models.measures import MEASURES, STATISTICS
from models.setting import Setting, summaries
from models.study import Study, baseline, origins

Array = NDArray[np.float64]

ALTERNATIVE_TRACKERS = {"state": "eurepoc", "criminal": "eurepoc", "other": "eurepoc"}
"""One tracker for every class, the alternative to a tracker of breaches for class criminal."""


def dominant_origin(study: Study, threat_class: str = "criminal") -> str:
    """The economy from which most of the foreign loss of a class comes, at central values."""
    flow = central_flow(study.world, study.draws, study.baseline.median)[threat_class][:-1]
    return study.world.iso3[int(np.argmax(flow.sum(1) - np.diagonal(flow)))]


def variants(
    study: Study, scenario: Scenario, membership: Array, counts: pl.DataFrame, definitions: Sequence[str]
) -> pl.DataFrame:
    """`model.variants`: the headline of a scenario with one choice changed at a time, under the default effect set.

    `membership` is that of the last year, (economies,). `counts` are the incident counts of all trackers, needed to
    take another tracker or to leave an origin out; `definitions` name those that the text may have instead.
    """
    first = dominant_origin(study)
    base = Setting.of(study)
    without = study.world.with_origins(origins(counts, study.world.iso3, study.trackers, without=first))
    flat = baseline(study.world, study.draws, study.anchor, "flat")

    cases = {
        "default": ("as in the headline", base),
        "compliance_full": ("every member enforces as a party to Budapest does (zeta = 1)", base.held(compliance=1.0)),
        "flat_allocation": (
            "one loss rate for every economy, not the unverified regional ones",
            replace(base, start=flat),
        ),
        "unattributed_unreachable": (
            "what nobody attributed is out of reach (lambda_U = 0)",
            base.held(unattributed_follow=0.0),
        ),
        "unattributed_proportional": (
            "what nobody attributed has the origins of what was (lambda_U = 1)",
            base.held(unattributed_follow=1.0),
        ),
        "criminal_origins_eurepoc": (
            "origins of crime from the tracker of political operations, not from the one of breaches",
            replace(base, world=study.world.with_origins(origins(counts, study.world.iso3, ALTERNATIVE_TRACKERS))),
        ),
        f"without_origin_{first}": (
            f"without incidents that originate in {first}, the first origin of crime",
            replace(base, world=without),
        ),
        "no_displacement": ("no deterred attacker moves elsewhere (phi = 0)", base.held(mobility=0.0)),
        "full_displacement": ("every deterred attacker can move elsewhere (phi = 1)", base.held(mobility=1.0)),
        "one_sided_displacement": (
            "attacks that are drawn in come from nowhere else",
            base.chosen(displacement="one_sided"),
        ),
        "count_to_loss_one": ("money follows counts one for one (c = 1)", base.held(count_to_loss=1.0)),
        "budapest_weak": (
            "Budapest membership half as strong as the new convention (delta = 0.5)",
            base.chosen(budapest_strength=0.5),
        ),
        "escalation_op_ed": (
            "answers provoke as the op-ed expects, agreed ones a fifth as much",
            base.chosen(escalation_belief="op_ed"),
        ),
        "no_proxies": ("no restrained attack returns through criminals (p = 0)", base.held(proxy_share=0.0)),
        "no_freed_effort": ("freed effort is not turned to crime", replace(base, off=frozenset({"effort"}))),
        "no_restraint": ("no member keeps its promise to stand down (y = 0)", base.held(standdown_share=0.0)),
        "full_restraint": ("every member keeps its promise (y = 1)", base.held(standdown_share=1.0)),
    }
    texts = {
        f"definition_{name}": (f"the text defines a cyberattack as {name} does", replace(scenario, definition=name))
        for name in definitions
        if name != scenario.definition
    }

    known: dict[bytes, Factors] = {}

    def summary_of(case: tuple[Setting, Scenario]) -> Array:
        setting, text = case
        point = headline_point(setting.world, text, setting.settings, membership)
        return summaries(study, [point], setting, known)[0]

    ordered = [(setting, scenario) for _, setting in cases.values()] + [(base, text) for _, text in texts.values()]
    # the first case leaves its kernel for the others
    found = [summary_of(ordered[0])]
    with ThreadPoolExecutor(2) as pool:
        found += pool.map(summary_of, ordered[1:])
    described = {name: words for name, (words, _) in (*cases.items(), *texts.items())}
    rows = []
    for (name, description), summary in zip(described.items(), found, strict=True):
        loss = dict(zip(STATISTICS, summary[list(MEASURES).index("avoided_loss")].tolist(), strict=True))
        share = float(summary[list(MEASURES).index("avoided_share"), 0])
        labels = {"variant": name, "description": description, "scenario": scenario.name}
        rows.append({**labels, **loss, "avoided_share": share, "unit": USD})
    return pl.DataFrame(rows).with_columns(pl.col(STATISTICS).fill_nan(None))
