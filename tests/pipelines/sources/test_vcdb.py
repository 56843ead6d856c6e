"""VCDB: repeated ids, amounts without currency, one far too large, years before the web."""

from __future__ import annotations

import io
import json
import zipfile

import polars as pl
import pytest

from pipelines.errors import SourceFormatError
from pipelines.sources import vcdb


def incident(number: int, **change: object) -> dict:
    usual = {
        "incident_id": f"id-{number}",
        "timeline": {"incident": {"year": 2015, "month": 2, "day": 1 + number % 28}},
        "actor": {"external": {"variety": ["Organized crime"], "motive": ["Financial"], "country": ["RU", "Unknown"]}},
        "action": {"hacking": {"variety": ["SQLi"]}, "malware": {"variety": ["Ransomware"]}},
        "victim": {"victim_id": f"Shop {number}", "country": ["US"], "industry": "441110"},
        "attribute": {"confidentiality": {"data_disclosure": "Yes"}},
        "schema_version": "1.3.4",
        "reference": "http://example.org/a; https://example.org/b",
    }
    return usual | change


def impact(amount: object, currency: str | None = "USD") -> dict:
    loss = [{"variety": "Asset and fraud", "amount": amount}]
    return {"impact": {"overall_amount": amount, "iso_currency_code": currency, "loss": loss}}


def zipped(records: object) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("vcdb.json", json.dumps(records))
    return target.getvalue()


def files(*odd: dict) -> dict[str, bytes | str]:
    usual = [incident(n, **(impact(1000 + n) if n < 6 else {})) for n in range(16)]
    return {"vcdb.json.zip": zipped([*usual, *odd]), "vcdb.schema.json": "{}"}


def test_an_incident_is_read_in_the_words_of_veris(stage):
    row = stage("vcdb", files()).tables["vcdb_incidents"].kept.row(0, named=True)
    assert (row["row_number"], row["incident_id"], row["victim"]) == (1, "id-0", "Shop 0")
    assert (row["actors"], row["actions"]) == (["external"], ["hacking", "malware"])
    assert (row["industry"], row["industry_group"]) == ("441110", "44")
    assert row["urls"] == ["http://example.org/a", "https://example.org/b"]


def test_schema_1_3_4_is_schema_1_point_3_point_4(stage):
    kept = stage("vcdb", files(incident(20, schema_version="1_3_4"))).tables["vcdb_incidents"].kept
    assert kept["schema_version"].unique().to_list() == ["1.3.4"]


@pytest.mark.parametrize(
    ("odd", "table", "rule"),
    [
        (incident(20, **impact(1e12)), "vcdb_amounts", "amount_range"),
        (incident(20, **impact(19_260, None)), "vcdb_amounts", "currency_missing"),
        (incident(20, **impact("a lot")), "vcdb_amounts", "type"),
        (incident(20, timeline={"incident": {"year": 1984}}), "vcdb_incidents", "year_before_1990"),
        (incident(20, timeline={"incident": {"year": 2018, "month": 2, "day": 29}}), "vcdb_incidents", "day_of_month"),
        (incident(3, victim={"country": ["US"]}), "vcdb_incidents", "duplicate_key"),
        (incident(20, victim={"country": ["ZZ"]}), "vcdb_incidents", "known_economy"),
        (incident(20, action={"sorcery": {}}), "vcdb_incidents", "known_code"),
        (incident(20, action={"hacking": {"variety": ["Spell"]}}), "vcdb_incidents", "known_code"),
    ],
)
def test_a_record_that_breaks_a_rule_is_rejected_from_its_table(stage, odd, table, rule):
    found = stage("vcdb", files(odd))
    assert found.rejects.select("table_name", "row_number", "rule").rows() == [(table, 17, rule)]


def test_a_record_equal_to_another_is_merged(stage):
    table = stage("vcdb", files(incident(3))).tables["vcdb_incidents"]
    assert (table.rows_in, table.kept.height, table.rows_merged) == (17, 16, 1)


@pytest.mark.parametrize("payload", [zipped({}), zipped([]), zipped([{"incident_id": "a"}]), zipped([7]), b"PK", b"{}"])
def test_what_is_no_such_archive_is_told_in_one_line(payload):
    with pytest.raises(SourceFormatError) as refused:
        vcdb.parse_incidents(payload)
    assert str(refused.value).startswith("vcdb/vcdb.json.zip")
    assert "\n" not in str(refused.value)


@pytest.mark.mirror
def test_one_amount_is_a_thousand_times_too_large_and_the_others_come_to_3_854_746_458_dollars(mirrored):
    """Test target 14: Yahoo's 1,000,000,000,000 USD is rejected by an amount rule and kept among the rejects."""
    found = mirrored("vcdb")
    table = found.tables["vcdb_amounts"]
    assert (table.rows_in, table.rows_rejected) == (311, 98)
    assert table.kept.filter(currency="USD")["amount"].sum() == 3_854_746_458
    yahoo = found.rejects.filter(pl.col("rule") == "amount_range").row(0, named=True)
    assert float(yahoo["value"]) == 1e12
    incidents = found.tables["vcdb_incidents"].kept.filter(row_number=yahoo["row_number"])
    assert incidents["incident_id"].to_list() == ["6390A0A5-5990-4F69-B5A4-712D253E7743"]
    assert found.rejects.filter(pl.col("rule") == "currency_missing").height == 97


@pytest.mark.mirror
def test_five_records_repeat_an_id_and_years_1971_and_1984_are_rejected(mirrored):
    found = mirrored("vcdb")
    table = found.tables["vcdb_incidents"]
    assert table.rows_in == 8_553
    assert table.rows_merged + found.rejects.filter(pl.col("rule") == "duplicate_key").height == 5
    years = found.rejects.filter(pl.col("rule") == "year_before_1990")["value"]
    assert sorted(years) == ["1971", "1984", "1984"]
