"""The one table that `make bench` prints: every line with its limit and its figure in the last release."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.lines import Line
from benchmarks.releases import Release, change, machine

HEADER = ("what", "ratio", "range", "limit", "", "before", "change", "note")


def table(lines: Sequence[Line], last: Release | None) -> list[str]:
    """The table as lines of text, its columns aligned; under it the lines of the last release that are gone."""
    same = last is not None and last.machine == machine()
    rows = [HEADER, *(_row(line, last, same) for line in lines)]
    widths = [max(len(row[k]) for row in rows) for k in range(len(HEADER))]
    shown = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    if last is None:
        return [*shown, "before: no release is kept"]
    gone = sorted(set(last.figures) - {line.key for line in lines})
    where = "this class of machine" if same else ", ".join(f"{name} {value}" for name, value in last.machine.items())
    shown.append(f"before: release {last.version} on {where}")
    return [*shown, f"not measured this time: {', '.join(gone)}"] if gone else shown


def _row(line: Line, last: Release | None, same: bool) -> tuple[str, ...]:
    before = last.figures.get(line.key) if last else None
    spread = f"{min(line.ratios):.3g} to {max(line.ratios):.3g}" if len(line.ratios) > 1 else "once"
    return (
        line.what,
        f"{line.ratio:.3g}",
        spread,
        line.limit,
        "holds" if line.holds else "FAILS",
        "" if before is None else f"{before.ratio:.3g}",
        "" if last is None else change(line, before, same),
        line.note,
    )
