"""One run at a time on one home, whoever starts it: the command line, cron, the UI.

A lock of the operating system on a file of the store: it ends with the process that holds it, so a crash leaves none.
What is done under the lock is in `main_job` and `monthly`.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from pipelines import store

LONGEST_WAIT = 3600
"""Seconds that a run started by the schedule waits for another to end."""
GRACE, PAUSE = 0.5, 0.1
"""Seconds: nobody is refused for a moment in which another process only looked; and between two tries."""

_held: dict[Path, IO[str]] = {}
"""Locks of this process, by file."""
_broken_off: dict[Path, dict[str, Any]] = {}
"""By file: the run that ended without a word before this process took the lock; empty where none did."""


class Busy(Exception):
    """Another run works on this home: one line says which."""


def path() -> Path:
    """The file that is locked."""
    return store.home() / "run.lock"


def holder() -> dict[str, Any] | None:
    """What, process, since of the run that is under way, or None; a file that a crash left behind is none."""
    try:
        with path().open("r", encoding="utf-8") as file:
            if _free(file):
                return None
            return _told(file)
    except OSError:
        return None


def mine() -> bool:
    """Whether this process holds the lock itself, and does not share that of another step of its run."""
    return path() in _held


def broken_off() -> dict[str, Any]:
    """The run that this process found killed when it took the lock, as `holder` says it; empty where there was none."""
    return _broken_off.get(path(), {})


def crashed() -> dict[str, Any] | None:
    """The last run where it ended without a word, killed or with the machine: what it was, as `holder` says it."""
    try:
        with path().open("r", encoding="utf-8") as file:
            return (_told(file) or None) if _free(file) else None
    except OSError:
        return None


def line(found: dict[str, Any]) -> str:
    """The holder in words."""
    words = found.get("what", "a run")
    return f"{words} (process {found.get('pid', 'unknown')}), since {found.get('since', 'a moment')}"


@contextmanager
def alone(what: str, run_id: str = "", wait: float = 0) -> Iterator[None]:
    """Hold the lock while something runs; Busy where another process holds it longer than `wait` seconds.

    A process that holds it already goes on, so a step may start a run of its own; steps of one run in several
    processes share it.
    """
    own = path() not in _held
    if own:
        take(what, run_id, wait)
    try:
        yield
    finally:
        if own:
            release()


def take(what: str, run_id: str = "", wait: float = 0) -> None:
    """Take the lock until `release` or the end of this process."""
    where = path()
    if where in _held:
        return
    where.parent.mkdir(parents=True, exist_ok=True)
    file = where.open("a+", encoding="utf-8")
    until = time.monotonic() + max(wait, GRACE)
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except OSError:
            found = _told(file)
            if run_id and found.get("run_id") == run_id:
                file.close()
                return
            if time.monotonic() >= until:
                file.close()
                raise Busy(f"{line(found)} is running on {store.shown(store.home())}: wait for it to end") from None
            time.sleep(PAUSE)
    since = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    _broken_off[where] = _told(file)
    _tell(file, {"what": what, "pid": os.getpid(), "since": since, "run_id": run_id})
    _held[where] = file


def release() -> None:
    """Let others run; the words of the file go first, so that nobody reads them of a lock that is free."""
    file = _held.pop(path(), None)
    if file is not None:
        file.seek(0)
        file.truncate()
        file.close()


def _free(file: IO[str]) -> bool:
    """Whether nobody holds the lock; it is not kept."""
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return False
    fcntl.flock(file, fcntl.LOCK_UN)
    return True


def _tell(file: IO[str], words: dict[str, Any]) -> None:
    """Write who holds the lock; on a full disk it holds without words, and the clean-up may make room."""
    file.seek(0)
    file.truncate()
    with contextlib.suppress(OSError):
        os.write(file.fileno(), f"{json.dumps(words)}\n".encode())


def _told(file: IO[str]) -> dict[str, Any]:
    with contextlib.suppress(ValueError):
        file.seek(0)
        found = json.loads(file.read())
        if isinstance(found, dict):
            return found
    return {}
