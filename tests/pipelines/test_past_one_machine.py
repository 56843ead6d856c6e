"""A run on a Dask cluster, with its tables in a bucket, and both: the numbers of a run in one process on one folder.

What is compared is every number that is published. Their packages are those of requirements-cluster.lock.
"""

import hashlib
import subprocess

import dagster as dg
import polars as pl
import pytest

from pipelines import scenarios, store, table_files
from tests.pipelines.past_one_machine import COMMAND, SMALL, Bucket, database, differences, environment, said

pytestmark = pytest.mark.soak
for package in ("dagster_dask", "s3fs", "moto"):
    pytest.importorskip(package)

DASK = {"CYBERACCORD_EXECUTOR": "docs/cluster/dask.yaml"}


@pytest.fixture
def bucket():
    own = Bucket()
    yield own
    own.stop()


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """The home of a run in one process, tables in a folder."""
    home = tmp_path_factory.mktemp("here") / "store"
    done = said(home, *SMALL)
    assert done.returncode == 0, done.stderr
    return home


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def held_to(here, home):
    count, differing = differences(database(here), database(home))
    assert differing == []
    assert count > 1_000_000


def test_a_run_on_a_dask_cluster_publishes_the_same_numbers(here, tmp_path):
    done = said(tmp_path, *SMALL, **DASK)
    assert done.returncode == 0, done.stderr
    held_to(here, tmp_path)


def test_tables_in_a_bucket_give_the_same_numbers_and_leave_no_folder_of_tables(here, tmp_path, bucket):
    done = said(tmp_path, *SMALL, CYBERACCORD_TABLES="s3://office/tables", **bucket.environment)
    assert done.returncode == 0, done.stderr
    held_to(here, tmp_path)
    assert not (tmp_path / "tables").exists() and not list(tmp_path.glob(".writing-*"))
    local = {path.relative_to(here).as_posix() for path in (here / "tables").rglob("*.parquet")}
    assert set(bucket.names()) == local and len(local) > 90


def test_a_dask_cluster_whose_workers_share_a_bucket_gives_the_same_numbers(here, tmp_path, bucket):
    tables = {"CYBERACCORD_TABLES": "s3://office/some/where", **bucket.environment}
    done = said(tmp_path, *SMALL, **DASK, **tables)
    assert done.returncode == 0, done.stderr
    held_to(here, tmp_path)
    assert not (tmp_path / "tables").exists()


@pytest.fixture
def tables_there(bucket, monkeypatch):
    """Tables of this process in the bucket."""
    for name, value in {**bucket.environment, "CYBERACCORD_TABLES": "s3://office/tables"}.items():
        monkeypatch.setenv(name, value)


def test_a_table_that_cannot_be_written_puts_nothing_into_the_bucket(tables_there, bucket):
    """polars writes no column of Python's objects, which it notices while it writes."""
    path = store.tables() / "core" / "gdp.parquet"
    with pytest.raises((pl.exceptions.PolarsError, pl.exceptions.PanicException)):
        table_files.write(pl.DataFrame({"iso3": ["AAA"], "value": [object()]}), path, {})
    assert bucket.names() == []
    table_files.write(pl.DataFrame({"iso3": ["AAA"]}), path, {"seed": "7"})
    assert bucket.names() == ["tables/core/gdp.parquet"] and table_files.metadata(path) == {"seed": "7"}


def test_a_scenario_that_is_gone_loses_its_tables_in_the_bucket(tables_there, bucket):
    table_files.check()
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions("scenario", ["gone"])
        for name in ("gone", "universal"):
            (store.tables() / "model" / "counterfactual" / f"{name}.parquet").write_bytes(b"a table")
        scenarios.sync(instance)
    assert bucket.names() == ["tables/model/counterfactual/universal.parquet"]


