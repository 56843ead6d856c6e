"""The report in headless Chromium.

CYBERACCORD_REPORT_DB names a published database to look at instead of the fixture.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.render import render

FLAGS = (
    "--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync"
)


@pytest.fixture(scope="session")
def published(small: Path) -> Path:
    """The database that is looked at."""
    return Path(os.environ.get("CYBERACCORD_REPORT_DB") or small)


@pytest.fixture(scope="session")
def report(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return render(published, tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    playwright = pytest.importorskip("playwright.sync_api")
    path = "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium on this machine")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS.split())
        yield browser
        browser.close()
