"""The I/O manager: one file a scenario, one frame back, and never half a file."""

import dagster as dg
import polars as pl
import pytest

from pipelines.parquet import Tables, stamp

PARTITIONS = dg.DynamicPartitionsDefinition(name="scenario")


@pytest.fixture(autouse=True)
def tables_here(tmp_path, tmp_path_factory, monkeypatch):
    """Tables in the folder of the test; the lock of a run in another."""
    monkeypatch.setenv("CYBERACCORD_TABLES", str(tmp_path))
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path_factory.mktemp("home")))


def frame(*names):
    return pl.DataFrame(
        {"scenario": list(names), "value": [float(len(name)) for name in names]},
        schema_overrides={"scenario": pl.String},
    )


def run(tmp_path, made, keys, wanted=None, missing_is_fine=True):
    """Materialize a partitioned asset and one that reads all of it; the frame that the second one saw."""
    seen = {}

    @dg.asset(key=["model", "made"], partitions_def=PARTITIONS, backfill_policy=dg.BackfillPolicy.single_run())
    def upstream():
        return dg.Output(made, metadata={"seed": 7, "draws": 64})

    metadata = {"allow_missing_partitions": missing_is_fine}

    @dg.asset(ins={"made": dg.AssetIn(key=["model", "made"], metadata=metadata)})
    def downstream(made) -> None:
        seen["frame"] = made

    wanted = wanted or keys
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions("scenario", keys)
        tags = {"dagster/asset_partition_range_start": wanted[0], "dagster/asset_partition_range_end": wanted[-1]}
        outcome = dg.materialize(
            [upstream, downstream],
            instance=instance,
            resources={"io_manager": Tables()},
            tags=tags,
            raise_on_error=False,
        )
    return outcome, seen.get("frame")


def files(tmp_path):
    return sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())


def test_several_scenarios_in_one_run_are_one_file_each_and_one_frame_downstream(tmp_path):
    outcome, seen = run(tmp_path, frame("a", "bb", "bb"), ["a", "bb"])
    assert outcome.success
    assert files(tmp_path) == ["model/made/a.parquet", "model/made/bb.parquet"]
    assert seen.sort("scenario").equals(frame("a", "bb", "bb"))


def test_one_scenario_is_a_frame_too_and_those_never_made_are_left_out(tmp_path):
    outcome, seen = run(tmp_path, frame("b"), ["a", "b", "c"], wanted=["b"])
    assert outcome.success
    assert seen.equals(frame("b"))


def test_a_missing_scenario_fails_where_it_may_not_be_missing(tmp_path):
    outcome, _ = run(tmp_path, frame("b"), ["a", "b"], wanted=["b"], missing_is_fine=False)
    assert not outcome.success


def test_rows_of_a_scenario_that_is_not_in_the_run_are_refused_and_nothing_is_written(tmp_path):
    outcome, _ = run(tmp_path, frame("a", "stranger"), ["a"])
    assert not outcome.success
    assert files(tmp_path) == []


def test_a_scenario_without_rows_is_an_empty_file_and_not_a_gap(tmp_path):
    run(tmp_path, frame("a"), ["a", "b"])
    assert pl.read_parquet(tmp_path / "model/made/b.parquet").height == 0


def test_a_file_says_which_run_settings_it_rests_on(tmp_path):
    run(tmp_path, frame("a"), ["a"])
    assert stamp(tmp_path / "model/made/a.parquet") == {"seed": "7", "draws": "64"}


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    run(tmp_path, frame("a"), ["a"])
    before = (tmp_path / "model/made/a.parquet").read_bytes()

    def fails(self, file, **_):
        file.write(b"half a table")
        raise OSError("no space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", fails)
    outcome, _ = run(tmp_path, frame("a"), ["a"])
    assert not outcome.success
    assert files(tmp_path) == ["model/made/a.parquet"]
    assert (tmp_path / "model/made/a.parquet").read_bytes() == before


@pytest.mark.parametrize("name", ["a", "long_name_2"])
def test_a_table_can_be_read_by_its_published_name(tmp_path, name):
    (tmp_path / "core").mkdir()
    frame(name).write_parquet(tmp_path / "core" / "gdp.parquet")
    manager = Tables().create_io_manager(dg.build_init_resource_context())
    assert manager.read("core.gdp").equals(frame(name))
