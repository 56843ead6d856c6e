"""The numbers that stand in the text, outside figures and tables: which answers each line rests on and what it says.

Words are made in text.py and its like; where a line stands is in the templates, under the line's key. A new line is one
function here and one entry of `LINES`. A test holds the queries of each entry to what its function asks for.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from reports import (
    box_text,
    cards,
    certainty_tables,
    change_tables,
    facts_text,
    limits,
    loss_text,
    mechanism_text,
    numbers,
    policy,
    policy_text,
    text,
)
from reports.cards import Card
from reports.edition import Edition, NotEstimated
from reports.numbers import chance, present
from reports.provenance import dotted
from reports.rows import Rows
from reports.titles import Spread

Say = Callable[[Rows, Collection[str]], Any]
"""From the rows and the keys of the figures on the page to what is printed."""


@dataclass(frozen=True)
class Line:
    """A line of the text: its key, the id of its section, the queries it rests on, the function that words it."""

    key: str
    anchor: str
    queries: tuple[str, ...]
    code: str
    say: Say
    otherwise: Any = "Not estimated in this run."


def lines(rows: Rows, figures: Collection[str]) -> dict[str, Any]:
    """What each line says, by its key: a sentence, or a list of sentences, of pairs or of cells; a card."""
    return {line.key: _said(line, rows, figures) for line in LINES}


def _said(line: Line, rows: Rows, figures: Collection[str]) -> Any:
    """What a line says; where it was not estimated it says that, and a list or a card is empty."""
    try:
        return line.say(rows, figures)
    except NotEstimated:
        return line.otherwise


def as_text(said: Any) -> str:
    """What a line says as one string."""
    if isinstance(said, Card):
        return said.claim
    if isinstance(said, str):
        return said
    return "; ".join(part if isinstance(part, str) else ": ".join(p for p in part if p) for part in said)


def as_of(edition: Edition) -> object:
    """The day the data are of."""
    run = edition.run
    return run.get("as_of") or run.get("data_as_of") or run["created_at"]


def _standfirst(rows: Rows, figures: Collection[str]) -> str:
    horizon = rows.edition.one("horizon")
    return text.standfirst(
        Spread.of(rows.share, 100),
        Spread.of(rows.amount),
        text.mechanisms(rows.mechanisms),
        horizon["year"] if horizon else None,
        rows.without,
        rows.focus,
    )


def _strip(rows: Rows, figures: Collection[str]) -> list[tuple[str, str, str]]:
    edition = rows.edition
    return text.strip(edition.run, rows.baseline, rows.baseline_usd_bn, rows.share["draws"], as_of(edition))


def _card_estimates(rows: Rows, figures: Collection[str]) -> Card:
    return cards.card_estimates(rows.estimates, rows.pooled)


def _card_avoided(rows: Rows, figures: Collection[str]) -> Card:
    return cards.card_avoided(Spread.of(rows.share, 100), rows.spread_without, rows.focus)


def _card_adoption(rows: Rows, figures: Collection[str]) -> Card:
    return cards.card_adoption(rows.levels, rows.small_bloc, rows.small_bloc["not_paying"])


def _card_effects(rows: Rows, figures: Collection[str]) -> Card:
    return cards.card_effects(rows.effect_rows)


def _question(rows: Rows, figures: Collection[str]) -> str:
    origin = rows.edition.one("membership", scenario=rows.focus, adoption_metric="attack_origin")
    return text.question(
        Spread.of(rows.share, 100),
        text.mechanisms(rows.mechanisms),
        origin["share"] if origin else None,
        rows.baseline_usd_bn,
        rows.spread_without,
    )


def _pooled_line(rows: Rows, figures: Collection[str]) -> str:
    return text.pooled_line(rows.pooled)


def _exceeds(rows: Rows, figures: Collection[str]) -> str:
    percentile = rows.pooled["percentile_of_1tn"]
    return chance(1 - percentile if present(percentile) else None)


def _winners(rows: Rows, figures: Collection[str]) -> str:
    edition = rows.edition
    return text.winners(edition.one("winners"), rows.share["mean"], edition.rows("winners_by_group"))


def _not_shown(rows: Rows, figures: Collection[str]) -> list[str]:
    return limits.not_shown(
        rows.mechanisms, rows.edition.one("unattributed", threat_class="criminal"), figures, rows.focus
    )


def _arguments(rows: Rows, figures: Collection[str]) -> list[tuple[str, str]]:
    return limits.arguments(rows.mechanisms)


def _national(rows: Rows, figures: Collection[str]) -> str:
    return mechanism_text.national(rows.edition.one("national"))


def _reciprocity(rows: Rows, figures: Collection[str]) -> str:
    return mechanism_text.reciprocity(rows.edition.rows("escalation_fit"))


def _reach(rows: Rows, figures: Collection[str]) -> str:
    return facts_text.reach(rows.edition.rows("incident_types"))


def _output(rows: Rows, figures: Collection[str]) -> str:
    return loss_text.output(rows.edition.rows("output"), rows.focus)


def _propagation(rows: Rows, figures: Collection[str]) -> str:
    return loss_text.propagation(rows.edition.rows("propagation"))


def _box_trillion(rows: Rows, figures: Collection[str]) -> list[str]:
    edition = rows.edition
    return box_text.trillion(edition.rows("bridge"), edition.rows("claims"), rows.baseline)


def _box_solarwinds(rows: Rows, figures: Collection[str]) -> list[str]:
    return box_text.solarwinds(rows.edition.rows("events"), rows.edition.rows("timeline"))


def _policy_line(rows: Rows, figures: Collection[str]) -> str:
    return policy_text.introduction(policy.ranked(rows.edition))


def _study_first(rows: Rows, figures: Collection[str]) -> str:
    return policy_text.study_first(rows.edition.rows("information"), policy.net_benefit(rows.edition))


def _changed(rows: Rows, figures: Collection[str]) -> str:
    return change_tables.sentence(rows.edition.rows("changes"), rows.focus)


def _leverage(rows: Rows, figures: Collection[str]) -> str:
    return certainty_tables.leverage(rows.edition.rows("survey_leverage"))


def _monte_carlo(rows: Rows, figures: Collection[str]) -> str:
    return text.monte_carlo(*rows.edition.rows("scenarios", measure="avoided_share"))


def _manifest(rows: Rows, figures: Collection[str]) -> list[tuple[str, str]]:
    return text.manifest(rows.edition.run)


BOXES = {
    "not-shown": "What this does not show",
    "box-trillion": "Box: reconciling one trillion dollars",
    "box-solarwinds": "Box: SolarWinds",
}
"""Places of the page that are no section, by their id."""

LINES = (
    Line("standfirst", "glance", ("scenarios", "without_standdown", "horizon"), dotted(text.standfirst), _standfirst),
    Line("strip", "glance", ("runs", "baseline", "scenarios"), dotted(text.strip), _strip, ()),
    Line("card_estimates", "glance", ("estimates", "pooled"), dotted(cards.card_estimates), _card_estimates, None),
    Line("card_avoided", "glance", ("scenarios", "without_standdown"), dotted(cards.card_avoided), _card_avoided, None),
    Line("card_adoption", "glance", ("levels", "blocs"), dotted(cards.card_adoption), _card_adoption, None),
    Line("card_effects", "glance", ("scenarios",), dotted(cards.card_effects), _card_effects, None),
    Line("not_shown", "not-shown", ("scenarios", "unattributed"), dotted(limits.not_shown), _not_shown, ()),
    Line("arguments", "not-shown", ("scenarios",), dotted(limits.arguments), _arguments, ()),
    Line("question", "question", ("scenarios", "without_standdown", "membership"), dotted(text.question), _question),
    Line("pooled_line", "loss", ("pooled",), dotted(text.pooled_line), _pooled_line),
    Line("exceeds", "loss", ("pooled",), dotted(numbers.chance), _exceeds),
    Line("reach", "facts", ("incident_types",), dotted(facts_text.reach), _reach),
    Line(
        "box_trillion", "box-trillion", ("bridge", "claims", "baseline"), dotted(box_text.trillion), _box_trillion, ()
    ),
    Line("box_solarwinds", "box-solarwinds", ("events", "timeline"), dotted(box_text.solarwinds), _box_solarwinds, ()),
    Line("winners", "counterfactuals", ("winners", "winners_by_group", "scenarios"), dotted(text.winners), _winners),
    Line("reciprocity", "dynamics", ("escalation_fit",), dotted(mechanism_text.reciprocity), _reciprocity),
    Line("national", "pays", ("national",), dotted(mechanism_text.national), _national),
    Line("output", "pays", ("output",), dotted(loss_text.output), _output),
    Line("propagation", "pays", ("propagation",), dotted(loss_text.propagation), _propagation),
    Line("monte_carlo", "sure", ("scenarios",), dotted(text.monte_carlo), _monte_carlo),
    Line("leverage", "sure", ("survey_leverage",), dotted(certainty_tables.leverage), _leverage),
    Line("policy_line", "policy", policy.RESTS_ON, dotted(policy_text.introduction), _policy_line),
    Line("study_first", "policy", ("information", "scenarios"), dotted(policy_text.study_first), _study_first),
    Line("changed", "changes", ("changes",), dotted(change_tables.sentence), _changed),
    Line("manifest", "replication", ("runs",), dotted(text.manifest), _manifest, ()),
)
