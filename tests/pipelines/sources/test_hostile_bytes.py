"""Bytes that once ended in a traceback, a panic, a killed process or no end: each is now a row or one line."""

from __future__ import annotations

import io
import json
import zipfile

import polars as pl
import pytest

from pipelines.errors import SourceFormatError
from pipelines.sources import dcid, defillama_hacks, eurepoc, json_table, ransomwhere, text_table, vcdb, wiod, workbooks
from tests.pipelines.sources import test_dcid

HALF = "\ud800"
"""Half a pair of surrogates: JSON can write it, UTF-8 cannot."""


def hacks(**change: object) -> pl.DataFrame:
    usual = {"date": 1_700_000_000, "name": "Bank", "classification": "Other", "amount": 1.0, "chain": ["Some"]}
    return defillama_hacks.parse(json.dumps([usual, usual | change]).encode())


def incidents(**change: object) -> pl.DataFrame:
    usual = {"incident_id": "a", "timeline": {"incident": {"year": 2020}}, "actor": {}, "action": {}, "victim": {}}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("vcdb.json", json.dumps([usual, usual | change]))
    return vcdb.parse_incidents(target.getvalue())


def refusal(parse, payload: bytes) -> str:
    with pytest.raises(SourceFormatError) as refused:
        parse(payload)
    assert str(refused.value).isprintable()
    return str(refused.value)


@pytest.mark.parametrize("column", ["name", "technique", "targetType"])
def test_half_a_pair_of_surrogates_is_kept_as_the_six_signs_of_the_file(column):
    ours = {"targetType": "target_type"}.get(column, column)
    assert hacks(**{column: HALF})[ours].to_list()[1] == r"\ud800"
    assert hacks(chain=[HALF, "b"])["chain"].to_list() == [["Some"], [r"\ud800", "b"]]
    assert incidents(incident_id=HALF)["incident_id"].to_list() == ["a", r"\ud800"]


def test_an_amount_that_is_no_number_makes_its_column_text_so_that_its_row_is_rejected():
    deep: object = 1
    for _ in range(900):
        deep = [deep]
    for value in (HALF, 10**400, [1], {"a": [1]}, deep):
        assert hacks(amount=value)["amount"][0] == "1"


def test_a_list_of_other_things_costs_its_entry_and_no_other_row():
    assert hacks(chain=[1, None, ["x"]])["chain"].to_list() == [["Some"], ["1", "null", "['x']"]]
    assert hacks(chain="abc")["chain"].to_list() == [["Some"], ["abc"]]
    assert incidents(actor={"external": {"variety": "abc"}})["actor_varieties"].to_list() == [[], ["abc"]]


def test_more_satoshis_than_a_number_holds_stay_as_written():
    paid = {"hash": "h", "time": 1_700_000_000, "amount": 10**400, "amountUSD": 1.0}
    entry = {"address": "a", "family": "f", "transactions": [paid]}
    assert ransomwhere.parse_payments(json.dumps([entry]).encode())["btc"].to_list() == [str(10**400)]


@pytest.mark.parametrize("cell", ["[0x" + "f" * 5_000 + "]", "[" * 100_000, "-" * 100_000 + "1", "[" + "(" * 150 + "]"])
def test_a_cell_that_python_cannot_read_is_a_list_of_its_text(cell):
    assert eurepoc._items(cell) == [cell]
    assert eurepoc._items(r"['\ud800']") == [r"\ud800"]


def test_brackets_without_end_are_told_in_one_line():
    for payload in (b"[" * 100_000, b'[{"a":' * 100_000):
        assert "a JSON list" in refusal(lambda data: json_table.load_list(data, "somebody", "a.json"), payload)


def workbook(old: str, new: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(test_dcid.workbook())) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    assert old.encode() in members[sheet]
    members[sheet] = members[sheet].replace(old.encode(), new.encode())
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


END = "</sheetData>"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (END, f'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>{END}', "at most 5,000,000 cells"),
        (END, f'<row r="4294967295"><c r="ZZZZZZ4294967295"><v>1</v></c></row>{END}', "a place such as B7"),
        ('r="A2"', 'r="2A"', "a place such as B7"),
        ("<worksheet", '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><worksheet', None),
        ("US ", "&lol;", "an Excel workbook"),
        (END, END + '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>', None),
        ("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>', None),
        ("<sheetData>", "<sheetData>" + "<a>" * 100_000, None),
    ],
    ids=["far", "farther", "place", "external", "entity", "merged", "dimension", "deep"],
)
def test_a_sheet_that_would_take_all_memory_or_names_a_file_is_read_as_it_stands_or_refused(old, new, told):
    if told is None:
        assert dcid.parse_incidents(workbook(old, new))["state_a"].unique().to_list() == ["US"]
    else:
        assert told in refusal(dcid.parse_incidents, workbook(old, new))


def test_cells_that_a_sheet_spans_are_counted_from_their_places():
    assert workbooks._span(b'<c r="C4"/><x:row r=\'7\'/><c s="1" r="AA2"/>') == 7 * 27


def test_a_table_of_more_rows_than_there_can_be_is_refused_before_it_is_read():
    target = io.BytesIO()
    columns = ["from_iso3", "from_ind", "to_iso3", "to_ind", "musd"]
    pl.select(pl.repeat(1, 6_000_000, dtype=pl.Int8).alias(columns[0])).with_columns(
        pl.lit("x").alias(name) for name in columns[1:]
    ).write_parquet(target)
    assert "at most 5,000,000 rows" in refusal(wiod.intermediate, target.getvalue())


def test_a_header_of_a_million_cells_is_refused_before_columns_are_made_of_it():
    payload = b"a" + b"," * 1_000_000 + b"\n1\n"
    assert "at most 10,000 columns" in refusal(lambda data: text_table.read(data, "somebody", "a.csv", ["a"]), payload)


def test_a_cell_of_ten_million_signs_is_read():
    payload = b"a,b\n1," + b"x" * 10_000_000 + b"\n"
    assert text_table.read(payload, "somebody", "a.csv", ["a", "b"])["b"].str.len_chars().to_list() == [10_000_000]
