"""A report on paper: its page printed to PDF by the Chromium or Chrome of this machine, without network.

What the page looks like on paper is in reports/templates; here is only the printing.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from pipelines import store, whole_file

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/usr/bin/chromium",
    "/snap/bin/chromium",
    "/opt/google/chrome/chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
"""Where it is when PATH does not say."""
HOW_TO_GET = "install Chromium (Debian, Ubuntu: apt-get install chromium; macOS: brew install --cask chromium)"
LONGEST = 120
"""Seconds after which a browser is stopped; a page takes five to ten."""
DRAWING = 6000
"""Milliseconds of the page's own time in which its charts are drawn."""
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-extensions",
    "--disable-sync",
    "--disable-component-update",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",
    f"--virtual-time-budget={DRAWING}",
)


class NotPrinted(Exception):
    """There is no PDF: one line says why."""


def browser() -> str | None:
    """The program that prints: the first on PATH, else in the usual places."""
    found = (shutil.which(name) for name in NAMES)
    usual = (place for place in PLACES if os.access(place, os.X_OK))
    return next((path for path in found if path), next(usual, None))


def print_edition(edition: str, scenario: str | None = None) -> Path:
    """Print the page of an edition beside it; NotPrinted where there is no browser, or where it fails or hangs."""
    program = browser()
    if program is None:
        raise NotPrinted(f"no PDF: neither Chromium nor Chrome is on this machine; {HOW_TO_GET}")
    page = store.report() / edition / f"{scenario or 'index'}.html"
    target = page.with_name(f"{scenario or 'report'}.pdf")
    with whole_file.swapped_in(target) as beside:
        with tempfile.TemporaryDirectory(prefix="cyberaccord-", ignore_cleanup_errors=True) as profile:
            _run([program, *_flags(profile, beside), page.as_uri()])
        if not beside.exists() or not beside.read_bytes().startswith(b"%PDF"):
            raise NotPrinted(f"no PDF: {program} ended well and printed nothing")
    return target


def _flags(profile: str, target: Path) -> list[str]:
    flags = [*FLAGS, f"--user-data-dir={profile}", f"--print-to-pdf={target}"]
    # its sandbox refuses root, as in a container
    return [*flags, "--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else flags


def _run(command: list[str]) -> None:
    """Run a browser to its end, or stop it and all that it started."""
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            _, told = process.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise NotPrinted(f"no PDF: {command[0]} was stopped after {LONGEST} seconds") from None
    if process.returncode:
        lines = [line for line in told.splitlines() if line.strip()]
        why = f": {' '.join(lines[-1].split())[:200]}" if lines else ""
        raise NotPrinted(f"no PDF: {command[0]} ended with {process.returncode}{why}")
