"""One small run, shared by the tests that look at what a run leaves behind."""

import fcntl
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from pipelines import changes, store
from pipelines.cli import main

BEFORE = "2000-01"
"""The month to which the small run is set back."""
ARGUMENTS = ["run", "--scenario", "op_ed_convention", "--draws", "64", "--seed", "7"]


@dataclass(frozen=True)
class Said:
    stdout: str
    stderr: str


@dataclass(frozen=True)
class SmallRun:
    home: Path
    result: Said

    @property
    def database(self) -> Path:
        return self.home / "published" / "cyberaccord.duckdb"


@pytest.fixture(scope="session")
def small_run(tmp_path_factory, worker_id) -> SmallRun:
    """Run once, whatever the number of workers; each looks at a copy of its own."""
    own = tmp_path_factory.getbasetemp()
    shared = (own if worker_id == "master" else own.parent) / "small_run"
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "said.json").exists():
            _run(shared / "home", shared / "said.json")
    home = tmp_path_factory.mktemp("home") / "store"
    shutil.copytree(shared / "home", home)
    return SmallRun(home, Said(**json.loads((shared / "said.json").read_text(encoding="utf-8"))))


def _run(home: Path, said: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CYBERACCORD_HOME", str(home))
        patch.setenv("DAGSTER_HOME", str(home / "dagster"))
        result = CliRunner().invoke(main, ARGUMENTS)
    assert result.exit_code == 0, result.output
    said.write_text(json.dumps({"stdout": result.stdout, "stderr": result.stderr}), encoding="utf-8")


@pytest.fixture
def published(small_run, monkeypatch) -> SmallRun:
    """The small run, with the commands looking at its store."""
    monkeypatch.setenv("CYBERACCORD_HOME", str(small_run.home))
    monkeypatch.setenv("DAGSTER_HOME", str(small_run.home / "dagster"))
    return small_run


@pytest.fixture
def ask(published):
    """The rows that a query of the small run's database gives."""
    with duckdb.connect(str(published.database), read_only=True) as connection:
        yield lambda query: connection.execute(query).fetchall()


@pytest.fixture
def home(small_run, tmp_path, monkeypatch) -> Path:
    """A store in which the small run is the edition of an earlier month, and the only one."""
    copy = tmp_path / "home"
    shutil.copytree(small_run.home / "runs", copy / "runs")
    (copy / "published" / "editions").mkdir(parents=True)
    shutil.copyfile(small_run.database, copy / "published" / "editions" / f"{BEFORE}.duckdb")
    monkeypatch.setenv("CYBERACCORD_HOME", str(copy))
    monkeypatch.setenv("DAGSTER_HOME", str(copy / "dagster"))
    return copy


@pytest.fixture
def before(home) -> changes.Published:
    """That edition, as a later month compares with it."""
    return changes.earlier("2000-02")


@pytest.fixture
def data(tmp_path, monkeypatch) -> Path:
    """A copy of the input files that a test may break."""
    copy = tmp_path / "data"
    for name in store.INPUTS:
        shutil.copytree(store.DATA / name, copy / name)
    monkeypatch.setattr(store, "DATA", copy)
    return copy
