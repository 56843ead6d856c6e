"""Titles on the way from loss to GDP, on definitions of the loss, and on its tail.

As in titles.py, a function takes numbers and nothing else, and its branches are tested.
"""

from collections.abc import Sequence

from reports.edition import Row
from reports.numbers import NBSP, decimals, dollars, plain, present, roughly
from reports.titles import Spread


def gdp(amount: Spread, share: Spread, year: int) -> str:
    """Title of the paths of GDP, from the gain of the last year in USD bn and in basis points of GDP."""
    if amount.verdict == "nil":
        return f"The convention leaves GDP in {year} as it is"
    if amount.middle == "zero":
        return f"At the median the convention leaves GDP in {year} as it is"
    word = "higher" if amount.middle == "plus" else "lower"
    size = f"${plain(abs(amount.p50), amount.places)}{NBSP}bn"
    start = f"GDP in {year} is {size} ({plain(abs(share.p50), min(2, share.places))} basis points) {word} at the median"
    if amount.verdict == "open":
        other = "a fall" if amount.middle == "plus" else "a rise"
        return f"{start}; the 90 % interval includes {other}"
    return f"{start}, and the 90 % interval has one sign"


def ledgers(rows: Sequence[Row]) -> str:
    """Title of the table of ledgers, from the part of the whole loss that lowers GDP."""
    whole = [row for row in rows if row["threat_class"] == "all"]
    total, lowers = sum(row["mean"] for row in whole), sum(row["gdp_mean"] for row in whole)
    if not total:
        return "What the loss is made of was not computed in this run"
    share = 100 * lowers / total
    part = f"{plain(share, 0)} %"
    amounts = f"{dollars(lowers)} of {dollars(total)}"
    if round(share) == 0:
        return f"Nothing of the loss lowers GDP: {amounts}"
    if round(share) == 100:
        return f"All of the loss lowers GDP: {amounts}"
    return f"{part} of the loss lowers GDP: {amounts}"


def averages(bottom_up: float | None, top_down: float | None, ratio: tuple[float, float] | None) -> str:
    """Title of the averages, from both medians in USD bn and the 90 % interval of the second over the first."""
    if bottom_up is None or top_down is None or ratio is None:
        return "The figures that exist were not averaged in this run"
    start = f"Counted from below the loss is {dollars(bottom_up)} at the median, from above {dollars(top_down)}"
    apart = ratio[0] > 1 or ratio[1] < 1
    return f"{start}; {'more than chance sets them apart' if apart else 'the gap could be chance'}"


def bridge(nominal: float, real: float, claimed: float | None) -> str:
    """Title of the bridge, from growth between two reports in current and in constant dollars, and what is claimed."""
    current, constant = (_growth(value) for value in (nominal, real))
    said = f"The published loss is {current} in current dollars and {constant} in constant ones"
    if claimed is None:
        return said
    if round(100 * claimed, 1) in (round(100 * nominal, 1), round(100 * real, 1)):
        return f"{said}; the op-ed says {plain(100 * claimed, 0)} %"
    between = min(nominal, real) < claimed < max(nominal, real)
    where = "in between" if between else "more" if claimed > max(nominal, real) else "less"
    return f"{said}; the op-ed’s {plain(100 * claimed, 0)} % is {where}"


def _growth(value: float) -> str:
    size = plain(abs(100 * value), 1)
    return "unchanged" if float(size) == 0 else f"{'up' if value > 0 else 'down'} {size} %"


def exceedance(before: Row, after: Row) -> str:
    """Title of the exceedance curve, from one return period: what a convention avoids against the width of the band.

    before, after : rows of that return period without and with the convention
    """
    loss, fall, years = before["loss_usd_bn"], after["avoided"], before["return_period"]
    start = f"loss that is exceeded one year in {years:,}, {roughly(loss)} at the median,"
    ends = (after["avoided_lower"], after["avoided_upper"], before["lower"], before["upper"])
    if not all(present(value) for value in (fall, *ends)):
        return f"The {start} is known; what a convention does to it was not estimated"
    places = decimals([loss])
    if round(fall, places) == 0:
        most = roughly(max(abs(ends[0]), abs(ends[1])))
        return f"A convention moves the {start} by no more than {most} in 90 % of draws"
    verb = "lowers" if fall > 0 else "raises"
    wide = ends[3] - ends[2]
    than = "less" if abs(fall) < wide else "no less"
    return f"A convention {verb} the {start} by {roughly(abs(fall))}, {than} than the width of its interval"


def solarwinds(went: Row | None, destroys: Row) -> str:
    """Title of the replay, from medians and intervals as it went and with a payload that destroys."""
    cost = roughly(destroys["p50"])
    if went is None:
        return f"SolarWinds with a payload that destroys would have cost {cost} at the median"
    real = roughly(went["p50"])
    if destroys["p50"] <= went["p50"]:
        return f"A payload that destroys would not have made SolarWinds dearer: {cost} against {real}"
    if destroys["p05"] > went["p95"]:
        return f"SolarWinds was cheap because it was espionage: {real}, against {cost} had it destroyed"
    return f"SolarWinds had it destroyed: {cost} at the median against {real}, with intervals that overlap"


def mean_excess(rising: int, heavy: int, sources: int) -> str:
    """Title of the mean excess, from the number of sources where it rises and of those where chance is no reason."""
    if not rising:
        return "The mean excess rises with the threshold in no source: no tail is seen to be heavier than exponential"
    where = f"all {sources} sources" if rising == sources > 1 else f"{rising} of {sources} sources"
    start = f"The mean excess rises with the threshold in {'the one source' if sources == 1 else where}"
    if heavy == rising:
        return f"{start}: {'a tail' if rising == 1 else 'tails'} heavier than exponential"
    if not heavy:
        return f"{start}, but chance could be why"
    return f"{start}: {'a tail' if heavy == 1 else 'tails'} heavier than exponential beyond chance in {heavy}"


def quantiles(closer: Sequence[str], others: Sequence[str]) -> str:
    """Title of the quantile plot, from the names of the sources where the splice is closer and of those where not."""
    start, sources = (
        "In the upper tenth the splice is closer to the record than the lognormal",
        len(closer) + len(others),
    )
    if not closer:
        where = "the one source" if sources == 1 else f"any of {sources} sources"
        return f"In the upper tenth the splice is no closer to the record than the lognormal in {where}"
    if not others:
        return f"{start} in {'the one source' if sources == 1 else f'all {sources} sources'}"
    return f"{start} in {len(closer)} of {sources} sources, but not in {' or '.join(others)}"
