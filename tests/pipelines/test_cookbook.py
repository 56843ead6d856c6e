"""The cookbook: every question runs on the small run, says its units, and stands on the page as its file has it."""

import math
import re

import duckdb
import pytest

from pipelines import cookbook
from pipelines.errors import InputError
from pipelines.views import MACROS, VIEWS

ENTRIES = cookbook.load()
OF_THE_ROW = ("as the column unit says", "as the row's unit says", "as the quantity")


@pytest.fixture
def connection(published):
    with duckdb.connect(str(published.database), read_only=True) as opened:
        yield opened


@pytest.fixture
def entry_file(tmp_path):
    def write(text: str, name: str = "01_mine.sql"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return write


def values(found):
    return [part for row in found.rows for value in row for part in (value if isinstance(value, list) else [value])]


def test_there_are_at_least_twenty_five_questions_numbered_without_gaps():
    # issue 7: at least 25 questions economists ask
    assert len(ENTRIES) >= 25
    assert [entry.number for entry in ENTRIES] == list(range(1, len(ENTRIES) + 1))
    assert len({entry.question for entry in ENTRIES}) == len(ENTRIES)
    assert all(entry.question.endswith("?") for entry in ENTRIES)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_a_question_has_an_answer_without_nan_or_says_what_it_lacks(connection, entry):
    found = cookbook.answer(connection, entry)
    assert found.rows or cookbook.lacks(entry)
    assert len(found.rows) <= cookbook.ROWS_SHOWN
    assert not [v for v in values(found) if isinstance(v, float) and not math.isfinite(v)]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_money_in_an_answer_has_its_unit_and_its_prices(connection, entry):
    """Which columns are money, meta.columns says of the tables that the query names."""
    units = connection.execute(
        "select table_schema || '.' || table_name, column_name, unit from meta.columns"
    ).fetchall()
    read = {t for t, _, _ in units if re.search(rf"\b{re.escape(t.removeprefix('main.'))}\b", entry.sql)}
    names = cookbook.answer(connection, entry).names
    shown = {unit for table, column, unit in units if table in read and column in names}
    if any("USD" in unit for unit in shown):
        assert "USD" in entry.unit and re.search("prices|as printed|of 2020", entry.unit)
    if any(unit in OF_THE_ROW for unit in shown):
        assert "unit" in names, f"{entry.name} shows a number whose unit is in the column unit, without it"


def test_every_view_and_macro_for_people_is_used():
    text = "\n".join(entry.sql for entry in ENTRIES)
    for view in VIEWS:
        assert re.search(rf"\b(from|join) {view.name}\b", text), view.name
    for macro in MACROS:
        assert f"{macro.name}(" in text, macro.name


def test_the_page_has_every_question_in_order_with_its_sql_as_the_files_have_them():
    text = cookbook.PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^### (\d+\. .*)$", text, re.MULTILINE) == [f"{e.number}. {e.question}" for e in ENTRIES]
    assert re.findall(r"```sql\n(.*?)\n```", text, re.DOTALL) == [entry.sql for entry in ENTRIES]
    for entry in ENTRIES:
        assert entry.watch in text and f"Unit: {entry.unit}." in text, f"{entry.name}: python -m pipelines.cookbook"


def test_a_page_names_its_run_and_differs_from_another_only_where_an_answer_does(published, connection):
    able = [entry for entry in ENTRIES if entry.needs is None]
    text = cookbook.page(connection, able)
    (run_id,) = connection.execute("select run_id from meta.runs").fetchone()
    assert f"run `{run_id}`: 64 draws, seed 7" in text
    assert cookbook.differences(text, text.replace(run_id, "00000000-0000")) == []
    assert len(cookbook.differences(text, text.replace("| op_ed_convention | all |", "| op_ed_convention | law |"))) > 2


def test_what_a_query_writes_does_not_stay(connection, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    export = next(entry for entry in ENTRIES if entry.sql.startswith("copy"))
    assert cookbook.answer(connection, export).rows
    assert list(tmp_path.iterdir()) == []


# rounded by hand
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        *((11.6407, "11.6"), (945.0, "945"), (1090.4, "1090"), (0.0123182, "0.0123"), (-5.92833, "-5.93")),
        *((0.05, "0.05"), (0.0499999, "0.0500"), (0.0, "0"), (2.5e-9, "2.50e-09"), (128528.9, "129000")),
        *((None, "null"), (True, "true"), (2020, "2020"), ([1.0, None], "1, null"), ("a|b\nc", "a\\|b c")),
    ],
)
def test_a_number_is_printed_to_three_significant_digits(value, shown):
    assert cookbook.cell(value) == shown


def test_a_long_answer_says_how_much_is_left_out():
    found = cookbook.Answer(("n",), tuple((n,) for n in range(20)))
    assert cookbook.table(found).splitlines()[-1] == "8 more of 20 rows."


GOOD = "-- question: Q?\n-- unit: none\n-- watch: one\n--   two\nselect 1 as x;\n"


def test_words_may_go_on_over_several_lines(entry_file):
    (entry,) = cookbook.load(entry_file(GOOD))
    assert (entry.watch, entry.sql) == ("one two", "select 1 as x;")


@pytest.mark.parametrize(
    ("text", "name", "rule"),
    [
        (GOOD, "02_mine.sql", "numbered"),
        (GOOD, "mine.sql", "file_name"),
        (GOOD.replace("-- unit: none\n", ""), "01_mine.sql", "required"),
        (GOOD.replace("unit", "units"), "01_mine.sql", "key"),
        (GOOD.replace("-- unit", "-- watch: again\n-- unit"), "01_mine.sql", "key"),
        (GOOD.replace("--   two", "-- two"), "01_mine.sql", "header"),
        (GOOD.replace(";", ""), "01_mine.sql", "query"),
    ],
)
def test_a_wrong_file_is_refused_with_its_rule(entry_file, text, name, rule):
    with pytest.raises(InputError) as told:
        cookbook.load(entry_file(text, name))
    assert told.value.rule == rule


@pytest.mark.parametrize(
    ("sql", "rule"), [("select no_such from headline;", "query"), ("from headline where false;", "has_rows")]
)
def test_a_question_that_fails_or_answers_nothing_stops_the_page(connection, entry_file, sql, rule):
    entries = cookbook.load(entry_file(GOOD.replace("select 1 as x;", sql)))
    with pytest.raises(InputError) as told:
        cookbook.page(connection, entries)
    assert told.value.rule == rule
