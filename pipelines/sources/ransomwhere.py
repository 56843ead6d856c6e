"""Ransomwhere: payments to addresses that ransomware named, and the daily price of Bitcoin.

Reads bytes only. Pricing of payments without dollars is in `losses`.
"""

from __future__ import annotations

import polars as pl

from pipelines.errors import SourceFormatError
from pipelines.sources import json_table, text_table

SOURCE = "ransomwhere"
PAYMENTS, PRICES = "export.json", "BTC-USD.csv"
SATOSHI_A_COIN = 1e8
KINDS = {
    "row_number": pl.Int64,
    "address": pl.String,
    "transaction_hash": pl.String,
    "family": pl.String,
    "paid_on": pl.String,
    "btc": pl.Float64,
    "usd": pl.Float64,
}


def parse_payments(payload: bytes) -> pl.DataFrame:
    """Payments as served; one row is a transaction to an address.

    Returns
    -------
    row_number (position of the payment in the file, from 1), address, transaction_hash, family, paid_on (day, UTC),
    btc, usd (null where the file says 0 dollars for coins: it had no price)

    Raises
    ------
    SourceFormatError
        Not a JSON list of addresses, each with its list of transactions.
    """
    rows: list[tuple[object, ...]] = []
    with json_table.no_garbage():
        for place, entry in enumerate(json_table.load_list(payload, SOURCE, PAYMENTS), start=1):
            try:
                for paid in entry["transactions"]:
                    coins, dollars = paid["amount"], paid["amountUSD"]
                    row = (
                        len(rows) + 1,
                        entry["address"],
                        paid["hash"],
                        entry["family"],
                        json_table.day(paid["time"]),
                        _coins(coins),
                        None if dollars == 0 and coins else dollars,
                    )
                    rows.append(row)
            except (KeyError, TypeError) as error:
                expected = "an address with its family and transactions (hash, time, amount, amountUSD)"
                raise SourceFormatError(SOURCE, PAYMENTS, place, expected, repr(error)) from error
        return json_table.from_rows(rows, KINDS)


def _coins(satoshi: object) -> object:
    """Bitcoins; what is no number, or too large for one, unchanged."""
    try:
        return satoshi / SATOSHI_A_COIN if isinstance(satoshi, int | float) else satoshi
    except OverflowError:
        return satoshi


def parse_btc_usd(payload: bytes) -> pl.DataFrame:
    """row_number (line, header = 1), date, close (USD a coin), as texts."""
    table = text_table.read(payload, SOURCE, PRICES, ["Date", "Close"])
    return table.select("row_number", date="Date", close="Close")
