"""Staging tables of EuRepoC's dashboard: pairs of receiver and initiator, responses."""

import pandera.polars as pa
import polars as pl

from pipelines.schemas.staging import coded, field, staging_table

ID = field("incident_id", pl.Int64, "label", "EuRepoC's id of the incident")
INTENSITY = field(
    "weighted_cyber_intensity",
    pl.Float64,
    "0 to 15",
    "intensity, weighted",
    nullable=True,
    checks=[pa.Check.in_range(0, 15, name="intensity_scale")],
)


def _country(name: str, description: str) -> tuple[str, pa.Column]:
    return coded(name, description, to="economies", nullable=True, scheme="eurepoc")


TABLES = (
    staging_table(
        "eurepoc_dashboard_network",
        "Who hit whom; one row is an incident, a receiver and an initiator. An economy may hit itself",
        "eurepoc_dashboard",
        ID,
        _country("receiver_country", "economy that was hit, as written"),
        _country("initiator_country", "economy the attack came from, as written"),
        INTENSITY,
        field("initiator_name", pl.String, "label", "group named as attacker", nullable=True),
        field("initiator_category", pl.String, "label", "kind of attacker", nullable=True),
        field("cyber_conflict_issue", pl.String, "label", "first of its conflict issues", nullable=True),
        key=["incident_id", "receiver_country", "initiator_country"],
        repeats="merge",
    ),
    staging_table(
        "eurepoc_dashboard_responses",
        "Which incidents met a response; one row is an incident, a receiver, an initiator and a type",
        "eurepoc_dashboard",
        ID,
        field("political_response", pl.Boolean, "true or false", "whether there was a political response"),
        field("legal_response", pl.Boolean, "true or false", "whether there was a legal response"),
        field("start_date", pl.Date, "date", "first day; 1 January stands for a day not known", nullable=True),
        _country("receiver_country", "economy that was hit, as written"),
        _country("initiator_country", "economy the attack came from, as written"),
        coded("incident_type", "what was done", to="crosswalk", nullable=True, scheme="eurepoc"),
        INTENSITY,
    ),
)
