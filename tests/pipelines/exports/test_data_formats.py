"""Parquet, CSV with its descriptor, Excel and Stata: every text, number and day comes back, with its words and unit."""

import csv
import hashlib
import json
import re
import zipfile
from datetime import date, datetime

import fastexcel
import polars as pl
import pyreadstat
import pytest

from pipelines.exports import excel, stata, stata_notes
from pipelines.exports.edition import Column
from tests.pipelines.exports.hostile import HOSTILE

QUERY = "select word, sectors, seen from core.words where word is not null order by word_id"


def test_parquet_returns_hostile_text_lists_and_days_and_says_unit_and_description(exported):
    path = exported.folder / "parquet" / "core_words.parquet"
    read = pl.read_parquet(path).drop_nulls("word")
    assert [(*row,) for row in read.select("word", "sectors", "seen").iter_rows()] == exported.ask(QUERY)
    assert read["word"].to_list() == HOSTILE and read["big"][0] == 9007199254740993
    said = pl.read_parquet_metadata(exported.folder / "parquet" / "model_counterfactual.parquet")
    assert json.loads(said["columns"])["mean"]["unit"] == "USD bn, 2020 prices"
    assert json.loads(said["columns"])["mean"]["description"].startswith("what mean holds")
    assert said["source"] == "core.losses, models/" and "seed 20260930" in said["run"]


def read_text(cell: str) -> str:
    """As the description of the field says."""
    return cell[1:] if re.match(r"'+[=+\-@\t\r\n]", cell) else cell


def test_a_stranger_can_read_and_check_the_csv_from_its_descriptor_alone(exported):
    folder = exported.folder / "csv"
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    cast = {"string": read_text, "integer": int, "number": float, "boolean": {"true": True, "false": False}.__getitem__}
    cast |= {"date": date.fromisoformat, "array": json.loads, "datetime": str}
    for resource in package["resources"]:
        raw = (folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(raw)
        assert resource["hash"] == f"sha256:{hashlib.sha256(raw).hexdigest()}"
        head, *rows = csv.reader(raw.decode("utf-8").splitlines(keepends=True), strict=True)
        fields = resource["schema"]["fields"]
        assert head == [field["name"] for field in fields]
        assert all(field["unit"] and field["description"] for field in fields)
        found = [
            tuple(None if cell == "" else cast[field["type"]](cell) for cell, field in zip(row, fields, strict=True))
            for row in rows
        ]
        if resource["title"] == "core.words":
            assert found == exported.ask("from core.words")
        if resource["title"] == "model.counterfactual":
            assert found == exported.ask("from model.counterfactual")
    assert b"\r\n" in raw and not raw.startswith(b"\xef\xbb\xbf")


def test_the_descriptor_names_licence_sources_and_the_tables_with_formula_like_text(exported):
    package = json.loads((exported.folder / "csv" / "datapackage.json").read_text(encoding="utf-8"))
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert package["name"] == "cyberaccord-2026-09" and package["licenses"][0]["name"] == "Apache-2.0"
    assert {source["name"]: source["redistributable"] for source in package["sources"]}["shut"] == "no"
    words = next(item for item in package["resources"] if item["title"] == "core.words")
    assert words["textsThatBeginLikeAFormula"] == {"word": 5}  # = - @, a tab before = and an apostrophe before =
    assert any("core.words.word (5)" in line for line in exported.lines)
    described = {field["name"]: field["description"] for field in words["schema"]["fields"]}
    assert "one apostrophe before it" in described["word"] and "apostrophe" not in described["scenario"]


def test_no_cell_of_a_csv_begins_like_a_formula_but_numbers(exported):
    """The signs of OWASP's page on CSV injection; a negative number is no text."""
    for path in (exported.folder / "csv").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for cell in (cell for row in csv.reader(file) for cell in row):
                assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) or float(cell) < 0


def test_a_key_is_stated_where_the_schema_has_one_and_the_rows_obey_it(exported):
    package = json.loads((exported.folder / "csv" / "datapackage.json").read_text(encoding="utf-8"))
    keys = {item["title"]: item["schema"].get("primaryKey") for item in package["resources"]}
    assert keys["meta.sources"] == ["source_id"] and keys["meta.columns"] is not None
    assert keys["core.words"] is None


@pytest.fixture(scope="session")
def workbook(exported):
    return exported.folder / "excel" / "cyberaccord-2026-09.xlsx"


def test_excel_returns_hostile_text_as_text_and_numbers_as_numbers(exported, workbook):
    sheet = fastexcel.read_excel(workbook).load_sheet("core.words").to_polars()
    assert sheet["word"].to_list() == [*HOSTILE, None]
    assert sheet["seen"].cast(pl.Date).to_list() == [date(2020, 2, 29)] * len(HOSTILE) + [None]
    assert sheet["big"][0] == "9007199254740993"  # no double holds it: 2^53 + 1
    assert any("core.words.big" in line and "over 15 digits" in line for line in exported.lines)
    numbers = fastexcel.read_excel(workbook).load_sheet("model.counterfactual").to_polars()
    assert numbers["mean"].to_list() == [0.0, 1.5, None] and numbers["holds"].to_list() == [True, False, None]


def test_the_workbook_holds_no_formula_and_no_link_to_the_outside(workbook):
    with zipfile.ZipFile(workbook) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode("utf-8", errors="replace")
            if name.startswith("xl/worksheets/sheet"):
                assert not re.search(r"<f[ >]", text), name
            assert 'TargetMode="External"' not in text, name
        assert 'quotePrefix="1"' in archive.read("xl/styles.xml").decode()


