"""A line of the table that `make bench` prints, and how long a call takes. What is measured is in the other modules."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Line:
    """A measured ratio and what it must not exceed, or must reach."""

    what: str
    ratio: float
    limit: str
    holds: bool
    note: str


def fastest(call, times=3):
    """Seconds of the fastest of a few calls, and the last result."""
    took = []
    for _ in range(times):
        start = time.perf_counter()
        result = call()
        took.append(time.perf_counter() - start)
    return min(took), result


def in_turn(calls: Mapping[str, Callable[[], Any]], times: int) -> tuple[dict[str, float], dict[str, Any]]:
    """By name, seconds of the fastest of a few calls and the last result; peers take turns, so that both share what
    else the machine does."""
    took, results = dict.fromkeys(calls, float("inf")), {}
    for _ in range(times):
        for name, call in calls.items():
            seconds, results[name] = fastest(call, 1)
            took[name] = min(took[name], seconds)
    return took, results


def arithmetic(workers: int) -> None:
    """Exponentials of numbers that stay in the cache, on so many threads: what the machine gives to more of them."""
    numbers = np.ones(2**17)

    def some(_: int) -> None:
        for _ in range(20):
            np.exp(numbers)

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(some, range(20)))


def worker_lines(what: str, call: Callable[[int], Sequence[np.ndarray]], times: int) -> list[Line]:
    """Numbers of two workers against those of one, bit for bit, and throughput; beside it that of bare arithmetic, as
    a machine that does something else meanwhile has no second core to give."""
    took, found = in_turn(
        {
            "one": lambda: call(1),
            "two": lambda: call(2),
            "bare one": lambda: arithmetic(1),
            "bare two": lambda: arithmetic(2),
        },
        times,
    )
    different = sum(int(np.sum(a != b)) for a, b in zip(found["one"], found["two"], strict=True))
    return [
        Line(f"{what}: numbers that differ between 2 workers and 1", different, "0", different == 0, ""),
        Line(
            f"{what}: throughput of 2 workers over 1",
            took["one"] / took["two"],
            "at least 1.7",
            took["one"] >= 1.7 * took["two"],
            f"{took['two']:.2f} s, {took['one']:.2f} s; bare arithmetic {took['bare one'] / took['bare two']:.2f}",
        ),
    ]
