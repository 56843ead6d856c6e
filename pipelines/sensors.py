"""What Dagster's daemon watches: scenario files, new vintages, and how runs of the UI end.

Jobs and the monthly schedule are in `schedules`.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from pipelines import editions, manifest, outcome, refresh, run_lock, scenarios, store
from pipelines.errors import InputError
from pipelines.kept_runs import FROM_COMMAND_LINE
from pipelines.main_job import reason
from pipelines.schedules import everything, range_tags, refresh_run_report
from pipelines.vintages import Damaged


@dg.sensor(
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Makes a scenario file dropped into data/scenarios a partition, and forgets one that was deleted.",
)
def scenario_files(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Keep partitions equal to files; nothing is run until somebody asks.

    A file that cannot be read, such as one half-saved, becomes no partition and costs none. One that is gone is
    forgotten at the second look, because an editor may take it away to save it, and never while a run is under way.
    """
    try:
        broken, files = scenarios.broken(), scenarios.names()
        gone = [name for name in context.instance.get_dynamic_partitions(scenarios.PARTITIONS) if name not in files]
        waits = gone if run_lock.holder() else [name for name in gone if name not in _names(context.cursor)]
        added, removed = scenarios.sync(context.instance, hold={*broken, *waits})
    except InputError as error:
        return dg.SkipReason(f"{error}; partitions stay as they are")
    context.update_cursor(json.dumps(gone))
    told = [f"added {', '.join(added)}"] * bool(added) + [f"removed {', '.join(removed)}"] * bool(removed)
    told += [f"{', '.join(waits)}: the file is gone; forgotten at a later look"] * bool(waits)
    for line in (lines := [*told, *broken.values()]):
        context.log.info(line)  # the page of the sensor shows a reason to skip only on hovering
    return dg.SkipReason("; ".join(lines) or "scenario files are as they were")


@dg.sensor(
    job=everything,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Runs the main job once for each new set of vintages, after a refresh by hand; off until switched on.",
)
def new_vintages(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """One run over all scenarios on vintages that the current edition does not rest on."""
    try:
        hashes = manifest.vintage_hashes()
        names = scenarios.names()
        published = _published_vintages()
    except (InputError, Damaged) as error:
        return dg.SkipReason(str(error))
    if not hashes:
        return dg.SkipReason("no vintage on this machine: make refresh")
    if hashes == published:
        return dg.SkipReason("the current edition rests on these vintages")
    if refresh.under_way():
        return dg.SkipReason("a refresh is under way")
    if holder := run_lock.holder():
        return dg.SkipReason(f"{run_lock.line(holder)} is running")
    if broken := scenarios.broken():
        return dg.SkipReason("; ".join(broken.values()))
    scenarios.sync(context.instance)
    key = manifest.combined(hashes, ("vintages/",))
    return dg.RunRequest(run_key=key, tags=range_tags(*scenarios.adjacent(context.instance, names)))


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    name="run_done",
    minimum_interval_seconds=10,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Lets `cyberaccord status` know of a run that was started here.",
)
def run_done(context: dg.RunStatusSensorContext) -> None:
    """Remember that a run of the UI is done."""
    if context.dagster_run.job_name != refresh_run_report.name:
        _remember(context.instance, context.dagster_run, None)


@dg.run_failure_sensor(
    name="run_failed",
    minimum_interval_seconds=10,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Lets `cyberaccord status` know why a run that was started here failed; by webhook or mail too.",
)
def run_failed(context: dg.RunFailureSensorContext) -> None:
    """Remember why a run of the UI failed."""
    failure = reason(context.get_step_failure_events()) or _before_the_first_step(context.failure_event)
    run = context.dagster_run
    told = outcome.last()
    if run.job_name == refresh_run_report.name and told.get("failure") and told["failure"] in failure:
        return  # its step has said so itself
    _remember(context.instance, run, failure)


SENSORS = [scenario_files, new_vintages, run_done, run_failed]


def _remember(instance: dg.DagsterInstance, run: dg.DagsterRun, failure: str | None) -> None:
    if FROM_COMMAND_LINE in run.tags:
        return  # the command remembers its own
    record = instance.get_run_record_by_id(run.run_id)
    ended = datetime.fromtimestamp(record.end_time, UTC) if record and record.end_time else None
    outcome.remember(run.run_id, failure, f"{_what(run)}, in the UI", ended=ended)


def _before_the_first_step(event: dg.DagsterEvent) -> str:
    """Why a run failed that came to no step, such as one that found another under way."""
    error = event.job_failure_data.error
    while error and error.cause:
        error = error.cause
    text = error.message.removeprefix("dagster._core.definitions.events.Failure: ") if error else event.message
    return " ".join(str(text or "no reason given").split())


def _what(run: dg.DagsterRun) -> str:
    if not run.job_name.startswith("__"):
        return f"job {run.job_name}"
    tables: Sequence[str] = sorted(key.to_user_string() for key in run.asset_selection or ())
    more = f" and {len(tables) - 1} more" if len(tables) > 1 else ""
    return f"{tables[0]}{more}" if tables else "a run"


def _published_vintages() -> dict[str, str]:
    if not store.database().exists():
        return {}
    [row] = editions.rows(store.database(), "select vintages from meta.runs")
    return {f"vintages/{name}": digest for name, digest in json.loads(row["vintages"]).items()}


def _names(cursor: str | None) -> list[Any]:
    """Names that were gone at the last look."""
    return list(json.loads(cursor)) if cursor else []
