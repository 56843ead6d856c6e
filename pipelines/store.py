"""Where everything that a run writes lives, and where the files that ship with the project are.

Paths only: nothing here reads or writes, so every command may import it for free.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from upath import UPath

ROOT = Path(__file__).resolve().parent.parent
"""The checkout."""
DATA = Path(os.environ.get("CYBERACCORD_DATA") or ROOT / "data")
"""Files that ship with the project: source cards, reference figures, priors, scenarios, definitions.

`CYBERACCORD_DATA` is private: it is set where `recompute` computes on the inputs of another run."""
INPUTS = ("sources", "reference", "priors", "scenarios", "definitions", "events")
"""Folders of `DATA` whose bytes a run keeps in its manifest."""
TABLES = "CYBERACCORD_TABLES"
"""Variable of the environment: where tables are kept, if not in the store."""
EDITIONS_KEPT = 12
DRAWS, SEED = 2**14, 20210101
"""What a run uses unless told otherwise."""


def home() -> Path:
    """The store: `CYBERACCORD_HOME`, by default data/store in the checkout; absolute."""
    return Path(os.environ.get("CYBERACCORD_HOME") or ROOT / "data" / "store").expanduser().resolve()


def tables() -> Path | UPath:
    """One Parquet file an asset, one a scenario where the asset is partitioned.

    `CYBERACCORD_TABLES`: a folder, or a bucket such as s3://name/tables; by default tables/ of the home.
    """
    where = os.environ.get(TABLES)
    return place(where) if where else home() / "tables"


def place(where: str) -> Path | UPath:
    """A folder, or a bucket where the text is an address such as s3://name/folder."""
    if "://" not in where:
        return Path(where).expanduser().resolve()
    from pipelines import table_files

    return table_files.in_bucket(where)


def published() -> Path:
    """What readers open."""
    return home() / "published"


def database(edition: str | None = None) -> Path:
    """The current database, or that of an edition (YYYY-MM)."""
    return published() / "cyberaccord.duckdb" if edition is None else published() / "editions" / f"{edition}.duckdb"


def report() -> Path:
    """The folder of the current report, with one folder an edition beside it."""
    return published() / "report"


def exports() -> Path:
    """One folder an edition that was exported."""
    return home() / "exports"


def runs() -> Path:
    """One folder a run: its manifest and the bytes of its inputs."""
    return home() / "runs"


def dagster_home() -> Path:
    """Dagster's own state: the history of runs and the keys of the scenarios."""
    return home() / "dagster"


def shown(path: Path) -> str:
    """A path as a person at the prompt would write it: relative to the working folder where that is shorter."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
