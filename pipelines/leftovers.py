"""What killed processes left half-written in the store, removed at the start of the next run or refresh.

How a file is written so that this can be told from what is being written now is in `whole_file`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from pipelines import store, whole_file

NOT_OURS = "dagster"
"""A folder of the store that only Dagster writes: its databases mend themselves when they are opened."""


def clear(*folders: Path) -> list[Path]:
    """Remove every room without a writer in folders; return their paths.

    By default those of the store, and where tables are if that is elsewhere. A folder that was about to be replaced,
    and was not, goes back to its place first.
    """
    tables = store.tables()
    own = [store.home(), *([tables] if isinstance(tables, Path) else [])]
    return [path for folder in folders or own for path in _clear(folder)]


def _clear(top: Path) -> list[Path]:
    removed = []
    for here, inside, _ in os.walk(top):
        rooms = [name for name in inside if name.startswith(whole_file.MARK)]
        inside[:] = [name for name in inside if name not in rooms and not (here == str(top) and name == NOT_OURS)]
        removed += [path for name in rooms if _remove(path := Path(here, name))]
    return removed


def clear_beside(target: Path) -> None:
    """The same for the rooms directly beside a file or folder, which may lie outside the store."""
    for path in target.parent.glob(f"{whole_file.MARK}*"):
        _remove(path)


def _remove(path: Path) -> bool:
    lock = path / whole_file.LOCK
    if not lock.exists():
        with contextlib.suppress(OSError):
            path.rmdir()  # a kill came between making and locking it; one that is in use is no longer empty
            return True
        if not lock.exists():  # a kill came while it was being removed
            shutil.rmtree(path, ignore_errors=True)
            return True
    held = whole_file.without_writer(path)
    if held is None:
        return False
    try:
        for old in (path / whole_file.WAS).glob("*"):
            if not (path.parent / old.name).exists():
                old.rename(path.parent / old.name)
        shutil.rmtree(path, ignore_errors=True)
    finally:
        os.close(held)
    return True
