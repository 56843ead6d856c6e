"""Seeds of hostile input: recorded once a session, whatever the number of workers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from pipelines import vocabulary
from tests.hostile import seeds


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder of seeds, <source>/<number>/<file>."""
    own = tmp_path_factory.getbasetemp()
    return seeds.kept((own if worker_id == "master" else own.parent) / "seeds")


@pytest.fixture(scope="session")
def words() -> vocabulary.Vocabulary:
    return vocabulary.load()


@pytest.fixture(scope="session")
def cases(request: pytest.FixtureRequest) -> settings:
    """As many cases of a property as the form of the run says; the same ones each time in the short form."""
    profile = settings.get_profile(request.config.getoption("--soak"))
    return settings(profile, suppress_health_check=list(HealthCheck), database=None)