def test_a_step_that_fails_on_dask_publishes_nothing(here, tmp_path):
    """Dask itself goes on with the steps behind it, which would find the tables of the run before."""
    home = tmp_path / "store"
    subprocess.run(["cp", "-r", str(here), str(home)], check=True)
    before = digest(database(home))
    [table] = (home / "tables" / "model" / "counterfactual").glob("universal.parquet")
    table.unlink()
    (table / "in_the_way").mkdir(parents=True)
    done = said(home, *SMALL, **DASK)
    assert done.returncode == 1
    # not the last line: steps that had begun in other processes end after it
    [told] = [line for line in done.stderr.splitlines() if "failed: counterfactual: " in line]
    assert "what was published stays" in told
    assert "Traceback" not in done.stderr
    assert digest(database(home)) == before


@pytest.mark.parametrize(
    ("where", "code", "words"),
    [
        ("s3://offfice/tables", 2, "make it first"),
        ("s4://office/tables", 2, "a folder, or a bucket"),
    ],
)
def test_a_bucket_that_is_not_there_is_named_and_not_made(where, code, words, tmp_path, bucket):
    done = said(tmp_path, *SMALL, CYBERACCORD_TABLES=where, **bucket.environment)
    [line] = done.stderr.strip().splitlines()
    assert done.returncode == code and where in line and words in line
    assert [each["Name"] for each in bucket.client.list_buckets()["Buckets"]] == ["office"]


def test_keys_that_may_not_write_are_told_in_one_line(tmp_path, bucket):
    bucket.refuse_unknown_keys()
    done = said(tmp_path, *SMALL, CYBERACCORD_TABLES="s3://office/tables", **bucket.environment)
    [line] = done.stderr.strip().splitlines()
    assert done.returncode == 2 and "a bucket that these keys may write" in line
    assert "secret" not in done.stderr


def test_a_bucket_that_does_not_answer_is_told_in_one_line(tmp_path, bucket):
    bucket.stop()
    done = said(tmp_path, *SMALL, CYBERACCORD_TABLES="s3://office/tables", **bucket.environment)
    [line] = done.stderr.strip().splitlines()
    assert done.returncode == 1 and "Could not connect" in line


def test_a_bucket_that_goes_in_mid_run_ends_the_run_with_one_line_and_the_edition_stays(here, tmp_path, bucket):
    published = tmp_path / "published"
    published.mkdir()
    (published / database(here).name).write_bytes(database(here).read_bytes())
    own = environment(tmp_path, CYBERACCORD_TABLES="s3://office/tables", **bucket.environment)
    with subprocess.Popen([*COMMAND, *SMALL], env=own, cwd=store.ROOT, stderr=subprocess.PIPE, text=True) as running:
        lines = []
        for line in running.stderr:
            lines.append(line.strip())
            if line.startswith("model/pooled done"):
                bucket.stop()
    assert running.returncode == 1
    assert any(" FAILED " in line for line in lines)
    assert lines[-1].startswith("run ") and "connect" in lines[-1].lower() and "what was published stays" in lines[-1]
    assert digest(database(tmp_path)) == digest(database(here))


def test_an_executor_that_is_no_executor_is_told_with_its_file(tmp_path):
    for text, words in (
        ("module: dagster_nowhere\nexecutor: some\n", "dagster_nowhere"),
        ("module: dagster\nexecutor: asset\n", "an executor of dagster"),
        ("module: dagster_dask\nexecutor: dask_executor\nconfig: {cluster: {lokal: {}}}\n", "lokal"),
        ("module: dagster_dask\nexecutor: dask_executor\n", "cluster"),
        ("module: [\n", "valid YAML"),
        ("dask\n", "keys and values"),
        ("module: dagster_dask\n", "executor"),
    ):
        (tmp_path / "executor.yaml").write_text(text, encoding="utf-8")
        done = said(tmp_path / "home", *SMALL, CYBERACCORD_EXECUTOR=str(tmp_path / "executor.yaml"))
        [line] = done.stderr.strip().splitlines()
        assert done.returncode == 2 and "executor.yaml" in line and words in line
