"""Titles on what lies beyond law: findings from the rows they stand over, with a branch for every case.

As in titles.py, a function takes numbers and nothing else, and its branches are tested.
"""

from collections.abc import Sequence

from reports.edition import Row
from reports.names import BELIEFS, CHANNELS, CLASSES, DEFINITIONS, TERMS, label
from reports.numbers import NBSP, chance, plain, present, probability, signed
from reports.titles import Spread, capital, in_words


def regimes(better: dict[str, float | None]) -> str:
    """Title of the regimes, from the chance by belief that the agreed one leaves less loss than the unilateral one."""
    known = {belief: p for belief, p in better.items() if present(p)}
    if not known:
        return "Whether agreed consequences leave less loss than unilateral ones was not estimated"
    likely = {belief for belief, p in known.items() if p > 0.5}
    odds = {belief: f"{chance(p)} under {label(belief, BELIEFS)}" for belief, p in known.items()}
    if len(known) == 1:
        return (
            f"The chance that agreed consequences leave less loss than unilateral ones is {next(iter(odds.values()))}"
        )
    ends = " and ".join(dict.fromkeys(f"{chance(p)}" for p in known.values()))
    if len(likely) == len(known):
        return (
            f"Under both beliefs agreed consequences more likely than not leave less loss than unilateral ones: {ends}"
        )
    if not likely:
        return f"Under neither belief are agreed consequences likely to leave less loss than unilateral ones: {ends}"
    return f"Whether agreed consequences beat unilateral ones turns on the belief: {', '.join(odds.values())}"


def accession(fan: Sequence[Row]) -> str:
    """Title of the fan of members, from the last year: those assumed against the 90 % interval at Budapest's pace."""
    last = fan[-1]
    middle, assumed, year = plain(last["p50"], 0), last["assumed"], last["year"]
    start = f"At the pace of Budapest {middle} states are members in {year}"
    if assumed > last["p95"]:
        return f"{start}, fewer than the {assumed} assumed"
    if assumed < last["p05"]:
        return f"{start}, more than the {assumed} assumed"
    return f"{start}; the {assumed} assumed lie within the 90 % interval"


def hazard(rows: Sequence[Row]) -> str:
    """Title of the table of the hazard, from the fit with every term: what is told apart from zero, and its status."""
    slopes = [row for row in rows if row["fit"] == "all" and row["term"] != "intercept"]
    if not slopes:
        return "How fast states joined Budapest was not estimated in this run"
    apart = [row for row in slopes if row["lower"] > 0 or row["upper"] < 0]
    names = [label(row["term"], TERMS) for row in sorted(apart, key=lambda row: -abs(row["estimate"]))]
    assumed = sum(row["status"] != "estimated" for row in slopes)
    count = f"{in_words(len(slopes))} covariates of joining Budapest"
    if not apart:
        start = "No covariate of joining Budapest is told apart from zero"
    elif len(apart) == 1:
        start = f"Of {count} only “{names[0]}” is told apart from zero"
    else:
        start = f"Of {count} {in_words(len(apart))} are told apart from zero, “{names[0]}” the largest"
    if assumed == len(slopes):
        return f"{start}; too few ratifications to call it an estimate"
    if assumed:
        return f"{start}; {in_words(assumed)} {'rests' if assumed == 1 else 'rest'} on too few ratifications"
    return start


def coalitions(rows: Sequence[Row]) -> str:
    """Title of the table of coalitions, from the largest stable set at each cost without and with a penalty."""
    if not rows:
        return "No coalition was examined in this run"
    exact = [row for row in rows if row["start"] == "exact"] or list(rows)
    least = min(row["penalty_share_of_gdp"] for row in exact)
    sizes: dict[float, int] = {}
    for row in exact:
        if row["penalty_share_of_gdp"] == least:
            cost = row["cost_share_of_gdp"]
            sizes[cost] = max(sizes.get(cost, 0), row["size"] if row["stable"] else 0)
    largest = max(row["size"] if row["stable"] else 0 for row in exact)
    if largest < 2:
        return "No coalition of two or more holds together at any cost examined"
    found = list(dict.fromkeys(sizes[cost] for cost in sorted(sizes)))
    free = "without a penalty on outsiders" if least == 0 else "at the lowest penalty on outsiders"
    if max(found) < 2:
        return (
            f"{capital(free)} no coalition of two or more holds together; with a larger one up to {largest} players do"
        )
    if len(found) == 1:
        return f"{capital(free)} a coalition of {in_words(found[0])} players holds together at every cost examined"
    low, high = min(sizes), max(sizes)
    ends = f"{free}, {_players(sizes[low])} at the lowest cost and {_players(sizes[high])} at the highest"
    return f"What holds together turns on the cost: {ends}"


def _players(size: int) -> str:
    return "no coalition" if size < 2 else f"{in_words(size)} players"


