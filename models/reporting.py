"""How many events there were where only some are on record: counts over the probability of being on record.

What a source has on record is counted in the pipeline; fits of such counts are in `frequency`.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from scipy.stats import beta

from models.definition import withheld
from models.frequency import Reporting, true_rate

QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}
UNIT = "events a year"
ESTIMATED, WITHHELD = "estimated", "withheld: fewer than 30 records"
OnRecord = tuple[str, str, int, int]
"""Source, threat class, year and the events of the year on record."""
SCHEMA = {
    "source_id": pl.String,
    "threat_class": pl.String,
    "year": pl.Int32,
    "on_record": pl.Int32,
    **dict.fromkeys(("mean", *QUANTILES), pl.Float64),
    "status": pl.String,
    "unit": pl.String,
}


def all_events(on_record: Sequence[OnRecord], reporting: Reporting) -> pl.DataFrame:
    """`model.all_events`: events of a year, on record or not, where a source rests on what victims tell.

    Errors
    ------
    ValueError for a probability whose inverse has no mean.

    Notes
    -----
    model.md 2: on record = all x p. With p ~ Beta(a, b) the quantile of all at u is the count over the quantile of p at
    1 - u. That the count itself is one outcome of many is left out: beside p, from 100 records on, it is nothing. The
    same p holds in every year, so that the shape over time is that of the records and only the level is corrected.
    """
    inverse = {name: float(1 / beta.ppf(1 - u, *reporting)) for name, u in QUANTILES.items()}
    rows = []
    for source, threat_class, year, count in on_record:
        scale = {"mean": true_rate(1.0, reporting)[0], **inverse}
        known = not withheld(count)
        numbers = [count * each if known else None for each in scale.values()]
        rows.append((source, threat_class, year, count, *numbers, ESTIMATED if known else WITHHELD, UNIT))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").with_columns(pl.col(pl.Float64).round_sig_figs(6))
