"""The notebooks as plain scripts on the small run: each prints its answer, and stops where the database is wrong."""

import importlib.util
import os
import runpy
import shutil
import subprocess
import sys

import duckdb
import pytest

from pipelines import store

FOLDER = store.ROOT / "docs" / "notebooks"
BASELINE, OWN, ROWS = (
    FOLDER / f"{name}.py" for name in ("baseline_triangulation", "your_own_convention", "from_a_figure_to_its_rows")
)
pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("marimo") is None, reason="marimo is not in this environment: make .venv/.stamp-docs"
)


@pytest.fixture(scope="module")
def printed(small_run):
    """What each notebook prints as a script; all run at once, each in a process of its own, with no browser to find."""
    own = {"CYBERACCORD_HOME": str(small_run.home), "PYTHONPATH": str(store.ROOT), "BROWSER": "/bin/false"}
    started = {
        path: subprocess.Popen(
            [sys.executable, str(path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=small_run.home,
            env={**os.environ, **own},
        )
        for path in (BASELINE, OWN, ROWS)
    }
    found = {}
    for path, process in started.items():
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        found[path] = out
    return found


@pytest.fixture
def spoiled(small_run, tmp_path, monkeypatch):
    """The small run's store with one number of its database changed."""

    def change(sql: str) -> None:
        (tmp_path / "published").mkdir()
        copy = tmp_path / "published" / "cyberaccord.duckdb"
        shutil.copyfile(small_run.database, copy)
        (tmp_path / "runs").symlink_to(small_run.home / "runs")
        with duckdb.connect(str(copy)) as connection:
            connection.execute(sql)
        monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path))

    return change


def test_every_notebook_of_the_folder_is_tested():
    assert sorted(FOLDER.glob("*.py")) == sorted((BASELINE, OWN, ROWS))


def test_the_baseline_is_triangulated_from_the_published_figures(printed):
    # CSIS 2020 prints a loss of 945; the pooled median and its interval are those of the report's own synthesis
    assert "One report at its word: 945." in printed[BASELINE]
    assert "Pooled: 909, 90 % interval 453 to 1,826, the report inside it." in printed[BASELINE]


def test_a_convention_of_ones_own_is_held_against_the_op_eds_and_leaves_no_file(printed):
    assert "USD bn a year, 2020 prices, 1,024 draws. Mine avoids" in printed[OWN]
    assert "in the published database (64 draws)." in printed[OWN]
    assert not (store.DATA / "scenarios" / "mine.yaml").exists()


def test_a_share_is_walked_back_to_the_line_of_a_file_with_its_checksum(printed, small_run):
    lines = (store.DATA / "reference" / "incident_counts.csv").read_text(encoding="utf-8").splitlines()
    (line,) = (k for k, text in enumerate(lines, 1) if text.startswith("eurepoc,state,RUS,USA,"))
    assert f"line {line} of data/reference/incident_counts.csv" in printed[ROWS]
    with duckdb.connect(str(small_run.database), read_only=True) as connection:
        (run_id,) = connection.execute("select run_id from meta.runs").fetchone()
    assert printed[ROWS].rstrip().endswith(f"run {run_id}.")


@pytest.mark.parametrize(
    ("notebook", "change"),
    [
        (BASELINE, "update model.pooled set usd_bn_p50 = 1.01 * usd_bn_p50 where specification = 'all'"),
        (BASELINE, "update model.averaging_weight set weight = 0.2 where weighting = 'by_approach'"),
        (OWN, "update model.counterfactual set mean = mean + 20 where measure = 'avoided_loss' and iso3 = 'WLD'"),
        (ROWS, "update core.dyads set share = 1.01 * share where origin_iso3 = 'CHN' and target_iso3 = 'USA'"),
        (ROWS, "update core.incident_counts set incidents = 33 where origin_iso3 = 'RUS' and target_iso3 = 'USA'"),
    ],
)
def test_a_notebook_stops_where_a_number_is_not_what_it_rests_on(spoiled, notebook, change):
    spoiled(change)
    with pytest.raises(AssertionError):
        runpy.run_path(str(notebook), run_name="__main__")


def test_marimo_finds_nothing_wrong():
    done = subprocess.run(
        [sys.executable, "-m", "marimo", "check", "--strict", str(BASELINE), str(OWN), str(ROWS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
