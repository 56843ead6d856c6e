"""Columns of a source's file, as its publisher names them."""

import io
import zipfile

import polars as pl
import pytest

from pipelines.file_columns import columns


def test_the_header_of_a_csv_is_found_below_lines_of_another_kind_and_years_are_no_columns():
    text = '\ufeff"Data Source","Indicators",\n\n"Country Name","Country Code","2019","2020"\n"Aruba","ABW","1","2"\n'
    assert columns("API.csv", text.encode()) == ["Country Code", "Country Name"]


def test_keys_of_a_json_list_are_those_of_all_its_entries():
    assert columns("hacks.json", b'[{"date": 1, "name": "a"}, {"date": 2, "chain": "b"}]') == ["chain", "date", "name"]


def test_the_largest_table_of_an_archive_and_a_parquet_file_are_read():
    parquet = io.BytesIO()
    pl.DataFrame({"b": [1], "a": [2]}).write_parquet(parquet)
    assert columns("t.parquet", parquet.getvalue()) == ["a", "b"]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readme.csv", "x\n")
        archive.writestr("data.csv", "geo,value\nABW,12345\n")
    assert columns("t.zip", packed.getvalue()) == ["geo", "value"]


@pytest.mark.parametrize(
    "text",
    [
        ' [ {"a": 1} ,\n {"b": [2, 3]}, "c" ] ',
        '{"a": 1, "b": {"d": 2}}',
        "[" + '{"a": 1, "b": 2},' * 200 + " never looked at",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_keys_of_json_are_those_of_its_first_entries_or_of_its_one_value(text, encoding):
    """200 entries say what the others have; a list of VCDB's ten thousand is not read twice."""
    assert columns("t.json", text.encode(encoding)) == ["a", "b"]


@pytest.mark.parametrize("name", ["t.csv", "t.json", "t.parquet", "t.xlsx", "t.zip", "t.other"])
def test_a_file_that_cannot_be_read_has_no_known_columns(name):
    assert columns(name, b"\xff\xfe\x00{") == []


def test_json_of_more_levels_than_can_be_read_has_no_known_columns():
    assert columns("t.json", b"[" * 5_000) == []
