"""A replication package as it is read back, and how it is made from a store."""

import csv
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.cli import main


@dataclass(frozen=True)
class Packed:
    path: Path
    folder: str
    files: dict[str, bytes]

    @classmethod
    def read(cls, path):
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            folder = names[0].split("/")[0]
            return cls(path, folder, {name.removeprefix(folder + "/"): archive.read(name) for name in names})

    def table(self, name):
        return list(csv.DictReader(io.StringIO(self.files[name].decode())))

    @property
    def readme(self):
        return self.files["README.md"].decode()


def pack(home, path, *options):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CYBERACCORD_HOME", str(home))
        return CliRunner().invoke(main, ["replication", *options, str(path)])


def run_folder(home):
    return next(path.parent for path in home.glob("runs/*/manifest.json"))
