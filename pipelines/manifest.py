"""What a run rested on: its row in meta.runs, and a folder with its manifest and the bytes of its inputs.

Enough to compute the run again. How it is published is in `warehouse`.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
import subprocess
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import cards, store, vintages, whole_file

PACKAGES = ("cyberaccord", "dagster", "duckdb", "numpy", "pandera", "plotly", "polars", "scipy")
DATED = ("signed_on", "ratified_on")
BESIDE_PRIORS = ("reference/", "scenarios/", "sources/", "definitions/", "events/", "vintages/")
"""Inputs that are no priors."""
CODE = ("models", "pipelines")
"""Packages whose code computes; the report only shows."""


@dataclass(frozen=True)
class Run:
    """A row of meta.runs."""

    run_id: str
    edition: str
    created_at: datetime
    git_commit: str | None
    code_sha256: str
    inputs_sha256: str
    priors_sha256: str
    seed: int
    draws: int
    as_of: date
    vintages: str
    versions: str

    def row(self) -> dict[str, object]:
        """Column name to value."""
        return asdict(self)


def describe(
    run_id: str, seed: int, draws: int, as_of: date, asked: date | None = None, now: datetime | None = None
) -> Run:
    """The run, as of this moment, over the input files as they are and the vintages that stood on the day asked for."""
    moment = (now or datetime.now(UTC)).replace(tzinfo=None)
    hashes, standing = input_hashes(), vintage_hashes(asked)
    return Run(
        run_id=run_id,
        edition=month(now),
        created_at=moment,
        git_commit=git_commit(),
        code_sha256=code_sha256(),
        inputs_sha256=combined(hashes | standing, BESIDE_PRIORS),
        priors_sha256=combined(hashes, ("priors/",)),
        seed=seed,
        draws=draws,
        as_of=as_of,
        vintages=json.dumps({key.removeprefix("vintages/"): value for key, value in standing.items()}),
        versions=json.dumps(versions(), sort_keys=True),
    )


def month(now: datetime | None = None) -> str:
    """The edition of a moment, YYYY-MM in UTC."""
    return f"{now or datetime.now(UTC):%Y-%m}"


def write(
    run: Run,
    scenarios: Sequence[str] = (),
    basis: Mapping[str, str] | None = None,
    asked: date | None = None,
    stale: Collection[str] = (),
    effect_sets: Collection[str] = (),
) -> Path:
    """Keep the manifest and the bytes of every input in the run's folder; return the manifest.

    `basis` says of each source that figures rest on whether they come from its records or from what ships, `asked` is
    the day of `--as-of`, `stale` are the published scenarios that were computed before, on something else,
    `effect_sets` those named, none where all were computed.
    """
    row = {key: value.isoformat() if isinstance(value, date) else value for key, value in run.row().items()}
    content: dict[str, Any] = {
        **row,
        "versions": json.loads(run.versions),
        "vintages": json.loads(run.vintages),
        "basis": dict(basis or {}),
        "scenarios": sorted(scenarios),
        "stale": sorted(stale),
        "effect_sets": sorted(effect_sets),
        "asked_as_of": asked.isoformat() if asked else None,
        "uncommitted_changes": uncommitted_changes(),
        "inputs": input_hashes(),
    }
    target = store.runs() / run.run_id
    with whole_file.folder_swapped_in(target) as written:
        for name in content["inputs"]:
            copy = written / "inputs" / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes((store.DATA / name).read_bytes())
        (written / "manifest.json").write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return target / "manifest.json"


def input_hashes() -> dict[str, str]:
    """SHA-256 of every input file, by its path inside data/."""
    files = sorted(path for name in store.INPUTS for path in (store.DATA / name).glob("*.*") if path.is_file())
    return {path.relative_to(store.DATA).as_posix(): sha256(path.read_bytes()) for path in files}


def vintage_hashes(day: date | None = None) -> dict[str, str]:
    """SHA-256 of the vintage of each source that stands on a day, by source and label; empty where there is none."""
    standing = (vintages.standing(name, day) for name in cards.names())
    return {f"vintages/{v.source_id}/{v.label}": v.sha256 for v in standing if v}


@cache
def code_sha256() -> str:
    """One hash over the code that computes, names included: two checkouts with the same bytes are one method.

    As of the first call in this process, which computes with what it has loaded.
    """
    files = sorted(path for name in CODE for path in (store.ROOT / name).rglob("*.py"))
    return combined({path.relative_to(store.ROOT).as_posix(): sha256(path.read_bytes()) for path in files}, CODE)


def combined(hashes: Mapping[str, str], prefixes: Iterable[str]) -> str:
    """One hash over the files in the folders named, names included."""
    chosen = [f"{name} {digest}\n" for name, digest in sorted(hashes.items()) if name.startswith(tuple(prefixes))]
    return sha256("".join(chosen).encode())


def sha256(content: bytes) -> str:
    """SHA-256, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def data_as_of(treaty_status: pl.DataFrame, sources: pl.DataFrame, asked: date | None = None) -> date:
    """The latest day the inputs speak of: a signature, a ratification or a source's vintage; `asked` if earlier."""
    days = [day for column in DATED for day in treaty_status[column].cast(pl.Date).drop_nulls()]
    days += [day for label in sources["vintage"].drop_nulls() if (day := vintage_day(str(label))) is not None]
    latest = max(days)
    return min(latest, asked) if asked else latest


def vintage_day(label: str) -> date | None:
    """The first day of a vintage whose label is a day, a month or a year; None for any other label."""
    found = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", label.strip())
    if not found:
        return None
    year, month, day = (int(part or 1) for part in found.groups())
    return date(year, month, day)


def versions() -> dict[str, str]:
    """Python and the packages that compute."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def git_commit() -> str | None:
    """The commit of the checkout; None outside one, or without git."""
    return _git("rev-parse", "HEAD")


def uncommitted_changes() -> bool | None:
    """Whether the checkout differs from its commit; None where that is not known."""
    changes = _git("status", "--porcelain")
    return None if changes is None else bool(changes)


def _git(*arguments: str) -> str | None:
    if not (store.ROOT / ".git").exists():
        return None
    try:
        done = subprocess.run(["git", "-C", str(store.ROOT), *arguments], capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
