"""What Figure 1 says for a choice: subtitle, sentence, caption, alt text, and the tables that hold every choice.

Every combination has its own sentences, made here from its own rows by the rules of text.py and titles.py; the page
only picks among them.
"""

from collections.abc import Mapping, Sequence

from reports import text, titles
from reports.choices import DEFAULT, Choice
from reports.data_tables import HEADS, QUANTILES, bloc_key, odds
from reports.edition import Row
from reports.figure import draws
from reports.figures_adoption import WHOLE, Curve
from reports.figures_adoption_marks import LETTERS
from reports.names import ARTICLES, BASELINES, BLOCS, EFFECT_PRIORS, EFFECT_SETS, METRICS, SCENARIOS, label, subject
from reports.numbers import NBSP, chance, dollars, plain, signed, span
from reports.queries import FOCUS
from reports.tables import DataTable, column_places
from reports.titles import Spread

COUNTED = {"attack_origin": "attack origin", "gdp": "world GDP", "states": "states"}
ORDERS = {
    "attack_origin": "then economies by the attacks that come from them",
    "gdp": "then economies by their GDP",
    "states": "then the parties to the Budapest Convention in the order in which they joined it, then economies by "
    "their GDP",
}
RESCALED = (
    "Dollars are rescaled to this baseline; in every draw the avoided loss is the same share of it. Net benefit is not "
    "rescaled: costs do not grow with the loss."
)


def scaled(share: Row, usd_bn: float) -> Spread:
    """The spread of an avoided share as an amount under a baseline, USD bn."""
    return Spread.of(share, usd_bn)


def title(curve: Curve, small: Row | None) -> str:
    """The finding; about small clubs only where blocs are marked."""
    club = (label(small["bloc"], BLOCS | ARTICLES), small) if curve.marks and small else None
    return titles.hero(curve.levels, club)


def subtitle(metric: str) -> str:
    """The measure and its units."""
    return (
        f"Avoided loss by the share of {COUNTED[metric]} that members cover, % of baseline loss and USD billion a year "
        "at 2020 prices"
    )


def convention(choice: Choice, curve: Curve) -> str:
    """The scenario's convention with what acts in it, inside a sentence."""
    acts = text.mechanisms(str(curve.levels[-1]["mechanisms"]))
    return f"{subject(choice.scenario)} ({acts})"


def sentence(choice: Choice, curve: Curve, baseline: str, usd_bn: float, own: str) -> str:
    """The result at full adoption, the one half way, and the status quo; own: the baseline of the run."""
    full = curve.levels[-1]
    subject = f"{WHOLE[choice.metric]}, {convention(choice, curve)}"
    prior = EFFECT_PRIORS.get(choice.effect_set, f"the effect set “{label(choice.effect_set, EFFECT_SETS)}”")
    said = text.result(subject, Spread.of(full, 100), scaled(full, usd_bn), prior)
    between = [row for row in curve.levels if 0 < row["adoption_level"] < 1]
    if between:
        half = min(between, key=lambda row: abs(row["adoption_level"] - 0.5))
        covered = f"{plain(100 * half['adoption_level'], 0)} percent of {COUNTED[choice.metric]}"
        said += f" With {covered} in, it would {text.answer_in(Spread.of(half, 100), '90 percent interval ')}."
    said += (
        f" The status quo is a yearly loss of {dollars(usd_bn)} (baseline “{label(baseline, BASELINES)}”) with the "
        "Budapest Convention in force."
    )
    return said if baseline == own else f"{said} {RESCALED}"


def note(choice: Choice, curve: Curve, without: Spread | None, many: bool) -> str:
    """The caption: bands, order of joining, marks, draws. without: full adoption without stand-down."""
    founders = "the op-ed’s founders join" if choice.scenario == FOCUS else "founders, where there are any, join"
    marked = (
        "Marks show a convention with exactly the members of a bloc, fully phased in, so they need not lie on the "
        "curve. "
        if curve.marks
        else ""
    )
    beside = text.beside(without if choice.scenario == FOCUS and choice.effect_set == DEFAULT.effect_set else None)
    beside = beside.replace("Without stand-down:", "At full adoption without stand-down:")
    scale = "The percent axis is the same for every choice. " if many else ""
    return (
        f"Bands hold 50, 80 and 95 % of draws; {founders} first, {ORDERS[choice.metric]}. {marked}Zero is the status "
        f"quo, with the Budapest Convention in force. {scale}{beside}{draws(curve.levels[-1])} Sources: Annex A."
    )


def alt(choice: Choice, curve: Curve, finding: str) -> str:
    """The picture in words, with its numbers at full adoption and its chances of not paying."""
    full = Spread.of(curve.levels[-1], 100)
    if curve.marks:
        chances = "; ".join(f"{label(b['bloc'], BLOCS)} {chance(b['not_paying'])}" for b in curve.marks)
    else:
        chances = "; ".join(
            f"at {plain(100 * row['adoption_level'], 0)} % {chance(row['p_not_better'])}"
            for row in curve.net
            if row["adoption_level"] > 0
        )
    return (
        f"Fan chart of avoided loss by adoption. {finding}. At full adoption the median is "
        f"{signed(full.p50, full.places)} %, the 90 % interval {span(full.p05, full.p95, full.places)} %, the chance "
        f"of nothing or harm {chance(full.p_not_better)}. Chance of not paying for itself: {chances}."
    )


