"""The jobs, and when the monthly edition runs by itself. What starts a run on an occasion is in `sensors`.

The same by cron: `0 6 1 * * cd <checkout> && .venv/bin/cyberaccord monthly`. A second run in a month replaces that
month's edition.
"""

from datetime import UTC, datetime

import dagster as dg

from pipelines import monthly
from pipelines.assets.model import scenario_partitions
from pipelines.errors import InputError
from pipelines.main_job import RunFailed
from pipelines.settings import RunSettings

MAIN_JOB = "main"

everything = dg.define_asset_job(
    MAIN_JOB,
    selection=dg.AssetSelection.all(),
    partitions_def=scenario_partitions,
    description="Every table for the scenarios chosen, then the database and the report: what `make run` does.",
)
scenario_to_report = dg.define_asset_job(
    "scenario_to_report",
    selection=dg.AssetSelection.groups("convention") | dg.AssetSelection.groups("publication"),
    partitions_def=scenario_partitions,
    description="One scenario anew, from the tables of core that are there, then the database and the report.",
)


IN_MEMORY = "in_memory"
"""What steps of one process hand over is no table."""


@dg.op(
    out=dg.Out(io_manager_key=IN_MEMORY),
    description="Fetches every source and keeps a vintage of what changed; the only step that uses the network.",
)
def refresh_sources(context: dg.OpExecutionContext) -> list[str]:
    """Sources that were not got, a line each: noted, and no reason to stop."""
    missed = monthly.fetch(context.log.info)
    for line in missed:
        context.log.warning(line)
    return missed


@dg.op(description="The main job, as a run of its own, over every scenario there is a file for, with its report.")
def run_and_report(context: dg.OpExecutionContext, settings: RunSettings, missed: list[str]) -> None:
    """Compute and publish; a failure says why in one line, and the last edition stays."""
    try:
        lines = monthly.compute(settings.draws, settings.seed, missed)
    except (InputError, RunFailed) as error:
        raise dg.Failure(description=str(error), allow_retries=False) from None
    for line in lines:
        context.log.info(line)


@dg.job(
    name="monthly",
    description="Refresh, then run, then report: what `cyberaccord monthly` does.",
    executor_def=dg.in_process_executor,
)
def refresh_run_report() -> None:
    """The steps of the month in their order."""
    run_and_report(refresh_sources())


JOBS = [everything, scenario_to_report, refresh_run_report]


@dg.schedule(
    job=refresh_run_report,
    cron_schedule="0 6 1 * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Refresh, run and report at 06:00 UTC on the first of each month; off until switched on.",
)
def monthly_report(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """One run a month; a tick that was missed is made up for within its month, and not after."""
    due, today = f"{context.scheduled_execution_time:%Y-%m}", f"{datetime.now(UTC):%Y-%m}"
    if due != today:
        return dg.SkipReason(f"the tick of {due} was missed; an edition is made in its month, and it is {today}")
    # the same month asked for twice, by a missed tick or a restart, is one run
    return dg.RunRequest(run_key=due)


SCHEDULES = [monthly_report]


def range_tags(first: str, last: str) -> dict[str, str]:
    """Tags that make one run cover the scenarios from the first to the last key."""
    return {"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last}
