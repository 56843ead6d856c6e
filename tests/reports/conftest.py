"""A small published database and the page rendered from it, once a session."""

from pathlib import Path

import duckdb
import pytest

from reports import render
from reports.edition import Edition, read

FIXTURE = Path(__file__).parents[1] / "fixtures" / "published.sql"


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("published") / "cyberaccord.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(FIXTURE.read_text(encoding="utf-8"))
    return path


@pytest.fixture(scope="session")
def edition(database: Path) -> Edition:
    return read(database)


@pytest.fixture(scope="session")
def page(database: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    return render.render(database, tmp_path_factory.mktemp("report")).read_text(encoding="utf-8")
