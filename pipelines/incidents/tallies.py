"""How many incidents trackers record: by quarter and class, and by who did what. Counts only, no row of a source.

Who attacks whom is counted in `counts`, for the models; these counts are shown as they are. The class, actor and type
of a record are its tracker's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from pipelines.incidents.matching import TRACKERS

ALL = "all"
"""Incidents of all trackers together, each once."""
DATED = ("day", "month")
"""Precisions of a date that name its quarter; where the day is not known the month is enough."""
QUARTERS = {
    "tracker": pl.String,
    "threat_class": pl.String,
    "quarter": pl.Date,
    "incidents": pl.Int64,
    "in_year": pl.Int64,
    "dated_share": pl.Float64,
    "vintage": pl.String,
}
TYPES = {
    "tracker": pl.String,
    "actor": pl.String,
    "incident_type": pl.String,
    "incidents": pl.Int64,
    "vintage": pl.String,
}
QUARTER_KEY = ("tracker", "threat_class", "quarter")
TYPE_KEY = ("tracker", "actor", "incident_type")


def quarters(records: pl.DataFrame, until: Mapping[str, date]) -> pl.DataFrame:
    """Records of attacks by tracker, class and quarter of their start, columns of `QUARTERS`.

    Parameters
    ----------
    records : source_id, vintage, threat_class, start_date, date_precision; of attacks only
    until : by tracker, the day that its vintage speaks of; a quarter that had not ended by then is left out

    Notes
    -----
    Quarters run from the tracker's first to its last dated record, in all classes that it has; one without a record
    counts zero. Records that are known by year alone are in no quarter: `in_year` counts all of the tracker, class and
    year, `dated_share` is the share of them that names a quarter; null where there are none.
    """
    frames = [pl.DataFrame(schema=QUARTERS)]
    is_dated = pl.col("date_precision").is_in(DATED)
    for (tracker, vintage), mine in records.group_by("source_id", "vintage", maintain_order=True):
        quarter, day = pl.col("start_date").dt.truncate("1q"), until[str(tracker)]
        dated = mine.filter(is_dated).with_columns(quarter=quarter).filter(pl.col("quarter").dt.offset_by("1q") <= day)
        if dated.is_empty():
            continue
        first, last = dated.select(first=pl.col("quarter").min(), last=pl.col("quarter").max()).row(0)
        span = pl.date_range(first, last, "1q", eager=True).alias("quarter").to_frame()
        of_year = mine.drop_nulls("start_date").group_by("threat_class", year=pl.col("start_date").dt.year())
        frames.append(
            mine.select(pl.col("threat_class").unique())
            .join(span, how="cross")
            .join(
                dated.group_by("threat_class", "quarter").agg(incidents=pl.len()),
                on=["threat_class", "quarter"],
                how="left",
            )
            .with_columns(year=pl.col("quarter").dt.year())
            .join(
                of_year.agg(in_year=pl.len(), dated_share=is_dated.mean().round(6)),
                on=["threat_class", "year"],
                how="left",
            )
            .with_columns(pl.col("incidents", "in_year").fill_null(0), tracker=pl.lit(tracker), vintage=pl.lit(vintage))
            .select(pl.col(name).cast(kind) for name, kind in QUARTERS.items())
        )
    return pl.concat(frames).sort(QUARTER_KEY)


def types(records: pl.DataFrame, incidents: pl.DataFrame) -> pl.DataFrame:
    """Incidents by who did what, columns of `TYPES`: the records of each tracker, and the incidents of all together.

    Parameters
    ----------
    records : source_id, vintage, actor, incident_type; of attacks only
    incidents : actor and incident_type of core.incidents; counted only where no tracker is missing
    """
    editions = dict(records.select("source_id", "vintage").unique().sort("source_id").iter_rows())
    own = records.group_by("actor", "incident_type", "vintage", tracker="source_id").agg(incidents=pl.len())
    frames = [pl.DataFrame(schema=TYPES), own.select(pl.col(name).cast(kind) for name, kind in TYPES.items())]
    if set(editions) == set(TRACKERS):
        vintage = " ".join(f"{source}:{label}" for source, label in editions.items())
        whole = incidents.group_by("actor", "incident_type").agg(incidents=pl.len())
        whole = whole.with_columns(tracker=pl.lit(ALL), vintage=pl.lit(vintage))
        frames.append(whole.select(pl.col(name).cast(kind) for name, kind in TYPES.items()))
    return pl.concat(frames).sort(TYPE_KEY)


def source() -> pl.Expr:
    """The source that a count names: its tracker, the first of them for all together."""
    return pl.when(pl.col("tracker") == ALL).then(pl.lit(TRACKERS[0])).otherwise("tracker")
