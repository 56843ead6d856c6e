"""Staging tables of a vintage, read from the store where the same bytes were staged before by the same code.

A run need not parse again what a refresh has parsed. What staging does is in `ingest`.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipelines import cards, ingest, store, vintages, whole_file
from pipelines.cards import Card
from pipelines.ingest import Staged, Table
from pipelines.schemas.staging import tables_of
from pipelines.vintages import Vintage
from pipelines.vocabulary import FILES, Vocabulary

HERE = Path(__file__).parent
COUNTS, SUMS, REJECTS = "counts.json", "sha256.json", "rejects.parquet"
"""Rows of each table, checksum of each Parquet file, and the rejects."""


class OnHand(NamedTuple):
    """A source with the vintage that stands and its staging tables; both None where the machine has none."""

    card: Card
    vintage: Vintage | None
    staged: Staged | None


def on_hand(words: Vocabulary, day: date | None = None) -> Iterator[OnHand]:
    """Every source that has a card, with what stands on a day, by default the latest."""
    for card in cards.load_all().values():
        vintage = vintages.standing(card.source_id, day)
        yield OnHand(card, vintage, staged(card, vintage, words) if vintage else None)


def staged(card: Card, vintage: Vintage, words: Vocabulary) -> Staged:
    """The staging tables of a vintage, from the store or parsed anew; errors as of `ingest.stage`."""
    folder = _folder(card, vintage)
    if (found := _read(folder, card)) is not None:
        return found
    result = ingest.stage(card, vintages.read(vintage), vintage.label, vintage.as_of, words)
    keep(card, vintage, result)
    return result


def keep(card: Card, vintage: Vintage, result: Staged) -> None:
    """Keep staging tables for later runs; those that older code made of the vintage go."""
    folder = _folder(card, vintage)
    with whole_file.folder_swapped_in(folder) as written:
        counts = {}
        for name, table in result.tables.items():
            table.kept.write_parquet(written / f"{name}.parquet", compression="lz4")
            counts[name] = [table.rows_in, table.rows_rejected, table.rows_merged]
        result.rejects.write_parquet(written / REJECTS)
        sums = {path.name: vintages.sha256(path.read_bytes()) for path in written.glob("*.parquet")}
        for name, content in ((COUNTS, counts), (SUMS, sums)):
            (written / name).write_text(json.dumps(content), encoding="utf-8")
    for old in folder.parent.glob("[!.]*"):
        if old != folder:
            shutil.rmtree(old, ignore_errors=True)


def empty(card: Card) -> dict[str, pl.DataFrame]:
    """The staging tables of a source without a vintage."""
    return {
        name: pl.DataFrame(schema={column: built.dtype.type for column, built in schema.columns.items()})
        for name, schema in tables_of(card.source_id).items()
    }


def _folder(card: Card, vintage: Vintage) -> Path:
    return store.home() / "staged" / card.source_id / vintage.label / _key(card, vintage)


def _key(card: Card, vintage: Vintage) -> str:
    """What the tables depend on: the bytes, the card, the code that reads them, the vocabulary."""
    code = [
        store.DATA / "sources" / f"{card.source_id}.yaml",
        HERE / "ingest.py",
        HERE / "vocabulary.py",
        *sorted((HERE / "sources").glob("*.py")),
        HERE / "schemas" / "staging" / "__init__.py",
        HERE / "schemas" / "staging" / f"{card.source_id}.py",
        *(store.DATA / "reference" / f"{name}.csv" for name in FILES),
    ]
    digest = hashlib.sha256(f"{pl.__version__} {vintage.sha256}".encode())
    for path in code:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _read(folder: Path, card: Card) -> Staged | None:
    """The tables that are kept; None where they are not, or a file is no longer what was written."""
    try:
        counts, sums = (json.loads((folder / name).read_bytes()) for name in (COUNTS, SUMS))
        files = {name: (folder / f"{name}.parquet").read_bytes() for name in (*card.tables, Path(REJECTS).stem)}
    except (OSError, ValueError):
        return None
    if set(counts) != set(card.tables) or sums != {f"{name}.parquet": vintages.sha256(files[name]) for name in files}:
        return None
    *tables, rejects = (pl.read_parquet(content) for content in files.values())
    return Staged({name: Table(frame, *counts[name]) for name, frame in zip(card.tables, tables, strict=True)}, rejects)
