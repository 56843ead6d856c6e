"""CFR's operations: shifted columns, lost quotation marks, several sponsors in a cell, free-text victims."""

from __future__ import annotations

import csv
import io

import pytest

COLUMNS = ["Title", "Date", "Affiliations", "Description", "Response", "Victims", "Sponsor", "Type", "Category"]
COLUMNS += ["Sources_1", "Sources_2", "Sources_3"]
FILE = "cyber-operations-incidents.csv"


def operation(number: int, **change: object) -> dict[str, object]:
    usual = {"Title": f"Targeting of ministry {number}", "Date": "3/7/2022", "Affiliations": "Some Group"}
    more = {"Description": "Text,\nof two lines", "Victims": "Ukrainian ministries", "Sponsor": "Russian Federation"}
    return usual | more | {"Type": "Espionage", "Category": "Government", "Sources_1": "https://a.org"} | change


def table(*odd: dict[str, object]) -> str:
    target = io.StringIO()
    writer = csv.DictWriter(target, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows([*(operation(n) for n in range(16)), *odd])
    return target.getvalue()


def test_american_dates_null_dates_and_profiles_are_kept(stage):
    odd = [operation(20, Date=""), operation(21, Date="12/31/2021"), operation(22, Type="", Category="")]
    kept = stage("cfr", {FILE: table(*odd)}).tables["cfr_incidents"].kept
    assert kept.height == 19
    assert [str(day) for day in kept["date"][-3:]] == ["None", "2021-12-31", "2022-03-07"]


def test_lost_quotation_marks_become_blanks(stage):
    kept = (
        stage("cfr", {FILE: table(operation(20, Title="Targeting of Children?? Hospital?"))})
        .tables["cfr_incidents"]
        .kept
    )
    assert kept["title"][16] == "Targeting of Children Hospital"


@pytest.mark.parametrize(
    ("cell", "sponsors"),
    [
        ("China, Russian Federation", ["China", "Russian Federation"]),
        ("Palestine, State of", ["Palestine, State of"]),
        ("Korea (Democratic People's Republic of)", ["Korea (Democratic People's Republic of)"]),
        ("", []),
    ],
)
def test_each_sponsor_of_a_cell_is_one(stage, cell, sponsors):
    kept = stage("cfr", {FILE: table(operation(20, Sponsor=cell))}).tables["cfr_incidents"].kept
    assert kept["sponsor"][16].to_list() == sponsors


@pytest.mark.parametrize(
    ("odd", "rule"),
    [
        (operation(20, Sponsor="Espionage", Type="Government", Category="https://a.org"), "column_shifted"),
        (operation(20, Sponsor="Government", Type="https://a.org", Category=""), "column_shifted"),
        (operation(20, Sponsor=' United Kingdom"', Type="Russia", Category="Espionage"), "column_shifted"),
        (operation(20, Sponsor="Atlantis"), "known_economy"),
        (operation(20, Type="Magic"), "known_code"),
        (operation(20, Date="31/12/2021"), "type"),
        (operation(1, Victims="Others"), "duplicate_key"),
    ],
)
def test_a_row_that_breaks_a_rule_is_rejected_once_with_its_line(stage, odd, rule):
    found = stage("cfr", {FILE: table(odd)})
    assert found.rejects.select("row_number", "rule").rows() == [(34, rule)]


@pytest.mark.mirror
def test_of_768_rows_seven_are_shifted_and_15_have_no_date(mirrored):
    found = mirrored("cfr")
    kept = found.tables["cfr_incidents"].kept
    assert found.tables["cfr_incidents"].rows_in == 768
    assert found.rejects["rule"].to_list() == ["column_shifted"] * 7
    assert kept["date"].null_count() == 15
    assert kept.filter(kept["title"].str.contains("SolarWinds")).height == 2
