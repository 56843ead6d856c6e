"""What the trackers' codes come to in the common words: classes, types, dates, parties."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from pipelines import staged, vocabulary
from pipelines.cards import load
from pipelines.incidents import cfr, dcid, eurepoc, vcdb
from pipelines.incidents.merge import RECORD
from pipelines.incidents.words import links

AFFILIATED = "Non-state actor, state-affiliation suggested"
HIRE = "Private technology companies / hacking for hire groups without state affiliation / research entities"


@pytest.fixture(scope="module")
def words():
    return vocabulary.load()


def one(source: str, words: vocabulary.Vocabulary, **values: object) -> dict:
    """The record of one row of a tracker's staging table; columns not given are empty."""
    empty = staged.empty(load(source))[f"{source}_incidents"]
    row = {name: [] if isinstance(kind, pl.List) else None for name, kind in empty.schema.items()}
    table = pl.DataFrame([row | {"vintage": "1", "row_number": 2} | values], schema=empty.schema)
    module = {"cfr": cfr, "dcid": dcid, "eurepoc": eurepoc, "vcdb": vcdb}[source]
    found = module.records({f"{source}_incidents": table}, words)
    assert set(found.columns) == set(RECORD)
    return found.row(0, named=True)


@pytest.mark.parametrize(
    ("categories", "subcategories", "types", "expected"),
    [
        (["State"], [], [], "state"),
        (["Non-state-group", AFFILIATED], ["Criminal(s)"], ["Ransomware"], "state"),
        (["Non-state-group"], ["Criminal(s)"], ["Data theft"], "criminal"),
        (["Unknown - not attributed"], [], ["Disruption", "Ransomware"], "criminal"),
        ([], [], ["Ransomware"], "criminal"),
        (["Non-state-group"], ["Hacktivist(s)"], ["Ransomware"], "other"),
        (["Non-state-group"], [HIRE], ["Data theft"], "other"),
        (["Individual hacker(s)"], [], ["Disruption"], "other"),
        ([], [], [], "other"),
    ],
)
def test_classes_of_eurepoc(words, categories, subcategories, types, expected):
    assert eurepoc.threat_class(categories, subcategories, types, words) == expected


@pytest.mark.parametrize(
    ("source", "values", "expected"),
    [
        ("eurepoc", {"initiator_category": ["State"]}, "state"),
        ("eurepoc", {"initiator_category": ["Non-state-group", AFFILIATED]}, "affiliated"),
        ("eurepoc", {"initiator_category": [AFFILIATED, "State"]}, "state"),
        ("eurepoc", {"initiator_category": ["Non-state-group"]}, "other"),
        ("eurepoc", {"initiator_category": ["Non-state-group", "Unknown - not attributed"]}, "other"),
        ("eurepoc", {"initiator_category": ["Unknown - not attributed", "Not available"]}, "unknown"),
        ("eurepoc", {}, "unknown"),
        ("eurepoc", {"incident_type": ["Ransomware"]}, "criminal"),
        ("vcdb", {"actor_varieties": ["State-affiliated"]}, "affiliated"),
        ("vcdb", {"actor_varieties": ["State-affiliated", "Nation-state"]}, "state"),
        ("vcdb", {"actor_varieties": ["Organized crime"]}, "criminal"),
        ("vcdb", {"actor_varieties": ["Activist"]}, "other"),
        ("vcdb", {"actor_varieties": ["Unknown"]}, "unknown"),
        ("vcdb", {}, "unknown"),
        ("vcdb", {"actions": ["error"]}, "none"),
        ("cfr", {"title": "Operation", "category": ["Government"]}, "state"),
    ],
)
def test_who_did_it_is_told_within_the_class(words, source, values, expected):
    usual = {"vcdb": {"year": 2015, "actors": ["external"], "actions": ["hacking"]}}
    assert one(source, words, **usual.get(source, {}) | values)["actor"] == expected


