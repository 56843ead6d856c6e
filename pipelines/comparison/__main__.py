"""`python -m comparison RESULTS DATABASE PAGE`: the results of a replication package against a run of it, as a table.

Exit code 1 where anything differs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb

from . import page
from .cells import TOLERANCE, Outcome, compare
from .machine import machine_class
from .tables import LEFT_OUT, VOLATILE, of_package, quoted

RULES = {
    True: "exact, the class of machine is that of the run",
    False: "{within}: the class of machine is not that of the run",
    None: "{within}: the class of machine of the run was not recorded",
}


def lines(
    outcomes: Sequence[Outcome], same_class: bool | None, unseen: Sequence[str] | None = None, every: bool = True
) -> list[str]:
    """A line a table, the differences named below, what is left out, the rule, and what it comes to.

    `unseen` says what was left out, each with the reason; by default what is left out of a package. Without `every`,
    tables of which all is identical are counted and have no line.
    """
    shown = [each for each in outcomes if every or not each.passed or each.identical < each.numbers]
    body = [f"{'table':32}{'rows':>9}{'numbers':>12}{'identical':>12}{'largest difference':>20}"] if shown else []
    for each in shown:
        numbers = f"{each.numbers:>12,}{each.identical:>12,}{each.largest:>20.3g}"
        told = f"{'by row count and digest':>44}" if each.by_digest else numbers
        body.append(f"{each.table:32}{each.rows:>9,}{told}  {'PASS' if each.passed else 'FAIL'}")
    body += [f"  {difference}" for each in outcomes for difference in each.named]
    more = sum(each.differences - len(each.named) for each in outcomes)
    body += [f"  and {more:,} more"] if more else []
    body += [f"left out: {each}" for each in (left_out() if unseen is None else unseen)]
    within = f"within {TOLERANCE:g} of the baseline for USD bn, of 1 or a larger value for the rest"
    body.append(f"rule: {RULES[same_class].format(within=within)}")
    failed = sum(not each.passed for each in outcomes)
    numbers, same = sum(each.numbers for each in outcomes), sum(each.identical for each in outcomes)
    verdict = f"FAIL, {failed} of them with differences" if failed else "PASS"
    return [*body, f"{numbers:,} numbers in {len(outcomes)} tables compared, {same:,} identical: {verdict}"]


def left_out() -> list[str]:
    """What is not compared, each with the reason."""
    columns = {**VOLATILE, page.NAME: page.LEFT_OUT}
    named = [f"{table}, {name} ({why})" for table, names in columns.items() for name, why in names.items()]
    return [*(f"{table} ({why})" for table, why in LEFT_OUT.items()), *named]


def same_machine(results: Path) -> bool | None:
    """Whether this machine is of the class on which the edition was computed; None where that was not recorded."""
    recorded = results / "measured.json"
    return json.loads(recorded.read_text(encoding="utf-8"))["machine"] == machine_class() if recorded.exists() else None


def compare_package(results: Path, database: Path, rendered: Path, exact: bool) -> list[Outcome]:
    """The results of a package against the database and the report of a run."""
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute(f"attach {quoted(str(database))} as found (read_only)")
        expected = of_package(results)
        outcomes = compare(connection, expected, "found", exact)
        own = next(str(table.relation) for table in expected if table.name == "meta.runs")
        pages = []
        for path, runs in ((results / page.NAME, own), (rendered, "found.meta.runs")):
            run_id, edition = connection.execute(f"select run_id, edition from {runs}").fetchall()[0]
            text = path.read_text(encoding="utf-8")
            pages.append(page.passages(text, {"run_id": run_id, "edition": edition}))
    return [*outcomes, page.compare_pages(*pages)]


def main(arguments: Sequence[str]) -> int:
    """Print the comparison; 1 if anything differs."""
    results, database, rendered = map(Path, arguments)
    same_class = same_machine(results)
    outcomes = compare_package(results, database, rendered, exact=same_class is True)
    print("\n".join(lines(outcomes, same_class)))
    return int(not all(each.passed for each in outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
