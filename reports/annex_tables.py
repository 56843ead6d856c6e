"""The tables of the annex on robustness: choices of the specification curve, estimates left out of the pool.

Sources and priors are in page_tables.py, rows accounted for in facts_tables.py, changes between editions in
change_tables.py.
"""

from collections.abc import Sequence

from reports.edition import Row
from reports.names import specification
from reports.names_losses import AVERAGED, CHOICES, option
from reports.numbers import decimals, plain, present, probability, signed
from reports.provenance import dotted
from reports.rows import Rows
from reports.tables import Cell, Column, PageTable, Table
from reports.titles import capital, in_words


def choices(rows: Rows) -> PageTable:
    """The specification curve by choice: what each option does to the mean over all the others."""
    found = rows.edition.rows("specification_choice")
    held = {
        (row["choice"], row["option"]): row["held"] / row["cases"]
        for row in rows.edition.rows("specification_holds", implication="lowers")
        if row["choice"] and row["cases"]
    }
    return PageTable(
        "choices",
        choices_title(found),
        "Mean avoided loss of the op-ed’s convention over all specifications with an option, where 90 % of their means "
        "lie, and the mean with the option and every other choice at its default; USD billion a year at 2020 prices",
        choice_table(found, held),
        "Every combination of the choices counts once. Explained: share of the variance of all means that hangs on the "
        "choice, with its interactions. Above zero: share of the specifications with the option whose mean is a gain. "
        "The default of each choice is tinted.",
        "uncertainty",
        queries=("specification_choice", "specification_holds"),
        code=dotted(choice_table),
    )


def choice_table(rows: Sequence[Row], held: dict[tuple[str, str], float]) -> Table:
    """Groups by choice, the one that explains most first."""
    columns = (
        Column("Option", "text"),
        Column("Specifications", narrow=False),
        Column("Mean, $\u00a0bn"),
        Column("90 % of means", "interval"),
        Column("Alone, $\u00a0bn", narrow=False),
        Column("Above zero,\u00a0%"),
    )
    places = min(1, decimals([row["upper"] for row in rows])) if rows else 0
    total = {row["choice"]: row["total"] for row in rows}
    groups, tinted = [], set()
    for choice in sorted(total, key=lambda name: -total[name]):
        body = []
        for row in (row for row in rows if row["choice"] == choice):
            share = held.get((choice, row["option"]))
            if row["is_default"]:
                tinted.add((len(groups), len(body)))
            body.append(
                (
                    Cell(capital(option(choice, row["option"]))),
                    Cell(f"{row['specifications']:,}"),
                    Cell(signed(row["mean"], places), bold=True),
                    Cell(low=signed(row["lower"], places), high=signed(row["upper"], places)),
                    Cell(signed(row["alone"], places)),
                    Cell(plain(100 * share, 0) if present(share) else "–"),
                )
            )
        groups.append((f"{CHOICES.get(choice, choice)}: explains {probability(total[choice])} %", tuple(body)))
    return Table(columns, tuple(groups), frozenset(tinted), in_halves=True)


def choices_title(rows: Sequence[Row]) -> str:
    """Title of the table of choices, from how much the two choices that matter most explain."""
    total = {row["choice"]: row["total"] for row in rows}
    if not total or max(total.values()) <= 0:
        return "No choice of the model was varied in this run"
    first, *rest = sorted(total, key=lambda name: -total[name])
    name = CHOICES.get(first, first).lower()
    small = sum(total[choice] < 0.01 for choice in total)
    start = f"The choice “{name}” explains {plain(100 * total[first], 0)} % of what moves the mean"
    if rest and total[rest[0]] > 0.5 * total[first]:
        return f"{start}, “{CHOICES.get(rest[0], rest[0]).lower()}” {plain(100 * total[rest[0]], 0)} %"
    if small:
        verb = "hardly matters" if small == 1 else "hardly matter"
        return f"{start}; {in_words(small)} of {in_words(len(total))} choices {verb}"
    return start


def left_out(rows: Rows) -> PageTable:
    """The pooled loss with one estimate, or one group of estimates, left out at a time."""
    found = rows.edition.rows("pooled")
    return PageTable(
        "left_out",
        left_out_title(found),
        "Pooled yearly loss under other choices of the published estimates, USD billion at world GDP of 2020; "
        "random effects, 90 % interval",
        left_out_table(found),
        "Without: one estimate left out. Scope: with a covariate for estimates of that scope, its coefficient set to "
        "zero. With two or three estimates an interval says little. The baseline of the model is the published world "
        "loss, not this pool.",
        "loss",
        queries=("pooled",),
        code=dotted(left_out_table),
    )


def left_out_table(rows: Sequence[Row]) -> Table:
    """One row a specification of the pool, all estimates first."""
    columns = (
        Column("Estimates", "text"),
        Column("n"),
        Column("Median, $\u00a0bn"),
        Column("90 % interval", "interval", narrow=False),
        Column("τ", narrow=False),
        Column("I²,\u00a0%", narrow=False),
        Column("One more above $1\u00a0tn,\u00a0%"),
    )
    body = tuple(
        (
            Cell(left_out_name(str(row["specification"]))),
            Cell(f"{row['n']}"),
            Cell(_amount(row["usd_bn_p50"]), bold=True),
            Cell(low=_amount(row["usd_bn_low"]), high=_amount(row["usd_bn_high"])),
            Cell(plain(row["tau"], 2)),
            Cell(probability(row["i2"])),
            Cell(probability(None if row["percentile_of_1tn"] is None else 1 - row["percentile_of_1tn"])),
        )
        for row in rows
    )
    tinted = frozenset((0, k) for k, row in enumerate(rows) if row["specification"] == "all")
    return Table(columns, (("", body),), tinted)


def left_out_name(key: str) -> str:
    """A specification of the pool in words: Without CEA 2018, United States."""
    kind, _, rest = key.partition(":")
    if kind == "leave_out" and rest in AVERAGED:
        return f"Without {AVERAGED[rest]}"
    return specification(key)


def _amount(value: float | None) -> str:
    return plain(value, decimals([value]))


def left_out_title(rows: Sequence[Row]) -> str:
    """Title of the leave-one-out table, from the range of medians when one estimate is left out."""
    alone = [row["usd_bn_p50"] for row in rows if str(row["specification"]).startswith("leave_out")]
    whole = next((row["usd_bn_p50"] for row in rows if row["specification"] == "all"), None)
    if not alone or not present(whole):
        return "No estimate was left out of the pool in this run"
    ends = f"${_amount(min(alone))} bn and ${_amount(max(alone))} bn"
    return f"Leaving out one estimate moves the pooled loss of ${_amount(whole)} bn to between {ends}"
