"""Published editions as readers see them: which there are, the headline of one, its report.

Reads what `warehouse` wrote; no dagster, so that `cyberaccord report` and `status` are quick.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines import named_files, store, whole_file
from pipelines.errors import InputError

if TYPE_CHECKING:
    import polars as pl

HEADLINE_NUMBERS = ("avoided_loss", "p05", "p50", "p95", "avoided_share", "p_not_better", "mcse")


def names() -> list[str]:
    """Editions kept, oldest first."""
    return sorted(path.stem for path in store.database("").parent.glob("[0-9]*.duckdb"))


def find(edition: str | None) -> Path:
    """The database of an edition, by default the current one; InputError where there is none."""
    path = store.database(edition)
    if edition is not None and not re.fullmatch(r"\d{4}-\d{2}", edition):
        raise InputError("--edition", None, None, "an edition is a month", edition, "YYYY-MM")
    if not path.exists():
        kept = ", ".join(names())
        allowed = f"one of {kept}" if kept else "an edition; there is none yet: make run"
        raise InputError(store.shown(path), None, None, "no such edition", edition, allowed)
    return path


def current_month() -> str:
    """The month of the current edition; InputError where there is none."""
    return str(rows(find(None), "select edition from meta.runs")[0]["edition"])


def rows(database: Path, query: str) -> list[dict[str, Any]]:
    """The rows of a query on a database, by column name; InputError for a file that is none."""
    import duckdb

    try:
        opened = duckdb.connect(str(database), read_only=True)
    except duckdb.Error as error:
        allowed = "a database that DuckDB opens: run again, or remove the file"
        raise InputError(store.shown(database), None, None, "opens", str(error).splitlines()[0], allowed) from None
    with opened as connection:
        answer = connection.execute(query)
        columns = [column[0] for column in answer.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]


def headline(database: Path) -> pl.DataFrame:
    """The headline view of a database."""
    import polars as pl

    return pl.DataFrame(rows(database, "from headline"), infer_schema_length=None)


def render(edition: str | None = None, scenario: str | None = None) -> Path:
    """Render the report of an edition into its folder; the current edition's becomes the current report.

    The report about another scenario than the op-ed's is a page beside it, <scenario>.html. Pages and prints of a run
    that the edition has replaced are removed: beside the new report they would be read as of the same numbers.
    """
    from reports.render import render as render_page

    month = edition or current_month()
    computed = {row["scenario"] for row in rows(find(edition), "select distinct scenario from headline")}
    if scenario is not None and scenario not in computed - {"status_quo"}:
        allowed = named_files.nearest(scenario, computed - {"status_quo"})
        raise InputError("--scenario", None, None, "computed in this edition", scenario, allowed)
    with whole_file.room(store.report()) as beside:
        page = render_page(find(month), beside, scenario)
        own = store.report() / month / page.name
        current = store.report() / "index.html"
        own.parent.mkdir(parents=True, exist_ok=True)
        if edition is None and scenario is None:
            copy = beside / f"current-{page.name}"
            shutil.copyfile(page, copy)
            whole_file.swap_in(copy, current)
        whole_file.swap_in(page, own)
    for other in own.parent.glob("[!.]*"):
        if other.stat().st_mtime < find(month).stat().st_mtime:
            other.unlink()
    return current if edition is None and scenario is None else own
