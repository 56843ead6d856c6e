"""Crimes of a year that are on record where a source rests on what victims tell: what `models.reporting` corrects.

Pure functions of tables of core. Trackers of operations of states rest on no victim's word, and nobody knows what share
they have: their counts are shown as they are.
"""

from __future__ import annotations

import polars as pl

from models.reporting import OnRecord
from pipelines.loss_samples import IC3, WINDOWS

CRIMINAL = "criminal"
TOLD = ("vcdb",)
"""Trackers whose criminal incidents are known because victims told; of years within their window."""


def crimes(incidents_per_quarter: pl.DataFrame, ic3_totals: pl.DataFrame) -> list[OnRecord]:
    """Crimes on record by source and year, within the years that the source records throughout (`WINDOWS`).

    Parameters
    ----------
    incidents_per_quarter : core.incidents_per_quarter; a year counts with its records that name no quarter
    ic3_totals : core.ic3_totals; a complaint is a crime
    """
    mine = incidents_per_quarter.filter(pl.col("tracker").is_in(TOLD), pl.col("threat_class") == CRIMINAL)
    by_year = mine.group_by("tracker", year=pl.col("quarter").dt.year()).agg(pl.col("in_year").first())
    told = by_year.sort("tracker", "year").select("tracker", "year", "in_year").rows()
    complained = [(IC3, year, count) for year, count in ic3_totals.sort("year").select("year", "complaints").rows()]
    within = [row for row in (*complained, *told) if WINDOWS[row[0]][0] <= row[1] <= WINDOWS[row[0]][1]]
    return [(source, CRIMINAL, year, count) for source, year, count in within]
