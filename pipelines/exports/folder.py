"""The folder of an export: written beside, then renamed, so that a reader sees a whole export or the one before.

Which formats there are and what is said of them is here; each is written by the module of its name.
"""

from __future__ import annotations

import hashlib
import importlib
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines import disk, editions, leftovers, store, whole_file
from pipelines.errors import InputError
from pipelines.exports import edition as published
from pipelines.exports import notes
from pipelines.exports.selection import Selection, select

FORMATS = {
    "parquet": ("parquet", "one file a table, types as published; words and units in the key-value metadata"),
    "csv": (
        "csv_package",
        "UTF-8, RFC 4180, an empty cell is missing, a list is a JSON array; datapackage.json (Data Package 2) has "
        "type, unit and description of each column, key, size and SHA-256 of each file. Cells are as in the database, "
        "but a text that begins like a formula has one apostrophe before it, which is no part of the text",
    ),
    "excel": (
        "excel",
        "one workbook: notes first, then one sheet a table; every text is text, so that no formula and no link of a "
        "source can run; numbers to 16 digits",
    ),
    "stata": (
        "stata",
        "format 118; variable labels, value labels numbered alike in all tables of the edition, notes with the whole "
        "description, unit and source",
    ),
    "latex": ("latex", "headline, claims, break-even, evidence and estimates, rounded as in the report; booktabs"),
    "html": ("html", "the same tables as pages"),
    "bibtex": ("bibtex", "every source and the edition; the key is the source_id of the tables"),
}
"""By name on the command line: the module, and what its files are."""
OF_TABLES = ("parquet", "csv", "excel", "stata")
"""Formats that hold whatever table is named; the others hold the same few each time."""
README, SUMS = "README.txt", "checksums.txt"


class ExportFailed(Exception):
    """The disk took no export: one line says where and why; the export before stays."""


@dataclass(frozen=True)
class Written:
    """What a format came to: files, bytes, seconds, and what it could not hold."""

    name: str
    files: int
    bytes: int
    seconds: float
    remarks: tuple[str, ...]


def export(
    folder: str | None = None,
    edition: str | None = None,
    formats: Sequence[str] = (),
    tables: Sequence[str] = (),
    say: Callable[[str], None] = lambda text: None,
) -> list[str]:
    """Export an edition; return what to tell, a line each. InputError for what was asked and cannot be.

    Parameters
    ----------
    folder : where to; by default exports/<edition> in the store. An export that is there is replaced whole
    edition : YYYY-MM, by default the current one
    formats : of `FORMATS`; by default all, or `OF_TABLES` where tables are named
    tables : names or patterns; by default all but schema staging
    say : told what is under way
    """
    chosen = _formats(formats, tables)
    database = editions.find(edition)
    with duckdb.connect(str(database), read_only=True) as connection:
        found = published.read(connection)
        target = Path(folder).expanduser().resolve() if folder else store.exports() / found.name
        try:
            leftovers.clear_beside(target)
            _check(target)
            with whole_file.folder_swapped_in(target) as beside:
                scratch = beside / "scratch"
                selection = select(database, connection, found, tables, scratch)
                scratch.mkdir(parents=True)
                written = [_write(name, selection, beside / name, say) for name in chosen]
                shutil.rmtree(scratch)
                (beside / README).write_text(readme(selection, written), encoding="utf-8")
                (beside / SUMS).write_text(_sums(beside), encoding="utf-8")
        except (OSError, duckdb.IOException) as error:
            if (told := disk.line(error, target)) is not None:
                raise ExportFailed(told) from None
            reason = getattr(error, "strerror", None) or str(error)
            raise InputError(
                store.shown(target), None, None, "folder", reason, "a folder that can be written"
            ) from None
    return _lines(target, selection, written)


def _formats(asked: Sequence[str], tables: Sequence[str]) -> list[str]:
    for name in asked:
        if name not in FORMATS:
            raise InputError("--format", None, None, "unknown format", name, f"one of {', '.join(FORMATS)}")
    if tables and asked and not set(asked) & set(OF_TABLES):
        allowed = f"--table with one of {', '.join(OF_TABLES)}; the others hold tables of the report and the sources"
        raise InputError("--format", None, None, "tables of a format", " ".join(asked), allowed)
    return [name for name in FORMATS if name in (asked or (OF_TABLES if tables else FORMATS))]


def _check(target: Path) -> None:
    """InputError unless the folder is new, empty, or holds what an export wrote and nothing else."""
    if not target.exists():
        return
    shown = store.shown(target)
    if not target.is_dir():
        raise InputError(shown, None, None, "folder", "a file", "a folder")
    there = {path.relative_to(target).as_posix() for path in target.rglob("*") if not path.is_dir()}
    sums = target / SUMS
    ours = (
        {line.split("  ", 1)[1] for line in sums.read_text(errors="replace").splitlines() if "  " in line}
        if sums.exists()
        else set()
    )
    strange = sorted(there - ours - {SUMS})
    if strange:
        allowed = "a new or empty folder, or one with an export and nothing else"
        raise InputError(shown, None, None, "folder holds other files", strange[0], allowed)


def _write(name: str, selection: Selection, folder: Path, say: Callable[[str], None]) -> Written:
    start = time.monotonic()
    folder.mkdir()
    module = importlib.import_module(f"pipelines.exports.{FORMATS[name][0]}")
    remarks = module.write(selection, folder, lambda text: say(f"{name}: {text}"))
    sizes = [path.stat().st_size for path in folder.iterdir()]
    return Written(name, len(sizes), sum(sizes), time.monotonic() - start, tuple(remarks))


def readme(selection: Selection, written: Sequence[Written]) -> str:
    """What the folder holds, what was left out and why."""
    lines = [selection.edition.title, ""]
    lines += [f"{topic}: {words}" for topic, words in notes.facts(selection)]
    lines += ["", "Folders"]
    lines += [f"  {item.name + '/':10}{FORMATS[item.name][1]}" for item in written]
    lines += [f"  {SUMS}  SHA-256 of every file: sha256sum -c {SUMS}"]
    if _has_tables(written):
        lines += ["", "Left out, and why", *(f"  {line}" for line in _left_out(selection, written))]
        lines += ["", "Tables (rows; what one row is; what it rests on)"]
        for share in selection.tables:
            table = share.table
            lines.append(f"  {table.name} ({share.rows:,}): {table.words}. Rests on: {table.source}")
    return "\n".join(lines) + "\n"


def _sums(folder: Path) -> str:
    lines = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        lines.append(f"{digest}  {path.relative_to(folder).as_posix()}\n")
    return "".join(lines)


def _lines(target: Path, selection: Selection, written: Sequence[Written]) -> list[str]:
    run = str(selection.edition.run["run_id"]).split("-")[0]
    lines = [f"{store.shown(target)}: edition {selection.edition.name}, run {run}"]
    lines += [
        f"  {item.name:9}{item.files:4} files {item.bytes / 1e6:9,.1f} MB {item.seconds:6.1f} s" for item in written
    ]
    return [*lines, *_left_out(selection, written)] if _has_tables(written) else lines


def _left_out(selection: Selection, written: Sequence[Written]) -> list[str]:
    return [*notes.left_out(selection), *(remark for item in written for remark in item.remarks)]


def _has_tables(written: Sequence[Written]) -> bool:
    return any(item.name in OF_TABLES for item in written)
