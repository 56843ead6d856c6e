"""When things run by themselves: the monthly edition, the sensor on scenario files, and the jobs they start.

The same by cron: `0 6 1 * * cd <checkout> && make run`. A second run in a month replaces that month's edition.
"""

import dagster as dg

from pipelines import scenarios
from pipelines.assets.model import scenario_partitions
from pipelines.errors import InputError

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
JOBS = [everything, scenario_to_report]


@dg.schedule(
    job=everything,
    cron_schedule="0 6 1 * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="A new edition at 06:00 UTC on the first of each month; off until switched on.",
)
def monthly_report(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """One run over all scenarios there are files for."""
    try:
        scenarios.sync(context.instance)
    except InputError as error:
        return dg.SkipReason(str(error))
    first, last = scenarios.adjacent(context.instance, scenarios.names())
    # the same month asked for twice, by a missed tick or a restart, is one run
    return dg.RunRequest(run_key=f"{context.scheduled_execution_time:%Y-%m}", tags=range_tags(first, last))


@dg.sensor(
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Makes a scenario file dropped into data/scenarios a partition, and forgets one that was deleted.",
)
def scenario_files(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Keep partitions equal to files; nothing is run until somebody asks."""
    try:
        added, removed = scenarios.sync(context.instance)
    except InputError as error:
        return dg.SkipReason(str(error))
    changes = [f"added {', '.join(added)}"] * bool(added) + [f"removed {', '.join(removed)}"] * bool(removed)
    return dg.SkipReason("; ".join(changes) or "scenario files are as they were")


SCHEDULES = [monthly_report]
SENSORS = [scenario_files]


def range_tags(first: str, last: str) -> dict[str, str]:
    """Tags that make one run cover the scenarios from the first to the last key."""
    return {"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last}
