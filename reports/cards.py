"""The words of the four cards at a glance: claim, measure, interval, probability. Their charts are in figures_cards.py.

Every number comes from a row of the published database.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reports import titles
from reports.edition import Row
from reports.names import BLOCS, EFFECT_SETS, label, subject
from reports.numbers import MISSING, NBSP, chance, decimals, plain, present, signed, span
from reports.queries import FOCUS
from reports.titles import Spread


@dataclass(frozen=True)
class Card:
    """One message at a glance: claim, what the chart measures, interval, probability, and the figure it links to."""

    key: str
    claim: str
    measure: str
    interval: str
    probability: str
    target: str
    alt: str


def card_estimates(estimates: Sequence[Row], pooled: Row) -> Card:
    """Card 1: one trillion among the published estimates."""
    percentile = pooled["percentile_of_1tn"]
    exceeds = 1 - percentile if present(percentile) else None
    count = titles.in_words(len(estimates))
    interval = span_dollars(pooled["predictive_usd_bn_p05"], pooled["predictive_usd_bn_p95"])
    place = titles.trillion(percentile).replace("one trillion dollars is ", "")
    claim = f"One trillion dollars is one estimate among many: it is {place}"
    return Card(
        "estimates",
        claim,
        "Published yearly loss, log scale",
        interval,
        f"{chance(exceeds)} that one more estimate like these exceeds $1{NBSP}tn",
        "registry",
        f"Interval chart of the lowest and highest of {count} published estimates. {claim}. Pooled interval "
        f"{interval}; "
        f"chance of more than one trillion {chance(exceeds)}.",
    )


def span_dollars(low: float | None, high: float | None) -> str:
    """An interval of amounts in USD bn, each at three digits at most."""
    if not (present(low) and present(high)):
        return MISSING
    return f"${plain(low, decimals([low]))} to {plain(high, decimals([high]))}{NBSP}bn"


def card_avoided(share: Spread, without: Spread | None = None, scenario: str = FOCUS) -> Card:
    """Card 2: what the op-ed's convention avoids, with stand-down and without where the headline has it."""
    claim = f"{titles.capital(subject(scenario))} {_avoids(share)}"
    interval = f"{span(share.p05, share.p95, share.places)}{NBSP}%"
    odds = f"{chance(share.p_not_better)} that it avoids nothing or harms"
    if without:
        same = share.middle == without.middle != "zero"
        number = plain(abs(without.p50), without.places)
        claim += f", {number}{NBSP}% without stand-down" if same else f"; without stand-down it {_avoids(without)}"
        interval += f"; without stand-down {span(without.p05, without.p95, without.places)}{NBSP}%"
        odds += f"; {chance(without.p_not_better)} without stand-down"
    return Card(
        "avoided",
        claim,
        "Avoided loss in 50 equally likely futures",
        interval,
        odds,
        "scenarios",
        f"Dot plot of equally likely futures. {claim}. Median {signed(share.p50, share.places)} %, 90 % interval "
        f"{interval}; {odds}.",
    )


def _avoids(share: Spread) -> str:
    """What the convention does at its median, as a predicate."""
    number = plain(abs(share.p50), share.places)
    return {
        "plus": f"avoids about {number}{NBSP}% of the loss",
        "minus": f"makes the loss about {number}{NBSP}% larger",
        "zero": "leaves the median loss as it is",
    }[share.middle]


def card_adoption(levels: Sequence[Row], bloc: Row, not_paying: float | None) -> Card:
    """Card 3: how the benefit grows with adoption, and the odds of a small club."""
    claim = titles.by_adoption(levels)
    spread, full = Spread.of(bloc, 100), Spread.of(levels[-1], 100)
    name = label(bloc["bloc"], BLOCS)
    # A small club's interval is printed like the one at full adoption, unless that would make it zero.
    places = full.places
    while places < spread.places and round(spread.p05, places) == 0 == round(spread.p95, places):
        places += 1
    interval = f"{name}: {span(spread.p05, spread.p95, places)}{NBSP}%"
    odds = f"{chance(not_paying)} that a {name} convention does not pay"
    return Card(
        "adoption",
        claim,
        "Avoided loss by share of attack origin",
        interval,
        odds,
        "hero",
        f"Fan chart. {claim}. Full adoption: median {signed(full.p50, full.places)} %, 90 % interval "
        f"{span(full.p05, full.p95, full.places)} %. {odds}.",
    )


def card_effects(rows: Sequence[Row]) -> Card:
    """Card 4: which assumption decides."""
    claim = titles.effect_sets(rows)
    averaged = next((row for row in rows if row["effect_set"] == "averaged"), rows[0])
    spread = Spread.of(averaged, 100)
    known = [row for row in rows if present(row["p_not_better"])]
    interval = f"{label(averaged['effect_set'], EFFECT_SETS)}: {span(spread.p05, spread.p95, spread.places)}{NBSP}%"
    odds = f"Chance of nothing or harm: {MISSING}"
    if known:
        best, worst = (pick(known, key=lambda row: row["p_not_better"]) for pick in (min, max))
        odds = (
            f"{chance(best['p_not_better'])} ({best['effect_set'].replace('_', ' ')}) to "
            f"{chance(worst['p_not_better'])} "
            f"({worst['effect_set'].replace('_', ' ')}) that it avoids nothing or harms"
        )
    medians = ", ".join(
        f"{label(r['effect_set'], EFFECT_SETS)} {signed(100 * r['p50'], spread.places)} %" for r in rows[:3]
    )
    return Card(
        "effects",
        claim,
        "Avoided loss by effect set",
        interval,
        odds,
        "effects",
        f"Interval chart. {claim}. Medians: {medians}.",
    )
