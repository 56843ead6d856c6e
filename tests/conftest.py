"""The small database of the report, made once a session; the rooms have fixtures of their own."""

from pathlib import Path

import duckdb
import pytest


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Invented numbers in the contract's tables: tests/fixtures/published.sql as a database."""
    path = tmp_path_factory.mktemp("small") / "cyberaccord.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute((Path(__file__).parent / "fixtures" / "published.sql").read_text(encoding="utf-8"))
    return path
