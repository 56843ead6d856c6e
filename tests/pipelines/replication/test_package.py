"""The replication package of a small run: what is in it, what is not, and what a replicator is told."""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from datetime import date
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from pipelines import store
from pipelines.cli import main
from pipelines.comparison.__main__ import compare_package, same_machine
from pipelines.comparison.tables import LEFT_OUT
from pipelines.replication import code, kept, package, readme
from tests.pipelines.replication.packed import run_folder

# Vilhuber and others, Template README for social science replication packages, version 1.2, and 1.1 for the last one;
# without "(Optional, but recommended)" before the two licenses
HEADINGS = [
    "## Overview",
    "## Data Availability and Provenance Statements",
    "### Statement about Rights",
    "### License for Data",
    "### Summary of Availability",
    "### Details on each Data Source",
    "## Dataset list",
    "## Computational requirements",
    "### Software Requirements",
    "### Controlled Randomness",
    "### Memory, Runtime, Storage Requirements",
    "#### Summary time to reproduce",
    "#### Summary of required storage space",
    "#### Computational Details",
    "## Description of programs/code",
    "### License for Code",
    "## Instructions to Replicators",
    "### Details on various programs",
    "## List of tables and programs",
    "## References",
    "## Acknowledgements",
]


def test_the_readme_has_the_headings_of_the_template_in_their_order(packed):
    assert re.findall(r"(?m)^##.*$", packed.readme) == HEADINGS


def test_the_same_edition_gives_the_same_bytes_and_its_package_in_the_store_is_replaced(packed, own_store, monkeypatch):
    monkeypatch.setenv("CYBERACCORD_HOME", str(own_store))
    old = own_store / "replication" / f"{kept.find(None).edition}.zip"
    old.parent.mkdir()
    old.write_text("an older one")
    result = CliRunner().invoke(main, ["replication"])
    assert result.exit_code == 0, result.output
    assert list(old.parent.iterdir()) == [old]
    assert old.read_bytes() == packed.path.read_bytes()


def test_every_input_is_the_one_that_the_run_read(packed, small_run):
    manifest = json.loads((run_folder(small_run.home) / "manifest.json").read_bytes())
    there = {name.removeprefix("code/data/") for name in packed.files if name.startswith("code/data/")}
    assert there == set(manifest["inputs"])
    for name, digest in manifest["inputs"].items():
        assert hashlib.sha256(packed.files[f"code/data/{name}"]).hexdigest() == digest


def test_every_file_but_the_list_is_in_the_list_of_checksums(packed):
    lines = packed.files["SHA256SUMS"].decode().splitlines()
    listed = dict(line.split("  ", 1)[::-1] for line in lines)
    assert set(listed) == set(packed.files) - {"SHA256SUMS"}
    assert all(hashlib.sha256(packed.files[name]).hexdigest() == digest for name, digest in listed.items())


def test_the_code_is_what_computes_renders_and_tests_and_nothing_else(packed):
    code_files = {name.removeprefix("code/") for name in packed.files if name.startswith("code/")}
    tops = {name.split("/")[0] for name in code_files}
    assert {"models", "pipelines", "reports", "data", "pyproject.toml", "requirements.lock", "LICENSE"} <= tops
    assert tops <= {*code.FOLDERS, *code.FILES, "data"}
    assert not [name for name in packed.files if "__pycache__" in name or ".git/" in name or "/store/" in name]
    for name in ("Makefile", "replicate.py", "comparison/cells.py", "LICENSE.txt", "settings.json"):
        assert name in packed.files


