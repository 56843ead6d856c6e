"""How an asset shows itself in the UI: its text, column schema, row count, headline numbers and a small table.

No asset is defined here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import dagster as dg
import pandera.polars as pa
import polars as pl

from pipelines import store
from pipelines.assets import captions
from pipelines.errors import InputError
from pipelines.schemas.tables import source_of, unit_of
from pipelines.visible import visible

OWNERS = ["team:economics"]
KINDS = {"polars", "parquet"}
TABLE_ROWS, TABLE_CHARACTERS = 12, 950
MARKUP = re.compile(r"[|`<>&*\[\]\\~]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])|://|@")
"""What Markdown or HTML would take for more than text; `_` inside a word is none."""


def key(schema: pa.DataFrameSchema) -> dg.AssetKey:
    """A table's asset key is its name in the published database: core.gdp is core/gdp."""
    return dg.AssetKey(str(schema.name).split("."))


def out(schema: pa.DataFrameSchema, text: str = "", **extra: Any) -> dg.AssetOut:
    """An output of a multi-asset: key, text, kinds, owners and columns of a described table."""
    return dg.AssetOut(
        key=key(schema),
        description=words(schema, text),
        kinds=KINDS,
        owners=OWNERS,
        tags=tags(schema),
        metadata={"dagster/column_schema": columns(schema)},
        **extra,
    )


def about(schema: pa.DataFrameSchema, text: str = "") -> dict[str, Any]:
    """The same as arguments of a single asset."""
    return {
        "key": key(schema),
        "description": words(schema, text),
        "kinds": KINDS,
        "owners": OWNERS,
        "tags": tags(schema),
        "metadata": {"dagster/column_schema": columns(schema)},
    }


def words(schema: pa.DataFrameSchema, text: str) -> str:
    """The page of an asset: what it is, how it is computed, in which units, on what it rests, what to beware of."""
    parts = [
        captions.opening(schema),
        text,
        f"**Unit:** {'; '.join(units(schema)) or 'labels and days only'}.",
        f"**Source:** {source_of(schema)}.",
        f"**Caveat:** {captions.caveat(schema)}.",
        f"**In SQL:** `from {schema.name}`.",
    ]
    return "\n\n".join(part for part in parts if part)


NO_QUANTITY = ("", "label", "true or false", "ISO 3166-1 alpha-3", "World Bank code", "date", "year", "UTC", "shape")


def units(schema: pa.DataFrameSchema) -> list[str]:
    """The units of a table's quantities, the most frequent first."""
    found = Counter(unit_of(built) for name, built in schema.columns.items() if name != "row_number")
    return [unit for unit, _ in found.most_common() if unit not in NO_QUANTITY]


DOMAINS = {"staging": "records", "core": "figures", "model": "results", "meta": "provenance"}


def tags(schema: pa.DataFrameSchema) -> dict[str, str]:
    """What the catalog can be filtered by: the kind of content, and the unit of most columns."""
    found = {"domain": DOMAINS[str(schema.name).split(".")[0]]}
    if unit := next((unit for unit in units(schema) if not unit.startswith("as the")), None):
        found["unit"] = re.sub(r"[^a-z0-9]+", "_", unit.lower()).strip("_")[:63]
    return found


def columns(schema: pa.DataFrameSchema) -> dg.TableSchema:
    """Columns with type, unit and description."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(name, str(built.dtype), f"{built.description} [{unit_of(built)}]")
            for name, built in schema.columns.items()
        ]
    )


def result(
    frame: pl.DataFrame,
    numbers: Mapping[str, float | int | str] | None = None,
    shown: pl.DataFrame | None = None,
    **metadata: Any,
) -> dict[str, Any]:
    """Metadata of a materialization: rows, numbers that plot across runs, a short table."""
    return {
        "dagster/row_count": frame.height,
        **{name: _value(number) for name, number in (numbers or {}).items()},
        **{name: _value(number) for name, number in metadata.items()},
        "report": dg.MetadataValue.path(str(store.report() / "index.html")),
        "first rows" if shown is None else "table": dg.MetadataValue.md(markdown(frame if shown is None else shown)),
    }


def markdown(frame: pl.DataFrame, rows: int = TABLE_ROWS) -> str:
    """The first rows as a Markdown table that the UI shows whole."""
    names = frame.columns[:8]
    lines = [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]
    for row in frame.head(rows).select(names).iter_rows():
        line = f"| {' | '.join(_cell(value) for value in row)} |"
        if sum(map(len, lines)) + len(lines) + len(line) > TABLE_CHARACTERS:
            break
        lines.append(line)
    return "\n".join(lines)


@contextmanager
def explained() -> Iterator[None]:
    """A wrong input fails its step with the one line that says where, and no traceback."""
    try:
        yield
    except InputError as error:
        raise dg.Failure(description=str(error), allow_retries=False) from None


def one(frame: pl.DataFrame, column: str, **where: object) -> float:
    """The single number of a table under conditions, for headline metadata; nan where it is not there."""
    for name, value in where.items():
        frame = frame.filter(pl.col(name) == value)
    values = frame[column].drop_nulls()
    return float(values[0]) if values.len() else float("nan")


Numbers = Callable[[pl.DataFrame], dict[str, float | int | str]]


def _value(number: object) -> Any:
    if isinstance(number, float):
        return dg.MetadataValue.float(number)
    if isinstance(number, int) and not isinstance(number, bool):
        return dg.MetadataValue.int(number)
    return number


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    text = visible(" ".join(str(value).split()))
    text = text if len(text) <= 40 else text[:39] + "…"
    return MARKUP.sub(lambda found: "".join(f"&#{ord(sign)};" for sign in found[0]), text)
