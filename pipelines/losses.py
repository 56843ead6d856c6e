"""core.losses: every amount of money that a vintage records, in dollars of its year and of 2020, with its ledger.

An amount in another currency is converted at the yearly rate of core.exchange_rates, coins without a price at the day's
close; both are marked as not observed. Crimes of another kind are rejected by the rule `other_crime`. Totals of yearly
reports (IC3) are no amounts of incidents and stay in their staging tables: their types overlap.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from pipelines.ingest import REJECTS
from pipelines.schemas.incidents import LOSSES
from pipelines.schemas.tables import conform

TABLE = "core.losses"
PRICES_OF = 2020
MONTHS_NEEDED = 6
"""A year with fewer months of the price index is not deflated; with fewer than twelve, by the months there are."""
ATTACKS = ("hacking", "malware", "social")
"""VERIS actions that are cyber crime when they come from outside; misuse, theft of paper and error are not."""
EXIT_SCAM = "Rugpull"
"""DeFiLlama's word for founders who take their own investors' money: fraud, no attack."""
SHARED = ("source_id", "vintage", "source_table", "row_number", "occurred_on", "date_precision", "currency", "amount")
COLUMNS = (*SHARED, "loss_usd", "imputed_from", "ledger", "returned_usd", "record_id", "broken", "value")


class Losses(NamedTuple):
    """core.losses, and the amounts kept out of it with their rule (columns of `ingest.REJECTS`)."""

    kept: pl.DataFrame
    rejects: pl.DataFrame


def losses(
    tables: Mapping[str, pl.DataFrame], incident_records: pl.DataFrame, rates: pl.DataFrame, us_cpi: pl.DataFrame
) -> Losses:
    """The amounts of every vintage.

    Parameters
    ----------
    tables : staging tables by name, empty where there is no vintage
    incident_records : core.incident_records, to tie an amount to its incident
    rates : core.exchange_rates
    us_cpi : core.us_cpi
    """
    found = [ransoms(tables), thefts(tables), breaches(tables), impacts(tables)]
    amounts = pl.concat(frame.select(COLUMNS) for frame in found)
    yearly = rates.select("currency", year="year", rate="usd_per_unit")
    amounts = amounts.with_columns(year=pl.col("occurred_on").dt.year().cast(pl.Int64)).join(
        yearly, on=["currency", "year"], how="left", maintain_order="left"
    )
    foreign = pl.col("loss_usd").is_null()
    amounts = amounts.with_columns(
        loss_usd=pl.coalesce("loss_usd", pl.col("amount") * pl.col("rate")),
        imputed_from=pl.when(foreign & pl.col("rate").is_not_null())
        .then(pl.lit("yearly rate"))
        .otherwise("imputed_from"),
        broken=pl.coalesce("broken", pl.when(foreign & pl.col("rate").is_null()).then(pl.lit("no_rate"))),
        value=pl.coalesce("value", pl.when(foreign).then(pl.format("{} {}", "currency", "year"))),
    )
    # the source's loss in the year it happened, at the prices of 2020
    index = us_cpi.filter(pl.col("months") >= MONTHS_NEEDED).select("year", "index")
    base = index.filter(pl.col("year") == PRICES_OF)["index"].item()
    amounts = amounts.join(index, on="year", how="left", maintain_order="left").join(
        incident_records.select("record_id", "incident_id"), on="record_id", how="left", maintain_order="left"
    )
    good = amounts.filter(pl.col("broken").is_null())
    kept = good.with_columns(
        loss_id=pl.format("{}:{}", pl.col("source_table"), pl.col("row_number")),
        source_row=pl.col("row_number"),
        loss_usd_2020=pl.col("loss_usd") * base / pl.col("index"),
        observed=pl.col("imputed_from").is_null(),
    ).select(*LOSSES.columns)
    rejects = amounts.filter(pl.col("broken").is_not_null()).select(
        "source_id",
        "vintage",
        "row_number",
        table_name=pl.lit(TABLE),
        column_name=pl.lit(None, pl.String),
        rule="broken",
        value="value",
    )
    return Losses(conform(kept.sort("source_id", "source_table", "source_row"), LOSSES), rejects.select(*REJECTS))


def ransoms(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Ransom payments: transfers to criminals; coins without a price are valued at the day's close."""
    close = tables["ransomwhere_btc_usd"].select(paid_on="date", close="close")
    payments = tables["ransomwhere_payments"].join(close, on="paid_on", how="left", maintain_order="left")
    unpriced = pl.col("usd").is_null()
    no_price = unpriced & pl.col("close").is_null()
    return _amounts(
        payments.filter(pl.col("btc") > 0),
        "ransomwhere_payments",
        occurred_on=pl.col("paid_on"),
        currency=pl.when(unpriced).then(pl.lit("BTC")).otherwise(pl.lit("USD")),
        amount=pl.coalesce("usd", "btc"),
        loss_usd=pl.coalesce("usd", pl.col("btc") * pl.col("close")),
        imputed_from=pl.when(unpriced).then(pl.lit("day's close")),
        broken=pl.when(no_price).then(pl.lit("no_price")),
        value=pl.when(no_price).then(pl.col("paid_on").cast(pl.String)),
    )