def test_the_first_sheet_says_what_it_is_and_gives_each_column_its_unit(workbook):
    book = fastexcel.read_excel(workbook)
    assert book.sheet_names[0] == "Notes"
    notes = [tuple(row) for row in book.load_sheet("Notes", header_row=None).to_polars().iter_rows()]
    facts = {row[0]: row[1] for row in notes}
    assert facts["Edition"] == "2026-09" and facts["Draws"] == "16,384" and facts["Seed"] == "20260930"
    assert facts["Unit of the headline"] == "USD bn, 2020 prices"
    assert ("model.counterfactual", "mean", "USD bn, 2020 prices") in {row[:3] for row in notes}
    assert any("shut (no)" in str(cell) for row in notes for cell in row)


def test_sheets_keep_to_31_letters_and_differ_whatever_their_case():
    names = excel.sheet_names(
        ["staging.eurepoc_dashboard_network_a", "staging.eurepoc_dashboard_network_b", "Notes", "a/b"]
    )
    assert all(len(name) <= 31 for name in names) and len({name.lower() for name in [*names, "notes"]}) == 5
    assert names[3] == "a_b"


def test_a_text_longer_than_a_cell_is_cut_and_an_early_day_is_text_and_both_are_told():
    read = pl.DataFrame({"text": ["y" * 40_000], "day": [date(1899, 12, 31)]})
    cells, remarks = excel._as_cells("core.words", read)
    assert len(cells["text"][0]) == 32_767 and cells["day"][0] == "1899-12-31"
    assert len(remarks) == 2 and "core.words.text" in remarks[1]


def read_stata(exported, name):
    return pyreadstat.read_dta(exported.folder / "stata" / f"{name}.dta", output_format="polars")


def test_stata_returns_hostile_text_days_and_missing_values(exported):
    read, said = read_stata(exported, "core_words")
    assert read["word"].to_list() == [*HOSTILE, ""]  # Stata has no other missing text
    assert read["seen"].to_list() == [date(2020, 2, 29)] * len(HOSTILE) + [None]
    assert said.original_variable_types["seen"] == "%td"
    with (exported.folder / "stata" / "core_words.dta").open("rb") as file:
        assert b"<release>118</release>" in file.read(60)


def test_stata_codes_are_labelled_and_the_same_in_every_table(exported):
    read, said = read_stata(exported, "model_counterfactual")
    assert said.variable_value_labels["scenario"] == {1: "op_ed", 2: "status_quo"}
    assert [said.variable_value_labels["scenario"][code] for code in read["scenario"]] == [
        "status_quo",
        "op_ed",
        "op_ed",
    ]
    assert read["measure"].to_list() == [None, 2, 1] and said.variable_value_labels["measure"] == {1: "a", 2: "b"}
    assert read["holds"].to_list() == [1, 0, None] and said.variable_value_labels["holds"] == {0: "false", 1: "true"}
    words, of_words = read_stata(exported, "core_words")
    assert of_words.variable_value_labels["scenario"] == {1: "op_ed", 2: "status_quo"} and words["scenario"][0] == 1


def test_stata_labels_have_the_unit_in_80_letters_and_the_notes_the_rest(exported):
    _, said = read_stata(exported, "model_counterfactual")
    labels = dict(zip(said.column_names, said.column_labels, strict=True))
    assert labels["mean"].endswith("... [USD bn, 2020 prices]") and len(labels["mean"]) <= 80
    assert said.notes[0] == "Loss with and without. Rests on: core.losses, models/."
    assert "CyberAccord, edition 2026-09" in said.notes[1]
    raw = (exported.folder / "stata" / "model_counterfactual.dta").read_bytes()
    assert b"what mean holds, said at such length that no label of eighty letters has room for it [USD bn" in raw


def test_notes_leave_every_section_of_a_stata_file_where_its_map_says(tmp_path):
    path = tmp_path / "a.dta"
    read = pl.DataFrame({"x": pl.Series([1, None], dtype=pl.Int32), "words": ["z" * 3000, ""]})
    pyreadstat.write_dta(read, path, version=14, variable_value_labels={"x": {1: "one"}})
    stata_notes.add_notes(path, [("_dta", "first"), ("x", "of x"), ("_dta", "second é")], datetime(2026, 3, 9, 8, 7))
    raw = path.read_bytes()
    at = raw.index(b"<map>") + 5
    places = [int.from_bytes(raw[at + 8 * n : at + 8 * n + 8], "little") for n in range(14)]
    tags = "stata_dta map variable_types varnames sortlist formats value_label_names variable_labels characteristics"
    for place, tag in zip(places, [*tags.split(), "data", "strls", "value_labels", "/stata_dta"], strict=False):
        assert raw[place:].startswith(f"<{tag}>".encode())
    assert places[13] == len(raw)
    back, said = pyreadstat.read_dta(path, output_format="polars")
    assert said.notes == ["first", "second é"] and back["words"].to_list() == ["z" * 3000, ""]
    assert b"<timestamp>\x1109 Mar 2026 08:07</timestamp>" in raw
    assert b"note0" in raw and raw.count(b"<ch>") == 5  # two counts, three notes


def test_names_that_stata_does_not_allow_are_changed_and_stay_apart():
    names = stata.variable_names(["if", "str8", "a b", "a_b", "1st", "q" * 40, "q" * 41])
    assert list(names.values())[:5] == ["_if", "_str8", "a_b", "a_b_2", "_1st"]
    assert all(len(name) <= 32 for name in names.values()) and len(set(names.values())) == 7


def test_a_variable_label_without_a_unit_is_the_description():
    assert stata.variable_label(Column("a", "VARCHAR", "label", "what it is")) == "what it is"
    assert stata.variable_label(Column("a", "DOUBLE", "USD", "é" * 90)) == "é" * 71 + "... [USD]"