def test_without_git_the_files_are_taken_as_they_are(tmp_path, monkeypatch):
    for name in ("models/a.py", "models/__pycache__/a.pyc", "LICENSE", "notes.txt", "data/store/x.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(store, "ROOT", tmp_path)
    for commit in (None, "0" * 40):
        found = code.of_run(commit, None)
        assert found.files == {"models/a.py": b"models/a.py", "LICENSE": b"LICENSE"}
        assert not found.certain and "the code is that of this folder" in found.origin
    programs = f"models/a.py {hashlib.sha256(b'models/a.py').hexdigest()}\n"
    assert code.of_run(None, None, hashlib.sha256(programs.encode()).hexdigest()).certain
    assert not code.of_run(None, None, "0" * 64).certain


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_the_code_is_that_of_the_commit_of_the_run_not_of_the_checkout(tmp_path, monkeypatch):
    def git(*arguments):
        identity = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", "-C", tmp_path, *identity, *arguments], capture_output=True, check=True, text=True
        )
        return done.stdout.strip()

    monkeypatch.setattr(store, "ROOT", tmp_path)
    git("init", "-q")
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "a.py").write_text("old")
    git("add", "-A")
    git("commit", "-qm", "old")
    old = git("rev-parse", "HEAD")
    (tmp_path / "models" / "a.py").write_text("new")
    assert (code.of_run(old, False).files, code.of_run(old, False).certain) == ({"models/a.py": b"old"}, True)
    dirty = code.of_run(old, True)
    assert (dirty.files, dirty.certain) == ({"models/a.py": b"new"}, False)
    assert "uncommitted changes" in dirty.origin
    git("commit", "-qam", "new")
    assert code.of_run(old, False).files == {"models/a.py": b"old"}
    later = code.of_run(old, True)
    assert (later.files, later.certain) == ({"models/a.py": b"old"}, False)
    # with a checksum on record it does not matter what git says of changes
    assert code.of_run(old, True, code.computing({"models/a.py": b"old"})).certain
    recorded = code.of_run(old, True, code.computing({"models/a.py": b"new"}))
    assert (recorded.files, recorded.certain) == ({"models/a.py": b"new"}, True)


@pytest.fixture
def unpacked(packed, tmp_path):
    with zipfile.ZipFile(packed.path) as archive:
        archive.extractall(tmp_path)
    return tmp_path / packed.folder


def test_the_results_are_every_table_of_the_edition_and_agree_with_it(unpacked, packed, small_run):
    assert same_machine(unpacked / "results")  # measured.json says that the run was made on this machine
    page = small_run.home / "published" / "report" / "index.html"
    found = compare_package(unpacked / "results", small_run.database, page, exact=True)
    assert all(each.passed for each in found), [str(each.named) for each in found if not each.passed]
    with duckdb.connect(str(small_run.database), read_only=True) as connection:
        names = connection.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
        [headline] = connection.execute("select p50 from headline where mechanisms = 'all'").fetchall()
    compared = {name for (name,) in names} - set(LEFT_OUT) | {"main.headline", "report.html"}
    assert {each.table for each in found} == compared
    assert next(each for each in found if each.table == "model.counterfactual").numbers > 100_000
    [row] = [row for row in packed.table("results/headline.csv") if row["mechanisms"] == "all"]
    assert float(row["p50"]) == headline[0]


