"""Sentences with numbers: the standfirst, the run strip and the lines of prose that turn on results.

Every number comes from a row of the published database; a test walks the string constants of this module and refuses
digits. Titles are in titles.py, the words of the cards in cards.py, what is left out in limits.py, fixed prose in the
templates.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from reports.edition import Row
from reports.names import BASELINES, MECHANISMS, label, subject
from reports.numbers import (
    MISSING,
    decimals,
    dollars,
    plain,
    present,
    probability,
    signed,
    span,
    span_range,
)
from reports.queries import FOCUS
from reports.titles import Spread


def day(value: object) -> str:
    """A date in words: 30 September 2026; anything else as it is."""
    if isinstance(value, datetime | date):
        return f"{value.day} {value:%B} {value.year}"
    return str(value) if value is not None else MISSING


def short_run(run: Row) -> str:
    """The first block of a run's id, enough to tell runs apart; Annex E has the whole."""
    return str(run["run_id"]).split("-")[0][:12]


def mechanisms(key: str) -> str:
    """The mechanisms of a scenario in words."""
    return MECHANISMS.get(key, key.replace("_", " "))


def standfirst(
    share: Spread,
    amount: Spread,
    parts: str,
    horizon: int | None,
    without: tuple[Spread, Spread] | None = None,
    scenario: str = FOCUS,
) -> str:
    """The headline in two sentences: share in percent, amount in USD bn, what the convention consists of.

    A third says the same without stand-down, where the headline has it; `without` is its share and amount.
    """
    members = f"With the members assumed for {horizon}" if horizon else "With the members assumed"
    last = f" {without_standdown(*without)}" if without else ""
    return f"{result(f'{members}, {subject(scenario)} ({parts})', share, amount, 'the default prior')}{last}"


def result(subject: str, share: Spread, amount: Spread, prior: str) -> str:
    """What a convention does, in two sentences: share in percent and amount in USD bn, then interval and chance."""
    if share.verdict == "nil":
        return f"{subject} avoids nothing: the effect is nil in every draw."
    first = f"{subject} {_outcome(share, amount, 'the yearly loss')} at the median of {prior}."
    low, high = plain(abs(share.p05), share.places), plain(abs(share.p95), share.places)
    odds = probability(share.p_not_better)
    worse = f"there is {article(odds)} {odds} percent chance that it does nothing or harm"
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


def article(percent: str) -> str:
    """The indefinite article before a whole percentage as it is read aloud: an 8, an 11, an 83, a 14."""
    return "an" if percent.startswith("8") or percent in ("11", "18") else "a"


def _outcome(share: Spread, amount: Spread, loss: str) -> str:
    """What a convention does at its median, as a predicate: avoids about a percent of the loss, or an amount."""
    number, money = plain(abs(share.p50), share.places), dollars(abs(amount.p50), amount.mcse).replace("bn", "billion")
    if share.middle == "zero":
        return f"leaves {loss} as it is"
    if share.middle == "plus":
        return f"avoids about {number} percent of {loss}, or {money},"
    return f"makes {loss} about {number} percent larger, or {money},"


def without_standdown(share: Spread, amount: Spread) -> str:
    """The headline without stand-down, in one sentence with its interval and its chance of nothing or harm."""
    if share.verdict == "nil":
        return "Without stand-down it avoids nothing."
    inside = f"90 percent interval {span(share.p05, share.p95, share.places)} percent avoided"
    odds = f"{probability(share.p_not_better)} percent chance of nothing or harm"
    if not present(share.p_not_better):
        odds = "chance of nothing or harm not estimated"
    return f"Without stand-down it {_outcome(share, amount, 'the loss').rstrip(',')} ({inside}, {odds})."


def beside(share: Spread | None) -> str:
    """The avoided share without stand-down for a caption, in percent; empty where the headline has no stand-down."""
    if share is None:
        return ""
    inside = span(share.p05, share.p95, share.places)
    return f"Without stand-down: median {signed(share.p50, share.places)} %, 90 % interval {inside}. "


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


def question(
    share: Spread, parts: str, origin_share: float | None, baseline_usd_bn: float | None, without: Spread | None = None
) -> str:
    """The op-ed's claim as one testable sentence with its answer, and the answer without stand-down beside it."""
    covered = (
        f"states that cover {plain(100 * origin_share, 0)} percent of attack origin"
        if present(origin_share)
        else "its assumed members"
    )
    answer = f"would {answer_in(share, '90 percent interval ')} of a yearly loss of {dollars(baseline_usd_bn)}"
    last = f"; without stand-down it would {answer_in(without)}" if without else ""
    return f"A convention of {parts}, adopted by {covered}, {answer}{last}."


def answer_in(share: Spread, name: str = "") -> str:
    """What is avoided or added with its 90 % interval: avoid 1.4 percent (90 percent interval −4.8 to +10.3)."""
    sign, verb = (-1, "add") if share.middle == "minus" else (1, "avoid")
    ends = sorted((sign * share.p05, sign * share.p95))
    return f"{verb} {plain(abs(share.p50), share.places)} percent ({name}{span(*ends, share.places)})"


def winners(row: Row | None, world_mean: float | None, groups: Sequence[Row]) -> str:
    """Who loses although the world gains, in one to three sentences.

    groups : rows of winners_by_group, by region and by income group, most losers first within each
    """
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
    regions, incomes = ([r for r in groups if r["kind"] == kind] for kind in ("region", "income_group"))
    if len(regions) > 1 and regions[0]["losers"]:
        text += f" {regions[0]['losers']} of them are in {regions[0]['name']}."
    if len(incomes) > 1 and incomes[0]["losers"]:
        part = "most are" if 2 * incomes[0]["losers"] > losers else "the largest number is"
        text += f" By income, {part} in the group “{incomes[0]['name']}” ({incomes[0]['losers']})."
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


def monte_carlo(*rows: dict[str, Any] | None) -> str:
    """The largest Monte Carlo standard error of some share rows, in points."""
    keys = ("mcse", "mcse_p50")
    errors = [100 * row[key] for row in rows if row for key in keys if present(row.get(key))]
    if not errors:
        return MISSING
    worst = max(errors)
    return plain(worst, decimals([worst]) - 1)


def manifest(run: Row) -> list[tuple[str, str]]:
    """What a reader needs to repeat the run."""
    names = (
        ("Run", "run_id"),
        ("Edition", "edition"),
        ("Created", "created_at"),
        ("Code", "git_commit"),
        ("Inputs, SHA-256", "inputs_sha256"),
        ("Priors, SHA-256", "priors_sha256"),
        ("Seed", "seed"),
        ("Draws", "draws"),
    )
    return [(name, str(run[key])) for name, key in names if run.get(key) is not None]