def channels(rows: Sequence[Row], scale: float, unit: str, places: int) -> str:
    """Title of the decomposition, from the sign of the total and the largest share in its direction."""
    parts = {row["channel"]: scale * row["value"] for row in rows if present(row["value"])}
    total = parts.pop("total", None)
    if not parts or total is None:
        return "What each mechanism avoids was not estimated in this run"
    if all(round(value, places) == 0 for value in parts.values()):
        return "No mechanism moves the loss"
    best, worst = max(parts, key=lambda name: parts[name]), min(parts, key=lambda name: parts[name])
    if round(total, places) == 0:
        ends = f"{label(best, CHANNELS).lower()} {signed(parts[best], places)}"
        ends += f", {label(worst, CHANNELS).lower()} {signed(parts[worst], places)} {unit}"
        return f"The mechanisms cancel: {ends}"
    name = best if total > 0 else worst
    numbers = f"{signed(parts[name], places)} of {signed(total, places)} {unit}"
    part = "More than half" if parts[name] / total > 0.5 else "The largest part"
    done = "avoided" if total > 0 else "added to the loss"
    return f"{part} of what is {done} comes from {label(name, CHANNELS).lower()}: {numbers}"


def without(rows: Sequence[Row], scale: float, unit: str, places: int) -> str:
    """Title of the table with one mechanism off, from the largest change of the mean."""
    means = {row["off"]: scale * row["mean"] for row in rows if present(row["mean"])}
    full = means.pop("none", None)
    if full is None or not means:
        return "No mechanism was switched off in this run"
    name = max(means, key=lambda key: abs(means[key] - full))
    if round(means[name], places) == round(full, places):
        return "Switching off one mechanism at a time leaves the mean as it is"
    verb = "falls" if means[name] < full else "rises"
    ends = f"from {signed(full, places)} to {signed(means[name], places)} {unit}"
    named = label(name, CHANNELS)
    start = f"{named} matter most: without them" if named.endswith("s") else f"{named} matters most: without it"
    return f"{start} the mean {verb} {ends}"


def strength(adoption: Sequence[float], crossings: Sequence[float | None], lowest: float) -> str:
    """Title of the contour: how the least strength of law that pays moves with adoption, percent of attacks.

    adoption : levels above zero; crossings : least strength that pays at each, None where none does; lowest : strength
    examined
    """
    known = [value for value in crossings if value is not None]
    if not known:
        return "At no adoption and no strength examined does the convention pay for itself"
    if len(known) == len(crossings) and all(value <= lowest for value in known):
        return "The convention pays for itself at every adoption and strength examined"
    full = crossings[-1]
    if full is None:
        return f"At {plain(100 * adoption[-1], 0)} % adoption no strength examined pays for the convention"
    if full <= lowest:
        asks = max(zip(crossings, adoption, strict=True), key=lambda at: float("inf") if at[0] is None else at[0])
        return (
            f"At {plain(100 * adoption[-1], 0)} % adoption the convention pays at every strength of law examined, "
            f"at {plain(100 * asks[1], 0)} % not at every one"
        )
    if round(100 * full) > 0:
        where = f"where law lowers attacks by more than {plain(100 * full, 0)} %"
    elif round(100 * full) < 0:
        where = f"unless law raises attacks by more than {plain(-100 * full, 0)} %"
    else:
        where = "wherever law lowers attacks at all"
    end = f"at {plain(100 * adoption[-1], 0)} % adoption it pays {where}"
    # A level at which nothing pays asks for more strength than any.
    asked = [float("inf") if value is None else round(100 * value, 1) for value in crossings]
    if asked == sorted(asked, reverse=True) and asked[0] > asked[-1]:
        return f"The wider the club, the weaker the law that pays for it: {end}"
    if asked == sorted(asked) and asked[0] < asked[-1]:
        return f"The wider the club, the stronger the law must be to pay for it: {end}"
    return f"Whether the convention pays turns on the strength of law: {end}"


def present_value(odds: dict[str, Sequence[float | None]], order: Sequence[str]) -> str:
    """Title of the table of present values, from the chance of paying at each rate, fullest mechanisms first."""
    verdicts = {name: _pays(odds[name]) for name in order if name in odds}
    known = {name: verdict for name, verdict in verdicts.items() if verdict}
    if not known:
        return "The present value of the convention was not estimated in this run"
    names = {"no_standdown": "without stand-down", "law": "with law alone"}
    first = next(iter(known))
    subject = f"{capital(names[first])} the convention" if first in names and len(known) > 1 else "The convention"
    title = {
        "yes": f"{subject} is more likely than not to pay at every discount rate",
        "no": f"{subject} is more likely than not to pay at no discount rate",
        "mixed": f"Whether {subject[0].lower()}{subject[1:]} is more likely than not to pay turns on the discount rate",
    }[known[first]]
    said = {"yes": "it is", "no": "it is not", "mixed": "it turns on the rate"}
    others = [f"{names.get(name, name)} {said[known[name]]}" for name in known if known[name] != known[first]]
    return "; ".join([title, *others])


