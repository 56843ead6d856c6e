"""What each source of losses has on record: its largest event, its years, and the threat classes of its events.

Pure functions of frames. Fits to the same amounts are in `loss_fits`; what a year may cost is in `models.exceedance`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from models.world import CLASSES
from pipelines.loss_samples import USD_BN, WINDOWS, worth_counting

WITHOUT_INCIDENTS = "criminal"
"""Threat class of the amounts of sources that tell no incident, a judgement: ransom payments and thefts from exchanges
and contracts are crime whoever takes the money, some of it for a state."""
MONEY, SHARE = "USD bn, 2020 prices", "fraction"
SHARES = {f"share_{k}": k for k in CLASSES}
LARGEST, YEAR = "largest_event", "loss_"
"""Coefficients of a source beside its shares; `YEAR` is followed by a year."""
COUNTED, JUDGED = "on record", "a judgement"
RECORDS = {
    "source_id": pl.String,
    "coefficient": pl.String,
    "unit": pl.String,
    "estimate": pl.Float64,
    "n": pl.Int64,
    "status": pl.String,
}


@dataclass(frozen=True)
class OnRecord:
    """What a source has on record, USD bn of 2020.

    yearly_losses : sum of the amounts by year; class_shares : of its events, of sum 1; n : its amounts
    """

    largest_event: float
    yearly_losses: Mapping[int, float]
    class_shares: Mapping[str, float]
    n: int


def records(losses: pl.DataFrame, incidents: pl.DataFrame) -> pl.DataFrame:
    """Columns of `RECORDS`, six significant digits: sources with a window of counts, amounts observed and not.

    Parameters
    ----------
    losses : core.losses; a year outside the source's window is no year on record
    incidents : core.incidents, for the threat class of an amount that names one
    """
    amounts = (
        worth_counting(losses)
        .filter(pl.col("source_id").is_in(list(WINDOWS)))
        .drop_nulls("loss_usd_2020")
        .join(incidents.select("incident_id", "threat_class"), on="incident_id", how="left", maintain_order="left")
        .with_columns(
            pl.col("threat_class").fill_null(WITHOUT_INCIDENTS),
            year=pl.col("occurred_on").dt.year(),
            usd_bn=pl.col("loss_usd_2020") / USD_BN,
        )
    )
    found = []
    for source in amounts["source_id"].unique().sort():
        mine = amounts.filter(pl.col("source_id") == source)
        first, last = WINDOWS[source]
        inside = mine.filter(pl.col("year").is_between(first, last))
        years = inside.group_by("year").agg(pl.col("usd_bn").sum()).sort("year")
        of_class = dict(mine["threat_class"].value_counts().iter_rows())
        shares = COUNTED if mine["incident_id"].null_count() < mine.height else JUDGED
        numbers = [(LARGEST, MONEY, mine["usd_bn"].max(), mine.height, COUNTED)]
        numbers += [(f"{YEAR}{year}", MONEY, amount, mine.height, COUNTED) for year, amount in years.iter_rows()]
        numbers += [(k, SHARE, of_class.get(c, 0) / mine.height, mine.height, shares) for k, c in SHARES.items()]
        found += [(source, *number) for number in numbers]
    table = pl.DataFrame(found, schema=RECORDS, orient="row")
    # shares of thousands of events keep their digits, so that they still add up to one
    is_share = pl.col("coefficient").is_in(list(SHARES))
    return table.with_columns(
        estimate=pl.when(is_share).then("estimate").otherwise(pl.col("estimate").round_sig_figs(6))
    )


def on_record(table: pl.DataFrame) -> dict[str, OnRecord]:
    """By source what `records` says of it."""
    found = {}
    for source in table["source_id"].unique().sort():
        mine = table.filter(pl.col("source_id") == source)
        value = dict(mine.select("coefficient", "estimate").iter_rows())
        years = {int(name.removeprefix(YEAR)): value[name] for name in value if name.startswith(YEAR)}
        shares = {k: value[name] for name, k in SHARES.items() if value[name] > 0}
        found[source] = OnRecord(value[LARGEST], years, shares, mine["n"][0])
    return found
