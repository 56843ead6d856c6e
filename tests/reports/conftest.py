"""A small published database and the page rendered from it, once a session."""

from pathlib import Path

import pytest

from reports import render
from reports.edition import Edition, read


@pytest.fixture(scope="session")
def database(small: Path) -> Path:
    return small


@pytest.fixture(scope="session")
def edition(database: Path) -> Edition:
    return read(database)


@pytest.fixture(scope="session")
def page(database: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    return render.render(database, tmp_path_factory.mktemp("report")).read_text(encoding="utf-8")
