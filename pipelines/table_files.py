"""Parquet files of tables where they may lie in a bucket: the path there, a copy at hand, an answer before a run.

Where tables are is in `store`; the I/O manager that writes and reads them is in `parquet`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from pipelines import store, whole_file
from pipelines.errors import InputError

if TYPE_CHECKING:
    import polars as pl
    from upath import UPath

SCHEMAS = ("staging", "core", "model", "meta")
"""Folders of tables; beside them are blocks of draws."""
PROBE = ".probe"
"""Written and removed before a run: a bucket that can be read need not be one that can be written."""

CLIENTS = ("botocore", "aiobotocore", "aiohttp", "gcsfs", "google", "azure")
"""Packages that speak with buckets and have errors of their own, besides those of the operating system."""


class Unreachable(Exception):
    """The folder cannot be written, or the bucket does not answer: one line says why."""


@cache
def in_bucket(address: str) -> UPath:
    """The path of a bucket; its listings are asked for anew each time, because others write there too."""
    from upath import UPath

    try:
        path = UPath(address, use_listings_cache=False)
        _ = path.fs  # needs the package for this kind of bucket, and no network
    except (ImportError, ValueError) as error:
        allowed = "a folder, or a bucket such as s3://name/tables with the packages of requirements-cluster.lock"
        raise InputError(store.TABLES, None, None, "can be opened", address, f"{allowed} ({error})") from None
    return path


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
    try:
        with answering(where):
            probe = where / f"{PROBE}-{uuid4().hex}"
            probe.write_bytes(b"")
            probe.unlink()
    except FileNotFoundError:
        allowed = "a bucket that is there: make it first"
        raise InputError(store.TABLES, None, None, "there", str(where), allowed) from None
    except PermissionError as error:
        allowed = f"a bucket that these keys may write ({_line(error)})"
        raise InputError(store.TABLES, None, None, "may be written", str(where), allowed) from None


def write(frame: pl.DataFrame, path: Path | UPath, metadata: Mapping[str, str]) -> None:
    """Swap a file in, so that a reader finds the old table or the new one."""
    if not isinstance(path, Path):
        # an object appears whole, but a file of a bucket that is closed on an error puts there what it has
        content = io.BytesIO()
        frame.write_parquet(content, metadata=dict(metadata))
        path.fs.pipe_file(path.path, content.getvalue())
        return
    with whole_file.swapped_in(path) as written:
        frame.write_parquet(written, metadata=dict(metadata))


def read(path: Path | UPath) -> pl.DataFrame:
    """The table of a file."""
    import polars as pl

    with path.open("rb") as file:
        return pl.read_parquet(file)


def metadata(path: Path | UPath) -> dict[str, str]:
    """What was written with a table, less the columns' own description."""
    import polars as pl

    with path.open("rb") as file:
        found = pl.read_parquet_metadata(file)
    return {key: value for key, value in found.items() if not key.startswith("ARROW:")}


@contextmanager
def answering(where: Path | UPath) -> Iterator[None]:
    """Work on a folder or a bucket; Unreachable, in the words of its own error, where it fails.

    What is not there and what is not allowed stay FileNotFoundError and PermissionError.
    """
    try:
        yield
    except (FileNotFoundError, PermissionError):
        raise
    except Exception as error:
        if isinstance(error, OSError) or type(error).__module__.startswith(CLIENTS):
            raise Unreachable(f"{where}: {_line(error)}") from None
        raise


@contextmanager
def at_hand(*names: str) -> Iterator[Path]:
    """The folder of tables on this machine: where they are, or, from a bucket, a copy for as long as it is needed.

    `names`, such as model.counterfactual, are the tables wanted of a bucket, by default all.
    """
    where = store.tables()
    if isinstance(where, Path):
        yield where
        return
    wanted = [name.replace(".", "/") for name in names] or list(SCHEMAS)
    found = [
        file for below in wanted for file in (*where.glob(f"{below}.parquet"), *where.glob(f"{below}/**/*.parquet"))
    ]
    with _copied(where, [file.path for file in found]) as copy:
        yield copy


@contextmanager
def files_at_hand(folder: Path | UPath, names: Sequence[str]) -> Iterator[list[Path]]:
    """Some files of a folder on this machine, copied for as long as they are needed where the folder is a bucket's."""
    if isinstance(folder, Path):
        yield [folder / name for name in names]
        return
    inside = folder.path.rstrip("/")
    with _copied(folder, [f"{inside}/{name}" for name in names]) as copy:
        yield [copy / name for name in names]


@contextmanager
def _copied(where: UPath, files: Sequence[str]) -> Iterator[Path]:
    """A folder of the home with files of a bucket, in the same places below `where`."""
    with whole_file.room(store.home()) as copy:
        for name in files:
            target = copy / name.removeprefix(where.path.rstrip("/")).lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            where.fs.get_file(name, str(target))
        yield copy


def _line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
