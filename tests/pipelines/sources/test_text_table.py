"""CSV files from outside: line numbers as an editor counts them, and one clear line for what is no such file."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import SourceFormatError
from pipelines.sources import text_table

GOOD = b"code,name,value\nA,one,1\nB,two,2\nC,three,3\n"


def read(payload: bytes, **more: object):
    return text_table.read(payload, "somebody", "some.csv", ["code", "value"], **more)


def test_every_cell_is_a_text_and_an_empty_one_is_null():
    table = read(GOOD + b"D,,007\n")
    assert table.row(3) == (5, "D", None, "007")


def test_a_byte_order_mark_is_taken_off():
    assert read(text_table.BOM + GOOD).columns == ["row_number", "code", "name", "value"]


def test_rows_are_numbered_by_the_line_on_which_the_record_begins():
    payload = b'code,name,value\nA,"one\n\nand\na half",1\nB,two,2\n\nC,"a ""quoted"" word",3\n'
    assert read(payload)["row_number"].to_list() == [2, 6, 8]


def test_line_ends_of_windows_count_once():
    assert read(GOOD.replace(b"\n", b"\r\n"))["row_number"].to_list() == [2, 3, 4]


def test_empty_lines_are_no_records_but_lines_and_empty_cells_are_a_record():
    table = read(b"\n" + GOOD.replace(b"B,two,2\n", b"\r\n,,\n\n") + b"\n\n")
    assert table.rows() == [(3, "A", "one", "1"), (5, None, None, None), (7, "C", "three", "3")]


def test_records_may_end_early_only_where_that_is_said():
    payload = GOOD.replace(b"B,two,2", b"B,two")
    assert read(payload, short=True).rows()[1] == (3, "B", "two", None)
    with pytest.raises(SourceFormatError, match="row 3: expected 3 cells"):
        read(payload)
    with pytest.raises(SourceFormatError, match="row 3: expected 3 cells"):
        read(GOOD.replace(b"B,two,2", b"B,two,2,more"), short=True)


CELLS = st.text(alphabet='ab ,"\n\xe9', max_size=4)


@pytest.mark.parametrize("block", [1, 7, text_table.BLOCK])
@settings(max_examples=100, deadline=None)
@given(
    records=st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=8),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_cells_and_lines_are_those_of_the_csv_module(block, records, end):
    """Python's own reader is the judge; its line_num is the last line of a record."""
    written = io.StringIO()
    csv.writer(written, lineterminator=end).writerows([["code", "value"], *records])
    judge = csv.reader(io.StringIO(written.getvalue(), newline="\n"))
    next(judge)
    expected, line = [], judge.line_num + 1
    for record in judge:
        expected.append((line, *(cell or None for cell in record)))
        line = judge.line_num + 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_table, "BLOCK", block)
        assert read(written.getvalue().encode()).rows() == expected


def test_lines_before_the_header_are_counted_and_left_out():
    assert read(b"made by nobody\n\n" + GOOD, header=b"code,")["row_number"].to_list() == [4, 5, 6]


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        (b"<!DOCTYPE html><html><body>Too busy</body></html>", "a page of markup"),
        (b"\n  <html>\n", "a page of markup"),
        (b'code,name,value\nA,"one,1\nB,two,2\n', "row 2: expected a quote that is closed"),
        (GOOD + b'D,"fo', "row 5: expected a quote that is closed"),
        (GOOD + b"D,fo", "row 5: expected 3 cells, as in the header; found '2'"),
        (GOOD.replace(b"B,two,2", b"B"), "row 3: expected 3 cells, as in the header; found '1'"),
        (GOOD.replace(b"B,two,2", b"  "), "row 3: expected 3 cells"),
        (b"code,name,value\nA,one,1,more\n", "row 2: expected 3 cells, as in the header; found '4'"),
        (GOOD.replace(b"two", b'tw"o').replace(b"three", b'thr"ee'), "some.csv"),
        (GOOD.replace(b"two", b'"tw"o'), "some.csv"),
        (GOOD.replace(b"value", b"amount"), "row 1: expected the columns code, value; found 'no value'"),
        (GOOD.replace(b"name", b"value"), "row 1: expected one column value"),
        (GOOD.replace(b"name", b"row_number"), "row 1: expected no column row_number"),
        (b'{"error": "too many requests",\n "retry": 5}', "no code, value"),
        (GOOD.replace(b"\n", b"\r"), "some.csv"),
        (GOOD.replace(b"two", b"zw\xf6lf"), "row 3: expected UTF-8"),
        (GOOD.replace(b"one", "\xe9t\xe9".encode()).replace(b"two", b"\xe9t\xe9"), "row 3: expected UTF-8"),
        (GOOD.decode().encode("utf-16"), "expected UTF-8"),
        (GOOD.replace(b"two", b"t\0o"), "row 3: expected text"),
        (b"code,name,value\n", "records under the header"),
        (b"", "some.csv"),
    ],
)
def test_what_is_no_such_file_is_told_in_one_line_with_its_row(payload, told):
    with pytest.raises(SourceFormatError) as refused:
        read(payload)
    assert told in str(refused.value)
    assert str(refused.value).startswith("somebody/some.csv")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("block", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("wrong", [b"\xff", b"\xe9t", b"\xf0\x9f\x92", b"\xed\xa0\x80", b"\xc0\xaf"])
@pytest.mark.parametrize("at", [b"one", b"two", b"3\n"])
def test_a_byte_that_is_no_utf_8_is_found_wherever_the_file_is_cut(block, wrong, at, monkeypatch):
    payload = "\xe9\N{PILE OF POO}\n".encode() + GOOD.replace(at, wrong)
    with pytest.raises(UnicodeDecodeError) as judge:
        payload.decode()
    row, byte = payload.count(b"\n", 0, judge.value.start) + 1, payload[judge.value.start]
    monkeypatch.setattr(text_table, "BLOCK", block)
    with pytest.raises(SourceFormatError, match=f"row {row}: expected UTF-8; found 'byte {byte:#x}'"):
        read(payload)


def test_a_header_that_is_not_there_is_told():
    with pytest.raises(SourceFormatError, match="a header that begins with code"):
        read(b"nothing\nof the sort\n", header=b"code,")
