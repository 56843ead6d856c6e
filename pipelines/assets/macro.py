"""Assets of the group macro: what the loss is made of, and how far a stoppage spreads through supply chains.

GDP over the years of a scenario is computed with the scenario, in `model`.
"""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from models.gdp_loss import ledger_table
from pipelines import vocabulary
from pipelines.assets.describe import explained, key, out, result
from pipelines.assets.staging import STAGING, read_staging
from pipelines.assets.study import prepare
from pipelines.parquet import ParquetIOManager
from pipelines.propagation_fit import SOURCE, fit_rows, propagation_table, sectors
from pipelines.schemas.core import REFERENCE_CORE
from pipelines.schemas.macro import MACRO
from pipelines.schemas.meta import META
from pipelines.schemas.model import MODEL
from pipelines.schemas.tables import conform
from pipelines.settings import RunSettings

WIOD = [f"{SOURCE}_{name}" for name in ("intermediate", "final_demand", "output")]


@dg.multi_asset(
    outs={
        "ledgers": out(MACRO["ledgers"], "Dirichlet shares by threat class, by stick breaking."),
        "propagation": out(MACRO["propagation"], "Leontief and Ghosh identities, dynamic inoperability; WIOD of 2011."),
    },
    group_name="macro",
    deps=[
        key(MODEL["baseline"]),
        key(META["priors"]),
        *(key(REFERENCE_CORE[name]) for name in ("fits", "estimates")),
        *(key(STAGING[name]) for name in WIOD),
    ],
)
def composition(settings: RunSettings, tables: dg.ResourceParam[ParquetIOManager]) -> Iterator[dg.Output[pl.DataFrame]]:
    """What the loss is made of, how much of it is lost output, and how far disruption spreads."""
    study, estimates = prepare(settings, tables), tables.read("core.estimates")
    found = ledger_table(study.draws, study.baseline.loss.sum(1), study.settings.defence_share)
    frame = conform(found, MACRO["ledgers"])
    whole = frame.filter(pl.col("threat_class") == "all")
    numbers = {"GDP loss, world (USD bn)": float(whole["gdp_mean"].sum())}
    yield dg.Output(frame, output_name="ledgers", metadata=result(frame, numbers, whole))
    fits = tables.read("core.fits").filter(pl.col("source") == SOURCE)
    staged = {name: read_staging(tables, name) for name in WIOD}
    own = None
    if all(table.height for table in staged.values()):
        with explained():
            own = sectors(staged, vocabulary.load())
        fits = fit_rows(own)
    spread = conform(propagation_table(fits, study.draws, estimates, own), MACRO["propagation"])
    yield dg.Output(spread, output_name="propagation", metadata=result(spread, {"rows": spread.height}, spread))
