"""Files and folders are swapped in whole; what a killed process left goes, what another is writing stays."""

import os
import signal
import subprocess
import sys

import pytest

from pipelines import leftovers, store, whole_file

WRITE = """
import sys
from pathlib import Path
from pipelines import whole_file
with whole_file.swapped_in(Path(sys.argv[1])) as written:
    written.write_text("half")
    print("writing", flush=True)
    input()
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def writer(home):
    """A process that is writing tables/core/gdp.parquet."""
    command = [sys.executable, "-c", WRITE, str(home / "tables" / "core" / "gdp.parquet")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "writing\n"
        yield process
        process.kill()


def test_what_a_killed_process_left_is_removed_and_what_another_is_writing_is_not(home, writer):
    [room] = (home / "tables" / "core").iterdir()
    assert leftovers.clear() == [] and room.exists()
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    assert leftovers.clear() == [room]
    assert list((home / "tables" / "core").iterdir()) == []


def test_a_room_goes_whose_making_or_removal_was_broken_off(home):
    made, removed = (home / "runs" / f"{whole_file.MARK}{name}" for name in ("made", "removed"))
    made.mkdir(parents=True)
    removed.mkdir()
    (removed / "manifest.json").write_text("{}", encoding="utf-8")
    assert sorted(leftovers.clear()) == [made, removed]
    assert list((home / "runs").iterdir()) == []


def test_a_file_keeps_its_old_content_until_the_new_one_is_whole_and_after_an_error(home):
    target = home / "table.csv"
    whole_file.write(target, "old")
    with pytest.raises(ZeroDivisionError), whole_file.swapped_in(target) as written:
        written.write_text("half", encoding="utf-8")
        assert target.read_text(encoding="utf-8") == "old"
        raise ZeroDivisionError
    assert target.read_text(encoding="utf-8") == "old"
    whole_file.write(target, b"new")
    assert target.read_bytes() == b"new" and list(home.iterdir()) == [target]


def test_a_folder_whose_swap_was_broken_off_between_its_two_renames_is_put_back(home):
    room = home / "exports" / f"{whole_file.MARK}abc"
    (room / "2026-11").mkdir(parents=True)
    old = room / whole_file.WAS / "2026-11"
    old.mkdir(parents=True)
    (room / whole_file.LOCK).touch()
    (old / "README.txt").write_text("the export before", encoding="utf-8")
    leftovers.clear_beside(home / "exports" / "2026-11")
    assert (home / "exports" / "2026-11" / "README.txt").read_text(encoding="utf-8") == "the export before"
    assert not room.exists()


def test_a_folder_is_replaced_whole(home):
    target = home / "exports" / "2026-11"
    for name in ("first", "second"):
        with whole_file.folder_swapped_in(target) as written:
            (written / name).write_text(name, encoding="utf-8")
    assert [path.name for path in target.iterdir()] == ["second"]
    assert [path.name for path in target.parent.iterdir()] == ["2026-11"]


def test_rooms_inside_dagsters_home_are_not_looked_for(home):
    (store.dagster_home() / f"{whole_file.MARK}abc").mkdir(parents=True)
    assert leftovers.clear() == []
