"""CSV files from outside: line numbers as an editor counts them, and one clear line for what is no such file."""

from __future__ import annotations

import pytest

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


def test_lines_before_the_header_are_counted_and_left_out():
    assert read(b"made by nobody\n\n" + GOOD, header=b"code,")["row_number"].to_list() == [4, 5, 6]


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        (b"<!DOCTYPE html><html><body>Too busy</body></html>", "a page of markup"),
        (b"\n  <html>\n", "a page of markup"),
        (b'code,name,value\nA,"one,1\nB,two,2\n', "row 2: expected a quote that is closed"),
        (GOOD + b'D,"fo', "row 5: expected a quote that is closed"),
        (GOOD + b"D,fo", "row 5: expected a last record as wide as the header"),
        (b"code,name,value\nA,one,1,more\n", "records as wide as the header"),
        (GOOD.replace(b"value", b"amount"), "no value"),
        (GOOD.replace(b"two", b"zw\xf6lf"), "row 3: expected UTF-8"),
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


def test_a_header_that_is_not_there_is_told():
    with pytest.raises(SourceFormatError, match="a header that begins with code"):
        read(b"nothing\nof the sort\n", header=b"code,")
