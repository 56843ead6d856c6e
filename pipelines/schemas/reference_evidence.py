"""Schemas of the reference tables on treaties, blocs, effects, events and incidents.

Columns, units and single-column rules only. Rules across rows and tables are in `pipelines.reference`.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from pipelines.schemas.columns import (
    above,
    at_least,
    between,
    column,
    date,
    flag,
    iso3,
    key,
    matches,
    one_of,
    table,
    text,
    year,
)
from pipelines.vocabularies import ACTORS, INCIDENT_TYPES, THREAT_CLASSES

TREATIES = ["CETS185", "CETS224", "UN-Hanoi", "Malabo"]
BLOCS = [
    "CouncilOfEurope",
    "NATO",
    "EU",
    "G7",
    "G20",
    "FiveEyes",
    "BRICS",
    "OECD",
    "AfricanUnion",
    "ASEAN",
    "UN-Hanoi",
]


def _log_ratio(description: str) -> pa.Column:
    return column(pl.Float64, description, between(-5, 5), nullable=True)


def _usd_bn(description: str) -> pa.Column:
    return column(pl.Float64, description, above(0), nullable=True)


EDITION = column(
    pl.String, "Edition of what was counted", matches(r"^\S.*$", "a text that does not begin with a blank")
)
TABLES: dict[str, pa.DataFrameSchema] = {
    "treaty_status": table(
        "Where an economy stands with a treaty: dates, reservations",
        ["treaty", "iso3"],
        {
            "treaty": column(
                pl.String,
                "CETS185 Budapest Convention, CETS224 its Second Protocol, UN-Hanoi, Malabo",
                one_of(TREATIES),
            ),
            "iso3": iso3("Economy"),
            "signed_on": date("Day of signature; empty for accession or where unknown", nullable=True),
            "ratified_from": date("First possible day of ratification or accession; empty where none", nullable=True),
            "ratified_on": date("Last possible day of ratification, equal to the first where known", nullable=True),
            "in_force_on": date("Day on which it entered into force for the economy", nullable=True),
            "reservation": flag("True where any reservation is known; empty where nothing was read", nullable=True),
            "reservation_on_cooperation": flag("True for a reservation under Article 29(4) of the Budapest Convention"),
            "chart_flags": text(
                "Letters of the Treaty Office's chart (R reservation, D declaration, A, T)", nullable=True
            ),
            "unverified_fields": text("Columns of this row that were not read, separated by blanks", nullable=True),
            "note": text("What limits the row", nullable=True),
        },
    ),
    "blocs": table(
        "Members of blocs as of 2025",
        ["bloc", "iso3"],
        {"bloc": column(pl.String, "Name of the bloc", one_of(BLOCS)), "iso3": iso3("Member")},
    ),
    "treaty_effects": table(
        "Published evidence on what conventions and enforcement do to attacks",
        ["effect_id"],
        {
            "effect_id": key("Key of the finding"),
            "study": text("Study"),
            "year": year("Year of the study", 1990),
            "design": text("How the effect is identified"),
            "side": column(
                pl.String,
                "Whose membership is measured: victim country, origin country, other",
                one_of(["victim", "origin", "other"]),
            ),
            "outcome": text("What is counted"),
            "n": column(pl.Int64, "Size of the sample in n_unit", at_least(1), nullable=True),
            "n_unit": text("What n counts", nullable=True),
            "log_rate_ratio": _log_ratio(
                "Effect, log rate ratio of attacks (negative = fewer); empty: no size printed"
            ),
            "se": column(pl.Float64, "Standard error of the log rate ratio", above(0), nullable=True),
            "se_assumed": flag("True where the error, or the size, is an assumption about the paper"),
            "low": _log_ratio("Low end of the log rate ratio as printed or recomputed"),
            "high": _log_ratio("High end of the log rate ratio as printed or recomputed"),
            "transport": text("How far the finding bears on this model"),
            "members_as_of": column(
                pl.Int64,
                "Year whose parties are taken as the study's members; a judgement where its window was not read",
                between(1990, 2100),
                nullable=True,
            ),
        },
    ),
    "tail_events": table(
        "Large events and what they are said to have cost",
        ["event_id"],
        {
            "event_id": key("Key of the event"),
            "event": text("Name"),
            "date": date("Day of the event or its disclosure; first of the month or year where that is all we know"),
            "date_precision": column(pl.String, "How exactly the date is known", one_of(["day", "month", "year"])),
            "low_usd_bn": _usd_bn("Low end of the loss, USD bn at prices of the year"),
            "central_usd_bn": _usd_bn("Central figure of the loss, USD bn at prices of the year"),
            "high_usd_bn": _usd_bn("High end of the loss, USD bn at prices of the year"),
            "is_crime": flag("False for accidents and scenarios, which totals of crime leave out"),
            "note": text("What the figure covers"),
        },
    ),
    "event_timelines": table(
        "Dated milestones of an event",
        ["event_id", "milestone"],
        {
            "event_id": key("Event in tail_events.csv"),
            "milestone": key("What happened"),
            "on": date("Day"),
        },
    ),
    "incident_counts": table(
        "Incidents by threat class, origin and target; weight 1 an incident and target, split over the origins named",
        ["tracker", "threat_class", "origin_iso3", "target_iso3"],
        {
            "tracker": key("Tracker of incidents that was counted"),
            "threat_class": column(pl.String, "Class of threat", one_of(["state", "criminal", "other"])),
            "origin_iso3": iso3("Economy the attack came from; UNK where unattributed"),
            "target_iso3": iso3("Economy that was hit"),
            "incidents": column(pl.Float64, "Incidents, fractional where several origins are named", above(0)),
            "vintage": column(
                pl.String, "Edition of the tracker", matches(r"^\S.*$", "a text that does not begin with a blank")
            ),
        },
    ),
    "incidents_per_quarter": table(
        "Incidents on record by tracker, class and quarter of their start; those known by year alone are in no quarter",
        ["tracker", "threat_class", "quarter"],
        {
            "tracker": key("Tracker of incidents that was counted"),
            "threat_class": column(pl.String, "Class of threat", one_of(THREAT_CLASSES)),
            "quarter": date("First day of the quarter"),
            "incidents": column(pl.Int64, "Records that began in the quarter", at_least(0)),
            "in_year": column(
                pl.Int64, "Records of the class and year, those known by year alone included", at_least(0)
            ),
            "dated_share": column(
                pl.Float64,
                "Share of the records of the class and year that name a quarter; empty where there is none",
                between(0, 1),
                nullable=True,
            ),
            "vintage": EDITION,
        },
    ),
    "incident_types": table(
        "Incidents by who did what, of each tracker, and of all together (each incident once)",
        ["tracker", "actor", "incident_type"],
        {
            "tracker": key("Tracker of incidents that was counted, or all"),
            "actor": column(
                pl.String,
                "Who did it: state, affiliated with one (CFR and DCID do not tell it apart), criminal, other, unknown",
                one_of(ACTORS),
            ),
            "incident_type": column(pl.String, "The gravest of what was done", one_of(INCIDENT_TYPES)),
            "incidents": column(pl.Int64, "Incidents", at_least(1)),
            "vintage": EDITION,
        },
    ),
    "recording_changes": table(
        "Days on which what is on record changed: laws that make victims tell, and what trackers take in",
        ["change_id"],
        {
            "change_id": key("Key of the change"),
            "kind": column(pl.String, "A law on disclosure, or coverage of a tracker", one_of(["law", "coverage"])),
            "tracker": key("Tracker whose record it bears on"),
            "since": date("First day of the change"),
            "note": text("What changed"),
        },
    ),
    "definition_counts": table(
        "What each definition of a cyberattack covers of the incidents and losses on record",
        ["definition", "threat_class", "counted"],
        {
            "definition": key("Definition, its file in data/definitions"),
            "threat_class": column(pl.String, "Class of threat", one_of(["state", "criminal", "other"])),
            "counted": column(
                pl.String,
                "Incidents, their levels of intensity, or amounts of money lost",
                one_of(["incidents", "intensity", "loss"]),
            ),
            "rule": column(
                pl.String,
                "First digits of the SHA-256 of the conditions that were counted by",
                matches(r"^[0-9a-f]{12}$", "12 digits of a hexadecimal number"),
            ),
            "n": column(pl.Int64, "Incidents: all, with a level of intensity, or with an amount", at_least(0)),
            "effective": column(
                pl.Float64, "Their effective number: squared sum of the weights over the sum of squares", at_least(0)
            ),
            "covered": column(pl.Float64, "Sum of what the definition covers, in unit", at_least(0)),
            "total": column(pl.Float64, "Sum of all of the class, in unit", at_least(0)),
            "unit": column(
                pl.String,
                "Unit of covered and total",
                one_of(["incidents", "levels of intensity", "USD bn, 2020 prices"]),
            ),
            "vintage": column(
                pl.String, "Editions of the trackers", matches(r"^\S.*$", "a text that does not begin with a blank")
            ),
        },
    ),
    "fits": table(
        "Models fitted on records of sources that may not be passed on; one row is a coefficient or a test",
        ["fit", "coefficient"],
        {
            "fit": key("Model that was fitted, or what was tested"),
            "coefficient": key("Coefficient, statistic or count"),
            "unit": text("Unit of estimate and se"),
            "estimate": column(pl.Float64, "Estimate, in unit; empty where not estimable", nullable=True),
            "se": column(pl.Float64, "Standard error, in unit; empty where there is none", at_least(0), nullable=True),
            "n": column(pl.Int64, "Records in the fit, such as events or sectors", at_least(0)),
            "status": text("estimated, or what limits or prevents it"),
            "vintage": column(
                pl.String, "Editions of the trackers", matches(r"^\S.*$", "a text that does not begin with a blank")
            ),
            "computed_on": date("Day on which the numbers were computed"),
        },
    ),
}
