"""Samples that severity and frequency are fitted to: from core tables to amounts and yearly counts by source.

Pure functions of frames; the fits are in models. Sources are never pooled: each records crimes of its own kind and
amounts of its own ledgers. IC3 prints a mean loss by type of crime; that is a mean over many complaints and no sample
of events, so that IC3 gives counts alone. What is on record is what was disclosed or seen, and no random sample.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.definition import SHOWN
from models.frequency import DISCLOSURE_LAWS, DisclosureLaw, Reporting, YearlyCounts
from models.severity import Sample
from pipelines.losses import MONTHS_NEEDED, PRICES_OF

Array = NDArray[np.float64]

USD_BN = 1e9
DUST = {"ransomwhere": 10.0}
"""Least amount that is a loss, USD of 2020, a judgement: a fifth of the payments on record are below ten dollars, tests
and dust of the chain, and hold a hundredth of a percent of the money."""
TAIL_EVENTS, IC3 = "tail_events", "ic3"
NO_AMOUNT = ("solarwinds",)
"""Events whose figures are an insured part and a quotation in the press, and no estimate of the loss."""
WINDOWS = {
    "vcdb": (2012, 2017),
    "ransomwhere": (2013, 2021),
    "defillama_hacks": (2020, 2025),
    TAIL_EVENTS: (2017, 2025),
    IC3: (2011, 2025),
}
"""First and last year whose events a source records throughout, a judgement: when its systematic coding began, and the
last full year before its vintage (VCDB: before coding thins out). A source without a window has no counts."""
NO_TREND = {"vcdb": "yearly counts follow the effort of coders: no trend is estimated from them"}
LAWS: dict[str, tuple[DisclosureLaw, ...]] = {"vcdb": DISCLOSURE_LAWS, TAIL_EVENTS: DISCLOSURE_LAWS}
"""Laws that make companies disclose; they bear neither on what is seen on chains nor on complaints of victims."""
SEEN = ("defillama_hacks",)
"""Sources that rest on no victim's word: thefts on public chains are seen by anyone, and what share of them the list
has is not known. In others an event is on record with the probability of data/priors/reporting.yaml."""


def samples(losses: pl.DataFrame, tail_events: pl.DataFrame, us_cpi: pl.DataFrame) -> list[Sample]:
    """Amounts of every source, USD bn of 2020, observed apart from converted or imputed, sources by name.

    Parameters
    ----------
    losses : core.losses; amounts of years whose price index is incomplete have no dollars of 2020 and are left out
    tail_events : core.tail_events
    us_cpi : core.us_cpi, for the prices of tail events
    """
    amounts = worth_counting(losses).drop_nulls("loss_usd_2020")
    found = []
    for source in amounts["source_id"].unique().sort():
        mine = amounts.filter(pl.col("source_id") == source)
        observed, imputed = (mine.filter(pl.col("observed") == kind)["loss_usd_2020"] for kind in (True, False))
        found.append(Sample(source, observed.to_numpy() / USD_BN, imputed.to_numpy() / USD_BN))
    large = tail_amounts(tail_events, us_cpi)
    found.append(Sample(TAIL_EVENTS, large["loss_usd_bn_2020"].to_numpy(), np.array([])))
    return [one for one in found if one.observed.size + one.imputed.size >= SHOWN]


def counts(
    losses: pl.DataFrame, ic3_totals: pl.DataFrame, tail_events: pl.DataFrame, reporting: Reporting
) -> list[YearlyCounts]:
    """Events on record by year of every source with a window, sources by name.

    Parameters
    ----------
    losses : core.losses; every amount is an event, whether or not it has dollars of 2020
    ic3_totals : core.ic3_totals; a complaint is an event
    tail_events : core.tail_events; crimes only
    reporting : probability that an event is on record where victims must tell
    """
    events = {
        source: mine["occurred_on"].dt.year().value_counts(name="events").rename({"occurred_on": "year"})
        for (source,), mine in worth_counting(losses).drop_nulls("occurred_on").group_by("source_id")
    }
    crimes = tail_events.filter(pl.col("is_crime"))
    events[TAIL_EVENTS] = crimes["date"].dt.year().value_counts(name="events").rename({"date": "year"})
    events[IC3] = ic3_totals.select("year", events="complaints")
    return [_by_year(source, events[source], reporting) for source in sorted(WINDOWS) if source in events]


def worth_counting(losses: pl.DataFrame) -> pl.DataFrame:
    """core.losses without amounts that are no loss (`DUST`); without dollars of 2020, those of the year count."""
    least = pl.col("source_id").replace_strict(DUST, default=0.0, return_dtype=pl.Float64)
    return losses.filter(pl.coalesce("loss_usd_2020", "loss_usd") >= least)


def tail_amounts(tail_events: pl.DataFrame, us_cpi: pl.DataFrame) -> pl.DataFrame:
    """event_id and loss_usd_bn_2020 of the large crimes on record.

    The central figure, or the geometric mean of both ends where only a range is printed; events without either, of a
    year whose price index is incomplete, and `NO_AMOUNT` are left out.
    """
    index = us_cpi.filter(pl.col("months") >= MONTHS_NEEDED).select(year=pl.col("year").cast(pl.Int64), index="index")
    base = index.filter(pl.col("year") == PRICES_OF)["index"].item()
    between = (pl.col("low_usd_bn") * pl.col("high_usd_bn")).sqrt()
    return (
        tail_events.filter(pl.col("is_crime"), ~pl.col("event_id").is_in(NO_AMOUNT))
        .with_columns(year=pl.col("date").dt.year().cast(pl.Int64), central=pl.coalesce("central_usd_bn", between))
        .join(index, on="year", how="left", maintain_order="left")
        .select("event_id", loss_usd_bn_2020=pl.col("central") * base / pl.col("index"))
        .drop_nulls()
    )


def _by_year(source: str, events: pl.DataFrame, reporting: Reporting) -> YearlyCounts:
    """Counts of the source's window, up to the last year on record."""
    first, last = WINDOWS[source]
    typed = events.select(pl.col("year").cast(pl.Int64), pl.col("events").cast(pl.Float64))
    known = typed.filter(pl.col("year").is_between(first, last)).sort("year")
    if source != IC3:  # a list of events; a year without any counts zero
        years = pl.DataFrame({"year": range(first, 1 + (known["year"].max() or first - 1))}, schema={"year": pl.Int64})
        known = years.join(known, on="year", how="left", maintain_order="left").fill_null(0.0)
    return YearlyCounts(
        source,
        known["year"].cast(pl.Float64).to_numpy(),
        known["events"].to_numpy(),
        LAWS.get(source, ()),
        NO_TREND.get(source),
        None if source in SEEN else reporting,
    )
