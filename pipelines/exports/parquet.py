"""Parquet: one file a table, types as published, words and units in the file's key-value metadata.

DuckDB, polars, pandas and R's arrow show the metadata; `columns` is a JSON object by column name.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from pipelines.exports.edition import ask, identifier, literal
from pipelines.exports.rights import Share
from pipelines.exports.selection import Selection


def write(selection: Selection, folder: Path, say: Callable[[str], None]) -> list[str]:
    """Write the files; nothing is left out or changed, so no remark."""
    for share in selection.tables:
        say(share.table.name)
        facts = ", ".join(f"{identifier(key)}: {literal(value)}" for key, value in metadata(selection, share).items())
        path = folder / f"{share.table.stem}.parquet"
        ask(
            selection.connection,
            f"copy ({share.query}) to {literal(str(path))} (format parquet, compression zstd, kv_metadata {{{facts}}})",
        )
    return []


def metadata(selection: Selection, share: Share) -> dict[str, str]:
    """What the file says of itself."""
    table, edition = share.table, selection.edition
    columns = {
        column.name: {"description": column.words, "unit": column.unit, "type": column.type} for column in table.columns
    }
    facts = {
        "title": f"{edition.title}: {table.name}",
        "description": table.words,
        "source": table.source,
        "edition": edition.name,
        "run": edition.run_line,
        "columns": json.dumps(columns, ensure_ascii=False),
    }
    return facts | ({"left_out": share.left_out.line} if share.left_out else {})
