"""Staging table of thefts from crypto-asset platforms."""

import pandera.polars as pa
import polars as pl

from pipelines.schemas.staging import field, staging_table

MONEY = "USD, current prices"
AMOUNT = pa.Check.in_range(0, 1e11, name="amount_range")

TABLES = (
    staging_table(
        "defillama_hacks",
        "Thefts from crypto-asset platforms; one row is a theft",
        "defillama_hacks",
        field("date", pl.Date, "date", "day it happened, UTC"),
        field("name", pl.String, "label", "platform"),
        field("classification", pl.String, "label", "kind of weakness; Rugpull is fraud by founders", nullable=True),
        field("technique", pl.String, "label", "technique", nullable=True),
        field("amount", pl.Float64, MONEY, "value taken; null where not known", nullable=True, checks=[AMOUNT]),
        field(
            "returned_funds",
            pl.Float64,
            MONEY,
            "value that came back, at its day's prices, so perhaps more than was taken",
            nullable=True,
            checks=[AMOUNT],
        ),
        field("chain", pl.List(pl.String), "label", "blockchains", nullable=True),
        field(
            "bridge_hack", pl.Boolean, "true or false", "whether a bridge between blockchains was hit", nullable=True
        ),
        field("target_type", pl.String, "label", "kind of platform", nullable=True),
        field("source", pl.String, "label", "where it was reported", nullable=True),
        key=["date", "name", "amount"],
    ),
)
