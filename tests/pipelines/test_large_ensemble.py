"""`cyberaccord ensemble` on a small run: its draws give the published numbers, more are computed once and in parts."""

import json
import subprocess
import sys

import duckdb
import pytest

from pipelines import draw_blocks, large_ensemble
from pipelines.large_ensemble import Ensemble, OtherInputs, Place
from pipelines.store import ROOT
from tests.pipelines.past_one_machine import SMALL, Bucket, database, environment, said

pytestmark = pytest.mark.soak
ANCHOR = 945.0
"""Loss of the baseline, USD bn."""
MEASURE = """
import json, sys
from pipelines.large_ensemble import Ensemble, Place
from pipelines.measured import peak_memory
found = Ensemble(Place("universal")).result(int(sys.argv[1]))
print(json.dumps([peak_memory() / 2**30, found.draws, found.values, found.errors]))
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    own = tmp_path_factory.mktemp("ensemble") / "store"
    done = said(own, *SMALL)
    assert done.returncode == 0, done.stderr
    return own


@pytest.fixture(autouse=True)
def of_the_run(home, monkeypatch):
    monkeypatch.setenv("CYBERACCORD_HOME", str(home))


@pytest.fixture
def universal(tmp_path):
    return Ensemble(Place("universal"), tmp_path)


def published(home, where):
    with duckdb.connect(str(database(home)), read_only=True) as connection:
        names = ", ".join(draw_blocks.STATISTICS)
        [row] = connection.execute(f"select {names}, mcse from model.counterfactual where {where}").fetchall()
    return dict(zip([*draw_blocks.STATISTICS, "mcse"], row, strict=True))


@pytest.mark.parametrize(
    ("place", "where"),
    [
        (Place("universal"), "adoption_metric = 'scenario' and year = 2020"),
        (Place("universal", "gdp", 0.5), "adoption_metric = 'gdp' and adoption_level = 0.5"),
    ],
    ids=str,
)
def test_the_draws_of_the_run_give_what_it_published(place, where, home, tmp_path):
    common = "scenario = 'universal' and effect_set = 'default' and iso3 = 'WLD' and measure = 'avoided_loss'"
    expected = published(home, f"{where} and {common} and mechanisms = 'all'")
    found = Ensemble(place, tmp_path).result(256)
    for name in draw_blocks.STATISTICS:
        assert found.values[name] == pytest.approx(expected[name], rel=0, abs=1e-8 * ANCHOR), name
    assert found.errors["mean"] == pytest.approx(expected["mcse"], rel=1e-6)


def test_blocks_are_computed_once_in_any_parts_and_again_where_they_are_gone(universal):
    absent = universal.result(2**14, "0:5")
    assert len(absent) == 3
    first = {path.name: path.stat().st_mtime_ns for path in universal.folder.iterdir()}
    assert len(first) == 5
    whole = universal.result(2**14, "5:8")
    assert {name: (universal.folder / name).stat().st_mtime_ns for name in first} == first
    name = next(iter(first))
    before = (universal.folder / name).read_bytes()
    (universal.folder / name).unlink()
    assert universal.result(2**14, workers=1).values == whole.values
    assert (universal.folder / name).read_bytes() == before


def test_tables_of_other_inputs_are_told_apart(data):
    prior = data / "priors" / "loss.yaml"
    prior.write_text(prior.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(OtherInputs, match="run again"):
        Ensemble(Place("universal"))


def test_a_changed_convention_computes_its_blocks_again(universal, data, tmp_path):
    universal.result(256)
    text = data / "scenarios" / "universal.yaml"
    text.write_text(text.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    changed = Ensemble(Place("universal"), tmp_path)
    _, [block, *_] = draw_blocks.layout(256)
    assert draw_blocks.is_there(universal.folder, block, universal.rests_on)
    assert not draw_blocks.is_there(changed.folder, block, changed.rests_on)


def test_blocks_in_a_bucket_give_the_same_lines_and_one_that_is_gone_is_told(home, universal):
    pytest.importorskip("moto")
    here = universal.result(2**14)
    bucket = Bucket()
    arguments = ("ensemble", "universal", "--draws", str(2**14), "--folder", "s3://office/blocks")
    try:
        done = said(home, *arguments, **bucket.environment)
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[:-1] == here.lines()
        assert len(bucket.names("blocks/universal/scenario/")) == 8
    finally:
        bucket.stop()
    done = said(home, *arguments, **bucket.environment)
    [line] = done.stderr.strip().splitlines()
    assert done.returncode == 1 and "Could not connect" in line


def test_many_draws_fit_in_two_gigabytes_and_agree_with_few(home, long):
    """A process of its own, which remembers the most memory that it ever held."""
    draws = large_ensemble.DRAWS if long else 2**18
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(draws)],
        env=environment(home),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    peak, found, values, errors = json.loads(done.stdout)
    assert found == draws and peak < 2
    few = published(
        home,
        "scenario = 'universal' and effect_set = 'default' and iso3 = 'WLD' and measure = 'avoided_loss' "
        "and mechanisms = 'all' and adoption_metric = 'scenario' and year = 2020",
    )
    assert errors["mean"] < few["mcse"] / 10
    assert values["mean"] == pytest.approx(few["mean"], rel=0, abs=5 * few["mcse"])
