"""Measure, on this machine and in one run, what the project claims about its speed; one table.

Every line is a ratio; its limit is what the project promises. Numbers of seconds are shown for orientation only. What
is measured is in the modules of this package; a new one has a place in `ROOMS`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from benchmarks import against, commands, counterfactual, growth, large_ensemble, losses, releases, sources
from benchmarks.lines import Line
from benchmarks.table import table
from pipelines.errors import InputError


def mirror() -> Path | None:
    """The folder of public sources that CYBERACCORD_MIRROR names, if it is there."""
    named = os.environ.get("CYBERACCORD_MIRROR")
    return Path(named) if named and Path(named).is_dir() else None


def of_sources() -> list[Line]:
    """Lines on refreshing, which need the mirror."""
    folder = mirror()
    return [] if folder is None else sources.lines(folder)


ROOMS: dict[str, Callable[[], list[Line]]] = {
    "counterfactual": counterfactual.lines,
    "large_ensemble": large_ensemble.lines,
    "losses": losses.lines,
    "commands": commands.lines,
    "sources": of_sources,
    "growth": lambda: growth.lines(mirror()),
}
"""In the order of the table."""


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """What is asked on the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--keep", metavar="VERSION", help="write the figures to benchmarks/releases/VERSION.csv")
    parser.add_argument(
        "--against", metavar="COMMIT", help="paired runs of this checkout and of another commit instead"
    )
    parser.add_argument("--only", metavar="ROOM", choices=list(ROOMS), help=f"one of {', '.join(ROOMS)}")
    asked = parser.parse_args(words)
    if asked.only and asked.keep:
        parser.error("--keep writes all lines, --only measures some")
    return asked


def main(words: Sequence[str] | None = None) -> int:
    """Print the table; 1 where a limit does not hold, 2 for an option or a file of a release that is wrong."""
    asked = arguments(words)
    try:
        if asked.against:
            against.report(asked.against)
            return 0
        version = releases.checked(asked.keep) if asked.keep else None
        last = releases.newest(but=version)  # before an hour is spent
        if mirror() is None:
            if version:
                raise InputError(
                    "CYBERACCORD_MIRROR", None, None, "folder_exists", None, "the mirror: --keep writes all"
                )
            print("without CYBERACCORD_MIRROR the lines on refreshing and on incidents are left out")
        lines = []
        for name in [asked.only] if asked.only else ROOMS:
            print(f"measuring: {name}", file=sys.stderr, flush=True)
            lines += ROOMS[name]()
        print("\n".join(table(lines, last)))
        if version:
            print(f"kept: {releases.keep(version, lines, date.today()).name}")
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    return 0 if all(line.holds for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