def thefts(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Thefts of crypto-assets, gross of what came back; those without an amount are no loss rows."""
    scam = pl.col("classification") == EXIT_SCAM
    return _amounts(
        tables["defillama_hacks"].filter(pl.col("amount") > 0),
        "defillama_hacks",
        occurred_on=pl.col("date"),
        amount=pl.col("amount"),
        loss_usd=pl.col("amount"),
        returned_usd=pl.col("returned_funds"),
        broken=pl.when(scam).then(pl.lit("other_crime")),
        value=pl.when(scam).then(pl.col("classification")),
    )


def breaches(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """What disclosed breaches cost their victims, by year; money that criminals took where nothing else was lost."""
    incidents = tables["vcdb_incidents"].select("incident_id", "actors", "actions")
    amounts = tables["vcdb_amounts"].join(incidents, on="incident_id", how="left", maintain_order="left")
    crime = pl.col("actors").list.contains("external") & (
        pl.col("actions").list.set_intersection(pl.lit(list(ATTACKS), pl.List(pl.String))).list.len() > 0
    )
    other = ~crime.fill_null(False)
    only_taken = (pl.col("loss_varieties").list.len() > 0) & (
        pl.col("loss_varieties").list.eval(pl.element() != "Asset and fraud").list.any().fill_null(False).not_()
    )
    return _amounts(
        amounts.filter(pl.col("amount") > 0),
        "vcdb_amounts",
        occurred_on=pl.date(pl.col("year"), 1, 1),
        date_precision=pl.lit("year"),
        currency=pl.col("currency"),
        amount=pl.col("amount"),
        loss_usd=pl.when(pl.col("currency") == "USD").then(pl.col("amount")),
        ledger=pl.when(only_taken).then(pl.lit("criminal_transfer")).otherwise(pl.lit("direct")),
        record_id=pl.format("vcdb:{}", pl.col("incident_id")),
        broken=pl.when(other).then(pl.lit("other_crime")),
        value=pl.when(other).then(
            pl.format("{} by {}", pl.col("actions").list.join(", "), pl.col("actors").list.join(", "))
        ),
    )


def impacts(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """What incidents in EuRepoC cost, where it codes an exact value."""
    codes = {"dollar": "USD", "euro": "EUR"}
    currency = pl.col("economic_impact_currency").replace(codes)
    return _amounts(
        tables["eurepoc_incidents"].filter(pl.col("economic_impact_exact_value") > 0),
        "eurepoc_incidents",
        occurred_on=pl.col("start_date"),
        currency=currency,
        amount=pl.col("economic_impact_exact_value"),
        loss_usd=pl.when(currency == "USD").then(pl.col("economic_impact_exact_value")),
        ledger=pl.lit("direct"),
        record_id=pl.format("eurepoc:{}", pl.col("incident_id")),
    )


def _amounts(frame: pl.DataFrame, table: str, **columns: pl.Expr) -> pl.DataFrame:
    """The columns that all amounts share; what a source does not say is null, or what holds for most."""
    usual = {
        "source_id": pl.lit(table.rsplit("_", 1)[0] if not table.startswith("defillama") else table),
        "vintage": pl.col("vintage"),
        "source_table": pl.lit(table),
        "row_number": pl.col("row_number"),
        "occurred_on": pl.lit(None, pl.Date),
        "date_precision": pl.lit("day"),
        "currency": pl.lit("USD"),
        "amount": pl.lit(None, pl.Float64),
        "loss_usd": pl.lit(None, pl.Float64),
        "imputed_from": pl.lit(None, pl.String),
        "ledger": pl.lit("criminal_transfer"),
        "returned_usd": pl.lit(None, pl.Float64),
        "record_id": pl.lit(None, pl.String),
        "broken": pl.lit(None, pl.String),
        "value": pl.lit(None, pl.String),
    }
    return frame.select(expression.alias(name) for name, expression in (usual | columns).items())
