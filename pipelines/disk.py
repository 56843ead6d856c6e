"""What is wrong where nothing can be written, in one line: a disk that is full or read-only, a folder of somebody else.

Python, DuckDB, SQLite and polars each say it in words of their own, in errors that wrap one another.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from pathlib import Path

from pipelines import store, whole_file

FULL, READ_ONLY, REFUSED = "full", "read-only", "refused"
NUMBERS = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: REFUSED,
    errno.EPERM: REFUSED,
}
WORDS = {
    "no space left on device": FULL,
    "database or disk is full": FULL,
    "disk quota exceeded": FULL,
    "read-only file system": READ_ONLY,
    "readonly database": READ_ONLY,
    "permission denied": REFUSED,
}
VAGUE = ("disk i/o error", "unable to open database file", "async write failed", "could not write")
"""Words of SQLite and DuckDB that may mean a full disk: then there is next to no space."""
NO_SPACE = 1 << 20
"""Bytes."""


def line(error: BaseException, where: Path | None = None) -> str | None:
    """What to tell of an error that the disk caused, None for any other; `where` is what was to be written."""
    for link in _chain(error):
        place = where
        if isinstance(link, OSError):
            place = where or (Path(str(link.filename)) if link.filename else None)
            if link.errno in NUMBERS:
                return _said(NUMBERS[link.errno], place or store.home())
        if told := line_of(str(link), place):
            return told
    return None


def line_of(text: str, where: Path | None = None) -> str | None:
    """The same for an error of which only the words are left."""
    place, low = where or store.home(), text.lower()
    for words, kind in WORDS.items():
        if words in low:
            return _said(kind, place)
    if any(words in low for words in VAGUE) and _free(place) < NO_SPACE:
        return _said(FULL, place)
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and those that it wraps or came of."""
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        link = waiting.pop(0)
        if link is not None and link not in seen:
            seen.append(link)
            waiting += [link.__cause__, link.__context__]
            yield link


def _said(kind: str, path: Path) -> str:
    """In words; a room is no place that the reader knows, what is written in it is."""
    parts = [part for part in path.parts if not part.startswith(whole_file.MARK)]
    shown = store.shown(Path(*parts))
    if kind == FULL:
        return f"no space left on the disk of {shown}: free some and run again"
    if kind == READ_ONLY:
        return f"{shown} is on a disk that is read-only: make it writable, or set CYBERACCORD_HOME to another folder"
    return f"{shown}: permission denied; use a folder that you may write, such as by CYBERACCORD_HOME"


def _free(path: Path) -> int:
    there = next(folder for folder in (path, *path.parents) if folder.exists())
    return shutil.disk_usage(there).free
