"""The tables of schema `core` in the published database: every reference table, and what is derived from them.

Descriptions of reference columns come from `reference`; only their units are added here. No dagster here.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from pipelines.schemas.reference import REFERENCE_TABLES
from pipelines.schemas.reference_severity import TABLES as SEVERITY
from pipelines.schemas.risk import RISK
from pipelines.schemas.tables import COUNT, LABEL, MONEY, SHARE, column, table, text, unit_of

NOT_CORE = ("sources",)
"""Reference tables that are published elsewhere."""
PUBLISHED_AS = {"economies": "countries"}
"""Reference tables that people know by another name."""

UNITS = {
    "gdp_usd_bn_current": "USD bn, current prices",
    "population": "persons",
    "users_share": SHARE,
    "share_of_gdp": SHARE,
    "estimate": "standard score",
    "growth_pct": "percent a year",
    "index": "1982-84 = 100",
    "months": COUNT,
    "usd_per_unit": "USD a unit of the currency",
    "low": "billions of the currency",
    "central": "billions of the currency",
    "high": "billions of the currency",
    "usd_bn": "USD bn",
    "complaints": COUNT,
    "loss_usd": "USD",
    "gdp_usd_tn": "USD tn",
    "log_rate_ratio": "log rate ratio",
    "se": "log rate ratio",
    "n": COUNT,
    "incidents": "incidents",
    "in_year": "incidents",
    "dated_share": SHARE,
}
"""Unit of a number by its name; the treaty studies' own `low` and `high` are named below."""
UNITS_OF = {
    ("treaty_effects", "low"): "log rate ratio",
    ("treaty_effects", "high"): "log rate ratio",
    **{("estimates", f"{end}_usd_bn"): "USD bn, prices of the reference year" for end in ("low", "central", "high")},
    **{("tail_events", f"{end}_usd_bn"): "USD bn, prices of the year" for end in ("low", "central", "high")},
    **{("regional_loss_shares", f"{end}_usd_bn"): "USD bn a year" for end in ("low", "high")},
    **{("fits", name): "as the row's unit says" for name in ("estimate", "se")},
    **{("definition_counts", name): "as the row's unit says" for name in ("covered", "total")},
    ("definition_counts", "effective"): COUNT,
    **{(name, field): unit_of(built) for name in SEVERITY for field, built in RISK[name].columns.items()},
    ("security_spending", "usd_bn"): "USD bn, current prices",
}

GDP_2020 = column(
    "gdp_usd_bn_2020",
    pl.Float64,
    MONEY,
    "gdp_usd_bn_current deflated by the US consumer price index; null where the index is missing",
    nullable=True,
)

TALLIES = ("incidents_per_quarter", "incident_types")
"""Reference tables that a run counts again from the vintages it has, tracker by tracker."""
BASIS = text("basis", "what the row was counted from: records of vintages on this machine, or figures that ship")


def _unit(name: str, field: str, built: pa.Column) -> str:
    known = UNITS_OF.get((name, field)) or UNITS.get(field)
    if known:
        return known
    if field == "iso3" or field.endswith("_iso3") or field == "geography":
        return "ISO 3166-1 alpha-3"
    kind = built.dtype.type
    if kind == pl.Boolean:
        return "true or false"
    if kind == pl.Date:
        return "date"
    return "year" if field == "year" or field.endswith("_year") else LABEL


def _published(name: str, schema: pa.DataFrameSchema) -> pa.DataFrameSchema:
    columns = [
        column(field, built.dtype.type, _unit(name, field, built), str(built.description), nullable=built.nullable)
        for field, built in schema.columns.items()
    ]
    if name == "gdp":
        columns.insert(3, GDP_2020)
    if name in TALLIES:
        columns.append(BASIS)
    return table(
        f"core.{PUBLISHED_AS.get(name, name)}", str(schema.description), f"data/reference/{name}.csv", *columns
    )


REFERENCE_CORE = {name: _published(name, s) for name, s in REFERENCE_TABLES.items() if name not in NOT_CORE}
"""By name of the reference table."""

DYADS = table(
    "core.dyads",
    "Who attacks whom: incidents counted, and the share of a target's attacks that each origin has after shrinkage to "
    "the pooled shares; one row is an origin, a target and a threat class",
    "core.incident_counts, models/attribution.py",
    column("origin_iso3", pl.String, "ISO 3166-1 alpha-3", "economy the attacks come from; UNK = unattributed"),
    column("target_iso3", pl.String, "ISO 3166-1 alpha-3", "economy that is hit"),
    column("threat_class", pl.String, LABEL, "state, criminal or other"),
    column("incidents", pl.Float64, "incidents", "incidents counted, fractional where several origins are named"),
    column(
        "share",
        pl.Float64,
        SHARE,
        "share of the target's attributed attacks; for UNK, share of all its attacks that is unattributed",
        checks=[pa.Check.in_range(0, 1)],
    ),
    key=["origin_iso3", "target_iso3", "threat_class"],
)

CORE_TABLES = [*REFERENCE_CORE.values(), DYADS]
