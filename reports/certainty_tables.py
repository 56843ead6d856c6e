"""The tables on how sure the results are, the worth of knowing and the backtest: cells and the words around them."""

from collections.abc import Sequence

from reports import certainty_data, titles_certainty
from reports.edition import Row
from reports.mechanism_tables import ranked
from reports.names import label
from reports.names_losses import BACKTEST_TARGETS, FORECASTS, INPUTS
from reports.numbers import NBSP, chance, decimals, plain, present, signed
from reports.provenance import dotted
from reports.rows import Rows
from reports.tables import Cell, Column, PageTable, Table

KINDS = {"perfect": "Everything", "together": "What one study would settle", "partial": "One input"}


def information(rows: Rows) -> PageTable:
    """What knowing more before deciding would be worth."""
    found = rows.edition.rows("information")
    shown = [row for row in found if row["information"] != "partial" or row["value"] > row["se"]]
    rest = len(found) - len(shown)
    draws = f"N = {max(row['draws'] for row in found):,} draws; s.e. over the scrambles. " if found else ""
    joins = {row["decision"] for row in found}
    decision = (
        f"Without knowing more, the better choice on average is to {next(iter(joins))}. " if len(joins) == 1 else ""
    )
    return PageTable(
        "information",
        titles_certainty.information(found),
        f"Expected gain in net benefit from knowing an input before deciding on {rows.subject}, USD billion a "
        "year at 2020 prices",
        information_table(shown),
        f"{decision}Knowing pays only where it would change the decision: the last column is how often. Single inputs "
        f"worth no more than their standard error are left out ({rest}). {draws}",
        "uncertainty",
        queries=("information",),
        code=dotted(information_table),
    )


def information_table(rows: Sequence[Row]) -> Table:
    """The worth of knowing everything, of studies, and of single inputs."""
    columns = (
        Column("Known beforehand", "text"),
        Column("Worth, $\u00a0bn"),
        Column("s.e.", narrow=False),
        Column("Decides otherwise,\u00a0%"),
    )
    places = min(2, decimals([row["value"] for row in rows])) if rows else 0
    groups = []
    for kind, head in KINDS.items():
        body = tuple(
            (
                Cell(label(row["inputs"], INPUTS)),
                Cell(plain(row["value"], places), bold=True),
                Cell(plain(row["se"], places)),
                Cell(plain(100 * row["p_changed"], 0)),
            )
            for row in rows
            if row["information"] == kind
        )
        if body:
            groups.append(("" if kind == "perfect" else head, body))
    return Table(columns, tuple(groups))


def backtest(rows: Rows) -> PageTable:
    """How forecasts with nothing newer than the freeze have done."""
    found, every = rows.edition.rows("backtest_score"), rows.edition.rows("backtest")
    frozen = sorted({row["frozen_at"] for row in found})
    at = f"known in {frozen[0]}" if len(frozen) == 1 else "known at the freeze"
    return PageTable(
        "backtest",
        titles_certainty.backtest(found),
        f"Forecasts from figures {at} against what came: share of years within the bands, and the mean score on "
        "logs (CRPS, lower is better)",
        backtest_table(found),
        "Printed whatever it says. Skill is one less the ratio of the score to that of the naive trend, which "
        "continues the trend in logs; below zero the naive trend is better. Coverage over few years is coarse. The "
        "model’s loss path is a constant share of GDP by assumption, not a forecast of crime; complaints grow with "
        "reporting as well as with crime.",
        "uncertainty",
        (certainty_data.forecasts(every),) if every else (),
        "View every forecast",
        queries=("backtest_score", "backtest"),
        code=dotted(backtest_table),
    )


def backtest_table(rows: Sequence[Row]) -> Table:
    """Scores by target and forecast, the naive trend last."""
    columns = (
        Column("Forecast", "text"),
        Column("Years", narrow=False),
        Column("Inside 50 %", narrow=False),
        Column("Inside 90 %"),
        Column("CRPS"),
        Column("Skill"),
        Column("Verdict", "text", narrow=False),
    )
    groups = []
    for target in dict.fromkeys((*BACKTEST_TARGETS, *(row["target"] for row in rows))):
        members = [row for row in rows if row["target"] == target]
        body = tuple(
            (
                Cell(label(row["forecast"], FORECASTS)),
                Cell(str(row["years"])),
                *(Cell(f"{row['years'] * row[key]:.0f} of {row['years']}") for key in ("coverage_50", "coverage_90")),
                Cell(plain(row["crps"], 2), bold=True),
                Cell(
                    "–" if row["forecast"] == "naive_trend" else signed(row["skill"], 2),
                    tone="harm" if row["skill"] < 0 else "",
                ),
                Cell(str(row["verdict"])),
            )
            for row in ranked(members, "forecast", tuple(FORECASTS))
        )
        if body:
            groups.append((label(target, BACKTEST_TARGETS), body))
    return Table(columns, tuple(groups), has_long_heads=True)


def leverage(rows: Sequence[Row]) -> str:
    """How much of a total hangs on one answer of a survey, in one or two sentences."""
    known = [row for row in rows if present(row["share_of_total"])]
    answers = [row for row in known if row["kind"] != "record"]
    if not answers:
        return "How much a survey’s total hangs on one answer was not computed in this run."
    parts = [
        f"{row['case']} among {row['n']:,} is {chance(row['share_of_total'])} of a total of "
        f"${plain(row['total_usd_bn'], min(0, decimals([row['total_usd_bn']])))}{NBSP}bn ({row['source']})"
        for row in answers
        if row["share_of_total"] == max(r["share_of_total"] for r in answers if r["source"] == row["source"])
    ]
    text = f"Totals scaled up from surveys hang on single answers: {'; '.join(parts)}."
    records = [row for row in known if row["kind"] == "record"]
    if records:
        worst = max(records, key=lambda row: row["share_of_total"])
        text += f" On record the largest amount of a source is up to {chance(worst['share_of_total'])} of its sum."
    return text
