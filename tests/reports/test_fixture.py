"""The small published database obeys the schemas of the real one, where it has the whole table."""

from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.schemas.core import REFERENCE_CORE
from pipelines.schemas.exceedance import EXCEEDANCE
from pipelines.schemas.macro import MACRO
from pipelines.schemas.mechanisms import MECHANISM
from pipelines.schemas.meta import META
from pipelines.schemas.model import MODEL
from pipelines.schemas.risk import RISK
from pipelines.schemas.sensitivity import SENSITIVITY
from pipelines.schemas.tables import conform

WHOLE = [
    *(MECHANISM | MACRO | EXCEEDANCE).values(),
    *(MODEL[name] for name in ("counterfactual", "avoidance_odds", "group_loss", "winners", "membership_share")),
    *(schema for name, schema in SENSITIVITY.items() if not name.startswith("averaging")),
    *(REFERENCE_CORE[name] for name in ("incidents_per_quarter", "incident_types", "recording_changes")),
    *(RISK[name] for name in ("all_events", "severity", "tail_stability", "mean_excess", "severity_quantiles")),
    META["source_tables"],
]
SCHEMAS = {str(schema.name): schema for schema in WHOLE}


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_table_of_the_fixture_obeys_the_contract_of_the_real_one(database: Path, name: str):
    with duckdb.connect(str(database), read_only=True) as connection:
        answer = connection.execute(f"from {name}")
        columns = [column[0] for column in answer.description]
        rows = [[float(value) if isinstance(value, Decimal) else value for value in row] for row in answer.fetchall()]
    frame = pl.DataFrame(rows, schema=columns, orient="row", infer_schema_length=None)
    assert conform(frame, SCHEMAS[name]).height > 0
