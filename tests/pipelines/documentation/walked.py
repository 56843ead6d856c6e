"""The pages that are tested as written: their commands, the lines that they say are printed, their edits of a file."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pipelines import store

DOCS = store.ROOT / "docs"
PAGES = ("index", "start_economist", "start_office", "start_analyst", "your_own_convention")
NOT_COPIED = (".git", ".venv", "store", "site", "__pycache__", ".*_cache", ".hypothesis", "*.zip")


@dataclass(frozen=True)
class Step:
    """A fenced block: `sh` with commands, `text` with lines that the commands before it print, `diff` with an edit."""

    kind: str
    text: str


def steps(page: str) -> list[Step]:
    """The blocks of a page in order; `text` only where commands stand before it under the same heading."""
    found = []
    for section in re.split(r"^#+ ", (DOCS / f"{page}.md").read_text(encoding="utf-8"), flags=re.MULTILINE):
        ran = False
        for kind, text in re.findall(r"^```(sh|text|diff)\n(.*?)^```$", section, re.MULTILINE | re.DOTALL):
            ran |= kind == "sh"
            if kind != "text" or ran:
                found.append(Step(kind, text))
    return found


def edited(text: str, diff: str) -> str:
    """A file after the lines of a diff: each line taken out stands in it once."""
    lines = diff.splitlines()[1:]
    for old, new in zip(lines[::2], lines[1::2], strict=True):
        assert (old[0], new[0]) == ("-", "+")
        assert text.count(f"\n{old[1:]}\n") == 1, f"the file has no line '{old[1:]}'"
        text = text.replace(f"\n{old[1:]}\n", f"\n{new[1:]}\n")
    return text


def squeezed(text: str) -> str:
    """Text with single blanks, and any port in place of the first one."""
    return re.sub(r"(127\.0\.0\.1:)\d+", r"\g<1>3000", " ".join(text.split()))


def installed_copy(folder: Path) -> Path:
    """The checkout as a stranger has it after the first `make`: its files, and this environment as its .venv."""
    shutil.copytree(store.ROOT, folder, ignore=shutil.ignore_patterns(*NOT_COPIED))
    (folder / ".venv").mkdir()
    for path in Path(sys.prefix).iterdir():
        if not path.name.startswith("."):
            (folder / ".venv" / path.name).symlink_to(path)
    for stamp in (".uv", ".stamp"):
        (folder / ".venv" / stamp).touch()
    return folder


def _environment(folder: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("CYBERACCORD_HOME", "DAGSTER_HOME", "CYBERACCORD_DATA")}
    return {**kept, "PYTHONPATH": str(folder)}


def run(command: str, folder: Path) -> str:
    """What a block of commands prints; each must succeed."""
    if command.strip() == "make ui":
        return _served(folder)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=folder,
        env=_environment(folder),
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def _served(folder: Path) -> str:
    """The lines with addresses that `make ui` prints, after the first has answered; the UI is stopped again."""
    with subprocess.Popen(
        ["make", "ui"],
        cwd=folder,
        env=_environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            lines = list(islice((line for line in process.stdout if "http://127.0.0.1:" in line), 2))
            address = re.search(r"http://127\.0\.0\.1:\d+", lines[0])[0]
            for _ in range(240):
                try:
                    with urllib.request.urlopen(address, timeout=5) as answer:
                        assert answer.status == 200
                    break
                except OSError:
                    process.poll()
                    assert process.returncode is None, "the UI ended"
                    time.sleep(0.25)
            else:
                raise AssertionError(f"{address} did not answer")
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(timeout=60)
    return "".join(lines)
