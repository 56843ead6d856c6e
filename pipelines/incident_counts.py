"""Who attacks whom, counted: incidents of a tracker to fractional counts by threat class, origin and target.

The counting rule of model.md section 3 and the class rule of each tracker live here; parsing is in `sources`, shrinkage
in `models`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

import polars as pl

from pipelines.errors import InputError

UNATTRIBUTED = "UNK"
STATE = {"State", "Non-state actor, state-affiliation suggested"}
UNKNOWN_PURPOSE = {"Unknown - not attributed", "Not available", "Individual hacker(s)", "Non-state-group"}
VCDB_STATE = {"Nation-state", "State-affiliated"}
VCDB_MEANS = {"hacking", "malware", "social"}


class Incident(NamedTuple):
    """One incident: its class, and who was hit by whom in the tracker's own names (repeats allowed)."""

    threat_class: str
    receivers: Sequence[str]
    origins: Sequence[str]


def eurepoc_class(categories: Sequence[str], subcategories: Sequence[str], incident_types: Sequence[str]) -> str:
    """`state`, `criminal` or `other` from EuRepoC's labels.

    An initiator that is a state or state-affiliated decides first; then a group coded as criminal. Ransomware by an
    initiator whose purpose is not coded (unknown, a person, a group without subcategory) is criminal. All else is
    other: hacktivists, terrorists, ethnic and religious actors, persons, what nobody could classify, and hacking for
    hire, whose label also covers research entities and whose campaigns are espionage.
    """
    if STATE.intersection(categories):
        return "state"
    purposes = {purpose for purpose in subcategories if purpose}
    if "Criminal(s)" in purposes:
        return "criminal"
    if "Ransomware" in incident_types and not purposes and UNKNOWN_PURPOSE.issuperset(categories):
        return "criminal"
    return "other"


def ends_before_it_starts() -> pl.Expr:
    """Rows that the rule `date_order` rejects; an unknown date is no error."""
    return (pl.col("end_date") < pl.col("start_date")).fill_null(False)


def eurepoc_incidents(table: pl.DataFrame) -> list[Incident]:
    """Incidents of `sources.eurepoc_global.parse`, without those that end before they start."""
    return [
        Incident(
            eurepoc_class(row["initiator_category"], row["initiator_category_subcode"], row["incident_types"]),
            row["receiver_country"],
            row["initiator_country"],
        )
        for row in table.filter(~ends_before_it_starts()).iter_rows(named=True)
    ]


def vcdb_incidents(table: pl.DataFrame) -> list[Incident]:
    """Crimes of `sources.vcdb.parse`: hacking, malware or deception for money, by organized crime, or with ransomware.

    Only class criminal: the database follows disclosed breaches, mostly in the United States, and state and other
    actors have trackers of their own. States are left out whatever their motive.
    """
    return [
        Incident("criminal", row["victim_countries"], row["actor_countries"])
        for row in table.iter_rows(named=True)
        if VCDB_MEANS.intersection(row["actions"])
        and not VCDB_STATE.intersection(row["actor_varieties"])
        and (
            "Financial" in row["actor_motives"]
            or "Organized crime" in row["actor_varieties"]
            or "Ransomware" in row["malware_varieties"]
        )
    ]


def count(incidents: Iterable[Incident], iso3_of: Mapping[str, str | None]) -> pl.DataFrame:
    """Incidents by class, origin and target; the unit is one (incident, receiving economy) of weight 1.

    The weight is split equally over the origins named. An unknown origin beside a named one is dropped; where none is
    named the whole weight is `UNK`. Regions, organizations and unknowns (no ISO3 in `iso3_of`) are no receivers, and a
    receiver that an incident lists several times counts once.

    Parameters
    ----------
    incidents : of one tracker
    iso3_of : the tracker's name of a party -> ISO3, or None where it is no economy

    Returns
    -------
    threat_class, origin_iso3, target_iso3, incidents (sorted; exact fractions summed before they become floats)

    Raises
    ------
    InputError
        A name of the tracker is not in the alias table.
    """
    weights: dict[tuple[str, str, str], Fraction] = defaultdict(Fraction)
    for incident in incidents:
        origins = _economies(incident.origins, iso3_of) or [UNATTRIBUTED]
        for target in _economies(incident.receivers, iso3_of):
            for origin in origins:
                weights[incident.threat_class, origin, target] += Fraction(1, len(origins))
    rows = [(*key, float(weight)) for key, weight in sorted(weights.items())]
    schema = {"threat_class": pl.String, "origin_iso3": pl.String, "target_iso3": pl.String, "incidents": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def summary(counts: pl.DataFrame) -> pl.DataFrame:
    """By class: incidents, attributed incidents, share unattributed, the leading origin and its share of attributed."""
    attributed = counts.filter(pl.col("origin_iso3") != UNATTRIBUTED)
    leading = (
        attributed.group_by("threat_class", "origin_iso3")
        .agg(pl.col("incidents").sum())
        .sort("incidents", "origin_iso3", descending=[True, False])
        .group_by("threat_class", maintain_order=True)
        .agg(leading_origin=pl.col("origin_iso3").first(), leading_share=pl.col("incidents").first())
    )
    return (
        counts.group_by("threat_class")
        .agg(
            incidents=pl.col("incidents").sum(),
            attributed=pl.col("incidents").filter(pl.col("origin_iso3") != UNATTRIBUTED).sum(),
        )
        .join(leading, on="threat_class", how="left")
        .with_columns(
            share_unattributed=1 - pl.col("attributed") / pl.col("incidents"),
            leading_share=pl.col("leading_share") / pl.col("attributed"),
        )
        .sort("threat_class")
    )


def _economies(names: Iterable[str], iso3_of: Mapping[str, str | None]) -> list[str]:
    codes = set()
    for name in names:
        if name not in iso3_of:
            allowed = "a row for every name that a tracker uses"
            raise InputError("data/reference/economy_aliases.csv", None, "alias", "known_name", name, allowed)
        codes.add(iso3_of[name])
    return sorted(code for code in codes if code)
