"""The main job from the command line: what it leaves behind, what it says, and what bad input does to it."""

import hashlib
import json
import re
from datetime import date

import duckdb
import polars as pl
import pytest
from click.testing import CliRunner
from polars.testing import assert_frame_equal

from pipelines import main_job, manifest, outcome, store
from pipelines.cli import main
from pipelines.schemas import staging

BAD_INPUT = {
    "scenario with an unknown economy": ("scenarios/g7_founders.yaml", "economies: []", "economies: [ATL]", "ATL"),
    "scenario with a year before 2021": ("scenarios/g7_founders.yaml", "2027-01-01", "2019-01-01", "2019-01-01"),
    "scenario that does not parse": ("scenarios/g7_founders.yaml", "stand_down]", "stand_down", "valid YAML"),
    "scenario with an unknown bloc": ("scenarios/g7_founders.yaml", "[G7]", "[G77]", "G77"),
    "prior with an impossible distribution": ("priors/conduct.yaml", "{a: 4, b: 4}", "{a: 0, b: 4}", "a > 0"),
    "reference file with a text in a number": ("reference/us_cpi.csv", "1913,9.88333", "1913,many", "many"),
    "reference file with a missing column": ("reference/us_cpi.csv", "year,index", "year,level", "index"),
}


def wrong(data, case):
    name, old, new, fragment = BAD_INPUT[case]
    path = data / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path.name, fragment


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_ends_with_2_and_one_line_and_nothing_is_made(case, data, tmp_path, monkeypatch):
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path / "home"))
    file, fragment = wrong(data, case)
    result = CliRunner().invoke(main, ["run", "--draws", "64"])
    assert result.exit_code == 2
    assert result.stdout == ""
    [line] = result.stderr.strip().splitlines()
    assert file in line and fragment in line
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        (["--draws", "100"], "8 times a power of two"),
        (["--draws", "8"], "8 times a power of two"),
        (["--scenario", "g8_founders"], "did you mean g7_founders"),
        (["--scenario", "../secret"], "[a-z][a-z0-9_]*"),
        (["--as-of", "2019-12-31"], "2021-01-01"),
        (["--as-of", "yesterday"], "%Y-%m-%d"),
        (["--seed", "-1"], "--seed"),
        (["--effect-set", "backfires"], "did you mean backfire"),
    ],
)
def test_a_wrong_option_ends_with_2_and_says_what_is_allowed(arguments, fragment, tmp_path, monkeypatch):
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path / "home"))
    result = CliRunner().invoke(main, ["run", *arguments])
    assert result.exit_code == 2
    assert fragment in result.stderr
    assert not (tmp_path / "home").exists()


def test_a_home_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path / "file" / "home"))
    result = CliRunner().invoke(main, ["run", "--draws", "64"])
    assert result.exit_code == 2
    assert str(tmp_path / "file" / "home") in result.stderr


def test_a_run_ends_with_the_headlines_each_mechanism_off_the_report_and_a_query_to_copy(small_run):
    whole, without, head, *table, report, query = small_run.result.stdout.strip().splitlines()
    with duckdb.connect(str(small_run.database), read_only=True) as connection:
        rows = connection.execute(
            "select avoided_loss, p05, p95 from headline where scenario = 'op_ed_convention' order by mechanisms"
        ).fetchall()
    assert len(rows) == 2
    for line, numbers in zip((whole, without), rows, strict=True):
        for number in numbers:
            assert f"{number:.3g}".replace("-", "−") in line
        assert re.search(r"P\(no better than today\) \d+ %", line)
    assert "every mechanism" in whole and "without stand-down" in without
    assert head.split()[-3:] == ["mean", "no", "better"]
    assert [line.split("  ")[1] for line in table] == list(main_job.CHANNELS.values())
    assert report.startswith("Report: ") and (small_run.home / "published" / "report" / "index.html").exists()
    assert query.endswith('bin/cyberaccord sql "from headline"')


