"""A published quantity on a grid of adoption and strength: refined for drawing, its levels, where it crosses zero.

Nothing is drawn here; the figure is in figures_strength.py.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.edition import Row
from reports.numbers import present

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Surface:
    """Values at (strengths, adoptions), both ascending; NaN where a point was not published."""

    adoption: Array
    strength: Array
    values: Array

    @classmethod
    def of(cls, rows: Sequence[Row], column: str) -> "Surface":
        """The surface of a column of model.adoption_strength under one set of mechanisms."""
        adoption, strength = (
            np.array(sorted({float(row[key]) for row in rows})) for key in ("adoption_level", "strength")
        )
        values = np.full((len(strength), len(adoption)), np.nan)
        for row in rows:
            if present(row[column]):
                place = np.searchsorted(strength, row["strength"]), np.searchsorted(adoption, row["adoption_level"])
                values[place] = row[column]
        return cls(adoption, strength, values)

    def refined(self, columns: int, rows: int) -> "Surface":
        """The same on a finer even grid, linear between the published points."""
        adoption = np.linspace(self.adoption[0], self.adoption[-1], columns)
        strength = np.linspace(self.strength[0], self.strength[-1], rows)
        across = np.array([np.interp(adoption, self.adoption, line) for line in self.values])
        values = np.array([np.interp(strength, self.strength, line) for line in across.T]).T
        return Surface(adoption, strength, values)

    def crossings(self) -> list[float | None]:
        """At each adoption the least strength from which the value is above zero; None where it never is.

        The first crossing from below, linear between points; the lowest strength where the value is above zero there.
        """
        found: list[float | None] = []
        for line in self.values.T:
            reached = next((k for k, value in enumerate(line) if value > 0), None)
            if reached is None:
                found.append(None)
            elif reached == 0 or not present(float(line[reached - 1])):
                found.append(float(self.strength[reached]))
            else:
                below, above = line[reached - 1], line[reached]
                step = self.strength[reached] - self.strength[reached - 1]
                found.append(float(self.strength[reached] - step * above / (above - below)))
        return found


def levels(low: float, high: float, most: int = 6) -> list[float]:
    """Contour levels 1-2-5 that lie in (low, high): up to `most` above zero, two below, and zero where it is inside."""

    def below(limit: float, count: int) -> list[float]:
        if limit <= 0:
            return []
        decade = math.floor(math.log10(limit))
        steps = [m * 10.0**k for k in range(decade - 2, decade + 1) for m in (1, 2, 5)]
        return [round(value, 12) for value in steps if value < limit * (1 - 1e-9)][-count:]

    negative = [-value for value in reversed(below(-low, 2))]
    return [*negative, *([0.0] if low < 0 < high or low == 0 < high else []), *below(high, most)]


def indexed(values: Array, steps: Sequence[float]) -> Array:
    """Values as fractional positions among the levels, so that uneven levels get even steps of color."""
    knots = [min(float(np.nanmin(values)), steps[0] - 1e-9), *steps, max(float(np.nanmax(values)), steps[-1] + 1e-9)]
    return np.asarray(np.interp(values, knots, range(-1, len(steps) + 1)))
