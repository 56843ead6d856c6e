"""`cyberaccord replay` before anything is computed: what is not as the run kept it is one line and exit code 2."""

import json
import shutil
from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner

from pipelines import editions, vintages
from pipelines.cli import main


@pytest.fixture
def store_of(small_run, tmp_path, monkeypatch):
    """The small run's edition, with kept inputs and a vintage that a test may spoil."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "published").symlink_to(small_run.home / "published")
    shutil.copytree(small_run.home / "runs", home / "runs")
    monkeypatch.setenv("CYBERACCORD_HOME", str(home))
    file = vintages.File("kev.json", 2, vintages.sha256(b"{}"), None)
    vintage = vintages.Vintage("cisa_kev", "2026-01-02", date(2026, 1, 2), datetime(2026, 1, 3, tzinfo=UTC), (file,))
    vintages.land(vintage, {"kev.json": b"{}"})
    change(home, vintages={"cisa_kev/2026-01-02": vintage.sha256})
    return home


def folder(home):
    return next(path.parent for path in home.glob("runs/*/manifest.json"))


def change(home, **fields):
    """Set fields of the manifest; None removes one."""
    path = folder(home) / "manifest.json"
    kept = json.loads(path.read_bytes()) | fields
    path.write_text(json.dumps({name: value for name, value in kept.items() if value is not None}))


HARM = {
    "an altered input": (
        lambda home: (folder(home) / "inputs" / "reference" / "gdp.csv").write_text("changed"),
        "reference/gdp.csv as run",
    ),
    "a lost input": (
        lambda home: (folder(home) / "inputs" / "priors" / "loss.yaml").unlink(),
        "priors/loss.yaml as run",
    ),
    "a lost manifest": (lambda home: (folder(home) / "manifest.json").unlink(), "manifest.json"),
    "a manifest that is no JSON": (lambda home: (folder(home) / "manifest.json").write_text("{"), "manifest.json"),
    "a manifest that is a list": (lambda home: (folder(home) / "manifest.json").write_text("[]"), "manifest.json"),
    "another seed": (lambda home: change(home, seed=8), "7, as in meta.runs"),
    "an older manifest, without vintages": (lambda home: change(home, vintages=None), "does not say vintages"),
    "an older manifest, without inputs": (lambda home: change(home, inputs=None), "does not say inputs"),
    "an older manifest, without scenarios": (lambda home: change(home, scenarios=None), "which scenarios"),
    "a path out of the inputs": (lambda home: change(home, inputs={"../../x.csv": "0"}), "is no input"),
    "a vintage without a label": (lambda home: change(home, vintages={"cisa_kev": "0"}), "of cisa_kev is gone"),
    "a lost vintage": (
        lambda home: shutil.rmtree(home / "vintages" / "cisa_kev"),
        "vintage 2026-01-02 of cisa_kev is gone",
    ),
    "an altered vintage": (
        lambda home: (home / "vintages" / "cisa_kev" / "2026-01-02" / "kev.json").write_text("[]"),
        "kev.json: not the bytes that were landed",
    ),
    "a vintage of other files": (
        lambda home: change(home, vintages={"cisa_kev/2026-01-02": "0"}),
        "is not the one that the run read",
    ),
    "a damaged record of the machine": (
        lambda home: (folder(home) / "measured.json").write_text("[]"),
        "measured.json",
    ),
}


@pytest.mark.parametrize("harm", HARM)
def test_what_is_not_as_the_run_kept_it_ends_with_2_and_one_line(harm, store_of):
    spoil, told = HARM[harm]
    spoil(store_of)
    result = CliRunner().invoke(main, ["replay", editions.current_month()])
    assert result.exit_code == 2, result.output
    [line] = result.stderr.strip().splitlines()
    assert told in line
    assert "compared" not in result.stdout


@pytest.mark.parametrize(
    ("edition", "told"), [("1999-01", "no such edition"), ("last", "a month"), ("../x", "a month")]
)
def test_an_edition_that_is_none_ends_with_2_and_one_line(edition, told, store_of):
    result = CliRunner().invoke(main, ["replay", edition])
    assert result.exit_code == 2
    [line] = result.stderr.strip().splitlines()
    assert told in line
