"""The columns that tell the rows of a table apart, from the schemas, and whether they do in the rows at hand.

A key is stated only where it holds: unique and without a missing value.
"""

from __future__ import annotations

import importlib
import pkgutil

import duckdb
import pandera.polars as pa

import pipelines.schemas
from pipelines.exports.edition import ask, identifier
from pipelines.exports.rights import Share
from pipelines.schemas import staging
from pipelines.schemas.core import PUBLISHED_AS
from pipelines.schemas.reference import REFERENCE_TABLES


def known() -> dict[str, tuple[str, ...]]:
    """By name of the table, as its schema says; a table without a key is not there."""
    found: dict[str, tuple[str, ...]] = {}
    for module in pkgutil.iter_modules(pipelines.schemas.__path__, "pipelines.schemas."):
        for attribute, tables in vars(importlib.import_module(module.name)).items():
            if attribute.endswith("_TABLES") and isinstance(tables, list):
                found |= {str(table.name): tuple(table.unique) for table in tables if table.unique}
    for name, schema in REFERENCE_TABLES.items():
        found[f"core.{PUBLISHED_AS.get(name, name)}"] = tuple(schema.unique or ())
    for name, schema in staging.all_tables().items():
        found[f"staging.{name}"] = _staging_key(schema)
    return found


def _staging_key(schema: pa.DataFrameSchema) -> tuple[str, ...]:
    return tuple((schema.metadata or {}).get("key", ()))


def holds(connection: duckdb.DuckDBPyConnection, share: Share, key: tuple[str, ...]) -> tuple[str, ...]:
    """The key where it holds in the rows that go, else none."""
    if not key or not all(share.table.has(column) for column in key):
        return ()
    names = ", ".join(identifier(column) for column in key)
    missing = " or ".join(f"{identifier(column)} is null" for column in key)
    ((distinct, unknown),) = ask(
        connection,
        f"select (select count(*) from (select distinct {names} from ({share.query}))), "
        f"count(*) filter (where {missing}) from ({share.query})",
    )
    return key if distinct == share.rows and unknown == 0 else ()
