"""The main job from the command line: check every input, then materialize all assets in one run, in this process.

Nothing is materialized, and nothing published changes, before every input file has been read and found good.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from pipelines import (
    disk,
    editions,
    kept_runs,
    leftovers,
    outcome,
    run_lock,
    scenarios,
    store,
    table_files,
    whole_file,
)
from pipelines.errors import InputError
from pipelines.kept_runs import FROM_COMMAND_LINE

FOCUS = "op_ed_convention"
FIRST_DAY = date(scenarios.FIRST_YEAR, 1, 1)


class RunFailed(Exception):
    """The run failed; the message says which asset and why. What was published stays."""


def check_inputs(wanted: Sequence[str], draws: int, as_of: date | None, effect_sets: Sequence[str] = ()) -> list[str]:
    """Read and check every input; return the scenarios to run. InputError for the first that is wrong."""
    from pipelines import priors, reference

    per_scramble, rest = divmod(draws, 8)
    if rest or per_scramble < 2 or per_scramble & (per_scramble - 1):
        raise InputError("--draws", None, None, "balanced", draws, "8 times a power of two, such as 1024 or 16384")
    if as_of and as_of < FIRST_DAY:
        raise InputError("--as-of", None, None, "within the horizon", str(as_of), f"{FIRST_DAY} or later")
    reference.load_all(store.DATA / "reference")
    priors.check_effect_sets(effect_sets, priors.load().effect_sets)
    try:
        table_files.check()
    except table_files.Unreachable as error:
        raise RunFailed(str(error)) from None
    scenarios.load_all(as_of=as_of)  # every file, not only those asked for: all of them are published
    return [scenario.name for scenario in scenarios.load_all(wanted, as_of)]


def run(
    wanted: Sequence[str],
    draws: int,
    seed: int,
    as_of: date | None,
    what: str = "cyberaccord run",
    notes: Sequence[str] = (),
    effect_sets: Sequence[str] = (),
) -> list[str]:
    """Check, materialize, publish; return the three lines to end with. RunFailed or InputError otherwise.

    One run at a time on a home. `what` and `notes`, of a refresh before it, are kept with the outcome. The settings are
    those of `RunSettings`.
    """
    names = check_inputs(wanted, draws, as_of, effect_sets)
    settings = {"draws": draws, "seed": seed, "as_of": str(as_of or ""), "effect_sets": list(effect_sets)}
    prepare_home()
    run_id = str(uuid4())
    with alone(what, run_id), _the_disk_in_one_line():
        leftovers.clear()
        failure = _materialize(run_id, names, settings, as_of)
        with suppress(OSError) if failure else nullcontext():  # the failure is what must be told
            outcome.remember(run_id, failure, what, notes)
    if failure:
        raise RunFailed(f"run {run_id} failed: {failure}; what was published stays")
    return closing_lines(wanted)


@contextmanager
def _the_disk_in_one_line() -> Iterator[None]:
    """RunFailed for what a full disk does to Dagster's own files, or to the outcome."""
    try:
        yield
    except Exception as error:
        if (told := disk.line(error)) is None:
            raise
        raise RunFailed(f"{told}; what was published stays") from None


@contextmanager
def alone(what: str, run_id: str = "") -> Iterator[None]:
    """No other run on this home while this one lasts; RunFailed with the one line that says who runs."""
    try:
        with run_lock.alone(what, run_id):
            yield
    except run_lock.Busy as busy:
        raise RunFailed(str(busy)) from None


def _materialize(run_id: str, names: Sequence[str], settings: dict[str, Any], as_of: date | None) -> str | None:
    """Every asset in one run of the main job; why it failed."""
    import dagster as dg

    from pipelines import executors, progress
    from pipelines.definitions import defs
    from pipelines.schedules import MAIN_JOB, range_tags

    idle = _idle(as_of)
    selection = sorted(defs.resolve_asset_graph().get_all_asset_keys() - idle)
    with dg.DagsterInstance.get() as instance, progress.told_once():
        kept_runs.begin(instance)
        scenarios.sync(instance)
        _note_idle(instance, idle)
        first, last = scenarios.adjacent(instance, names)
        _as_if_from_the_ui(instance, MAIN_JOB, run_id)
        here = partial(defs.resolve_job_def(MAIN_JOB).execute_in_process, run_id=run_id)
        done = (_on_the_executor if executors.elsewhere() else here)(
            instance=instance,
            run_config={"resources": {"settings": {"config": settings}}, "loggers": {"progress": {}}},
            tags={**range_tags(first, last), FROM_COMMAND_LINE: "cyberaccord run"},
            asset_selection=selection,
            raise_on_error=False,
        )
    _end_progress()
    return None if done.success else why(done.all_events)


def main_job() -> Any:
    """The main job, as other processes build it anew."""
    from pipelines.definitions import defs
    from pipelines.schedules import MAIN_JOB

    return defs.resolve_job_def(MAIN_JOB)


def _on_the_executor(**arguments: Any) -> Any:
    """The main job by the executor of the definitions, whose steps run in processes of their own."""
    import dagster as dg

    return dg.execute_job(dg.reconstructable(main_job), **arguments)


def _idle(as_of: date | None) -> set[Any]:
    """Assets that would write forty empty tables: those of vintages, while none stands and none ever did."""
    from pipelines.assets.staging import keys_of_vintages
    from pipelines.manifest import vintage_hashes

    return set() if vintage_hashes(as_of) or (store.tables() / "staging").exists() else keys_of_vintages()


