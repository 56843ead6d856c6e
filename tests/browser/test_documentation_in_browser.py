"""The documentation site in a browser, as wide as a desk and as a telephone: nothing clipped, nothing from outside.

Built from the published database that CYBERACCORD_REPORT_DB names; the small one of other tests lacks what pages ask.
"""

import functools
import http.server
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pipelines import store

pytestmark = pytest.mark.browser
PAGES = ("index", "start_economist", "your_own_convention", "methods", "model_card", "data_dictionary", "priors", "faq")
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def address(published, tmp_path_factory):
    pytest.importorskip("mkdocs", reason="mkdocs is not in this environment: make .venv/.stamp-docs")
    if not os.environ.get("CYBERACCORD_REPORT_DB"):
        pytest.skip("needs a whole database: CYBERACCORD_REPORT_DB=<published file>")
    home = tmp_path_factory.mktemp("documented")
    (home / "published").mkdir()
    (home / "published" / "cyberaccord.duckdb").symlink_to(Path(published).resolve())
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(home / "site")],
        cwd=store.ROOT,
        env={**os.environ, "CYBERACCORD_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    handler = functools.partial(Quiet, directory=str(home / "site"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves the folder and says nothing."""

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize("width", [1440, 390])
def test_pages_fit_their_width_and_ask_nothing_of_another_host(chromium, address, width):
    page = chromium.new_page(viewport={"width": width, "height": 900})
    noise, asked = [], []
    page.on("console", lambda message: noise.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: noise.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    for name in PAGES:
        page.goto(f"{address}/{name}.html")
        page.wait_for_load_state("networkidle")
        assert page.evaluate(OVERFLOW) <= 0, name
        broken = page.evaluate("() => [...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)")
        assert broken == [], name
    page.close()
    assert noise == []
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []


def test_the_search_finds_a_column_without_network(chromium, address):
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{address}/index.html")
    page.locator("input[name=query]").click()
    page.keyboard.type("p_not_better")
    page.wait_for_selector(".md-search-result__item", timeout=20_000)
    assert "Data dictionary" in page.locator(".md-search-result__list").inner_text()
    page.close()
