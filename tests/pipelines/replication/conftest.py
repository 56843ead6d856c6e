"""One package of the small run, and a store of its own that a test may spoil."""

import shutil

import pytest

from tests.pipelines.replication.packed import Packed, pack


@pytest.fixture(scope="session")
def packed(small_run, tmp_path_factory) -> Packed:
    path = tmp_path_factory.mktemp("packed") / "package.zip"
    result = pack(small_run.home, path)
    assert result.exit_code == 0, result.output
    return Packed.read(path)


@pytest.fixture
def own_store(small_run, tmp_path):
    """The small run's edition with kept inputs and vintages that a test may change."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "published").symlink_to(small_run.home / "published")
    shutil.copytree(small_run.home / "runs", home / "runs")
    return home
