"""EuRepoC Global Database 1.1: incidents, who attributed them, and who was hit.

Reads bytes only, in the source's own labels. Countries and categories come as Python literals, whose quotes switch
where a name has an apostrophe, so they are read as Python. A cell that is no list becomes a list of its text.
"""

from __future__ import annotations

import ast
from functools import lru_cache

import polars as pl

from pipelines.sources import json_table, text_table

SOURCE = "eurepoc"
INCIDENTS = "EuRepoC_Global_Database_1.1.csv"
ATTRIBUTIONS = "EuRepoC_Attribution_dataset_1.1.csv"
RECEIVERS = "EuRepoC_Receiver_dataset_1.1.csv"
LISTS = [
    *("receiver_country", "receiver_category", "receiver_category_subcode"),
    *("initiator_name", "initiator_country", "initiator_category", "initiator_category_subcode"),
]
LINKS = ["sources_url", "sources_attribution"]
PLAIN = [
    *("name", "start_date", "end_date", "data_theft", "disruption", "hijacking", "physical_effects_spatial"),
    *("zero_days", "weighted_cyber_intensity", "economic_impact_currency"),
]
NOT_CODED = "0.0"


def parse_incidents(payload: bytes) -> pl.DataFrame:
    """Incidents as served.

    Returns
    -------
    row_number (line of the record), incident_id, `PLAIN` as texts, incident_type and `LISTS` as flat lists without
    empty entries (repeats kept), economic_impact_exact_value (null for 0, which stands for "not coded"), urls (list)

    Raises
    ------
    SourceFormatError
        Not a CSV file, or a column is missing.
    """
    needed = ["ID", "incident_type", "economic_impact_exact_value", *PLAIN, *LISTS, *LINKS]
    table = text_table.read(payload, SOURCE, INCIDENTS, needed)
    lists = [json_table.lists(name, [_items(text) for text in table[name]]) for name in (*LISTS, *LINKS)]
    value = pl.col("economic_impact_exact_value")
    return (
        table.select(
            "row_number",
            *PLAIN,
            incident_id="ID",
            incident_type=pl.col("incident_type").str.split("; ").fill_null([]),
            economic_impact_exact_value=pl.when(value != NOT_CODED).then(value),
        )
        .with_columns(lists)
        .with_columns(urls=pl.concat_list(LINKS).list.unique(maintain_order=True))
        .drop(LINKS)
    )


def parse_attributions(payload: bytes) -> pl.DataFrame:
    """Attributions as served: row_number, incident_id, attribution_id, attribution_date, basis, and who is named."""
    names = {
        "incident_id": "incident_ID",
        "attribution_id": "attribution_ID",
        "attribution_date": "attribution_date",
        "attribution_basis": "attribution_basis",
        "attributing_country": "attributing_country",
        "attributed_initiator": "attributed_initiator",
        "attributed_initiator_country": "attributed_initiator_country",
        "attributed_initiator_category": "attributed_initiator_category",
    }
    table = text_table.read(payload, SOURCE, ATTRIBUTIONS, list(names.values()))
    whole = pl.col("attribution_id").str.strip_suffix(".0")
    return table.select("row_number", **{ours: pl.col(theirs) for ours, theirs in names.items()}).with_columns(whole)


def parse_receivers(payload: bytes) -> pl.DataFrame:
    """Receivers as served: row_number, incident_id, receiver_country, receiver_name, its category and subcode."""
    names = ["receiver_country", "receiver_name", "receiver_category", "receiver_category_subcode"]
    table = text_table.read(payload, SOURCE, RECEIVERS, ["ID", *names])
    return table.select("row_number", *names, incident_id="ID")


@lru_cache(maxsize=20_000)
def _items(text: str | None) -> list[str]:
    if text is None:
        return []
    try:
        value = ast.literal_eval(text)
        if not isinstance(value, list):
            return [text]
        flat = (part for item in value for part in (item if isinstance(item, list) else [item]))
        return [json_table.written(str(part).strip()) for part in flat if part]
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):  # 5,000 digits, a list as a key, ((((
        return [text]
