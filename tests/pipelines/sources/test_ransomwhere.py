"""Ransomwhere: repeats merge, a price of 0 is none, an odd value costs its row only."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest

from pipelines import cards, ingest, vocabulary
from pipelines.errors import SourceFormatError
from pipelines.sources import ransomwhere

DAY = 1_600_000_000  # 2020-09-13 12:26:40 UTC
PRICES = b"Date,Open,Close\n2020-09-12,1,10440.5\n2020-09-13,1,10332.25\n2022-09-13,1,20000\n2020-09-12,1,9\n"


def payment(number: int, **change: object) -> dict:
    return {"hash": f"{number:04d}", "time": DAY + number, "amount": 50_000_000, "amountUSD": 5_000.0} | change


def export() -> list[dict]:
    ordinary = [payment(n) for n in range(12)]
    odd = [
        payment(3),
        payment(4, amountUSD=4_999.0),
        payment(20, amountUSD=0),
        payment(21, amountUSD=2e11),
        payment(22, amount=22e14),
        payment(23, amount="much"),
        payment(24, time=4_170_000_000),
        payment(25, time="yesterday"),
    ]
    return [
        {"address": "1A", "family": "Locky", "transactions": ordinary + odd},
        {"address": "1B", "family": "locky 2", "transactions": [payment(3)]},
    ]


def staged(addresses: object) -> ingest.Staged:
    files = {"export.json": json.dumps(addresses).encode(), "BTC-USD.csv": PRICES}
    return ingest.stage(cards.load("ransomwhere"), files, "2021", date(2021, 1, 1), vocabulary.load())


def test_of_twenty_one_payments_fourteen_stay_two_merge_and_five_are_rejected():
    table = staged(export()).tables["ransomwhere_payments"]
    assert (table.rows_in, table.kept.height, table.rows_merged, table.rows_rejected) == (21, 14, 2, 5)


def test_each_rejected_payment_has_its_rule_and_its_value():
    rejects = staged(export()).rejects.filter(table_name="ransomwhere_payments")
    assert rejects.select("row_number", "rule", "value").rows() == [
        (16, "amount_range", "200000000000"),
        (17, "coins_that_exist", "22000000"),
        (18, "type", "much"),
        (19, "date_after_release", "2102-02-21"),
        (20, "type", "yesterday"),
    ]


def test_the_first_of_two_payments_with_one_transaction_and_address_stays():
    kept = staged(export()).tables["ransomwhere_payments"].kept
    assert kept.filter(transaction_hash="0004")["usd"].to_list() == [5_000.0]
    assert kept.filter(transaction_hash="0003")["address"].to_list() == ["1A", "1B"]


def test_zero_dollars_beside_coins_mean_that_there_was_no_price():
    kept = staged(export()).tables["ransomwhere_payments"].kept
    assert kept.filter(transaction_hash="0020").select("btc", "usd").rows() == [(0.5, None)]


def test_a_price_may_be_of_a_later_day_than_the_vintage_and_a_day_has_one_price():
    table = staged(export()).tables["ransomwhere_btc_usd"]
    assert (table.kept.height, table.rows_rejected) == (3, 1)
    assert table.kept["date"].max() == date(2022, 9, 13)


@pytest.mark.parametrize(
    "payload", [b"", b"<html>busy</html>", b"{}", b"[]", b"[1]", b'[{"address": "1A"}]', b"[" * 100_000, b"\xff\xfe"]
)
def test_what_is_no_list_of_addresses_is_told_in_one_line(payload):
    with pytest.raises(SourceFormatError) as refused:
        ransomwhere.parse_payments(payload)
    assert "\n" not in str(refused.value)
    assert str(refused.value).startswith("ransomwhere/export.json")


@pytest.mark.mirror
def test_17870_payments_come_to_107_million_dollars_and_101_million_without_the_2535_repeats():
    """Test target 15: 107,208,508.88 USD as served, 101,350,556.42 after removing repeats on (hash, address)."""
    folder = Path(os.environ["CYBERACCORD_MIRROR"]) / "ransomwhere" / "2022-04"
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert ransomwhere.parse_payments(files["export.json"])["usd"].sum() == pytest.approx(107_208_508.88, abs=0.01)
    staged = ingest.stage(cards.load("ransomwhere"), files, "2022-04", date(2022, 4, 1), vocabulary.load())
    table = staged.tables["ransomwhere_payments"]
    assert (table.rows_in, table.rows_merged, table.rows_rejected) == (17_870, 2_535, 0)
    assert table.kept["usd"].sum() == pytest.approx(101_350_556.42, abs=0.01)
    assert staged.rejects.is_empty()


@pytest.mark.mirror
def test_1147_payments_of_30150_coins_have_no_price():
    folder = Path(os.environ["CYBERACCORD_MIRROR"]) / "ransomwhere" / "2022-04"
    payments = ransomwhere.parse_payments((folder / "export.json").read_bytes())
    unpriced = payments.filter(payments["usd"].is_null())
    assert unpriced.height == 1_147
    assert unpriced["btc"].sum() == pytest.approx(30_150, abs=1)
