"""DCID's incidents as records: between two states, so of class state; types, sectors, intensity in the common words."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.incidents.words import economies, first_of, links, precision, translated
from pipelines.vocabularies import INCIDENT_TYPES
from pipelines.vocabulary import Vocabulary

SOURCE = "dcid"
INTENSITY_STEPS = (2, 4, 5)
"""DCID's severity, 0 to 10, from which an incident is limited, substantial, severe: a judgement. 5 is the first level
with an attempt at physical destruction."""


def records(tables: Mapping[str, pl.DataFrame], words: Vocabulary) -> pl.DataFrame:
    """The record of each incident of DCID, columns of `merge.RECORD`.

    The gravest of what method, objective and the flag of ransomware say is the type; the target is the state of the
    dyad that did not act.
    """
    table = tables["dcid_incidents"]
    iso3 = words.economy(SOURCE)
    kinds = [
        translated(pl.concat_list(name), words.code(SOURCE, name, "incident_type")) for name in ("objective", "method")
    ]
    ransom = pl.when(pl.col("ransomware") == 1).then(pl.lit(["ransomware"], pl.List(pl.String)))
    types = pl.concat_list(*kinds, ransom.fill_null([]))
    sectors = [
        translated(pl.concat_list(name), words.code(SOURCE, name, "sector"))
        for name in ("infrastructure", "target_type")
    ]
    # the codes of the dyad stand one after the other
    other = (
        pl.when(pl.col("dyad").str.starts_with(pl.col("initiator")))
        .then(pl.col("dyad").str.strip_prefix(pl.col("initiator")))
        .otherwise(pl.col("dyad").str.strip_suffix(pl.col("initiator")))
    )
    return table.with_columns(acting=pl.concat_list("initiator"), other=pl.concat_list(other)).select(
        "vintage",
        "row_number",
        "start_date",
        "end_date",
        record_id=pl.format("dcid:{}", "incident_id"),
        source_id=pl.lit(SOURCE),
        title=pl.col("name"),
        names=pl.lit([], pl.List(pl.String)),
        date_precision=precision("start_date"),
        threat_class=pl.lit("state"),
        actor=pl.lit("state"),
        incident_type=first_of(types, INCIDENT_TYPES, "unknown"),
        sectors=pl.concat_list(sectors).list.unique().list.sort(),
        intensity=1 + sum((pl.col("severity") >= step).cast(pl.Int64) for step in INTENSITY_STEPS),
        initiators=economies("acting", iso3),
        targets=economies("other", iso3),
        urls=links("urls"),
    )
