"""Text of a source or a server on a terminal and in the UI: shown, never obeyed; data formats keep it as it is."""

from __future__ import annotations

import json

import duckdb
import polars as pl
import pytest

from pipelines import addresses, ask
from pipelines.assets import describe
from pipelines.errors import InputError, SourceFormatError
from pipelines.refresh import Outcome
from pipelines.visible import lines, visible

HOSTILE = "a\x1b[2Jb\u202ec\x07\x9b1md\u2028e"
SHOWN = r"a\x1b[2Jb\u202ec\x07\x9b1md\u2028e"


def test_what_is_not_printable_is_written_out():
    assert visible(HOSTILE) == SHOWN
    assert visible("é ζ 中 −5 € \U0001f600") == "é ζ 中 −5 € \U0001f600"
    assert visible("\ud800") == r"\ud800"
    assert lines("a\n\x1b") == "a\n\\x1b"


@pytest.mark.parametrize("shape", ["table", "markdown"])
def test_a_table_for_people_shows_controls_and_keeps_their_columns_aligned(shape):
    with duckdb.connect() as connection:
        told = ask.answer_on(connection, f"select '{HOSTILE}' as \"x\x1b[31m\", 1 as n", shape)
    assert all(line.isprintable() for line in told.splitlines())
    assert SHOWN in told and r"x\x1b[31m" in told


def test_data_for_programs_keep_the_text_as_it_is():
    with duckdb.connect() as connection:
        assert HOSTILE in ask.answer_on(connection, f"select '{HOSTILE}' as x", "csv")
        assert json.loads(ask.answer_on(connection, f"select '{HOSTILE}' as x", "json")) == [{"x": HOSTILE}]


def test_errors_and_outcomes_are_one_printable_line():
    for told in (
        InputError(HOSTILE, 1, HOSTILE, HOSTILE, HOSTILE, HOSTILE),
        InputError("a", None, None, "r", "x" * 10_000_000, "b"),
        InputError("a", None, None, "r", 10**5_000, "b"),
        InputError("a", 1, "k" * 10_000, "yaml: " + "r" * 10_000, "x", "b"),
        SourceFormatError("a", "m" * 60_000, None, "m" * 60_000, "x" * 60_000),
        SourceFormatError("a", HOSTILE, None, HOSTILE, HOSTILE.encode()),
        Outcome("a", "failed", f"the server answers 500 {HOSTILE}"),
    ):
        assert str(told).isprintable() and len(str(told)) < 800


def test_text_of_a_source_is_no_markdown_and_no_html_in_the_ui():
    texts = [
        "x|y",
        "[a](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "`c`",
        "# h\n\n- i",
        "*b* _i_",
        "\x1b[2J",
    ]
    table = describe.markdown(pl.DataFrame({"text": texts, "iso_3": [-1.5] * len(texts)}))
    rows = table.splitlines()[2:]
    assert len(rows) == len(texts)
    for row in rows:
        assert row.count("|") == 3 and not set("<>`[]*\x1b") & set(row) and row.isprintable()
    assert "| text | iso_3 |" in table and "| -1.5 |" in table


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("http://me:pass@word@127.0.0.1:8000/x: 404", "http://127.0.0.1:8000/x: 404"),
        ("//me:secret@host/x", "//host/x"),
        ("https://a.org/b?format=csv&api_key=secret&x=1", "https://a.org/b?format=csv&api_key=...&x=1"),
        ("https://a.org/b?Token=secret: refused", "https://a.org/b?Token=..."),
        ("a@b.org wrote", "a@b.org wrote"),
    ],
)
def test_an_address_is_shown_without_user_password_and_keys(address, shown):
    assert addresses.shown(address).startswith(shown) and "secret" not in addresses.shown(address)
