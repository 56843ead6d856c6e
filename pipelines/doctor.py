"""What is missing on this machine and how the last run went: `cyberaccord doctor` and `status`. No dagster."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines import editions, outcome, paper, run_lock, store

NEEDED = (
    "click",
    "dagster",
    "dagster_webserver",
    "duckdb",
    "jinja2",
    "numpy",
    "pandera",
    "plotly",
    "polars",
    "rapidfuzz",
    "requests",
    "scipy",
    "tenacity",
    "yaml",
)
SPACE_GB = 1.0


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what was found, and the command that mends it where it is not good."""

    what: str
    good: bool
    found: str
    remedy: str = ""
    needed: bool = True


def findings() -> list[Finding]:
    """Everything that is looked at, in the order in which it would stop a run."""
    version = ".".join(map(str, sys.version_info[:3]))
    absent = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    home = store.home()
    standing = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(standing).free / 1e9
    writable = os.access(standing, os.W_OK)
    missing = [name for name in store.INPUTS if not (store.DATA / name).is_dir()]
    return [
        Finding("Python", sys.version_info >= (3, 11), version, "make PYTHON=python3.11"),
        Finding("packages", not absent, "missing: " + ", ".join(absent) if absent else "all there", "make run"),
        Finding(
            "input files", not missing, f"missing: {', '.join(missing)}" if missing else "there", "git checkout data"
        ),
        Finding("store", writable, store.shown(home), "set CYBERACCORD_HOME to a folder you may write"),
        Finding("disk", free > SPACE_GB, f"{free:.0f} GB free", f"free {SPACE_GB:g} GB, or set CYBERACCORD_HOME"),
        Finding("edition", store.database().exists(), _stated(store.database().exists()), "make run", needed=False),
        Finding("report", _report().exists(), _stated(_report().exists()), "cyberaccord report", needed=False),
        Finding("git", shutil.which("git") is not None, "for the commit in the manifest", "install git", needed=False),
        Finding("Chromium", paper.browser() is not None, "for report --pdf", paper.HOW_TO_GET, needed=False),
    ]


def lines(found: Sequence[Finding]) -> list[str]:
    """One line a finding."""
    return [f"{'ok ' if f.good else '-- '} {f.what:12}{f.found}{'' if f.good else f'  ->  {f.remedy}'}" for f in found]


def _report() -> Path:
    return store.report() / "index.html"


def _stated(there: bool) -> str:
    return "published" if there else "none yet"


def _last_refresh() -> list[str]:
    path = store.home() / "refresh.json"
    if not path.exists():
        return ["refresh     none (make refresh); shipped figures stand in for records"]
    last = json.loads(path.read_text(encoding="utf-8"))
    bad = [row for row in last["outcomes"] if row["result"] in ("failed", "refused")]
    counts = Counter(row["result"] for row in last["outcomes"])
    told = ", ".join(f"{count} {result}" for result, count in counts.items())
    return [f"refresh     {last['ended']}  {told}", *(f"            {row['source_id']}: {row['told']}" for row in bad)]


def status() -> str:
    """Last run and refresh, current edition, report, editions kept."""
    lines = outcome.lines()
    if (holder := run_lock.holder()) is not None:
        lines = [f"under way   {run_lock.line(holder)}", *lines]
    elif (stopped := run_lock.crashed()) is not None:
        lines = [f"broken off  {run_lock.line(stopped)}: killed before its end; what was published stays", *lines]
    lines += _last_refresh()
    current = store.database()
    if not current.exists():
        return "\n".join([*lines, "edition     none published"])
    found = editions.rows(current, "select * from meta.runs")[0]
    lines.append(
        f"edition     {found['edition']}, published {found['created_at']:%Y-%m-%d %H:%M} UTC by {found['run_id']}, "
        f"{found['draws']} draws, seed {found['seed']}, data as of {found['as_of']}"
    )
    report = store.report() / "index.html"
    lines.append(f"report      {store.shown(report) if report.exists() else 'none (cyberaccord report)'}")
    lines.append(f"kept        {', '.join(editions.names())}")
    return "\n".join(lines)
