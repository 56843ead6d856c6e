"""Assets of the groups sources and core: reference figures in one vocabulary, who attacks whom, sources, priors.

Each is a table of the published database under the same name. What is computed from them is in `model`.
"""

import json
from collections.abc import Iterator

import dagster as dg
import polars as pl

from pipelines import manifest, priors, reference, store, vocabulary
from pipelines.assets import source_checks
from pipelines.assets.checks import (
    GDP_CHECK,
    IC3_CHECK,
    economies_reach_world_gdp,
    totals_agree_with_the_ledger,
)
from pipelines.assets.describe import Numbers, about, explained, key, one, out, result
from pipelines.assets.staging import STAGING, TRACKER_TABLES, read_staging, source_tables, tracker_records
from pipelines.assets.study import RECORDS as ON_HAND
from pipelines.assets.study import SHIPPED
from pipelines.incidents import counts, merge, tallies
from pipelines.indicators import INDICATORS, renewed
from pipelines.parquet import ParquetIOManager
from pipelines.schemas.core import REFERENCE_CORE
from pipelines.schemas.incidents import INCIDENTS, RECORDS
from pipelines.schemas.meta import META
from pipelines.schemas.tables import conform
from pipelines.settings import RunSettings
from pipelines.vocabulary import Vocabulary

PARTIES = (pl.col("treaty") == "CETS185") & pl.col("ratified_on").is_not_null()

HEADLINES: dict[str, Numbers] = {
    "economies": lambda t: {"economies": t.height},
    "gdp": lambda t: {"world GDP 2020 (USD bn)": one(t, "gdp_usd_bn_current", iso3="WLD", year=2020)},
    "estimates": lambda t: {"estimates": t.height, "in the pooled fit": int(t["used"].sum())},
    "treaty_status": lambda t: {"parties to the Budapest Convention": t.filter(PARTIES).height},
    "incident_counts": lambda t: {"incidents": float(t["incidents"].sum())},
    "incident_types": lambda t: {"incidents of all trackers": int(t.filter(tracker=tallies.ALL)["incidents"].sum())},
    "blocs": lambda t: {"blocs": t["bloc"].n_unique()},
}


SOURCES_TEXT = (
    "Counts are rows of the vintage on this machine; without one, rows of reference tables resting on the source."
)


RESTS_ON = {
    **{each.table: {key(STAGING[name]) for name in each.needs} for each in INDICATORS},
    "incident_counts": {*TRACKER_TABLES, key(RECORDS)},
    "incidents_per_quarter": {*TRACKER_TABLES, key(META["source_tables"])},
    "incident_types": {*TRACKER_TABLES, key(INCIDENTS)},
    "sources": {key(META["source_tables"])},
}
"""Vintages that renew a reference table, by their staging tables."""


@dg.multi_asset(
    outs={
        **{name: out(schema, is_required=False, group_name="core") for name, schema in REFERENCE_CORE.items()},
        "sources": out(META["sources"], SOURCES_TEXT, is_required=False, group_name="sources"),
    },
    deps=sorted({dep for deps in RESTS_ON.values() for dep in deps}),
    internal_asset_deps={name: RESTS_ON.get(name, set()) for name in (*REFERENCE_CORE, "sources")},
    can_subset=True,
    check_specs=[GDP_CHECK, IC3_CHECK, source_checks.SOURCES_CHECK],
)
def reference_tables(
    context: dg.AssetExecutionContext, settings: RunSettings, tables: dg.ResourceParam[ParquetIOManager]
) -> Iterator[dg.Output[pl.DataFrame] | dg.AssetCheckResult]:
    """Published figures that ship with the project, renewed from vintages on this machine that reach far enough."""
    with explained():
        frames = dict(reference.load_all(store.DATA / "reference"))
        words = vocabulary.load()
    by_table = source_tables(tables)
    reasons = renew(frames, tables, words)
    count_again(frames, tables, words, by_table)
    if "sources" in context.selected_output_names:
        hashes = manifest.input_hashes() | manifest.vintage_hashes(settings.day)
        frame = conform(source_rows(frames, hashes, by_table, reasons), META["sources"])
        yield dg.Output(frame, output_name="sources", metadata=result(frame, {"sources": frame.height}))
        yield source_checks.ages(settings.day)
    frames["gdp"] = at_prices_of_2020(frames["gdp"], frames["us_cpi"])
    for name, schema in REFERENCE_CORE.items():
        if name in context.selected_output_names:
            frame = frames[name].select(list(schema.columns))
            unverified = int((~frame["verified"]).sum())
            numbers = {**HEADLINES.get(name, lambda _: {})(frame), "unverified rows": unverified}
            yield dg.Output(frame, output_name=name, metadata=result(frame, numbers))
            if name == "gdp":
                yield economies_reach_world_gdp(frame)
            if name == "ic3_totals":
                yield totals_agree_with_the_ledger(frame, frames["estimates"])


