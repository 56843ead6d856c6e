"""The tables of schema `core` that hold incidents and losses, from the records of the vintages on this machine."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from pipelines.schemas.tables import CODE, COUNT, LABEL, column, table, text
from pipelines.vocabularies import ACTORS, INCIDENT_TYPES, THREAT_CLASSES

PRECISIONS = ("day", "month", "year", "unknown")
LEDGERS = ("criminal_transfer", "direct", "indirect", "defence")
IMPUTATIONS = ("day's close", "yearly rate")
LIST = pl.List(pl.String)
AMOUNT = pa.Check.in_range(0, 1e11, include_min=False, name="amount_range")

INCIDENTS = table(
    "core.incidents",
    "Incidents, each once however many trackers have it; one row is an incident",
    "core.incident_records",
    text("incident_id", "record of the first tracker that has it, in the order EuRepoC, CFR, DCID, VCDB"),
    text("title", "name that a tracker gives it", nullable=True),
    column("start_date", pl.Date, "date", "day it began, as precise as date_precision says", nullable=True),
    column("end_date", pl.Date, "date", "day it ended, where a tracker says", nullable=True),
    column(
        "date_precision",
        pl.String,
        LABEL,
        "day, month, year or unknown; a month or a year is written as its first day",
        checks=[pa.Check.isin(PRECISIONS)],
    ),
    column("threat_class", pl.String, LABEL, "state, criminal or other", checks=[pa.Check.isin(THREAT_CLASSES)]),
    column(
        "actor",
        pl.String,
        LABEL,
        "who did it within the class: state or affiliated with one, criminal, other (known, none of these), unknown; "
        "of the first tracker that gives the class. CFR and DCID do not tell a state from its affiliates",
        checks=[pa.Check.isin(ACTORS)],
    ),
    column(
        "incident_type",
        pl.String,
        LABEL,
        "the gravest of the types that its trackers name",
        checks=[pa.Check.isin(INCIDENT_TYPES)],
    ),
    column("sectors", LIST, LABEL, "sectors of the targets"),
    column(
        "intensity",
        pl.Int64,
        LABEL,
        "1 nuisance, 2 limited, 3 substantial, 4 severe; the highest of its trackers",
        nullable=True,
        checks=[pa.Check.in_range(1, 4)],
    ),
    column("sources", LIST, LABEL, "trackers that have it"),
    key=["incident_id"],
)
PARTIES = table(
    "core.incident_parties",
    "Who did it and who was hit, by economy; one row is an incident, a role and an economy",
    "core.incident_records",
    text("incident_id", "incident"),
    column("role", pl.String, LABEL, "initiator or target", checks=[pa.Check.isin(["initiator", "target"])]),
    column("iso3", pl.String, "ISO 3166-1 alpha-3", "economy", checks=[CODE]),
    column("sources", LIST, LABEL, "trackers that say so"),
    key=["incident_id", "role", "iso3"],
)
RECORDS = table(
    "core.incident_records",
    "The rows of the sources behind each incident; one row is a record of a tracker",
    "staging",
    text("incident_id", "incident"),
    text("record_id", "source and the tracker's own id"),
    text("source_id", "tracker"),
    text("vintage", "edition of the tracker"),
    column("row_number", pl.Int32, COUNT, "row in the tracker's file"),
    column("threat_class", pl.String, LABEL, "class that this tracker's codes come to"),
    key=["record_id"],
)
LOSSES = table(
    "core.losses",
    "Amounts of money lost, each from a row of a source; one row is an amount. They are no sample: what is recorded is "
    "what was disclosed",
    "staging.ransomwhere_payments, defillama_hacks, vcdb_amounts, eurepoc_incidents; core.exchange_rates, core.us_cpi",
    text("loss_id", "source, staging table and row"),
    text("incident_id", "incident in core.incidents; null where no tracker has it", nullable=True),
    text("source_id", "source"),
    text("vintage", "edition of the source"),
    text("source_table", "table of schema staging"),
    column("source_row", pl.Int32, COUNT, "row in the source's file"),
    column("occurred_on", pl.Date, "date", "day, or first day of the year", nullable=True),
    column("date_precision", pl.String, LABEL, "day, month or year", checks=[pa.Check.isin(PRECISIONS)]),
    text("currency", "currency the source gives"),
    column("amount", pl.Float64, "units of the currency", "amount as the source gives it", checks=[pa.Check.gt(0)]),
    column("loss_usd", pl.Float64, "USD, current prices", "amount in dollars of its year", checks=[AMOUNT]),
    column(
        "loss_usd_2020",
        pl.Float64,
        "USD, 2020 prices",
        "deflated by US consumer prices; null where the index of the year has under six months",
        nullable=True,
    ),
    column("observed", pl.Boolean, "true or false", "false where dollars were converted or imputed by us"),
    column(
        "imputed_from",
        pl.String,
        LABEL,
        "day's close (coins without a price) or yearly rate (another currency)",
        nullable=True,
        checks=[pa.Check.isin(IMPUTATIONS)],
    ),
    column(
        "ledger", pl.String, LABEL, "criminal_transfer, direct, indirect or defence", checks=[pa.Check.isin(LEDGERS)]
    ),
    column("returned_usd", pl.Float64, "USD, current prices", "what came back later, not deducted", nullable=True),
    key=["loss_id"],
)
INCIDENT_TABLES = [INCIDENTS, PARTIES, RECORDS, LOSSES]
