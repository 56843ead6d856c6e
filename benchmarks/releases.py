"""The figures of each release, a file each in `releases/`, and how a ratio of today compares with the last one.

A file is written with `python -m benchmarks --keep VERSION`. How the table looks is in `table`; whether a change of
code made something slower is asked of paired runs, in `against`.
"""

from __future__ import annotations

import csv
import math
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.lines import Line
from pipelines.errors import InputError

FOLDER = Path(__file__).parent / "releases"
VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")
FIGURES = ("ratio", "lowest", "highest")
COLUMNS = ("key", *FIGURES, "repeats", "limit", "seconds", "processor", "cores", "python", "commit", "date")
"""Ratio is the middle one of the repeats; seconds are of the project's own part, empty for what is no time."""


@dataclass(frozen=True)
class Figure:
    """A line of a release: the middle ratio, and the smallest and largest of its repeats."""

    ratio: float
    lowest: float
    highest: float
    repeats: int


@dataclass(frozen=True)
class Release:
    """The figures of a release by key, and the class of machine they were measured on."""

    version: str
    machine: Mapping[str, str]
    figures: Mapping[str, Figure]


def machine() -> dict[str, str]:
    """Model of the processor, number of cores, version of Python."""
    model = "unknown"
    listed = Path("/proc/cpuinfo")
    if listed.is_file():
        named = [line for line in listed.read_text(encoding="utf-8").splitlines() if line.startswith("model name")]
        model = named[0].split(":", 1)[1].strip() if named else model
    return {"processor": model, "cores": str(os.cpu_count()), "python": ".".join(map(str, sys.version_info[:2]))}


def commit() -> str:
    """The commit of this checkout, with + where files differ from it; empty outside git."""
    try:
        done = [
            subprocess.run(["git", "-C", str(FOLDER.parent), *words], capture_output=True, text=True, check=True).stdout
            for words in (("rev-parse", "--short=12", "HEAD"), ("status", "--porcelain", "--untracked-files=no"))
        ]
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done[0].strip() + ("+" if done[1].strip() else "")


def checked(version: str) -> str:
    """The version; InputError where it is none."""
    if not VERSION.fullmatch(version):
        raise InputError("--keep", None, None, "version", version, "three numbers with points between, such as 0.2.0")
    return version


def keep(version: str, lines: Sequence[Line], day: date, folder: Path = FOLDER) -> Path:
    """Write the file of a release; one that is there is replaced."""
    own, at = machine(), commit()
    rows = [
        {
            "key": line.key,
            "ratio": f"{line.ratio:.4g}",
            "lowest": f"{min(line.ratios):.4g}",
            "highest": f"{max(line.ratios):.4g}",
            "repeats": len(line.ratios),
            "limit": line.limit,
            "seconds": "" if line.seconds is None else f"{line.seconds:.3g}",
            **own,
            "commit": at,
            "date": day.isoformat(),
        }
        for line in sorted(lines, key=lambda line: line.key)
    ]
    folder.mkdir(exist_ok=True)
    path = folder / f"{checked(version)}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def newest(folder: Path = FOLDER, but: str | None = None) -> Release | None:
    """The release with the highest version, `but` one that is being written; None where there is none."""
    known = {}
    for path in sorted(folder.glob("*.csv")):
        if not VERSION.fullmatch(path.stem):
            raise InputError(_shown(path), None, None, "file_name", path.name, "<version>.csv, such as 0.2.0.csv")
        known[tuple(map(int, path.stem.split(".")))] = path
    versions = sorted(number for number, path in known.items() if path.stem != but)
    return read(known[versions[-1]]) if versions else None


def read(path: Path) -> Release:
    """A file of `keep`; InputError with the row and column of what is wrong."""
    shown, figures, machines = _shown(path), {}, {}
    try:
        rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines(), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(shown, None, None, "csv", str(error), "a CSV in UTF-8") from None
    if not rows or tuple(rows[0]) != COLUMNS:
        raise InputError(shown, 1, None, "columns", ",".join(rows[0]) if rows else None, ",".join(COLUMNS))
    for number, cells in enumerate(rows[1:], start=2):
        if len(cells) != len(COLUMNS):
            raise InputError(shown, number, None, "cells", len(cells), f"{len(COLUMNS)} cells")
        row = dict(zip(COLUMNS, cells, strict=True))
        if not row["key"] or row["key"] in figures:
            raise InputError(shown, number, "key", "unique", row["key"], "a key that no other row has")
        ratio, lowest, highest = (_number(shown, number, name, row[name]) for name in FIGURES)
        if not lowest <= ratio <= highest:
            raise InputError(shown, number, "ratio", "order", row["ratio"], "a number from lowest to highest")
        if not row["repeats"].isdecimal() or int(row["repeats"]) < 1:
            raise InputError(shown, number, "repeats", "count", row["repeats"], "a whole number from 1")
        figures[row["key"]] = Figure(ratio, lowest, highest, int(row["repeats"]))
        machines = {name: row[name] for name in ("processor", "cores", "python")}
    return Release(path.stem, machines, figures)


def change(line: Line, before: Figure | None, same_machine: bool = True) -> str:
    """How a line compares with its figure in the last release.

    Noise is what the repeats of either run show: the ranges of both must lie apart before a line has moved. A line
    measured once tells nothing of its noise.
    """
    if before is None:
        return "new"
    if before.repeats > 1 and len(line.ratios) > 1:
        apart = max(line.ratios) < before.lowest or min(line.ratios) > before.highest
    elif line.ratio == before.ratio:
        apart = False
    else:
        return "measured once" if line.seconds is not None else _moved(line, before)
    if not apart:
        return "same within noise"
    return _moved(line, before) + ("" if same_machine else ", another machine")


def _moved(line: Line, before: Figure) -> str:
    more = line.ratio > before.ratio
    if line.seconds is None:
        word = "more" if more else "less"
    else:
        word = "faster" if more == line.more_is_better else "slower"
    if before.ratio <= 0:
        return word
    return f"{word}, {100 * (line.ratio / before.ratio - 1):+.0f} %"


def _number(shown: str, row: int, column: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise InputError(shown, row, column, "number", text, "a number from 0")
    return value


def _shown(path: Path) -> str:
    return path.relative_to(FOLDER.parents[1]).as_posix() if path.is_relative_to(FOLDER.parents[1]) else path.name
