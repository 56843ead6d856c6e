"""A plugin for pytest: the files that the tests of a source stage are kept, as seeds of what is hostile.

Started by `seeds` in a process of its own. A source whose tests go through the fixture `stage` is covered by that.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pipelines import ingest
from pipelines.cards import Card

FOLDER = "CYBERACCORD_SEEDS"


def pytest_configure(config: pytest.Config) -> None:
    """Keep the files of each vintage that is staged without an error: <folder>/<source>/<number>/<file>."""
    stage, target = ingest.stage, Path(os.environ[FOLDER])

    def recorded(card: Card, files: Mapping[str, bytes], *rest: Any, **named: Any) -> ingest.Staged:
        found = stage(card, files, *rest, **named)
        base = target / card.source_id
        folder = base / f"{len(list(base.iterdir())) if base.is_dir() else 0:03}"
        folder.mkdir(parents=True)
        for name, payload in files.items():
            (folder / name).write_bytes(payload)
        return found

    ingest.stage = recorded
