"""Staging tables of the Dyadic Cyber Incident and Campaign Data: incidents, and both sides of each."""

import pandera.polars as pa
import polars as pl

from pipelines.schemas.staging import coded, field, row_rule, staging_table

LABEL = "label"
INITIATOR_OUTSIDE = ~(
    pl.col("dyad").str.starts_with(pl.col("initiator")) | pl.col("dyad").str.ends_with(pl.col("initiator"))
)
SEVERITY = field(
    "severity",
    pl.Int64,
    "0 to 10",
    "severity of the incident",
    checks=[pa.Check.in_range(0, 10, name="severity_scale")],
)


def _flag(name: str, description: str) -> tuple[str, pa.Column]:
    return field(name, pl.Int64, LABEL, f"{description}: 1 yes, 0 no", checks=[pa.Check.isin([0, 1], name="flag")])


ID = field("incident_id", pl.Int64, LABEL, "number of the incident in its sheet")
DYAD = field("dyad", pl.String, LABEL, "codes of the two states, one after the other (Correlates of War)")
STATES = (
    coded("state_a", "a state of the dyad", to="economies"),
    coded("state_b", "the other state of the dyad", to="economies"),
)
START = field("start_date", pl.Date, "date", "day the interaction began")
INITIATOR = coded("initiator", "state that acted, Correlates of War code", to="economies")
METHOD = coded("method", "1 defacement, 2 denial of service, 3 intrusion, 4 infiltration and its kinds", to="crosswalk")
OBJECTIVE = coded("objective", "1 disruption, 2 short-term and 3 long-term espionage, 4 degradation", to="crosswalk")
TARGET_TYPE = coded("target_type", "1 private, 2 government, 3 military", to="crosswalk")
INFORMATION = _flag("information_operation", "whether it was part of an information operation")
DAMAGE = field("damage_type", pl.String, LABEL, "1 direct and immediate, 2 direct and delayed, 3, 4 indirect; 0 none")

TABLES = (
    staging_table(
        "dcid_incidents",
        "Cyber incidents between rival states; one row is an incident",
        "dcid",
        ID,
        DYAD,
        *STATES,
        field("name", pl.String, LABEL, "name of the incident"),
        START,
        field("end_date", pl.Date, "date", "day the interaction ended"),
        METHOD,
        TARGET_TYPE,
        INITIATOR,
        OBJECTIVE,
        INFORMATION,
        _flag("achieved", "whether the objective was achieved"),
        _flag("third_party", "whether a third party acted"),
        SEVERITY,
        DAMAGE,
        coded("infrastructure", "sector of critical infrastructure that was hit, 0 to 17", to="crosswalk"),
        _flag("supply_chain", "whether it came through a supplier"),
        _flag("ransomware", "whether it was ransomware"),
        field("urls", pl.List(pl.String), LABEL, "reports on the incident"),
        key=["incident_id"],
        rules=[
            row_rule(
                "date_order", "end_date", pl.col("end_date") < pl.col("start_date"), "an end on or after the start"
            ),
            row_rule("initiator_in_dyad", "initiator", INITIATOR_OUTSIDE, "one of the two states of the dyad"),
        ],
    ),
    staging_table(
        "dcid_sides",
        "What each side of an incident did, in the cyber domain and outside it; one row is an incident and a side",
        "dcid",
        ID,
        DYAD,
        *STATES,
        field("name", pl.String, LABEL, "name of the incident; null where the side did nothing", nullable=True),
        START,
        METHOD,
        TARGET_TYPE,
        INITIATOR,
        coded("target", "state that was acted on, Correlates of War code", to="economies"),
        OBJECTIVE,
        INFORMATION,
        SEVERITY,
        DAMAGE,
        _flag("cyber_escalation", "whether the side escalated in the cyber domain"),
        field("conventional_escalation", pl.Int64, LABEL, "acts of conventional escalation"),
        field("conventional_deescalation", pl.Int64, LABEL, "acts of conventional de-escalation"),
    ),
)
