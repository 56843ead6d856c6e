"""Staging tables of EuRepoC: incidents, attributions, receivers."""

import pandera.polars as pa
import polars as pl

from pipelines.schemas.staging import coded, field, row_rule, staging_table

LABEL = "label"
LIST = pl.List(pl.String)
INTENSITY = pa.Check.in_range(0, 15, name="intensity_scale")

TABLES = (
    staging_table(
        "eurepoc_incidents",
        "Cyber incidents with a political dimension; one row is an incident",
        "eurepoc",
        field("incident_id", pl.Int64, LABEL, "EuRepoC's id"),
        field("name", pl.String, LABEL, "name of the incident"),
        field("start_date", pl.Date, "date", "first day; 1 January stands for a day not known", nullable=True),
        field("end_date", pl.Date, "date", "last day", nullable=True),
        coded("incident_type", "what was done", to="crosswalk", many=True),
        coded("receiver_country", "who was hit, as written, repeats kept", to="economies", many=True),
        coded("receiver_category", "categories of those hit", to="crosswalk", many=True),
        coded("receiver_category_subcode", "finer categories of those hit", to="crosswalk", many=True),
        field("initiator_name", LIST, LABEL, "groups and persons named as attackers"),
        coded("initiator_country", "where attackers come from", to="economies", many=True),
        coded("initiator_category", "kind of attacker", to="crosswalk", many=True),
        coded("initiator_category_subcode", "finer kind of attacker that is no state", to="crosswalk", many=True),
        field("data_theft", pl.String, LABEL, "theft of data, as coded", nullable=True),
        field("disruption", pl.String, LABEL, "disruption, as coded", nullable=True),
        field("hijacking", pl.String, LABEL, "hijacking, as coded", nullable=True),
        field("physical_effects_spatial", pl.String, LABEL, "physical effects, as coded", nullable=True),
        field("zero_days", pl.String, LABEL, "whether unknown vulnerabilities were used", nullable=True),
        field(
            "weighted_cyber_intensity", pl.Float64, "0 to 15", "intensity, weighted", nullable=True, checks=[INTENSITY]
        ),
        field(
            "economic_impact_exact_value",
            pl.Float64,
            "units of the currency",
            "economic impact; null where not coded, which the file writes as 0",
            nullable=True,
            checks=[pa.Check.in_range(0, 1e11, name="amount_range")],
        ),
        field("economic_impact_currency", pl.String, LABEL, "euro or dollar", nullable=True),
        field("urls", LIST, LABEL, "reports on the incident and its attribution"),
        key=["incident_id"],
        rules=[
            row_rule(
                "date_order", "end_date", pl.col("end_date") < pl.col("start_date"), "an end on or after the start"
            )
        ],
    ),
    staging_table(
        "eurepoc_attributions",
        "Who blamed whom for an incident; one row is an attribution and an attacker it names",
        "eurepoc",
        field("incident_id", pl.Int64, LABEL, "EuRepoC's id of the incident"),
        field("attribution_id", pl.Int64, LABEL, "EuRepoC's id of the attribution", nullable=True),
        field("attribution_date", pl.Date, "date", "day it was made", nullable=True),
        field("attribution_basis", pl.String, LABEL, "who attributes", nullable=True),
        field("attributing_country", pl.String, LABEL, "country or organization that attributes", nullable=True),
        field("attributed_initiator", pl.String, LABEL, "group or person named", nullable=True),
        coded("attributed_initiator_country", "where it comes from", to="economies", nullable=True),
        field("attributed_initiator_category", pl.String, LABEL, "kind of attacker", nullable=True),
    ),
    staging_table(
        "eurepoc_receivers",
        "Who was hit by an incident; one row is a receiver in a category",
        "eurepoc",
        field("incident_id", pl.Int64, LABEL, "EuRepoC's id of the incident"),
        coded("receiver_country", "where it is", to="economies", nullable=True),
        field("receiver_name", pl.String, LABEL, "who it is", nullable=True),
        coded("receiver_category", "its category", to="crosswalk"),
        coded("receiver_category_subcode", "its finer category", to="crosswalk", nullable=True),
    ),
)
