"""What follows for policy, in sentences that branch on where an implication holds; nothing is advised that does not.

Cases are counted in policy.py. As in text.py, every number comes from a row of the published database.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.edition import Row
from reports.names import BELIEFS, ESCALATION, SCENARIOS, label
from reports.names_losses import CHOICES, option
from reports.numbers import NBSP, chance, decimals, dollars, plain, present
from reports.policy import AGREED, MOST, ROBUST, SOME, Option, Tally
from reports.titles import capital, in_words


@dataclass(frozen=True)
class Implication:
    """A claim as a clause; what follows where it is robust, holds in most cases, turns on the choices, does not hold.

    kind : what its cases are, inside "n of N ..."; target : the figure or table that shows it
    """

    claim: str
    holds: str
    leans: str
    turns: str
    fails: str
    kind: str
    target: str


IMPLICATIONS = {
    "lowers": Implication(
        "a convention lowers the expected loss",
        "What it avoids is a reason to negotiate, at the size shown here.",
        "What it avoids is a reason to negotiate, not a promise.",
        "What it avoids is no sure reason to negotiate.",
        "Do not argue for a convention with the loss that it avoids.",
        "specifications",
        "specification",
    ),
    "pays": Implication(
        "a convention pays for itself",
        "Its cost is no reason against it.",
        "Its cost is a weak reason against it.",
        "Keep it cheap: what it costs decides.",
        "As costed here it is not worth its cost.",
        "specifications",
        "break_even",
    ),
    "stand_down": Implication(
        "a promise to stand down adds to law and consequences",
        "Negotiate restraint, and how it is verified.",
        "Seek restraint among members.",
        "Seek restraint, and do not count on it.",
        "Leave restraint out of the reckoning.",
        "specifications",
        "without",
    ),
    "consequences": Implication(
        "agreed consequences add to law",
        "Write the consequences into the text.",
        "Prefer a text with consequences.",
        "Whether consequences belong in the text turns on what it calls an attack.",
        "Do not expect consequences to do what law does not.",
        "specifications",
        "channels",
    ),
    "law": Implication(
        "criminal law alone lowers the expected loss",
        "A text of criminal law alone is worth having.",
        "Criminal law alone is a start.",
        "Do not stop at criminal law.",
        "Criminal law alone is no remedy.",
        "specifications",
        "forest",
    ),
    "agreed": Implication(
        "agreed consequences do better than unilateral answers",
        "Agree on the answer before the next attack.",
        "Prefer agreed answers to each state’s own.",
        "Agree on answers only if retaliation is to be feared.",
        "Agreement is no improvement on each state’s own answer.",
        "comparisons",
        "regimes",
    ),
    "wide": Implication(
        "a wide convention is worth more than a small club, costs counted",
        "Aim for wide adoption.",
        "Prefer width to a small club where the text makes width pay.",
        "Widen only with a text under which width pays.",
        "Keep the club small.",
        "combinations",
        "grid",
    ),
    "origin": Implication(
        "members from which attacks come gain more than members with the same share of GDP",
        "Invite the states from which attacks come first.",
        "Prefer to win over the states from which attacks come.",
        "Whom to invite first turns on what the law does.",
        "Invite large economies first.",
        "combinations",
        "hero",
    ),
    "law_at_origin": Implication(
        "law gains more where attacks start than where they land",
        "Put enforcement at the origin first.",
        "Prefer enforcement at the origin.",
        "Put enforcement at both ends.",
        "With these members, expect more from law where attacks land.",
        "conventions",
        "channels",
    ),
    "output": Implication(
        "the effect on GDP is smaller than the effect on the loss",
        "Do not promote a convention as a policy for growth.",
        "Do not count on growth.",
        "Say which of the two is meant.",
        "State the effect on GDP beside that on the loss.",
        "combinations",
        "ledgers",
    ),
    "study": Implication(
        "waiting a year for one more study forgoes less than the study brings in a year",
        "Study first, sign later.",
        "Prefer to study first.",
        "Whether to wait turns on the study.",
        "Negotiate and study at the same time.",
        "studies",
        "information",
    ),
}

OTHER_CHOICES = {
    "mechanisms": "What acts",
    "adoption_metric": "Adoption counted in",
    "adoption_level": "Share covered",
    "scenario": "Convention",
    "study": "Study",
    "compared": "Compared on",
}

OTHER_OPTIONS = {
    "mechanisms": {"law": "law alone", "no_standdown": "without stand-down", "all": "everything"},
    "adoption_metric": {"states": "states", "gdp": "GDP", "attack_origin": "attack origin"},
    "scenario": SCENARIOS,
    "compared": {name: ESCALATION[name].lower() for name in AGREED},
    "escalation_belief": BELIEFS,
}


def finding(tally: Tally) -> str:
    """The claim as a sentence that is true of its cases."""
    claim = IMPLICATIONS[tally.key].claim
    if tally.held == tally.cases:
        return f"{capital(claim)}."
    return {
        "robust": f"With few exceptions {claim}.",
        "most": f"In most cases {claim}.",
        "open": f"It turns on the choices whether {claim}.",
        "few": f"There are few cases in which {claim}.",
        "none": f"There is no case in which {claim}.",
    }[tally.verdict]


def follows(tally: Tally) -> str:
    """What follows from it."""
    implication = IMPLICATIONS[tally.key]
    return {
        "robust": implication.holds,
        "most": implication.leans,
        "open": implication.turns,
        "few": implication.fails,
        "none": implication.fails,
    }[tally.verdict]


def cases(tally: Tally) -> str:
    """Where it holds: 13,998 of 16,128 specifications."""
    return f"{tally.held:,} of {tally.cases:,} {IMPLICATIONS[tally.key].kind}"


def weakest_link(tally: Tally) -> str:
    """The choice under which it holds least, with the share of cases there."""
    if tally.held == tally.cases:
        return "none among the choices examined"
    if not tally.held:
        return "holds under no choice"
    found = tally.weakest()
    if found is None:
        return "no choice stands out"
    share, options = found
    names = [named(own) for own in options[:2]]
    more = f" and {in_words(len(options) - 2)} more" if len(options) > 2 else ""
    text = f"{' and '.join(names)}{more}" if not more else f"{', '.join(names)}{more}"
    return f"{text}: {'in none' if share == 0 else chance(share)}"


def named(own: Option) -> str:
    """A choice and its option in words: Effect of joining “Backfire”."""
    choice, value = own
    head = label(choice, CHOICES | OTHER_CHOICES)
    if choice == "adoption_level":
        return f"{head} {plain(100 * float(value), 0)}{NBSP}%"
    name = label(value, OTHER_OPTIONS[choice]) if choice in OTHER_OPTIONS else option(choice, value)
    return f"{head} “{name}”"


def title(tallies: Sequence[Tally]) -> str:
    """Title of the ranking, from how many implications hold nearly everywhere, in most cases and nowhere."""
    if not tallies:
        return "No implication can be judged from the tables of this edition"
    counts = {verdict: sum(tally.verdict == verdict for tally in tallies) for verdict in ("robust", "most", "none")}
    total = f"{in_words(len(tallies))} implications"
    parts = [
        f"{in_words(counts[verdict])} {words if counts[verdict] != 1 else one}"
        for verdict, words, one in (
            ("robust", "hold in nearly every case", "holds in nearly every case"),
            ("most", "hold in most", "holds in most"),
            ("none", "hold in none", "holds in none"),
        )
        if counts[verdict]
    ]
    if not parts:
        return f"None of {total} holds in most cases"
    if len(parts) == 1 and counts["robust"] == len(tallies):
        return f"All {total} hold in nearly every case"
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"Of {total} {listed}"


def introduction(tallies: Sequence[Tally]) -> str:
    """The most and the least robust implication, in two sentences with their shares."""
    if not tallies:
        return "No implication is drawn: the tables that could bear one are not in this edition."
    first, last = tallies[0], tallies[-1]
    text = f"{finding(first)[:-1]} ({cases(first)})."
    if last is not first:
        text += f" At the other end: {finding(last)[:1].lower()}{finding(last)[1:-1]} ({cases(last)})."
    return text


def study_first(rows: Sequence[Row], forgone: float | None) -> str:
    """What a year of waiting forgoes beside what the best study brings, and after how many years it is repaid."""
    studies = [row for row in rows if row["information"] == "together"]
    if not studies or not present(forgone):
        return "Whether a study first is worth a year’s delay was not computed in this run."
    best = max(studies, key=lambda row: row["value"])
    brings = f"settling the {best['inputs']}" if best["inputs"] else "the best study"
    worth = f"{brings} brings {dollars(best['value'], best['se'])} a year"
    if forgone <= 0:
        return f"A year of waiting forgoes nothing on average, and {worth}."
    text = f"A year of waiting forgoes {dollars(forgone)} on average; {worth}"
    if best["value"] <= best["se"]:
        return f"{text}, which is not told apart from zero."
    years = forgone / best["value"]
    return f"{text}, so that a year’s delay is repaid after {plain(years, max(0, decimals([years]) - 1))} years."


def note() -> str:
    """How the ranking is to be read."""
    return (
        "A case is a combination of choices that was computed; each counts once, so that a share of cases is no "
        "probability, and shares over different cases are ranked with that caution. Nearly every case is "
        f"{chance(ROBUST)} or more, most {chance(MOST)} or more, few less than {chance(SOME)}. Chance: over the draws, "
        "at the default of every choice; a dash where no paired difference is published. A case holds on the mean over "
        "its draws. Weakest link: the choice under which the fewest cases hold."
    )
