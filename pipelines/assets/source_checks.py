"""Checks on what comes in from outside: how old a vintage is, whether a source changed its columns, what types sum to.

Each message says what to do. Rows are checked one by one in `ingest`; what the models say, in `checks`.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime

import dagster as dg
import polars as pl

from pipelines import cards, store, vintages
from pipelines.assets.describe import key, markdown
from pipelines.cards import Card
from pipelines.manifest import vintage_day
from pipelines.schemas import staging
from pipelines.schemas.meta import META
from pipelines.vintages import Vintage

FRESH, SAME_COLUMNS = "vintage_is_fresh", "columns_as_before"
LONGEST = {"daily": 60, "monthly": 75, "yearly": 550, "irregular": 1100}
"""Days after which a vintage is old, by the card's cadence; a frozen source is never old."""
ALIKE = 0.6
"""Likeness of two names from which a column that went and one that came are told as renamed."""
TYPES_CHECK = dg.AssetCheckSpec(
    "no_type_exceeds_the_total",
    asset=key(staging.all_tables()["ic3_type_losses"]),
    description="No type of crime is above its year's total. Types overlap, so their sum may exceed it.",
)
SOURCES_CHECK = dg.AssetCheckSpec(
    "vintages_are_fresh",
    asset=key(META["sources"]),
    description="No source is older than its publisher's rhythm allows; without vintages, from when the figures are.",
)


def specs(source_id: str) -> list[dg.AssetCheckSpec]:
    """The checks on the page of a source's first table."""
    table = key(staging.all_tables()[cards.load(source_id).tables[0]])
    rhythm = cards.load(source_id).cadence
    return [
        dg.AssetCheckSpec(
            FRESH, asset=table, description=f"The vintage is as new as a source with rhythm {rhythm} is."
        ),
        dg.AssetCheckSpec(
            SAME_COLUMNS, asset=table, description="The source's files have the columns of the vintage before."
        ),
    ]


def run_checks(card: Card, vintage: Vintage | None, day: date | None) -> Iterator[dg.AssetCheckResult]:
    """The results of `specs` of one source on a day, by default today."""
    age, remedy = age_of(card, vintage, day)
    yield _result(card, FRESH, remedy is None, {"age, days": age} if age is not None else {}, remedy or _none(vintage))
    changes = column_changes(card, vintage)
    yield _result(
        card,
        SAME_COLUMNS,
        not changes,
        {"columns changed": len(changes)},
        f"{'; '.join(changes)}: read pipelines/sources/{card.source_id}.py beside the new file before relying on it"
        if changes
        else None,
    )


def age_of(card: Card, vintage: Vintage | None, day: date | None = None) -> tuple[int | None, str | None]:
    """Days since the vintage's day, and what to do where that is too many; None for what does not apply."""
    if vintage is None:
        return None, None
    age = ((day or datetime.now(UTC).date()) - vintage.as_of).days
    if age <= LONGEST.get(card.cadence, age):
        return age, None
    how = f"cyberaccord refresh {card.source_id}"
    if card.by_hand:
        how = f"by hand: {' '.join(card.by_hand.split())}"
    return age, f"{card.source_id}: {vintage.label} is {age} days old and the source is {card.cadence}: {how}"


def ages(day: date | None = None) -> dg.AssetCheckResult:
    """The result of `SOURCES_CHECK`: every source with its age, or from when the figures are that ship in its stead."""
    rows, old = [], []
    for card in cards.load_all().values():
        vintage = vintages.standing(card.source_id, day)
        age, remedy = age_of(card, vintage, day)
        label = vintage.label if vintage else f"ships, {card.reference_vintage}" if card.reference_vintage else "none"
        rows.append({"source": card.source_id, "cadence": card.cadence, "vintage": label, "days": age})
        old += [remedy] if remedy else []
    here = sum(row["days"] is not None for row in rows)
    told = f"{len(old)} of {here} vintages are old. " + "; ".join(old[:3]) + " ..." * (len(old) > 3) if old else None
    if not here:
        labels = [each.reference_vintage or "" for each in cards.load_all().values()]
        days = sorted(found for label in labels if (found := vintage_day(label)))
        told = f"no vintage on this machine: figures that ship stand in, from {days[0]} to {days[-1]}; make refresh"
    return dg.AssetCheckResult(
        passed=not old,
        asset_key=SOURCES_CHECK.asset_key,
        check_name=SOURCES_CHECK.name,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"vintages": here, "old": len(old), "sources": dg.MetadataValue.md(markdown(pl.DataFrame(rows), 30))},
        description=told,
    )


