"""The counting rule of model.md section 3 and the class rules, on made-up incidents counted by hand."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from pipelines.errors import InputError
from pipelines.incident_counts import Incident, count, eurepoc_class, eurepoc_incidents, summary, vcdb_incidents

NAMES = {"A": "AAA", "B": "BBB", "C": "CCC", "A again": "AAA", "Europe (region)": None, "Unknown": None}
AFFILIATED = "Non-state actor, state-affiliation suggested"
HIRE = "Private technology companies / hacking for hire groups without state affiliation / research entities"


def rows(*incidents: Incident) -> dict[tuple[str, str], float]:
    counts = count(incidents, NAMES)
    return {(origin, target): weight for _, origin, target, weight in counts.rows()}


def test_each_receiver_has_weight_one_split_over_the_origins_named() -> None:
    assert rows(Incident("state", ["A", "B"], ["C", "B"])) == {
        ("BBB", "AAA"): 0.5,
        ("CCC", "AAA"): 0.5,
        ("BBB", "BBB"): 0.5,
        ("CCC", "BBB"): 0.5,
    }


def test_a_receiver_or_origin_named_several_times_counts_once() -> None:
    assert rows(Incident("state", ["A", "A", "A again"], ["C", "C"])) == {("CCC", "AAA"): 1.0}


def test_an_unknown_origin_beside_a_named_one_is_dropped() -> None:
    assert rows(Incident("state", ["A"], ["Unknown", "C", "Europe (region)"])) == {("CCC", "AAA"): 1.0}


def test_an_incident_without_a_named_origin_is_unattributed() -> None:
    assert rows(Incident("state", ["A"], ["Unknown"]), Incident("state", ["A"], [])) == {("UNK", "AAA"): 2.0}


def test_regions_and_unknowns_are_no_receivers() -> None:
    assert rows(Incident("state", ["Europe (region)", "Unknown"], ["A"])) == {}


def test_thirds_add_up_exactly() -> None:
    three = [Incident("other", ["A"], ["A", "B", "C"])] * 3
    assert rows(*three) == {("AAA", "AAA"): 1.0, ("BBB", "AAA"): 1.0, ("CCC", "AAA"): 1.0}


def test_a_name_without_alias_is_an_input_error() -> None:
    with pytest.raises(InputError, match="Atlantis"):
        rows(Incident("other", ["Atlantis"], []))


@pytest.mark.parametrize(
    ("categories", "subcategories", "types", "expected"),
    [
        (["State"], [], [], "state"),
        (["Non-state-group", AFFILIATED], ["Criminal(s)", ""], ["Ransomware"], "state"),
        (["Non-state-group"], ["Criminal(s)"], ["Data theft"], "criminal"),
        (["Individual hacker(s)", "Non-state-group"], ["", "Criminal(s)"], [], "criminal"),
        (["Unknown - not attributed"], [], ["Disruption", "Ransomware"], "criminal"),
        ([], [], ["Ransomware"], "criminal"),
        (["Non-state-group"], ["Hacktivist(s)"], ["Ransomware"], "other"),
        (["Non-state-group"], [HIRE], ["Data theft"], "other"),
        (["Individual hacker(s)"], [], ["Disruption"], "other"),
        (["Not available"], [], ["Data theft"], "other"),
        ([], [], [], "other"),
    ],
)
def test_classes_of_eurepoc(categories: list[str], subcategories: list[str], types: list[str], expected: str) -> None:
    assert eurepoc_class(categories, subcategories, types) == expected


def test_incidents_that_end_before_they_start_are_left_out() -> None:
    table = pl.DataFrame(
        {
            "start_date": [date(2020, 1, 2), date(2020, 1, 2), None],
            "end_date": [date(2020, 1, 1), None, date(2020, 1, 1)],
            "incident_types": [["Disruption"]] * 3,
            "receiver_country": [["A"], ["B"], ["C"]],
            "initiator_country": [["A"]] * 3,
            "initiator_category": [["State"]] * 3,
            "initiator_category_subcode": [[""]] * 3,
        }
    )
    assert [incident.receivers for incident in eurepoc_incidents(table)] == [["B"], ["C"]]


def test_vcdb_counts_crime_for_money_and_no_states() -> None:
    def row(number: int, actions: list[str], motive: str, variety: str, malware: str = "Unknown") -> tuple:
        return (str(number), number, actions, [malware], ["RU"], [motive], [variety], [str(number)])

    table = pl.DataFrame(
        [
            row(1, ["hacking"], "Financial", "Unknown"),
            row(2, ["physical"], "Financial", "Unknown"),
            row(3, ["social"], "Unknown", "Organized crime"),
            row(4, ["malware"], "Unknown", "Unknown", "Ransomware"),
            row(5, ["hacking"], "Financial", "State-affiliated"),
            row(6, ["hacking"], "Ideology", "Activist"),
        ],
        schema=[
            "incident_id",
            "row_number",
            "actions",
            "malware_varieties",
            "actor_countries",
            "actor_motives",
            "actor_varieties",
            "victim_countries",
        ],
        orient="row",
    )
    assert [incident.receivers for incident in vcdb_incidents(table)] == [["1"], ["3"], ["4"]]
    assert {incident.threat_class for incident in vcdb_incidents(table)} == {"criminal"}


def test_summary_says_how_much_is_unattributed_and_who_leads() -> None:
    counts = count([Incident("criminal", ["A"], [origin]) for origin in ("B", "B", "C", "Unknown")], NAMES)
    row = summary(counts).row(0, named=True)
    assert (row["incidents"], row["attributed"], row["share_unattributed"]) == (4, 3, 0.25)
    assert (row["leading_origin"], row["leading_share"]) == ("BBB", pytest.approx(2 / 3))
