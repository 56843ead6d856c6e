"""The counterfactual: sums over dyads against a bare matrix product and the plain equations, mechanisms, coalitions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks import dense
from benchmarks.lines import Line, at_least, at_most, in_turn, timed
from models.counterfactual import DEFAULT_SET, Point, evaluate, scenario_points
from models.counterfactual_table import counterfactual_tables
from models.effects import sample_betas
from models.ensemble import Ensemble
from models.group_loss import groups_of
from models.headline import winners
from models.results import accessions, coalitions, memberships
from models.study import Study
from pipelines import reference, scenarios
from pipelines.shipped_study import shipped_study

TIMES = 3
DENSE_DRAWS, DENSE_STATES = 16, 5
"""Draws and states of the formulation that is too slow for all; its time is scaled up."""


def shipped_points(prepared: Study) -> list[Point]:
    """Every point of every shipped scenario, law alone."""
    chosen = [replace(s, clauses=s.clauses & {"law"}) for s in scenarios.load_all()]
    members = memberships(prepared, chosen, accessions(prepared, chosen))
    return [
        p
        for s in chosen
        for p in scenario_points(prepared.world, s, prepared.weights, prepared.settings, members[s.name])
    ]


def ensemble_lines(prepared: Study) -> list[Line]:
    """The sums over dyads against a bare matrix product, and against the dyad-by-dyad formulation."""
    distinct = {p.state.key(): replace(p.state, definition="criminal") for p in shipped_points(prepared)}
    distinct = {state.key(): state for state in distinct.values()}
    states, draws = list(distinct.values()), prepared.draws
    default = next(e for e in prepared.effects if e.name == DEFAULT_SET)
    betas = sample_betas(default, draws, prepared.rank_correlation)
    with threadpool_limits(1):
        plan, ensemble = timed(lambda: Ensemble(prepared.world, draws, prepared.baseline, states, "two_sided"))
        [batch] = ensemble.batches
        inner = ensemble.pairs(ensemble.effect(batch, betas))[0].size
        rng = np.random.default_rng(0)
        left, right = rng.random((draws.size, inner)), rng.random((inner, batch.moments.shape[1]))
        turns = in_turn({"own": lambda: ensemble.run(betas), "bare": lambda: left @ right}, TIMES)
        rows = range(0, draws.size, draws.size // DENSE_DRAWS)
        places = range(0, len(states), max(1, len(states) // DENSE_STATES))
        slow = [
            timed(lambda k=k: dense.totals(prepared.world, draws, prepared.baseline, states[k], betas, rows))
            for k in places
        ]
    results = turns.results["own"]
    worst = max(
        np.abs(found[part] - getattr(results[place], part)[list(rows)]).max()
        for place, (_, found) in zip(places, slow, strict=True)
        for part in ("deterred", "displaced")
    )
    planned = plan / len([e for e in prepared.effects if not e.mixture])
    total = turns.middle("own") + planned
    every = [seconds / len(rows) * draws.size * len(states) for seconds, _ in slow]
    return [
        at_most(
            "ensemble_over_product",
            f"ensemble of {len(states)} states over a bare matrix product {left.shape} x {right.shape}",
            [(own + planned) / bare for own, bare in zip(turns.seconds["own"], turns.seconds["bare"], strict=True)],
            3,
            f"{total:.2f} s, one thread, one effect set",
            total,
        ),
        at_least(
            "dyads_over_ensemble",
            f"dyad-by-dyad formulation over the ensemble (extrapolated from {len(rows)} draws)",
            [seconds / total for seconds in every],
            500,
            f"{np.median(every):.0f} s",
            total,
        ),
        at_most(
            "ensemble_difference",
            "largest difference from the dense equations, of the baseline",
            worst / prepared.anchor,
            1e-8,
        ),
    ]


def mechanism_lines(prepared: Study) -> list[Line]:
    """Everything in the texts against law alone, the same scenarios and draws in one run; then the two searches."""
    chosen = scenarios.load_all()
    members = memberships(prepared, chosen, accessions(prepared, chosen))
    economies = reference.load("economies")

    def everything(beyond: bool) -> None:
        texts = chosen if beyond else [replace(s, clauses=s.clauses & {"law"}) for s in chosen]
        points = [
            p
            for s in texts
            for p in scenario_points(prepared.world, s, prepared.weights, prepared.settings, members[s.name])
        ]
        evaluation = evaluate(
            prepared.world,
            prepared.draws,
            prepared.baseline,
            points,
            prepared.effects,
            prepared.rank_correlation,
            prepared.settings,
            prepared.regimes,
        )
        groups = groups_of(prepared.world.iso3, economies)
        table, _ = counterfactual_tables(evaluation, points, {s.name: s.clauses for s in texts}, groups)
        winners(table, economies)

    focus = next(s for s in chosen if s.name == "op_ed_convention")
    turns = in_turn(
        {
            "law": lambda: everything(False),
            "all": lambda: everything(True),
            "game": lambda: coalitions(prepared, focus, scenarios.directory().blocs),
        },
        TIMES,
    )
    return [
        at_most(
            "mechanisms_over_law",
            "counterfactual with every mechanism over the same with law alone",
            turns.ratios("all", "law"),
            3,
            f"{turns.middle('all'):.1f} s over {turns.middle('law'):.1f} s",
            turns.middle("all"),
        ),
        at_most(
            "coalitions",
            "coalitions of 16 players, all 24 costs and penalties, of 5 s",
            turns.parts("game", 5),
            1,
            f"{turns.middle('game'):.1f} s",
            turns.middle("game"),
        ),
    ]


def lines() -> list[Line]:
    """All lines on the counterfactual."""
    prepared = shipped_study()
    return [*ensemble_lines(prepared), *mechanism_lines(prepared)]
