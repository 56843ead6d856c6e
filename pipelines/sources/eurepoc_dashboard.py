"""The data behind EuRepoC's dashboard: who hit whom, and which incidents met a response.

Reads bytes only. `nan` written as a text is the files' other sign for an empty cell.
"""

from __future__ import annotations

import polars as pl

from pipelines.sources import text_table

SOURCE = "eurepoc_dashboard"
NETWORK = "dashboard_network_data.csv"
RESPONSES = "dashboard_responses_data.csv"
MISSING = "nan"


def parse_network(payload: bytes) -> pl.DataFrame:
    """Pairs of receiver and initiator, repeated for each conflict issue, after row_number and incident_id."""
    names = [
        *("receiver_country", "initiator_country", "weighted_cyber_intensity", "initiator_name"),
        *("initiator_category", "cyber_conflict_issue"),
    ]
    table = text_table.read(payload, SOURCE, NETWORK, ["ID", *names])
    return table.select("row_number", _present(names), incident_id="ID")


def parse_responses(payload: bytes) -> pl.DataFrame:
    """Incidents by receiver and initiator with the responses they met, after row_number and incident_id."""
    names = [
        *("political_response", "legal_response", "start_date", "receiver_country"),
        *("initiator_country", "incident_type", "weighted_cyber_intensity"),
    ]
    table = text_table.read(payload, SOURCE, RESPONSES, ["ID", *names])
    return table.select("row_number", _present(names), incident_id="ID")


def _present(names: list[str]) -> pl.Expr:
    return pl.when(pl.col(names) != MISSING).then(pl.col(names))
