"""What each definition of a cyberattack covers of the incidents and losses on record: from core tables to counts.

Counts come from records, or from data/reference/definition_counts.csv where a machine has no vintage; both give the
same table. The rules are in `definition_files`, shares and kappa in models.definition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from models import definition as rules
from models.definition import Definition, Tally
from pipelines.vocabularies import THREAT_CLASSES

COUNTED = {"incidents": "incidents", "intensity": "levels of intensity", "loss": "USD bn, 2020 prices"}
"""Ways of counting, with their units."""
COUNTS = {
    "definition": pl.String,
    "threat_class": pl.String,
    "counted": pl.String,
    "rule": pl.String,
    "n": pl.Int64,
    "effective": pl.Float64,
    "covered": pl.Float64,
    "total": pl.Float64,
    "unit": pl.String,
}
"""Columns of counts: one row a definition, a class and a way of counting."""
TABLE = {
    "definition": pl.String,
    "threat_class": pl.String,
    "counted": pl.String,
    "n": pl.Int32,
    "effective": pl.Float64,
    "covered": pl.Float64,
    "total": pl.Float64,
    "share": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "role": pl.String,
    "coverage_mean": pl.Float64,
    "coverage_from": pl.String,
    "unit": pl.String,
}
"""Columns of `table`."""
KEY = ("definition", "threat_class", "counted")
USD_BN = 1e9


def count(incidents: pl.DataFrame, losses: pl.DataFrame, definitions: Sequence[Definition]) -> pl.DataFrame:
    """Counts by definition, class and way of counting, columns of `COUNTS`.

    Parameters
    ----------
    incidents : core.incidents; each counts once, by its level of intensity where a tracker codes one
    losses : core.losses; amounts tied to an incident, at prices of 2020. Where trackers give several for one incident
        the largest counts: the same loss told twice is not two losses
    """
    amounts = (
        losses.drop_nulls(["incident_id", "loss_usd_2020"])
        .group_by("incident_id")
        .agg(loss=pl.col("loss_usd_2020").max() / USD_BN)
    )
    weighted = incidents.join(amounts, on="incident_id", how="left", maintain_order="left").select(
        "threat_class", incidents=pl.lit(1.0), intensity=pl.col("intensity").cast(pl.Float64), loss="loss"
    )
    rows = []
    for definition in definitions:
        both = weighted.with_columns(covered=rules.covered(incidents, definition))
        for threat_class in THREAT_CLASSES:
            mine = both.filter(pl.col("threat_class") == threat_class)
            for counted in COUNTED:
                known = mine.drop_nulls(counted)
                found = rules.tally(known["covered"].to_numpy(), known[counted].to_numpy())
                rows.append(_row(definition, threat_class, counted, found))
    return pl.DataFrame(rows, schema=COUNTS)


def of_reference(shipped: pl.DataFrame, definitions: Sequence[Definition]) -> pl.DataFrame:
    """The same columns from the rows of core.definition_counts.

    Rows of a rule that the definition no longer has are no counts of it: they are zero, as for a definition that was
    not counted.
    """
    keys = [*KEY, "rule"]
    blank = pl.DataFrame(
        [
            _row(definition, threat_class, counted, Tally())
            for definition in definitions
            for threat_class in THREAT_CLASSES
            for counted in COUNTED
        ],
        schema=COUNTS,
    )
    numbers = ["n", "effective", "covered", "total"]
    return (
        blank.drop(numbers)
        .join(shipped.select(*keys, *numbers), on=keys, how="left", maintain_order="left")
        .with_columns(pl.col(numbers).fill_null(0))
        .select(pl.col(name).cast(kind) for name, kind in COUNTS.items())
    )


def table(counts: pl.DataFrame, definitions: Sequence[Definition]) -> pl.DataFrame:
    """model.definition_coverage but for `basis`: counts with shares, intervals at 90 % and what kappa rests on.

    A share from under 30 records is null. Where the text alone decides (all of a class, or none) the interval is the
    share: there is nothing to sample.
    """
    rows = []
    for definition in definitions:
        for threat_class, treatment in definition.classes.items():
            law = rules.coverage_law(treatment, tally_of(counts, definition.name, threat_class, "loss"))
            for counted, unit in COUNTED.items():
                found = tally_of(counts, definition.name, threat_class, counted)
                lower, upper = (found.share, found.share) if treatment.certain else found.interval
                rows.append(
                    {
                        "definition": definition.name,
                        "threat_class": threat_class,
                        "counted": counted,
                        "n": found.n,
                        "effective": found.effective,
                        "covered": found.covered,
                        "total": found.total,
                        "share": found.share,
                        "lower": lower,
                        "upper": upper,
                        "role": treatment.role,
                        "coverage_mean": law.mean,
                        "coverage_from": law.basis,
                        "unit": unit,
                    }
                )
    return pl.DataFrame(rows, schema=TABLE)


def coverage_law(
    definition: Definition, threat_class: str, counts: pl.DataFrame
) -> tuple[str, Mapping[str, float], str]:
    """kappa of a class: its distribution, the arguments, and records or judgement (models.definition.coverage_law)."""
    law = rules.coverage_law(definition.classes[threat_class], tally_of(counts, definition.name, threat_class, "loss"))
    return law.distribution, law.arguments, law.basis


def tally_of(counts: pl.DataFrame, definition: str, threat_class: str, counted: str) -> Tally:
    """The tally of one row of counts; ValueError where there is not exactly one."""
    found = counts.filter(definition=definition, threat_class=threat_class, counted=counted)
    if found.height != 1:
        raise ValueError(f"{found.height} counts of {counted} for {definition}, {threat_class}; expected 1")
    return Tally(*found.select("n", "effective", "covered", "total").row(0))


def vintage(records: pl.DataFrame) -> str:
    """The editions of the trackers behind incidents, as one text, from core.incident_records."""
    editions = records.select("source_id", "vintage").unique().sort("source_id")
    return " ".join(f"{source}:{label}" for source, label in editions.iter_rows())


def _row(definition: Definition, threat_class: str, counted: str, found: Tally) -> dict[str, object]:
    """A row of counts; sums of floats are rounded to a dollar, so that the same records give the same bytes."""
    return {
        "definition": definition.name,
        "threat_class": threat_class,
        "counted": counted,
        "rule": definition.classes[threat_class].rule,
        "n": found.n,
        "effective": round(found.effective, 9),
        "covered": round(found.covered, 9),
        "total": round(found.total, 9),
        "unit": COUNTED[counted],
    }
