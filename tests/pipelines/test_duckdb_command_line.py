"""The published file in DuckDB 1.5's own command line: the same answers, the same comments, nothing written.

The program is of the development environment (duckdb-cli); without it these tests are skipped by name.
"""

import datetime
import decimal
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines import cookbook, store

PROGRAM = Path(sys.executable).with_name("duckdb")
pytestmark = pytest.mark.skipif(
    not PROGRAM.exists(), reason="duckdb-cli is not in this environment: make .venv/.stamp-dev"
)


@pytest.fixture
def shell(published, tmp_path):
    """What the command line prints for each statement that has columns, as rows of values."""

    def ask(*statements: str) -> list[list[dict]]:
        done = command(published.database, "\n".join(statements), tmp_path)
        assert done.returncode == 0, done.stderr
        answers, text, decoder = [], done.stdout.strip(), json.JSONDecoder()
        while text:
            rows, end = decoder.raw_decode(text)
            answers.append(rows)
            text = text[end:].strip()
        return answers

    return ask


@pytest.fixture
def ours(published):
    """The same rows by the project's own DuckDB, as JSON would hold them."""
    with duckdb.connect(str(published.database), read_only=True) as connection:

        def ask(query: str) -> list[dict]:
            result = connection.execute(query)
            names = [column[0] for column in result.description]
            return [dict(zip(names, map(plain, row), strict=True)) for row in result.fetchall()]

        yield ask


def command(database, sql, folder):
    return subprocess.run(
        [PROGRAM, "-no-init", "-readonly", "-json", "-bail", database],
        input=sql,
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )


MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+")


def plain(value):
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, datetime.date):
        return str(value)
    return float(value) if isinstance(value, decimal.Decimal) else value


def same(found, expected):
    assert len(found) == len(expected)
    for theirs, mine in zip(found, expected, strict=True):
        assert theirs.keys() == mine.keys()
        for name, value in mine.items():
            shown = theirs[name]
            if isinstance(value, float):
                value = pytest.approx(value, rel=1e-9, abs=1e-12)
            elif isinstance(value, int) and isinstance(shown, str):
                shown = int(shown)  # sums of integers have 128 bits, which JSON has no number for
            elif MOMENT.fullmatch(str(value)):
                shown, value = shown.rstrip("0"), value.rstrip("0")  # the last zeros of a moment are not printed
            assert shown == value, name


def test_it_is_duckdb_1_5(shell):
    [[row]] = shell("select version() as version;")
    assert row["version"].startswith("v1.5.")


@pytest.mark.parametrize(
    "query",
    [
        "from headline",
        "from compare('op_ed_convention', 'status_quo')",
        "from exceedance()",
        "select as_pct_of_gdp(945) as pct, deflate(100, 2017) as usd, wilson(3, 10).lower as lower",
        "from meta.columns order by all",
        "from meta.runs",
    ],
)
def test_headline_macros_and_columns_are_what_our_own_connection_gives(shell, ours, query):
    [found] = shell(query + ";")
    assert found
    same(found, ours(query))


def test_every_question_of_the_cookbook_has_the_same_answer(shell, ours, tmp_path, monkeypatch):
    entries = cookbook.load()
    answers = shell(*(entry.sql for entry in entries))
    assert len(answers) == len(entries)
    monkeypatch.chdir(tmp_path)  # one entry writes beside itself
    for entry, found in zip(entries, answers, strict=True):
        same(found, ours(entry.sql))


def test_every_column_of_every_table_can_be_read(shell, ours):
    listed = (
        "select schema_name || '.' || table_name as name from duckdb_tables() where estimated_size > 0 order by all"
    )
    tables = [row["name"] for row in ours(listed)]
    assert len(tables) > 60
    queries = [f"select count(*) as n, max(columns(*)) from {name}" for name in tables]
    for name, query, found in zip(tables, queries, shell(*(f"{query};" for query in queries)), strict=True):
        expected = ours(query)
        assert [row["n"] for row in found] == [row["n"] for row in expected], name
        same(found, expected)


def test_tables_views_columns_and_macros_show_their_comments(shell):
    told = "select count(*) as n, count(comment) filter (comment <> '') as told from {}() where not internal;"
    kinds = ("duckdb_tables", "duckdb_views", "duckdb_columns", "duckdb_functions")
    for [row] in shell(*map(told.format, kinds)):
        assert 0 < row["n"] == row["told"]
    [[row]] = shell("select comment from duckdb_tables() where schema_name = 'core' and table_name = 'dyads';")
    assert row["comment"].startswith("Who attacks whom")


def test_it_refuses_to_write_and_leaves_the_bytes_as_they_are(published, tmp_path):
    before = hashlib.sha256(published.database.read_bytes()).hexdigest()
    done = command(published.database, "create table t (x int);", tmp_path)
    assert done.returncode != 0 and "read-only" in done.stderr
    assert hashlib.sha256(published.database.read_bytes()).hexdigest() == before


def test_the_sql_of_the_documentation_runs(shell, tmp_path):
    text = (store.ROOT / "docs" / "sql.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sql\n(.*?)```", text, re.DOTALL)
    assert blocks
    for block in blocks:
        shell(block)
    assert (tmp_path / "mine.duckdb").exists()


def test_the_python_of_the_documentation_runs(published, tmp_path, monkeypatch):
    text = (store.ROOT / "docs" / "sql.md").read_text(encoding="utf-8")
    [code] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    place = "data/store/published/cyberaccord.duckdb"
    assert place in code
    told = {}
    exec(code.replace(place, str(published.database)), told)
    assert told["names"][0] == "scenario" and len(told["rows"]) == 2
