"""A file or folder that readers find whole: written in a room of its own beside its place, flushed to disk, swapped in.

The only module that gives finished files their names. A room is a folder `.writing-<hex>` with a lock that its writer
holds, and that the system ends with the writer. So what a killed process left can be told from what another process is
writing, and `leftovers` removes the one and never the other, whichever command wrote it and whatever else runs on the
store.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

MARK = ".writing-"
"""How the name of a room begins."""
LOCK = ".lock"
"""The file of a room that is locked: a file, because a folder cannot be on every network drive."""
WAS = ".was"
"""Inside a room: the folder that a new one of its name is about to replace."""


@contextmanager
def room(folder: Path) -> Iterator[Path]:
    """An empty folder inside another, made where it is not there; removed at the end with what is still in it."""
    folder.mkdir(parents=True, exist_ok=True)
    path, lock = _locked(folder)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(lock)


@contextmanager
def swapped_in(target: Path) -> Iterator[Path]:
    """Where to write a file: at the end it has its name, unless an error came first, which leaves the old one."""
    with room(target.parent) as beside:
        written = beside / target.name
        yield written
        swap_in(written, target)


@contextmanager
def folder_swapped_in(target: Path) -> Iterator[Path]:
    """The same for a folder, made empty; one that is there is replaced whole.

    There is no swap of folders in one step: a kill between the two renames leaves none, until `leftovers` puts the old
    one back.
    """
    with room(target.parent) as beside:
        written = beside / target.name
        written.mkdir()
        yield written
        for path in [written, *written.rglob("*")]:
            to_disk(path)
        was = beside / WAS / target.name
        if target.exists():
            was.parent.mkdir()
            target.rename(was)
        try:
            written.rename(target)
        except OSError:
            if was.exists():
                was.rename(target)
            raise
        to_disk(target.parent)


def write(target: Path, content: str | bytes) -> None:
    """Swap in a file of this content."""
    with swapped_in(target) as written:
        written.write_bytes(content.encode() if isinstance(content, str) else content)


def swap_in(written: Path, target: Path) -> None:
    """Flush a file to disk, then give it its name: whoever opens the name finds the old file or the new one."""
    to_disk(written)
    written.replace(target)
    to_disk(target.parent)


def to_disk(path: Path) -> None:
    """Flush a file, or the names in a folder, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def without_writer(path: Path) -> int | None:
    """The lock of a room that nobody writes in, to be closed by the caller; None where somebody does."""
    lock = None
    try:
        lock = os.open(path / LOCK, os.O_RDWR)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        if lock is not None:
            os.close(lock)
        return None
    return lock


def _locked(folder: Path) -> tuple[Path, int]:
    """A new room and its lock; another one where a clean-up came between making and locking it."""
    while True:
        path = folder / f"{MARK}{uuid4().hex}"
        path.mkdir()
        with contextlib.suppress(FileNotFoundError):
            lock = os.open(path / LOCK, os.O_RDWR | os.O_CREAT)
            fcntl.flock(lock, fcntl.LOCK_EX)
            if (path / LOCK).exists():
                return path, lock
            os.close(lock)
