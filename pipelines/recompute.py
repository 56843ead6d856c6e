"""The headlines that today's code computes on a layout of inputs (`kept_inputs`), in a process of its own.

A process, because where inputs lie is read once, when the package is imported. It materializes the tables that the
study rests on and evaluates the headline alone: the numbers of a whole run to rounding, in seconds.
`python -m pipelines.recompute` is the other side of `headlines`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipelines import store

LONGEST = 3600
"""Seconds after which a computation is given up."""

Headline = tuple[str, str]
"""Scenario, and what acts in it."""
Values = dict[Headline, dict[str, float]]
"""Statistics of the avoided loss of each headline, USD bn a year at 2020 prices."""
STATISTICS = ("p50", "mean")


@dataclass(frozen=True)
class Answer:
    """Headlines for each pair of draws and seed, and by scenario why it could not be computed."""

    values: list[Values]
    refused: Mapping[str, str]


class Failed(Exception):
    """The inputs could not be computed: one line says why."""


def headlines(
    layout: Path,
    environment: Mapping[str, str],
    scenarios: Sequence[str],
    day: date | None,
    settings: Sequence[tuple[int, int]],
) -> Answer:
    """The headlines of some scenarios on the inputs of a layout, once for each pair of draws and seed.

    `environment` is what `kept_inputs.lay_out` returned for the folder `layout`; Failed where it cannot be computed.
    """
    request = {"scenarios": list(scenarios), "day": day.isoformat() if day else None, "settings": list(settings)}
    path = os.pathsep.join(filter(None, (str(store.ROOT), os.environ.get("PYTHONPATH"))))
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pipelines.recompute"],
            input=json.dumps(request),
            capture_output=True,
            text=True,
            cwd=layout,  # so that messages name files from data/ on
            env={**os.environ, **environment, "PYTHONPATH": path, "PYTHONWARNINGS": "ignore"},
            timeout=LONGEST,
        )
    except subprocess.TimeoutExpired:
        raise Failed(f"it took more than {LONGEST} seconds") from None
    if done.returncode:
        raise Failed(_last_line(done.stderr) or f"it ended with {done.returncode}")
    found = json.loads(done.stdout.splitlines()[-1])
    values = [
        {(row["scenario"], row["mechanisms"]): {name: row[name] for name in STATISTICS} for row in rows}
        for rows in found["rows"]
    ]
    return Answer(values, found["refused"])


def _last_line(text: str) -> str:
    """What went wrong, as the last line of a traceback or of a message says it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return re.sub(r"^(pipelines|dagster)[\w.]+: ", "", lines[-1])[:300] if lines else ""


def _answer(request: Mapping[str, Any]) -> dict[str, Any]:
    """What `headlines` asks, computed in this process on the inputs that its environment names."""
    from pipelines import definition_files, main_job, priors, reference
    from pipelines import scenarios as conventions

    reference.load_all()
    priors.load()
    definition_files.load_all()
    import dagster as dg

    from models import results
    from pipelines.assets import core, mechanisms, staging
    from pipelines.assets.study import prepare_convention
    from pipelines.errors import InputError
    from pipelines.parquet import Tables, on_the_store
    from pipelines.settings import RunSettings

    day = date.fromisoformat(request["day"]) if request["day"] else None
    given = [RunSettings(draws=draws, seed=seed, as_of=request["day"] or "") for draws, seed in request["settings"]]
    manager = Tables()
    outcome = dg.materialize(
        [staging.staging_tables, staging.incidents, staging.amounts, core.reference_tables, mechanisms.escalation_fit],
        resources={"io_manager": manager, "tables": manager, "settings": given[0]},
        instance=dg.DagsterInstance.ephemeral(),
        raise_on_error=False,
    )
    if not outcome.success:
        raise Failed(main_job.why(outcome.all_events))
    tables = on_the_store()
    known = conventions.directory(day)
    chosen, refused = [], {}
    for name in request["scenarios"]:
        try:
            chosen.append(conventions.load(name, known).for_models())
        except InputError as error:  # a text that these inputs do not know holds up no other
            refused[name] = str(error)
    found = [results.headlines(prepare_convention(own, tables), chosen) for own in given] if chosen else []
    return {"rows": [frame.to_dicts() for frame in found], "refused": refused}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_answer(json.load(sys.stdin))) + "\n")