def test_a_number_that_moved_fails_the_comparison_with_exit_code_1_and_is_named(unpacked, small_run):
    moved = unpacked / "moved.duckdb"
    shutil.copyfile(small_run.database, moved)
    with duckdb.connect(str(moved)) as connection:
        connection.execute("update model.pooled set tau = tau + 1e-6 where specification = 'all'")
    page = unpacked / "results" / "report.html"
    command = [sys.executable, "-m", "comparison", "results", moved, page]
    done = subprocess.run(command, cwd=unpacked, env={**os.environ, "PYTHONPATH": "."}, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    assert "model.pooled [specification=all] tau: expected" in done.stdout
    assert done.stdout.strip().endswith("FAIL, 1 of them with differences")


def test_nothing_in_the_package_names_a_path_of_this_machine(packed, small_run):
    paths = {str(path) for path in (store.ROOT, small_run.home, Path.home(), Path(tempfile.gettempdir()).resolve())}
    for name, content in packed.files.items():
        for path in paths - {"/"}:
            assert f"{path}/".encode() not in content, (name, path)


def test_every_exhibit_has_a_program_that_is_there_and_queries_that_answer(packed, ask):
    exhibits = packed.table("exhibits.csv")
    assert {row["kind"] for row in exhibits} == {"figure", "table", "in-text"}
    page = packed.files["results/report.html"].decode()
    for row in exhibits:
        file, function = row["program"].split(":")
        line = packed.files[file].decode().splitlines()[int(row["line"]) - 1]
        assert re.match(rf"(def|class) {function}\b", line), row
        assert row["queries"]
        for query in row["queries"].split():
            ask(packed.files[query].decode())
        assert f'id="{row["output"].split("#")[1]}"' in page, row["output"]
        assert f"`{row['program']}` | {row['line']} |" in packed.readme
    assert len({row["exhibit"] for row in exhibits if row["kind"] == "figure"}) == packed.readme.count("| Figure ")


def test_the_readme_says_what_the_run_took_its_seed_and_every_source(packed, small_run, ask):
    measured = json.loads((run_folder(small_run.home) / "measured.json").read_bytes())
    assert measured["peak_memory_mb"] > 50 and measured["seconds"] > 1 and measured["steps"] > 10
    assert f"took {measured['seconds']:.0f} s for {measured['steps']} steps" in packed.readme
    [(line, seed)] = re.findall(r"Random seed is set at line (\d+) of program `replicate.py`: (\d+)", packed.readme)
    assert seed == "7"
    assert '"--seed"' in packed.files["replicate.py"].decode().splitlines()[int(line) - 1]
    assert json.loads(packed.files["settings.json"]) == (
        {"seed": 7, "draws": 64, "as_of": None, "scenarios": ["op_ed_convention"]}
    )
    for (source,) in ask("select source_id from meta.sources where basis <> 'none'"):
        assert f"| {source} |\n" in packed.readme and f"\n**{source}**. " in packed.readme
    assert "Everything that the run read is in this package." in packed.readme


def test_a_text_of_the_database_stays_one_cell_of_a_table():
    assert readme.cell("a | b\n## c <script>") == "a \\| b ## c &lt;script>"


@pytest.mark.parametrize(
    ("seconds", "box"), [(599, "<10 minutes"), (600, "10-60 minutes"), (7000, "1-2 hours"), (9e9, "> 14 days")]
)
def test_the_box_that_a_run_falls_into_is_ticked(seconds, box):
    assert [name for name, ticked in readme.ticked(readme.TIMES, seconds) if ticked] == [box]
    assert not any(ticked for _, ticked in readme.ticked(readme.TIMES, None))


def test_the_day_that_left_something_out_is_passed_on_and_no_other(published):
    found = kept.find(None)
    assert kept.asked_as_of(found) is None
    earlier = date(2024, 6, 30)
    silent = {name: value for name, value in found.manifest.items() if name != "asked_as_of"}
    for said, day in ((silent, earlier), ({**silent, "asked_as_of": "2030-01-01"}, date(2030, 1, 1))):
        changed = {**vars(found), "run": {**found.run, "as_of": earlier}, "manifest": said}
        assert kept.asked_as_of(kept.Kept(**changed)) == day


def test_all_scenarios_are_asked_for_by_naming_none(published):
    found = kept.find(None)
    every = sorted(
        name.split("/")[1].removesuffix(".yaml") for name in found.manifest["inputs"] if "scenarios/" in name
    )
    whole = kept.Kept(**{**vars(found), "manifest": {**found.manifest, "scenarios": every}})
    assert package.settings(whole)["scenarios"] == []
    alone = kept.Kept(**{**vars(found), "manifest": {**found.manifest, "scenarios": ["status_quo"]}})
    assert package.settings(alone)["scenarios"] == ["status_quo"]


def test_a_replication_runs_in_an_environment_that_leads_to_no_other_code(monkeypatch):
    spec = importlib.util.spec_from_file_location("replicate", package.SHIPPED / "replicate.py")
    replicate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(replicate)
    for name in ("PYTHONPATH", "PYTHONHOME", "CYBERACCORD_HOME", "CYBERACCORD_MIRROR", "DAGSTER_HOME"):
        monkeypatch.setenv(name, "elsewhere")
    given = replicate.environment(Path("here"))
    assert given["PYTHONPATH"] == "here"
    assert "elsewhere" not in given.values()
    assert given["PATH"] == os.environ["PATH"]


def test_a_run_of_the_status_quo_alone_has_no_headline_to_print(published):
    from pipelines import main_job

    assert not [line for line in main_job.closing_lines(["status_quo"]) if line.startswith("status_quo")]
