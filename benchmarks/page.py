"""How soon the report shows its first figure, in headless Chromium; `python -m benchmarks.page` measures it alone.

The page is the one of a store, given as its path; without Chromium nothing is measured and a line says so.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from statistics import median

from benchmarks.lines import Line, at_most
from pipelines import store

LIMIT = 2.0
"""Seconds from the start of the navigation to the first figure on the screen."""
MEGABYTES = 8.0
TIMES = 5
FLAGS = "--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update"
WATCH = """
new MutationObserver((_, observer) => {
  const figure = document.querySelector('#fig-1 .plot');
  if (!figure || !figure.querySelector('.main-svg')) return;
  observer.disconnect();
  const painted = () => { document.documentElement.dataset.painted = String(performance.now()); };
  requestAnimationFrame(() => setTimeout(painted, 0));
}).observe(document, {childList: true, subtree: true});
"""


def lines(page: Path) -> list[Line]:
    """Size of the page, and seconds to its first figure on a wide screen and a narrow one."""
    size = page.stat().st_size / 1e6
    found = [at_most("page_size", f"report page, of {MEGABYTES:.0f} MB", size / MEGABYTES, 1, f"{size:.1f} MB")]
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        print("without Chromium the line on the first figure is left out")
        return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS.split())
        for width in (1440, 390):
            took = [_seconds(browser, page, width) for _ in range(TIMES)]
            found.append(
                at_most(
                    f"first_figure_{width}",
                    f"first figure of the report on screen at {width} px, of {LIMIT:.0f} s",
                    [seconds / LIMIT for seconds in took],
                    1,
                    f"{median(took):.2f} s",
                    median(took),
                )
            )
        browser.close()
    return found


def _seconds(browser, page: Path, width: int) -> float:
    tab = browser.new_page(viewport={"width": width, "height": 900})
    tab.add_init_script(WATCH)
    tab.goto(page.resolve().as_uri())
    tab.wait_for_selector("html[data-painted]", timeout=60_000)
    took = float(tab.get_attribute("html", "data-painted")) / 1000
    tab.close()
    return took


if __name__ == "__main__":
    shown = lines(store.report() / "index.html")
    for line in shown:
        print(f"{line.what}  {line.ratio:.3g}  {line.limit}  {'holds' if line.holds else 'FAILS'}  {line.note}")
    sys.exit(not all(line.holds for line in shown))
