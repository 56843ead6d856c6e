"""An edition as one zip that a data editor can run: the same edition gives the same bytes.

What goes in is gathered by the modules beside this one; here it is put in place, hashed and packed.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines import comparison, leftovers, manifest, store, whole_file
from pipelines.errors import InputError
from pipelines.replication import code, exhibit_map, kept, readme, results
from pipelines.scenarios import STATUS_QUO

SHIPPED = Path(__file__).with_name("shipped")
COMPARISON = Path(comparison.__file__).parent
SUMS = "SHA256SUMS"


def write(edition: str | None, file: Path | None = None, force: bool = False) -> list[str]:
    """Write the package of an edition, by default into the store; the lines that say what it is.

    The package in the store is replaced, being of the same edition; a file named by the user only where `force` is set.
    """
    found = kept.find(edition)
    target = (file or store.home() / "replication" / f"{found.edition}.zip").expanduser()
    if file is not None and target.exists() and not force:
        raise InputError(str(file), None, None, "new_file", "a file that is there", "a new name, or --force")
    if not target.parent.is_dir() and file is not None:
        raise InputError(str(file), None, None, "folder_exists", None, "a file in a folder that is there")
    said = found.manifest
    source = code.of_run(found.run["git_commit"], said.get("uncommitted_changes"), said.get("code_sha256"))
    files = contents(found, source)
    leftovers.clear_beside(target)
    with whole_file.swapped_in(target) as beside:
        pack(files, f"cyberaccord-{found.edition}", found.run["created_at"].timetuple()[:6], beside)
    size = target.stat().st_size / 1e6
    told = [source.origin]
    if stale := said.get("stale"):
        told.append(f"{', '.join(stale)}: computed before this run on other code or inputs; will not agree")
    return [*told, f"{store.shown(target)}: edition {found.edition}, {len(files)} files, {size:.1f} MB"]


def contents(found: kept.Kept, source: code.Code) -> dict[str, bytes]:
    """Every file of the package by its path, checksums included."""
    inputs, used = kept.inputs(found), kept.used_vintages(found)
    mapped = exhibit_map.of(found, source.files)
    files = {f"code/{name}": content for name, content in source.files.items()}
    files |= {f"code/data/{name}": content for name, content in inputs.items()}
    for each in used:
        files |= {f"{each.place}/{name}": content for name, content in each.files.items()}
    files |= {path.name: path.read_bytes() for path in SHIPPED.iterdir() if path.is_file()}
    files |= {f"comparison/{path.name}": path.read_bytes() for path in COMPARISON.glob("*.py")}
    files |= results.files(found, code.rendered(source.files, found.database)) | exhibit_map.files(mapped)
    files["programs.csv"] = readme.programs(source.files)
    files["settings.json"] = (json.dumps(settings(found), indent=2, sort_keys=True) + "\n").encode()
    files["LICENSE.txt"] = source.files.get("LICENSE", b"")
    files["README.md"] = readme.text(found, source, inputs, used, mapped, files).encode()
    sums = [f"{manifest.sha256(content)}  {name}\n" for name, content in sorted(files.items())]
    return files | {SUMS: "".join(sums).encode()}


def settings(found: kept.Kept) -> dict[str, Any]:
    """What the replication passes to the main job; no scenario is named where the run had all of them."""
    day = kept.asked_as_of(found)
    every = {name.split("/")[1].removesuffix(".yaml") for name in found.manifest["inputs"] if name[:10] == "scenarios/"}
    ran = [name for name in found.manifest["scenarios"] if name != STATUS_QUO] or [STATUS_QUO]
    return {
        "seed": found.run["seed"],
        "draws": found.run["draws"],
        "as_of": str(day) if day else None,
        "scenarios": [] if {*ran, STATUS_QUO} == every else ran,
    }


def pack(files: Mapping[str, bytes], folder: str, stamp: tuple[int, ...], target: Path) -> None:
    """Write a zip of the files in a folder, in order of their names, all of one time."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{folder}/{name}", tuple(stamp))  # type: ignore[arg-type]
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o100644 << 16
            archive.writestr(entry, content)
