"""Assets of the group publication: the edition of the database, and the report on it.

What is published is described in schemas/; how it is swapped in, in `warehouse`.
"""

import time

import dagster as dg
import polars as pl

from pipelines import editions, manifest, measured, warehouse
from pipelines.assets.describe import OWNERS, key, markdown, one
from pipelines.assets.staging import STAGING
from pipelines.assets.study import FOCUS
from pipelines.parquet import ParquetIOManager, stamp
from pipelines.schemas.core import CORE_TABLES
from pipelines.schemas.exceedance import EXCEEDANCE_TABLES
from pipelines.schemas.incidents import INCIDENT_TABLES
from pipelines.schemas.macro import MACRO_TABLES
from pipelines.schemas.mechanisms import MECHANISM_TABLES
from pipelines.schemas.meta import META_TABLES, WRITTEN_BY_THE_WAREHOUSE
from pipelines.schemas.model import MODEL_TABLES
from pipelines.schemas.risk import RISK_TABLES
from pipelines.schemas.sensitivity import SENSITIVITY_TABLES
from pipelines.settings import RunSettings

WRITTEN_LATER = [f"meta.{name}" for name in WRITTEN_BY_THE_WAREHOUSE]
MODELED = [*MODEL_TABLES, *MECHANISM_TABLES, *MACRO_TABLES, *RISK_TABLES, *EXCEEDANCE_TABLES, *SENSITIVITY_TABLES]
SCHEMAS = [*STAGING.values(), *CORE_TABLES, *INCIDENT_TABLES, *MODELED, *META_TABLES]
FROM_VINTAGES = [*(str(schema.name) for schema in STAGING.values()), "meta.source_tables"]
"""Tables that no step writes while there is no vintage."""
FROM_ASSETS = [schema for schema in SCHEMAS if schema.name not in WRITTEN_LATER]


@dg.asset(
    key=["published", "database"],
    group_name="publication",
    kinds={"duckdb"},
    owners=OWNERS,
    deps=[key(schema) for schema in FROM_ASSETS],
    check_specs=[
        dg.AssetCheckSpec(
            "scenarios_rest_on_the_same_inputs",
            asset=["published", "database"],
            description="Every scenario was computed with this run's draws, seed, priors and reference figures.",
        )
    ],
)
def database(
    context: dg.AssetExecutionContext, settings: RunSettings, tables: dg.ResourceParam[ParquetIOManager]
) -> dg.MaterializeResult:
    """The published database: every table, view and macro of this edition in one DuckDB file, swapped in whole.

    Built under another name, checked (no row lost, every column described, headline not empty), then renamed: a reader
    sees the old edition or the new one. A failure leaves the old one. Ask it with `cyberaccord sql "from headline"`.
    """
    as_of = manifest.data_as_of(tables.read("core.treaty_status"), tables.read("meta.sources"), settings.day)
    run = manifest.describe(context.run_id, settings.seed, settings.draws, as_of, settings.day)
    ready = [
        *warehouse.tables_on_disk(FROM_ASSETS, may_lack=FROM_VINTAGES),
        *(warehouse.Table(schema, ()) for schema in SCHEMAS if schema.name in WRITTEN_LATER),
    ]
    path = warehouse.publish(ready, run.row(), run.edition)
    headline = editions.headline(path)
    sources = tables.read("meta.sources").filter(pl.col("basis") != "none")
    basis = dict(sources.select("source_id", "basis").iter_rows())
    manifest.write(run, headline["scenario"].unique(maintain_order=True).to_list(), basis)
    mechanisms = headline.filter(pl.col("scenario") == FOCUS)["mechanisms"].min()
    numbers = {name: one(headline, name, scenario=FOCUS, mechanisms=mechanisms) for name in editions.HEADLINE_NUMBERS}
    return dg.MaterializeResult(
        metadata={
            "path": dg.MetadataValue.path(str(path)),
            "edition": run.edition,
            "data as of": str(as_of),
            **{f"{FOCUS}, {name}": dg.MetadataValue.float(number) for name, number in numbers.items()},
            "headline": dg.MetadataValue.md(markdown(headline.select("scenario", *editions.HEADLINE_NUMBERS))),
        },
        check_results=[same_inputs(next(t for t in ready if t.schema.name == "model.counterfactual"), settings)],
    )


def same_inputs(table: warehouse.Table, settings: RunSettings) -> dg.AssetCheckResult:
    """Whether the scenarios that this run did not compute again rest on what the others rest on."""
    expected = {name: str(value) for name, value in settings.stamp().items()}
    strangers = [file.stem for file in table.files if stamp(file) != expected]
    remedy = f"{', '.join(strangers)}: computed with other draws, seed or inputs; run all scenarios (make run)"
    return dg.AssetCheckResult(
        passed=not strangers,
        check_name="scenarios_rest_on_the_same_inputs",
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"scenarios": len(table.files), "strangers": len(strangers)},
        description=remedy if strangers else None,
    )


@dg.asset(
    key=["published", "report"],
    group_name="publication",
    kinds={"html"},
    owners=OWNERS,
    deps=[dg.AssetKey(["published", "database"])],
)
def report(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """The report: one HTML page that opens offline, every number in it a query on the published database.

    Rendered from the current edition into its own folder, then made the current report.
    """
    path = editions.render()
    record = context.instance.get_run_record_by_id(context.run_id)
    if record and record.start_time:
        measured.write(context.run_id, time.time() - record.start_time, len(context.job_def.nodes))
    return dg.MaterializeResult(metadata={"path": dg.MetadataValue.path(str(path)), "bytes": path.stat().st_size})
