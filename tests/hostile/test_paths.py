"""No name in a file, on the command line or in an index leaves its folder."""

from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner

from pipelines import cards, fetch, kept_inputs, named_files, store, vintages
from pipelines.cli import main
from pipelines.errors import InputError
from tests.pipelines import local_server

OUTSIDE = ["../../x", "/etc/passwd", "..", ".", "", "a/b", "a\\b", "~root", "a\0b", "2020-01/../../x", "%2e%2e", "x\n"]


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize(
    "command",
    [
        ["report", "--edition"],
        ["changes", "--edition"],
        ["sql", "from headline", "--edition"],
        ["export", "--edition"],
        ["replication", "--edition"],
        ["report", "--scenario"],
        ["scenario", "show"],
        ["scenario", "new"],
        ["scenario", "check"],
        ["run", "--scenario"],
        ["refresh"],
        ["revision"],
    ],
    ids=" ".join,
)
def test_a_name_that_leaves_its_folder_is_refused_in_one_line(command, name, tmp_path, monkeypatch):
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path / "store"))
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "store" / "dagster"))
    before = sorted(store.ROOT.parent.iterdir())
    result = CliRunner().invoke(main, [*command, name])
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    assert sorted(store.ROOT.parent.iterdir()) == before
    assert not list(tmp_path.glob("x*"))


@pytest.mark.parametrize("name", OUTSIDE)
def test_an_input_named_in_a_file_has_a_name_without_a_path(name, tmp_path):
    with pytest.raises(InputError):
        named_files.find(tmp_path, name, "known")


@pytest.mark.parametrize(
    "change",
    [
        {"name": "../x.csv"},
        {"name": "*", "save_as": "../x.csv"},
        {"name": "*", "save_as": "/x.csv"},
        {"name": "*", "url": "https://example.org/a/.."},
        {"name": "*", "url": "https://example.org/..?x=1"},
        {"name": "*", "save_as": "a\\x.csv"},
    ],
)
def test_a_file_of_a_card_has_a_name_without_a_path(change):
    with pytest.raises(ValueError, match="file_name"):
        cards.File(**change)


@pytest.fixture
def landed(tmp_path, monkeypatch):
    """The manifest of a vintage of one file, to be changed."""
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path / "store"))
    payload = b"year,index\n2020,1\n"
    file = vintages.File("cpiai.csv", len(payload), vintages.sha256(payload))
    made = vintages.Vintage("us_cpi", "2020-01", vintages.now().date(), vintages.now(), (file,))
    vintages.land(made, {"cpiai.csv": payload})
    return made.folder / vintages.MANIFEST


@pytest.mark.parametrize(
    "change",
    [
        {"label": "../../../outside"},
        {"source_id": "../outside"},
        {"label": "2020-02"},
        *({"file": name} for name in ("../../secret", "/etc/passwd", ".hidden", "", "a/b")),
    ],
)
def test_a_manifest_that_names_another_place_is_damaged(change, landed):
    content = json.loads(landed.read_bytes())
    if "file" in change:
        content["files"][0]["name"] = change["file"]
    else:
        content |= change
    landed.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(vintages.Damaged, match="no manifest of a vintage"):
        vintages.kept("us_cpi")


def test_a_link_in_a_vintage_is_read_only_where_its_bytes_are_those_that_landed(landed, tmp_path):
    """A store may lie on another disk behind a link; what a link leads to is held to the checksum of the manifest."""
    file = landed.parent / "cpiai.csv"
    moved = shutil.move(file, tmp_path / "elsewhere.csv")
    file.symlink_to(moved)
    (vintage,) = vintages.kept("us_cpi")
    assert vintages.read(vintage) == {"cpiai.csv": b"year,index\n2020,1\n"}
    file.unlink()
    file.symlink_to("/etc/hostname")
    with pytest.raises(vintages.Damaged, match="checksum"):
        vintages.read(vintage)


@pytest.mark.parametrize(
    "row", ["us_cpi,..,cpiai.csv,0", "us_cpi,,cpiai.csv,0", "us_cpi,a/b,cpiai.csv,0", "us_cpi,2020"]
)
def test_an_index_of_a_mirror_that_names_another_place_is_refused(row, monkeypatch):
    server = local_server.Server()
    server.answers["/INDEX.csv"] = [local_server.content(f"source,vintage,file,sha256\n{row}\n".encode())]
    monkeypatch.setenv(fetch.MIRROR, server.url)
    with pytest.raises(fetch.FetchError, match=r"no plain name|does not list it"):
        list(fetch.editions(cards.load("us_cpi")))
    assert list(server.asked) == ["/INDEX.csv"]
    server.close()


@pytest.mark.parametrize("name", ["../../x", "priors/../../x", "/etc/passwd", "store/x"])
def test_a_manifest_of_a_run_names_inputs_and_nothing_else(name, tmp_path):
    (tmp_path / "inputs").mkdir()
    basis = kept_inputs.Basis("run", 1, 1, None, None, None, {}, {name: "0"}, {}, tmp_path / "inputs")
    with pytest.raises(kept_inputs.Gone, match="no input"):
        kept_inputs._copy(basis, name, "0", tmp_path / "target")