def _note_idle(instance: Any, keys: set[Any]) -> None:
    """Say of tables of vintages that there are none yet; the UI would warn of forty tables that were never made."""
    import dagster as dg

    seen = instance.get_latest_materialization_events(sorted(keys))
    for key in sorted(keys):
        if seen.get(key) is None:
            text = "No vintage on this machine: shipped figures stand in for it. `make refresh` fetches the sources."
            instance.report_runless_asset_event(
                dg.AssetMaterialization(key, description=text, metadata={"dagster/row_count": 0})
            )


def _as_if_from_the_ui(instance: Any, job: str, run_id: str) -> None:
    """Let the run of this process name the code location that the UI loads, or its timeline would leave it out.

    Neither way to execute a job has an argument for it, nor `execute_job` one for the id of the run; the method that
    records the run has both.
    """
    from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteRepositoryOrigin

    repository = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("cyberaccord"), "__repository__")
    origin = repository.get_job_origin(job)
    instance.create_run_for_job = partial(instance.create_run_for_job, remote_job_origin=origin, run_id=run_id)


def prepare_home() -> Path:
    """Make the store and Dagster's home, with the settings that ship; InputError where that cannot be written."""
    home = store.dagster_home()
    try:
        home.mkdir(parents=True, exist_ok=True)
        shipped, installed = store.ROOT / "dagster.yaml", home / "dagster.yaml"
        if not installed.exists() or installed.read_bytes() != shipped.read_bytes():
            whole_file.write(installed, shipped.read_bytes())
    except OSError as error:
        if disk.line(error):
            raise
        raise InputError(str(home), None, None, "writable", error.strerror, "a folder one may write") from None
    os.environ["DAGSTER_HOME"] = str(home)
    return home


def why(events: Sequence[Any]) -> str:
    """The first failed step and its reason, in one line."""
    return reason(events) or "see the run in the UI (make ui)"


def reason(events: Sequence[Any]) -> str | None:
    """The same; None where no step failed."""
    for event in events:
        if event.event_type_value == "STEP_FAILURE":
            data = event.step_failure_data
            failure = data.user_failure_data
            error = data.error.cause if data.error and data.error.cause else data.error
            text = failure.description if failure else error.message if error else "no reason given"
            told = disk.line_of(str(text)) or " ".join(str(text).split())
            return f"{event.step_key.replace('__', '/')}: {told}"
    return None


def closing_lines(wanted: Sequence[str] = ()) -> list[str]:
    """The headline, of each scenario asked for also without each mechanism, the report's path, and a query to copy."""
    database = editions.find(None)
    shown = [*dict.fromkeys([*wanted, FOCUS])] if wanted else [FOCUS]
    headline = editions.rows(database, "from headline")
    without = editions.rows(database, "from model.without_mechanism") if wanted else []
    lines = []
    for name in shown:
        # the status quo avoids nothing, and is no better or worse than itself
        own = [row for row in headline if row["scenario"] == name and row["p_not_better"] is not None]
        lines += [headline_line(row) for row in sorted(own, key=lambda row: row["mechanisms"])]
        lines += _without_lines([row for row in without if row["scenario"] == name])
    if FOCUS in shown and not any(row["scenario"] == FOCUS for row in headline):
        lines.append(f"{FOCUS} is not among the scenarios of this run")
    report = store.shown(store.report() / "index.html")
    command = store.shown(Path(sys.prefix) / "bin" / "cyberaccord")
    return [*lines, f"Report: {report}", f'Ask: {command} sql "from headline"']


CHANNELS = {
    "none": "every mechanism on",
    "law_origin": "no law at the origin",
    "law_target": "no law at the target",
    "cooperation": "no co-operation",
    "displacement": "no displacement",
    "consequence": "no consequences",
    "retaliation": "no retaliation",
    "stand_down": "no stand-down",
    "effort": "no freed effort",
}


def _without_lines(rows: Sequence[dict[str, Any]]) -> list[str]:
    """A table of the headline with each mechanism off, the others on."""
    if not rows:
        return []
    names = ("p50", "p05", "p95", "mean")
    head = f"  {'avoided, USD bn a year':24}{'median':>9}{'5 %':>9}{'95 %':>9}{'mean':>9}{'no better':>11}"
    order = list(CHANNELS)
    body = [
        f"  {CHANNELS[row['off']]:24}"
        + "".join(f"{_money(row[name]):>9}" for name in names)
        + f"{100 * row['p_not_better']:>9.0f} %"
        for row in sorted(rows, key=lambda row: order.index(row["off"]))
    ]
    return [head, *body]


MECHANISMS = {"law": "law only", "no_standdown": "without stand-down", "all": "every mechanism"}


def headline_line(row: dict[str, Any]) -> str:
    """A convention in one line: median with its 90 % interval first, then mean and probability."""
    mean, low, middle, high = (_money(row[name]) for name in ("avoided_loss", "p05", "p50", "p95"))
    return (
        f"{row['scenario']} ({MECHANISMS[row['mechanisms']]}) avoids {middle} USD bn a year at the median, "
        f"90 % interval {low} to {high} (2020 prices); mean {mean} or {100 * row['avoided_share']:.2g} % of the loss; "
        f"P(no better than today) {100 * row['p_not_better']:.0f} %"
    )


def _money(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")


def _end_progress() -> None:
    import logging

    for handler in logging.getLogger("cyberaccord.progress").handlers:
        getattr(handler, "clear", lambda: None)()