def test_eurepoc_in_common_words(words):
    found = one(
        "eurepoc",
        words,
        incident_id=7,
        name="Name",
        start_date=date(2019, 1, 1),
        incident_type=["Data theft", "Disruption", "Ransomware"],
        receiver_country=["United States", "United States", "EU (region)", "Korea, Republic of"],
        receiver_category=["State institutions / political system"],
        receiver_category_subcode=["Military"],
        initiator_country=["Russia", "Unknown"],
        initiator_category=["State"],
        weighted_cyber_intensity=4.0,
    )
    assert (found["record_id"], found["date_precision"]) == ("eurepoc:7", "year")
    assert (found["initiators"], found["targets"]) == (["RUS"], ["KOR", "USA"])
    assert (found["incident_type"], found["threat_class"], found["intensity"]) == ("ransomware", "state", 3)
    assert found["sectors"] == ["government", "military"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"actions": ["hacking"], "actor_motives": ["Financial"]}, "criminal"),
        ({"actions": ["physical"], "actor_motives": ["Financial"]}, "none"),
        ({"actions": ["social"], "actor_varieties": ["Organized crime"]}, "criminal"),
        ({"actions": ["malware"], "malware_varieties": ["Ransomware"]}, "criminal"),
        ({"actions": ["hacking"], "actor_motives": ["Financial"], "actor_varieties": ["State-affiliated"]}, "state"),
        ({"actions": ["hacking"], "actor_varieties": ["Activist"]}, "other"),
        ({"actions": ["hacking"], "actors": ["internal"], "actor_motives": ["Financial"]}, "none"),
    ],
)
def test_classes_of_vcdb(words, values, expected):
    usual = {"incident_id": "a", "year": 2015, "actors": ["external"], "malware_varieties": ["Unknown"]}
    assert one("vcdb", words, **usual | values)["threat_class"] == expected


@pytest.mark.parametrize(
    ("month", "day", "start", "precision"),
    [(2, 3, date(2015, 2, 3), "day"), (2, None, date(2015, 2, 1), "month"), (None, None, date(2015, 1, 1), "year")],
)
def test_vcdb_dates_are_as_precise_as_they_are(words, month, day, start, precision):
    found = one("vcdb", words, incident_id="a", year=2015, month=month, day=day)
    assert (found["start_date"], found["date_precision"]) == (start, precision)


def test_the_target_of_dcid_is_the_state_of_the_dyad_that_did_not_act(words):
    usual = {"incident_id": 1, "name": "N", "severity": 5, "ransomware": 0, "start_date": date(2015, 2, 3)}
    coded = {"objective": "2", "method": "2", "infrastructure": "8", "target_type": "1"}
    found = one("dcid", words, dyad="200365", initiator="365", **usual, **coded)
    assert (found["initiators"], found["targets"]) == (["RUS"], ["GBR"])
    assert (found["incident_type"], found["intensity"]) == ("disruption", 4)
    assert found["sectors"] == ["commerce", "energy"]


@pytest.mark.parametrize(
    ("title", "victims", "targets"),
    [
        ("Targeting of U.S. banks", "J.P. Morgan", ["USA"]),
        ("Targeting of Ukrainian ministries", None, ["UKR"]),
        ("Something", "South Korean and Japanese firms, and a Nigerian one", ["JPN", "KOR", "NGA"]),
        ("Something", "North Korea", ["PRK"]),
        ("Russian hackers in Poland", None, ["POL"]),
        ("Something", "Think tanks", []),
    ],
)
def test_targets_of_cfr_are_the_economies_that_the_text_names_without_the_sponsor(words, title, victims, targets):
    found = one("cfr", words, title=title, victims=victims, sponsor=["Russian Federation"], type="Espionage")
    assert found["targets"] == targets


def test_a_profile_of_a_group_is_no_incident_and_an_operation_without_type_is(words):
    assert one("cfr", words, title="APT 0")["incident_type"] == "none"
    assert one("cfr", words, title="Operation", category=["Government"])["incident_type"] == "unknown"


def test_links_are_compared_without_scheme_query_and_last_slash():
    table = pl.DataFrame({"urls": [["HTTPS://www.Example.org/Path/?a=1#b", "http://example.org/Path", "  x.org/ "]]})
    assert table.select(links("urls")).item().to_list() == ["example.org/Path", "x.org"]
