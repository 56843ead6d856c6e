"""Thefts of crypto-assets: seconds since 1970, unknown amounts, returns above the loss, real twins."""

from __future__ import annotations

import json
from datetime import date

import pytest

from pipelines.errors import SourceFormatError
from pipelines.sources import defillama_hacks


def theft(number: int, **change: object) -> dict:
    usual = {"date": 1_700_000_000 + 86_400 * number, "name": f"Bank {number}", "classification": "Protocol Logic"}
    more = {"technique": None, "amount": 1e6 + number, "returnedFunds": None, "chain": ["Some"], "bridgeHack": False}
    return usual | more | {"targetType": "Other", "source": ""} | change


def hacks(*odd: dict) -> str:
    return json.dumps([*(theft(n) for n in range(16)), *odd])


def test_what_is_odd_and_real_is_kept(stage):
    odd = [
        theft(3, amount=5e6),
        theft(20, amount=None),
        theft(21, amount=197e6, returnedFunds=240e6, name="Euler V1"),
        theft(22, classification="Rugpull"),
    ]
    table = stage("defillama_hacks", {"hacks.json": hacks(*odd)}).tables["defillama_hacks"]
    assert (table.kept.height, table.rows_rejected) == (20, 0)
    assert table.kept["date"][0] == date(2023, 11, 14)
    assert table.kept["source"].null_count() == 20
    assert table.kept.filter(name="Euler V1").select("amount", "returned_funds").row(0) == (197e6, 240e6)


@pytest.mark.parametrize(
    ("odd", "rule"),
    [
        ({"amount": 1e12}, "amount_range"),
        ({"amount": "much"}, "type"),
        ({"amount": float("inf")}, "type"),
        ({"date": 4_170_000_000}, "date_after_release"),
        ({"date": "soon"}, "type"),
        ({"name": None}, "required"),
        ({"date": 10**40}, "type"),
    ],
)
def test_a_theft_that_breaks_a_rule_is_rejected_and_the_others_stay(stage, odd, rule):
    found = stage("defillama_hacks", {"hacks.json": hacks(theft(30, **odd))})
    assert found.rejects.select("row_number", "rule").rows() == [(17, rule)]
    assert found.tables["defillama_hacks"].kept.height == 16


@pytest.mark.parametrize("payload", [b"", b"{}", b"[]", b"<html/>", b"[5]", b'[{"name": "A"}]'])
def test_what_is_no_list_of_thefts_is_told_in_one_line(payload):
    with pytest.raises(SourceFormatError) as refused:
        defillama_hacks.parse(payload)
    assert str(refused.value).startswith("defillama_hacks/hacks.json")


@pytest.mark.mirror
def test_538_thefts_come_to_sixteen_and_a_half_billion_and_euler_returned_more_than_it_lost(mirrored):
    """Test target 18: 538 rows, 16.56 bn; Euler V1 240 m returned of 197 m."""
    table = mirrored("defillama_hacks").tables["defillama_hacks"]
    assert (table.rows_in, table.kept.height) == (538, 538)
    assert table.kept["amount"].sum() / 1e9 == pytest.approx(16.56, abs=0.01)
    assert table.kept["amount"].null_count() == 9
    assert table.kept.filter(name="Euler V1").select("amount", "returned_funds").row(0) == (197e6, 240e6)
    largest = table.kept.sort("amount", descending=True, nulls_last=True).row(0, named=True)
    assert largest["date"].year == 2020
    assert largest["amount"] / table.kept["amount"].sum() == pytest.approx(0.21, abs=0.005)
