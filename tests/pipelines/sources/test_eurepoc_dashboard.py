"""The dashboard's pairs: multiplied by conflict issue, repeated, an economy that hits itself."""

from __future__ import annotations

import pytest

NETWORK = "ID,receiver_country,initiator_country,weighted_cyber_intensity,initiator_name,initiator_category"
NETWORK += ",cyber_conflict_issue,receiver_region\n"
RESPONSES = "ID,political_response,legal_response,weighted_cyber_intensity,start_date,receiver_country"
RESPONSES += ",initiator_country,incident_type\n"


def files(*odd: str) -> dict[str, str]:
    network = [f"{n},France,Russia,3.0,Group,State,{issue}," for n in range(8) for issue in ("Territory", "Resources")]
    network += [
        "0,France,Russia,3.0,Group,State,Territory,",
        "20,China,China,1.0,nan,nan,Unknown,",
        "21,Guam,,,,nan,x,",
    ]
    responses = [f"{n},1,0,3.0,2020-01-{n + 1:02d},France,Russia,Disruption" for n in range(20)]
    return {
        "dashboard_network_data.csv": NETWORK + "\n".join([*network, *odd]),
        "dashboard_responses_data.csv": RESPONSES + "\n".join(responses),
    }


def test_rows_of_one_incident_receiver_and_initiator_are_merged_into_the_first(stage):
    table = stage("eurepoc_dashboard", files()).tables["eurepoc_dashboard_network"]
    assert (table.rows_in, table.kept.height, table.rows_merged) == (19, 10, 9)
    assert set(table.kept["cyber_conflict_issue"][:8]) == {"Territory"}


def test_an_economy_may_hit_itself_and_nan_is_an_empty_cell(stage):
    kept = stage("eurepoc_dashboard", files()).tables["eurepoc_dashboard_network"].kept
    row = kept.filter(incident_id=20).row(0, named=True)
    assert (row["receiver_country"], row["initiator_country"], row["initiator_name"]) == ("China", "China", None)


def test_a_country_that_nobody_knows_is_rejected(stage):
    found = stage("eurepoc_dashboard", files("30,Atlantis,Russia,1.0,,State,Unknown,"))
    assert found.rejects.select("row_number", "rule", "value").rows() == [(21, "known_economy", "Atlantis")]


def test_responses_are_true_or_false(stage):
    kept = stage("eurepoc_dashboard", files()).tables["eurepoc_dashboard_responses"].kept
    assert (kept["political_response"].sum(), kept["legal_response"].sum()) == (20, 0)


@pytest.mark.mirror
def test_6572_rows_are_3974_pairs(mirrored):
    table = mirrored("eurepoc_dashboard").tables["eurepoc_dashboard_network"]
    assert (table.rows_in, table.kept.height, table.rows_rejected) == (6_572, 3_974, 0)
