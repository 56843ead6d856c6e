"""One figure out of a reference table, or a message that says which row is missing.

Belongs here: look-ups of single printed numbers (a GDP, an estimate, a price level). No arithmetic on them.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

WORLD = "WLD"


@dataclass(frozen=True)
class LedgerFigure:
    """A printed estimate: its center in USD bn of its own year, the ends where printed, and the year it refers to."""

    estimate_id: str
    usd_bn: float
    low_usd_bn: float | None
    high_usd_bn: float | None
    reference_year: int


def gdp_of(gdp: pl.DataFrame, iso3: str, year: int) -> float:
    """GDP of an economy (WLD for the world) in a year, USD bn at current prices; ValueError where it is missing."""
    chosen = gdp.filter((pl.col("iso3") == iso3) & (pl.col("year") == year))
    return _only(chosen, "gdp_usd_bn_current", f"{iso3} {year}")


def world_gdp(gdp: pl.DataFrame, year: int) -> float:
    """GDP of the world in a year, USD bn at current prices; ValueError where it is missing."""
    return gdp_of(gdp, WORLD, year)


def price_level(cpi: pl.DataFrame, year: int) -> float:
    """US consumer price index, mean of the twelve months of a year; ValueError where a month is missing."""
    return _only(cpi.filter((pl.col("year") == year) & (pl.col("months") == 12)), "index", f"{year} with 12 months")


def ledger_figure(estimates: pl.DataFrame, estimate_id: str) -> LedgerFigure:
    """A row of the ledger that prints a center, whether or not it is in the fit; ValueError where there is none."""
    chosen = estimates.filter(pl.col("estimate_id") == estimate_id)
    center = _only(chosen, "central_usd_bn", f"estimate {estimate_id}")
    row = chosen.row(0, named=True)
    return LedgerFigure(estimate_id, center, row["low_usd_bn"], row["high_usd_bn"], int(row["reference_year"]))


def printed_share(bases: pl.DataFrame, base_id: str) -> float:
    """A share of GDP exactly as its publisher prints it (fraction); ValueError where the row is missing."""
    return _only(bases.filter(pl.col("base_id") == base_id), "share_of_gdp", f"base {base_id}")


def printed_amount(bases: pl.DataFrame, base_id: str) -> float:
    """An amount exactly as its publisher prints it (USD bn of its year); ValueError where the row is missing."""
    return _only(bases.filter(pl.col("base_id") == base_id), "usd_bn", f"base {base_id}")


def _only(rows: pl.DataFrame, column: str, what: str) -> float:
    values = rows[column].drop_nulls()
    if rows.height != 1 or values.len() != 1:
        raise ValueError(f"{column} of {what}: expected one row with a value, found {rows.height} rows")
    return float(values[0])
