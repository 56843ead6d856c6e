"""The loss of one event that stands for a source, read back from a table of fits: splice, cap, errors, warning.

The fits are made in `tail`, their table in `severity_table`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from models.laws import Array
from models.severity import OBSERVED
from models.tail import SPLICED, SplicedSeverity, infinite_mean

FAMILY = "spliced"


@dataclass(frozen=True)
class Chosen:
    """The splice of a source.

    severity : the loss of one event, USD bn of 2020
    covariance : (5, 5), of mu, sigma, tail_share, xi, beta
    n, n_above : amounts it rests on, and those above the threshold
    """

    severity: SplicedSeverity
    covariance: Array
    n: int
    n_above: int

    @property
    def warning(self) -> str | None:
        """Why the mean is or may be infinite without the cap; None where it is not."""
        return infinite_mean(self.severity.xi, float(np.sqrt(self.covariance[3, 3])))


def best(table: pl.DataFrame) -> Mapping[str, Chosen]:
    """By source, the splice of the observed amounts, from a table of fits; a source without one is left out.

    Parameters
    ----------
    table : source_id, amounts, family, coefficient, estimate, se, n, as `severity_table.severity_tables` has them

    Errors
    ------
    ValueError where a source has a splice without one of its coefficients.
    """
    own = table.filter(pl.col("amounts") == OBSERVED)
    rows = own.filter(pl.col("family") == FAMILY).drop_nulls("estimate")
    found = {}
    for source in rows["source_id"].unique().sort():
        mine = rows.filter(pl.col("source_id") == source)
        value = dict(mine.select("coefficient", "estimate").iter_rows())
        se = dict(mine.select("coefficient", "se").iter_rows())
        missing = sorted({*SPLICED, "threshold", "cap"} - value.keys())
        if missing:
            raise ValueError(f"{source}: the splice has no {', '.join(missing)}")
        covariance = np.diag([math.nan if se[name] is None else se[name] ** 2 for name in SPLICED])
        for a, b in (("mu", "sigma"), ("xi", "beta")):
            i, j = SPLICED.index(a), SPLICED.index(b)
            covariance[i, j] = covariance[j, i] = value.get(f"{a}_{b}_covariance", math.nan)
        n = dict(mine.select("coefficient", "n").iter_rows())
        severity = SplicedSeverity(**{name: value[name] for name in (*SPLICED, "threshold", "cap")})
        found[source] = Chosen(severity, covariance, n["tail_share"], n["xi"])
    return found
