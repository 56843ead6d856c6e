"""How a staging table is described, and every one there is: one module a source, found by its name.

A staging table keeps a source's own labels. Descriptions, units, types and row rules live in the modules of this
package; `pipelines.ingest` applies them. No dagster here.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from functools import cache
from typing import Any, Literal

import pandera.polars as pa
import polars as pl

from pipelines.schemas.tables import COUNT, LABEL, column

PROVENANCE = (
    column(
        "row_number", pl.Int64, COUNT, "row in the source's file: line of a CSV, position in a list, row of a sheet"
    ),
    column("vintage", pl.String, LABEL, "edition of the source"),
)
Repeats = Literal["reject", "merge"]


def field(
    name: str,
    dtype: Any,
    unit: str,
    description: str,
    *,
    nullable: bool = False,
    checks: Sequence[pa.Check] = (),
    format: str = "%Y-%m-%d",
    ahead: bool = False,
) -> tuple[str, pa.Column]:
    """A column cast from the source's text; `format` is how the source writes a date. Each check carries its rule.

    `ahead` says that its days may lie long after the day the vintage speaks of.
    """
    _, built = column(name, dtype, unit, description, nullable=nullable, checks=checks)
    built.metadata = {**(built.metadata or {}), "format": format, "ahead": ahead}
    return name, built


def coded(
    name: str,
    description: str,
    *,
    to: Literal["economies", "crosswalk"],
    many: bool = False,
    nullable: bool = False,
    checks: Sequence[pa.Check] = (),
    scheme: str | None = None,
) -> tuple[str, pa.Column]:
    """A column of the source's own codes; each must be known to economy_aliases.csv or to crosswalk.csv.

    `scheme` names another source whose codes they are.
    """
    dtype = pl.List(pl.String) if many else pl.String
    _, built = column(name, dtype, LABEL, description, nullable=nullable, checks=checks)
    built.metadata = {**(built.metadata or {}), "coded": to, "scheme": scheme}
    return name, built


def row_rule(name: str, column_name: str, broken: pl.Expr, allowed: str, *, instead: bool = False) -> pa.Check:
    """A rule between the columns of a row: `broken` is true where it does not hold, null where it says nothing.

    With `instead`, no other rule is told of a row that breaks this one: it explains them all.
    """
    check = pa.Check(
        lambda data: data.lazyframe.select((~broken).fill_null(True).alias(name)), name=name, description=allowed
    )
    check.statistics = {"column": column_name, "instead": instead}
    return check


def staging_table(
    name: str,
    description: str,
    source_id: str,
    *columns: tuple[str, pa.Column],
    key: Sequence[str] = (),
    repeats: Repeats = "reject",
    rules: Sequence[pa.Check] = (),
    may_be_empty: bool = False,
) -> pa.DataFrameSchema:
    """A table of schema `staging`, one row a record of the source; `row_number` and `vintage` are added.

    Parameters
    ----------
    key : columns that tell its rows apart
    repeats : a later row with the same key and other content is rejected, or merged into the first
    rules : row rules, see `row_rule`
    may_be_empty : some vintages lack the table
    """
    return pa.DataFrameSchema(
        dict([*PROVENANCE, *columns]),
        name=f"staging.{name}",
        description=description,
        checks=list(rules),
        metadata={
            "source": source_id,
            "key": tuple(key),
            "repeats": repeats,
            "may_be_empty": may_be_empty,
        },
        strict=True,
        ordered=False,
    )


@cache
def tables_of(source_id: str) -> dict[str, pa.DataFrameSchema]:
    """The staging tables of a source by name, without the schema's prefix."""
    module = importlib.import_module(f"{__name__}.{source_id}")
    return {str(schema.name).split(".")[1]: schema for schema in module.TABLES}


@cache
def source_ids() -> tuple[str, ...]:
    """Every source that has staging tables, sorted."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def all_tables() -> dict[str, pa.DataFrameSchema]:
    """Every staging table by name, sorted by source."""
    return {name: schema for source_id in source_ids() for name, schema in tables_of(source_id).items()}
