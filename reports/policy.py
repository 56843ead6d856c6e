"""Where a policy implication holds: its cases counted, the choice under which it holds least, its chance.

A case is one combination of choices that the database has a number for. Counts only: sentences are in policy_text.py,
the table in policy_tables.py.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from reports.edition import Edition, Row
from reports.numbers import present

ROBUST, MOST, SOME = 0.95, 2 / 3, 1 / 3
"""Shares of cases from which on an implication is robust, holds in most, and turns on the choices."""

Option = tuple[str, str]
"""A choice and what was chosen, by their keys."""


@dataclass(frozen=True)
class Tally:
    """In how many of its cases an implication holds, the same by option, and its chance at the default where known."""

    key: str
    held: int
    cases: int
    by_option: Mapping[Option, tuple[int, int]] = field(default_factory=dict)
    chance: float | None = None

    @property
    def share(self) -> float:
        """Of the cases in which it holds."""
        return self.held / self.cases

    @property
    def verdict(self) -> str:
        """One of robust, most, open, few and none."""
        if self.held == 0:
            return "none"
        for verdict, least in (("robust", ROBUST), ("most", MOST), ("open", SOME)):
            if self.share >= least:
                return verdict
        return "few"

    def weakest(self) -> tuple[float, list[Option]] | None:
        """The lowest share among the options and those that have it; None where all options hold alike."""
        shares = {option: held / cases for option, (held, cases) in self.by_option.items() if cases}
        if not shares or min(shares.values()) >= self.share:
            return None
        lowest = min(shares.values())
        return lowest, [option for option, share in shares.items() if share == lowest]


def tallied(key: str, cases: Iterable[tuple[Mapping[str, object], bool]], chance: float | None = None) -> Tally | None:
    """The tally of cases given one by one, each with its choices; None without a case."""
    by_option: dict[Option, list[int]] = {}
    held = total = 0
    for choices, holds in cases:
        total, held = total + 1, held + holds
        for choice, value in choices.items():
            counts = by_option.setdefault((choice, str(value)), [0, 0])
            counts[0], counts[1] = counts[0] + holds, counts[1] + 1
    if not total:
        return None
    return Tally(key, held, total, {option: (own[0], own[1]) for option, own in by_option.items()}, chance)


def ranked(edition: Edition) -> list[Tally]:
    """Every implication that the database can judge, the most robust first; ties by the chance at the default."""
    found = [*_of_specifications(edition), *(judge(edition) for judge in JUDGED)]
    kept = [tally for tally in found if tally is not None]
    return sorted(kept, key=lambda tally: (-tally.share, -(tally.chance if present(tally.chance) else -1.0)))


def _of_specifications(edition: Edition) -> list[Tally]:
    """Implications held against every specification: counts by implication and option, those of all with no choice."""
    chances = _chances(edition)
    better = {
        "lowers": chances.get(("all", "avoided_loss")),
        "pays": chances.get(("all", "net_benefit")),
        "law": chances.get(("law", "avoided_loss")),
    }
    rows = edition.rows("specification_holds")
    tallies = []
    for key in dict.fromkeys(row["implication"] for row in rows):
        own = [row for row in rows if row["implication"] == key]
        whole = next(row for row in own if row["choice"] is None)
        by_option = {
            (str(row["choice"]), str(row["option"])): (row["held"], row["cases"]) for row in own if row["choice"]
        }
        if whole["cases"]:
            tallies.append(Tally(key, whole["held"], whole["cases"], by_option, better.get(key)))
    return tallies


def _chances(edition: Edition) -> dict[tuple[str, str], float | None]:
    """Chance of a gain by what acts and measure, at the default; `all` is the fullest the convention has."""
    rows = edition.rows("headline_chances")
    return {
        (str(row["mechanisms"]), str(row["measure"])): 1 - row["p_not_better"]
        for row in rows
        if present(row["p_not_better"])
    }


AGREED = ("state_loss_no_standdown", "state_loss", "net_cost")
"""Measures on which the regimes are compared: without stand-down, with it, and with what answers cost."""


def _agreed(edition: Edition) -> Tally | None:
    rows = [row for row in edition.rows("escalation") if row["regime"] == "agreed_minus_unilateral"]
    own = [row for row in rows if row["measure"] in AGREED]
    odds = [
        row["p_agreed_better"] for row in own if row["measure"] == AGREED[-1] and row["belief"] == "little_reciprocity"
    ]
    cases = (({"escalation_belief": row["belief"], "compared": row["measure"]}, row["mean"] < 0) for row in own)
    return tallied("agreed", cases, odds[0] if odds else None)


def _levels(edition: Edition, measure: str) -> dict[tuple[str, str, str], dict[float, float]]:
    """Means of a measure by metric, mechanisms and effect set, and in each by level above zero."""
    found: dict[tuple[str, str, str], dict[float, float]] = {}
    for row in edition.rows("grid", measure=measure):
        if row["adoption_level"] > 0 and present(row["mean"]):
            key = (row["adoption_metric"], row["mechanisms"], row["effect_set"])
            found.setdefault(key, {})[row["adoption_level"]] = row["mean"]
    return found


def _wide(edition: Edition) -> Tally | None:
    cases = (
        (
            {"adoption_metric": metric, "mechanisms": acts, "effect_set": effect},
            own[max(own)] > own[min(own)],
        )
        for (metric, acts, effect), own in _levels(edition, "net_benefit").items()
        if len(own) > 1
    )
    return tallied("wide", cases)


def _origin(edition: Edition) -> Tally | None:
    levels = _levels(edition, "avoided_loss")
    cases = (
        ({"adoption_level": level, "mechanisms": acts, "effect_set": effect}, own[level] > by_gdp[level])
        for (metric, acts, effect), own in levels.items()
        if metric == "attack_origin" and (by_gdp := levels.get(("gdp", acts, effect)))
        for level in sorted(own.keys() & by_gdp.keys())
        if level < 1
    )
    return tallied("origin", cases)


def _law_at_origin(edition: Edition) -> Tally | None:
    parts: dict[str, dict[str, float]] = {}
    for row in edition.rows("decomposition"):
        if present(row["value"]):
            parts.setdefault(row["scenario"], {})[row["channel"]] = row["value"]
    cases = (
        ({"scenario": scenario}, own["law_origin"] > own["law_target"])
        for scenario, own in parts.items()
        if {"law_origin", "law_target"} <= own.keys()
    )
    return tallied("law_at_origin", cases)


def _output(edition: Edition) -> Tally | None:
    cases = (
        ({key: row[key] for key in ("scenario", "mechanisms", "effect_set")}, abs(row["output"]) < abs(row["avoided"]))
        for row in edition.rows("output_beside_loss")
        if present(row["output"]) and present(row["avoided"]) and row["avoided"]
    )
    return tallied("output", cases)


def _study(edition: Edition) -> Tally | None:
    forgone = net_benefit(edition)
    if forgone is None:
        return None
    rows = edition.rows("information", information="together")
    cases = (({"study": row["inputs"]}, row["value"] > max(forgone, 0.0)) for row in rows)
    return tallied("study", cases)


def net_benefit(edition: Edition) -> float | None:
    """Mean net benefit of the headline, USD bn a year: what a year of waiting forgoes."""
    row: Row | None = edition.one("scenarios", scenario=edition.focus, effect_set="default", measure="net_benefit")
    return row["mean"] if row and present(row["mean"]) else None


JUDGED: Sequence[Callable[[Edition], Tally | None]] = (_agreed, _wide, _origin, _law_at_origin, _output, _study)

RESTS_ON = (
    "specification_holds",
    "headline_chances",
    "escalation",
    "grid",
    "decomposition",
    "output_beside_loss",
    "scenarios",
    "information",
)
"""Names in queries.py of what `ranked` asks for."""
