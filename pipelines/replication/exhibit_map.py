"""The map of the report: every figure, table and number in the text, with the program and the queries behind it."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.replication.kept import Kept
from pipelines.replication.results import FOLDER, as_csv
from reports.edition import read
from reports.exhibits import Exhibit, exhibits

HEADER = ("exhibit", "kind", "key", "title", "program", "line", "queries", "output")


@dataclass(frozen=True)
class Mapped:
    """An exhibit, and the function that makes it; `line` is None where the commit has no such function."""

    exhibit: Exhibit
    program: str
    line: int | None

    @property
    def queries(self) -> list[str]:
        """Files of its queries, the first the one that it draws or lists."""
        return [query_file(query.name) for query in self.exhibit.queries]

    @property
    def output(self) -> str:
        """Its place on the page."""
        return f"{FOLDER}/report.html#{self.exhibit.anchor}"


def of(kept: Kept, code: Mapping[str, bytes]) -> list[Mapped]:
    """Every exhibit of the edition's report, in the order of the page."""
    mapped = []
    for exhibit in exhibits(read(kept.database)):
        module, _, function = exhibit.code.rpartition(".")
        file = module.replace(".", "/") + ".py"
        mapped.append(Mapped(exhibit, f"code/{file}:{function}", defined_at(code.get(file, b""), function)))
    return mapped


def defined_at(source: bytes, function: str) -> int | None:
    """Line on which a module defines a function; None where it does not."""
    named = (node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef | ast.ClassDef))
    return next((node.lineno for node in named if node.name == function), None)


def query_file(name: str) -> str:
    """File of a query in the package."""
    return f"queries/{name}.sql"


def files(mapped: Sequence[Mapped]) -> dict[str, bytes]:
    """exhibits.csv, and each query as a file of its own, by path in the package."""
    rows = [
        (
            *(each.exhibit.label, each.exhibit.kind, each.exhibit.key, " ".join(each.exhibit.title.split())),
            *(each.program, each.line, " ".join(each.queries), each.output),
        )
        for each in mapped
    ]
    asked = {query.name: query.sql for each in mapped for query in each.exhibit.queries}
    return {
        "exhibits.csv": as_csv(HEADER, rows),
        **{query_file(name): (sql.strip() + "\n").encode() for name, sql in asked.items()},
    }
