"""EuRepoC: lists as Python literals, zeros that mean nothing was coded, ends before starts, pseudo-countries."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from pipelines.errors import SourceFormatError
from pipelines.sources import eurepoc

COLUMNS = ["ID", "incident_type", "economic_impact_exact_value", *eurepoc.PLAIN, *eurepoc.LISTS, *eurepoc.LINKS]
USUAL = {
    "name": "Somebody hacked\nsomething",
    "start_date": "2020-05-06",
    "end_date": "2020-05-07",
    "incident_type": "Data theft; Hijacking with Misuse",
    "receiver_country": "['France', 'France', 'EU (region)']",
    "receiver_category": "[['State institutions / political system'], ['Media']]",
    "receiver_category_subcode": "[['Government / ministries', ''], ['']]",
    "initiator_country": "['Russia', 'Unknown']",
    "initiator_category": "['State']",
    "weighted_cyber_intensity": "3.0",
    "economic_impact_exact_value": "0.0",
    "sources_url": "['https://example.org/a']",
}


def table(*changes: dict) -> str:
    target = io.StringIO()
    writer = csv.DictWriter(target, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for number, change in enumerate([*({} for _ in range(12)), *changes], start=1):
        writer.writerow({"ID": number, **USUAL, **change})
    return target.getvalue()


def files(*changes: dict) -> dict[str, str]:
    heads = "incident_ID,attribution_ID,attribution_date,attribution_basis,attributing_country,attributed_initiator"
    heads += ",attributed_initiator_country,attributed_initiator_category\n"
    attributions = [
        f'{n},{n}.0,2021-01-{n:02d},Basis,France,Group,"Iran, Islamic Republic of",State' for n in range(1, 21)
    ]
    receivers = [f"{n},France,Not available,Media," for n in range(1, 20)] + ["20,,Starlink,Media,"]
    receiver_heads = "ID,receiver_country,receiver_name,receiver_category,receiver_category_subcode\n"
    return {
        "EuRepoC_Global_Database_1.1.csv": table(*changes),
        "EuRepoC_Attribution_dataset_1.1.csv": heads + "\n".join(attributions),
        "EuRepoC_Receiver_dataset_1.1.csv": receiver_heads + "\n".join(receivers),
    }


def test_lists_are_flat_and_repeats_stay(stage):
    kept = stage("eurepoc", files()).tables["eurepoc_incidents"].kept
    row = kept.row(0, named=True)
    assert row["receiver_country"] == ["France", "France", "EU (region)"]
    assert row["receiver_category_subcode"] == ["Government / ministries"]
    assert row["incident_type"] == ["Data theft", "Hijacking with Misuse"]


def test_quotes_switch_on_an_apostrophe(stage):
    name = """["People's army", 'Other']"""
    kept = stage("eurepoc", files({"initiator_name": name})).tables["eurepoc_incidents"].kept
    assert kept["initiator_name"][12].to_list() == ["People's army", "Other"]


@pytest.mark.parametrize("name", ["{[]: 'a'}", "[{[]}]", "[" * 200, "[" + "9" * 5_000 + "]", "['a'", "{'a'}", "7"])
def test_what_is_no_list_is_kept_as_it_is_written(stage, name):
    """Some are errors in Python, of several kinds; the last two are something else than a list."""
    kept = stage("eurepoc", files({"initiator_name": name})).tables["eurepoc_incidents"].kept
    assert kept["initiator_name"][12].to_list() == [name]


def test_an_impact_of_zero_was_not_coded(stage):
    kept = stage("eurepoc", files({"economic_impact_exact_value": "4400000.0"})).tables["eurepoc_incidents"].kept
    assert kept["economic_impact_exact_value"].drop_nulls().to_list() == [4.4e6]


def test_an_unknown_date_and_an_incident_without_type_are_kept(stage):
    kept = stage("eurepoc", files({"start_date": "", "incident_type": ""})).tables["eurepoc_incidents"].kept
    assert kept.height == 13
    assert kept["incident_type"][12].to_list() == []


@pytest.mark.parametrize(
    ("change", "rule", "value"),
    [
        ({"end_date": "2020-01-01"}, "date_order", "2020-01-01"),
        ({"start_date": "NaT"}, "type", "NaT"),
        ({"receiver_country": "['Atlantis']"}, "known_economy", "Atlantis"),
        ({"receiver_country": "[not a list"}, "known_economy", "[not a list"),
        ({"incident_type": "Magic"}, "known_code", "Magic"),
        ({"initiator_category": "['Alien']"}, "known_code", "Alien"),
        ({"economic_impact_exact_value": "1000000000000"}, "amount_range", "1000000000000"),
        ({"ID": "1", "name": "Another"}, "duplicate_key", "1"),
        ({"start_date": "2102-05-06", "end_date": ""}, "date_after_release", "2102-05-06"),
    ],
)
def test_a_row_that_breaks_a_rule_is_rejected_with_its_line(stage, change, rule, value):
    found = stage("eurepoc", files(change))
    # every record before it spans two lines
    assert found.rejects.select("row_number", "rule", "value").rows() == [(26, rule, value)]
    assert found.tables["eurepoc_incidents"].kept.height == 12


def test_a_row_equal_to_another_is_merged(stage):
    found = stage("eurepoc", files({"ID": "1"}))
    assert found.tables["eurepoc_incidents"].rows_merged == 1


def test_attributions_and_receivers_keep_the_sources_names(stage, words):
    tables = stage("eurepoc", files()).tables
    attribution = tables["eurepoc_attributions"].kept.row(0, named=True)
    assert (attribution["attribution_id"], attribution["attribution_date"]) == (1, date(2021, 1, 1))
    assert words.economy("eurepoc")[attribution["attributed_initiator_country"]] == "IRN"
    assert tables["eurepoc_receivers"].kept["receiver_country"].null_count() == 1


@pytest.mark.parametrize("payload", [b"<html/>", b"ID,name\n1,x\n", table().replace("end_date", "enddate").encode()])
def test_what_is_no_such_table_is_told_in_one_line(payload):
    with pytest.raises(SourceFormatError) as refused:
        eurepoc.parse_incidents(payload)
    assert str(refused.value).startswith("eurepoc/EuRepoC_Global_Database_1.1.csv")


@pytest.mark.mirror
def test_of_1643_incidents_83_end_before_they_start_each_among_the_rejects(mirrored):
    """Test target 16."""
    found = mirrored("eurepoc")
    table = found.tables["eurepoc_incidents"]
    assert (table.rows_in, table.rows_rejected) == (1_643, 83)
    assert found.rejects["rule"].to_list() == ["date_order"] * 83
    assert {name: t.rows_in for name, t in found.tables.items()} == {
        "eurepoc_incidents": 1_643,
        "eurepoc_attributions": 2_643,
        "eurepoc_receivers": 6_333,
    }


@pytest.mark.mirror
def test_374_impacts_are_zero_and_four_are_coded(mirrored):
    raw = mirrored("eurepoc").tables["eurepoc_incidents"].kept["economic_impact_exact_value"]
    assert raw.drop_nulls().len() == 4
