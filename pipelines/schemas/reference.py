"""Schemas of the tables in data/reference that describe economies, losses and prices; the index of all of them.

Columns, units and single-column rules only. Rules across rows and tables are in `pipelines.reference`; treaty, effect
and event tables are in `reference_evidence`.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from pipelines.schemas import reference_evidence, reference_severity
from pipelines.schemas.columns import (
    above,
    at_least,
    between,
    column,
    flag,
    iso3,
    key,
    matches,
    one_of,
    table,
    text,
    year,
)
from pipelines.vocabularies import VOCABULARIES

REGIONS = [
    "East Asia & Pacific",
    "Europe & Central Asia",
    "Latin America & Caribbean",
    "Middle East & North Africa",
    "North America",
    "South Asia",
    "Sub-Saharan Africa",
]
INCOME_GROUPS = ["High income", "Upper middle income", "Lower middle income", "Low income", "Not classified"]
CSIS_REGIONS = ["NA", "ECA", "EAP", "SAS", "LAC", "SSA", "MENA"]
SCOPES = [
    "all_malicious",
    "business_attacks",
    "crime_and_espionage",
    "crime_by_type",
    "direct_and_systemic",
    "event_scenario",
    "finance_sector",
    "growth_effect",
    "ip_theft",
    "loss_and_defense",
    "reported_complaints",
    "theft_espionage_sabotage",
]
PRECISIONS = ["exact", "rounded_0.01M", "rounded_0.1M", "rounded_1M", "rounded_0.1B", "not_published"]


def _printed(which: str) -> pa.Column:
    return column(pl.Float64, f"{which} of the estimate as printed, billions of its currency", above(0), nullable=True)


def _converted(which: str) -> pa.Column:
    return column(pl.Float64, f"{which} of the estimate, USD bn at prices of its year", above(0), nullable=True)


SOURCES = pa.DataFrameSchema(
    {
        "source_id": key("Key of the source, used by every reference table and prior"),
        "title": text("Title of the work or table"),
        "producer": text("Who produced it"),
        "citation": text("How to cite it, with the copy that was read where it is not the original"),
        "url": text("Address of the original; empty where none was read", nullable=True),
        "licence": text("Licence, or `not stated`"),
        "redistributable": column(
            pl.String,
            "Whether its data may be passed on: yes, no, not confirmed",
            one_of(["yes", "no", "not confirmed"]),
        ),
        "vintage": text("Edition or day of the copy that was used", nullable=True),
        "note": text("What a reader must know to use it", nullable=True),
    },
    unique=["source_id"],
    strict=True,
    ordered=True,
    description="One row a source that a figure or a prior rests on",
)

ECONOMIES = table(
    "Economies of the World Bank's list and Taiwan: the countries of the model",
    ["iso3"],
    {
        "iso3": iso3("Code of the economy, World Bank usage (Kosovo is XKX, Channel Islands CHI)"),
        "name": text("Name, World Bank usage"),
        "region": column(pl.String, "Region of the World Bank, one of seven", one_of(REGIONS)),
        "income_group": column(pl.String, "Income group of the World Bank", one_of(INCOME_GROUPS)),
        "csis_region": column(pl.String, "Region of the loss ranges of 2018", one_of(CSIS_REGIONS)),
    },
)
ALIASES = table(
    "Names and codes that sources use for economies, and what they stand for",
    ["scheme", "alias"],
    {
        "scheme": text("Source whose labels these are"),
        "alias": text("Label as the source writes it"),
        "iso3": iso3("Economy it stands for; empty where it is none", nullable=True),
        "kind": column(
            pl.String,
            "What the label names: economy, region, organization, unknown, not_listed (a country outside the list)",
            one_of(["economy", "region", "organization", "unknown", "not_listed"]),
        ),
    },
)
CROSSWALK = table(
    "Codes of the incident trackers and the word of the common vocabulary that each stands for",
    ["scheme", "field", "code", "vocabulary"],
    {
        "scheme": text("Source whose codes these are"),
        "field": text("Column of its staging table that holds them"),
        "code": text("Code as the source writes it"),
        "vocabulary": column(pl.String, "What the word is about", one_of(list(VOCABULARIES))),
        "value": text("Word of that vocabulary; `none` where the code stands for nothing in it"),
    },
)
RECORD_LINKS = table(
    "Pairs of trackers' records that were compared by a person, where the rule of matching would decide otherwise",
    ["record_id", "other_record_id"],
    {
        "record_id": text("Source and the tracker's id of a record"),
        "vintage": text("Vintage in which it has this id"),
        "other_record_id": text("The other record"),
        "other_vintage": text("Vintage in which that has this id"),
        "same": flag("True where both are one incident, false where they are two"),
        "reason": text("Why"),
    },
)
GDP = table(
    "Gross domestic product of economies and the World (WLD) by year",
    ["iso3", "year"],
    {
        "iso3": iso3("Economy, or WLD for the World"),
        "year": year("Calendar year", 1960),
        "gdp_usd_bn_current": column(pl.Float64, "GDP, USD bn at current prices and exchange rates", above(0)),
    },
)
POPULATION = table(
    "Population by year",
    ["iso3", "year"],
    {
        "iso3": iso3("Economy"),
        "year": year("Calendar year", 1960),
        "population": column(pl.Int64, "Persons", at_least(1)),
    },
)
INTERNET_USERS = table(
    "Internet users by year",
    ["iso3", "year"],
    {
        "iso3": iso3("Economy"),
        "year": year("Calendar year", 1990),
        "users_share": column(pl.Float64, "Internet users, fraction of the population, 0 to 1", between(0, 1)),
    },
)
RULE_OF_LAW = table(
    "Rule of law, Worldwide Governance Indicators, 2008 and the latest year",
    ["iso3", "year"],
    {
        "iso3": iso3("Economy"),
        "year": year("Calendar year", 1996),
        # The indicator is a standard score: a few estimates lie a little outside the nominal -2.5 to 2.5.
        "estimate": column(pl.Float64, "Rule of law, standard score, nominally -2.5 to 2.5", between(-3, 3)),
    },
)
GDP_GROWTH = table(
    "Real GDP growth by income group",
    ["income_group", "year", "kind"],
    {
        "income_group": column(
            pl.String,
            "Group: high, middle, low, emerging, world",
            one_of(["high", "middle", "low", "emerging", "world"]),
        ),
        "year": year("Calendar year"),
        "growth_pct": column(pl.Float64, "Real GDP growth, percent a year", between(-20, 20)),
        "kind": column(
            pl.String,
            "How the figure is known: observed, estimate, forecast, potential",
            one_of(["observed", "estimate", "forecast", "potential"]),
        ),
    },
)
US_CPI = table(
    "US consumer prices by year",
    ["year"],
    {
        "year": year("Calendar year"),
        "index": column(pl.Float64, "Mean of the monthly index, 1982-84 = 100", above(0)),
        "months": column(pl.Int64, "Months in the mean; under 12 the year is incomplete", between(1, 12)),
    },
)
EXCHANGE_RATES = table(
    "Yearly mean exchange rates used to convert printed estimates",
    ["currency", "year"],
    {
        "currency": column(pl.String, "Currency, ISO 4217", matches(r"^[A-Z]{3}$", "three capital letters")),
        "year": year("Calendar year"),
        "usd_per_unit": column(pl.Float64, "US dollars for one unit of the currency, mean of the year", above(0)),
    },
)
ESTIMATES = table(
    "Ledger of published estimates of the cost of cybercrime, used or excluded with the reason",
    ["estimate_id"],
    {
        "estimate_id": key("Key of the estimate"),
        "published_year": year("Year it was published", 2000),
        "reference_year": year("Year the figure is about", 2000),
        "geography": iso3("Economy the figure is about, or WLD for the World"),
        "scope": column(pl.String, "What is counted, one word for a class of concepts", one_of(SCOPES)),
        "publisher": text("Who published it; one row a publisher enters the pooled fit"),
        "currency": column(pl.String, "Currency it is printed in, ISO 4217", matches(r"^[A-Z]{3}$", "three capitals")),
        "low": _printed("Low end"),
        "central": _printed("Central figure"),
        "high": _printed("High end"),
        "usd_per_unit": column(pl.Float64, "US dollars for one unit of the currency in the reference year", above(0)),
        "low_usd_bn": _converted("Low end"),
        "central_usd_bn": _converted("Central figure"),
        "high_usd_bn": _converted("High end"),
        "interest": column(
            pl.String,
            "Who paid for it: vendor (sells security or cover), government, academic, other",
            one_of(["vendor", "government", "academic", "other"]),
        ),
        "used": flag("True where it enters the pooled fit"),
        "reason": text("Why it is used or excluded"),
        "criticism": text("The main criticism of it"),
        "note": text("Detail of what was printed", nullable=True),
    },
)
CLAIM_BASES = table(
    "Figures that the op-ed's claims are read against and that the ledger does not hold",
    ["base_id"],
    {
        "base_id": key("Key of the figure"),
        "label": text("What it is"),
        "usd_bn": column(pl.Float64, "Amount, USD bn", above(0), nullable=True),
        "share_of_gdp": column(pl.Float64, "Share of GDP, fraction", between(0, 1), nullable=True),
        "price_year": column(pl.Int64, "Year of its prices, where known", between(1900, 2100), nullable=True),
    },
)
IC3_TOTALS = table(
    "Yearly totals of complaints and losses reported to the FBI's Internet Crime Complaint Center",
    ["year"],
    {
        "year": year("Calendar year", 2000),
        "complaints": column(pl.Int64, "Complaints received", at_least(1)),
        "loss_usd": column(pl.Int64, "Loss reported, USD; empty where no total was published", above(0), nullable=True),
        "loss_precision": column(pl.String, "How exactly the loss is printed", one_of(PRECISIONS)),
        "note": text("Conflict between reports or break in the series", nullable=True),
    },
)
SECURITY_SPENDING = table(
    "World spending on information security, as published",
    ["publisher", "spend_year", "published"],
    {
        "publisher": text("Who published it"),
        "spend_year": year("Year of the spending", 2000),
        "usd_bn": column(pl.Float64, "Spending, USD bn at current prices", above(0)),
        "kind": column(pl.String, "Estimate of a past year or forecast", one_of(["estimate", "forecast"])),
        "published": column(pl.String, "Month or year of publication", matches(r"^\d{4}(-\d{2})?$", "YYYY or YYYY-MM")),
        "source_detail": text("Page on which the figure was read", nullable=True),
    },
)
REGIONAL_LOSS_SHARES = table(
    "Range of the loss by region in the report of 2018",
    ["csis_region"],
    {
        "csis_region": column(pl.String, "Region of the report", one_of(CSIS_REGIONS)),
        "gdp_usd_tn": column(pl.Float64, "GDP of the region, USD trillion", above(0)),
        "low_usd_bn": column(pl.Float64, "Low end of the loss, USD bn a year", above(0)),
        "high_usd_bn": column(pl.Float64, "High end of the loss, USD bn a year", above(0)),
    },
)

REFERENCE_TABLES: dict[str, pa.DataFrameSchema] = {
    "sources": SOURCES,
    "economies": ECONOMIES,
    "economy_aliases": ALIASES,
    "crosswalk": CROSSWALK,
    "record_links": RECORD_LINKS,
    "gdp": GDP,
    "population": POPULATION,
    "internet_users": INTERNET_USERS,
    "rule_of_law": RULE_OF_LAW,
    "gdp_growth": GDP_GROWTH,
    "us_cpi": US_CPI,
    "exchange_rates": EXCHANGE_RATES,
    "estimates": ESTIMATES,
    "claim_bases": CLAIM_BASES,
    "ic3_totals": IC3_TOTALS,
    "security_spending": SECURITY_SPENDING,
    "regional_loss_shares": REGIONAL_LOSS_SHARES,
    **reference_evidence.TABLES,
    **reference_severity.TABLES,
}
