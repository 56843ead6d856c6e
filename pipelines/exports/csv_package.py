"""CSV with a Data Package (version 2 of the standard): what a program or a data editor needs to read and check them.

UTF-8, RFC 4180, an empty cell is missing. Cells are what the database holds, but for texts that a spreadsheet program
would run as a formula: they have one apostrophe before them, which their field's description says how to take off, and
the descriptor and the README count them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.exports import keys
from pipelines.exports.edition import Column, Edition
from pipelines.exports.frames import frame, lists_as_json
from pipelines.exports.rights import Share
from pipelines.exports.selection import Selection
from reports.formulas import BEGINS, READING

PROFILE = "https://datapackage.org/profiles/2.0/"
TYPES = {
    "VARCHAR": "string",
    "VARCHAR[]": "array",
    "DOUBLE": "number",
    "DECIMAL": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "INTEGER": "integer",
    "BIGINT": "integer",
}
"""Field type of the standard by type in DuckDB; an array is JSON."""
LICENSE = {
    "name": "Apache-2.0",
    "title": "Apache License 2.0",
    "path": "https://www.apache.org/licenses/LICENSE-2.0",
}
TERMS = (
    "The licence is that of what this project computed and compiled. A figure quoted from a source stays under that "
    "source's terms: each is listed with its licence and whether it may be redistributed."
)
DESCRIPTOR = "datapackage.json"


def write(selection: Selection, folder: Path, say: Callable[[str], None]) -> list[str]:
    """Write the files and their descriptor; the remark counts texts that begin like a formula."""
    known_keys = keys.known()
    resources = []
    for share in selection.tables:
        say(share.table.name)
        path = folder / f"{share.table.stem}.csv"
        read = lists_as_json(frame(selection, share))
        _neutral(read).write_csv(path, line_terminator="\r\n", datetime_format="%Y-%m-%dT%H:%M:%S%.f")
        key = keys.holds(selection.connection, share, known_keys.get(share.table.name, ()))
        resources.append(_resource(selection, share, read, path, key))
    text = json.dumps(descriptor(selection, resources), ensure_ascii=False, indent=1)
    (folder / DESCRIPTOR).write_text(text + "\n", encoding="utf-8")
    if not selection.formula_like:
        return []
    places = ", ".join(f"{table}.{column} ({count})" for table, column, count in selection.formula_like)
    return [
        "In the CSV, texts that begin like a formula have one apostrophe before them, so that no spreadsheet program "
        f"runs them. They are in {places}."
    ]


def _neutral(read: pl.DataFrame) -> pl.DataFrame:
    """Texts that begin like a formula with an apostrophe before them; numbers are numbers, signs and all."""
    texts = [name for name, kind in read.schema.items() if kind == pl.String]
    return read.with_columns(
        pl.when(pl.col(name).str.contains(BEGINS)).then("'" + pl.col(name)).otherwise(pl.col(name)).alias(name)
        for name in texts
    )


def descriptor(selection: Selection, resources: list[dict[str, Any]]) -> dict[str, Any]:
    """The package: what it is, licence, sources, what was left out, and the files."""
    edition = selection.edition
    return {
        "$schema": f"{PROFILE}datapackage.json",
        "name": f"cyberaccord-{edition.name}",
        "title": edition.title,
        "description": f"{edition.run_line[:1].upper()}{edition.run_line[1:]}. {TERMS}",
        "id": str(edition.run["run_id"]),
        "created": f"{edition.run['created_at']:%Y-%m-%dT%H:%M:%SZ}",
        "licenses": [LICENSE],
        "sources": [_source(edition, name) for name in edition.sources],
        "leftOut": [
            {"table": item.table, "rows": item.rows, "ofRows": item.of, "sources": item.why}
            for item in selection.left_out
        ],
        "emptyInThisEdition": list(selection.empty),
        "resources": resources,
    }


def _source(edition: Edition, name: str) -> dict[str, Any]:
    row = edition.sources[name]
    known = {
        "title": row["title"],
        "path": row["url"],
        "version": row["vintage"],
        "name": name,
        "producer": row["producer"],
        "licence": row["licence"],
        "redistributable": row["redistributable"],
    }
    return {key: value for key, value in known.items() if value}


def _resource(
    selection: Selection, share: Share, read: pl.DataFrame, path: Path, key: tuple[str, ...]
) -> dict[str, Any]:
    table = share.table
    formula_like = {column: count for name, column, count in selection.formula_like if name == table.name}
    schema: dict[str, Any] = {
        "$schema": f"{PROFILE}tableschema.json",
        "fields": [_field(column, column.name in formula_like) for column in table.columns],
        "missingValues": [""],
    }
    if key:
        schema["primaryKey"] = list(key)
    resource = {
        "$schema": f"{PROFILE}dataresource.json",
        "name": table.stem,
        "title": table.name,
        "description": f"{table.words}. Rests on: {table.source}.",
        "type": "table",
        "path": path.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"$schema": f"{PROFILE}tabledialect.json", "delimiter": ",", "lineTerminator": "\r\n"},
        "bytes": path.stat().st_size,
        "hash": f"sha256:{_sha256(path)}",
        "rows": share.rows,
        "schema": schema,
    }
    cited = _cited(selection.edition, read)
    if cited:
        resource["sources"] = [_source(selection.edition, name) for name in cited]
    if formula_like:
        resource["textsThatBeginLikeAFormula"] = formula_like
    if share.left_out:
        resource["leftOut"] = share.left_out.line
    return resource


def _field(column: Column, has_formulas: bool) -> dict[str, str]:
    return {
        "name": column.name,
        "type": TYPES.get(column.type.split("(")[0], "any"),
        "description": f"{column.words}. {READING}" if has_formulas else column.words,
        "unit": column.unit,
    }


def _cited(edition: Edition, read: pl.DataFrame) -> list[str]:
    """Sources that the rows name, where a column does."""
    for column in ("source", "source_id"):
        if column in read.columns and read.schema[column] == pl.String:
            named = {name.strip() for cell in read[column].unique().drop_nulls() for name in cell.split(",")}
            return sorted(named & set(edition.sources))
    return []


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
