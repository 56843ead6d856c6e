"""The shape of severities as it ships in data/reference: what shows whether the fits of `loss_fits` may be believed.

The tail by threshold, the mean excess, and amounts beside fitted ones by bins of ranks. All are aggregates: over at
least thirty amounts, over bins of at least five, or fits to at least thirty; no amount of a source is among them. What
is computed is in models.severity_table; `aggregate` writes the files.
"""

from __future__ import annotations

import polars as pl

from models.severity_table import SeverityTables
from pipelines.loss_fits import SOURCES, vintages

KEYS = {
    "tail_stability": ("threshold",),
    "mean_excess": ("threshold",),
    "severity_quantiles": ("family", "probability"),
}
"""By table, in data/reference and in schema `model`: what tells the rows of a source apart, a number last."""
DIGITS = 3
"""Significant digits that ship. Probabilities ship with all of theirs: they are ranks and tell of no amount."""


def order(name: str) -> list[str | pl.Expr]:
    """What the rows of a file, all texts, are sorted by: source, words, then the number as a number."""
    *words, number = KEYS[name]
    return ["source", *words, pl.col(number).cast(pl.Float64)]


def by_table(fitted: SeverityTables) -> dict[str, pl.DataFrame]:
    """The tables of a run's own fits by their names in schema `model`."""
    return {
        "tail_stability": fitted.stability,
        "mean_excess": fitted.mean_excess,
        "severity_quantiles": fitted.quantiles,
    }


def shipped_rows(fitted: SeverityTables, losses: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Rows of the three files, with the vintage of each source's amounts; `fitted` on these `losses`."""
    rounded = (pl.selectors.float() - pl.selectors.by_name("probability", require_all=False)).round_sig_figs(DIGITS)
    of_source = vintages(losses)
    return {
        name: table.filter(pl.col("source_id").is_in(SOURCES))
        .with_columns(rounded)
        .rename({"source_id": "source"})
        .join(of_source, on="source", how="left", maintain_order="left", validate="m:1")
        for name, table in by_table(fitted).items()
    }


def of_reference(table: pl.DataFrame) -> pl.DataFrame:
    """One of the tables as a run's own fits have it, from what ships."""
    return table.select(pl.col("source").alias("source_id"), pl.exclude("source", "vintage", "verified"))
