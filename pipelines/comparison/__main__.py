"""`python -m comparison RESULTS DATABASE`: the results of a replication package against a database, as a table.

Exit code 1 where anything differs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb

from .cells import TOLERANCE, Outcome, compare
from .machine import machine_class
from .tables import VOLATILE, of_package, quoted


def lines(outcomes: Sequence[Outcome], exact: bool) -> list[str]:
    """A line a table, the differences named below, what is left out, the rule, and what it comes to."""
    body = [f"{'table':32}{'rows':>9}{'numbers':>12}{'identical':>12}{'largest difference':>20}"]
    for each in outcomes:
        numbers = f"{each.numbers:>12,}{each.identical:>12,}{each.largest:>20.3g}"
        told = f"{'by row count and digest':>44}" if each.by_digest else numbers
        body.append(f"{each.table:32}{each.rows:>9,}{told}  {'PASS' if each.passed else 'FAIL'}")
    body += [f"  {difference}" for each in outcomes for difference in each.named]
    more = sum(each.differences - len(each.named) for each in outcomes)
    body += [f"  and {more:,} more"] if more else []
    body += [f"left out: {table}.{name} ({why})" for table, names in VOLATILE.items() for name, why in names.items()]
    within = f"within {TOLERANCE:g} of the baseline for USD bn, of 1 or a larger value for the rest: another machine"
    body.append(f"rule: {'exact, the class of machine is that of the run' if exact else within}")
    failed = sum(not each.passed for each in outcomes)
    numbers, same = sum(each.numbers for each in outcomes), sum(each.identical for each in outcomes)
    verdict = f"FAIL, {failed} of them with differences" if failed else "PASS"
    return [*body, f"{numbers:,} numbers in {len(outcomes)} tables compared, {same:,} identical: {verdict}"]


def compare_package(results: Path, database: Path) -> tuple[list[Outcome], bool]:
    """The results of a package against a database, and whether exactly: where this machine is of the run's class."""
    recorded = results / "measured.json"
    known = json.loads(recorded.read_text(encoding="utf-8")).get("machine") if recorded.exists() else None
    exact = known == machine_class()
    with duckdb.connect() as connection:
        connection.execute(f"attach {quoted(str(database))} as found (read_only)")
        return compare(connection, of_package(results), "found", exact), exact


def main(arguments: Sequence[str]) -> int:
    """Print the comparison; 1 if anything differs."""
    outcomes, exact = compare_package(Path(arguments[0]), Path(arguments[1]))
    print("\n".join(lines(outcomes, exact)))
    return int(not all(each.passed for each in outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