def _pays(odds: Sequence[float | None]) -> str | None:
    known = [p for p in odds if present(p)]
    if not known:
        return None
    good = sum(p > 0.5 for p in known)
    return "yes" if good == len(known) else "mixed" if good else "no"


def welfare(medians: dict[str, float], places: int) -> str:
    """Title of the welfare table, from the sign of the median under each standing."""
    signs = {name: _sign(value, places) for name, value in medians.items()}
    authors = signs.pop("authors", None)
    if not signs:
        return "Whose gains count was not examined in this run"
    ends = {"plus": "gain", "minus": "lose", "zero": "neither gain nor lose"}
    last = f"; the states that attack {ends[authors]}" if authors else ""
    if len(set(signs.values())) > 1:
        return f"Whose gains count decides the sign for the world{last}"
    words = {"plus": "a gain", "minus": "a loss", "zero": "nil"}[next(iter(signs.values()))]
    if len(signs) == 1:
        return f"For the world the median is {words}{last}"
    return f"Whoever’s gains count, the median for the world is {words}{last}"


def _sign(value: float, places: int) -> str:
    rounded = round(value, places)
    return "plus" if rounded > 0 else "minus" if rounded < 0 else "zero"


def winners(rows: Sequence[Row]) -> str:
    """Title of the table of winners and losers, from the counts by region."""
    regions = [row for row in rows if row["kind"] == "region"]
    losers, total = sum(r["losers"] for r in regions), sum(r["losers"] + r["winners"] for r in regions)
    if not total:
        return "Who gains and who loses was not estimated in this run"
    if not losers:
        return f"None of {total} economies with a change loses on average"
    start = f"{losers} of {total} economies with a change lose on average"
    worst = max(regions, key=lambda row: row["losers"])
    if len(regions) == 1:
        return start
    part = "more than half of them" if 2 * worst["losers"] > losers else "the largest number"
    return f"{start}, {part} in {worst['name']}"


def definitions(rows: Sequence[Row]) -> str:
    """Title of the figure of definitions, from the share of incidents of states that each covers.

    Where fewer than two texts concern states it is the class in which the covered share differs most. A text that
    leaves a class out covers none of it by its own words, which is no finding.
    """
    shares: dict[str, dict[str, float]] = {}
    for row in rows:
        if row["counted"] == "incidents" and present(row["share"]) and row["role"] != "excluded":
            shares.setdefault(row["threat_class"], {})[row["definition"]] = row["share"]
    if not shares:
        return "No definition has incidents enough to print what it covers"
    widest = max(shares, key=lambda key: max(shares[key].values()) - min(shares[key].values()))
    name = "state" if len(shares.get("state", {})) > 1 else widest
    found = shares[name]
    least, most = min(found, key=lambda key: found[key]), max(found, key=lambda key: found[key])
    # all and none are facts of a text, not limits of what was counted
    low, high = (plain(100 * s, 0) if s in (0, 1) else probability(s) for s in (found[least], found[most]))
    of = f"of {label(name, CLASSES).lower()} incidents"
    if low == high:
        return (
            f"Every definition covers about {low} % {of}" if len(found) > 1 else f"One definition covers {low} % {of}"
        )
    narrow, wide = (f"“{label(key, DEFINITIONS).lower()}”" for key in (least, most))
    return f"What counts is a choice: {of}, {narrow} covers {low} % and {wide} {high} %"


def by_year(rows: Sequence[Row]) -> str:
    """Title of the fan by year, from the first year with an effect, the last year and the ends of the intervals."""
    moved = [row for row in rows if row["p05"] != 0 or row["p95"] != 0]
    if not moved:
        return f"Nothing changes in any year to {rows[-1]['year']}"
    last = Spread.of(rows[-1], 100)
    first = Spread.of(moved[0], 100)
    places = last.places
    ends = f"from {signed(first.p50, places)} to {signed(last.p50, places)}{NBSP}%"
    years = f"between {moved[0]['year']} and {rows[-1]['year']}"
    if round(first.p50, places) == round(last.p50, places):
        start = f"The yearly effect stays at {signed(last.p50, places)}{NBSP}% {years}"
    elif first.p50 >= 0 and last.p50 > first.p50:
        start = f"As members join, the yearly gain grows {ends} {years}"
    elif last.p50 < first.p50 <= 0:
        start = f"As members join, the yearly loss added grows {ends} {years}"
    else:
        start = f"The yearly effect goes {ends} {years}"
    open_ = sum(row["p05"] < 0 < row["p95"] for row in moved)
    if open_ == len(moved):
        return f"{start}; no year rules out harm"
    return start
