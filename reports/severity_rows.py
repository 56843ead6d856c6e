"""The fits of severity as the figures on the tail read them: one object a source, from rows of the published tables.

Nothing is drawn here; the figures are in figures_mean_excess.py and figures_quantiles.py.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from models.tail import limited_mean
from reports.edition import Row
from reports.names_losses import AMOUNT_SOURCES, source_of_amounts
from reports.numbers import present

DRAWN = 3
"""Sources that a figure has room for: those with most amounts."""
VARIANCE, MEAN = 0.5, 1.0
"""Shapes of a generalized Pareto tail from which on its variance and its mean are infinite."""
UPPER = 0.9
"""Probability from which on a bin is in the upper tenth."""
LOGNORMAL, SPLICED = "lognormal", "spliced"


@dataclass(frozen=True)
class Tail:
    """Mean excess of a source by threshold, and the fitted tail, None where there is none.

    points : rows of model.mean_excess by threshold; n : amounts of the source
    xi : estimate and ends at 90 %; threshold, beta, cap : USD bn
    """

    source: str
    points: list[Row]
    n: int
    xi: tuple[float, float, float] | None
    threshold: float
    beta: float
    cap: float

    @property
    def name(self) -> str:
        """What the source is called."""
        return source_of_amounts(self.source)

    @property
    def has_variance(self) -> bool:
        """Whether a standard error of the mean excess means anything."""
        return self.xi is not None and self.xi[0] < VARIANCE

    @property
    def has_mean(self) -> bool:
        """Whether the mean is finite without a cap."""
        return self.xi is not None and self.xi[0] < MEAN

    @property
    def rises(self) -> bool:
        """Whether the mean excess rises with the threshold: more pairs of thresholds go up than down (Kendall)."""
        pairs = combinations([row["mean_excess"] for row in self.points], 2)
        return sum((later > earlier) - (later < earlier) for earlier, later in pairs) > 0

    @property
    def is_heavy(self) -> bool:
        """Whether it rises and the interval of xi lies above zero: a tail heavier than exponential, beyond chance."""
        return self.rises and self.xi is not None and self.xi[1] > 0

    def line(self, thresholds: Sequence[float], *, capped: bool) -> list[float]:
        """Mean excess of the fitted tail, USD bn, at thresholds from its own on, without a cap or with it."""
        if self.xi is None:
            return []
        limits = [self.cap - u if capped else math.inf for u in thresholds]
        scales = [self.beta + self.xi[0] * (u - self.threshold) for u in thresholds]
        return [limited_mean(self.xi[0], scale, limit) for scale, limit in zip(scales, limits, strict=True)]


@dataclass(frozen=True)
class Quantiles:
    """Amounts of a source beside those of both laws, by bins of ranks.

    rows : by law the rows of model.severity_quantiles by probability; bic : of each law, None where it has none
    """

    source: str
    rows: dict[str, list[Row]]
    n: int
    bic: dict[str, float | None]

    @property
    def name(self) -> str:
        """What the source is called."""
        return source_of_amounts(self.source)

    @property
    def distance(self) -> dict[str, float]:
        """By law the mean distance between record and law in the upper tenth, in logs, each amount counted once."""
        found = {}
        for family, rows in self.rows.items():
            upper = [row for row in rows if row["probability"] > UPPER]
            weights = [row.get("n") or 1 for row in upper]
            gaps = [abs(math.log(row["observed"] / row["fitted"])) for row in upper]
            found[family] = sum(w * gap for w, gap in zip(weights, gaps, strict=True)) / (sum(weights) or 1)
        return found

    @property
    def splice_is_closer(self) -> bool:
        """Whether the splice is closer to the record than the lognormal in the upper tenth."""
        return self.distance[SPLICED] < self.distance[LOGNORMAL]

    @property
    def splice_has_less_bic(self) -> bool:
        """Whether the splice is preferred where its further parameters are charged for."""
        values = [self.bic[family] for family in (SPLICED, LOGNORMAL)]
        return all(present(value) for value in values) and values[0] < values[1]


One = TypeVar("One", Tail, Quantiles)


def tails(points: Sequence[Row], fits: Sequence[Row]) -> list[Tail]:
    """The tails of the sources with most amounts, sources in the order of `AMOUNT_SOURCES`.

    points : model.mean_excess; fits : model.severity of observed amounts
    """
    found = []
    for source in _sources(points):
        value = _coefficients(fits, source, SPLICED)
        mine = [row for row in points if row["source_id"] == source]
        xi, whole = value.get("xi"), value.get("tail_share")
        fitted = xi is not None and all(present(xi[end]) for end in ("estimate", "lower", "upper"))
        found.append(
            Tail(
                source,
                mine,
                whole["n"] if whole else max(row["n"] for row in mine),
                (xi["estimate"], xi["lower"], xi["upper"]) if fitted else None,
                *(value[name]["estimate"] if fitted else math.nan for name in ("threshold", "beta", "cap")),
            )
        )
    return _drawn(found)


def quantiles(rows: Sequence[Row], fits: Sequence[Row]) -> list[Quantiles]:
    """Both laws of the sources with most amounts; a source that one of them could not be fitted to is left out.

    rows : model.severity_quantiles; fits : model.severity of observed amounts
    """
    found = []
    for source in _sources(rows):
        by_law = {
            family: [row for row in rows if row["source_id"] == source and row["family"] == family]
            for family in (LOGNORMAL, SPLICED)
        }
        if not all(any(row["probability"] > UPPER for row in members) for members in by_law.values()):
            continue
        values = {family: _coefficients(fits, source, family) for family in by_law}
        n = sum(row.get("n") or 1 for row in by_law[LOGNORMAL])
        bic = {family: value["bic"]["estimate"] if "bic" in value else None for family, value in values.items()}
        found.append(Quantiles(source, by_law, n, bic))
    return _drawn(found)


def _sources(rows: Sequence[Row]) -> list[str]:
    place = {source: k for k, source in enumerate(AMOUNT_SOURCES)}
    return sorted({row["source_id"] for row in rows}, key=lambda source: (place.get(source, len(place)), source))


def _drawn(found: list[One]) -> list[One]:
    most = sorted(found, key=lambda one: -one.n)[:DRAWN]
    return [one for one in found if one in most]


def _coefficients(fits: Sequence[Row], source: str, family: str) -> dict[str, Row]:
    return {
        row["coefficient"]: row
        for row in fits
        if row["source_id"] == source and row["family"] == family and present(row["estimate"])
    }
