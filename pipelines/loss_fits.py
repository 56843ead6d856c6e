"""Fits of severity and frequency as they ship in data/reference/fits.csv, and the tables of schema `model` from them.

Rows of observed amounts and of counts, for the sources of core.losses; tail events and IC3 are reference tables and are
fitted in every run. What is fitted is in models, on the samples of `loss_samples`; `aggregate` writes the file.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from models.estimates import parameter
from models.frequency import Reporting
from models.frequency_table import FITS, FREQUENCY, SHIFT, UNITS, frequency_table
from models.severity import OBSERVED
from models.severity_table import ROWS, SEVERITY, SeverityTables, severity_tables
from pipelines import loss_records, loss_samples

SOURCES = ("defillama_hacks", "ransomwhere", "vcdb")
"""Sources of amounts whose fits ship."""
REPLICATIONS = 99
"""Samples of each bootstrap: p-values in hundredths."""
SEED = 20201
"""Of the bootstraps, the same in a run and in what ships, so that the same records give the same numbers."""
COUNTED, ON_RECORD = "counted", "on_record"
"""Fits that hold the number of years behind a frequency, and what a source has on record."""
ENDS = ("lower", "upper")
FREQUENCY_FITS = (*FITS, "test", "reporting")


def fit_severity(losses: pl.DataFrame, tail_events: pl.DataFrame, us_cpi: pl.DataFrame) -> SeverityTables:
    """Severity of every source on record, from core.losses, core.tail_events and core.us_cpi."""
    samples = loss_samples.samples(losses, tail_events, us_cpi)
    return severity_tables(samples, np.random.default_rng(SEED), REPLICATIONS)


def fit_frequency(
    losses: pl.DataFrame, ic3_totals: pl.DataFrame, tail_events: pl.DataFrame, reporting: Reporting
) -> pl.DataFrame:
    """Frequency of every source on record, from core.losses, core.ic3_totals and core.tail_events."""
    return frequency_table(loss_samples.counts(losses, ic3_totals, tail_events, reporting))


def shipped_rows(
    severity: pl.DataFrame, frequency: pl.DataFrame, losses: pl.DataFrame, incidents: pl.DataFrame
) -> pl.DataFrame:
    """The rows of fits.csv but for the day: those of `fit_rows` with the vintage of each source's amounts.

    Fit severity_<source>_on_record is what `loss_records` says of a source.
    """
    known = loss_records.records(losses, incidents).filter(pl.col("source_id").is_in(SOURCES))
    on_record = known.select(
        "coefficient",
        "unit",
        "estimate",
        "n",
        "status",
        source="source_id",
        fit=pl.format("severity_{}_{}", "source_id", pl.lit(ON_RECORD)),
        se=pl.lit(None, pl.Float64),
    )
    fitted = fit_rows(severity, frequency)
    rows = pl.concat([fitted, on_record.select(fitted.columns)])
    return rows.join(vintages(losses), on="source", how="left", maintain_order="left", validate="m:1")


def vintages(losses: pl.DataFrame) -> pl.DataFrame:
    """source and vintage, <source>:<edition>, of the sources of core.losses."""
    return losses.select(source="source_id", vintage=pl.format("{}:{}", "source_id", "vintage")).unique()


def fit_rows(severity: pl.DataFrame, frequency: pl.DataFrame) -> pl.DataFrame:
    """Both tables as rows of fits.csv: source, fit, coefficient, unit, estimate, se, n, status.

    fit is severity_<source>_<family> or frequency_<source>_<fit>. Ends of an interval that no standard error gives are
    rows of their own, <coefficient>_lower and _upper.
    """
    amounts = severity.filter(pl.col("amounts") == OBSERVED).with_columns(
        fit=pl.format("severity_{}_{}", "source_id", "family")
    )
    counts = frequency.with_columns(fit=pl.format("frequency_{}_{}", "source_id", "fit"))
    years = frequency.unique("source_id", maintain_order=True).select(
        "source_id",
        fit=pl.format("frequency_{}_{}", "source_id", pl.lit(COUNTED)),
        coefficient=pl.lit("years"),
        unit=pl.lit("years"),
        estimate=pl.col("years").cast(pl.Float64),
        se=pl.lit(None, pl.Float64),
        n="n",
        status=pl.lit("estimated"),
    )
    columns = ["source_id", "fit", "coefficient", "unit", "estimate", "se", "n", "status"]
    parts = []
    for table in (amounts, counts):
        parts.append(table.select(columns))
        bare = table.filter(pl.col("se").is_null())
        for end in ENDS:
            named = bare.with_columns(coefficient=pl.format("{}_{}", "coefficient", pl.lit(end)), estimate=pl.col(end))
            parts.append(named.drop_nulls("estimate").select(columns))
    rows = pl.concat([*parts, years.select(columns)]).rename({"source_id": "source"})
    return rows.filter(pl.col("source").is_in(SOURCES))


def severity_of(fits: pl.DataFrame) -> pl.DataFrame:
    """Coefficients of severity (columns of models.severity_table.SEVERITY) from core.fits."""
    rows = [
        {"source_id": source, "amounts": OBSERVED, "family": family, **row}
        for source in SOURCES
        for family, units in ROWS.items()
        for row in _shipped(fits, f"severity_{source}_{family}", units)
    ]
    return pl.DataFrame(rows, schema=SEVERITY)


def frequency_of(fits: pl.DataFrame) -> pl.DataFrame:
    """Table of frequency (columns of models.frequency_table.FREQUENCY) from core.fits."""
    years = dict(fits.filter(coefficient="years").select("fit", "estimate").iter_rows())
    rows = []
    for source in SOURCES:
        for fit in FREQUENCY_FITS:
            name = f"frequency_{source}_{fit}"
            mine = fits.filter(pl.col("fit") == name)["coefficient"].to_list()
            units = {k: UNITS.get(k, SHIFT) for k in mine if not k.endswith(ENDS)}
            counted = int(years.get(f"frequency_{source}_{COUNTED}", 0))
            rows += [{"source_id": source, "fit": fit, "years": counted, **row} for row in _shipped(fits, name, units)]
    return pl.DataFrame(rows, schema=FREQUENCY)


def records_of(fits: pl.DataFrame) -> pl.DataFrame:
    """What sources have on record (columns of pipelines.loss_records.RECORDS) from core.fits."""
    shipped = {f"severity_{source}_{ON_RECORD}": source for source in SOURCES}
    mine = fits.filter(pl.col("fit").is_in(list(shipped)))
    return mine.with_columns(source_id=pl.col("fit").replace_strict(shipped)).select(list(loss_records.RECORDS))


def completed(table: pl.DataFrame, shipped: pl.DataFrame) -> pl.DataFrame:
    """A table of what is on this machine, with the shipped rows of sources that it lacks; `basis` says which."""
    mine = table.with_columns(basis=pl.lit("records"))
    missing = shipped.filter(~pl.col("source_id").is_in(table["source_id"].unique().to_list()))
    return pl.concat([mine, missing.with_columns(basis=pl.lit("shipped fit"))])


def _shipped(fits: pl.DataFrame, name: str, units: Mapping[str, str]) -> list[dict[str, object]]:
    """The rows of one fit with their intervals, in the order of `units`."""
    found = {row["coefficient"]: row for row in fits.filter(pl.col("fit") == name).iter_rows(named=True)}
    rows = []
    for coefficient, unit in units.items():
        if (row := found.get(coefficient)) is None:
            continue
        if row["se"] is not None:
            lower, upper = parameter(coefficient, row["estimate"], row["se"])[2:4]
        else:
            lower, upper = (found.get(f"{coefficient}_{end}", {}).get("estimate") for end in ENDS)
        kept = {k: row[k] for k in ("coefficient", "estimate", "se", "n", "status")}
        rows.append(kept | {"lower": lower, "upper": upper, "unit": unit})
    return rows
