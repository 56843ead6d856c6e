"""Assets of the group publication: what changed since the last edition, this edition's database, the report on it.

What is published is described in schemas/; how it is swapped in, in `warehouse`; how a move is split, in `changes`.
"""

import time
from collections.abc import Sequence
from pathlib import Path

import dagster as dg
import polars as pl

from pipelines import changes, editions, kept_inputs, manifest, measured, scenarios, table_files, warehouse
from pipelines.assets.describe import OWNERS, about, key, markdown, one, result
from pipelines.assets.staging import STAGING
from pipelines.assets.study import FOCUS
from pipelines.errors import InputError
from pipelines.parquet import ParquetIOManager, stamp
from pipelines.schemas.core import CORE_TABLES
from pipelines.schemas.exceedance import EXCEEDANCE_TABLES
from pipelines.schemas.incidents import INCIDENT_TABLES
from pipelines.schemas.macro import MACRO_TABLES
from pipelines.schemas.mechanisms import MECHANISM_TABLES
from pipelines.schemas.meta import META, META_TABLES, WRITTEN_BY_THE_WAREHOUSE
from pipelines.schemas.model import MODEL, MODEL_TABLES
from pipelines.schemas.risk import RISK_TABLES
from pipelines.schemas.sensitivity import SENSITIVITY_TABLES
from pipelines.schemas.tables import conform
from pipelines.settings import TEXT, RunSettings

WRITTEN_LATER = [f"meta.{name}" for name in WRITTEN_BY_THE_WAREHOUSE]
MODELED = [*MODEL_TABLES, *MECHANISM_TABLES, *MACRO_TABLES, *RISK_TABLES, *EXCEEDANCE_TABLES, *SENSITIVITY_TABLES]
SCHEMAS = [*STAGING.values(), *CORE_TABLES, *INCIDENT_TABLES, *MODELED, *META_TABLES]
FROM_VINTAGES = [*(str(schema.name) for schema in STAGING.values()), "meta.source_tables"]
"""Tables that no step writes while there is no vintage."""
FROM_ASSETS = [schema for schema in SCHEMAS if schema.name not in WRITTEN_LATER]


CHANGES_TEXT = """
Compared with the newest kept edition of an earlier month; a rerun in the same month compares with the same one. One
thing is exchanged at a time: method (this code on the inputs before), draws where their number or seed differs,
parameters (priors, scenarios, definitions), data (figures and vintages). A component is 0 where nothing of its kind
differs, and the whole move where nothing else does; only where several differ is the headline computed again, on one or
two sets of inputs, a few seconds each from shipped figures and as long again as vintages take to stage. Where that is
not possible the row `not separated` holds the sum and its note the reason.
"""


@dg.asset(**about(META["changes"], CHANGES_TEXT), group_name="publication", deps=[key(MODEL["counterfactual"])])
def changes_since(context: dg.AssetExecutionContext, settings: RunSettings) -> dg.Output[pl.DataFrame]:
    """How much of each headline's move since the last edition is method, parameters and data, USD bn a year."""
    edition, against = manifest.month(), "no edition: this is the first"
    try:
        before = changes.earlier(edition)
    except InputError as error:  # a spoiled archive must not stop this edition
        before, against = None, f"no edition: {error}"
    frame = changes.empty()
    if before:
        with table_files.at_hand(str(MODEL["counterfactual"].name)) as folder:
            [made] = warehouse.tables_on_disk([MODEL["counterfactual"]], folder)
            stale = frozenset(strangers(made.files, settings))
            now = kept_inputs.of_now(context.run_id, settings.draws, settings.seed, settings.day, stale)
            frame = conform(changes.table(edition, before, now, changes.headline_of(made.files)), META["changes"])
        against = before.edition
    of_focus = frame.filter(pl.col("scenario") == FOCUS, pl.col("statistic") == "p50")
    of_focus = of_focus.filter(pl.col("mechanisms") == pl.col("mechanisms").min())
    numbers = {f"{FOCUS}, {name} (USD bn)": value for name, value in of_focus.select("component", "value").rows()}
    shown = frame.filter(pl.col("statistic") == "p50").select("scenario", "mechanisms", "component", "value")
    return dg.Output(frame, metadata=result(frame, numbers, shown, **{"compared with": against}))


