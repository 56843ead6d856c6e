"""The choices of Figure 1: which combinations of scenario, order of joining and effect set were computed.

And the switches that offer them, with the reason beside each option that cannot be chosen. What the figure says for a
choice is in choice_text.py, what the page embeds of it in choice_pack.py.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from reports.edition import NotEstimated, Row
from reports.figure import Option, Switch
from reports.figures_adoption import Curve
from reports.figures_adoption_marks import marked_blocs
from reports.figures_effects import ORDER, ordered_sets
from reports.names import BASELINES, EFFECT_SETS, METRICS, SCENARIOS, label
from reports.numbers import dollars
from reports.queries import FOCUS
from reports.rows import Rows

STATUS_QUO = "status_quo"


class Choice(NamedTuple):
    """Who founds the convention, what adoption is counted in, and what joining does."""

    scenario: str
    metric: str
    effect_set: str

    @property
    def key(self) -> str:
        """One word for the choice, as the page keeps it."""
        return "|".join(self)


DEFAULT = Choice(FOCUS, "attack_origin", "default")


def shown_first(rows: Rows, found: Iterable[Choice]) -> Choice:
    """What the page shows before anybody chooses: the scenario in focus, by attack origin, default effects.

    Errors
    ------
    NotEstimated where that was not computed.
    """
    choice = DEFAULT._replace(scenario=rows.focus)
    if choice not in found:
        raise NotEstimated("levels_all")
    return choice


def curves(rows: Rows) -> dict[Choice, Curve]:
    """What is drawn for each choice that was computed, in the report's order; every axis holds what all others show.

    The blocs were computed with the op-ed's text and the default effect set, so they are marked there alone.
    """
    found: dict[Choice, dict[str, list[Row]]] = {}
    for row in rows.edition.rows("levels_all"):
        choice = Choice(row["scenario"], row["adoption_metric"], row["effect_set"])
        found.setdefault(choice, {"avoided_share": [], "net_benefit": []})[row["measure"]].append(row)
    found = {choice: measures for choice, measures in found.items() if measures["avoided_share"]}
    marks = {metric: marked_blocs(rows.blocs, metric) if rows.blocs else [] for metric in METRICS}
    shares = [row for measures in found.values() for row in measures["avoided_share"]]
    medians = [100 * row["p50"] for blocs in marks.values() for row in blocs]
    low = min((100 * row["p025"] for row in shares), default=0.0)
    high = max((100 * row["p975"] for row in shares), default=0.0)
    reach = (min([low, *medians]), max([high, *medians]))
    is_marked = {choice: choice.scenario == FOCUS and choice.effect_set == "default" for choice in found}
    return {
        choice: Curve(
            found[choice]["avoided_share"],
            found[choice]["net_benefit"],
            choice.metric,
            rows.baseline_usd_bn,
            marks[choice.metric] if is_marked[choice] else (),
            reach,
        )
        for choice in sorted(found, key=_rank)
    }


def _rank(choice: Choice) -> tuple[int, Choice, int, int]:
    """Where a choice stands: scenarios, effect sets and metrics in the report's order, unknown ones last by name."""

    def place(value: str, names: Sequence[str]) -> int:
        return names.index(value) if value in names else len(names)

    scenario = place(choice.scenario, list(SCENARIOS))
    unknown = choice if scenario == len(SCENARIOS) else DEFAULT
    return scenario, unknown, place(choice.effect_set, ORDER), place(choice.metric, list(METRICS))


def baselines(rows: Rows) -> dict[str, float]:
    """The loss of the world on the status quo under each baseline, USD bn a year; that of the run first."""
    others = {row["baseline"]: row["usd_bn"] for row in rows.edition.rows("baselines")}
    return {rows.baseline: rows.baseline_usd_bn} | {key: value for key, value in others.items() if key != rows.baseline}


def switches(rows: Rows, choices: Iterable[Choice]) -> tuple[Switch, ...]:
    """The four switches; an option that was not computed with the other defaults says so."""
    known = set(choices)
    first = shown_first(rows, known)
    scenarios = {choice.scenario for choice in known} | {row["scenario"] for row in rows.edition.rows("scenarios")}
    sets = [{"effect_set": name} for name in {choice.effect_set for choice in known}]
    effects = [row["effect_set"] for row in ordered_sets([*rows.effect_rows, *sets])]

    def options(field: str, values: Iterable[str], names: dict[str, str]) -> tuple[Option, ...]:
        made = (
            Option(value, label(value, names), _why(first._replace(**{field: value}), known))
            for value in dict.fromkeys(values)
        )
        return tuple(made)

    ordered = [*(name for name in SCENARIOS if name in scenarios), *sorted(scenarios)]
    amounts = (Option(name, f"{label(name, BASELINES)}, {dollars(usd)}") for name, usd in baselines(rows).items())
    return (
        Switch("scenario", "Scenario", options("scenario", ordered, SCENARIOS), first.scenario),
        Switch("metric", "Adoption counted in", options("metric", METRICS, METRICS), first.metric),
        Switch("effects", "Effect of joining", options("effect_set", effects, EFFECT_SETS), first.effect_set),
        Switch("baseline", "Baseline", tuple(amounts), rows.baseline),
    )


def _why(choice: Choice, known: set[Choice]) -> str:
    if choice in known:
        return ""
    return "nobody joins" if choice.scenario == STATUS_QUO else "not computed"
