"""Inputs that are named by their file: which there are, what a name may be, what was meant by one that is not there.

For scenarios, definitions and events alike; what such a file holds, their own modules say. Reading is in `yaml_files`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from pathlib import Path

from pipelines import plain_tables, store
from pipelines.errors import InputError

NAME = re.compile(r"[a-z][a-z0-9_]*")
NAME_RULE = "small letters, digits and _, a letter first"


def names(folder: Path) -> list[str]:
    """Names that there are files for, sorted; InputError for a name that cannot be one."""
    found = []
    for path in sorted(folder.glob("*.y*ml")):
        if path.suffix != ".yaml":
            raise _not_a_name(path)
        found.append(checked(path).stem)
    return found


def checked(path: Path) -> Path:
    """The path; InputError where the file's name cannot be that of an input."""
    if not NAME.fullmatch(path.stem):
        raise _not_a_name(path)
    return path


def _not_a_name(path: Path) -> InputError:
    return InputError(store.shown(path), None, None, "file_name", path.name, f"<name>.yaml, name of {NAME_RULE}")


def place(folder: Path, name: str) -> Path:
    """Where the file of a name is or would be, never outside the folder; InputError for what cannot be a name."""
    path = folder / f"{name}.yaml"
    if not NAME.fullmatch(name):
        raise InputError(store.shown(path), None, None, "file_name", name, f"{NAME_RULE}: [a-z][a-z0-9_]*")
    return path


def find(folder: Path, name: str, rule: str) -> Path:
    """The file of a name; InputError with the nearest of those there are, under `rule`."""
    path = place(folder, name)
    if not path.is_file():
        raise InputError(store.shown(path), None, None, rule, name, nearest(name, names(folder)))
    return path


def nearest(name: str, known: Iterable[str]) -> str:
    """What is allowed instead of a name, with the one that was probably meant."""
    known = sorted(known)
    return f"one of {', '.join(known)}{hint(name, known)}"


def hint(name: str, known: Iterable[str]) -> str:
    """ " (did you mean ...?)", or nothing where no known name is near."""
    by_small = {item.lower(): item for item in known}
    close = difflib.get_close_matches(str(name).lower(), by_small, n=1, cutoff=0.5)
    return f" (did you mean {by_small[close[0]]}?)" if close else ""


def known_sources() -> set[str]:
    """What a file may name as a source: a row of the table of sources, or a card."""
    found = {row["source_id"] for row in plain_tables.rows(store.DATA / "reference" / "sources.csv", "source_id")}
    return found | {path.stem for path in (store.DATA / "sources").glob("*.yaml")}
