"""Paired runs of two commits: when a difference is one, and that both are really run."""

import math
import subprocess

import pytest

from benchmarks.__main__ import main
from benchmarks.against import CannotRun, Job, checkout, pairs, said, verdict

# Student's t, 5 % in each tail, 3 degrees of freedom: 2.353 (printed tables)
T_3 = 2.353


def test_the_interval_is_students_over_the_log_ratios():
    """Log ratios 0.1, 0.2, 0.3, 0.2: mean 0.2, standard deviation 0.0816, over the root of 4."""
    other = [1.0, 2.0, 3.0, 4.0]
    this = [second * math.exp(log) for second, log in zip(other, (0.1, 0.2, 0.3, 0.2), strict=True)]
    found = verdict(this, other)
    half = T_3 * 0.081650 / 2
    assert found.change == pytest.approx(100 * math.expm1(0.2))
    assert found.lower == pytest.approx(100 * math.expm1(0.2 - half), rel=1e-3)
    assert found.upper == pytest.approx(100 * math.expm1(0.2 + half), rel=1e-3)
    assert found.word == "slower"
    assert verdict(other, this).word == "faster"


def test_a_machine_that_slows_down_for_both_is_no_difference():
    assert verdict([1.0, 2.1, 3.9, 8.0], [1.0, 2.0, 4.0, 8.0]).word == "same within noise"


def test_one_pair_has_no_interval():
    with pytest.raises(ValueError, match="two pairs"):
        verdict([1.0], [1.0])


@pytest.fixture
def repository(tmp_path):
    """Two commits of a job that takes one and two seconds by its own account."""
    root = tmp_path / "repository"
    root.mkdir()

    def git(*words):
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", "-C", str(root), *identity, *words], check=True, capture_output=True)

    git("init", "-q")
    for took in ("1", "2"):
        (root / "job.py").write_text(f"print('said before'); TOOK = {took}\n", encoding="utf-8")
        git("add", "job.py")
        git("commit", "-q", "-m", took)
    return root


class Told(Job):
    """A job whose seconds are told by the code instead of a clock, so that the test needs none."""

    @property
    def program(self) -> str:
        return "import job; print(job.TOOK)"


def test_each_commit_is_run_by_its_own_code_and_its_folder_is_gone_after(repository):
    with checkout("HEAD~1", repository) as other:
        job = Told("told", "", "", 4)
        this, before = pairs(repository, other, job)
        assert (this, before) == ([2.0] * 4, [1.0] * 4)
        assert said(job, this, before).startswith("told: slower, +100.0 % (90% interval +100.0 to +100.0 %; 4 pairs")
    assert not other.exists()
    listed = subprocess.run(["git", "-C", str(repository), "worktree", "list"], capture_output=True, text=True)
    assert len(listed.stdout.splitlines()) == 1


def test_code_that_does_not_run_says_its_last_line(repository):
    with pytest.raises(CannotRun, match="ModuleNotFoundError"):
        pairs(repository, repository, Job("gone", "import not_there", "", 2))


def test_what_names_no_commit_ends_with_2_and_one_line(capsys):
    assert main(["--against", "no-such-commit"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
