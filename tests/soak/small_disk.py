"""Commands on a disk of their own, in memory: filled to the last byte, filled while they work, then read-only.

Started by the tests under `unshare -rm`, which lets anybody mount. One line of JSON a case: exit code, what was told,
the run of the edition before and after.

    small_disk.py FOLDER STORE MIRROR
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.soak import whole
from tests.soak.conftest import SMALL, environment
from tests.soak.killed_run import fill

SIZE = "176m"
"""Room for the store of a small run, one more edition, and little else."""
SCRIPT = Path(__file__).with_name("killed_run.py")
COMMANDS = (SMALL, ["report"], ["export"], ["refresh", "us_cpi"], ["replication"])
WHILE = {
    "the tables": "flush tables/core/dyads.parquet",
    "the publication": "flush runs/RUN",
    "the report": "rename published/cyberaccord.duckdb",
}
"""Points at which the disk becomes full; after the last, the report is what comes next."""


def main(folder: Path, finished: Path, mirror: Path) -> None:
    """All cases in turn, on one store."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    subprocess.run(mount, check=True)
    home = folder / "store"
    shutil.copytree(finished, home)
    os.environ["CYBERACCORD_MIRROR"] = str(mirror)
    for command in COMMANDS:
        fill(home)
        case(home, f"full: {command[0]}", command)
    for name, point in WHILE.items():
        when = "after" if "rename" in point else "before"
        case(home, f"full during {name}: run", SMALL, {"fill": [point, 1, when]})
    case(home, "with room again: run", SMALL)
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    for command in (*COMMANDS, ["monthly"]):
        case(home, f"read-only: {command[0]}", command)


def case(home: Path, name: str, command: list[str], asked: dict | None = None) -> None:
    """One command; the disk has room again after it."""
    before = whole.edition(home / "published" / "cyberaccord.duckdb")[0]
    whole_command = [sys.executable, str(SCRIPT), json.dumps(asked or {}), *command]
    done = subprocess.run(whole_command, env=environment(home), capture_output=True, text=True)
    progress = (" done ", " FAILED ", " by hand ")
    told = [line for line in done.stderr.splitlines() if not any(word in line for word in progress)]
    if (asked is None and name.startswith("full: ")) or asked:
        (home / "ballast").unlink()
    after = [whole.edition(path)[0] for path in whole.databases(home)]
    row = {
        "case": name,
        "code": done.returncode,
        "told": told,
        "said": done.stdout.splitlines(),
        "before": before,
        "after": after,
        "pages": [whole.page(path) for path in whole.pages(home)],
        "left": [str(path.relative_to(home)) for path in whole.rooms(home)] + whole.strangers(home),
    }
    print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
