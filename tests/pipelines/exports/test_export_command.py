"""`cyberaccord export`: one folder that appears whole, one line for what is wrong, no dagster."""

import hashlib
import subprocess
import sys
import zipfile

import polars as pl
import pytest
from click.testing import CliRunner

from pipelines.cli import main
from pipelines.exports import folder


def call(*arguments):
    return CliRunner().invoke(main, ["export", *map(str, arguments)])


def test_a_run_is_exported_in_every_format_with_the_sums_of_its_files(published, tmp_path, monkeypatch):
    monkeypatch.setattr("pipelines.exports.excel.LARGE", 2_000)  # most of the time goes into cells
    target = tmp_path / "out"
    result = call(target)
    assert result.exit_code == 0, result.output
    assert {path.name for path in target.iterdir()} == {*folder.FORMATS, "README.txt", "checksums.txt"}
    sums = dict(reversed(line.split("  ", 1)) for line in (target / "checksums.txt").read_text().splitlines())
    files = [path for path in target.rglob("*") if path.is_file() and path.name != "checksums.txt"]
    assert {str(path.relative_to(target)) for path in files} == set(sums)
    for path in files[:20]:
        assert sums[str(path.relative_to(target))] == hashlib.sha256(path.read_bytes()).hexdigest()
    headline = (target / "latex" / "headline.tex").read_text(encoding="utf-8")
    assert "USD billion a year at 2020 prices" in headline and "64 draws, seed 7" in headline
    assert {path.stem for path in (target / "html").iterdir()} == {
        *("headline", "claims", "break_even", "evidence", "estimates")
    }


def test_by_default_the_export_is_in_the_store_under_its_edition(published):
    [edition] = [path.stem for path in (published.home / "published" / "editions").iterdir()]
    assert call("--format", "bibtex").exit_code == 0
    assert (published.home / "exports" / edition / "bibtex" / "sources.bib").exists()


def test_named_tables_are_exported_alone_and_a_pattern_names_several(hostile_store, tmp_path):
    result = call(tmp_path / "out", "--table", "main.headline", "--table", "model.*", "--format", "parquet")
    assert result.exit_code == 0
    assert {path.stem for path in (tmp_path / "out" / "parquet").iterdir()} == {"headline", "model_counterfactual"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--table", "model.counterfactal"], "model.counterfactual"),
        (["--format", "spss"], "parquet, csv, excel, stata, latex, html, bibtex"),
        (["--edition", "1999-01"], "no such edition"),
        (["--edition", "last"], "YYYY-MM"),
        (["--table", "core.empty"], "holds no row"),
        (["--table", "headline", "--format", "latex"], "parquet, csv, excel, stata"),
    ],
)
def test_what_cannot_be_is_one_line_and_exit_code_2(arguments, words, hostile_store, tmp_path):
    result = call(tmp_path / "out", *arguments)
    assert result.exit_code == 2 and result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1 and words in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_other_files_is_left_alone(hostile_store, tmp_path):
    target = tmp_path / "out"
    assert call(target, "--format", "csv").exit_code == 0
    (target / "my own.txt").write_text("mine")
    before = sorted(path for path in target.rglob("*"))
    result = call(target, "--format", "parquet")
    assert result.exit_code == 2 and "my own.txt" in result.stderr
    assert sorted(path for path in target.rglob("*")) == before


def test_a_folder_that_is_a_file_or_lies_in_one_is_refused(hostile_store, tmp_path):
    (tmp_path / "file").write_text("")
    for target in (tmp_path / "file", tmp_path / "file" / "deeper"):
        result = call(target)
        assert result.exit_code == 2 and len(result.stderr.strip().splitlines()) == 1


def test_an_earlier_export_is_replaced_whole(hostile_store, tmp_path):
    target = tmp_path / "out"
    assert call(target, "--format", "csv").exit_code == 0
    assert call(target, "--format", "parquet").exit_code == 0
    assert {path.name for path in target.iterdir()} == {"parquet", "README.txt", "checksums.txt"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_same_edition_gives_the_same_bytes_again_dated_as_it_was_published(exported, hostile_store, tmp_path):
    target = tmp_path / "out"
    folder.export(str(target), formats=[*folder.OF_TABLES, "bibtex"])
    assert (target / "checksums.txt").read_text() == (exported.folder / "checksums.txt").read_text()
    with (target / "stata" / "core_words.dta").open("rb") as file:
        assert b"<timestamp>\x1130 Sep 2026 08:00</timestamp>" in file.read(300)
    with zipfile.ZipFile(target / "excel" / "cyberaccord-2026-09.xlsx") as archive:
        assert b"2026-09-30T08:00:01Z" in archive.read("docProps/core.xml")


def test_a_failure_leaves_the_earlier_export_and_nothing_beside_it(hostile_store, tmp_path, monkeypatch):
    target = tmp_path / "out"
    assert call(target, "--format", "csv").exit_code == 0

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipelines.exports.csv_package._sha256", full)
    result = call(target, "--format", "csv")
    assert result.exit_code == 1 and f"no space left on the disk of {target}" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["out"] and (target / "csv" / "datapackage.json").exists()


def test_a_table_too_large_to_open_stays_out_of_the_workbook_unless_named(hostile_store, tmp_path, monkeypatch):
    monkeypatch.setattr("pipelines.exports.excel.LARGE", 5)
    result = call(tmp_path / "a", "--format", "excel")
    assert "Not in it: core.words, 13 rows, too many to open: name it with --table" in result.stdout
    assert "Not in it" not in call(tmp_path / "b", "--format", "excel", "--table", "core.words").stdout
    monkeypatch.setattr("pipelines.exports.excel.ROWS", 10)
    assert "more than a sheet holds" in call(tmp_path / "c", "--format", "excel", "--table", "core.words").stdout


def test_an_export_loads_no_dagster_and_leaves_no_complaint(hostile_home, tmp_path):
    code = (
        "import sys; from pipelines.exports import folder; "
        f"folder.export({str(tmp_path / 'out')!r}, formats=[*folder.OF_TABLES, 'bibtex']); "
        "print([name for name in ('dagster', 'plotly') if name in sys.modules])"
    )
    environment = {"CYBERACCORD_HOME": str(hostile_home), "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], text=True, capture_output=True, env=environment, check=True)
    assert done.stdout.strip() == "[]" and done.stderr == ""
    assert pl.read_parquet(tmp_path / "out" / "parquet" / "headline.parquet").height == 3
