"""One small run, shared by the tests that look at what a run leaves behind."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from pipelines import store
from pipelines.cli import main

ARGUMENTS = ["run", "--scenario", "op_ed_convention", "--draws", "64", "--seed", "7"]


@dataclass(frozen=True)
class SmallRun:
    home: Path
    result: Result

    @property
    def database(self) -> Path:
        return self.home / "published" / "cyberaccord.duckdb"


@pytest.fixture(scope="session")
def small_run(tmp_path_factory) -> SmallRun:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CYBERACCORD_HOME", str(home))
        patch.setenv("DAGSTER_HOME", str(home / "dagster"))
        result = CliRunner().invoke(main, ARGUMENTS)
    assert result.exit_code == 0, result.output
    return SmallRun(home, result)


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
def data(tmp_path, monkeypatch) -> Path:
    """A copy of the input files that a test may break."""
    import shutil

    copy = tmp_path / "data"
    for name in store.INPUTS:
        shutil.copytree(store.DATA / name, copy / name)
    monkeypatch.setattr(store, "DATA", copy)
    return copy
