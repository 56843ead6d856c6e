"""core.losses: dollars of the year and of 2020, converted and imputed apart from observed, other crimes left out."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from pipelines import cards, losses, staged

RATES = pl.DataFrame({"currency": ["GBP"], "year": [2015], "usd_per_unit": [1.5]})
CPI = pl.DataFrame(
    {"year": [2015, 2020, 2025, 2026], "index": [200.0, 250.0, 300.0, 310.0], "months": [12, 12, 11, 5]},
    schema_overrides={"year": pl.Int64, "months": pl.Int64},
)
RECORDS = pl.DataFrame({"record_id": ["vcdb:a"], "incident_id": ["eurepoc:1"]})


def tables(**rows: list[dict[str, object]]) -> dict[str, pl.DataFrame]:
    """Staging tables with these rows; columns not given are empty, the others without rows."""
    made = {}
    for source in ("ransomwhere", "defillama_hacks", "vcdb", "eurepoc"):
        for name, empty in staged.empty(cards.load(source)).items():
            usual = {c: [] if isinstance(kind, pl.List) else None for c, kind in empty.schema.items()}
            full = [
                usual | {"row_number": n, "vintage": "1"} | row for n, row in enumerate(rows.get(name, []), start=2)
            ]
            made[name] = pl.DataFrame(full, schema=empty.schema)
    return made


def computed(**rows: list[dict[str, object]]) -> losses.Losses:
    return losses.losses(tables(**rows), RECORDS, RATES, CPI)


def payment(**values: object) -> dict[str, object]:
    return {"address": "a", "transaction_hash": "h", "paid_on": date(2015, 3, 1), "btc": 2.0, "usd": 500.0} | values


def test_a_payment_is_a_transfer_in_dollars_of_its_year_and_of_2020():
    row = computed(ransomwhere_payments=[payment()]).kept.row(0, named=True)
    assert (row["loss_usd"], row["loss_usd_2020"]) == (500.0, 500.0 * 250 / 200)
    assert (row["ledger"], row["observed"], row["imputed_from"]) == ("criminal_transfer", True, None)
    assert (row["loss_id"], row["source_id"]) == ("ransomwhere_payments:2", "ransomwhere")


def test_coins_without_a_price_are_valued_at_the_days_close_and_not_observed():
    close = [{"date": date(2015, 3, 1), "close": 270.0}]
    rows = [payment(usd=None), payment(usd=None, paid_on=date(2015, 3, 2))]
    found = computed(ransomwhere_payments=rows, ransomwhere_btc_usd=close)
    row = found.kept.row(0, named=True)
    assert (row["loss_usd"], row["observed"], row["imputed_from"], row["currency"]) == (
        540.0,
        False,
        "day's close",
        "BTC",
    )
    assert found.rejects.select("table_name", "row_number", "rule", "value").rows() == [
        ("core.losses", 3, "no_price", "2015-03-02")
    ]


def breach(**values: object) -> dict[str, object]:
    usual = {
        "incident_id": "a",
        "year": 2015,
        "amount": 100.0,
        "currency": "USD",
        "loss_varieties": ["Asset and fraud"],
    }
    return usual | values


CRIME = {"incident_id": "a", "year": 2015, "actors": ["external"], "actions": ["hacking"]}


def test_another_currency_is_converted_at_the_rate_of_the_year_and_not_observed():
    row = computed(vcdb_amounts=[breach(currency="GBP")], vcdb_incidents=[CRIME]).kept.row(0, named=True)
    assert (row["amount"], row["loss_usd"], row["observed"], row["imputed_from"]) == (
        100.0,
        150.0,
        False,
        "yearly rate",
    )


def test_a_currency_without_a_rate_is_rejected_and_not_taken_for_dollars():
    found = computed(vcdb_amounts=[breach(currency="CZK")], vcdb_incidents=[CRIME])
    assert found.kept.is_empty()
    assert found.rejects.select("rule", "value").rows() == [("no_rate", "CZK 2015")]


def test_an_amount_is_tied_to_its_incident_and_dated_to_the_year():
    row = computed(vcdb_amounts=[breach()], vcdb_incidents=[CRIME]).kept.row(0, named=True)
    assert (row["incident_id"], row["occurred_on"], row["date_precision"]) == ("eurepoc:1", date(2015, 1, 1), "year")


@pytest.mark.parametrize(
    ("varieties", "ledger"),
    [
        (["Asset and fraud"], "criminal_transfer"),
        (["Asset and fraud", "Response and recovery"], "direct"),
        (["Legal and regulatory"], "direct"),
        ([], "direct"),
    ],
)
def test_only_what_criminals_took_is_a_transfer(varieties, ledger):
    found = computed(vcdb_amounts=[breach(loss_varieties=varieties)], vcdb_incidents=[CRIME])
    assert found.kept["ledger"].to_list() == [ledger]


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ({"actors": ["internal"], "actions": ["misuse"]}, "misuse by internal"),
        ({"actions": ["physical"]}, "physical by external"),
        ({"actors": ["partner"], "actions": ["hacking"]}, "hacking by partner"),
    ],
)
def test_insiders_and_thefts_of_things_are_other_crimes(change, value):
    found = computed(vcdb_amounts=[breach()], vcdb_incidents=[CRIME | change])
    assert found.kept.is_empty()
    assert found.rejects.select("rule", "value").rows() == [("other_crime", value)]


def theft(**values: object) -> dict[str, object]:
    return {"date": date(2015, 5, 1), "name": "Bank", "classification": "Protocol Logic", "amount": 1e6} | values


def test_thefts_are_gross_of_what_came_back():
    row = computed(defillama_hacks=[theft(returned_funds=1.2e6)]).kept.row(0, named=True)
    assert (row["loss_usd"], row["returned_usd"]) == (1e6, 1.2e6)


def test_founders_who_run_with_the_money_are_another_crime_and_an_unknown_amount_is_no_row():
    found = computed(defillama_hacks=[theft(classification="Rugpull"), theft(amount=None), theft(classification=None)])
    assert found.kept["source_row"].to_list() == [4]
    assert found.rejects.select("rule", "value").rows() == [("other_crime", "Rugpull")]


def test_a_year_with_under_six_months_of_prices_is_not_deflated():
    rows = [theft(date=date(year, 5, 1)) for year in (2025, 2026)]
    assert computed(defillama_hacks=rows).kept["loss_usd_2020"].to_list() == [pytest.approx(1e6 * 250 / 300), None]


def test_an_exact_impact_of_eurepoc_is_a_direct_loss():
    row = {"incident_id": 9, "start_date": date(2015, 2, 3), "economic_impact_exact_value": 4.4e6}
    found = computed(eurepoc_incidents=[row | {"economic_impact_currency": "dollar"}]).kept
    assert found.select("ledger", "loss_usd", "observed").rows() == [("direct", 4.4e6, True)]


def test_without_vintages_there_are_no_losses():
    found = computed()
    assert (found.kept.height, found.rejects.height) == (0, 0)
