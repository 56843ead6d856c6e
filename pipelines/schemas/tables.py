"""How a table is described: pandera schemas whose columns carry their unit and their one description.

Only the vocabulary; the tables themselves are in the modules beside it. No dagster here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaError

SHARE = "fraction"
MONEY = "USD bn, 2020 prices"
OWN = "as the column unit says"
LABEL = "label"
COUNT = "count"


def column(
    name: str, dtype: Any, unit: str, description: str, *, nullable: bool = False, checks: Sequence[pa.Check] = ()
) -> tuple[str, pa.Column]:
    """A published column: type, unit, description, and what its values obey."""
    built = pa.Column(
        dtype, list(checks), nullable=nullable, description=description, metadata={"unit": unit}, required=True
    )
    return name, built


def table(
    name: str, description: str, source: str, *columns: tuple[str, pa.Column], key: Sequence[str] = ()
) -> pa.DataFrameSchema:
    """A published table; `name` is schema.table, `key` the columns that tell its rows apart."""
    return pa.DataFrameSchema(
        dict(columns),
        name=name,
        description=description,
        metadata={"source": source},
        unique=list(key) or None,
        strict=True,
        ordered=False,
    )


FINITE = pa.Check(lambda data: data.lazyframe.select(pl.col(data.key).is_finite()), name="finite")
FRACTION = pa.Check.in_range(-1e-9, 1 + 1e-9, name="fraction")
"""Sums of shares reach 1 up to rounding."""
CODE = pa.Check.str_matches(r"^[A-Z]{3}$")


def number(name: str, unit: str, description: str, nullable: bool = False) -> tuple[str, pa.Column]:
    """A finite number."""
    return column(name, pl.Float64, unit, description, nullable=nullable, checks=[FINITE])


def fraction(name: str, description: str, nullable: bool = False) -> tuple[str, pa.Column]:
    """A number from 0 to 1."""
    return column(name, pl.Float64, SHARE, description, nullable=nullable, checks=[FRACTION])


def text(name: str, description: str, nullable: bool = False) -> tuple[str, pa.Column]:
    """A label or words."""
    return column(name, pl.String, LABEL, description, nullable=nullable)


def count(name: str, description: str) -> tuple[str, pa.Column]:
    """A number of things."""
    return column(name, pl.Int32, COUNT, description, checks=[pa.Check.ge(0)])


def unit_of(built: pa.Column) -> str:
    """The unit a column was described with."""
    return str((built.metadata or {}).get("unit", ""))


def source_of(schema: pa.DataFrameSchema) -> str:
    """What a table rests on."""
    return str((schema.metadata or {}).get("source", ""))


def conform(frame: pl.DataFrame, schema: pa.DataFrameSchema) -> pl.DataFrame:
    """The frame in the schema's order and types, validated; ValueError naming table, column, rule and value."""
    missing = [name for name in schema.columns if name not in frame.columns]
    extra = [name for name in frame.columns if name not in schema.columns]
    if missing or extra:
        raise ValueError(f"{schema.name}: columns missing: {missing or 'none'}, unknown: {extra or 'none'}")
    typed = frame.select(pl.col(name).cast(built.dtype.type) for name, built in schema.columns.items())
    try:
        return schema.validate(typed)
    except SchemaError as error:
        raise ValueError(f"{schema.name}: {' '.join(str(error).split())[:400]}") from error
