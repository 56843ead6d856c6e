"""What a run rested on, as its manifest says, and its inputs laid out in a folder so that it can be computed again.

Bytes are taken only where they are those of the manifest. What is computed from a layout is in `recompute`.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipelines import manifest, store, vintages

PARAMETERS = ("priors/", "scenarios/", "definitions/")
"""Folders of what is chosen. The others hold figures: reference, sources, events, and the vintages."""


class Gone(Exception):
    """What a run rested on is not there as it was: one line says what."""


@dataclass(frozen=True)
class Basis:
    """What a run rests on.

    day : of `--as-of`; None where all that is known counts
    code, commit : SHA-256 of the code that computes, None in a manifest that does not say; its commit if nothing beside
        it was changed
    inputs, vintages : SHA-256 by path inside data/, and by source and label
    folder : where the bytes of the inputs are
    stale : published scenarios that were computed before, on something else
    """

    run_id: str
    draws: int
    seed: int
    day: date | None
    code: str | None
    commit: str | None
    versions: Mapping[str, str]
    inputs: Mapping[str, str]
    vintages: Mapping[str, str]
    folder: Path
    stale: frozenset[str] = frozenset()

    def of(self, parameters: bool) -> dict[str, str]:
        """Hashes of the inputs that are parameters, or of those that are not."""
        return {name: value for name, value in self.inputs.items() if name.startswith(PARAMETERS) == parameters}


def of_run(run_id: str) -> Basis:
    """What a run of this store rested on; Gone where its manifest cannot be read."""
    target = store.runs() / run_id
    path = target / "manifest.json"
    try:
        content: dict[str, Any] = json.loads(path.read_bytes())
        inputs = dict(content["inputs"])
        return Basis(
            run_id=run_id,
            draws=int(content["draws"]),
            seed=int(content["seed"]),
            day=_day_asked(content, target / "inputs"),
            code=content.get("code_sha256"),
            commit=content["git_commit"] if content["uncommitted_changes"] is False else None,
            versions=dict(content["versions"]),
            inputs=inputs,
            vintages=dict(content["vintages"]),
            folder=target / "inputs",
            stale=frozenset(content.get("stale", ())),
        )
    except OSError as error:
        raise Gone(f"the manifest of run {run_id} cannot be read: {error.strerror}") from None
    except KeyError as error:
        raise Gone(
            f"the manifest of run {run_id} does not say {error.args[0]}: it is damaged or of an older version"
        ) from None
    except (ValueError, TypeError, csv.Error) as error:
        raise Gone(f"the manifest of run {run_id} is damaged ({type(error).__name__}: {error})") from None


def of_now(run_id: str, draws: int, seed: int, day: date | None, stale: frozenset[str] = frozenset()) -> Basis:
    """What a run of this moment rests on."""
    unchanged = manifest.uncommitted_changes() is False
    standing = manifest.vintage_hashes(day)
    return Basis(
        run_id=run_id,
        draws=draws,
        seed=seed,
        day=day,
        code=manifest.code_sha256(),
        commit=manifest.git_commit() if unchanged else None,
        versions=manifest.versions(),
        inputs=manifest.input_hashes(),
        vintages={name.removeprefix("vintages/"): digest for name, digest in standing.items()},
        folder=store.DATA,
        stale=stale,
    )


def lay_out(
    folder: Path, data: Basis, parameters: Basis, known: Basis | None = None, staged: bool = True
) -> dict[str, str]:
    """Lay out the data of one run and the parameters of one (the same run, to compute it again) in an empty folder.

    `known` is a run whose sources may be cited too: a prior may name a publication that the older data lack, and a
    source of today's code needs its card. No figure comes with them. `staged` lends the staging tables that this store
    has of the vintages; without them the bytes are parsed again.

    Returns
    -------
    The environment in which commands compute from the folder; its store holds the vintages of `data` and no others.

    Errors
    ------
    Gone for the first file or vintage that is not what the manifest says.
    """
    for basis, wanted in ((data, data.of(parameters=False)), (parameters, parameters.of(parameters=True))):
        for name, digest in sorted(wanted.items()):
            _copy(basis, name, digest, folder / "data")
    if known is not None:
        _add_sources(folder / "data", known)
    home = folder / "home"
    home.mkdir(parents=True)
    for name, digest in sorted(data.vintages.items()):
        source_id, _, label = name.partition("/")
        _link(home, source_id, label, digest, staged)
    return {
        "CYBERACCORD_DATA": str(folder / "data"),
        "CYBERACCORD_HOME": str(home),
        "DAGSTER_HOME": str(home / "dagster"),
        "CYBERACCORD_TABLES": "",  # or what is computed again would replace the tables of the run
    }


def _copy(basis: Basis, name: str, digest: str, target: Path) -> None:
    parts = Path(name).parts
    if len(parts) != 2 or parts[0] not in store.INPUTS or parts[1].startswith("."):
        raise Gone(f"the manifest of run {basis.run_id} names {name!r}, which is no input")
    try:
        content = (basis.folder / name).read_bytes()
    except OSError as error:
        raise Gone(f"{name} as run {basis.run_id} kept it cannot be read: {error.strerror}") from None
    if manifest.sha256(content) != digest:
        raise Gone(f"{name} as run {basis.run_id} kept it is not what its manifest says (checksum)")
    (target / parts[0]).mkdir(parents=True, exist_ok=True)
    (target / name).write_bytes(content)


def _link(home: Path, source_id: str, label: str, digest: str, staged: bool) -> None:
    """A vintage of this store in another store, where asked with the staging tables that were made of it."""
    try:
        found = next((v for v in vintages.kept(source_id) if v.label == label), None)
    except vintages.Damaged as error:
        raise Gone(str(error)) from None
    if found is None:
        raise Gone(f"vintage {label} of {source_id} is gone from the store")
    if found.sha256 != digest:
        raise Gone(f"vintage {label} of {source_id} is not the one that the run read (checksum)")
    link = home / "vintages" / source_id / label
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(found.folder.resolve(), target_is_directory=True)
    # each by its own link: what is staged anew there must neither land here nor remove what is here
    for tables in (store.home() / "staged" / source_id / label).glob("[!.]*") if staged else ():
        link = home / "staged" / source_id / label / tables.name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(tables.resolve(), target_is_directory=True)


def _add_sources(data: Path, known: Basis) -> None:
    """Add the sources of another run that these data do not have: by its card, or by its row of sources.csv."""
    table, cards = data / "reference" / "sources.csv", data / "sources"
    try:
        columns, rows = _sources(table)
        _, others = _sources(known.folder / "reference" / "sources.csv")
    except (OSError, csv.Error, KeyError, UnicodeDecodeError) as error:
        raise Gone(f"reference/sources.csv cannot be read: {error}") from None
    there = {row["source_id"] for row in rows} | {path.stem for path in cards.glob("*.yaml")}
    for name, digest in known.inputs.items():
        if name.startswith("sources/") and Path(name).stem not in there:
            _copy(known, name, digest, data)
    added = [row for row in others if row["source_id"] not in there]
    if added:
        with table.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            writer.writerows([*rows, *added])


def _sources(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    if any("source_id" not in row for row in rows):
        raise KeyError("source_id")
    return list(reader.fieldnames or ()), rows


def _day_asked(content: Mapping[str, Any], inputs: Path) -> date | None:
    """The day of `--as-of`. A manifest that does not say it has it as the day of its data where a ratification in its
    inputs is later, and else it left none out."""
    if "asked_as_of" in content:
        return date.fromisoformat(content["asked_as_of"]) if content["asked_as_of"] else None
    as_of = date.fromisoformat(content["as_of"])
    with (inputs / "reference" / "treaty_status.csv").open(encoding="utf-8", newline="") as file:
        later = any((row["ratified_on"] or "") > content["as_of"] for row in csv.DictReader(file))
    return as_of if later else None
