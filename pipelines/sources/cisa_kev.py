"""CISA's catalogue of vulnerabilities known to be exploited. Reads bytes only."""

from __future__ import annotations

import polars as pl

from pipelines.sources import text_table

SOURCE, FILE = "cisa_kev", "known_exploited_vulnerabilities.csv"
COLUMNS = {
    "cve_id": "cveID",
    "vendor": "vendorProject",
    "product": "product",
    "date_added": "dateAdded",
    "due_date": "dueDate",
    "ransomware_use": "knownRansomwareCampaignUse",
    "cwes": "cwes",
}


def parse(payload: bytes) -> pl.DataFrame:
    """Vulnerabilities as served, columns of `COLUMNS` after row_number; texts."""
    table = text_table.read(payload, SOURCE, FILE, list(COLUMNS.values()))
    return table.select("row_number", **{ours: pl.col(theirs) for ours, theirs in COLUMNS.items()})
