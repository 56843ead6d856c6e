"""The pictures of the start pages, taken in headless Chromium from the report and the UI of a real run.

    python docs/screenshots.py http://127.0.0.1:3000

The address is that of a running `cyberaccord ui`; the report is the store's current one. Needs the environment of
`make lint`, and a Chromium. Each picture is at most 150 kB.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from pipelines import store
from pipelines.ui import ONE_SCENARIO

FOLDER = Path(__file__).parent / "pictures"
LIMIT = 150_000
WIDTH, HEIGHT = 1200, 750
ASSET = "/assets/model/counterfactual"
SCENARIO = "my_treaty"


def report_page(page: Page) -> None:
    """The first screen of the report."""
    page.goto(store.report().joinpath("index.html").as_uri())
    page.wait_for_selector("html[data-drawn=true]", timeout=60_000)


def figure_1(page: Page) -> None:
    """Figure 1 with its switches, set to the scenario of the walk where this edition has it."""
    report_page(page)
    switch = page.locator("#fig-1-scenario")
    if switch.locator(f"option[value='{SCENARIO}']").count():
        switch.select_option(SCENARIO)
    page.locator("#fig-1").evaluate("figure => window.scrollTo(0, figure.getBoundingClientRect().top + scrollY - 16)")
    page.wait_for_timeout(1000)


def asset(page: Page) -> None:
    """The page of model/counterfactual."""
    page.goto(ADDRESS + ASSET)
    page.get_by_text("Materialize", exact=False).first.wait_for(timeout=60_000)
    page.wait_for_timeout(4000)


def checks(page: Page) -> None:
    """Its checks, each with its result."""
    page.goto(f"{ADDRESS}{ASSET}?view=checks")
    page.wait_for_timeout(6000)


def launchpad(page: Page) -> None:
    """One scenario chosen, ready to launch."""
    page.goto(ADDRESS + ONE_SCENARIO)
    page.get_by_placeholder("Partition").click()
    page.get_by_text(SCENARIO, exact=True).first.click()
    page.mouse.move(0, 0)  # or the words of a setting would cover the next
    page.wait_for_timeout(3000)


PICTURES: dict[str, Callable[[Page], None]] = {
    "report": report_page,
    "figure_1": figure_1,
    "asset": asset,
    "launchpad": launchpad,
    "checks": checks,
}
ADDRESS = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:3000"


def main() -> int:
    """Take every picture; 1 where one is larger than allowed."""
    FOLDER.mkdir(exist_ok=True)
    code = 0
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, show in PICTURES.items():
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            show(page)
            path = FOLDER / f"{name}.png"
            page.screenshot(path=path)
            page.close()
            size = path.stat().st_size
            print(f"{path.relative_to(FOLDER.parent)}: {size / 1000:.0f} kB")
            code = max(code, int(size > LIMIT))
        browser.close()
    return code


if __name__ == "__main__":
    sys.exit(main())
