"""The small database of `hostile` as a store, and its exports."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from pipelines.exports import folder
from tests.pipelines.exports.hostile import HOSTILE, SCHEMA, SOURCES


@dataclass(frozen=True)
class Exported:
    folder: Path
    lines: list[str]
    database: Path

    def ask(self, query: str) -> list[tuple]:
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture(scope="session")
def hostile_home(tmp_path_factory) -> Path:
    """A store with one edition."""
    home = tmp_path_factory.mktemp("hostile")
    (home / "published" / "editions").mkdir(parents=True)
    path = home / "published" / "cyberaccord.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(SCHEMA)
        connection.executemany(
            "insert into meta.sources values (?, ?, ?, ?, ?, ?, ?, ?)", [(*row, f"cited {row[0]}") for row in SOURCES]
        )
        rows = [
            (n, word, 2**53 + 1 if n == 0 else n, "2020-02-29", ["a, b", word[:9]], "op_ed")
            for n, word in enumerate(HOSTILE)
        ]
        connection.executemany("insert into core.words values (?, ?, ?, ?, ?, ?)", [*rows, (99, *[None] * 5)])
        connection.execute(
            """insert into meta.columns select schema_name, table_name, column_name, data_type,
                 case when column_name in ('mean', 'loss_usd') then 'USD bn, 2020 prices' else 'label' end,
                 'what ' || column_name || ' holds, said at such length that no label of eighty letters has room for it'
               from duckdb_columns() where not internal order by all"""
        )
    return home


@pytest.fixture
def hostile_store(hostile_home, monkeypatch) -> Path:
    """The commands look at the store with one edition."""
    monkeypatch.setenv("CYBERACCORD_HOME", str(hostile_home))
    return hostile_home


@pytest.fixture(scope="session")
def exported(hostile_home, tmp_path_factory) -> Exported:
    """The formats that hold tables."""
    target = tmp_path_factory.mktemp("export") / "there"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CYBERACCORD_HOME", str(hostile_home))
        lines = folder.export(str(target), formats=[*folder.OF_TABLES, "bibtex"])
    return Exported(target, lines, hostile_home / "published" / "cyberaccord.duckdb")
