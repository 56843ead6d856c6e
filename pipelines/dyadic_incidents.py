"""Dated incidents between states: what the branching model of escalation is fitted on.

A pure function of core.incidents and core.incident_parties. How records become incidents is in `incidents`; the model
is in models/escalation.py.
"""

from __future__ import annotations

import polars as pl


def dyadic_incidents(incidents: pl.DataFrame, parties: pl.DataFrame) -> pl.DataFrame:
    """State incidents with a day, between two economies; one row is an incident, an economy that attacks and one hit.

    Parameters
    ----------
    incidents : incident_id, threat_class, start_date, date_precision, each incident once
    parties : incident_id, role (initiator, target), iso3

    Returns
    -------
    incident_id, initiator, target, dyad (both in alphabetical order), side (0 if the first of them attacks, else 1),
    day (days since 1970-01-01); sorted by dyad and day

    Notes
    -----
    Only dates of precision `day` enter (model.md 4.5). An incident with several attackers or targets is an event in
    each of their dyads; where two economies are attacker and target of one incident, it is an event of either side.
    """
    dated = incidents.filter(pl.col("threat_class") == "state", pl.col("date_precision") == "day").select(
        "incident_id", day=pl.col("start_date").to_physical().cast(pl.Float64)
    )
    initiator, target = (
        parties.filter(pl.col("role") == role).select("incident_id", pl.col("iso3").alias(role))
        for role in ("initiator", "target")
    )
    first, second = pl.min_horizontal("initiator", "target"), pl.max_horizontal("initiator", "target")
    return (
        dated.join(initiator, on="incident_id")
        .join(target, on="incident_id")
        .filter(pl.col("initiator") != pl.col("target"))
        .select(
            "incident_id",
            "initiator",
            "target",
            dyad=pl.concat_str(first, second, separator="-"),
            side=(pl.col("initiator") == second).cast(pl.Int64),
            day="day",
        )
        .sort("dyad", "day", "side", "incident_id")
    )
