"""A function of this package in a process of its own, so that its memory and its first calls are its own too."""

from __future__ import annotations

import importlib
import json
import math
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any

from pipelines.measured import peak_memory

MEASURE = "import sys; from benchmarks import alone; alone.answer(*sys.argv[1:])"


def alone(function: Callable[..., Any], *arguments: str | int, environment: Mapping[str, str] | None = None) -> Any:
    """What a function returns, and the peak GB of its process: a pair. Arguments and result go as JSON."""
    words = [function.__module__, function.__name__, json.dumps(arguments)]
    command = [sys.executable, "-c", MEASURE, *words]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        raise SystemExit(f"{function.__module__}.{function.__name__}{arguments} failed: {last[0]}")
    return json.loads(done.stdout.splitlines()[-1])


def answer(module: str, name: str, arguments: str) -> None:
    """Call the function and print its result and the peak."""
    result = getattr(importlib.import_module(module), name)(*json.loads(arguments))
    print(json.dumps([result, peak_gb()]))


def peak_gb() -> float:
    """The most memory that this process has held, GB; nan, which no limit allows, where the system does not say."""
    most = peak_memory()
    return math.nan if most is None else most / 2**30
