"""A run that is killed: the published edition is whole, the next run succeeds and leaves nothing of the killed one.

A kill leaves the files as they are, so one run in which the store is copied before every flush and rename shows what a
kill at each of them leaves; that a process dies there, and at moments in between, is tried on a few, in the long form
on all.
"""

import json
import os
import random
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import pytest

from pipelines import doctor, leftovers, store
from tests.soak import whole
from tests.soak.conftest import SMALL, environment

pytestmark = pytest.mark.soak

SCRIPT = Path(__file__).with_name("killed_run.py")
SEEDS = (7, 8)
"""Of runs in turn, so that neighbors differ in every number."""
BETWEEN = ("rename published/editions/MONTH.duckdb", "rename published/cyberaccord.duckdb")
"""After the one, the current database is still that of the run before; after the other, the report is."""
RANDOM_SEED = 8
"""Of the random moments."""


@dataclass
class Store:
    """A store with its first edition, and what uninterrupted runs published, by seed."""

    home: Path
    points: list[str] = field(default_factory=list)
    headlines: dict[int, whole.Headline] = field(default_factory=dict)
    runs: set[str] = field(default_factory=set)
    seconds: float = 0.0
    turn: int = 0

    def __post_init__(self) -> None:
        self.starter = subprocess.Popen(
            [sys.executable, str(SCRIPT)],
            env=environment(self.home),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.told, self.answers = self.home.with_name("told"), self.home.with_name("answers")

    def close(self) -> None:
        """End the process that starts the runs."""
        self.starter.communicate()

    def start(self, asked: dict, seed: int) -> int:
        """A run in a process of its own, whose number is returned."""
        request = [{**asked, "told": str(self.told)}, *SMALL, "--seed", str(seed)]
        self.starter.stdin.write(json.dumps(request) + "\n")
        self.starter.stdin.flush()
        return int(self.starter.stdout.readline())

    def ended(self) -> int:
        """The exit code of the run that was started last, at its end; minus the signal for one that was killed."""
        return int(self.starter.stdout.readline())

    def next_seed(self) -> int:
        """Of the next run: not that of the one before."""
        self.turn += 1
        return SEEDS[self.turn % len(SEEDS)]

    def run(self, asked: dict | None = None) -> None:
        """A run to its end; it succeeds, and nothing is left beside the files of a finished run."""
        seed, start = self.next_seed(), monotonic()
        self.start(asked or {}, seed)
        assert self.ended() == 0, self.told.read_text(encoding="utf-8")
        self.seconds = monotonic() - start
        run_id, published, headline = whole.edition(store.database())
        assert published == seed
        assert self.headlines.setdefault(seed, headline) == headline
        self.check()
        assert {whole.page(path) for path in whole.pages(self.home)} == {run_id[:8]}
        assert whole.rooms(self.home) == [] and whole.strangers(self.home) == []
        assert "broken off" not in doctor.status()

    def killed_at(self, name: str, which: int, when: str) -> str:
        """What `status` says of a run killed at a point; what readers find is whole."""
        process = self.start({"kill": [name, which, when], "recall": str(self.answers)}, self.next_seed())
        assert self.ended() == -signal.SIGKILL, f"no kill {when} {name}, {which}"
        self.check()
        [line] = [line for line in doctor.status().splitlines() if line.startswith("broken off")]
        return line.replace(f"(process {process})", "(its process)")

    def killed_after(self, part: float, asked: dict) -> bool:
        """A run killed after a part of the time of the last one; whether it had begun and had not ended."""
        seconds = part * self.seconds
        # one that may be killed writes nothing that others recall
        process = self.start({**asked, "kill": None}, self.next_seed())
        # readable once the run has ended, which it may before its time
        if not select.select([self.starter.stdout], [], [], seconds)[0]:
            os.kill(process, signal.SIGKILL)
        self.ended()
        self.check()
        return "broken off" in doctor.status()

    def check(self, home: Path | None = None, seen: set[tuple[int, int]] | None = None) -> None:
        """What readers find is whole: each edition is of one run to the last digit, each page of a published run."""
        home = home or self.home
        for path in [*whole.databases(home), *whole.pages(home)]:
            key = (path.stat().st_ino, path.stat().st_mtime_ns)
            if seen is not None and key in seen:
                continue
            if path.suffix == ".duckdb":
                run_id, seed, headline = whole.edition(path)
                assert self.headlines.setdefault(seed, headline) == headline, f"{path} mixes runs"
                assert (home / "runs" / run_id / "manifest.json").exists(), f"{path} cannot be computed again"
                self.runs.add(run_id[:8])
            else:
                assert whole.page(path) in self.runs, f"{path} is of no edition"
            if seen is not None:
                seen.add(key)


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> Iterator[Store]:
    """A store with the edition of a run, and the copies of it that a second run made at its points."""
    own = Store(tmp_path_factory.mktemp("killed") / "store")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CYBERACCORD_HOME", str(own.home))
        own.run({"recall": str(own.answers)})
        copies, points = own.home.with_name("copies"), own.home.with_name("points")
        own.run({"points": str(points), "copies": str(copies), "recall": str(own.answers)})
        own.points = points.read_text(encoding="utf-8").splitlines()
        yield own
        own.close()


def test_at_every_flush_and_rename_readers_find_whole_editions_and_the_clean_up_leaves_nothing(kept):
    copies = sorted(kept.home.with_name("copies").iterdir())
    assert len(copies) == len(kept.points) > 300
    seen: set[tuple[int, int]] = set()
    cleared = 0
    for name, copy in zip(kept.points, copies, strict=True):
        assert (copy / "published" / "cyberaccord.duckdb").exists(), name
        kept.check(copy, seen)
        cleared += len(leftovers.clear(copy))
        assert whole.rooms(copy) == [] and whole.strangers(copy) == [], name
        kept.check(copy, seen)
    print(f"\n{len(copies)} flushes and renames, {len(set(kept.points))} names, {cleared} rooms cleared")
    assert cleared > 300


def chosen(points: list[str], long: bool) -> list[tuple[str, int, str]]:
    """Points to die at: all, or the first, middle and last table and each step from the manifest on."""
    last = {name: points[: place + 1].count(name) for place, name in enumerate(points)}
    every = [(name, points[: place + 1].count(name)) for place, name in enumerate(points)]
    both = [(*each, when) for each in every for when in ("before", "after") if when == "before" or "rename" in each[0]]
    if long:
        return both
    tables = [name for name in points if name.startswith("rename tables/")]
    renames = [name for name in dict.fromkeys(points) if name.startswith("rename ") and name not in tables]
    few = [(tables[0], 1, "before"), (tables[len(tables) // 2].replace("rename", "flush"), 1, "before")]
    return [*few, (tables[-1], 1, "after"), *((name, last[name], "after") for name in renames)]


def test_a_run_killed_by_name_leaves_whole_editions_and_the_next_run_succeeds(kept, long):
    points = chosen(kept.points, long)
    for name, which, when in points:
        told = kept.killed_at(name, which, when)
        assert "cyberaccord run (its process)" in told and "killed before its end" in told, (name, which, when)
        if name in BETWEEN and not long:
            kept.run()
    kept.run()
    assert whole.rooms(kept.home) == [] and whole.strangers(kept.home) == []
    print(f"\n{len(points)} runs killed at a flush or rename: {', '.join(' '.join((p[2], p[0])) for p in points[:20])}")


def test_a_run_killed_at_random_moments_leaves_whole_editions_and_the_next_run_succeeds(kept, long):
    """Of runs that compute all, and in the long form of many that recall what they can: more of these meet a write."""
    moments = random.Random(RANDOM_SEED)
    kinds = (("compute", {}, 10), ("recall", {"recall": str(kept.answers)}, 190))
    for name, asked, count in kinds if long else kinds[:1]:
        for _ in SEEDS if asked else ():
            kept.run(asked)
        began = 0
        for number in range(count):
            began += kept.killed_after(moments.random(), asked)
            if number % 10 == 9:
                kept.run(asked)
        print(f"\n{count} runs that {name} killed at random moments, {began} of them while they held the store")
        assert began > 0