@pytest.mark.soak
def test_a_belief_asked_for_is_computed_with_the_default_and_with_what_it_mixes_and_moves_no_number(
    tmp_path, monkeypatch
):
    tables = []
    for number, chosen in enumerate(([], ["--effect-set", "averaged"])):
        monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path / str(number)))
        done = CliRunner().invoke(main, ["run", "--draws", "64", "--scenario", "universal", *chosen])
        assert done.exit_code == 0, done.stderr
        [manifest_file] = (tmp_path / str(number) / "runs").glob("*/manifest.json")
        assert json.loads(manifest_file.read_text(encoding="utf-8"))["effect_sets"] == chosen[1:]
        tables.append(
            pl.read_parquet(tmp_path / str(number) / "tables" / "model" / "counterfactual" / "universal.parquet")
        )
    every, some = tables
    # data/priors/effects.yaml: what averaged has weights for
    computed = {"averaged", "default", "published", "optimistic", "null", "backfire"}
    assert set(some["effect_set"]) == computed < set(every["effect_set"])
    # 1e-12 of the 945 bn baseline: the last digit of a few cells depends on what else is in memory
    assert_frame_equal(some, every.filter(pl.col("effect_set").is_in(computed)), rel_tol=0, abs_tol=945e-12)


def test_steps_are_plain_lines_where_there_is_no_terminal(small_run):
    lines = small_run.result.stderr.strip().splitlines()
    assert any(re.fullmatch(r"counterfactual done \d+\.\d s", line) for line in lines)
    assert "\r" not in small_run.result.stderr


def test_the_manifest_keeps_the_bytes_of_every_input_and_agrees_with_meta_runs(small_run):
    with duckdb.connect(str(small_run.database), read_only=True) as connection:
        answer = connection.execute("from meta.runs")
        names = [column[0] for column in answer.description]
        [row] = [dict(zip(names, values, strict=True)) for values in answer.fetchall()]
    folder = small_run.home / "runs" / row["run_id"]
    kept = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert (kept["seed"], kept["draws"]) == (row["seed"], row["draws"]) == (7, 64)
    assert kept["as_of"] == str(row["as_of"])
    assert kept["scenarios"] == ["op_ed_convention", "status_quo"]
    assert {"reference/gdp.csv", "priors/loss.yaml", "scenarios/universal.yaml"} <= set(kept["inputs"])
    for name, digest in kept["inputs"].items():
        content = (folder / "inputs" / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest
        assert content == (store.DATA / name).read_bytes()
    priors = {name: digest for name, digest in kept["inputs"].items() if name.startswith("priors/")}
    assert manifest.combined(priors, ["priors/"]) == row["priors_sha256"]


def test_a_failed_run_ends_with_1_says_why_in_one_line_and_changes_nothing_published(published, monkeypatch):
    def fails(*_):
        raise RuntimeError("the disk is full")

    before = published.database.read_bytes()
    monkeypatch.setattr("pipelines.assets.core.source_rows", fails)
    result = CliRunner().invoke(main, ["run", "--draws", "64", "--scenario", "status_quo"])
    assert result.exit_code == 1
    assert "reference_tables: RuntimeError: the disk is full" in result.stderr.strip().splitlines()[-1]
    assert published.database.read_bytes() == before
    status = CliRunner().invoke(main, ["status"])
    assert "FAILED" in status.stdout and "the disk is full" in status.stdout
    outcome.remember("a later run", None)


def test_data_are_as_of_the_latest_day_that_the_inputs_speak_of():
    treaties = pl.DataFrame({"signed_on": [date(2024, 1, 5), None], "ratified_on": [None, date(2025, 3, 1)]})
    vintages = pl.DataFrame({"vintage": ["2024-10-24", "2020", None, "release 7"]})
    assert manifest.data_as_of(treaties, vintages) == date(2025, 3, 1)
    assert manifest.data_as_of(treaties, vintages, date(2024, 6, 30)) == date(2024, 6, 30)
    later = pl.DataFrame({"vintage": ["2025-06"]})
    assert manifest.data_as_of(treaties, later) == date(2025, 6, 1)


def test_a_checkout_without_git_has_no_commit(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "ROOT", tmp_path)
    assert manifest.git_commit() is None
    assert manifest.uncommitted_changes() is None


def test_without_vintages_the_tables_of_the_sources_are_there_and_empty(published):
    with duckdb.connect(str(published.database), read_only=True) as connection:
        listed = connection.execute("select table_name from duckdb_tables() where schema_name = 'staging'").fetchall()
        counts = [connection.execute(f"select count(*) from staging.{name}").fetchone() for (name,) in listed]
        basis = connection.execute("select distinct basis from meta.sources where source_id = 'eurepoc'").fetchall()
        empty = connection.execute("select count(*) from incidents").fetchone()
    assert {name for (name,) in listed} == set(staging.all_tables())
    assert set(counts) == {(0,)}
    assert (basis, empty) == ([("reference",)], (0,))
