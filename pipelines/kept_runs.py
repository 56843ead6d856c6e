"""What the store keeps of runs, so that it does not grow with their number: seen to at the start of each run.

Kept are the last `RUNS_KEPT`, the runs of kept editions, whose manifests and inputs `replay` needs, and in Dagster's
history also those that made the newest state of a table or scenario. Vintages and reports are never removed. What a
killed process left half-written is removed by `leftovers`.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import editions, run_lock, store
from pipelines.errors import InputError

if TYPE_CHECKING:
    import dagster as dg

RUNS_KEPT = 12
"""Of the runs that ended last; as many as `store.EDITIONS_KEPT`."""
FROM_COMMAND_LINE = "dagster/from_cli"
"""Tag of a run that `main_job` started: it sees to the store and remembers the outcome itself."""
RUN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
KILLED = "killed before its end, or with the machine; what was published stays"

NEWEST = """
    select distinct run_id from event_logs where id in (
        select max(id) from event_logs
        where dagster_event_type = 'ASSET_MATERIALIZATION' and asset_key is not null group by asset_key, partition
    )
"""
OLD_CHECKS = """
    delete from asset_check_executions where run_id not in (select run_id from event_logs)
        and id not in (select max(id) from asset_check_executions group by asset_key, check_name)
"""


def begin(instance: dg.DagsterInstance, own: str = "") -> None:
    """See to the runs before another writes, `own` if Dagster knows it already; the caller holds the lock of runs."""
    _close_broken_off(instance, own)
    prune(instance)


def prune(instance: dg.DagsterInstance) -> None:
    """Remove the runs that are not kept: their folders in the store, and what Dagster holds of them."""
    records = [record.dagster_run for record in instance.get_run_records()]
    last = {run.run_id for run in records[:RUNS_KEPT]}
    try:
        published = {_run_of(path) for path in [*map(store.database, editions.names()), store.database()]}
    except InputError:  # an edition that cannot be read may need any of them
        return
    folders = sorted((path for path in store.runs().glob("*") if RUN_ID.fullmatch(path.name)), key=_written)
    kept = last | published | {path.name for path in folders[-RUNS_KEPT:]}
    for path in folders:
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)
    _prune_history(instance, [run.run_id for run in records if run.is_finished and run.run_id not in kept])


def _prune_history(instance: dg.DagsterInstance, old: Iterable[str]) -> None:
    """Remove runs from Dagster's files; a history that is kept in a server is left to whoever keeps it."""
    from dagster._core.storage.event_log import SqliteEventLogStorage
    from sqlalchemy import text

    events = instance.event_log_storage
    if not isinstance(events, SqliteEventLogStorage):
        return
    with events.index_connection() as connection:
        newest = {str(run_id) for (run_id,) in connection.execute(text(NEWEST))}
    gone = set(old) - newest
    for run_id in gone:
        instance.delete_run(run_id)
    if gone:
        with events.index_connection() as connection:
            connection.execute(text(OLD_CHECKS))
    # also of runs whose removal a kill broke off; files are listed before runs, so that none of a new run is among them
    home = Path(instance.root_directory)
    files = [*(home / "storage").glob("*"), *(home / "history" / "runs").glob("*.db*")]
    known = {record.dagster_run.run_id for record in instance.get_run_records()}
    for path in files:
        run_id = path.name.split(".")[0]
        if RUN_ID.fullmatch(run_id) and run_id not in known:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def _close_broken_off(instance: dg.DagsterInstance, own: str) -> None:
    """Mark runs that were killed as failed, which the UI would else show as under way forever.

    A run of the command line holds the lock from before it is recorded to its end, so one that is not finished is dead
    by now. One of the UI may be waiting for the lock: only the one that held it is.
    """
    import dagster as dg
    from dagster._core.events import JobFailureData
    from dagster._core.storage.dagster_run import FINISHED_STATUSES

    held = run_lock.broken_off().get("run_id")
    unfinished = [status for status in dg.DagsterRunStatus if status not in FINISHED_STATUSES]
    for run in instance.get_runs(dg.RunsFilter(statuses=unfinished)):
        dead = run.run_id == held or (FROM_COMMAND_LINE in run.tags and run.parent_run_id is None)
        if dead and run.run_id != own:
            instance.report_run_failed(run, KILLED, JobFailureData(error=None))


def _run_of(database: Path) -> str | None:
    if not database.exists():
        return None
    return str(editions.rows(database, "select run_id from meta.runs")[0]["run_id"])


def _written(folder: Path) -> float:
    """When the manifest of a run was written; 0 for a folder without one."""
    manifest = folder / "manifest.json"
    return manifest.stat().st_mtime if manifest.exists() else 0.0
