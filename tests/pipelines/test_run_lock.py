"""One run at a time on a home, between processes; a crash leaves no lock."""

import json
import os
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner

from pipelines import run_lock
from pipelines.cli import main

HOLD = "from pipelines import run_lock; run_lock.take('the other run', 'abc'); print('held', flush=True); input()"


@pytest.fixture
def other(tmp_path, monkeypatch):
    """A process that runs on the same home."""
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path))
    with subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


@pytest.mark.parametrize("command", ["run", "monthly"])
def test_a_second_run_ends_with_1_and_one_line_that_says_who_runs(command, other):
    result = CliRunner().invoke(main, [command, "--draws", "64"])
    assert result.exit_code == 1
    [line] = result.stderr.strip().splitlines()
    assert f"the other run (process {other.pid})" in line and "wait for it to end" in line
    assert f"under way   the other run (process {other.pid})" in CliRunner().invoke(main, ["status"]).stdout


def test_steps_of_one_run_in_several_processes_share_the_lock(other):
    run_lock.take("a step", "abc")
    with pytest.raises(run_lock.Busy):
        run_lock.take("a stranger", "xyz")


def test_a_killed_run_leaves_no_lock_and_status_says_that_it_was_broken_off(other):
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    assert run_lock.holder() is None
    assert "broken off  the other run" in CliRunner().invoke(main, ["status"]).stdout
    with run_lock.alone("the next"):
        assert json.loads(run_lock.path().read_text(encoding="utf-8"))["what"] == "the next"
    assert run_lock.crashed() is None


def test_one_process_may_take_it_again_within(tmp_path, monkeypatch):
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path))
    with run_lock.alone("outer"):
        with run_lock.alone("inner"):
            pass
        assert run_lock.holder()["what"] == "outer"
    assert run_lock.holder() is None
