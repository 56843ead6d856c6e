"""What a package leaves out and names, and what is not as the run kept it: one line, exit 2, no file."""

import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime

import pytest

from pipelines import vintages
from tests.pipelines.replication.packed import Packed, pack, run_folder

BOUND = b"not to be passed on"


def land(source, label, name, payload, url):
    file = vintages.File(name, len(payload), vintages.sha256(payload), url)
    vintage = vintages.Vintage(source, label, date(2026, 1, 2), datetime(2026, 1, 3, tzinfo=UTC), (file,))
    vintages.land(vintage, {name: payload})
    return vintage


@pytest.fixture
def with_vintages(own_store, monkeypatch):
    """The edition as if its run had read a vintage that may be passed on and one that may not."""
    monkeypatch.setenv("CYBERACCORD_HOME", str(own_store))
    free = land("cisa_kev", "2026-01-02", "kev.json", b"free to pass on", "http://127.0.0.1:8080/kev.json")
    bound = land("cfr", "2026-01-02", "cfr.csv", BOUND, None)
    path = run_folder(own_store) / "manifest.json"
    written = json.loads(path.read_bytes())
    written["vintages"] = {f"{v.source_id}/{v.label}": v.sha256 for v in (free, bound)}
    path.write_text(json.dumps(written))
    return own_store


def test_a_vintage_that_may_not_be_passed_on_is_absent_named_and_asked_for(with_vintages, tmp_path, monkeypatch):
    (tmp_path / "v.zip").touch()
    result = pack(with_vintages, tmp_path / "v.zip", "--force")
    assert result.exit_code == 0, result.output
    packed = Packed.read(tmp_path / "v.zip")
    assert packed.files["vintages/cisa_kev/2026-01-02/kev.json"] == b"free to pass on"
    assert "vintages/cfr/2026-01-02/cfr.csv" not in packed.files
    there = [name for name, content in packed.files.items() if BOUND in content]
    assert [name for name in there if not name.startswith("code/tests/")] == []
    digest = hashlib.sha256(BOUND).hexdigest()
    assert digest in packed.readme and "https://www.cfr.org" in packed.readme
    assert "- [x] Some data **cannot be made** publicly available." in packed.readme
    assert "| `vintages/cfr/2026-01-02/cfr.csv` | cfr | as served | No |" in packed.readme
    assert b"127.0.0.1" not in packed.files["vintages/cisa_kev/2026-01-02/manifest.json"]

    with zipfile.ZipFile(tmp_path / "v.zip") as archive:
        archive.extractall(tmp_path)
    command = [sys.executable, "replicate.py", "--bin", str(tmp_path)]
    folder = tmp_path / packed.folder
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 2
    assert f"vintages/cfr/2026-01-02/cfr.csv (SHA-256 {digest})" in done.stderr and "kev.json" not in done.stderr
    (folder / "vintages/cfr/2026-01-02/cfr.csv").write_bytes(BOUND)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.strip() == f"{tmp_path}: no Python there; --bin names the folder bin of an environment"
    assert (folder / "replicated/vintages/cfr/2026-01-02/cfr.csv").read_bytes() == BOUND


def damage_input(home):
    (run_folder(home) / "inputs" / "reference" / "gdp.csv").write_text("changed")
    return "gdp.csv", "the bytes that the run read"


def lose_input(home):
    (run_folder(home) / "inputs" / "priors" / "loss.yaml").unlink()
    return "loss.yaml", "the file that the run kept"


def lose_manifest(home):
    (run_folder(home) / "manifest.json").unlink()
    return "manifest.json", "make run"


def change_manifest(home):
    path = run_folder(home) / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {"seed": 8}))
    return "manifest.json", "7, as in meta.runs"


def spoil_manifest(home):
    (run_folder(home) / "manifest.json").write_text("{")
    return "manifest.json", "the manifest as the run wrote it"


def lose_vintage(home):
    shutil.rmtree(home / "vintages" / "cfr")
    return "cfr/2026-01-02", "the vintage with SHA-256"


def damage_vintage(home):
    (home / "vintages" / "cisa_kev" / "2026-01-02" / "kev.json").write_text("changed")
    return "kev.json", "the bytes that the run read"


@pytest.mark.parametrize(
    "harm",
    [damage_input, lose_input, lose_manifest, change_manifest, spoil_manifest, lose_vintage, damage_vintage],
)
def test_what_is_not_as_the_run_kept_it_ends_with_2_and_one_line_and_no_file(harm, with_vintages, tmp_path):
    file, allowed = harm(with_vintages)
    result = pack(with_vintages, tmp_path / "x.zip")
    assert result.exit_code == 2
    [line] = result.stderr.strip().splitlines()
    assert file in line and allowed in line
    assert not list(tmp_path.glob("*x.zip*"))


def test_wrong_arguments_end_with_2_and_one_line(own_store, tmp_path):
    taken = tmp_path / "taken.zip"
    taken.write_text("mine")
    for path, options, told in [
        (taken, [], "--force"),
        (tmp_path / "none" / "x.zip", [], "a folder that is there"),
        (tmp_path / "x.zip", ["--edition", "1999-01"], "no such edition"),
        (tmp_path / "x.zip", ["--edition", "last"], "an edition is a month"),
    ]:
        result = pack(own_store, path, *options)
        assert result.exit_code == 2
        [line] = result.stderr.strip().splitlines()
        assert told in line
    assert taken.read_text() == "mine"
