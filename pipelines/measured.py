"""What a run cost: time, memory, and the class of machine it ran on; kept beside its manifest.

A replicator reads it in the README of a package, and compares exactly on the same class of machine only.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from pipelines import store, whole_file
from pipelines.comparison.machine import machine_class

NAME = "measured.json"


def write(run_id: str, seconds: float, steps: int) -> Path | None:
    """Keep what the run of this process took so far; None where the run published nothing and so has no folder."""
    folder = store.runs() / run_id
    if not folder.is_dir():
        return None
    most = peak_memory()
    content = {
        "seconds": round(seconds, 1),
        "steps": steps,
        "peak_memory_mb": None if most is None else round(most / 1e6),
        "processors": os.cpu_count(),
        "machine": machine_class(),
    }
    whole_file.write(folder / NAME, json.dumps(content, indent=2, sort_keys=True) + "\n")
    return folder / NAME


def peak_memory() -> int | None:
    """The most memory this process has held, bytes; None where the system does not say."""
    status = Path("/proc/self/status")  # Linux: getrusage counts in what the process that started this one has held
    lines = status.read_text(encoding="utf-8").splitlines() if status.is_file() else []
    for line in lines:
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    try:
        import resource
    except ImportError:  # Windows
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
