"""Assets of the groups sources and core: reference figures in one vocabulary, who attacks whom, sources, priors.

Each is a table of the published database under the same name. What is computed from them is in `model`.
"""

import json
from collections.abc import Iterator

import dagster as dg
import polars as pl

from pipelines import manifest, priors, reference, store
from pipelines.assets.describe import Numbers, about, explained, one, out, result
from pipelines.schemas.core import REFERENCE_CORE
from pipelines.schemas.meta import META
from pipelines.schemas.tables import conform

PARTIES = (pl.col("treaty") == "CETS185") & pl.col("ratified_on").is_not_null()

HEADLINES: dict[str, Numbers] = {
    "economies": lambda t: {"economies": t.height},
    "gdp": lambda t: {"world GDP 2020 (USD bn)": one(t, "gdp_usd_bn_current", iso3="WLD", year=2020)},
    "estimates": lambda t: {"estimates": t.height, "in the pooled fit": int(t["used"].sum())},
    "treaty_status": lambda t: {"parties to the Budapest Convention": t.filter(PARTIES).height},
    "incident_counts": lambda t: {"incidents": float(t["incidents"].sum())},
    "blocs": lambda t: {"blocs": t["bloc"].n_unique()},
}


SOURCES_TEXT = "Counts are rows of reference tables resting on the source."


@dg.multi_asset(
    outs={
        **{name: out(schema, is_required=False, group_name="core") for name, schema in REFERENCE_CORE.items()},
        "sources": out(META["sources"], SOURCES_TEXT, is_required=False, group_name="sources"),
    },
    can_subset=True,
)
def reference_tables(context: dg.AssetExecutionContext) -> Iterator[dg.Output[pl.DataFrame]]:
    """Published figures that ship with the project, checked row by row and against each other."""
    with explained():
        frames = reference.load_all(store.DATA / "reference")
    if "sources" in context.selected_output_names:
        frame = conform(source_rows(frames, manifest.input_hashes()), META["sources"])
        yield dg.Output(frame, output_name="sources", metadata=result(frame, {"sources": frame.height}))
    frames["gdp"] = at_prices_of_2020(frames["gdp"], frames["us_cpi"])
    for name, schema in REFERENCE_CORE.items():
        if name in context.selected_output_names:
            frame = frames[name].select(list(schema.columns))
            unverified = int((~frame["verified"]).sum())
            numbers = {**HEADLINES.get(name, lambda _: {})(frame), "unverified rows": unverified}
            yield dg.Output(frame, output_name=name, metadata=result(frame, numbers))


def at_prices_of_2020(gdp: pl.DataFrame, us_cpi: pl.DataFrame) -> pl.DataFrame:
    """GDP with a column at 2020 prices: current USD deflated by US consumer prices; null where a year is incomplete."""
    index = us_cpi.filter(pl.col("months") == 12).select("year", "index")
    base = one(index, "index", year=2020)
    joined = gdp.join(index, on="year", how="left", maintain_order="left")
    return joined.with_columns(gdp_usd_bn_2020=pl.col("gdp_usd_bn_current") * base / pl.col("index")).drop("index")


def source_rows(frames: dict[str, pl.DataFrame], hashes: dict[str, str]) -> pl.DataFrame:
    """meta.sources: each source with the reference rows that rest on it and the hash of their files."""
    used = {name: frame["source"] for name, frame in frames.items() if "source" in frame.columns}
    rows = []
    for source in frames["sources"].iter_rows(named=True):
        counts = {name: int((keys == source["source_id"]).sum()) for name, keys in used.items()}
        files = [f"reference/{name}.csv" for name, count in counts.items() if count]
        total = sum(counts.values())
        rows.append(
            {key: value for key, value in source.items() if key in META["sources"].columns}
            | {"sha256": manifest.combined(hashes, files) if files else None, "rows_in": total, "rows_kept": total}
            | {"rows_rejected": 0, "rows_merged": 0}
        )
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
        for p in register.priors
    ]
    frame = conform(pl.DataFrame(rows), META["priors"])
    kinds = {f"{kind} inputs": int((frame["kind"] == kind).sum()) for kind in ("estimated", "published", "judgement")}
    return dg.Output(frame, metadata=result(frame, kinds))
