"""What changed from one vintage of a source to another: rows, totals, and which values moved by how much.

Compares staging tables; what stands in either vintage is kept by `vintages`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandera.polars as pa
import polars as pl

from pipelines import cards, staged, store, vintages, vocabulary
from pipelines.errors import InputError
from pipelines.schemas.staging import tables_of
from pipelines.visible import visible

YEARS_SHOWN = 6
CODES_SHOWN = 12


def report(source_id: str, old: str | None, new: str | None, over: float = 5) -> str:
    """The revision report of a source between two vintages, by default the last two; InputError where there are none.

    Parameters
    ----------
    old, new : labels of vintages
    over : percent from which a value counts as moved
    """
    card = cards.load(source_id)
    kept = {vintage.label: vintage for vintage in vintages.kept(source_id)}
    place = store.shown(vintages.folder(source_id))
    for label in (old, new):
        if label is not None and label not in kept:
            raise InputError(place, None, None, "known_vintage", label, ", ".join(kept) or "none is on this machine")
    if len(kept) < 2:
        raise InputError(place, None, None, "two_vintages", ", ".join(kept) or None, "a source with two vintages")
    newest = list(kept)
    second = kept[new or newest[-1]]
    first = kept[old or newest[max(newest.index(second.label) - 1, 0)]]
    words = vocabulary.load()
    before, after = (staged.staged(card, vintage, words).tables for vintage in (first, second))
    lines = [f"{source_id}: {first.label} -> {second.label}"]
    for name, schema in tables_of(source_id).items():
        lines += _compared(name, schema, before[name].kept, after[name].kept, over)
    return "\n".join(map(visible, lines))


def moved(schema: pa.DataFrameSchema, before: pl.DataFrame, after: pl.DataFrame, column: str) -> pl.DataFrame:
    """Rows that both vintages have: the key, before, after, and the change as a fraction."""
    key = list(schema.metadata["key"])
    both = before.select(*key, before=column).join(after.select(*key, after=column), on=key)
    return both.filter(pl.col("before").is_not_null() & pl.col("after").is_not_null()).with_columns(
        change=pl.when(pl.col("before") != 0)
        .then(pl.col("after") / pl.col("before") - 1)
        .when(pl.col("after") != 0)
        .then(float("inf"))
        .otherwise(0.0)
    )


def _compared(
    name: str, schema: pa.DataFrameSchema, before: pl.DataFrame, after: pl.DataFrame, over: float
) -> Iterator[str]:
    yield f"{name}: {before.height:,} -> {after.height:,} rows"
    key = list(schema.metadata["key"])
    if not key or before.is_empty() or after.is_empty():
        return
    gone = before.join(after, on=key, how="anti").height
    come = after.join(before, on=key, how="anti").height
    yield f"  {gone:,} keys ({', '.join(key)}) are gone, {come:,} are new"
    for column, built in schema.columns.items():
        if built.dtype.type != pl.Float64 or column in key:
            continue
        both = moved(schema, before, after, column)
        if both.is_empty():
            continue
        total, then = both["after"].sum(), both["before"].sum()
        far = both.filter(pl.col("change").abs() > over / 100)
        change = f"{total / then - 1:+.2%}" if then else "from 0"
        yield f"  {column}: total of the rows in both {then:.6g} -> {total:.6g} ({change})"
        yield f"  {column}: {far.height:,} of {both.height:,} values moved by more than {over:g} %"
        if "year" in key and len(key) > 1:
            yield from _by_year(both, far, next(part for part in key if part != "year"), over)


def _by_year(both: pl.DataFrame, far: pl.DataFrame, code: str, over: float) -> Iterator[str]:
    """The latest years in which values moved, with the economies that moved most; aggregates are counted, not named."""
    economies = vocabulary.load().economies["iso3"].implode()
    counts = both.group_by("year").agg(pl.len().alias("all")).join(far.group_by("year").agg(moved=pl.len()), on="year")
    for year, every, count in counts.sort("year", descending=True).head(YEARS_SHOWN).iter_rows():
        most = far.filter(pl.col("year") == year).sort(pl.col("change").abs(), code, descending=[True, False])
        named = most.filter(pl.col(code).is_in(economies)) if code == "country_code" else most
        shown = ", ".join(f"{c} {x:+.0%}" for c, x in named.select(code, "change").head(CODES_SHOWN).iter_rows())
        rest = f" and {named.height - CODES_SHOWN} more" if named.height > CODES_SHOWN else ""
        among = f", {named.height} of them economies" if code == "country_code" else ""
        yield f"    {year}: {count} of {every} codes moved by more than {over:g} %{among}: {shown}{rest}"
