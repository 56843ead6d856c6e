"""What the daemon watches: a scenario file at every stage of being saved or removed, vintages, runs of the UI."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime

import dagster as dg
import duckdb
import pytest

from pipelines import manifest, outcome, run_lock, scenarios, sensors, store, vintages
from pipelines.assets import model
from pipelines.definitions import defs
from pipelines.kept_runs import FROM_COMMAND_LINE
from pipelines.main_job import why
from pipelines.parquet import Tables
from pipelines.settings import RunSettings


@pytest.fixture
def look(data, tmp_path, monkeypatch):
    """One look of the sensor on scenario files after another, with what it remembers between them."""
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path / "home"))
    with dg.DagsterInstance.ephemeral() as instance:
        cursor = None

        def evaluate():
            nonlocal cursor
            with dg.build_sensor_context(instance=instance, cursor=cursor) as context:
                skipped = sensors.scenario_files(context)
                cursor = context.cursor
            return skipped.skip_message, set(instance.get_dynamic_partitions(scenarios.PARTITIONS))

        evaluate()
        yield evaluate


def test_a_half_saved_file_of_a_known_scenario_is_told_by_file_and_line_and_stays_a_partition(look, data):
    path = data / "scenarios" / "g7_founders.yaml"
    path.write_text(path.read_text(encoding="utf-8").split("founders:")[0] + "founders: [", encoding="utf-8")
    told, partitions = look()
    assert "g7_founders.yaml, row " in told
    assert "g7_founders" in partitions


def test_a_half_saved_new_file_becomes_a_partition_once_it_is_whole(look, data):
    whole = (data / "scenarios" / "universal.yaml").read_text(encoding="utf-8")
    path = data / "scenarios" / "dropped_in.yaml"
    path.write_text("title: [", encoding="utf-8")
    told, partitions = look()
    assert "dropped_in.yaml, row 2" in told and "dropped_in" not in partitions
    path.write_text(whole, encoding="utf-8")
    told, partitions = look()
    assert told == "added dropped_in" and "dropped_in" in partitions


def test_a_file_that_is_away_for_one_look_costs_nothing_and_for_two_its_partition_and_tables(look, data):
    path = data / "scenarios" / "g7_founders.yaml"
    table = store.tables() / "model" / "counterfactual" / "g7_founders.parquet"
    table.parent.mkdir(parents=True)
    table.touch()
    text = path.read_text(encoding="utf-8")
    path.unlink()
    told, partitions = look()
    assert "g7_founders: the file is gone" in told and "g7_founders" in partitions and table.exists()
    path.write_text(text, encoding="utf-8")
    assert "g7_founders" in look()[1] and table.exists()
    path.unlink()
    look()
    with run_lock.alone("a test"):  # not while a run may be reading it
        assert "g7_founders" in look()[1] and table.exists()
    told, partitions = look()
    assert told == "removed g7_founders" and "g7_founders" not in partitions and not table.exists()


@pytest.fixture
def on_vintages(tmp_path, monkeypatch):
    """A store with an edition on no vintage; a function that lands one; the sensor on vintages."""
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path))
    store.published().mkdir()
    _publish({})

    def land(label):
        content = {"f.csv": label.encode()}
        files = tuple(vintages.File(name, len(b), vintages.sha256(b)) for name, b in content.items())
        vintages.land(vintages.Vintage("cisa_kev", label, date.fromisoformat(label), datetime.now(UTC), files), content)

    with dg.DagsterInstance.ephemeral() as instance:

        def look():
            with dg.build_sensor_context(instance=instance) as context:
                return sensors.new_vintages(context)

        yield land, look


def _publish(rests_on):
    store.database().unlink(missing_ok=True)
    with duckdb.connect(str(store.database())) as connection:
        connection.execute("create schema meta")
        connection.execute("create table meta.runs as select $1 as vintages", [json.dumps(rests_on)])


def test_new_vintages_start_one_run_a_set_over_every_scenario_and_none_once_published(on_vintages):
    land, look = on_vintages
    assert sensors.new_vintages.default_status == dg.DefaultSensorStatus.STOPPED
    assert "no vintage" in look().skip_message
    land("2026-01-01")
    first, again = look(), look()
    assert first.run_key == again.run_key
    assert set(first.tags) == {"dagster/asset_partition_range_start", "dagster/asset_partition_range_end"}
    _publish({name.removeprefix("vintages/"): digest for name, digest in manifest.vintage_hashes().items()})
    assert "rests on these" in look().skip_message
    land("2026-02-01")
    assert look().run_key != first.run_key
    with run_lock.alone("a test"):
        assert "a test" in look().skip_message


def test_a_partition_whose_file_was_deleted_fails_in_one_line_that_names_the_nearest(data, tmp_path, monkeypatch):
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path / "home"))
    (data / "scenarios" / "g7_founders.yaml").unlink()
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(scenarios.PARTITIONS, ["g7_founders"])
        done = dg.materialize(
            [model.counterfactual],
            instance=instance,
            partition_key="g7_founders",
            resources={"io_manager": Tables(), "tables": Tables(), "settings": RunSettings()},
            raise_on_error=False,
        )
    assert not done.success
    line = why(done.all_events)
    assert "g7_founders.yaml" in line and "did you mean nato_founders" in line and "\n" not in line


def test_a_run_of_the_ui_that_finds_another_under_way_fails_before_its_first_step_and_says_who_runs(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path))
    hold = "from pipelines import run_lock; run_lock.take('the other run'); print('held', flush=True); input()"
    pipe = subprocess.PIPE
    with (
        dg.DagsterInstance.ephemeral() as instance,
        subprocess.Popen([sys.executable, "-c", hold], stdin=pipe, stdout=pipe, text=True) as other,
    ):
        assert other.stdout.readline() == "held\n"
        job = defs.resolve_job_def("main")
        instance.add_dynamic_partitions(scenarios.PARTITIONS, ["status_quo"])
        done = job.execute_in_process(instance=instance, partition_key="status_quo", raise_on_error=False)
        sensors.run_failed(_failed(done, instance))
        other.kill()
    assert outcome.last()["failure"].startswith(f"the other run (process {other.pid})")
    assert not store.tables().exists()


def _failed(done, instance):
    [event] = [each for each in done.all_events if each.event_type == dg.DagsterEventType.RUN_FAILURE]
    context = dg.build_run_status_sensor_context(
        sensor_name="run_failed", dagster_event=event, dagster_instance=instance, dagster_run=done.dagster_run
    )
    return context.for_run_failure()


def test_the_monthly_job_hands_what_the_refresh_missed_to_the_run_and_keeps_the_lock(tmp_path, monkeypatch):
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path))
    seen = []

    def compute(draws, seed, missed):
        seen.append((draws, seed, missed, run_lock.holder() is not None))
        return ["the headline"]

    monkeypatch.setattr("pipelines.monthly.fetch", lambda _: ["eurepoc: no answer"])
    monkeypatch.setattr("pipelines.monthly.compute", compute)
    with dg.DagsterInstance.ephemeral() as instance:
        done = defs.resolve_job_def("monthly").execute_in_process(instance=instance)
    assert done.success
    assert seen == [(store.DRAWS, store.SEED, ["eurepoc: no answer"], True)]


def test_a_run_started_in_the_ui_is_remembered_and_one_of_the_command_line_is_left_to_it(tmp_path, monkeypatch):
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path))

    @dg.op
    def fails():
        raise dg.Failure("the disk is full")

    @dg.job(name="scenario_to_report")
    def one_step():
        fails()

    with dg.DagsterInstance.ephemeral() as instance:
        for tags, expected in (({FROM_COMMAND_LINE: "yes"}, None), ({}, "fails: the disk is full")):
            done = one_step.execute_in_process(instance=instance, raise_on_error=False, tags=tags)
            sensors.run_failed(_failed(done, instance))
            assert outcome.last().get("failure") == expected
    assert outcome.last()["what"] == "job scenario_to_report, in the UI"
