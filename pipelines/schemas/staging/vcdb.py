"""Staging tables of the VERIS Community Database: incidents, and the amounts lost in some of them."""

import pandera.polars as pa
import polars as pl

from pipelines.schemas.staging import coded, field, row_rule, staging_table

LABEL = "label"
LIST = pl.List(pl.String)
DAY = pl.format("{}-{}-{}", "year", "month", "day").str.to_date("%Y-%m-%d", strict=False)
YEAR = field("year", pl.Int64, "year", "year of the incident", checks=[pa.Check.ge(1990, name="year_before_1990")])

TABLES = (
    staging_table(
        "vcdb_incidents",
        "Disclosed security incidents, errors and insiders included; one row is an incident",
        "vcdb",
        field("incident_id", pl.String, LABEL, "id in the database"),
        field("victim", pl.String, LABEL, "organization that was hit", nullable=True),
        YEAR,
        field("month", pl.Int64, "month", "month", nullable=True, checks=[pa.Check.in_range(1, 12, name="month")]),
        field("day", pl.Int64, "day", "day of the month", nullable=True, checks=[pa.Check.in_range(1, 31, name="day")]),
        coded("actors", "external, internal, partner or unknown", to="crosswalk", many=True),
        coded("actions", "what was done: hacking, malware, social, misuse, error and so on", to="crosswalk", many=True),
        coded("actor_varieties", "kind of external actor", to="crosswalk", many=True),
        field("actor_motives", LIST, LABEL, "motives of external actors"),
        coded("actor_countries", "where external actors come from", to="economies", many=True),
        coded("victim_countries", "where the victim is", to="economies", many=True),
        field("industry", pl.String, LABEL, "industry of the victim, NAICS 2012", nullable=True),
        coded("industry_group", "its first two digits", to="crosswalk", nullable=True),
        coded("hacking_varieties", "kinds of hacking", to="crosswalk", many=True),
        coded("malware_varieties", "kinds of malware", to="crosswalk", many=True),
        coded("integrity_varieties", "what was altered", to="crosswalk", many=True),
        coded("availability_varieties", "what was made unavailable", to="crosswalk", many=True),
        coded("data_disclosure", "whether data were disclosed", to="crosswalk", nullable=True),
        field("schema_version", pl.String, LABEL, "version of VERIS"),
        field("urls", LIST, LABEL, "reports on the incident"),
        key=["incident_id"],
        rules=[
            row_rule("day_of_month", "day", pl.col("day").is_not_null() & DAY.is_null(), "a day that its month has"),
        ],
    ),
    staging_table(
        "vcdb_amounts",
        "What incidents cost their victims, where it was disclosed; one row is an incident",
        "vcdb",
        field("incident_id", pl.String, LABEL, "id in the database"),
        YEAR,
        field(
            "amount",
            pl.Float64,
            "units of the currency",
            "overall amount",
            checks=[pa.Check.in_range(0, 1e11, name="amount_range")],
        ),
        field("currency", pl.String, LABEL, "ISO 4217", nullable=True),
        field("rating", pl.String, LABEL, "impact as rated", nullable=True),
        field("loss_varieties", LIST, LABEL, "what was lost: asset and fraud, legal and regulatory and so on"),
        key=["incident_id"],
        rules=[row_rule("currency_missing", "currency", pl.col("currency").is_null(), "a currency")],
    ),
)
