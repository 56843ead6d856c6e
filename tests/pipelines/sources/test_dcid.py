"""DCID: blanks at the ends of names, codes of the Correlates of War, initiators outside their dyad, two sheets."""

from __future__ import annotations

import io
import zipfile

import polars as pl
import pytest

from pipelines.errors import SourceFormatError
from pipelines.sources import dcid

SHARED = list(dcid.SHARED.values())
FIRST = [*SHARED, *dcid.OF_INCIDENTS.values(), *dcid.LINKS]
SECOND = [*SHARED, *dcid.OF_SIDES.values()]
NAMES = ("DCID_2.0_Release_public_June_20", "DCID_2.0_Release_update_Februar")
FILE = "DCID_2.0_Release_update_February_2023.xlsx"


def incident(number: int, **change: object) -> dict[str, object]:
    usual = {
        "Cyberincidentnum": number,
        "Dyadpair": 2365,
        "StateA": "US ",
        "StateB": "Russia",
        "Name": f"Campaign {number}",
        "interactionstartdate": "2015-02-01",
        "method": 4.2,
        "targettype": 2,
        "initiator": 365,
        "cyber_objective": 3,
        "information_operation": 0,
        "damage type": 2,
        "severity": 4,
        "interactionenddate": "2015-03-01",
        "objective_achievement": 1,
        "3rdpartyinitiator": 0,
        "Crit Inf": 13,
        "Supply Ch": 0,
        "Ransomware": 0,
        "target": 2,
        "Cyber_escalation": int(number == 1),
        "Conv_escalation": 3,
        "Conv_descalation": 1,
        "Sources1": "https://example.org/a",
    }
    return usual | change


def cell(column: int, row: int, value: object) -> str:
    place = f"{chr(65 + column // 26 - 1) if column >= 26 else ''}{chr(65 + column % 26)}{row}"
    if value is None:
        return ""
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def workbook(*odd: dict[str, object], heads: dict[str, str] | None = None, sheets: tuple[str, str] = NAMES) -> bytes:
    """A workbook of two sheets as a spreadsheet program would write it, no more than needed."""
    rows = [*(incident(n) for n in range(1, 17)), *odd]
    main = "http://schemas.openxmlformats.org"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        kinds = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.spreadsheetml.worksheet+xml"/>'
            for n in (1, 2)
        )
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{main}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.'
            'openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/'
            f'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{kinds}</Types>',
        )
        relation = f"{main}/officeDocument/2006/relationships"
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{main}/package/2006/relationships"><Relationship Id="r1" Type="{relation}/office'
            'Document" Target="xl/workbook.xml"/></Relationships>',
        )
        listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="s{n}"/>' for n, name in enumerate(sheets, start=1))
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}/spreadsheetml/2006/main" xmlns:r="{relation}"><sheets>{listed}</sheets>'
            "</workbook>",
        )
        links = "".join(
            f'<Relationship Id="s{n}" Type="{relation}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in (1, 2)
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{main}/package/2006/relationships">{links}</Relationships>',
        )
        for number, columns in ((1, FIRST), (2, SECOND)):
            body = [[(heads or {}).get(name, name) for name in columns]]
            body += [[row.get(name) for name in columns] for row in rows]
            lines = "".join(
                f'<row r="{r}">{"".join(cell(c, r, value) for c, value in enumerate(line))}</row>'
                for r, line in enumerate(body, start=1)
            )
            archive.writestr(
                f"xl/worksheets/sheet{number}.xml",
                f'<worksheet xmlns="{main}/spreadsheetml/2006/main"><sheetData>{lines}</sheetData></worksheet>',
            )
    return target.getvalue()


def test_blanks_at_the_ends_of_names_and_headers_go_and_codes_are_texts(stage, words):
    payload = workbook(heads={"severity": "severity "})
    row = stage("dcid", {FILE: payload}).tables["dcid_incidents"].kept.row(0, named=True)
    assert (row["row_number"], row["state_a"], row["dyad"], row["initiator"]) == (2, "US", "2365", "365")
    assert (row["method"], row["objective"]) == ("4.2", "3")
    assert [words.economy("dcid")[code] for code in ("2", "365", "US", "N Korea")] == ["USA", "RUS", "USA", "PRK"]


@pytest.mark.parametrize(
    ("odd", "rule", "value"),
    [
        (incident(20, interactionenddate="2015-01-15"), "date_order", "2015-01-15"),
        (incident(20, initiator=630), "initiator_in_dyad", "630"),
        (incident(20, severity=11), "severity_scale", "11"),
        (incident(20, StateA="Atlantis"), "known_economy", "Atlantis"),
        (incident(20, cyber_objective=9), "known_code", "9"),
        (incident(1, Name="Other"), "duplicate_key", "1"),
    ],
)
def test_an_incident_that_breaks_a_rule_is_rejected_with_its_row_of_the_sheet(stage, odd, rule, value):
    found = stage("dcid", {FILE: workbook(odd)})
    mine = found.rejects.filter(pl.col("table_name") == "dcid_incidents")
    assert mine.select("row_number", "rule", "value").rows() == [(18, rule, value)]


def test_the_sheet_of_sides_is_kept_beside(stage):
    kept = stage("dcid", {FILE: workbook()}).tables["dcid_sides"].kept
    assert (kept.height, kept["cyber_escalation"].sum()) == (16, 1)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"<html/>",
        workbook()[:-100],
        workbook(sheets=("Sheet1", "Sheet2")),
        workbook(heads={"initiator": "who"}),
    ],
)
def test_what_is_no_such_workbook_is_told_in_one_line(payload):
    with pytest.raises(SourceFormatError) as refused:
        dcid.parse_incidents(payload)
    assert str(refused.value).startswith("dcid/DCID_2.0")
    assert "\n" not in str(refused.value)


@pytest.mark.mirror
def test_429_incidents_862_sides_and_35_escalations(mirrored):
    """Test target 17: 429 incidents; the second sheet has 862 rows, 431 times 2; 35 are coded as escalation."""
    found = mirrored("dcid")
    incidents, sides = found.tables["dcid_incidents"], found.tables["dcid_sides"]
    assert (incidents.rows_in, sides.rows_in) == (429, 2 * 431)
    assert sides.kept["cyber_escalation"].sum() == 35
    assert sorted(found.rejects["rule"]) == ["date_order", *["initiator_in_dyad"] * 4]
