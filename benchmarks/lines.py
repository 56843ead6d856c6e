"""A line of the table that `make bench` prints, and how long calls take. What is measured is in the other modules."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Line:
    """A measured ratio and what it must not exceed, or must reach.

    key : its name in the files of releases, kept when the words or their numbers change
    what : in words, with today's numbers
    ratios : of each repeat; the middle one counts
    limit, holds : in words, and whether the middle one keeps it
    seconds : of the project's own part, the middle one; None for what is no time
    more_is_better : a ratio that must reach its limit
    """

    key: str
    what: str
    ratios: tuple[float, ...]
    limit: str
    holds: bool
    note: str = ""
    seconds: float | None = None
    more_is_better: bool = False

    @property
    def ratio(self) -> float:
        """The middle one of the repeats."""
        return median(self.ratios)


def at_most(
    key: str, what: str, ratios: float | Sequence[float], limit: float, note: str = "", seconds: float | None = None
) -> Line:
    """A line whose ratio must not exceed its limit."""
    each = (float(ratios),) if isinstance(ratios, int | float) else tuple(map(float, ratios))
    return Line(key, what, each, f"at most {limit:g}", median(each) <= limit, note, seconds)


def at_least(
    key: str, what: str, ratios: float | Sequence[float], limit: float, note: str = "", seconds: float | None = None
) -> Line:
    """A line whose ratio must reach its limit."""
    each = (float(ratios),) if isinstance(ratios, int | float) else tuple(map(float, ratios))
    return Line(key, what, each, f"at least {limit:g}", median(each) >= limit, note, seconds, more_is_better=True)


@dataclass(frozen=True)
class Turns:
    """Seconds of each round and the last result, by name."""

    seconds: Mapping[str, tuple[float, ...]]
    results: Mapping[str, Any]

    def middle(self, name: str) -> float:
        """Seconds of the middle round."""
        return median(self.seconds[name])

    def ratios(self, one: str, other: str) -> tuple[float, ...]:
        """Seconds of one over those of the other in the same round."""
        return tuple(a / b for a, b in zip(self.seconds[one], self.seconds[other], strict=True))

    def parts(self, name: str, whole: float) -> tuple[float, ...]:
        """Seconds of each round over those that are allowed."""
        return tuple(a / whole for a in self.seconds[name])


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of a call, and its result."""
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def in_turn(calls: Mapping[str, Callable[[], Any]], times: int) -> Turns:
    """Calls timed in rounds: peers take turns, so that both share what else the machine does."""
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    results: dict[str, Any] = {}
    for _ in range(times):
        for name, call in calls.items():
            took, results[name] = timed(call)
            seconds[name].append(took)
    return Turns({name: tuple(each) for name, each in seconds.items()}, results)


def arithmetic(workers: int) -> None:
    """Exponentials of numbers that stay in the cache, on so many threads: what the machine gives to more of them."""
    numbers = np.ones(2**17)

    def some(_: int) -> None:
        for _ in range(20):
            np.exp(numbers)

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(some, range(20)))


def worker_lines(key: str, what: str, call: Callable[[int], Sequence[np.ndarray]], times: int) -> list[Line]:
    """Numbers of two workers against those of one, bit for bit, and throughput; beside it that of bare arithmetic, as
    a machine that does something else meanwhile has no second core to give."""
    turns = in_turn(
        {
            "one": lambda: call(1),
            "two": lambda: call(2),
            "bare one": lambda: arithmetic(1),
            "bare two": lambda: arithmetic(2),
        },
        times,
    )
    both = zip(turns.results["one"], turns.results["two"], strict=True)
    different = sum(int(np.sum(a != b)) for a, b in both)
    bare = median(turns.ratios("bare one", "bare two"))
    return [
        at_most(f"{key}_workers_differ", f"{what}: numbers that differ between 2 workers and 1", different, 0),
        at_least(
            f"{key}_workers",
            f"{what}: throughput of 2 workers over 1",
            turns.ratios("one", "two"),
            1.7,
            f"{turns.middle('two'):.2f} s, {turns.middle('one'):.2f} s; bare arithmetic {bare:.2f}",
            turns.middle("two"),
        ),
    ]