def at_prices_of_2020(gdp: pl.DataFrame, us_cpi: pl.DataFrame) -> pl.DataFrame:
    """GDP with a column at 2020 prices: current USD deflated by US consumer prices; null where a year is incomplete."""
    index = us_cpi.filter(pl.col("months") == 12).select("year", "index")
    base = one(index, "index", year=2020)
    joined = gdp.join(index, on="year", how="left", maintain_order="left")
    return joined.with_columns(gdp_usd_bn_2020=pl.col("gdp_usd_bn_current") * base / pl.col("index")).drop("index")


def renew(frames: dict[str, pl.DataFrame], tables: ParquetIOManager, words: Vocabulary) -> dict[str, str]:
    """Replace in `frames` what vintages renew; return by source why a vintage on this machine does not."""
    reasons = {}
    for each in INDICATORS:
        staged = {name: read_staging(tables, name) for name in each.needs}
        if all(frame.height for frame in staged.values()):
            frames[each.table], reason = renewed(each, frames[each.table], staged, words)
            if reason:
                reasons[each.source_id] = reason
    records = merge.attacks(tracker_records(tables, words))
    found = counts.of_trackers(records)
    if found.height:
        union = counts.of_union(records, tables.read("core.incident_records").select("record_id", "incident_id"))
        both = pl.concat([found, union]).with_columns(source=counts.source(), verified=pl.lit(True))
        shipped = frames["incident_counts"]
        others = shipped.filter(~pl.col("tracker").is_in(both["tracker"].unique().to_list()))
        typed = both.select(pl.col(name).cast(kind) for name, kind in shipped.schema.items())
        frames["incident_counts"] = pl.concat([typed, others])
    return reasons


def count_again(
    frames: dict[str, pl.DataFrame], tables: ParquetIOManager, words: Vocabulary, by_table: pl.DataFrame
) -> None:
    """Replace in `frames` the tallies of trackers with a vintage on this machine; `basis` says which rows these are."""
    records = merge.attacks(tracker_records(tables, words))
    until = dict(by_table.drop_nulls("as_of").select("source_id", "as_of").iter_rows())
    found = {
        "incidents_per_quarter": tallies.quarters(records, until),
        "incident_types": tallies.types(records, tables.read("core.incidents")),
    }
    for name, counted in found.items():
        shipped = frames[name]
        counted = counted.with_columns(source=tallies.source(), verified=pl.lit(True))
        typed = counted.select(pl.col(column).cast(kind) for column, kind in shipped.schema.items())
        others = shipped.filter(~pl.col("tracker").is_in(counted["tracker"].unique().to_list()))
        both = (typed.with_columns(basis=pl.lit(ON_HAND)), others.with_columns(basis=pl.lit(SHIPPED)))
        frames[name] = pl.concat(both)


def source_rows(
    frames: dict[str, pl.DataFrame], hashes: dict[str, str], by_table: pl.DataFrame, reasons: dict[str, str]
) -> pl.DataFrame:
    """meta.sources: each source with the vintage on this machine, or with the reference rows that rest on it."""
    used = {name: frame["source"] for name, frame in frames.items() if "source" in frame.columns}
    staged = {
        row["source_id"]: row
        for row in by_table.drop_nulls("vintage")
        .group_by("source_id")
        .agg(pl.col("vintage").first(), pl.col("^rows_.*$").sum())
        .iter_rows(named=True)
    }
    rows = []
    for source in frames["sources"].iter_rows(named=True):
        name = source["source_id"]
        row = {key: value for key, value in source.items() if key in META["sources"].columns}
        if name in staged:
            mine = staged[name]
            basis = "reference" if name in reasons else "records"
            row |= {
                "basis": basis,
                "basis_note": reasons.get(name),
                "sha256": hashes[f"vintages/{name}/{mine['vintage']}"],
            }
            rows.append(row | mine)
            continue
        rests = {table: int((keys == name).sum()) for table, keys in used.items()}
        files = [f"reference/{table}.csv" for table, count in rests.items() if count]
        total = sum(rests.values())
        row |= {"basis": "reference" if total else "none", "basis_note": None}
        row |= {"sha256": manifest.combined(hashes, files) if files else None, "rows_in": total, "rows_kept": total}
        rows.append(row | {"rows_rejected": 0, "rows_merged": 0})
    return pl.DataFrame(rows, infer_schema_length=None)


@dg.asset(
    **about(META["priors"], "Every run draws all of them together, by the same scrambled Sobol' sequences."),
    group_name="sources",
)
def uncertain_inputs() -> dg.Output[pl.DataFrame]:
    """Every uncertain number as a distribution, with its unit, its sources and why it has this shape."""
    with explained():
        register = priors.load()
    rows = [
        {
            "prior_id": p.prior_id,
            "distribution": p.distribution,
            "arguments": json.dumps(dict(p.arguments), sort_keys=True),
            "unit": p.unit,
            "kind": p.kind,
            "source": p.source,
            "verified": p.verified,
            "rationale": p.rationale,
        }
        for p in (*register.priors, *register.undrawn)
    ]
    frame = conform(pl.DataFrame(rows), META["priors"])
    kinds = {f"{kind} inputs": int((frame["kind"] == kind).sum()) for kind in ("estimated", "published", "judgement")}
    return dg.Output(frame, metadata=result(frame, kinds))
