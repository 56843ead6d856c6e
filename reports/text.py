"""Sentences with numbers: the standfirst, the run strip, the four cards and the lines of prose that turn on results.

Every number comes from a row of the published database; a test walks the string constants of this module and refuses
digits. Titles are in titles.py, fixed prose in the templates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from reports import titles
from reports.names import BASELINES, BLOCS, EFFECT_SETS, label
from reports.numbers import (
    MISSING,
    NBSP,
    chance,
    decimals,
    dollars,
    plain,
    present,
    probability,
    signed,
    span,
    span_range,
)
from reports.queries import Row
from reports.titles import Spread

MECHANISMS = {
    "law": "law alone",
    "no_standdown": "law, red lines and consequences, without stand-down",
    "all": "law, red lines, consequences and stand-down",
}


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


def day(value: object) -> str:
    """A date in words: 30 September 2026; anything else as it is."""
    if isinstance(value, datetime | date):
        return f"{value.day} {value:%B} {value.year}"
    return str(value) if value is not None else MISSING


def short_run(run: Row) -> str:
    """The first block of a run's id, enough to tell runs apart; Annex D has the whole."""
    return str(run["run_id"]).split("-")[0][:12]


def mechanisms(key: str) -> str:
    """The mechanisms of a scenario in words."""
    return MECHANISMS.get(key, key.replace("_", " "))


def standfirst(share: Spread, amount: Spread, parts: str, horizon: int | None) -> str:
    """The headline in two sentences: share in percent, amount in USD bn, what the convention consists of."""
    members = f"With the members assumed for {horizon}" if horizon else "With the members assumed"
    subject = f"{members}, the op-ed’s convention ({parts})"
    number, money = plain(abs(share.p50), share.places), dollars(abs(amount.p50), amount.mcse).replace("bn", "billion")
    where = "at the median of the default prior"
    if share.verdict == "nil":
        return f"{subject} avoids nothing: the effect is nil in every draw."
    if share.middle == "zero":
        first = f"{subject} leaves the yearly loss as it is {where}."
    elif share.middle == "plus":
        first = f"{subject} avoids about {number} percent of the yearly loss, or {money}, {where}."
    else:
        first = f"{subject} makes the yearly loss about {number} percent larger, or {money}, {where}."
    low, high = plain(abs(share.p05), share.places), plain(abs(share.p95), share.places)
    worse = f"there is a {probability(share.p_not_better)} percent chance that it does nothing or harm"
    if not present(share.p_not_better):
        worse = "the chance that it does nothing or harm is not estimated"
    if share.verdict == "gain":
        second = f"The 90 percent interval runs from {low} to {high} percent avoided, and {worse}."
    elif share.verdict == "harm":
        second = f"The 90 percent interval runs from {low} to {high} percent more loss, and {worse}."
    else:
        second = (
            f"The 90 percent interval runs from a loss {low} percent larger to one {high} percent smaller, and {worse}."
        )
    return f"{first} {second}"


def strip(
    run: Row, baseline: str, baseline_usd_bn: float | None, draws: int | None, as_of: object
) -> list[tuple[str, str, str]]:
    """The five cells of the run strip: term, value, and the class of the value."""
    scrambles = run.get("scrambles")
    paired = f"{draws:,} paired" if draws else MISSING
    if scrambles:
        paired += f", {scrambles} scrambles"
    return [
        ("Edition", str(run["edition"]), ""),
        ("Data as of", day(as_of), ""),
        ("Baseline", f"{label(baseline, BASELINES)}, {dollars(baseline_usd_bn)}, 2020 prices", ""),
        ("Draws", paired, ""),
        ("Run", short_run(run), "code"),
    ]


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


def card_avoided(share: Spread) -> Card:
    """Card 2: what the op-ed's convention avoids."""
    number = plain(abs(share.p50), share.places)
    claim = {
        "plus": f"The op-ed’s convention avoids about {number}{NBSP}% of the loss",
        "minus": f"The op-ed’s convention makes the loss about {number}{NBSP}% larger",
        "zero": "The op-ed’s convention leaves the median loss as it is",
    }[share.middle]
    interval = f"{span(share.p05, share.p95, share.places)}{NBSP}%"
    odds = f"{chance(share.p_not_better)} that it avoids nothing or harms"
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


