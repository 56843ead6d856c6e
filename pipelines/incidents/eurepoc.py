"""EuRepoC's incidents as records: its class rule, its types, sectors and intensity in the common words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from pipelines.incidents.words import actor, economies, first_of, links, precision, translated
from pipelines.vocabularies import INCIDENT_TYPES
from pipelines.vocabulary import Vocabulary

SOURCE = "eurepoc"
UNKNOWN_PURPOSE = {"Unknown - not attributed", "Not available", "Individual hacker(s)", "Non-state-group"}
INTENSITY_STEPS = (2, 4, 7)
"""EuRepoC's weighted intensity, 0 to 15, from which an incident is limited, substantial, severe: a judgement."""


def threat_class(
    categories: Sequence[str], subcategories: Sequence[str], incident_types: Sequence[str], words: Vocabulary
) -> str:
    """`state`, `criminal` or `other` from EuRepoC's labels.

    An initiator that is a state or state-affiliated decides first; then a group coded as criminal. Ransomware by an
    initiator whose purpose is not coded (unknown, a person, a group without subcategory) is criminal. All else is
    other: hacktivists, terrorists, ethnic and religious actors, persons, what nobody could classify, and hacking for
    hire, whose label also covers research entities and whose campaigns are espionage.
    """
    kinds = words.code(SOURCE, "initiator_category", "threat_class")
    purposes = words.code(SOURCE, "initiator_category_subcode", "threat_class")
    if any(kinds[category] == "state" for category in categories):
        return "state"
    if any(purposes[purpose] == "criminal" for purpose in subcategories):
        return "criminal"
    if "Ransomware" in incident_types and not subcategories and UNKNOWN_PURPOSE.issuperset(categories):
        return "criminal"
    return "other"


def records(tables: Mapping[str, pl.DataFrame], words: Vocabulary) -> pl.DataFrame:
    """The record of each incident of EuRepoC, columns of `merge.RECORD`."""
    table = tables["eurepoc_incidents"]
    labels = ["initiator_category", "initiator_category_subcode", "incident_type"]
    unique = table.select(labels).unique(maintain_order=True)
    classes = pl.Series("threat_class", [threat_class(*row, words) for row in unique.iter_rows()], pl.String)
    iso3 = words.economy(SOURCE)
    types = translated("incident_type", words.code(SOURCE, "incident_type", "incident_type"))
    fine = words.code(SOURCE, "receiver_category_subcode", "sector")
    broad = words.code(SOURCE, "receiver_category", "sector")
    sectors = pl.concat_list(translated("receiver_category", broad), translated("receiver_category_subcode", fine))
    weight = pl.col("weighted_cyber_intensity")
    return table.join(unique.with_columns(classes), on=labels, maintain_order="left", nulls_equal=True).select(
        "vintage",
        "row_number",
        "start_date",
        "end_date",
        "threat_class",
        actor=actor(translated("initiator_category", words.code(SOURCE, "initiator_category", "actor"))),
        record_id=pl.format("eurepoc:{}", "incident_id"),
        source_id=pl.lit(SOURCE),
        title=pl.col("name"),
        names=pl.col("initiator_name").list.unique().list.sort(),
        date_precision=precision("start_date"),
        incident_type=first_of(types, INCIDENT_TYPES, "unknown"),
        sectors=sectors.list.unique().list.sort(),
        intensity=pl.when(weight > 0).then(1 + sum((weight >= step).cast(pl.Int64) for step in INTENSITY_STEPS)),
        initiators=economies("initiator_country", iso3),
        targets=economies("receiver_country", iso3),
        urls=links("urls"),
    )
