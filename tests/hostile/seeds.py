"""Well-formed files of every source, to start from: those that the source's own tests stage (made-up rows)."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

from tests.hostile import record

ROOT = Path(__file__).resolve().parents[2]
SEEDS_A_SOURCE = 8


def kept(folder: Path) -> Path:
    """Record the seeds in a folder, once for all processes that ask for it."""
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / "done"
        if not done.exists():
            command = [sys.executable, "-m", "pytest", "tests/pipelines/sources", "-n", "0", "-p", record.__name__]
            command += ["-p", "no:cacheprovider", "-m", "not mirror and not browser and not soak"]
            environment = {**os.environ, record.FOLDER: str(folder), "PYTHONPATH": str(ROOT)}
            subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
            done.touch()
    return folder


def of_source(folder: Path, source_id: str) -> list[dict[str, bytes]]:
    """Vintages of a source, name -> bytes; those that differ, a few."""
    found: list[dict[str, bytes]] = []
    for vintage in sorted((folder / source_id).glob("*")):
        files = {path.name: path.read_bytes() for path in sorted(vintage.iterdir())}
        if files not in found:
            found.append(files)
    assert found, f"tests/pipelines/sources/test_{source_id}.py stages no file through the fixture `stage`"
    step = max(1, len(found) // SEEDS_A_SOURCE)
    return found[::step][:SEEDS_A_SOURCE]
