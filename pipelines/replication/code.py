"""The files that compute and render an edition: those of its commit where git has it, else those of this checkout.

Input files are not among them: their bytes are kept with the run.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines import manifest, store

FOLDERS = ("models", "pipelines", "reports", "tests", "benchmarks")
"""Folders of code; benchmarks because tests hold the model to the dense equations there."""
FILES = (
    *("CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md"),
    *("dagster.yaml", "pyproject.toml", "requirements.lock", "workspace.yaml"),
)
COMPUTING = ("models/", "pipelines/")
LEFT = ("__pycache__",)
RENDER = "import sys, pathlib, reports.render as r; r.render(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))"


class RenderFailed(Exception):
    """The code of an edition does not render it with the packages of this machine; one line says why."""


@dataclass(frozen=True)
class Code:
    """Files by path in the checkout, and in one sentence what they are."""

    files: Mapping[str, bytes]
    origin: str
    certain: bool


def of_run(commit: str | None, uncommitted: bool | None, recorded: str | None = None) -> Code:
    """The code of a run; `certain` where it is known to be what ran.

    `recorded` is the SHA-256 that the run recorded of the programs that compute; older runs did not.
    """
    archived = _of_commit(commit) if commit else None
    if archived is not None and (computing(archived) == recorded if recorded else not uncommitted):
        return Code(archived, f"The code is that of commit {commit}, at which the run was made.", True)
    here = of_folder(store.ROOT)
    if recorded and computing(here) == recorded:
        return Code(
            here, "The code is that of this folder; its programs have the checksum that the run recorded.", True
        )
    made = f"at commit {commit}" if commit else "outside git"
    made += " with uncommitted changes" if uncommitted else ""
    if archived is not None and commit != manifest.git_commit():
        return Code(archived, f"The run was made {made}; the code is the commit's, without them.", False)
    return Code(here, f"The run was made {made}; the code is that of this folder, which may be another.", False)


def computing(files: Mapping[str, bytes]) -> str:
    """SHA-256 over the programs that compute, as a run records it of its own."""
    hashes = {name: manifest.sha256(content) for name, content in files.items() if name.endswith(".py")}
    return manifest.combined(hashes, COMPUTING)


def rendered(files: Mapping[str, bytes], database: Path) -> bytes:
    """The report of an edition by these files, which need not be those of this checkout or of the page in the store."""
    with TemporaryDirectory() as folder:
        for name, content in files.items():
            if name.startswith(("models/", "reports/")):
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        environment = os.environ | {"PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-c", RENDER, str(database), folder]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise RenderFailed(f"the code of the edition does not render its report: {done.stderr.splitlines()[-1:]}")
        return (Path(folder) / "index.html").read_bytes()


def belongs(name: str) -> bool:
    """Whether a file of the checkout computes, renders, tests or describes."""
    parts = name.split("/")
    return (parts[0] in FOLDERS or name in FILES) and not any(part in LEFT or part.endswith(".pyc") for part in parts)


def of_folder(root: Path) -> dict[str, bytes]:
    """The files of a checkout as they are; in git, without those that git ignores."""
    listed = _git("ls-files", "-z", "--cached", "--others", "--exclude-standard") if (root / ".git").exists() else None
    if listed is None:
        paths = [path.relative_to(root).as_posix() for path in root.rglob("*")]
    else:
        paths = listed.decode().split("\0")
    return {name: (root / name).read_bytes() for name in sorted(paths) if belongs(name) and (root / name).is_file()}


def _of_commit(commit: str) -> dict[str, bytes] | None:
    archive = _git("archive", "--format=tar", commit)
    if archive is None:
        return None
    files = {}
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for member in tar:
            if member.isfile() and belongs(member.name):
                content = tar.extractfile(member)
                assert content is not None  # it is a file
                files[member.name] = content.read()
    return files


def _git(*arguments: str) -> bytes | None:
    try:
        done = subprocess.run(["git", "-C", str(store.ROOT), *arguments], capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
