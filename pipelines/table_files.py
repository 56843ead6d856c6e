"""Parquet files of tables where they may lie in a bucket: the path there, a copy at hand, an answer before a run.

Where tables are is in `store`; the I/O manager that writes and reads them is in `parquet`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import store
from pipelines.errors import InputError

if TYPE_CHECKING:
    from upath import UPath

VARIABLE = "CYBERACCORD_TABLES"
PROBE = ".probe"
"""Written and removed before a run: a bucket that can be read need not be one that can be written."""


class Unreachable(Exception):
    """The bucket does not answer: one line says why."""


@cache
def in_bucket(address: str) -> UPath:
    """The path of a bucket; its listings are asked for anew each time, because others write there too."""
    from upath import UPath

    try:
        return UPath(address, use_listings_cache=False)
    except (ImportError, ValueError) as error:
        allowed = "a folder, or a bucket such as s3://name/tables with the packages of requirements-cluster.lock"
        raise InputError(VARIABLE, None, None, "can be opened", address, f"{allowed} ({error})") from None


def check() -> None:
    """Write a few bytes where tables will be and take them away.

    Errors
    ------
    InputError for a bucket that is not there or keys that are not allowed to write; Unreachable for one that does not
    answer.
    """
    where = store.tables()
    if isinstance(where, Path):
        return
    probe = where / f"{PROBE}-{os.getpid()}"
    try:
        probe.write_bytes(b"")
        probe.unlink()
    except FileNotFoundError:
        raise InputError(VARIABLE, None, None, "there", str(where), "a bucket that is there: make it first") from None
    except PermissionError as error:
        allowed = f"a bucket that these keys may write ({_line(error)})"
        raise InputError(VARIABLE, None, None, "may be written", str(where), allowed) from None
    except Exception as error:  # noqa: BLE001, each kind of bucket has errors of its own
        raise Unreachable(f"{where} does not answer: {_line(error)}") from None


@contextmanager
def at_hand(*names: str) -> Iterator[Path]:
    """The folder of tables on this machine: where they are, or, from a bucket, a copy for as long as it is needed.

    `names`, such as model.counterfactual, are the tables wanted of a bucket, by default all.
    """
    where = store.tables()
    if isinstance(where, Path):
        yield where
        return
    # a name without a random part: what a killed run left is removed by the next
    copy = store.home() / "tables_at_hand"
    shutil.rmtree(copy, ignore_errors=True)
    try:
        for name in names or ("",):
            _fetch(where, "/".join(name.split(".")), copy)
        copy.mkdir(parents=True, exist_ok=True)
        yield copy
    finally:
        shutil.rmtree(copy, ignore_errors=True)


def _fetch(where: UPath, below: str, copy: Path) -> None:
    """Every Parquet file of a table, or of all of them, into the same place of a folder."""
    root = where.path.rstrip("/")
    inside = f"{root}/{below}".rstrip("/")
    found = [name for name in where.fs.find(inside) if name.endswith(".parquet")]
    if below and where.fs.exists(f"{inside}.parquet"):
        found.append(f"{inside}.parquet")
    for name in found:
        target = copy / name.removeprefix(root).lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        where.fs.get_file(name, str(target))


def _line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
