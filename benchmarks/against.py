"""`python -m benchmarks --against COMMIT`: is this checkout slower than another commit, beyond what chance does?

Both run the same jobs in today's environment, alternately: other, this, this, other, so that a machine that slows down
slows both. Each pair gives the logarithm of a ratio; the interval is Student's over the pairs, as in `verdict`.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import t

from pipelines.errors import InputError

ROOT = Path(__file__).parents[1]
LEVEL = 0.9
TIMED = """
import time
start = time.perf_counter()
{job}
print(time.perf_counter() - start)
"""
RUN = """
from pipelines.cli import main
main(["run"], standalone_mode=False)
"""
HEADLINE = """
from models.results import headlines
headlines(study, chosen)
"""
PREPARED = """
from pipelines import scenarios
from pipelines.shipped_study import shipped_study
study, chosen = shipped_study(), scenarios.load_all()
"""
YEARS = """
for _ in range(5):
    losses.simulated(5)
    loss_curves([losses.LognormalSeverity(losses.SIGMA)], [[losses.Poisson(5)]], 1e-3)
"""
LOSSES = """
from benchmarks import losses
from models.loss_curve import loss_curves
"""
REFRESH = """
from pipelines import refresh
assert refresh.main([], lambda line: None) == 0
"""


@dataclass(frozen=True)
class Job:
    """What is timed, after what is prepared; `pairs` of runs, an even number."""

    name: str
    prepared: str
    job: str
    pairs: int
    needs_mirror: bool = False

    @property
    def program(self) -> str:
        """The program whose last line of output is seconds."""
        return self.prepared + TIMED.format(job=self.job)


JOBS = (
    Job("main job", "", RUN, 4),
    Job("headlines of all scenarios", PREPARED, HEADLINE, 8),
    Job("bad years, simulated and by transform", LOSSES, YEARS, 8),
    Job("refresh of all sources", "", REFRESH, 4, needs_mirror=True),
)


@dataclass(frozen=True)
class Verdict:
    """Change of time in percent, this checkout over the other, with its interval, and what to call it."""

    change: float
    lower: float
    upper: float
    word: str


def verdict(this: Sequence[float], other: Sequence[float]) -> Verdict:
    """What pairs of runs say: faster or slower only where the 90 % interval of the mean log ratio leaves out zero.

    Errors
    ------
    ValueError for fewer than two pairs.
    """
    logs = np.log(np.asarray(this, dtype=np.float64) / np.asarray(other, dtype=np.float64))
    if logs.size < 2:
        raise ValueError(f"an interval needs at least two pairs of runs, got {logs.size}")
    half = float(t.ppf((1 + LEVEL) / 2, logs.size - 1) * logs.std(ddof=1) / math.sqrt(logs.size))
    mean = float(logs.mean())
    word = "slower" if mean - half > 0 else "faster" if mean + half < 0 else "same within noise"
    return Verdict(*(100 * math.expm1(x) for x in (mean, mean - half, mean + half)), word)


@contextmanager
def checkout(commit: str, root: Path = ROOT) -> Iterator[Path]:
    """The files of a commit in a temporary git worktree; InputError for what names no commit."""
    found = _git(root, "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}")
    if found is None:
        raise InputError("--against", None, None, "commit_exists", commit, "a commit, tag or branch of this repository")
    with tempfile.TemporaryDirectory() as home:
        tree = Path(home) / "tree"
        if _git(root, "worktree", "add", "--detach", str(tree), found) is None:
            raise InputError("--against", None, None, "worktree", commit, "a commit that git can check out")
        try:
            yield tree
        finally:
            _git(root, "worktree", "remove", "--force", str(tree))


def _git(root: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


class CannotRun(Exception):
    """The code of a commit does not run a job; one line says why."""


def seconds(tree: Path, job: Job) -> float:
    """Seconds of a job by the code of a folder, in a store of its own."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "PYTHONPATH": str(tree), "CYBERACCORD_HOME": home}
        done = subprocess.run(
            [sys.executable, "-c", job.program], cwd=tree, env=environment, capture_output=True, text=True
        )
    if done.returncode:
        raise CannotRun((done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1])
    return float(done.stdout.splitlines()[-1])


def pairs(this: Path, other: Path, job: Job) -> tuple[list[float], list[float]]:
    """Seconds of this checkout and of the other, pair by pair: other, this, this, other."""
    found: dict[Path, list[float]] = {this: [], other: []}
    for pair in range(job.pairs):
        for tree in (other, this) if pair % 2 == 0 else (this, other):
            found[tree].append(seconds(tree, job))
    return found[this], found[other]


def said(job: Job, this: Sequence[float], other: Sequence[float]) -> str:
    """The verdict on a job in one line."""
    found = verdict(this, other)
    return (
        f"{job.name}: {found.word}, {found.change:+.1f} % ({LEVEL:.0%} interval {found.lower:+.1f} to "
        f"{found.upper:+.1f} %; {len(this)} pairs, {np.median(this):.2f} s over {np.median(other):.2f} s)"
    )


def report(commit: str) -> None:
    """Measure and print every job, each in a line as soon as it is known."""
    with checkout(commit) as other:
        print(f"this checkout against {commit}, both with today's packages", flush=True)
        for job in JOBS:
            if job.needs_mirror and not os.environ.get("CYBERACCORD_MIRROR"):
                print(f"{job.name}: left out without CYBERACCORD_MIRROR", flush=True)
                continue
            try:
                print(said(job, *pairs(ROOT, other, job)), flush=True)
            except CannotRun as error:
                print(f"{job.name}: cannot be compared: {error}", flush=True)
