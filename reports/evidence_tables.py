"""What is published, as tables: estimates of the yearly loss, and studies of what treaties and enforcement do.

The figures of the same rows are in figures_estimates.py and figures_evidence.py.
"""

from collections.abc import Sequence

from reports.edition import Row
from reports.figures_estimates import names
from reports.figures_evidence import bounds, percent, sample, study_name
from reports.names import INTERESTS, SIDES, label
from reports.numbers import NBSP, decimals, plain, present, signed, span_range
from reports.provenance import dotted
from reports.rows import Rows
from reports.tables import Cell, Column, PageTable, Table, sentence_case
from reports.titles import in_words


def estimates(rows: Rows) -> PageTable:
    """The registry of published estimates, those in the pool first, the others with the reason."""
    found = rows.edition.rows("estimates")
    unread = sum(not row["verified"] for row in found)
    return PageTable(
        "estimates",
        estimates_title(found),
        "Every published estimate of what cyberattacks cost that was found: as printed, USD billion, and as a share of "
        "GDP of its own place and year",
        estimate_table(found),
        "The pool takes one row of each publisher. An estimate of one country or one year is comparable as a share of "
        f"GDP only. Why a row is left out stands with it in the database. {unread_line(unread)}Sources: Annex A.",
        "loss",
        queries=("estimates",),
        code=dotted(estimate_table),
    )


def unread_line(count: int) -> str:
    """How many figures nobody here has read in their source; nothing where all were."""
    if not count:
        return ""
    return f"{count} {'figure was' if count == 1 else 'figures were'} not read in the source itself. "


def estimate_table(rows: Sequence[Row]) -> Table:
    """Two groups: in the pool, and left out with the reason."""
    columns = (
        Column("Estimate", "text"),
        Column("For", narrow=False),
        Column("Place", "text tight"),
        Column("Central, $\u00a0bn"),
        Column("Range, $\u00a0bn", "tight", narrow=False),
        Column("GDP,\u00a0%"),
        Column("Interest", "text", narrow=False, paper=False),
        Column("In the pool, or why not", "text", narrow=False, paper=False),
    )
    lines = [(row, name) for name, row in zip(names(rows), rows, strict=True)]
    groups = []
    for head, used in (("In the pool", True), ("Left out", False)):
        body = tuple(
            (
                Cell(name),
                Cell(str(row["reference_year"])),
                Cell("World" if row["is_world"] else str(row["geography"])),
                Cell(_amount(row["central_usd_bn"]), bold=used),
                Cell(_range(row)),
                Cell(plain(100 * row["share_of_gdp"], 2) if present(row["share_of_gdp"]) else "–"),
                Cell(label(row["interest"], INTERESTS)),
                Cell(str(row["reason"] or "–")),
            )
            for row, name in lines
            if bool(row["used"]) == used
        )
        if body:
            groups.append((head, body))
    return Table(columns, tuple(groups), has_long_heads=True, in_halves=True)


def _amount(value: float | None) -> str:
    return plain(value, min(1, decimals([value]))) if present(value) else "–"


def _range(row: Row) -> str:
    low, high = row["low_usd_bn"], row["high_usd_bn"]
    if not (present(low) and present(high)):
        return "–"
    return span_range(low, high, min(1, max(0, decimals([low]) - 1)))


def estimates_title(rows: Sequence[Row]) -> str:
    """Title of the registry as a table: how many of the estimates found are fit to be pooled."""
    used = sum(bool(row["used"]) for row in rows)
    if not rows:
        return "No published estimate is recorded in this run"
    if not used:
        return f"Of {in_words(len(rows))} published estimate{'' if len(rows) == 1 else 's'} none is fit to be pooled"
    if used == len(rows):
        return f"All {in_words(used)} published estimates are in the pool"
    verb = "is" if used == 1 else "are"
    return f"Of {in_words(len(rows))} published estimates {in_words(used)} {verb} in the pool; the rest have a reason"


def evidence(rows: Rows) -> PageTable:
    """Every study of treaties, enforcement and restraint: design, sample, estimate, interval, transport."""
    found = rows.edition.rows("treaty_effects")
    return PageTable(
        "evidence",
        evidence_title(found),
        "What each study measures and how, the change in attacks it finds, %, with its 95 % interval, and how it bears "
        "on the model",
        evidence_table(found),
        "A negative change is fewer attacks. * The standard error is assumed here. Studies of neither side measure no "
        "treaty; they bear on displacement, decay and restraint. Sources: Annex A.",
        "law",
        queries=("treaty_effects",),
        code=dotted(evidence_table),
    )


def evidence_table(rows: Sequence[Row]) -> Table:
    """Groups by side: where attacks land, where they start, neither."""
    columns = (
        Column("Study", "text"),
        Column("Design and outcome", "text", narrow=False),
        Column("n", "text", narrow=False),
        Column("Change,\u00a0%"),
        Column("95 % interval", "tight"),
        Column("Transport to the model", "text", narrow=False),
    )
    order = list(SIDES)
    groups = []
    for side in sorted({str(row["side"]) for row in rows}, key=lambda key: order.index(key) if key in order else 9):
        body = tuple(
            (
                Cell(study_name(row)),
                Cell(f"{sentence_case(str(row['design'] or '–'))}: {row['outcome'] or '–'}"),
                Cell(sample(row) or "–"),
                Cell(_change(row), bold=True, tone="harm" if (row["log_rate_ratio"] or 0) > 0 else ""),
                Cell(_interval(row)),
                Cell(str(row["transport"] or "–")),
            )
            for row in rows
            if row["side"] == side
        )
        groups.append((label(side, SIDES), body))
    return Table(columns, tuple(groups), has_long_heads=True)


def _change(row: Row) -> str:
    return signed(percent(row["log_rate_ratio"]), 0) if present(row["log_rate_ratio"]) else "–"


def _interval(row: Row) -> str:
    if not present(row["log_rate_ratio"]):
        return "–"
    ends = bounds(row)
    if ends is None:
        printed = [row.get(key) for key in ("low", "high")]
        if not all(present(end) for end in printed):
            return "–"
        ends = (percent(min(printed)), percent(max(printed)))
        return f"{signed(ends[0], 0)} to {signed(ends[1], 0)}, printed".replace(" to ", f"{NBSP}to{NBSP}")
    text = f"{signed(ends[0], 0)} to {signed(ends[1], 0)}".replace(" ", NBSP)
    return f"{text}{NBSP}*" if row["se_assumed"] else text


def evidence_title(rows: Sequence[Row]) -> str:
    """Title of the table of evidence, from the signs of what measures a treaty and of the rest."""
    if not rows:
        return "No study is recorded in this run"
    treaty = [row for row in rows if row["side"] in ("victim", "origin")]
    fewer, more = (sum((row["log_rate_ratio"] or 0) * sign > 0 for row in treaty) for sign in (-1, 1))
    every = f"Of {in_words(len(rows))} finding{'' if len(rows) == 1 else 's'}"
    if not treaty:
        return f"{every} not one is of a treaty"
    start = f"{every} {in_words(len(treaty))} {'is' if len(treaty) == 1 else 'are'} of a treaty"
    if fewer and more:
        return f"{start}: {in_words(fewer)} with fewer attacks, {in_words(more)} with more"
    if not fewer and not more:
        return f"{start}, and none finds a change"
    count = "all" if fewer + more == len(treaty) else in_words(fewer + more)
    return f"{start}, {count} with {'fewer' if fewer else 'more'} attacks"
