"""The vintages of every source in the store: the bytes as they were served, kept forever, each with its manifest.

Written by `refresh` only. What the bytes hold is read in `ingest`.
"""

from __future__ import annotations

import errno
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pipelines import store, whole_file
from pipelines.cards import Card

MANIFEST = "manifest.json"
REFUSED = ".refused"


@dataclass(frozen=True)
class File:
    """A file of a vintage as it was served."""

    name: str
    bytes: int
    sha256: str
    url: str | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class Vintage:
    """An edition of a source: the day it speaks of, its files, the rows of each staging table at landing.

    `columns` are the source's own names by file pattern of the card; empty in a vintage of before they were kept.
    """

    source_id: str
    label: str
    as_of: date
    fetched_at: datetime
    files: tuple[File, ...]
    rows: dict[str, int] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where its bytes are."""
        return folder(self.source_id) / self.label

    @property
    def sha256(self) -> str:
        """One hash over its files, names included."""
        lines = "".join(f"{file.name} {file.sha256}\n" for file in sorted(self.files, key=lambda f: f.name))
        return hashlib.sha256(lines.encode()).hexdigest()


class Damaged(Exception):
    """A file of a vintage is not what was landed: one line says which."""


def folder(source_id: str) -> Path:
    """The vintages of a source."""
    return store.home() / "vintages" / source_id


def kept(source_id: str) -> list[Vintage]:
    """Every vintage of a source, the oldest day first, those of one day as they were fetched."""
    found = [_read_manifest(path) for path in folder(source_id).glob(f"[!.]*/{MANIFEST}")]
    return sorted(found, key=lambda vintage: (vintage.as_of, vintage.fetched_at, vintage.label))


def standing(source_id: str, day: date | None = None) -> Vintage | None:
    """The latest vintage, or the latest that speaks of a day no later than `day`; None where there is none."""
    found = [vintage for vintage in kept(source_id) if day is None or vintage.as_of <= day]
    return found[-1] if found else None


def read(vintage: Vintage) -> dict[str, bytes]:
    """Name -> bytes of a vintage's files; Damaged if one is gone or is not what was landed."""
    content = {}
    for file in vintage.files:
        path = vintage.folder / file.name
        try:
            content[file.name] = path.read_bytes()
        except OSError as error:
            raise Damaged(f"{store.shown(path)}: {error.strerror}; run make refresh, or put the file back") from None
        if sha256(content[file.name]) != file.sha256:
            raise Damaged(f"{store.shown(path)}: not the bytes that were landed (checksum); put the file back")
    return content


def same_content(source_id: str, hashes: Mapping[str, str]) -> Vintage | None:
    """The vintage whose files have these names and checksums."""
    wanted = dict(hashes)
    return next((v for v in kept(source_id) if {file.name: file.sha256 for file in v.files} == wanted), None)


def free_label(source_id: str, label: str) -> str:
    """The label, or with `.2`, `.3` where a vintage of other content has it."""
    number, free = 1, label
    while (folder(source_id) / free).exists():
        number += 1
        free = f"{label}.{number}"
    return free


def day_of(card: Card, label: str, fetched: date) -> date:
    """The day a vintage speaks of: its card's, else its label's (a month's first), else the day it was fetched."""
    plain = re.sub(r"\.\d+$", "", label) if re.fullmatch(r"\d{4}-\d{2}(-\d{2})?\.\d+", label) else label
    if plain in card.releases:
        return card.releases[plain]
    if re.fullmatch(r"\d{4}-\d{2}", plain):
        plain += "-01"
    try:
        return date.fromisoformat(plain)
    except ValueError:
        return fetched


def land(vintage: Vintage, content: Mapping[str, bytes]) -> Vintage:
    """Keep a vintage: all of it, or nothing. Its folder must be free."""
    if vintage.folder.exists():
        raise FileExistsError(errno.EEXIST, "is there already", str(vintage.folder))
    with whole_file.folder_swapped_in(vintage.folder) as written:
        for name, payload in content.items():
            (written / name).write_bytes(payload)
        row = asdict(vintage) | {"as_of": str(vintage.as_of), "fetched_at": vintage.fetched_at.isoformat()}
        (written / MANIFEST).write_text(json.dumps(row, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return vintage


def keep_refused(source_id: str, label: str, content: Mapping[str, bytes], reason: str) -> Path:
    """Keep the bytes of a vintage that was refused, with the reason; the last one of a label."""
    target = folder(source_id) / REFUSED / label
    with whole_file.folder_swapped_in(target) as written:
        for name, payload in content.items():
            (written / name).write_bytes(payload)
        (written / "reason.txt").write_text(reason + "\n", encoding="utf-8")
    return target


def sha256(payload: bytes) -> str:
    """SHA-256, in hexadecimal digits."""
    return hashlib.sha256(payload).hexdigest()


def now() -> datetime:
    """This moment, UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def _read_manifest(path: Path) -> Vintage:
    try:
        row: dict[str, Any] = json.loads(path.read_bytes())
        files = tuple(File(**file) for file in row.pop("files"))
        day, moment = date.fromisoformat(row.pop("as_of")), datetime.fromisoformat(row.pop("fetched_at"))
        found = Vintage(**row, as_of=day, fetched_at=moment, files=files)
        if found.folder != path.parent:
            raise ValueError(f"it is of {found.source_id}/{found.label}")
        if outside := [file.name for file in files if not re.fullmatch(r"[^/\\\0.][^/\\\0]*", file.name)]:
            raise ValueError(f"{outside[0]!r} is no plain name")
        return found
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Damaged(f"{store.shown(path)}: no manifest of a vintage ({error}); restore it") from None
