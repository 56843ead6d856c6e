"""What the store keeps of runs: the last few, those of editions, and those that a table's newest state came of."""

import json
import shutil

import dagster as dg
import duckdb
import pytest

from pipelines import kept_runs, run_lock, store


@pytest.fixture
def instance(tmp_path, monkeypatch):
    """Dagster's history in an empty store."""
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path))
    monkeypatch.setenv("DAGSTER_HOME", str(store.dagster_home()))
    monkeypatch.setattr(kept_runs, "RUNS_KEPT", 3)
    store.dagster_home().mkdir()
    shutil.copyfile(store.ROOT / "dagster.yaml", store.dagster_home() / "dagster.yaml")
    with dg.DagsterInstance.get() as own:
        yield own


def made(instance, *names: str) -> str:
    """A run that makes some tables and keeps its manifest; its id."""
    assets = [dg.AssetsDefinition.from_op(dg.op(name=name)(lambda: None)) for name in names]
    run_id = dg.materialize(assets, instance=instance).run_id
    (store.runs() / run_id / "inputs").mkdir(parents=True)
    (store.runs() / run_id / "manifest.json").write_text("{}", encoding="utf-8")
    return run_id


def published(run_id: str, edition: str | None) -> None:
    store.database("").parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(store.database(edition))) as connection:
        connection.execute("create schema meta")
        connection.execute("create table meta.runs as select $1 as run_id", [run_id])


def in_history(instance) -> set[str]:
    return {record.dagster_run.run_id for record in instance.get_run_records()}


def test_the_last_runs_and_those_of_editions_stay_and_the_others_go_with_all_their_files(instance):
    ids = [made(instance, "table") for _ in range(7)]
    published(ids[1], "2026-01")
    published(ids[2], None)
    kept_runs.prune(instance)
    kept = {ids[1], ids[2], *ids[4:]}
    assert {path.name for path in store.runs().iterdir()} == kept == in_history(instance)
    files = {path.name.split(".")[0] for path in (store.dagster_home() / "history" / "runs").glob("*-*.db*")}
    folders = {path.name for path in (store.dagster_home() / "storage").glob("*-*")}
    assert files == folders == kept


def test_the_run_that_made_a_table_last_stays_in_the_history_so_that_the_ui_knows_it(instance):
    rare = made(instance, "rare")
    for _ in range(5):
        made(instance, "table")
    kept_runs.prune(instance)
    assert rare in in_history(instance) and len(in_history(instance)) == 4
    assert instance.get_latest_materialization_event(dg.AssetKey("rare")).run_id == rare
    assert not (store.runs() / rare).exists()


def test_nothing_goes_while_an_edition_cannot_be_read_because_it_may_need_any_of_them(instance):
    ids = [made(instance, "table") for _ in range(5)]
    published(ids[0], "2026-01")
    store.database("2026-01").write_bytes(b"no database")
    kept_runs.prune(instance)
    assert {path.name for path in store.runs().iterdir()} == set(ids) == in_history(instance)


def unfinished(instance, tags: dict[str, str]) -> dg.DagsterRun:
    @dg.job
    def waiting():
        pass

    return instance.create_run_for_job(waiting, status=dg.DagsterRunStatus.STARTED, tags=tags)


def test_a_killed_run_is_failed_in_the_history_and_one_that_waits_for_its_turn_is_not(instance):
    killed = unfinished(instance, {kept_runs.FROM_COMMAND_LINE: "cyberaccord run"})
    killed_in_the_ui, waiting = unfinished(instance, {}), unfinished(instance, {})
    words = {"what": "the run", "pid": 1, "since": "before", "run_id": killed_in_the_ui.run_id}
    run_lock.path().write_text(json.dumps(words), encoding="utf-8")
    with run_lock.alone("the next"):
        assert run_lock.broken_off() == words
        kept_runs.begin(instance)
    status = {run.run_id: instance.get_run_by_id(run.run_id).status for run in (killed, killed_in_the_ui, waiting)}
    assert list(status.values()) == [
        dg.DagsterRunStatus.FAILURE,
        dg.DagsterRunStatus.FAILURE,
        dg.DagsterRunStatus.STARTED,
    ]
