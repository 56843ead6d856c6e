"""The files of data/ as targets: how each kind is read where a run reads it, found by folder and name."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from pipelines import cards, definition_files, event_files, priors, reference, scenarios, store
from pipelines.errors import InputError
from tests.hostile.outcomes import read_or_refused

Read = Callable[[Path], object]
KINDS: dict[str, Read] = {
    "scenarios": lambda folder: [scenarios.load_file(path) for path in folder.glob("*.yaml")],
    "priors": priors.load,
    "definitions": lambda folder: [definition_files.read_file(path.stem, folder) for path in folder.glob("*.yaml")],
    "events": lambda folder: [event_files.load(path.stem, folder) for path in folder.glob("*.yaml")],
    "sources": cards.load_all,
}
"""How the YAML files of a folder of data/ are read; a test holds the names to `store.INPUTS`."""


def names(kind: str) -> list[str]:
    """Folders of data/ with YAML files, or the reference tables that there are files for."""
    if kind == "yaml":
        return [name for name in store.INPUTS if any((store.DATA / name).glob("*.yaml"))]
    return sorted(path.stem for path in (store.DATA / "reference").glob("*.csv"))


def shipped(kind: str, name: str) -> list[bytes]:
    """What ships of a target, to start from."""
    folder, pattern = (name, "*.yaml") if kind == "yaml" else ("reference", f"{name}.csv")
    return [path.read_bytes() for path in sorted((store.DATA / folder).glob(pattern))]


def reader(kind: str, name: str, folder: Path) -> Callable[[bytes], bool]:
    """A function from the bytes of one file to whether they were read; an error must be one line of its file."""
    for part in ("reference", "sources"):
        shutil.copytree(store.DATA / part, folder / part)
    path = folder / "reference" / f"{name}.csv" if kind == "reference" else folder / "one" / "hostile.yaml"
    path.parent.mkdir(exist_ok=True)

    def read(data: bytes) -> bool:
        path.write_bytes(data)
        try:
            if kind == "reference":
                reference.load(name, folder / "reference")
            else:
                KINDS[name](path.parent)
        except InputError as error:
            # a rule between tables names the table that breaks it
            read_or_refused(error, "/one" if kind == "yaml" else ".csv")
            return False
        return True

    return read
