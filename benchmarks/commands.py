"""What a user waits for: the main job against an empty Dagster run, its page, and commands that must answer at once."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks import page
from benchmarks.lines import Line, at_most, in_turn, timed

COMMAND = [sys.executable, "-c", "import sys; from pipelines.cli import main; sys.exit(main())"]
"""As the installed command does, of this checkout."""
MAIN_JOB, AT_ONCE = 120.0, 0.5
"""Seconds. The main job had 30 when it was the counterfactual alone; annual losses, certainty, channels and coalitions
came after."""
TIMES = 5
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
        job, _ = timed(lambda: subprocess.run([*COMMAND, "run"], check=True, capture_output=True, env=environment))
        empty = in_turn({"empty": lambda: _quiet(sys.executable, "-c", EMPTY_RUN, str(assets))}, 3)
        shown = page.lines(Path(home) / "published" / "report" / "index.html")
    own = at_most(
        "main_job",
        f"main job over an empty Dagster run of {assets} assets",
        [job / seconds for seconds in empty.seconds["empty"]],
        MAIN_JOB,
        f"{job:.1f} s over {empty.middle('empty'):.1f} s",
        job,
    )
    return [replace(own, limit=f"under {MAIN_JOB:g} s", holds=job < MAIN_JOB), *shown]


def command_lines() -> list[Line]:
    """Commands that must answer at once, against the start of a bare interpreter."""
    words = {"scenario_list": ("scenario", "list"), "doctor": ("doctor",), "sources": ("sources",)}
    calls = {key: lambda own=own: _quiet(*COMMAND, *own, check=False) for key, own in words.items()}
    turns = in_turn({"bare": lambda: _quiet(sys.executable, "-c", "pass"), **calls}, TIMES)
    return [
        replace(
            at_most(
                f"command_{key}",
                f"cyberaccord {' '.join(own)} over a bare interpreter",
                turns.ratios(key, "bare"),
                AT_ONCE,
                f"{turns.middle(key):.2f} s",
                turns.middle(key),
            ),
            limit=f"under {AT_ONCE:g} s",
            holds=turns.middle(key) < AT_ONCE,
        )
        for key, own in words.items()
    ]


def _quiet(*command: str, check: bool = True) -> None:
    subprocess.run(command, check=check, capture_output=True)


def lines() -> list[Line]:
    """All lines on what a user waits for."""
    return [*main_job_lines(), *command_lines()]
