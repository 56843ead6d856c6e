"""The table of what was validated: rows of each source in, kept, rejected and merged, and which rules were broken."""

from collections.abc import Sequence

from reports import titles_facts
from reports.edition import Row
from reports.provenance import dotted
from reports.rows import Rows
from reports.tables import Cell, Column, DataTable, PageTable, Table

RECORDS = "records"
NONE_BROKEN = "–"


def validation(rows: Rows) -> PageTable:
    """Rows by source, and whether each is accounted for."""
    sources, rules = rows.need("source_checks"), rows.edition.rows("broken_rules")
    staged = [row for row in sources if row["staged"]]
    shipped = [row for row in sources if not row["staged"] and row["rows_in"]]
    rows_in, rejected = (sum(row[key] for row in staged) for key in ("rows_in", "rows_rejected"))
    unaccounted = sum(not accounted(row) for row in staged)
    ship = (sum(row["rows_in"] for row in shipped), sum(row["rows_rejected"] for row in shipped))
    title = titles_facts.validation(len(staged), rows_in, rejected, unaccounted, ship)
    return PageTable(
        "validation",
        title,
        "Rows of each source in, kept, rejected by a rule and merged as repeats; rows in are the sum of the others",
        _table(staged, shipped, rules),
        "A row that breaks a rule is kept out, with its rule and value in the database; nothing is repaired silently. "
        "Figures that ship passed their rules before the run, and the edition was published only after no table had "
        "lost a row, every column was described and the headline was there.",
        tables=(*((_broken(rules),) if rules else ()), *((_shipped(shipped),) if shipped else ())),
        more="View rules broken and figures that ship" if rules else "View figures that ship",
        queries=("source_checks", "broken_rules"),
        code=dotted(_table),
    )


def accounted(row: Row) -> bool:
    """Whether every row of a source was kept, rejected or merged."""
    return bool(row["rows_in"] == row["rows_kept"] + row["rows_rejected"] + row["rows_merged"])


def _table(staged: Sequence[Row], shipped: Sequence[Row], rules: Sequence[Row]) -> Table:
    columns = (
        Column("Source", "text"),
        Column("Vintage", "text tight", narrow=False),
        Column("Rows in"),
        Column("Kept", narrow=False),
        Column("Rejected"),
        Column("Merged", narrow=False),
        Column("Rules broken", narrow=False),
        Column("All accounted for"),
    )
    broken: dict[str, set[str]] = {}
    for row in rules:
        # a row may also be kept out of core.losses; it counts there and is kept here
        if not str(row["table_name"]).startswith("core."):
            broken.setdefault(str(row["source_id"]), set()).add(str(row["rule"]))
    groups = []
    if staged:
        body = tuple(
            _row(str(row["source_id"]), str(row["vintage"] or NONE_BROKEN), row, len(broken.get(row["source_id"], ())))
            for row in staged
        )
        groups.append(("Vintages on the machine that made this edition", body))
    if shipped:
        total = {
            key: sum(row[key] for row in shipped) for key in ("rows_in", "rows_kept", "rows_rejected", "rows_merged")
        }
        name = f"{len(shipped)} sources, figures that ship"
        groups.append(("Reference figures", (_row(name, NONE_BROKEN, total, 0),)))
    return Table(columns, tuple(groups))


def _row(name: str, vintage: str, row: Row, rules: int) -> tuple[Cell, ...]:
    fine = accounted(row)
    return (
        Cell(name),
        Cell(vintage),
        *(Cell(f"{row[key]:,}") for key in ("rows_in", "rows_kept", "rows_rejected", "rows_merged")),
        Cell(f"{rules}" if rules else NONE_BROKEN),
        Cell("yes" if fine else "no", tone="" if fine else "harm"),
    )


def _shipped(sources: Sequence[Row]) -> DataTable:
    """Rows of reference tables by the source that they rest on."""
    body = tuple(
        (str(row["source_id"]), *(f"{row[key]:,}" for key in ("rows_in", "rows_kept", "rows_rejected")))
        for row in sources
    )
    return DataTable(("Source", "Rows in", "Kept", "Rejected"), body, "Rows of figures that ship, by source")


def _broken(rules: Sequence[Row]) -> DataTable:
    """Each rule that rows of a source broke, with the number of rows."""
    body = tuple(
        (
            str(row["source_id"]),
            str(row["table_name"]),
            str(row["column_name"] or "–"),
            str(row["rule"]).replace("_", " "),
            f"{row['rows']:,}",
        )
        for row in rules
    )
    return DataTable(
        ("Source", "Table", "Column", "Rule", "Rows"), body, "Rules that rows broke; a row may break several"
    )
