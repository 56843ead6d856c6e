"""The table of policy implications: one row each, the most robust first, with a bar for where it holds.

Cases are counted in policy.py, sentences are in policy_text.py; other tables are in page_tables.py.
"""

from collections.abc import Sequence

from reports import policy_text
from reports.numbers import plain, probability
from reports.policy import RESTS_ON, Tally, ranked
from reports.provenance import dotted
from reports.rows import Rows
from reports.tables import Cell, Column, PageTable, Table


def implications(rows: Rows) -> PageTable:
    """The implications ranked by the share of their cases in which they hold."""
    tallies = ranked(rows.edition)
    return PageTable(
        "policy",
        policy_text.title(tallies),
        "Implications by the share of the cases examined in which they hold, with the chance over the draws at the "
        "default and the choice under which they hold least",
        implication_table(tallies),
        policy_text.note(),
        "uncertainty",
        queries=RESTS_ON,
        code=dotted(implication_table),
    )


def implication_table(tallies: Sequence[Tally]) -> Table:
    """One row an implication, the most robust first."""
    columns = (
        Column("Implication", "text"),
        Column("What follows", "text", narrow=False),
        Column("Holds in,\u00a0% of cases", "share"),
        Column("Chance,\u00a0%"),
        Column("Weakest link", "text", narrow=False),
        Column("Shown in", "text tight", narrow=False),
    )
    body = tuple(
        (
            Cell(policy_text.finding(tally), under=policy_text.follows(tally)),
            Cell(policy_text.follows(tally), bold=True),
            Cell(share(tally), bar=tally.share, under=policy_text.cases(tally)),
            Cell("–" if tally.chance is None else probability(tally.chance)),
            Cell(policy_text.weakest_link(tally)),
            Cell(ref=policy_text.IMPLICATIONS[tally.key].target),
        )
        for tally in tallies
    )
    return Table(columns, (("", body),) if body else (), has_long_heads=True)


def share(tally: Tally) -> str:
    """Of the cases in percent; none and all only where it is none and all."""
    return plain(100 * tally.share, 0) if tally.held in (0, tally.cases) else probability(tally.share)
