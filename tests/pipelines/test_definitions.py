"""What Dagster is given: described assets in the groups of the design, quiet schedules, settings of the instance."""

import socket
from datetime import UTC, date, datetime

import dagster as dg
import pytest
import yaml

from pipelines import store, ui
from pipelines.assets import checks
from pipelines.assets.describe import markdown
from pipelines.assets.publication import MODELED
from pipelines.definitions import defs
from pipelines.errors import InputError
from pipelines.schedules import monthly_report
from pipelines.sensors import scenario_files

GROUPS = {"sources", "core", "baseline", "risk", "convention", "macro", "publication"}


def specs():
    graph = defs.resolve_asset_graph()
    return [graph.get(key) for key in graph.get_all_asset_keys()]


def test_every_asset_is_in_a_group_of_the_design_and_says_what_it_is():
    found = specs()
    assert len(found) > 30
    for asset in found:
        assert asset.group_name in GROUPS, asset.key
        assert asset.owners and asset.kinds, asset.key
        assert len((asset.description or "").splitlines()[0]) > 15, asset.key


def test_every_table_has_its_columns_described_in_the_ui():
    for asset in specs():
        if asset.group_name != "publication":
            schema = asset.metadata["dagster/column_schema"]
            assert all(column.description for column in schema.columns), asset.key


def test_only_what_depends_on_the_scenario_is_partitioned():
    partitioned = {asset.key.path[-1] for asset in specs() if asset.partitions_def is not None}
    of_the_focus = {"variants", "adoption_strength", "information", "specification", "sensitivity"}
    beside_each_other = {"exceedance", "annual_loss"}
    by_scenario = {
        str(schema.name).split(".")[1]
        for schema in MODELED
        if "scenario" in schema.columns and str(schema.name).split(".")[1] not in of_the_focus | beside_each_other
    }
    assert partitioned == by_scenario


def test_the_monthly_schedule_is_off_and_in_utc_and_the_sensor_is_on():
    assert monthly_report.default_status == dg.DefaultScheduleStatus.STOPPED
    assert (monthly_report.cron_schedule, monthly_report.execution_timezone) == ("0 6 1 * *", "UTC")
    assert scenario_files.default_status == dg.DefaultSensorStatus.RUNNING


def test_the_sensor_makes_files_partitions_and_survives_a_half_saved_one(data):
    with dg.DagsterInstance.ephemeral() as instance, dg.build_sensor_context(instance=instance) as context:
        assert "added" in scenario_files(context).skip_message
        assert "op_ed_convention" in instance.get_dynamic_partitions("scenario")
        (data / "scenarios" / "Half Saved.yaml").write_text("title: [", encoding="utf-8")
        assert "Half Saved.yaml" in scenario_files(context).skip_message


def test_the_same_month_asked_for_twice_is_one_run(tmp_path):
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        keys, today = set(), datetime.now(UTC)
        for _ in range(2):
            context = dg.build_schedule_context(instance=instance, scheduled_execution_time=_first_of_month(today))
            keys.add(monthly_report(context).run_key)
    assert keys == {f"{today:%Y-%m}"}


def test_a_tick_missed_in_an_earlier_month_is_not_made_up_for(tmp_path):
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        context = dg.build_schedule_context(
            instance=instance, scheduled_execution_time=_first_of_month(date(2021, 3, 9))
        )
        assert "the tick of 2021-03 was missed" in monthly_report(context).skip_message


def _first_of_month(day):
    return datetime(day.year, day.month, 1, 6, tzinfo=UTC)


def test_the_instance_reports_nothing_shows_no_pop_up_and_starts_at_once():
    settings = yaml.safe_load((store.ROOT / "dagster.yaml").read_text(encoding="utf-8"))
    assert settings["telemetry"] == {"enabled": False}
    assert settings["nux"] == {"enabled": False}
    assert settings["run_coordinator"]["class"] == "DefaultRunCoordinator"


def test_a_short_table_stays_under_a_thousand_characters():
    import polars as pl

    long = pl.DataFrame({f"column_{k}": ["word " * 20] * 50 for k in range(12)})
    assert 0 < len(markdown(long)) < 1000


def test_checks_see_a_gap_between_world_and_economies_and_crossed_quantiles():
    import polars as pl

    names = ["p025", "p05", "p10", "p25", "p50", "p75", "p90", "p95", "p975"]
    point = dict(zip(checks.POINT, ["s", "law", "default", "scenario", 0.5, 2020], strict=False))
    rows = [
        {**point, "measure": m, "iso3": i, "mean": v, **dict.fromkeys(names, v), "mcse": 0.1}
        for m, i, v in [("loss", "WLD", 100.0), ("loss", "A", 60.0), ("loss", "B", 30.0), ("avoided_loss", "WLD", 1.0)]
    ]
    frame = pl.DataFrame(rows)
    assert checks.largest_gap(frame) == pytest.approx(0.1)
    assert checks.disordered_rows(frame) == 0
    assert checks.disordered_rows(frame.with_columns(p95=pl.lit(0.0))) == 4
    results = {r.check_name: r for r in checks.run_checks(frame)}
    assert not results["economies_sum_to_the_world"].passed
    assert "rerun" in results["economies_sum_to_the_world"].description


def test_checks_of_the_mechanisms_say_what_to_do():
    import polars as pl

    shares = pl.DataFrame({"scenario": ["s"] * 3, "channel": ["a", "b", "total"], "value": [1.0, 2.0, 3.0]})
    assert checks.shares_add_up(shares).passed
    twice = checks.shares_add_up(shares.with_columns(value=pl.lit(1.0)))
    assert not twice.passed and "do not publish" in twice.description
    assert checks.branching_ends(pl.DataFrame({"clipped": [0.0, None]})).passed
    endless = checks.branching_ends(pl.DataFrame({"clipped": [0.02]}))
    assert not endless.passed and "data/priors" in endless.description
    spans = pl.DataFrame({"fit": ["all", "before_2015"], "lower": [1.0, 1.0], "upper": [5.0, 2.0], "observed": [3, 9]})
    assert checks.accession_was_foreseen(spans).passed  # the fit that did not see the years is no failure
    missed = checks.accession_was_foreseen(spans.with_columns(fit=pl.lit("all")))
    assert not missed.passed and "accession_calibration" in missed.description


def test_a_port_in_use_is_passed_over():
    with socket.socket() as taken:
        taken.bind((ui.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert ui.free_port(port) > port


def test_a_second_ui_on_the_same_home_is_answered_with_the_address_of_the_first(tmp_path):
    import json
    import os

    assert ui.already_running(tmp_path) is None
    note = tmp_path / "ui.json"
    note.write_text(json.dumps({"pid": os.getpid(), "address": "http://127.0.0.1:3000"}), encoding="utf-8")
    assert ui.already_running(tmp_path) == "http://127.0.0.1:3000"
    note.write_text("{", encoding="utf-8")
    assert ui.already_running(tmp_path) is None


def test_an_input_error_fails_a_step_with_its_one_line():
    from pipelines.assets.describe import explained

    with pytest.raises(dg.Failure, match="row 3"), explained():
        raise InputError("file.csv", 3, "column", "rule", "value", "something else")
