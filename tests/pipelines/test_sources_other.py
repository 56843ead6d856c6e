"""Parsers of prices, users, complaints and incidents on tiny hand-made files; all rows are made up."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date

import pytest

from pipelines.errors import SourceFormatError
from pipelines.sources import eurepoc_global, gapminder_internet_users, ic3_totals, us_cpi, vcdb


def test_internet_users_stay_percent_and_lower_case() -> None:
    table = gapminder_internet_users.parse(b"geo,time,internet_users\nkos,2019,89.5\natl,2020,0\n")
    assert table.rows() == [("atl", 2020, 0.0), ("kos", 2019, 89.5)]


@pytest.mark.parametrize("cell", ["101", "-1", "most", ""])
def test_internet_users_outside_a_percentage_name_the_row(cell: str) -> None:
    with pytest.raises(SourceFormatError, match=r"gapminder.*row 3"):
        gapminder_internet_users.parse(f"geo,time,internet_users\natl,2019,5\natl,2020,{cell}\n".encode())


def test_prices_are_monthly_and_a_missing_month_stays_missing() -> None:
    table = us_cpi.parse(b"Date,Index,Inflation\n2025-09-01,300.5,0.1\n2025-11-01,301,\n")
    assert table.rows() == [(date(2025, 9, 1), 300.5), (date(2025, 11, 1), 301.0)]


@pytest.mark.parametrize("row", ["2025-13-01,3", "2025-10-01,.", "2025-10-01,0"])
def test_a_bad_price_names_the_row(row: str) -> None:
    with pytest.raises(SourceFormatError, match=r"us_cpi.*row 2"):
        us_cpi.parse(f"Date,Index\n{row}\n".encode())


IC3 = "year,complaints,loss_usd_as_printed,loss_usd_numeric,loss_precision,source_report,alt_loss_as_printed,note\n"


def test_complaints_keep_how_exactly_the_loss_is_printed() -> None:
    table = ic3_totals.parse((IC3 + '2030,12,"$1,234",1234,exact,2030,,\n2029,9,$1K,1000,rounded,2030,,odd\n').encode())
    assert table.rows() == [(2029, 9, 1000.0, "rounded", "odd"), (2030, 12, 1234.0, "exact", None)]


def test_complaints_of_another_shape_are_refused_by_name() -> None:
    with pytest.raises(SourceFormatError, match="ic3"):
        ic3_totals.parse(b"year,complaints\n2030,12\n")
    with pytest.raises(SourceFormatError, match="ic3"):
        ic3_totals.parse((IC3 + "2030,twelve,,1,exact,,,\n").encode())


EUREPOC = "ID,name,start_date,end_date,incident_type,receiver_country,initiator_country,initiator_category,"
EUREPOC += "initiator_category_subcode\n"


def test_eurepoc_lists_are_read_through_apostrophes_nesting_and_gaps() -> None:
    row = (
        '7,x,2020-01-01,,Disruption; Ransomware,"[\'Laos\', ""Korea, Democratic People\'s Republic of""]",'
        "\"['Unknown']\",\"[['State'], ['Non-state-group']]\",\n"
    )
    incident = eurepoc_global.parse((EUREPOC + row).encode()).row(0, named=True)
    assert incident["receiver_country"] == ["Laos", "Korea, Democratic People's Republic of"]
    assert incident["initiator_category"] == ["State", "Non-state-group"]
    assert incident["initiator_category_subcode"] == []
    assert incident["incident_types"] == ["Disruption", "Ransomware"]
    assert (incident["start_date"], incident["end_date"], incident["row_number"]) == (date(2020, 1, 1), None, 2)


@pytest.mark.parametrize("cell", ["Laos", "['Laos'", "'Laos'", "__import__('os')"])
def test_eurepoc_cell_that_is_no_list_names_the_row(cell: str) -> None:
    with pytest.raises(SourceFormatError, match=r"eurepoc.*row 2"):
        eurepoc_global.parse((EUREPOC + f'7,x,,,,"{cell}",,,\n').encode())


def test_eurepoc_date_that_does_not_parse_is_refused() -> None:
    with pytest.raises(SourceFormatError, match="dates"):
        eurepoc_global.parse((EUREPOC + "7,x,01/02/2020,,,,,,\n").encode())


def zipped(value: object) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        out.writestr("vcdb.json", json.dumps(value))
    return buffer.getvalue()


def test_vcdb_reads_external_actors_and_repeated_ids_once() -> None:
    external = {
        "incident_id": "a",
        "actor": {"external": {"country": ["RU"], "motive": ["Financial"], "variety": ["Unknown"]}},
        "action": {"malware": {"variety": ["Ransomware"]}, "hacking": {}},
        "victim": {"country": ["US"]},
    }
    table = vcdb.parse(zipped([{"incident_id": "b", "actor": {"internal": {}}}, external, external]))
    assert table.rows() == [
        ("a", 2, ["hacking", "malware"], ["Ransomware"], ["RU"], ["Financial"], ["Unknown"], ["US"])
    ]


@pytest.mark.parametrize("payload", [b"x", zipped({"a": 1}), zipped([1]), zipped([{"actor": {}}])])
def test_vcdb_of_another_shape_is_refused_by_name(payload: bytes) -> None:
    with pytest.raises(SourceFormatError, match="vcdb"):
        vcdb.parse(payload)
