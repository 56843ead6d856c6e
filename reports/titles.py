"""Titles of figures and tables: findings computed from the rows they stand over, with a branch for every case.

A title never asserts what its own data does not show: each function takes the numbers and nothing else, and its
branches are tested. Longer sentences are in text.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reports.edition import Row
from reports.numbers import NBSP, decimals, plain, present, signed

Verdict = Literal["nil", "gain", "harm", "open"]
ONES = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def in_words(count: int) -> str:
    """A count up to ten as a word, else in figures."""
    return ONES[count] if 0 <= count < len(ONES) else f"{count}"


def capital(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Spread:
    """Median, 90 % interval, chance of being no better, Monte Carlo error: in the unit it will be printed in."""

    p05: float
    p50: float
    p95: float
    p_not_better: float | None
    mcse: float | None

    @classmethod
    def of(cls, row: Row, scale: float = 1.0) -> "Spread":
        """The spread of a published row, multiplied by `scale` (100 for percent)."""
        mcse = max((row[key] for key in ("mcse", "mcse_p50") if present(row.get(key))), default=None)
        return cls(
            scale * row["p05"],
            scale * row["p50"],
            scale * row["p95"],
            row.get("p_not_better"),
            scale * mcse if present(mcse) else None,
        )

    @property
    def places(self) -> int:
        """Decimals to print, for all three numbers alike."""
        return decimals([self.p05, self.p50, self.p95], self.mcse)

    @property
    def middle(self) -> Literal["zero", "plus", "minus"]:
        """The sign of the median as printed."""
        rounded = round(self.p50, self.places)
        return "zero" if rounded == 0 else "plus" if rounded > 0 else "minus"

    @property
    def verdict(self) -> Verdict:
        """Gain or harm where the 90 % interval has one sign, open where it has both, nil where it is zero."""
        if self.p05 == 0 == self.p95:
            return "nil"
        if self.p05 > 0:
            return "gain"
        if self.p95 < 0:
            return "harm"
        return "open"


def hero(levels: Sequence[Row], small: tuple[str, Row] | None) -> str:
    """Title of the adoption curve, from the spread at full adoption and that of the smallest club marked."""
    full = Spread.of(levels[-1], 100)
    if full.verdict == "nil":
        return "Adoption changes nothing: the effect is nil at every level"
    half = min(levels[1:-1] or levels, key=lambda row: abs(row["adoption_level"] - 0.5))
    wider = (levels[-1]["p95"] - levels[-1]["p05"]) > 1.2 * (half["p95"] - half["p05"])
    number = f"{plain(abs(full.p50), full.places)}{NBSP}%"
    if full.verdict == "gain":
        end = f"wide adoption avoids about {number} of the loss"
    elif full.verdict == "harm":
        end = f"wide adoption makes losses about {number} larger"
    elif full.middle == "minus":
        end = f"wide adoption makes losses about {number} larger at the median, and gain is not ruled out"
    elif wider:
        end = "wide adoption widens gain and risk alike"
    else:
        end = "at no level of adoption is harm ruled out"
    if small is None:
        return capital(end)
    name, row = small
    reach = max(abs(levels[-1]["p05"]), abs(levels[-1]["p95"]))
    tiny = max(abs(row["p05"]), abs(row["p95"])) < 0.15 * reach
    if tiny:
        return capital(f"small clubs change almost nothing; {end}")
    if full.verdict == "open" and row["p05"] < 0 < row["p95"]:
        return capital(f"gain and harm are both possible even for {name} alone; {end}")
    return capital(f"even {name} alone moves the loss; {end}")


def by_adoption(levels: Sequence[Row]) -> str:
    """Claim of the third card: how the median grows with adoption."""
    full = Spread.of(levels[-1], 100)
    if full.middle == "zero":
        return "More adoption widens the range and leaves the median at zero"
    if full.middle == "minus":
        return "The wider the adoption, the larger the median loss"
    half = min(levels, key=lambda row: abs(row["adoption_level"] - 0.5))
    ratio = half["p50"] / levels[-1]["p50"]
    of_full = f"{signed(100 * half['p50'], full.places)} of {signed(full.p50, full.places)}{NBSP}%"
    part = f"half the attack origin brings {of_full}"
    if ratio < 0.4:
        return f"Benefits come late: {part}"
    if ratio > 0.6:
        return f"Benefits come early: {part}"
    return f"Benefits grow in step with adoption: {part}"


def registry(estimates: Sequence[Row], percentile_of_1tn: float | None) -> str:
    """Title of the registry, from the spread of the central figures and the percentile of one trillion in the pool."""
    middles = [row["middle_2020"] for row in estimates]
    ratio = max(middles) / min(middles)
    start = f"Published central figures differ by a factor of {plain(ratio, decimals([ratio]) if ratio < 10 else 0)}"
    return f"{start}; {trillion(percentile_of_1tn)}"


def trillion(percentile: float | None) -> str:
    """Where one trillion dollars stands among what the pooled estimates lead one to expect."""
    if not present(percentile):
        return "one trillion dollars is one of them"
    if percentile > 0.95:
        return "one trillion dollars is above nearly all they support"
    if percentile > 0.6:
        return "one trillion dollars is above their middle"
    if percentile >= 0.4:
        return "one trillion dollars is near their middle"
    if percentile >= 0.05:
        return "one trillion dollars is below their middle"
    return "one trillion dollars is below nearly all they support"


def forest(effects: Sequence[Row]) -> str:
    """Title of the evidence figure, from the signs of the studies and of their 95 % intervals."""
    signs = [row["log_rate_ratio"] for row in effects]
    count = in_words(len(signs))
    fewer, more = sum(s < 0 for s in signs), sum(s > 0 for s in signs)
    known = [row for row in effects if present(row["se"])]
    sure_fewer = sum(row["log_rate_ratio"] + 1.96 * row["se"] < 0 for row in known)
    sure_more = sum(row["log_rate_ratio"] - 1.96 * row["se"] > 0 for row in known)
    if fewer and more:
        if sure_fewer and sure_more:
            return "Studies of cybercrime law disagree in sign, beyond their own errors"
        return "Studies of cybercrime law disagree in sign"
    if not fewer and not more:
        return "No study finds an effect"
    word = "fewer" if fewer else "more"
    sure = sure_fewer if fewer else sure_more
    if sure == len(signs):
        return f"All {count} studies find {word} attacks"
    return f"All {count} studies point to {word} attacks, {in_words(sure)} of them beyond its error"


def effect_sets(rows: Sequence[Row]) -> str:
    """Title of the figure of effect sets and claim of the fourth card, from the signs of the medians."""
    middles = {Spread.of(row, 100).middle for row in rows}
    if "plus" in middles and "minus" in middles:
        return "The assumed effect of joining decides the sign of the result"
    if middles == {"plus"}:
        return "Under every effect set the median is a gain; its size depends on the set"
    if middles == {"minus"}:
        return "Under every effect set the median is a larger loss"
    if middles == {"zero"}:
        return "Under every effect set the median is zero"
    if "plus" in middles:
        return "No effect set makes the median loss larger, but not all reduce it"
    return "No effect set reduces the median loss"


def claims(verdicts: Sequence[str]) -> str:
    """Title of the claims table, from the verdict on each claim."""
    count = len(verdicts)
    holds, fails = sum(v == "holds" for v in verdicts), sum(v == "fails" for v in verdicts)
    some = count - holds - fails
    if holds == count:
        return f"All {in_words(count)} claims of the op-ed hold on every reading"
    if fails == count:
        return f"Not one of the op-ed’s {in_words(count)} claims holds on any reading"
    parts = []
    for number, many, one in (
        (holds, "hold on every reading", "holds on every reading"),
        (some, "turn on the reading", "turns on the reading"),
        (fails, "hold on no reading", "holds on no reading"),
    ):
        if number:
            parts.append(f"{in_words(number)} {one if number == 1 else many}")
    if some == count:
        return f"All {in_words(count)} claims of the op-ed turn on the reading"
    return f"Of the op-ed’s {in_words(count)} claims, {', '.join(parts[:-1])} and {parts[-1]}"


def scenarios(spreads: Sequence[Spread], without: Sequence[Spread] = ()) -> str:
    """Title of the scenario table, from the 90 % intervals of every convention (the status quo left out).

    without : the same conventions without stand-down, each as it is where it has none
    """
    count = len(spreads)
    sure = sum(s.verdict == "gain" for s in spreads)
    bad = sum(s.verdict == "harm" for s in spreads)
    fewer = sum(s.verdict == "gain" for s in without) if without else sure
    less = "" if fewer == sure else f"; without stand-down {in_words(fewer) if fewer else 'none'}"
    if sure == count:
        return f"Every convention avoids loss throughout its 90 % interval{less}"
    if sure:
        return f"{capital(in_words(sure))} of {in_words(count)} conventions rule out harm at 90 %{less}"
    if bad == count:
        return "Every convention makes losses larger throughout its 90 % interval"
    gains = sum(s.middle == "plus" for s in spreads)
    end = (
        "every median is a gain"
        if gains == count
        else "no median is a gain"
        if not gains
        else f"{in_words(gains)} of {in_words(count)} medians {'is a gain' if gains == 1 else 'are gains'}"
    )
    return f"No convention rules out harm at 90 %; {end}"


def variants(medians: Sequence[float], places: int) -> str:
    """Title of the table of variants, from the range of the medians in USD bn."""
    low, high = round(min(medians), places) + 0.0, round(max(medians), places) + 0.0
    if low == high:
        return f"No single choice moves the median from {signed(low, places)} $ bn"
    span = f"from {signed(low, places)} to {signed(high, places)} $ bn"
    if low < 0 < high:
        return f"One choice at a time moves the median {span}, across zero"
    return f"One choice at a time moves the median {span}"


def blocs(not_paying: Sequence[float | None]) -> str:
    """Title of the table of blocs, from the chance that each does not pay for itself."""
    known = [p for p in not_paying if present(p)]
    good = sum(p < 0.5 for p in known)
    if good == len(known):
        return "Every bloc is more likely than not to pay for its convention"
    if not good:
        return "No bloc is more likely than not to pay for its convention"
    verb = "is" if good == 1 else "are"
    return (
        f"{capital(in_words(good))} of {in_words(len(known))} blocs {verb} more likely than not to pay for a convention"
    )


def contrasts(inside: int, total: int) -> str:
    """Title of the table of implied contrasts: how many findings the default could have produced."""
    if total == 0:
        return "No study was compared with the model in this run"
    if inside == total:
        return "The default could have produced what every study found"
    if inside == 0:
        return "The default could have produced none of the findings"
    return f"The default could have produced {inside} of {total} findings"


def break_even(values: Sequence[float | None]) -> str:
    """Title of the break-even table, from which quantities have a break-even at all."""
    found = sum(present(v) for v in values)
    if not values or not found:
        return "Nothing in the range examined makes the convention pay for itself"
    if found == len(values):
        return "What must be true for the convention to pay for itself"
    return "Not every quantity has a value at which the convention pays for itself"


def trackers(rows: Sequence[Row]) -> str:
    """Title of the table of trackers: whether who attacks whom rests on records or on shipped counts."""
    bases = {row["basis"] for row in rows if row["tracker"] != "all"}
    if not bases:
        return "No tracker was counted in this run"
    if bases == {"records"}:
        return "Who attacks whom is counted from the trackers’ own records"
    if "records" in bases:
        return "Who attacks whom is counted in part from the trackers’ own records"
    return "Who attacks whom rests on counts of the trackers that ship with the project"


def judgments(judged: int, count: int) -> str:
    """Title of the table of priors: how many inputs rest on judgment."""
    if not count:
        return "No prior is recorded in this run"
    if judged == count:
        return f"All {in_words(count)} uncertain inputs are judgments"
    if not judged:
        return f"All {in_words(count)} uncertain inputs are published or estimated"
    verb = "is a judgment" if judged == 1 else "are judgments"
    return f"{capital(in_words(judged))} of {in_words(count)} uncertain inputs {verb}"
