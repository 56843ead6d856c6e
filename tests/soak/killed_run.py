"""Runs `cyberaccord` in a process that notes every flush and rename, and there copies the store or kills itself.

A script of its own, started by the tests: the product has no switch for it. Each point has a name: what is done, and
the path inside the store without its room, run ids and months.

    killed_run.py '{"points": FILE, "copies": FOLDER, "kill": [NAME, WHICH, "before" or "after"]}' run --draws 256

`fill` instead of `kill` writes a file until no space is left. With `recall`, a folder, the slowest models answer what
they answered to a whole run of the seed, so that hundreds of runs can be killed while they write. Without arguments it
imports everything, and each line of its input, a list such as the arguments above, is run in a child of its own: its
process and, at its end, its exit code are a line each of the output.
"""

import contextlib
import importlib
import json
import os
import pickle
import re
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from pipelines import store, whole_file

RUN_ID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


SLOW = (
    ("models.results", "scenario_tables"),
    ("models.results", "comparison_tables"),
    ("pipelines.assets.risk", "exceedance"),
    ("pipelines.assets.robustness", "certainty_tables"),
)
"""Functions whose answers depend on the seed alone where all else is the same; two thirds of a small run."""


def named(kind: str, path: str) -> str:
    """Such as `rename published/editions/MONTH.duckdb`; a path outside the store as it is."""
    place = Path(path)
    if place.is_relative_to(store.home()):
        place = place.relative_to(store.home())
    parts = [part for part in place.parts if not part.startswith(whole_file.MARK)]
    words = re.sub(r"\d{4}-\d{2}(?=\.duckdb|/|$)", "MONTH", re.sub(RUN_ID, "RUN", "/".join(parts)))
    return f"{kind} {words or 'the store'}"


def fill(folder: Path) -> None:
    """Leave no space on the disk of a folder: to the last block."""
    with (folder / "ballast").open("wb", buffering=0) as ballast, contextlib.suppress(OSError):
        for block in (1 << 20, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while True:
                    ballast.write(bytes(block))


class Watch:
    """Stands where the system calls were."""

    def __init__(self, asked: dict) -> None:
        self.names = os.open(asked["points"], os.O_WRONLY | os.O_CREAT | os.O_APPEND) if "points" in asked else None
        self.copies = Path(asked["copies"]) if "copies" in asked else None
        self.kill, self.fill = asked.get("kill"), asked.get("fill")
        self.seen: Counter[str] = Counter()
        self.flush, self.moves = os.fsync, {name: getattr(os, name) for name in ("rename", "replace")}

    def fsync(self, handle: int) -> None:
        name = named("flush", str(Path(f"/proc/self/fd/{handle}").readlink()))
        self._come(name)
        self.flush(handle)
        self._end(name, "after")

    def move(self, kind: str):
        def moved(source, target, **options) -> None:
            name = named("rename", os.fspath(target))
            self._come(name)
            self.moves[kind](source, target, **options)
            self._end(name, "after")

        return moved

    def _come(self, name: str) -> None:
        self.seen[name] += 1
        if self.names is not None:
            os.write(self.names, f"{name}\n".encode())
        if self.copies:
            self._copy(self.copies / f"{sum(self.seen.values()):04}")
        self._end(name, "before")

    def _end(self, name: str, when: str) -> None:
        here = [name, self.seen[name], when]
        if self.kill == here:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.fill == here:
            fill(store.home())

    def _copy(self, target: Path) -> None:
        """The store as it stands, by links: what is outside a room is never changed in place, only replaced."""
        skip = shutil.ignore_patterns("dagster", "run.lock")
        shutil.copytree(store.home(), target, copy_function=os.link, ignore=skip)


def recall(folder: Path, seed: str, may_write: bool) -> None:
    """Let the slowest models answer from the folder; a run that is not to be killed writes what is missing there."""

    def remembered(compute: Callable[..., object], path: Path) -> Callable[..., object]:
        def answer(*arguments: object, **options: object) -> object:
            if path.exists():
                return pickle.loads(path.read_bytes())
            found = compute(*arguments, **options)
            if may_write:
                path.write_bytes(pickle.dumps(found))
            return found

        return answer

    folder.mkdir(exist_ok=True)
    for module, name in SLOW:
        holder = importlib.import_module(module)
        setattr(holder, name, remembered(getattr(holder, name), folder / f"{name}-{seed}"))


def run(asked: dict, words: list[str]) -> None:
    """The command, watched; ends this process."""
    if "recall" in asked:
        recall(Path(asked["recall"]), words[words.index("--seed") + 1], may_write="kill" not in asked)
    watch = Watch(asked)
    os.fsync, os.rename, os.replace = watch.fsync, watch.move("rename"), watch.move("replace")
    from pipelines.cli import main

    main(words, prog_name="cyberaccord")


def serve() -> None:
    """Runs on request. What a run imports takes a third of its time, and a kill in it finds nothing written."""
    for name in ("pipelines.definitions", "reports.render"):
        importlib.import_module(name)

    for line in sys.stdin:
        asked, *words = json.loads(line)
        child = os.fork()
        if child == 0:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            told = os.open(asked.pop("told"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(told, 1)
            os.dup2(told, 2)
            run(asked, words)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run(json.loads(sys.argv[1]), sys.argv[2:])
    else:
        serve()
