"""The small database of the report, made once a session; the rooms have fixtures of their own."""

from pathlib import Path

import duckdb
import pytest
from hypothesis import settings

CASES = {"short": 500, "long": 10_000}
"""Cases of a property of hostile input, in CI and in `make soak`."""
for name, cases in CASES.items():
    settings.register_profile(name, max_examples=cases, deadline=None, derandomize=name == "short")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", choices=list(CASES), default="short", help="length of the tests marked soak")


@pytest.fixture(scope="session")
def long(request: pytest.FixtureRequest) -> bool:
    """Whether the tests marked soak run in their long form."""
    return request.config.getoption("--soak") == "long"


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Invented numbers in the contract's tables: tests/fixtures/published.sql as a database."""
    path = tmp_path_factory.mktemp("small") / "cyberaccord.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute((Path(__file__).parent / "fixtures" / "published.sql").read_text(encoding="utf-8"))
    return path
