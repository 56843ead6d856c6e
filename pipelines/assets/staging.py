"""Assets of the groups sources and core that rest on vintages: staging tables, incidents, losses.

Nothing here fetches: `cyberaccord refresh` does. Without vintages the tables are there and empty, and the figures of
data/reference stand in their place.
"""

from collections.abc import Iterator

import dagster as dg
import pandera.polars as pa
import polars as pl

from pipelines import cards, ingest, losses, staged, vintages, vocabulary
from pipelines.assets import source_checks
from pipelines.assets.describe import explained, key, out, result
from pipelines.incidents import matching, merge
from pipelines.ingest import Staged, Table
from pipelines.parquet import ParquetIOManager
from pipelines.schemas import staging
from pipelines.schemas.core import REFERENCE_CORE
from pipelines.schemas.incidents import INCIDENTS, LOSSES, PARTIES, RECORDS
from pipelines.schemas.meta import META
from pipelines.schemas.tables import conform
from pipelines.settings import RunSettings

STAGING = staging.all_tables()
STAGING_TEXT = "The source's own labels; rows that break a rule are in meta.rejects. Empty until `make refresh`."
ACCOUNTED = "every_row_accounted_for"


def first_table(source_id: str) -> str:
    """The staging table on whose page a source's checks are shown."""
    return cards.load(source_id).tables[0]


def keys_of_vintages() -> set[dg.AssetKey]:
    """The assets that have nothing to do while no vintage is on the machine."""
    return {*(key(schema) for schema in STAGING.values()), key(META["source_tables"])}


@dg.multi_asset(
    outs={
        **{name: out(schema, STAGING_TEXT, group_name="sources") for name, schema in STAGING.items()},
        "source_tables": out(META["source_tables"], group_name="sources"),
    },
    internal_asset_deps={
        **{name: set() for name in STAGING},
        "source_tables": {key(schema) for schema in STAGING.values()},
    },
    check_specs=[
        dg.AssetCheckSpec(
            ACCOUNTED,
            asset=key(STAGING[first_table(source_id)]),
            description=f"Every row of {source_id} was kept, rejected or merged: rows in = kept + rejected + merged.",
        )
        for source_id in staging.source_ids()
    ]
    + [spec for source_id in staging.source_ids() for spec in source_checks.specs(source_id)]
    + [source_checks.TYPES_CHECK],
)
def staging_tables(settings: RunSettings) -> Iterator[dg.Output[pl.DataFrame] | dg.AssetCheckResult]:
    """The rows of every public source whose vintage is on this machine, checked row by row, in the source's labels."""
    counts = []
    with explained():
        for source in _on_hand(settings):
            empty = staged.empty(source.card)
            for name in source.card.tables:
                table = source.staged.tables[name] if source.staged else Table(empty[name], 0, 0, 0)
                row = {
                    "source_id": source.card.source_id,
                    "table_name": name,
                    "vintage": source.vintage.label if source.vintage else None,
                    "as_of": source.vintage.as_of if source.vintage else None,
                    "rows_in": table.rows_in,
                    "rows_kept": table.kept.height,
                    "rows_rejected": table.rows_rejected,
                    "rows_merged": table.rows_merged,
                }
                counts.append(row)
                numbers = {word: row[f"rows_{word}"] for word in ("in", "kept", "rejected", "merged")}
                label = row["vintage"] or "none on this machine"
                yield dg.Output(table.kept, output_name=name, metadata=result(table.kept, numbers, vintage=label))
            yield accounted(source.card.source_id, source.staged)
            yield from source_checks.run_checks(source.card, source.vintage, settings.day)
            if source.card.source_id == "ic3":
                types = source.staged.tables if source.staged else {k: Table(v, 0, 0, 0) for k, v in empty.items()}
                yield source_checks.no_type_exceeds_the_total(types["ic3_type_losses"].kept, types["ic3_totals"].kept)
    frame = conform(pl.DataFrame(counts, infer_schema_length=None), META["source_tables"])
    sums = {word: int(frame[f"rows_{word}"].sum()) for word in ("in", "kept", "rejected", "merged")}
    yield dg.Output(frame, output_name="source_tables", metadata=result(frame, sums))


def accounted(source_id: str, found: Staged | None) -> dg.AssetCheckResult:
    """Whether no row of a source was lost on the way, and every rejected one has its rule."""
    tables = found.tables.items() if found else ()
    lost = {name: table.rows_in - table.kept.height - table.rows_rejected - table.rows_merged for name, table in tables}
    told = (
        {n: g.height for (n,), g in found.rejects.unique(["table_name", "row_number"]).group_by("table_name")}
        if found
        else {}
    )
    wrong = [name for name, rows in lost.items() if rows]
    # a wide file gives several rows of one line, so rejects may name fewer lines than rows
    silent = [name for name, table in tables if table.rows_rejected and not told.get(name)]
    remedy = f"{', '.join(wrong + silent)}: rows went missing in ingest; do not publish, report it with the vintage"
    return dg.AssetCheckResult(
        passed=not wrong and not silent,
        asset_key=key(STAGING[first_table(source_id)]),
        check_name=ACCOUNTED,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={"rows in": sum(table.rows_in for _, table in tables), "rows lost": sum(map(abs, lost.values()))},
        description=remedy if wrong or silent else None,
    )