def key_table(curve: Curve, *, pays: bool = True) -> DataTable:
    """For narrow screens, where the chart has no room: marked blocs or else levels, with the chance of not paying.

    pays: whether that chance is known, which it is for the run's own baseline alone
    """
    if curve.marks:
        made = bloc_key(curve.marks, LETTERS)
    else:
        places = column_places([Spread.of(row, 100) for row in curve.levels])
        paying = {row["adoption_level"]: row["p_not_better"] for row in curve.net}
        rows = tuple(
            (
                "",
                f"{plain(100 * row['adoption_level'], 0)} %",
                signed(100 * row["p50"], places),
                odds(paying.get(row["adoption_level"])),
            )
            for row in curve.levels
            if row["adoption_level"] > 0
        )
        made = DataTable(("", "Covered", "Avoided, %", "Does not pay, %"), rows)
    return made if pays else DataTable(made.heads, tuple((*row[:-1], "–") for row in made.rows))


def every_level(curves: Mapping[Choice, Curve]) -> DataTable:
    """Quantiles of the avoided share at every level above zero of every choice, percent."""
    places = column_places([Spread.of(row, 100) for curve in curves.values() for row in curve.levels])
    body = []
    for choice, curve in curves.items():
        paying = {row["adoption_level"]: row["p_not_better"] for row in curve.net}
        named = _named(choice)
        body += [
            (
                *named,
                f"{plain(100 * row['adoption_level'], 0)} %",
                *(signed(100 * row[q], places) for q in QUANTILES),
                odds(row["p_not_better"]),
                odds(paying.get(row["adoption_level"])),
            )
            for row in curve.levels
            if row["adoption_level"] > 0
        ]
    return DataTable(
        ("Scenario", "Counted in", "Joining", "Covered", *HEADS, "Nothing or harm, %", "Does not pay, %"),
        tuple(body),
        "Every scenario, way of counting adoption and effect set: avoided loss, % of the status-quo loss",
        is_folded=True,
    )


def by_baseline(curve: Curve, losses: Mapping[str, float]) -> DataTable:
    """What each baseline makes of the share avoided at full adoption, USD bn a year."""
    full = curve.levels[-1]
    body = []
    for name, usd_bn in losses.items():
        usd = scaled(full, usd_bn)
        inside = span(usd.p05, usd.p95, usd.places)
        body.append((label(name, BASELINES), dollars(usd_bn), signed(usd.p50, usd.places), inside))
    return DataTable(
        ("Baseline", "Loss of the status quo", "Avoided, USD bn", "90 % interval"),
        tuple(body),
        "Avoided loss at full adoption under each baseline: the same share of another loss in every draw. Net benefit "
        "is known for the first alone: costs do not grow with the loss",
    )


def _named(choice: Choice) -> tuple[str, str, str]:
    return (
        label(choice.scenario, SCENARIOS),
        label(choice.metric, METRICS),
        label(choice.effect_set, EFFECT_SETS),
    )


def on_paper(
    curves: Mapping[Choice, Curve], sets: Sequence[str], metrics: Sequence[str], losses: Mapping[str, float]
) -> DataTable:
    """What the switches show, short enough to print: median and 90 % interval at half and at full adoption, percent.

    Scenarios whose numbers are the same throughout share their rows. losses: USD bn by baseline
    """
    amounts = ", ".join(f"{label(name, BASELINES)} {dollars(usd_bn)}" for name, usd_bn in losses.items())
    places = column_places([Spread.of(row, 100) for curve in curves.values() for row in curve.levels])

    def cell(choice: Choice, level: float) -> str:
        curve = curves.get(choice)
        row = next((r for r in curve.levels if r["adoption_level"] == level), None) if curve else None
        if row is None:
            return "–"
        inside = span(100 * row["p05"], 100 * row["p95"], places).replace(" ", NBSP)
        return f"{signed(100 * row['p50'], places)} ({inside})"

    groups: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    for scenario in dict.fromkeys(choice.scenario for choice in curves):
        lines = [
            (f"Half of {COUNTED[metric]}", *(cell(Choice(scenario, metric, name), 0.5) for name in sets))
            for metric in metrics
        ]
        lines.append(("Everybody", *(cell(Choice(scenario, metrics[0], name), 1.0) for name in sets)))
        groups.setdefault(tuple(lines), []).append(label(scenario, SCENARIOS))
    body = [
        ("" if place else "; ".join(names), *line)
        for lines, names in groups.items()
        for place, line in enumerate(lines)
    ]
    return DataTable(
        ("Scenario", "Members", *(label(name, EFFECT_SETS) for name in sets)),
        tuple(body),
        "What its switches show, in short: avoided loss, % of the status-quo loss, median and 90 % interval, by "
        "scenario, adoption and effect set; scenarios with the same numbers share their rows. A share is "
        f"the same under every baseline: {amounts}",
    )
