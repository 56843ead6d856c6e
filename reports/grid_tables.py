"""The headline grid: what a convention avoids at each adoption under a weak, a central and a strong effect of law.

The curve of the default is in figures_adoption.py, the map of what pays in figures_strength.py.
"""

from collections.abc import Sequence

from reports import text
from reports.edition import Row
from reports.names import EFFECT_SETS, label
from reports.numbers import NBSP, chance, plain, present
from reports.provenance import dotted
from reports.queries import MOST_FIRST
from reports.rows import Rows
from reports.tables import Cell, Column, PageTable, Table, column_places, interval, odds
from reports.titles import Spread

METRIC = "attack_origin"
STRENGTHS = {"null": "Weak", "default": "Central", "optimistic": "Strong"}
"""Effect sets by how strong they take law to be; the rest are in the figure of effect sets."""
CENTRAL = "default"
SMALL, LARGE = 0.05, 0.1
"""Shares of the loss that a convention may avoid more of."""


def grid(rows: Rows) -> PageTable:
    """Adoption by strength with intervals and the chance of avoiding a large share."""
    found, odds_of = rows.need("grid", adoption_metric=METRIC), rows.edition.rows("odds")
    fullest = next((name for name in MOST_FIRST if any(row["mechanisms"] == name for row in found)), "")
    acts = text.mechanisms(fullest) if fullest else ""
    shares = [row for row in found if row["measure"] == "avoided_share" and row["adoption_level"] > 0]
    n = f"N = {max(row['draws'] for row in shares):,} paired draws, Monte Carlo s.e. " if shares else ""
    error = f"{text.monte_carlo(*shares)} points at most. " if shares else ""
    sets = "; ".join(f"{name.lower()}: effect set “{label(key, EFFECT_SETS)}”" for key, name in STRENGTHS.items())
    return PageTable(
        "grid",
        title(odds_of, fullest),
        f"Avoided loss of {rows.subject} by the share of attack origin that members cover and by the effect of "
        f"law, % of the status-quo loss; what acts: {acts}",
        grid_table(found, odds_of, fullest),
        f"Strength is that of law alone, {sets}. Consequences and restraint are as drawn in all three, so that the "
        "weak rows are what they do without it. The op-ed’s founders join first, then economies by the attacks that "
        f"come from them. {n}{error}Sources: Annex A.",
        "adoption",
        queries=("grid", "odds"),
        code=dotted(grid_table),
    )


def grid_table(rows: Sequence[Row], odds_of: Sequence[Row], fullest: str) -> Table:
    """Groups by strength, rows by adoption; the last column is the median without stand-down."""
    columns = (
        Column("Attack origin covered,\u00a0%", "text"),
        Column("Median,\u00a0%"),
        Column("90 % interval,\u00a0%", "interval"),
        Column("Median, $\u00a0bn", narrow=False),
        Column("Nothing or harm,\u00a0%", narrow=False),
        Column(f"Above {plain(100 * SMALL, 0)}\u00a0%,\u00a0%", narrow=False),
        Column(f"Above {plain(100 * LARGE, 0)}\u00a0%,\u00a0%"),
        Column("Median without stand-down,\u00a0%", narrow=False),
    )
    of = {(row["mechanisms"], row["effect_set"], row["measure"], row["adoption_level"]): row for row in rows}
    above = {
        (row["effect_set"], row["adoption_level"], row["threshold"]): row["p_above"]
        for row in odds_of
        if row["mechanisms"] == fullest
    }
    levels = sorted({row["adoption_level"] for row in rows if row["adoption_level"] > 0})
    shown = {
        (strength, level): own
        for strength in STRENGTHS
        for level in levels
        if (own := of.get((fullest, strength, "avoided_share", level)))
    }
    if not shown:
        return Table(columns, ())
    amounts = {key: of[fullest, key[0], "avoided_loss", key[1]] for key in shown}
    places = column_places([Spread.of(row, 100) for row in shown.values()])
    usd_places = column_places([Spread.of(row) for row in amounts.values()])
    groups = []
    for strength, head in STRENGTHS.items():
        body = []
        for level in levels:
            if (own := shown.get((strength, level))) is None:
                continue
            lesser = of.get(("no_standdown", strength, "avoided_share", level)) if fullest == "all" else None
            body.append(
                (
                    Cell(plain(100 * level, 0)),
                    Cell(text.signed(100 * own["p50"], places), bold=True),
                    interval(Spread.of(own, 100), places),
                    Cell(text.signed(amounts[strength, level]["p50"], usd_places)),
                    odds(own["p_not_better"]),
                    *(Cell(odds(above.get((strength, level, share))).text) for share in (SMALL, LARGE)),
                    Cell(text.signed(100 * lesser["p50"], places) if lesser else "–"),
                )
            )
        groups.append((f"{head} effect of law", tuple(body)))
    return Table(columns, tuple(groups), frozenset((k, len(body) - 1) for k, (_, body) in enumerate(groups)))


def title(odds_of: Sequence[Row], fullest: str) -> str:
    """Title of the grid, from the chance of avoiding a tenth of the loss at full adoption and the strongest effect."""
    own = [
        row for row in odds_of if row["mechanisms"] == fullest and row["threshold"] == LARGE and present(row["p_above"])
    ]
    full = {row["effect_set"]: row["p_above"] for row in own if row["adoption_level"] == 1}
    share = f"{plain(100 * LARGE, 0)}{NBSP}%"
    strongest = next((name for name in reversed(STRENGTHS) if name in full), None)
    if strongest is None:
        return "What a convention avoids turns on adoption and on the effect of law"
    most = full[strongest]
    named = f"{'the' if strongest == CENTRAL else 'a'} {STRENGTHS[strongest].lower()} effect of law"
    if most == 0:
        return f"No draw avoids more than {share} of the loss, at any adoption or strength"
    if most > 0.5:
        return f"Full adoption with {named} is more likely than not to avoid more than {share} of the loss"
    central = full.get(CENTRAL)
    beside = f", with the central one {chance(central)}" if present(central) and strongest != CENTRAL else ""
    return (
        f"Even full adoption with {named} avoids more than {share} of the loss with a chance of {chance(most)}{beside}"
    )
