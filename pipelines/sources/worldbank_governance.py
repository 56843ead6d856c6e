"""World Bank Worldwide Governance Indicators, the long CSV.

Reads bytes only. The file's own country codes stay (KSV, ADO, ROM, ZAR, TMP, WBG): the alias table maps them later.
"""

from __future__ import annotations

import polars as pl

from pipelines.sources import text_table

SOURCE, FILE = "worldbank_governance", "wgidataset.csv"
MISSING = ".."


def parse(payload: bytes) -> pl.DataFrame:
    """Estimates as served: row_number, code, year, indicator (`rl` is rule of law), estimate; texts, null for `..`."""
    table = text_table.read(payload, SOURCE, FILE, ["code", "year", "indicator", "estimate"])
    estimate = pl.when(pl.col("estimate") != MISSING).then("estimate")
    return table.select("row_number", "code", "year", "indicator", estimate=estimate)
