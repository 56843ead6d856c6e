"""The store of one small run, made once; each test works on a copy of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines import store

SMALL = ["run", "--draws", "256", "--scenario", "universal"]
SEED = 7


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Killed runs first: in the long form they take as long as everything else, and workers take files in order."""
    items.sort(key=lambda item: item.path.name != "test_killed.py")


def environment(home: Path) -> dict[str, str]:
    """In which a process of this checkout works on a store."""
    path = os.pathsep.join(filter(None, (str(store.ROOT), os.environ.get("PYTHONPATH"))))
    own = {"CYBERACCORD_HOME": str(home), "PYTHONPATH": path, "PYTHONWARNINGS": "ignore"}
    return {**os.environ, **own, "DAGSTER_HOME": str(home / "dagster")}


@pytest.fixture(scope="session")
def finished(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("finished") / "store"
    command = [sys.executable, "-c", "from pipelines.cli import main; main()", *SMALL, "--seed", str(SEED)]
    done = subprocess.run(command, env=environment(home), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def home(finished, tmp_path, monkeypatch) -> Path:
    """A copy of it, at which the commands look."""
    copy = tmp_path / "store"
    shutil.copytree(finished, copy)
    monkeypatch.setenv("CYBERACCORD_HOME", str(copy))
    monkeypatch.setenv("DAGSTER_HOME", str(copy / "dagster"))
    return copy
