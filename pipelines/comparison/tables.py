"""Which tables are compared, what tells their rows apart, and what is left out, each by name and with its reason."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

VOLATILE = {
    "meta.runs": {
        "run_id": "a new run has a new name",
        "edition": "the month in which it ran",
        "created_at": "when it ran",
        "git_commit": "an unpacked package has none",
        "versions": "Python and packages; they belong to the class of the machine",
    },
}
"""Columns left out of a comparison, with the reason. No other column is, and no tolerance stands in for it."""
LEFT_OUT = {"meta.changes": "is against the edition before, which a package does not hold"}
"""Tables left out whole, with the reason."""
WITHHELD = ("core.incidents", "core.incident_parties", "core.incident_records", "core.losses", "meta.rejects")
"""Tables of rows of sources, as all of schema staging: a package holds their row count and digest only."""
KEYS = {
    "main.headline": ("scenario", "mechanisms"),
    "model.counterfactual": (
        *("scenario", "mechanisms", "effect_set", "adoption_metric", "adoption_level", "iso3", "year", "measure"),
    ),
    "model.effect_density": ("effect_set", "coefficient", "log_rate_ratio"),
}
"""What tells rows apart where the schema of the table does not say."""
LISTED = ("table", "rows", "key", "file", "digest")
"""Columns of a package's list of tables."""


@dataclass(frozen=True)
class Expected:
    """A table as it should be: SQL of its rows, what tells them apart; of a withheld one, row count and digest only."""

    name: str
    relation: str | None
    key: tuple[str, ...] = ()
    rows: int = 0
    digest: str | None = None


def is_withheld(name: str) -> bool:
    """Whether a table holds rows of sources."""
    return name.startswith("staging.") or name in WITHHELD


def of_package(results: Path) -> list[Expected]:
    """The tables that tables.csv lists in the results of a replication package."""
    with (results / "tables.csv").open(encoding="utf-8", newline="") as file:
        return [
            Expected(
                row["table"],
                f"read_parquet({quoted(str(results / row['file']))})" if row["file"] else None,
                tuple(row["key"].split()),
                int(row["rows"]),
                row["digest"] or None,
            )
            for row in csv.DictReader(file)
        ]


def of_database(
    connection: duckdb.DuckDBPyConnection, catalog: str, keys: Mapping[str, Sequence[str]]
) -> list[Expected]:
    """The tables of an attached edition, and its headline; `keys` by table, as the schemas have them."""
    return [
        Expected(name, f'"{catalog}".{name}', tuple(keys.get(name) or KEYS.get(name, ())))
        for name in [*names(connection, catalog), "main.headline"]
    ]


def names(connection: duckdb.DuckDBPyConnection, catalog: str) -> list[str]:
    """The tables of an attached database as schema.table, sorted; no views."""
    listed = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where database_name = ? order by 1", [catalog]
    )
    return [str(name) for (name,) in listed.fetchall()]


def digest(connection: duckdb.DuckDBPyConnection, relation: str) -> tuple[int, str]:
    """Number of rows, and a digest of them that does not depend on their order."""
    rows, total = connection.execute(
        f"select count(*), coalesce(sum(md5_number_lower(to_json(t)::varchar)::hugeint), 0)::varchar from {relation} t"
    ).fetchall()[0]
    return int(rows), str(total)


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"
