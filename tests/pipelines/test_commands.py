"""The quick commands: `sql` in its formats, `status`, `doctor`, `scenario`, and that none of them loads dagster."""

import csv
import io
import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from pipelines.cli import main


def call(*arguments, **extra):
    return CliRunner().invoke(main, list(arguments), **extra)


def test_the_headline_as_table_csv_json_and_markdown_says_the_same(published):
    records = json.loads(call("sql", "from headline", "--format", "json").stdout)
    assert {record["scenario"] for record in records} >= {"status_quo", "op_ed_convention"}
    rows = list(csv.DictReader(io.StringIO(call("sql", "from headline", "--format", "csv").stdout)))
    assert [float(row["avoided_loss"]) for row in rows] == [record["avoided_loss"] for record in records]
    lines = call("sql", "from headline", "--format", "markdown").stdout.strip().splitlines()
    assert lines[0].startswith("| scenario | mechanisms |") and len(lines) == 2 + len(records)
    table = call("sql", "from headline").stdout
    for name in records[0]:
        assert name in table.splitlines()[0]


def test_a_table_hides_no_column_and_says_how_many_rows_it_leaves_out(published):
    wide = call("sql", "select " + ", ".join(f"{k} as column_{k}" for k in range(60))).stdout
    assert all(f"column_{k}" in wide for k in range(60))
    assert "(50 more of 250 rows" in call("sql", "from range(250)").stdout


@pytest.mark.parametrize(
    "query",
    ["from nothing_here", "selec 1", "drop table core.gdp", "create table t as select 1", "delete from core.gdp", " ;"],
)
def test_sql_that_fails_or_writes_is_one_line_and_exit_code_2(query, published):
    before = published.database.read_bytes()
    result = call("sql", query)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1
    assert published.database.read_bytes() == before


def test_an_edition_can_be_asked_and_an_unknown_one_is_answered_with_those_there_are(published):
    [edition] = [path.stem for path in (published.home / "published" / "editions").iterdir()]
    assert call("sql", "select 1 as one", "--edition", edition).exit_code == 0
    result = call("sql", "select 1", "--edition", "1999-01")
    assert result.exit_code == 2 and edition in result.stderr
    assert call("sql", "select 1", "--edition", "last").exit_code == 2


def test_queries_come_from_standard_input_where_none_is_given(published):
    result = call("sql", "--format", "csv", input="select 1 as a;\nselect 2\n as b;")
    assert result.stdout == "a\n1\nb\n2\n"


def test_before_the_first_run_sql_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path))
    result = call("sql", "from headline")
    assert result.exit_code == 2 and "make run" in result.stderr
    assert "none published" in call("status").stdout


def test_status_names_run_edition_and_report(published):
    text = call("status").stdout
    assert "64 draws, seed 7" in text and "index.html" in text and "done" in text


def test_doctor_finds_nothing_missing_after_a_run_and_names_the_remedy_before(published, tmp_path, monkeypatch):
    result = call("doctor")
    wanting = [line.split()[1] for line in result.stdout.splitlines() if "->" in line]
    assert result.exit_code == 0 and set(wanting) <= {"git", "Chromium"}  # a run needs neither
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path / "new"))
    assert "make run" in call("doctor").stdout


def test_scenarios_are_listed_and_shown_with_policy_apart_from_assumptions():
    assert "op_ed_convention" in call("scenario", "list").stdout
    page = call("scenario", "show", "eu_and_partners").stdout
    assert "27 join (founders)" in page and "assumption: " in page
    assert call("scenario", "show", "eu").exit_code == 2


def test_the_report_can_be_rendered_again(published):
    page = published.home / "published" / "report" / "index.html"
    page.unlink()
    assert call("report").exit_code == 0
    assert page.stat().st_size > 100_000


def test_quick_commands_load_neither_dagster_nor_pandera_nor_scipy():
    code = (
        "import sys; from pipelines import cli, ask, show, doctor, editions, scenarios; scenarios.names(); "
        "print([name for name in ('dagster', 'pandera', 'scipy', 'numpy', 'polars') if name in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"