def column_changes(card: Card, vintage: Vintage | None) -> list[str]:
    """What a source changed in its columns since the vintage before, or why its newest vintage was refused."""
    if vintage is None:
        return []
    refused = [f"the newest was refused: {told}"] if (told := _refused(card.source_id)) else []
    earlier = [each for each in vintages.kept(card.source_id) if each.columns]
    places = [place for place, each in enumerate(earlier) if each.label == vintage.label]
    if not places or not places[0]:
        return refused  # nothing to compare with
    before, now = earlier[places[0] - 1], earlier[places[0]]
    found = []
    for file in now.columns:
        if before.columns.get(file):
            words = compared(before.columns[file], now.columns[file])
            found += [f"{file} since {before.label}: {', '.join(words)}"] if words else []
    return refused + found


def compared(before: Sequence[str], now: Sequence[str]) -> list[str]:
    """Columns that were renamed, are missing or are new, in words."""
    gone, new = [c for c in before if c not in now], [c for c in now if c not in before]
    plain = {"".join(filter(str.isalnum, column)).lower(): column for column in new}
    words = []
    for column in list(gone):
        own = "".join(filter(str.isalnum, column)).lower()
        if near := difflib.get_close_matches(own, plain, n=1, cutoff=ALIKE):
            renamed = plain.pop(near[0])
            words.append(f"{column} renamed {renamed}")
            gone.remove(column)
            new.remove(renamed)
    return [*words, *(f"{column} missing" for column in gone), *(f"{column} new" for column in new)]


def no_type_exceeds_the_total(losses: pl.DataFrame, totals: pl.DataFrame) -> dg.AssetCheckResult:
    """The result of `TYPES_CHECK` on the tables of the Internet Crime Complaint Center."""
    both = losses.join(totals.select("year", total="loss_usd"), on="year")
    above = both.filter(pl.col("loss_usd") > pl.col("total")).select("year", "printed").rows()
    sums = both.group_by("year").agg(ratio=pl.col("loss_usd").sum() / pl.col("total").first())
    named = ", ".join(f"{printed} in {year}" for year, printed in above)
    return dg.AssetCheckResult(
        passed=not above,
        asset_key=TYPES_CHECK.asset_key,
        check_name=TYPES_CHECK.name,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "years": sums.height,
            "largest sum of types over the total": dg.MetadataValue.float(float(sums["ratio"].max() or 0.0)),  # type: ignore[arg-type]
        },
        description=f"{named}: above the year's total; read both in the report, mend the table" if above else None,
    )


def _refused(source_id: str) -> str | None:
    """Why the last refresh refused a source's file, as `cyberaccord status` tells it."""
    try:
        last = json.loads((store.home() / "refresh.json").read_text(encoding="utf-8"))
        rows = [row for row in last["outcomes"] if row["source_id"] == source_id and row["result"] == "refused"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return str(rows[0]["told"]) if rows else None


def _none(vintage: Vintage | None) -> str | None:
    return None if vintage else "no vintage on this machine: figures that ship stand in; make refresh"


def _result(card: Card, name: str, passed: bool, numbers: Mapping[str, int], told: str | None) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=passed,
        asset_key=key(staging.all_tables()[card.tables[0]]),
        check_name=name,
        severity=dg.AssetCheckSeverity.WARN,
        metadata=dict(numbers),
        description=told,
    )
