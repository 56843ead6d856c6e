"""A store does not grow with the number of its runs: what is not kept goes, to the last file and row."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines import kept_runs
from pipelines.cli import main
from tests.soak import whole
from tests.soak.conftest import SMALL

pytestmark = pytest.mark.soak

RUN_MB = 4.0
"""What a small run may leave beside the edition and its tables: manifest and inputs, and Dagster's history of it."""


def size_mb(home: Path) -> float:
    """As the disk counts it."""
    return sum(path.stat().st_blocks * 512 for path in home.rglob("*") if path.is_file()) / 1e6


def test_thirty_runs_take_the_room_of_those_that_are_kept(home, long, monkeypatch):
    count, kept = (30, kept_runs.RUNS_KEPT) if long else (5, 2)
    monkeypatch.setattr(kept_runs, "RUNS_KEPT", kept)
    sizes = [size_mb(home)]
    for seed in range(count - 1):
        result = CliRunner().invoke(main, [*SMALL, "--seed", str(seed)])
        assert result.exit_code == 0, result.output
        sizes.append(size_mb(home))
    print(f"\n{count} runs, {kept} kept: {', '.join(f'{size:.0f}' for size in sizes)} MB")
    bound = sizes[0] + kept * RUN_MB  # those kept when a run begins, and that run
    assert max(sizes) <= bound
    # the run that made the tables of the other scenarios may be kept beside
    assert len(list((home / "dagster" / "storage").iterdir())) <= kept + 2
    assert len([path for path in (home / "runs").iterdir() if path.is_dir()]) == kept + 1
    assert whole.strangers(home) == []
