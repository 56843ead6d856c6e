"""Titles of the figures on incidents and on groups of economies, and of the table of what was validated.

As in titles.py, a function takes numbers and nothing else, and its branches are tested.
"""

from collections.abc import Mapping, Sequence

from reports.numbers import NBSP, plain
from reports.titles import capital, in_words


def peaks(years: Sequence[int]) -> str:
    """Title of incidents on record, from the year with most incidents of each tracker."""
    if not years:
        return "No tracker of incidents has a full year on record"
    if len(years) == 1:
        return f"The only tracker of incidents has most of them in {years[0]}"
    distinct = sorted(set(years))
    count = capital(in_words(len(years)))
    if len(distinct) == 1:
        return f"{count} trackers have most incidents in the same year, {distinct[0]}"
    return (
        f"{count} trackers put the peak of incidents in {in_words(len(distinct))} different years, from {distinct[0]} "
        f"to {distinct[-1]}"
    )


def actors(first: Mapping[str, str]) -> str:
    """Title of who did what, from the leading type by actor, both in words and in the report's order."""
    if not first:
        return "No actor has enough incidents on record to say what it does"
    by_type: dict[str, list[str]] = {}
    for actor, kind in first.items():
        by_type.setdefault(kind, []).append(actor)
    if len(by_type) == 1:
        (kind,) = by_type
        subject = "every actor" if len(first) > 1 else listed(list(first))
        return f"{capital(kind)} comes first for {subject}"
    ranked = sorted(by_type.items(), key=lambda item: -len(item[1]))
    parts = [f"{kind} for {listed(names)}" for kind, names in ranked[1:]]
    return f"{capital(ranked[0][0])} comes first for {listed(ranked[0][1])}; {', '.join(parts)}"


def listed(names: Sequence[str]) -> str:
    """Names as a list in a sentence."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def groups(loss: Mapping[str, float], change: Mapping[str, float], places: int) -> str:
    """Title of what groups lose, from income groups in words: loss in % of GDP and change in basis points of GDP."""
    if not loss:
        return "What groups of economies lose was not computed in this run"
    top = max(loss, key=lambda name: (loss[name], name))
    start = f"{capital(top)} economies lose the largest share of GDP of any income group, {plain(loss[top], 2)}{NBSP}%"
    printed = {name: round(value, places) for name, value in change.items()}
    worse = [name for name in loss if printed[name] > 0]
    if all(value == 0 for value in printed.values()):
        return f"{start}; the convention changes no group’s mean loss"
    if len(worse) == len(printed):
        return f"{start}, and the convention raises the mean loss of every group"
    best = min(printed, key=lambda name: (change[name], name))
    size = f"{plain(-change[best], places)} basis points"
    gain = f"and gain most on average, {size}" if best == top else f"and {best} ones gain most on average, {size}"
    if worse:
        return f"{start}, {gain}; {listed(worse)} ones lose more"
    return f"{start}, {gain}"


def validation(vintages: int, rows_in: int, rejected: int, unaccounted: int, shipped: tuple[int, int]) -> str:
    """Title of the validation summary.

    vintages : sources with a vintage on the machine; rows_in, rejected : their rows; unaccounted : sources whose rows
    do not add up; shipped : rows of figures that ship, and how many of them were rejected
    """
    if not vintages:
        rows, wrong = shipped
        valid = f"{wrong:,} of them rejected" if wrong else "all of them valid"
        return f"No public source was on this machine: {rows:,} rows of figures that ship stand in, {valid}"
    if unaccounted:
        are = "source has" if unaccounted == 1 else "sources have"
        return f"{capital(in_words(unaccounted))} {are} rows that are neither kept, rejected nor merged"
    sources = f"{in_words(vintages)} source{'s' if vintages > 1 else ''}"
    if not rejected:
        return f"Every one of {rows_in:,} rows of {sources} passed its rules"
    of = f"Of {rows_in:,} rows of {sources}"
    return f"{of} {rejected:,} were rejected, and every row is accounted for"