@dg.asset(
    key=["published", "database"],
    group_name="publication",
    kinds={"duckdb"},
    owners=OWNERS,
    tags={"domain": "publication"},
    deps=[key(schema) for schema in FROM_ASSETS],
    check_specs=[
        dg.AssetCheckSpec(
            "scenarios_rest_on_the_same_inputs",
            asset=["published", "database"],
            description="Every scenario was computed with this run's draws, seed, code, priors and figures.",
        )
    ],
)
def database(
    context: dg.AssetExecutionContext, settings: RunSettings, tables: dg.ResourceParam[ParquetIOManager]
) -> dg.MaterializeResult:
    """The published database: every table, view and macro of this edition in one DuckDB file, swapped in whole.

    Built under another name, checked (no row lost, every column described, headline not empty), then renamed: a reader
    sees the old edition or the new one. A failure leaves the old one. Ask it with `cyberaccord sql "from headline"`.

    **Caveat:** scenarios that a run did not compute again come from earlier runs; the check says where they differ.
    """
    as_of = manifest.data_as_of(tables.read("core.treaty_status"), tables.read("meta.sources"), settings.day)
    run = manifest.describe(context.run_id, settings.seed, settings.draws, as_of, settings.day)
    sources = tables.read("meta.sources").filter(pl.col("basis") != "none")
    basis = dict(sources.select("source_id", "basis").iter_rows())
    with table_files.at_hand() as folder:
        ready = [
            *warehouse.tables_on_disk(FROM_ASSETS, folder, may_lack=FROM_VINTAGES),
            *(warehouse.Table(schema, ()) for schema in SCHEMAS if schema.name in WRITTEN_LATER),
        ]
        published = next(t for t in ready if t.schema.name == "model.counterfactual")
        shown = set(pl.scan_parquet(published.files).select("scenario").unique().collect().to_series())
        stale = strangers(published.files, settings)
        # before the edition, so that no edition can be there without what it takes to compute it again
        manifest.write(run, sorted(shown), basis, settings.day, stale, settings.effect_sets)
        path = warehouse.publish(ready, run.row(), run.edition)
    headline = editions.headline(path)
    # the op-ed's convention, or where it was not asked for another that was
    focus = next(iter(sorted(shown - {"status_quo"}, key=lambda name: (name != FOCUS, name))), "status_quo")
    mechanisms = headline.filter(pl.col("scenario") == focus)["mechanisms"].min()
    numbers = {name: one(headline, name, scenario=focus, mechanisms=mechanisms) for name in editions.HEADLINE_NUMBERS}
    return dg.MaterializeResult(
        metadata={
            "path": dg.MetadataValue.path(str(path)),
            "edition": run.edition,
            "data as of": str(as_of),
            **{f"{focus}, {name}": dg.MetadataValue.float(number) for name, number in numbers.items()},
            "headline": dg.MetadataValue.md(markdown(headline.select("scenario", *editions.HEADLINE_NUMBERS))),
        },
        check_results=[same_inputs(stale, len(published.files))],
    )


def same_inputs(found: Sequence[str], published: int) -> dg.AssetCheckResult:
    """Whether the scenarios that this run did not compute again rest on what the others rest on."""
    remedy = f"{', '.join(found)}: computed with other draws, seed, text, inputs or code; run all scenarios (make run)"
    return dg.AssetCheckResult(
        passed=not found,
        check_name="scenarios_rest_on_the_same_inputs",
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"scenarios": published, "strangers": len(found)},
        description=remedy if found else None,
    )


def strangers(files: Sequence[Path], settings: RunSettings) -> list[str]:
    """Scenarios whose tables do not rest on what this run rests on, or were computed from another text than today's."""
    texts, stamps = scenarios.text_hashes(), {file.stem: stamp(file) for file in files}
    return [
        name
        for name, own in stamps.items()
        # older files do not say what their text was
        if not settings.made(own) or own.get(TEXT, texts.get(name)) != texts.get(name)
    ]


@dg.asset(
    key=["published", "report"],
    group_name="publication",
    kinds={"html"},
    owners=OWNERS,
    tags={"domain": "publication"},
    deps=[dg.AssetKey(["published", "database"])],
)
def report(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """The report: one HTML page that opens offline, every number in it a query on the published database.

    Rendered from the current edition into its own folder, then made the current report.

    **Caveat:** a later run of the same month replaces it; reports of earlier months stay beside it.
    """
    path = editions.render()
    record = context.instance.get_run_record_by_id(context.run_id)
    if record and record.start_time:
        measured.write(context.run_id, time.time() - record.start_time, len(context.job_def.nodes))
    return dg.MaterializeResult(metadata={"path": dg.MetadataValue.path(str(path)), "bytes": path.stat().st_size})
