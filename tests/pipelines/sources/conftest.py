"""Sources staged from made-up files, and from the mirror."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines import cards, ingest, vintages, vocabulary
from pipelines.ingest import Staged

Stage = Callable[[str, Mapping[str, bytes | str]], Staged]


@pytest.fixture(scope="session")
def words() -> vocabulary.Vocabulary:
    return vocabulary.load()


@pytest.fixture
def stage(words) -> Stage:
    """Stage files of a source as a vintage of 2024, after a check that no row is lost. Years need not be complete."""

    def run(source_id: str, files: Mapping[str, bytes | str], as_of: date = date(2024, 12, 31)) -> Staged:
        card = cards.load(source_id).model_copy(update={"expected_years": None})
        content = {name: data.encode() if isinstance(data, str) else data for name, data in files.items()}
        return conserved(ingest.stage(card, content, "2024", as_of, words))

    return run


@pytest.fixture
def mirrored(words) -> Callable[..., Staged]:
    """A vintage of the mirror, staged; the last one unless named."""

    def run(source_id: str, label: str | None = None) -> Staged:
        base = Path(os.environ["CYBERACCORD_MIRROR"]) / source_id
        folder = base / label if label else max(base.iterdir())
        content = {path.name: path.read_bytes() for path in folder.iterdir()}
        card = cards.load(source_id)
        day = vintages.day_of(card, folder.name, date(2026, 11, 24))
        return conserved(ingest.stage(card, content, folder.name, day, words))

    return run


def conserved(found: Staged) -> Staged:
    for name, table in found.tables.items():
        assert table.rows_in == table.kept.height + table.rows_rejected + table.rows_merged, name
    return found


def rejected(found: Staged, table: str | None = None) -> list[tuple[int, str, str]]:
    """Row, rule and value of every reject."""
    rows = found.rejects if table is None else found.rejects.filter(pl.col("table_name") == table)
    return rows.select("row_number", "rule", "value").rows()
