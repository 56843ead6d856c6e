"""What must hold of a store at any moment: its editions and its reports are whole, and each is of one run."""

import re
from pathlib import Path

import duckdb

from pipelines import whole_file

Headline = list[tuple[object, ...]]

KNOWN = (
    r"dagster/.*",
    r"run\.lock",
    r"refresh\.lock|refresh\.json|sql_history",
    r"tables/\w+/\w+(/[a-z]\w*)?\.parquet",
    r"published/cyberaccord\.duckdb",
    r"published/editions/\d{4}-\d{2}\.duckdb",
    r"published/report/(\d{4}-\d{2}/)?index\.html",
    r"runs/last\.json",
    r"runs/[0-9a-f-]{36}/(manifest\.json|measured\.json|inputs/\w+/\w+\.\w+)",
)
"""Every file that a store without vintages may hold once a run is done."""


def edition(database: Path) -> tuple[str, int, Headline]:
    """Run, seed and headline of an edition in which every table and view answers, to its last value."""
    with duckdb.connect(str(database), read_only=True) as connection:
        names = connection.execute(
            "select schema_name, table_name from duckdb_tables() where not internal "
            "union all select schema_name, view_name from duckdb_views() where not internal"
        ).fetchall()
        assert len(names) > 100, f"{database} holds {len(names)} tables and views"
        for space, name in names:
            connection.execute(f'select sum(hash(t)) from {space}."{name}" t').fetchall()
        [(run_id, seed)] = connection.execute("select run_id, seed from meta.runs").fetchall()
        headline = connection.execute("from headline order by scenario, mechanisms").fetchall()
    assert headline
    return str(run_id), int(seed), headline


def page(path: Path) -> str:
    """The first eight digits of the run that a report is of; the page is whole and names no other."""
    text = path.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>") and text.rstrip().endswith("</html>"), f"{path} is cut off"
    [run] = set(re.findall(r"\brun ([0-9a-f]{8})\b", text))
    return run


def pages(home: Path) -> list[Path]:
    return sorted((home / "published" / "report").glob("[!.]*/index.html")) + [
        path for path in [home / "published" / "report" / "index.html"] if path.exists()
    ]


def databases(home: Path) -> list[Path]:
    published = home / "published"
    return [path for path in [published / "cyberaccord.duckdb"] if path.exists()] + sorted(
        (published / "editions").glob("[!.]*.duckdb")
    )


def rooms(home: Path) -> list[Path]:
    return list(home.rglob(f"{whole_file.MARK}*"))


def strangers(home: Path) -> list[str]:
    """Files that no finished run leaves."""
    files = [path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()]
    return [name for name in files if not any(re.fullmatch(known, name) for known in KNOWN)]
