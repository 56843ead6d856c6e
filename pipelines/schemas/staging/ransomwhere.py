"""Staging tables of Ransomwhere: ransom payments, and the price of Bitcoin they are valued at."""

import pandera.polars as pa
import polars as pl

from pipelines.schemas.staging import field, staging_table

TABLES = (
    staging_table(
        "ransomwhere_payments",
        "Payments to addresses that ransomware named; one row is a transaction to an address",
        "ransomwhere",
        field("address", pl.String, "label", "address that was paid"),
        field("transaction_hash", pl.String, "label", "transaction on the Bitcoin blockchain"),
        field("family", pl.String, "label", "family of ransomware, as written"),
        field("paid_on", pl.Date, "date", "day of the transaction, UTC"),
        field("btc", pl.Float64, "bitcoin", "coins paid", checks=[pa.Check.in_range(0, 21e6, name="coins_that_exist")]),
        field(
            "usd",
            pl.Float64,
            "USD, current prices",
            "value on the day as the source has it; null where it had no price",
            nullable=True,
            checks=[pa.Check.in_range(0, 1e11, name="amount_range")],
        ),
        key=["transaction_hash", "address"],
        repeats="merge",
    ),
    staging_table(
        "ransomwhere_btc_usd",
        "Price of Bitcoin; one row is a day",
        "ransomwhere",
        field("date", pl.Date, "date", "day, UTC", ahead=True),
        field(
            "close", pl.Float64, "USD a bitcoin", "price at the day's close", checks=[pa.Check.gt(0, name="above_0")]
        ),
        key=["date"],
    ),
)
