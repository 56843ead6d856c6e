"""Runs the code of this package as it was run for the edition, and compares every number with results/.

`python3 replicate.py`, or `make replicate`. Needs Python 3.11 or newer and, once, the network, to make the environment
in .venv from code/requirements.lock; with `--bin FOLDER`, where a Python that has these packages is, no network at all.
Exit codes: 0 every number agrees, 1 a number differs or the run failed, 2 something that it needs is missing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
CODE, RESULTS, VENV, HOME = ROOT / "code", ROOT / "results", ROOT / ".venv", ROOT / "replicated"
OURS = ("CYBERACCORD_", "DAGSTER_", "PYTHON")
"""Starts of the environment's variables that could lead the run to other code or files."""

START = """
import sys
import models, pipelines, reports
for package in (models, pipelines, reports):
    print("code", package.__file__, flush=True)
    if not package.__file__.startswith(sys.argv[1]):
        sys.exit("this is not the code of the package")
del sys.argv[1]
from pipelines.cli import main
main(prog_name="cyberaccord")
"""


PAGE = """
import sys, pathlib, duckdb
from reports.render import render
database, changes, folder = sys.argv[1:]
with duckdb.connect(database) as connection:
    connection.execute("delete from meta.changes")
    connection.execute("insert into meta.changes by name from read_parquet(?)", [changes])
render(pathlib.Path(database), pathlib.Path(folder))
"""


class Missing(Exception):
    """Something that the replication needs is not there; one line says what, and what to do."""


def main() -> int:
    """Check, run, compare; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--bin", type=Path, help="folder with a Python that has the packages; by default .venv, made")
    asked = parser.parse_args()
    started = time.monotonic()
    try:
        changed = changed_files()
        print(f"files {'changed since they were packed: ' + ', '.join(changed) if changed else 'as they were packed'}")
        lay_out_vintages()
        python = interpreter(asked.bin)
    except Missing as error:
        print(error, file=sys.stderr)
        return 2
    settings = json.loads((ROOT / "settings.json").read_text(encoding="utf-8"))
    if run(python, settings):
        print("the run failed: nothing to compare", file=sys.stderr)
        return 1
    ran = time.monotonic() - started
    database = HOME / "published" / "cyberaccord.duckdb"
    compare = [python, "-m", "comparison", RESULTS, database, page(python, database)]
    code = subprocess.run(compare, cwd=ROOT, env=environment(ROOT)).returncode
    compared = time.monotonic() - started - ran
    print(f"run {ran:.0f} s, comparison {compared:.0f} s{memory()}, {megabytes(HOME)} MB in {HOME.name}/")
    return code


def changed_files() -> list[str]:
    """Files of the package that are not as SHA256SUMS has them, at most five of them named."""
    lines = (ROOT / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    wanted = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    changed = [n for n, digest in wanted.items() if not (ROOT / n).is_file() or sha256(ROOT / n) != digest]
    return [*changed[:5], f"and {len(changed) - 5} more"] if len(changed) > 5 else changed


def lay_out_vintages() -> None:
    """An empty store with the vintages that the run read; Missing where a file that is not passed on is not there."""
    shutil.rmtree(HOME, ignore_errors=True)
    missing = []
    for listed in sorted((ROOT / "vintages").glob("*/*/manifest.json")):
        for file in json.loads(listed.read_text(encoding="utf-8"))["files"]:
            path = listed.with_name(file["name"])
            if not path.is_file() or sha256(path) != file["sha256"]:
                missing.append(f"{path.relative_to(ROOT)} (SHA-256 {file['sha256']})")
    if missing:
        raise Missing("needed, and not passed on; README.md says where to get them:\n" + "\n".join(missing))
    if (ROOT / "vintages").is_dir():
        shutil.copytree(ROOT / "vintages", HOME / "vintages")


def interpreter(folder: Path | None) -> Path:
    """The Python of a folder, or that of .venv, which is made where it is not there; Missing where it cannot be."""
    places = [folder] if folder else [VENV / "bin", VENV / "Scripts"]
    found = [p / name for p in places for name in ("python", "python3", "python.exe") if (p / name).exists()]
    if folder and not found:
        raise Missing(f"{folder}: no Python there; --bin names the folder bin of an environment")
    if found and (folder or (VENV / ".ready").exists()):
        return found[0].absolute()
    if sys.version_info < (3, 11):  # noqa: UP036, whatever python3 is there runs this file
        raise Missing(f"Python 3.11 or newer is needed; found {sys.version.split()[0]}")
    print("making .venv from code/requirements.lock", flush=True)
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    made = subprocess.run([sys.executable, "-m", "venv", VENV]).returncode
    [python] = [path for path in (VENV / "bin" / "python", VENV / "Scripts" / "python.exe") if path.exists()] or [None]
    if made or not python or subprocess.run([python, *install, "-r", CODE / "requirements.lock"]).returncode:
        raise Missing(".venv could not be made; with packages already installed: make replicate BIN=/path/to/bin")
    (VENV / ".ready").touch()
    return python


def run(python: Path, settings: dict) -> int:
    """The main job with the edition's settings, by the code of this package; its exit code."""
    options = ["--draws", str(settings["draws"]), "--seed", str(settings["seed"])]
    options += ["--as-of", settings["as_of"]] if settings["as_of"] else []
    options += [word for name in settings["scenarios"] for word in ("--scenario", name)]
    print("cyberaccord run", *options, flush=True)
    command = [python, "-c", START, str(CODE), "run", *options]
    return subprocess.run(command, cwd=CODE, env=environment(CODE) | {"CYBERACCORD_HOME": str(HOME)}).returncode


def page(python: Path, database: Path) -> Path:
    """The report of the replication; where the edition compares itself with the one before, with that comparison in it.

    An earlier edition is not in the package, so what the edition says of it is taken over as it is.
    """
    changes = RESULTS / "tables" / "meta.changes.parquet"
    if not changes.exists():
        return HOME / "published" / "report" / "index.html"
    copy = HOME / "with_changes.duckdb"
    shutil.copyfile(database, copy)
    command = [python, "-c", PAGE, copy, changes, HOME / "with_changes"]
    subprocess.run(command, cwd=CODE, env=environment(CODE), check=True)
    copy.unlink()
    return HOME / "with_changes" / "index.html"


def environment(path: Path) -> dict[str, str]:
    """The environment without what could lead to other code or files, with `path` as the first place for code."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return kept | {"PYTHONPATH": str(path), "PYTHONDONTWRITEBYTECODE": "1"}


def memory() -> str:
    """The most memory that a process of this run held, in words; nothing where the system does not say."""
    try:
        import resource
    except ImportError:
        return ""
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return f", {most / 1e6:.0f} MB of memory"


def megabytes(folder: Path) -> int:
    """Disk that a folder takes."""
    return round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6)


def sha256(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
