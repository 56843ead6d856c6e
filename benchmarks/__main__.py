"""Measure, on this machine and in one run, what the project claims about its speed.

Every line is a ratio; its limit is what the project promises. Numbers of seconds are shown for orientation only.
"""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks import dense, large_ensemble, losses, page, sources
from benchmarks.lines import Line, fastest
from models.counterfactual import DEFAULT_SET, evaluate, scenario_points
from models.counterfactual_table import counterfactual_tables
from models.effects import sample_betas
from models.ensemble import Ensemble
from models.escalation import fit_table
from models.group_loss import groups_of
from models.headline import winners
from models.results import accessions, coalitions, memberships
from models.study import Study
from pipelines import aggregate, reference, scenarios, vocabulary
from pipelines.dyadic_incidents import dyadic_incidents
from pipelines.shipped_study import shipped_study

ROOT = Path(__file__).parents[1]
COMMAND = Path(sys.executable).parent / "cyberaccord"


def shipped_points(prepared: Study):
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
    states = list(distinct.values())
    default = next(e for e in prepared.effects if e.name == DEFAULT_SET)
    betas = sample_betas(default, prepared.draws, prepared.rank_correlation)
    with threadpool_limits(1):
        plan, ensemble = fastest(
            lambda: Ensemble(prepared.world, prepared.draws, prepared.baseline, states, "two_sided"), 1
        )
        took, results = fastest(lambda: ensemble.run(betas))
        [batch] = ensemble.batches
        effect = ensemble.effect(batch, betas)
        inner, columns = ensemble.pairs(effect)[0].size, batch.moments.shape[1]
        rng = np.random.default_rng(0)
        left, right = rng.random((prepared.draws.size, inner)), rng.random((inner, columns))
        bare, _ = fastest(lambda: left @ right)
        rows = range(0, prepared.draws.size, prepared.draws.size // 16)
        places = range(0, len(states), max(1, len(states) // 5))
        start = time.perf_counter()
        slow = [dense.totals(prepared.world, prepared.draws, prepared.baseline, states[k], betas, rows) for k in places]
        per_state = (time.perf_counter() - start) / len(places) / len(rows) * prepared.draws.size
        worst = max(
            np.abs(slow[k][part] - getattr(results[place], part)[list(rows)]).max()
            for k, place in enumerate(places)
            for part in ("deterred", "displaced")
        )
    total = took + plan / len([e for e in prepared.effects if not e.mixture])
    speedup = per_state * len(states) / total
    difference = worst / prepared.anchor
    return [
        Line(
            f"ensemble of {len(states)} states over a bare matrix product {left.shape} x {right.shape}",
            total / bare,
            "at most 3",
            total / bare <= 3,
            f"{total:.2f} s, one thread, one effect set",
        ),
        Line(
            "dyad-by-dyad formulation over the ensemble (extrapolated from 16 draws)",
            speedup,
            "at least 500",
            speedup >= 500,
            f"{per_state * len(states):.0f} s",
        ),
        Line(
            "largest difference from the dense equations, of the baseline",
            difference,
            "at most 1e-8",
            difference <= 1e-8,
            "",
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

    plain, _ = fastest(lambda: everything(False), 2)
    whole, _ = fastest(lambda: everything(True), 2)
    focus = next(s for s in chosen if s.name == "op_ed_convention")
    game, _ = fastest(lambda: coalitions(prepared, focus, scenarios.directory().blocs), 1)
    return [
        Line(
            "counterfactual with every mechanism over the same with law alone",
            whole / plain,
            "at most 3",
            whole <= 3 * plain,
            f"{whole:.1f} s over {plain:.1f} s",
        ),
        Line(
            "coalitions of 16 players, all 24 costs and penalties, of 5 s",
            game / 5,
            "at most 1",
            game <= 5,
            f"{game:.1f} s",
        ),
    ]


def escalation_line(mirror: Path) -> Line:
    """The fit of campaigns and retaliation on every dyad on record, with its twenty seeds of hours."""
    words = vocabulary.load()
    found = aggregate.incidents(aggregate.staging_tables(mirror, words), words)
    events = dyadic_incidents(found.incidents, found.parties)
    took, _ = fastest(lambda: fit_table(events), 1)
    return Line(
        f"Hawkes fit and its sensitivity on {events.height} events, of 5 s",
        took / 5,
        "at most 1",
        took <= 5,
        f"{took:.1f} s",
    )


EMPTY_RUN = """
import os, sys, tempfile, time
import dagster as dg
def make(k):
    @dg.asset(name=f"a{k}")
    def empty() -> None: ...
    return empty
assets = [make(k) for k in range(int(sys.argv[1]))]
with tempfile.TemporaryDirectory() as home:
    with dg.DagsterInstance.local_temp(home) as instance:
        assert dg.materialize(assets, instance=instance).success
"""


def main_job_lines() -> list[Line]:
    """The main job against an empty Dagster run with as many assets, both from the start of their process; its page."""
    from pipelines.definitions import defs

    assets = len(list(defs.resolve_asset_graph().get_all_asset_keys()))
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "CYBERACCORD_HOME": home}
        job, _ = fastest(lambda: subprocess.run([COMMAND, "run"], check=True, capture_output=True, env=environment), 1)
        empty, _ = fastest(
            lambda: subprocess.run([sys.executable, "-c", EMPTY_RUN, str(assets)], check=True, capture_output=True), 1
        )
        shown = page.lines(Path(home) / "published" / "report" / "index.html")
    # 30 s when it was the counterfactual alone; annual losses, certainty, channels and coalitions came after
    own = Line(
        f"main job over an empty Dagster run of {assets} assets",
        job / empty,
        "main job under 120 s",
        job < 120,
        f"{job:.1f} s over {empty:.1f} s",
    )
    return [own, *shown]


def command_lines() -> list[Line]:
    """Commands that must answer at once, against the start of a bare interpreter."""
    bare, _ = fastest(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True), 5)
    lines = []
    for words in (["scenario", "list"], ["doctor"], ["sources"]):
        took, _ = fastest(lambda words=words: subprocess.run([COMMAND, *words], check=False, capture_output=True), 5)
        lines.append(
            Line(
                f"cyberaccord {' '.join(words)} over a bare interpreter",
                took / bare,
                "under 0.5 s",
                took < 0.5,
                f"{took:.2f} s",
            )
        )
    return lines


def source_lines(mirror: Path) -> list[Line]:
    """Refreshing from the mirror against reading the same bytes, and how cost grows with records."""
    bare = min(sources.read(mirror) for _ in range(3))
    refreshes = [sources.refreshed(mirror) for _ in range(3)]
    took, peak = min(refreshes)[0], max(peak for _, peak in refreshes)
    lines = [
        Line(
            "refresh of all sources over reading the same bytes with the fastest call",
            took / bare,
            "at most 3",
            took <= 3 * bare,
            f"{took:.1f} s over {bare:.2f} s",
        ),
        Line("refresh of all sources, of its 20 s", took / 20, "at most 1", took <= 20, f"{took:.1f} s"),
        Line("refresh of all sources, of its 1.5 GB", peak / 1.5, "at most 1", peak <= 1.5, f"{peak:.2f} GB"),
    ]
    for source_id in ("eurepoc", "cfr"):
        ten, hundred = (sources.grown(mirror, source_id, times)[0] for times in (10, 100))
        lines.append(
            Line(
                f"staging {source_id} repeated 100 times over ten times its cost repeated 10 times",
                hundred / (10 * ten),
                "at most 1.15",
                hundred <= 11.5 * ten,
                f"{hundred:.1f} s over {ten:.2f} s",
            )
        )
    return lines


def main() -> None:
    """Print the table; exit 1 where a limit does not hold."""
    large = large_ensemble.lines()  # first: what it measures is the memory of a process that this one starts
    prepared = shipped_study()
    lines = [
        *ensemble_lines(prepared),
        *mechanism_lines(prepared),
        *large,
        *losses.lines(),
        *main_job_lines(),
        *command_lines(),
    ]
    mirror = os.environ.get("CYBERACCORD_MIRROR")
    if mirror and Path(mirror).is_dir():
        lines += [escalation_line(Path(mirror)), *source_lines(Path(mirror))]
    else:
        print("without CYBERACCORD_MIRROR the lines on refreshing are left out")
    width = max(len(line.what) for line in lines)
    for line in lines:
        verdict = "holds" if line.holds else "FAILS"
        print(f"{line.what:<{width}}  {line.ratio:>10.3g}  {line.limit:<20} {verdict}  {line.note}")
    sys.exit(not all(line.holds for line in lines))


if __name__ == "__main__":
    main()
