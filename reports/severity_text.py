"""Sentences on how heavy the tails are and how well the laws fit; as in text.py, every number is a row's."""

import math
from collections.abc import Sequence

from reports.numbers import NBSP, money, plain
from reports.severity_rows import LOGNORMAL, SPLICED, Quantiles, Tail


def listed(names: Sequence[str]) -> str:
    """Names in a row: "A", "A and B", "A, B and C"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def at_the_top(tails: Sequence[Tail]) -> str:
    """The mean excess over the highest threshold, source by source."""
    parts = []
    for tail in tails:
        top = tail.points[-1]
        parts.append(
            f"{tail.name} {money(top['mean_excess'])} above {money(top['threshold'])} (n{NBSP}={NBSP}{top['n']:,})"
        )
    return f"Mean excess at the highest threshold: {'; '.join(parts)}."


def band(tails: Sequence[Tail]) -> str:
    """For which sources a band is drawn, and why not for the others."""
    with_band, without = ([tail for tail in tails if tail.has_variance is has] for has in (True, False))
    infinite = [_shaped(tail) for tail in without if tail.xi is not None]
    unfitted = [tail.name for tail in without if tail.xi is None]
    parts = []
    if with_band:
        only = f", only for {listed([tail.name for tail in with_band])}" if without else ""
        parts.append(f"Band: 95 % of the mean by its standard error{only}.")
    if infinite:
        why = "from ξ of one half on the variance is infinite and a standard error has no meaning"
        parts.append(f"No band for {listed(infinite)}: {why}.")
    if unfitted:
        parts.append(f"No tail could be fitted to {listed(unfitted)}.")
    return " ".join(parts)


def infinite_means(tails: Sequence[Tail]) -> str:
    """For which sources the mean is infinite without a cap, so that only the line with it is drawn; empty if none."""
    named = [_shaped(tail) for tail in tails if tail.xi is not None and not tail.has_mean]
    return f"No line without a cap for {listed(named)}: from ξ of one on the mean is infinite. " if named else ""


def _shaped(tail: Tail) -> str:
    return f"{tail.name} (ξ{NBSP}{plain(tail.xi[0], 2)})"


def distances(found: Sequence[Quantiles]) -> str:
    """How far both laws are from the record in the upper tenth, as factors, and which BIC prefers."""
    parts = []
    for one in found:
        factors = {family: plain(math.exp(gap), 2) for family, gap in one.distance.items()}
        parts.append(f"{one.name} lognormal {factors[LOGNORMAL]}, splice {factors[SPLICED]}")
    preferred = [one.name for one in found if one.splice_has_less_bic]
    where = "in no source" if not preferred else f"for {listed(preferred)}"
    if 0 < len(preferred) < len(found):
        where = f"only {where}"
    return (
        f"Mean distance from the record in the upper tenth, as a factor: {'; '.join(parts)}. By BIC, which charges for "
        f"its further parameters, the splice is preferred {where}."
    )
