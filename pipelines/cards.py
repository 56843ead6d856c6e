"""data/sources: one card a public source, read and checked.

A card says who publishes the source, under which licence, where its files are, which staging tables they hold, and
what is known to be wrong with it. Fetching is in `fetch`, parsing in `sources/<id>.py`.
"""

from __future__ import annotations

import re
from datetime import date
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Literal

import polars as pl
from pydantic import Field, model_validator

from pipelines import store
from pipelines.errors import InputError
from pipelines.yaml_files import Refused, Strict, read

FOLDER = store.DATA / "sources"
FETCHED = "fetched"
"""Vintage of a source that is labelled by the day it was fetched."""


class File(Strict):
    """A file of a source: its name (a pattern), where it is, how large it may be, which staging tables it holds."""

    name: str = Field(min_length=1)
    url: str | None = Field(None, pattern=r"^https?://")
    save_as: str | None = None
    max_mb: float = Field(100, gt=0)
    tables: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _no_path(self) -> File:
        for field, value in (("name", self.name), ("save_as", self.save_as or ""), ("url", self.saved)):
            if re.search(r"[/\\\0]|^\.", value):
                raise Refused("file_name", value, "a file name without a path", (field,))
        if self.url is not None and not fnmatchcase(self.saved, self.name):
            raise Refused("saved_as", self.saved, f"a name that matches {self.name}", ("save_as",))
        return self

    @property
    def saved(self) -> str:
        """The name under which a download is kept."""
        return self.save_as or (self.url or self.name).split("?")[0].rsplit("/", 1)[-1]


class ExpectedYears(Strict):
    """Years that a table must hold: from `first` to `last`, or to the vintage's year less `lag`."""

    table: str
    column: str
    first: int = Field(ge=1800, le=2100)
    last: int | None = Field(None, ge=1800, le=2100)
    lag: int | None = Field(None, ge=0, le=50)

    @model_validator(mode="after")
    def _one_end(self) -> ExpectedYears:
        if (self.last is None) == (self.lag is None):
            raise Refused("one_end", None, "last or lag, one of the two")
        return self

    def years(self, as_of: date) -> range:
        """The years of a vintage of that day."""
        return range(self.first, (as_of.year - (self.lag or 0) if self.last is None else self.last) + 1)


class Defect(Strict):
    """Something wrong with a source, and the rule that rejects it or the way it is read."""

    defect: str = Field(min_length=1)
    rule: str | None = None
    reading: str | None = None

    @model_validator(mode="after")
    def _met(self) -> Defect:
        if self.rule is None and self.reading is None:
            raise Refused("met", self.defect, "a rule or a reading")
        return self


class Card(Strict):
    """A public source. `by_hand` says how to get a file that has no address."""

    source_id: str
    title: str = Field(min_length=1)
    producer: str = Field(min_length=1)
    citation: str = Field(min_length=1)
    url: str = Field(pattern=r"^https?://")
    licence: str = Field(min_length=1)
    redistributable: Literal["yes", "no", "not confirmed"]
    cadence: Literal["daily", "monthly", "yearly", "irregular", "frozen"]
    vintage: str = Field(FETCHED, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    reference_vintage: str | None = None
    releases: dict[str, date] = Field(default_factory=dict)
    expected_years: ExpectedYears | None = None
    note: str | None = None
    files: tuple[File, ...]
    by_hand: str | None = None
    known_defects: tuple[Defect, ...] = ()

    @model_validator(mode="after")
    def _reachable(self) -> Card:
        if not self.files:
            raise Refused("has_files", None, "at least one file", ("files",))
        if self.by_hand is None and any(file.url is None for file in self.files):
            raise Refused("by_hand", None, "how to get the files that have no url", ("by_hand",))
        return self

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of its staging tables, in the order of its files."""
        return tuple(table for file in self.files for table in file.tables)


def names(folder: Path | None = None) -> tuple[str, ...]:
    """Every source that has a card, sorted."""
    return tuple(sorted(path.stem for path in (folder or FOLDER).glob("[!.]*.yaml")))


def load(source_id: str, folder: Path | None = None) -> Card:
    """One card; InputError for a source without one, or for the first thing wrong with it."""
    path = (folder or FOLDER) / f"{source_id}.yaml"
    if source_id not in names(folder):
        allowed = "one of " + ", ".join(names(folder))
        raise InputError(store.shown(folder or FOLDER), None, None, "known_source", source_id, allowed)
    return _read(path, path.stat().st_mtime_ns)


def load_all(folder: Path | None = None) -> dict[str, Card]:
    """Every card by source, sorted; a staging table may belong to one source only."""
    found = {name: load(name, folder) for name in names(folder)}
    owners: dict[str, str] = {}
    for name, card in found.items():
        for table in card.tables:
            if owners.setdefault(table, name) != name:
                file = store.shown((folder or FOLDER) / f"{name}.yaml")
                raise InputError(file, None, "files", "one_owner", table, f"a table that {owners[table]} has not")
    return found


def as_sources(found: dict[str, Card]) -> pl.DataFrame:
    """The cards as rows of the reference table `sources`."""
    rows = [
        {
            "source_id": name,
            "title": card.title,
            "producer": card.producer,
            "citation": card.citation,
            "url": card.url,
            "licence": card.licence,
            "redistributable": card.redistributable,
            "vintage": card.reference_vintage,
            "note": card.note,
        }
        for name, card in found.items()
    ]
    names_of = ("source_id", "title", "producer", "citation", "url", "licence", "redistributable", "vintage", "note")
    return pl.DataFrame(rows, schema=dict.fromkeys(names_of, pl.String), orient="row")


class _Written(Card):
    source_id: str = ""


@lru_cache(maxsize=64)
def _read(path: Path, changed: int) -> Card:
    written, _ = read(path, _Written)
    return Card(**(written.model_dump() | {"source_id": path.stem}))
