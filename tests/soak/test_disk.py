"""A disk that is full or read-only, really so: one line that says which and where, and the last edition stays."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.soak.conftest import environment

pytestmark = pytest.mark.soak

SCRIPT = Path(__file__).with_name("small_disk.py")


@pytest.fixture(scope="module")
def cases(finished, tmp_path_factory) -> dict[str, dict]:
    """What each case of the script came to; a machine that refuses namespaces fails here."""
    folder = tmp_path_factory.mktemp("disk")
    source = tmp_path_factory.mktemp("mirror") / "us_cpi" / "2020-01"
    source.mkdir(parents=True)
    years = range(1913, datetime.now(UTC).year)
    lines = ["Date,Index,Inflation", *(f"{year}-01-01,300.5," for year in years), ""]
    (source / "cpiai.csv").write_text("\n".join(lines), encoding="utf-8")
    command = ["unshare", "-rm", sys.executable, str(SCRIPT), str(folder), str(finished), str(source.parents[1])]
    done = subprocess.run(command, env=environment(folder / "store"), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return {row["case"]: row for row in map(json.loads, done.stdout.splitlines())}


def named(cases: dict[str, dict], start: str) -> list[dict]:
    found = [row for name, row in cases.items() if name.startswith(start)]
    assert found
    return found


def test_a_full_disk_is_told_in_one_line_with_the_path_and_what_to_do(cases):
    for row in named(cases, "full"):
        print(f"\n{row['case']}: {row['told'] or row['said']}")
        lines = row["told"] or [line for line in row["said"] if "no space" in line.lower()]
        assert row["code"] == 1 and len(lines) == 1, row
        assert "no space left on" in lines[0].lower() and "free some and run again" in lines[0], row


def test_a_read_only_disk_is_told_in_one_line_with_the_path_and_what_to_do(cases):
    for row in named(cases, "read-only"):
        print(f"\n{row['case']}: {row['told'] or row['said']}")
        assert row["code"] in (1, 2) and len(row["told"]) == 1, row
        assert "/store" in row["told"][0] and "read-only" in row["told"][0].lower(), row


def test_what_was_published_stays_whole_on_a_full_or_read_only_disk(cases):
    for row in cases.values():
        if row["case"] == "full during the report: run":  # the edition was in place before
            assert row["before"] not in row["after"] and len(set(row["after"])) == 1
        elif not row["case"].startswith("with room"):
            assert set(row["after"]) == {row["before"]}, row
        assert set(row["pages"]) <= {run[:8] for other in cases.values() for run in (other["before"], *other["after"])}


def test_once_there_is_room_the_next_run_succeeds_and_leaves_nothing(cases):
    row = cases["with room again: run"]
    assert row["code"] == 0 and row["before"] not in row["after"], row["told"]
    assert set(row["pages"]) == {row["after"][0][:8]} and row["left"] == []


READ_ON_A_DISK_OF_20_KB = """
mount -t tmpfs -o size=20k tmpfs "$TMPDIR" && exec "$0" -c '
import io, polars as pl
from pipelines import disk
from pipelines.sources import parquet_table
target = io.BytesIO()
pl.DataFrame({"a": ["FRA"] * 300_000, "b": [1.5, 2.5, 3.5] * 100_000}).write_parquet(target)
try:
    parquet_table.read(target.getvalue(), "wiod", "table.parquet", ["a", "b"])
except OSError as error:
    print(disk.line(error))
'
"""


def test_a_temporary_folder_that_fills_is_told_as_a_full_disk_and_not_as_a_bad_file(tmp_path):
    """2 kB of Parquet that are 300,000 rows."""
    command = ["unshare", "-rm", "sh", "-c", READ_ON_A_DISK_OF_20_KB, sys.executable]
    settings = environment(tmp_path / "store") | {"TMPDIR": str(tmp_path)}
    done = subprocess.run(command, env=settings, capture_output=True, text=True)
    assert done.stdout.startswith(f"no space left on the disk of {tmp_path}"), done.stderr
    assert done.stdout.endswith(": free some and run again\n")