def read_staging(tables: ParquetIOManager, name: str) -> pl.DataFrame:
    """A staging table as materialized; without rows where no vintage was ever on the machine."""
    return _read(tables, STAGING[name])


def source_tables(tables: ParquetIOManager) -> pl.DataFrame:
    """meta.source_tables, likewise."""
    return _read(tables, META["source_tables"])


def _read(tables: ParquetIOManager, schema: pa.DataFrameSchema) -> pl.DataFrame:
    try:
        return tables.read(str(schema.name))
    except FileNotFoundError:
        return pl.DataFrame(schema={column: built.dtype.type for column, built in schema.columns.items()})


TRACKER_TABLES = [key(STAGING[f"{tracker}_incidents"]) for tracker in matching.TRACKERS]
INCIDENTS_TEXT = (
    "Records of EuRepoC, CFR, DCID and VCDB that are the same incident are one row: blocks, a score in named parts, "
    "clusters (pipelines/incidents/matching.py); pairs compared by a person are in core.record_links."
)


@dg.multi_asset(
    outs={
        "incidents": out(INCIDENTS, INCIDENTS_TEXT, group_name="core"),
        "incident_parties": out(PARTIES, group_name="core"),
        "incident_records": out(RECORDS, group_name="core"),
    },
    deps=TRACKER_TABLES,
)
def incidents(tables: dg.ResourceParam[ParquetIOManager]) -> Iterator[dg.Output[pl.DataFrame]]:
    """Cyber incidents of the public trackers, each once, with who did it, who was hit and the rows behind it."""
    with explained():
        words = vocabulary.load()
    records = tracker_records(tables, words)
    attacks = merge.attacks(records)
    found = merge.merge(attacks, words.links)
    by_class = dict(found.incidents["threat_class"].value_counts(sort=True).iter_rows())
    numbers = {"records": records.height, "records that are no attack": records.height - attacks.height, **by_class}
    yield dg.Output(found.incidents, output_name="incidents", metadata=result(found.incidents, numbers))
    yield dg.Output(found.parties, output_name="incident_parties", metadata=result(found.parties))
    yield dg.Output(found.records, output_name="incident_records", metadata=result(found.records))


def tracker_records(tables: ParquetIOManager, words: vocabulary.Vocabulary) -> pl.DataFrame:
    """The records of every tracker with a vintage, from its staging table."""
    frames = {f"{tracker}_incidents": read_staging(tables, f"{tracker}_incidents") for tracker in matching.TRACKERS}
    return merge.tracker_records(frames, words)


AMOUNTS = ("ransomwhere_payments", "ransomwhere_btc_usd", "defillama_hacks", "vcdb_amounts", "vcdb_incidents")
AMOUNT_TABLES = (*AMOUNTS, "eurepoc_incidents")
LOSSES_TEXT = (
    "Amounts are what was disclosed or seen on a blockchain, so they are no sample of all losses. Other currencies at "
    "yearly rates and coins at the day's close are marked as not observed."
)


@dg.multi_asset(
    outs={
        "losses": out(LOSSES, LOSSES_TEXT, group_name="core"),
        "rejects": out(META["rejects"], "Values are the source's own text.", group_name="sources"),
    },
    deps=[
        *(key(STAGING[name]) for name in AMOUNT_TABLES),
        key(RECORDS),
        *(key(REFERENCE_CORE[name]) for name in ("exchange_rates", "us_cpi")),
    ],
    internal_asset_deps={
        "losses": {
            *(key(STAGING[name]) for name in AMOUNT_TABLES),
            key(RECORDS),
            *(key(REFERENCE_CORE[name]) for name in ("exchange_rates", "us_cpi")),
        },
        "rejects": {key(STAGING[name]) for name in AMOUNT_TABLES},
    },
)
def amounts(settings: RunSettings, tables: dg.ResourceParam[ParquetIOManager]) -> Iterator[dg.Output[pl.DataFrame]]:
    """Money lost, one row an amount, and every row of a source that a rule kept out."""
    found = losses.losses(
        {name: read_staging(tables, name) for name in AMOUNT_TABLES},
        *(tables.read(f"core.{name}") for name in ("incident_records", "exchange_rates", "us_cpi")),
    )
    numbers = {
        f"{source}, USD m of 2020": total / 1e6
        for source, total in found.kept.group_by("source_id", maintain_order=True)
        .agg(pl.col("loss_usd_2020").sum())
        .iter_rows()
    }
    yield dg.Output(found.kept, output_name="losses", metadata=result(found.kept, numbers))
    with explained():
        kept_out = [source.staged.rejects for source in _on_hand(settings) if source.staged]
    frame = conform(
        pl.concat([*kept_out, found.rejects]).sort("source_id", "table_name", "row_number"), META["rejects"]
    )
    by_rule = dict(frame["rule"].value_counts(sort=True).iter_rows())
    yield dg.Output(frame, output_name="rejects", metadata=result(frame, by_rule))


def _on_hand(settings: RunSettings) -> Iterator[staged.OnHand]:
    """What stands on the run's day; a vintage that cannot be read fails the step in one line."""
    try:
        yield from staged.on_hand(vocabulary.load(), settings.day)
    except (vintages.Damaged, ingest.Refused, ingest.SourceFormatError) as error:
        raise dg.Failure(description=str(error), allow_retries=False) from None
