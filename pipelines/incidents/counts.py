"""Who attacks whom, counted: records to fractional counts by threat class, origin and target.

The counting rule of model.md section 3 lives here; the class of a record is its tracker's business, shrinkage that of
`models`.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

import polars as pl

UNATTRIBUTED = "UNK"
COUNTED = {"eurepoc": ("state", "criminal", "other"), "vcdb": ("criminal",)}
"""Classes that a tracker is counted for. VCDB follows disclosed breaches, mostly in the United States: states and other
actors have trackers of their own. CFR and DCID hold only what is attributed to states, so they say nothing of the
unattributed share and are counted in the union alone."""
UNION = "all"
"""Every incident of EuRepoC, CFR and DCID once, class state: an alternative to EuRepoC alone."""
UNITED = ("eurepoc", "cfr", "dcid")
SCHEMA = {"threat_class": pl.String, "origin_iso3": pl.String, "target_iso3": pl.String, "incidents": pl.Float64}


def of_trackers(records: pl.DataFrame) -> pl.DataFrame:
    """Counts of each tracker alone: tracker, vintage and the columns of `count`."""
    frames = []
    for tracker, classes in COUNTED.items():
        mine = records.filter(pl.col("source_id") == tracker, pl.col("threat_class").is_in(classes))
        for (vintage,), part in mine.group_by("vintage"):
            frames.append(
                count(part).select(pl.lit(tracker).alias("tracker"), pl.all(), pl.lit(vintage).alias("vintage"))
            )
    return pl.concat(frames) if frames else _nothing()


def of_union(records: pl.DataFrame, incident_of: pl.DataFrame) -> pl.DataFrame:
    """Counts of class state over the incidents of all political trackers, each once; the same columns.

    Parameters
    ----------
    incident_of : record_id, incident_id
    """
    state = records.filter(pl.col("source_id").is_in(UNITED), pl.col("threat_class") == "state")
    if set(state["source_id"]) != set(UNITED):
        return _nothing()
    one = (
        state.join(incident_of, on="record_id", validate="1:1")
        .group_by("incident_id")
        .agg(
            pl.col("threat_class").first(),
            pl.col("initiators").explode().drop_nulls().unique().sort(),
            pl.col("targets").explode().drop_nulls().unique().sort(),
        )
    )
    editions = state.select("source_id", "vintage").unique().sort("source_id")
    vintage = " ".join(f"{source}:{label}" for source, label in editions.iter_rows())
    return count(one).select(pl.lit(UNION).alias("tracker"), pl.all(), pl.lit(vintage).alias("vintage"))


def count(records: pl.DataFrame) -> pl.DataFrame:
    """Records by class, origin and target; the unit is one (record, economy hit) of weight 1.

    The weight is split equally over the economies of origin; where there is none the whole weight is `UNK`. Regions,
    organizations and unknowns are no economies and so neither.

    Parameters
    ----------
    records : threat_class, initiators and targets (lists of ISO3, each once)

    Returns
    -------
    threat_class, origin_iso3, target_iso3, incidents (sorted; exact fractions summed before they become floats)
    """
    weights: dict[tuple[str, str, str], Fraction] = defaultdict(Fraction)
    for threat_class, initiators, targets in records.select("threat_class", "initiators", "targets").iter_rows():
        origins = initiators or [UNATTRIBUTED]
        for target in targets:
            for origin in origins:
                weights[threat_class, origin, target] += Fraction(1, len(origins))
    rows = [(*key, float(weight)) for key, weight in sorted(weights.items())]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").with_columns(pl.col("incidents").round(9))


def summary(counts: pl.DataFrame) -> pl.DataFrame:
    """By class: incidents, attributed incidents, share unattributed, the leading origin and its share of attributed."""
    attributed = counts.filter(pl.col("origin_iso3") != UNATTRIBUTED)
    leading = (
        attributed.group_by("threat_class", "origin_iso3")
        .agg(pl.col("incidents").sum())
        .sort("incidents", "origin_iso3", descending=[True, False])
        .group_by("threat_class", maintain_order=True)
        .agg(leading_origin=pl.col("origin_iso3").first(), leading_share=pl.col("incidents").first())
    )
    return (
        counts.group_by("threat_class")
        .agg(
            incidents=pl.col("incidents").sum(),
            attributed=pl.col("incidents").filter(pl.col("origin_iso3") != UNATTRIBUTED).sum(),
        )
        .join(leading, on="threat_class", how="left")
        .with_columns(
            share_unattributed=1 - pl.col("attributed") / pl.col("incidents"),
            leading_share=pl.col("leading_share") / pl.col("attributed"),
        )
        .sort("threat_class")
    )


def source() -> pl.Expr:
    """The source that a count names: its tracker, the first of them for the union."""
    return pl.when(pl.col("tracker") == UNION).then(pl.lit(UNITED[0])).otherwise("tracker")


def _nothing() -> pl.DataFrame:
    return pl.DataFrame(schema={"tracker": pl.String, **SCHEMA, "vintage": pl.String})
