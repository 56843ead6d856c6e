"""Schemas of the reference tables on the shape of severities: those of schema `model` with a source and a vintage.

Columns are described in `risk`; here are the limits that a row must keep to be no single incident.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from models.definition import LEAST, SHOWN
from pipelines.schemas.columns import above, at_least, between, column, matches, one_of, table
from pipelines.schemas.risk import RISK

LIMITS: dict[str, dict[str, pa.Check]] = {
    "tail_stability": {
        "threshold": above(0),
        "n": at_least(LEAST),
        "xi_se": above(0),
        "modified_scale_se": above(0),
        "distance": above(0),
        "p_value": between(0, 1),
    },
    "mean_excess": {"threshold": above(0), "n": at_least(LEAST), "mean_excess": above(0), "se": above(0)},
    "severity_quantiles": {
        "family": one_of(["lognormal", "spliced"]),
        "probability": between(0, 1),
        "n": at_least(SHOWN),
        "observed": above(0),
        "fitted": above(0),
    },
}
"""By table and column. A mean excess and a fit rest on no fewer than 30 amounts, a bin of ranks on no fewer than 5."""
OF_THE_RUN = ("source_id", "basis")


def _shipped(name: str) -> pa.DataFrameSchema:
    model, limits = RISK[name], LIMITS[name]
    columns = {}
    for field, built in model.columns.items():
        if field in OF_THE_RUN:
            continue
        kind = pl.Int64 if field == "n" else built.dtype.type
        checks = [limits[field]] if field in limits else []
        columns[field] = column(kind, str(built.description), *checks, nullable=built.nullable)
    columns["vintage"] = column(
        pl.String, "Edition of the source", matches(r"^\S.*$", "a text that does not begin with a blank")
    )
    key = ["source", *(field for field in model.unique or () if field not in OF_THE_RUN)]
    return table(f"{model.description}. As computed from records that may not be passed on", key, columns)


TABLES = {name: _shipped(name) for name in LIMITS}
"""Schemas by table."""
