"""What a run gave, as files: each published table as Parquet, the list of tables, the headline, the codebook, the page.

Tables of rows of sources are listed with row count and digest and not passed on.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from pipelines import measured
from pipelines.comparison.tables import LISTED, Expected, digest, is_withheld, of_database, quoted
from pipelines.replication.kept import Kept
from pipelines.schemas.core import CORE_TABLES, PUBLISHED_AS
from pipelines.schemas.exceedance import EXCEEDANCE_TABLES
from pipelines.schemas.incidents import INCIDENT_TABLES
from pipelines.schemas.macro import MACRO_TABLES
from pipelines.schemas.mechanisms import MECHANISM_TABLES
from pipelines.schemas.meta import META_TABLES
from pipelines.schemas.model import MODEL_TABLES
from pipelines.schemas.reference import REFERENCE_TABLES
from pipelines.schemas.risk import RISK_TABLES
from pipelines.schemas.sensitivity import SENSITIVITY_TABLES

FOLDER = "results"
CODEBOOK = "select table_schema, table_name, column_name, type, unit, description from meta.columns order by all"


def keys() -> dict[str, tuple[str, ...]]:
    """What tells the rows of each table apart, where its schema says."""
    modeled = [*MODEL_TABLES, *MECHANISM_TABLES, *MACRO_TABLES, *RISK_TABLES, *EXCEEDANCE_TABLES, *SENSITIVITY_TABLES]
    schemas = {str(schema.name): schema for schema in [*CORE_TABLES, *INCIDENT_TABLES, *modeled, *META_TABLES]}
    schemas |= {f"core.{PUBLISHED_AS.get(name, name)}": schema for name, schema in REFERENCE_TABLES.items()}
    return {name: tuple(schema.unique) for name, schema in schemas.items() if schema.unique}


def files(kept: Kept, page: bytes) -> dict[str, bytes]:
    """Everything under results/, the page of the report included, by path in the package."""
    content = {
        f"{FOLDER}/report.html": page,
        f"{FOLDER}/manifest.json": (kept.folder / "manifest.json").read_bytes(),
    }
    if kept.measured is not None:
        content[f"{FOLDER}/{measured.NAME}"] = (kept.folder / measured.NAME).read_bytes()
    with duckdb.connect(config={"threads": 1}) as connection:  # one thread: the same bytes each time
        connection.execute(f"attach {quoted(str(kept.database))} as edition (read_only)")
        listed = []
        for table, rows, file, total, payload in _tables(connection, keys()):
            listed.append((table.name, rows, " ".join(table.key), file, total))
            if file:
                content[f"{FOLDER}/{file}"] = payload
        connection.execute("use edition")
        content[f"{FOLDER}/tables.csv"] = as_csv(LISTED, listed)
        content[f"{FOLDER}/headline.csv"] = _query(connection, "from headline order by scenario, mechanisms")
        content[f"{FOLDER}/codebook.csv"] = _query(connection, CODEBOOK)
    return content


def _tables(
    connection: duckdb.DuckDBPyConnection, known: Mapping[str, Sequence[str]]
) -> Iterator[tuple[Expected, int, str, str, bytes]]:
    """Each table of the edition with its row count, and its file and bytes or, where withheld, its digest."""
    with TemporaryDirectory() as folder:
        for table in of_database(connection, "edition", known):
            if is_withheld(table.name):
                rows, total = digest(connection, str(table.relation))
                yield table, rows, "", total, b""
                continue
            [(rows,)] = connection.execute(f"select count(*) from {table.relation}").fetchall()
            path = Path(folder) / "table.parquet"
            connection.execute(
                f"copy (from {table.relation}) to {quoted(str(path))} (format parquet, compression zstd)"
            )
            yield table, rows, f"tables/{table.name}.parquet", "", path.read_bytes()


def _query(connection: duckdb.DuckDBPyConnection, query: str) -> bytes:
    answer = connection.execute(query)
    return as_csv([column[0] for column in answer.description or ()], answer.fetchall())


def as_csv(header: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """A table as CSV, numbers with every digit, the missing empty."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()
