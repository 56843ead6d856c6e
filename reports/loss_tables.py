"""The tables on the way from loss to GDP: cells and the words around them, as in page_tables.py."""

from collections.abc import Sequence

from reports import loss_text, titles_losses
from reports.edition import Row
from reports.mechanism_tables import ranked
from reports.names import label
from reports.names_losses import AVERAGED, AVERAGES, LEDGER_CLASSES, LEDGERS
from reports.numbers import decimals, plain
from reports.provenance import dotted
from reports.rows import Rows
from reports.tables import Cell, Column, PageTable, Table


def averages(rows: Rows) -> PageTable:
    """The loss from below and from above, and what each figure weighs."""
    found, weights = rows.edition.rows("averaging"), rows.edition.rows("averaging_weight")
    middle = {row["selection"]: row["p50"] for row in found if row["quantity"] == "usd_bn"}
    ratio = next(((row["p05"], row["p95"]) for row in found if row["quantity"] == "ratio"), None)
    return PageTable(
        "averages",
        titles_losses.averages(middle.get("bottom_up"), middle.get("top_down"), ratio),
        "Published rates put at world GDP of 2020 and averaged as whole distributions, so that disagreement widens the "
        "result; USD billion at 2020 prices",
        average_table(found, weights),
        "From below: incidents or answers scaled up; from above: rates applied to whole economies, a judgment. "
        "Both ways weigh the same, within them figures weigh by precision. Under “Without” the average of the others. "
        "The baseline of the model stays the published world loss; these say how far it could be off.",
        "loss",
        queries=("averaging", "averaging_weight"),
        code=dotted(average_table),
    )


def average_table(rows: Sequence[Row], weights: Sequence[Row]) -> Table:
    """Averages by group of figures, then the weight of each figure and the average of the others."""
    columns = (
        Column("Figures", "text"),
        Column("Weight,\u00a0%", narrow=False),
        Column("Median, $\u00a0bn"),
        Column("90 % interval, $\u00a0bn", "interval"),
        Column("Below $1\u00a0tn,\u00a0%", narrow=False),
    )
    by_selection = {row["selection"]: row for row in rows if row["quantity"] == "usd_bn"}

    def line(name: str, row: Row, weight: str = "") -> tuple[Cell, ...]:
        return (
            Cell(name),
            Cell(weight),
            Cell(plain(row["p50"], decimals([row["p50"]])), bold=True),
            Cell(low=plain(row["p05"], decimals([row["p05"]])), high=plain(row["p95"], decimals([row["p95"]]))),
            Cell(plain(100 * row["p_below_1tn"], 0)),
        )

    groups = [tuple(line(name, by_selection[key]) for key, name in AVERAGES.items() if key in by_selection)]
    groups.append(
        tuple(
            line(label(one["candidate"], AVERAGED), own, plain(100 * one["weight"], 0))
            for one in weights
            if (own := by_selection.get(f"leave_out:{one['candidate']}"))
        )
    )
    named = zip(("", "Without"), groups, strict=True)
    return Table(columns, tuple((name, body) for name, body in named if body))


def ledgers(rows: Rows) -> PageTable:
    """What the loss is made of and what of it lowers GDP."""
    found = rows.edition.rows("ledgers")
    return PageTable(
        "ledgers",
        titles_losses.ledgers(found),
        "The status quo’s loss by threat class and ledger, and the part of each that is output not produced, USD "
        "billion a year at 2020 prices; mean and 90 % of draws",
        ledger_table(found),
        "A transfer makes the victim poorer and the thief richer; no output is lost. Of damage and recovery a part is "
        "output not produced, the rest is spending that others earn; disruption downstream lowers output in full. "
        "Ledgers without an amount in this baseline are left out. "
        f"{loss_text.welfare_beside(rows.edition.rows('output'))}",
        "GDP",
        queries=("ledgers", "output"),
        code=dotted(ledger_table),
    )


def ledger_table(rows: Sequence[Row]) -> Table:
    """Ledgers by class; a ledger that is nil in every class is left out, all classes together come last."""
    columns = (
        Column("Ledger", "text"),
        Column("Mean, $\u00a0bn"),
        Column("90 % interval, $\u00a0bn", "interval", narrow=False),
        Column("Of the class,\u00a0%", narrow=False),
        Column("Lowers GDP, $\u00a0bn"),
        Column("Of the ledger,\u00a0%"),
    )
    used = {row["ledger"] for row in rows if row["mean"]}
    places = min(0, decimals([row["p95"] for row in rows])) if rows else 0
    groups, tinted = [], set()
    for key in dict.fromkeys((*LEDGER_CLASSES, *(row["threat_class"] for row in rows))):
        members = [row for row in rows if row["threat_class"] == key and row["ledger"] in used]
        body = tuple(
            (
                Cell(label(row["ledger"], LEDGERS)),
                Cell(plain(row["mean"], places), bold=True),
                Cell(low=plain(row["p05"], places), high=plain(row["p95"], places)),
                Cell(plain(100 * row["share"], 0)),
                Cell(plain(row["gdp_mean"], places), bold=True),
                Cell(plain(100 * row["gdp_mean"] / row["mean"], 0) if row["mean"] else "–"),
            )
            for row in ranked(members, "ledger", tuple(LEDGERS))
        )
        if body:
            if key == "all":
                tinted = {(len(groups), k) for k in range(len(body))}
            groups.append((label(key, LEDGER_CLASSES), body))
    return Table(columns, tuple(groups), frozenset(tinted))