def question(share: Spread, origin_share: float | None, baseline_usd_bn: float | None) -> str:
    """The op-ed's claim as one testable sentence with its answer."""
    covered = (
        f"{plain(100 * origin_share, 0)} percent of attack origin" if present(origin_share) else "its assumed members"
    )
    verb = "avoid" if share.middle != "minus" else "add"
    value = plain(abs(share.p50), share.places)
    sign = 1 if share.middle != "minus" else -1
    ends = sorted((sign * share.p05, sign * share.p95))
    return (
        f"A convention of law alone, adopted by states that cover {covered}, would {verb} {value} percent "
        f"(90 percent interval {span(*ends, share.places)}) of a yearly loss of {dollars(baseline_usd_bn)}."
    )


def winners(row: Row | None, world_mean: float | None, regions: Sequence[Row]) -> str:
    """Who loses although the world gains, in one or two sentences."""
    if row is None or not present(row["losers"]) or not present(row["winners"]):
        return "How many economies lose was not estimated in this run."
    losers, total = int(row["losers"]), int(row["losers"]) + int(row["winners"])
    if total == 0:
        return "No economy gains or loses in this run."
    world = (
        "Although the world gains" if present(world_mean) and world_mean > 0 else "The world as a whole does not gain"
    )
    joint = ", " if world.startswith("Although") else "; "
    if losers == 0:
        return f"Of {total} economies with a change, not one loses on average."
    if losers == total:
        return f"{world}{joint}every one of the {total} economies with a change loses on average."
    text = (
        f"{world}{joint}{losers} of {total} economies with a change lose on average: what is driven off goes elsewhere."
    )
    worst = [r for r in regions if r["losers"]]
    if worst and len(regions) > 1:
        text += f" {worst[0]['losers']} of them are in {worst[0]['region']}."
    return text


def pooled_line(pooled: Row) -> str:
    """What the pool of estimates says, with its heterogeneity."""
    median = plain(pooled["usd_bn_p50"], decimals([pooled["usd_bn_p50"]]))
    inside = span_range(pooled["usd_bn_low"], pooled["usd_bn_high"], min(0, decimals([pooled["usd_bn_high"]])))
    i2 = probability(pooled["i2"])
    return (
        f"Pooled by random effects, the {pooled['n']} estimates in the pool put the median yearly loss at ${median} bn "
        f"(90 percent interval {inside}). {i2} percent of their variance is disagreement between studies rather than "
        "error within "
        f"them (τ = {plain(pooled['tau'], 2)} in logs)."
    )


def not_shown(parts: str, criminal: Row | None) -> list[str]:
    """What the page leaves out or cannot know; the first line goes when later mechanisms are in."""
    lines = []
    if parts == "law":
        lines.append(
            "Red lines, agreed consequences, states that stand down and the shift of effort that would follow are not "
            "in these numbers: the op-ed’s convention acts here through criminal law alone."
        )
    lines += [
        "Studies count attacks; that money follows them is an assumption, and none shows that joining a treaty lowers "
        "losses.",
        "Rare disasters: the figures are yearly averages and say nothing about the tail.",
        "The way from loss to GDP: what a criminal takes is a loss to the victim, not in full a loss of output.",
        f"{unattributed(criminal)} How much of that a law can reach is a prior from none to all.",
        "Crime within a country’s borders does not appear in trackers of foreign operations; its share is a prior.",
        "Who will sign: later members join at dates stated in a file, an assumption and not a forecast.",
    ]
    return lines


def unattributed(row: Row | None) -> str:
    """How much of crime the trackers cannot place."""
    if row is None or not present(row["share"]):
        return "The share of criminal incidents without a known origin was not estimated in this run."
    return (
        f"{plain(100 * row['share'], 0)} percent of the criminal incidents on record have no known origin, and who "
        f"attacks whom across borders rests on {plain(row['placed'] or 0, 0)} incidents that have one."
    )


def monte_carlo(*rows: dict[str, Any] | None) -> str:
    """The largest Monte Carlo standard error of some share rows, in points."""
    keys = ("mcse", "mcse_p50")
    errors = [100 * row[key] for row in rows if row for key in keys if present(row.get(key))]
    if not errors:
        return MISSING
    worst = max(errors)
    return plain(worst, decimals([worst]) - 1)
