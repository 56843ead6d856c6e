"""What the store keeps of an edition, read and held against the hashes of the run's manifest.

Nothing is computed here; a byte that is not what the run read ends the command.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipelines import editions, manifest, measured, store, vintages
from pipelines.errors import InputError
from pipelines.fetch import LOOPBACK

AGREEING = ("run_id", "edition", "seed", "draws", "inputs_sha256", "priors_sha256")
"""What the manifest in the run's folder and the edition's own meta.runs must both say."""


@dataclass(frozen=True)
class Kept:
    """An edition: its database, its row of meta.runs, and what the folder of the run behind it holds."""

    edition: str
    database: Path
    run: Mapping[str, Any]
    folder: Path
    manifest: Mapping[str, Any]
    measured: Mapping[str, Any] | None


@dataclass(frozen=True)
class Used:
    """A vintage that the run read. `files` has its bytes where they may be passed on, else its manifest alone."""

    vintage: vintages.Vintage
    provided: bool
    files: Mapping[str, bytes]

    @property
    def place(self) -> str:
        """Its folder in the package."""
        return f"vintages/{self.vintage.source_id}/{self.vintage.label}"


def find(edition: str | None) -> Kept:
    """The edition, by default the current one; InputError where something of it is not there."""
    current = editions.find(edition)
    month = edition or str(editions.rows(current, "select edition from meta.runs")[0]["edition"])
    database = editions.find(month)
    run = editions.rows(database, "from meta.runs")[0]
    folder = store.runs() / run["run_id"]
    recorded = folder / measured.NAME
    return Kept(month, database, run, folder, _manifest(folder, run), _measured(recorded))


def _measured(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    try:
        found = json.loads(path.read_bytes())
        return {**found, "machine": dict(found["machine"])}
    except (ValueError, TypeError, KeyError) as error:
        allowed = "the file as the run wrote it; without it the machine counts as another"
        raise InputError(store.shown(path), None, None, "json", str(error), allowed) from None


def _manifest(folder: Path, run: Mapping[str, Any]) -> dict[str, Any]:
    path = folder / "manifest.json"
    if not path.exists():
        allowed = f"the manifest and inputs of run {run['run_id']}; run again (make run)"
        raise InputError(store.shown(path), None, None, "inputs_kept", None, allowed)
    try:
        found: dict[str, Any] = json.loads(path.read_bytes())
    except ValueError as error:
        raise InputError(
            store.shown(path), None, None, "json", str(error), "the manifest as the run wrote it"
        ) from None
    if not isinstance(found, dict):
        raise InputError(
            store.shown(path), None, None, "json", type(found).__name__, "the manifest as the run wrote it"
        )
    for name in AGREEING:
        if found.get(name) != run[name]:
            raise InputError(
                store.shown(path), None, name, "same_run", found.get(name), f"{run[name]}, as in meta.runs"
            )
    return found


def inputs(kept: Kept) -> dict[str, bytes]:
    """Bytes of every input file that the run kept, by path inside data/; InputError where one is not as hashed."""
    content = {}
    for name, expected in sorted(kept.manifest["inputs"].items()):
        path = kept.folder / "inputs" / name
        if not path.is_file():
            raise InputError(store.shown(path), None, None, "inputs_kept", None, "the file that the run kept")
        content[name] = path.read_bytes()
        if (found := manifest.sha256(content[name])) != expected:
            allowed = f"the bytes that the run read, SHA-256 {expected}"
            raise InputError(store.shown(path), None, None, "inputs_kept", f"SHA-256 {found}", allowed)
    return content


def used_vintages(kept: Kept) -> list[Used]:
    """The vintages that the run read, with their bytes where the source's licence allows to pass them on."""
    allowed = editions.rows(kept.database, "select source_id, redistributable from meta.sources")
    provided = {row["source_id"] for row in allowed if row["redistributable"] == "yes"}
    found = []
    for name, expected in sorted(kept.manifest["vintages"].items()):
        source, _, label = name.partition("/")
        place = store.shown(vintages.folder(source) / label)
        try:
            vintage = next((each for each in vintages.kept(source) if each.label == label), None)
            if vintage is None or vintage.sha256 != expected:
                told = "a vintage of other files" if vintage else None
                raise InputError(place, None, None, "vintage_kept", told, f"the vintage with SHA-256 {expected}")
            files = vintages.read(vintage) if source in provided else {}
        except vintages.Damaged as error:
            raise InputError(place, None, None, "vintage_kept", str(error), "the bytes that the run read") from None
        found.append(Used(vintage, source in provided, {**files, vintages.MANIFEST: public_manifest(vintage)}))
    return found


def public_manifest(vintage: vintages.Vintage) -> bytes:
    """The manifest of a vintage without addresses on this machine."""
    row = asdict(vintage) | {"as_of": str(vintage.as_of), "fetched_at": vintage.fetched_at.isoformat()}
    for file in row["files"]:
        if file["url"] and urlsplit(file["url"]).hostname in LOOPBACK:
            file["url"] = None
    return (json.dumps(row, indent=2, sort_keys=True) + "\n").encode()


def asked_as_of(kept: Kept) -> date | None:
    """The day that `run --as-of` named; a manifest that does not say has it as the day of data, if it left any out."""
    if "asked_as_of" in kept.manifest:
        asked = kept.manifest["asked_as_of"]
        return date.fromisoformat(asked) if asked else None
    import polars as pl

    treaties = pl.DataFrame(editions.rows(kept.database, "select signed_on, ratified_on from core.treaty_status"))
    sources = pl.DataFrame(editions.rows(kept.database, "select vintage from meta.sources"))
    day: date = kept.run["as_of"]
    return day if day < manifest.data_as_of(treaties, sources) else None
