"""Rules that one column cannot check: between columns, rows and tables of data/reference.

Each rule names the table it guards and the tables it needs, and raises an InputError for the first row that breaks it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.errors import InputError
from pipelines.vocabularies import VOCABULARIES

WORLD = "WLD"
UNATTRIBUTED = "UNK"
FIRST_ROW = 2
# Codes that stand for no economy, by table and column.
EXTRA_CODES = {
    ("gdp", "iso3"): [WORLD],
    ("estimates", "geography"): [WORLD],
    ("incident_counts", "origin_iso3"): [UNATTRIBUTED],
}
ISO3_COLUMNS = ["iso3", "geography", "origin_iso3", "target_iso3"]


@dataclass(frozen=True)
class Table:
    """A validated frame and the file name that messages show."""

    label: str
    frame: pl.DataFrame


class Tables(dict[str, Table]):
    """Tables by name."""

    def __init__(self, tables: dict[str, tuple[str, pl.DataFrame]]) -> None:
        super().__init__({name: Table(*pair) for name, pair in tables.items()})


@dataclass(frozen=True)
class Rule:
    """`check(tables, name)` raises for the first row of table `name` that breaks the rule; '*' guards every table."""

    table: str
    needs: Sequence[str]
    check: Callable[[Tables, str], None]


def refuse(table: Table, broken: pl.Series, column: str, rule: str, allowed: str) -> None:
    """Raise an InputError for the first row where `broken` is true."""
    rows = broken.fill_null(False).arg_true()
    if rows.len():
        row = int(rows[0])
        raise InputError(table.label, row + FIRST_ROW, column, rule, table.frame[column][row], allowed)


def known_source(tables: Tables, name: str) -> None:
    """Every row's source has a row in sources.csv."""
    if name == "sources":
        return
    table = tables[name]
    known = tables["sources"].frame["source_id"].implode()
    refuse(table, ~table.frame["source"].is_in(known), "source", "known_source", "a source_id of sources.csv")


def known_economy(tables: Tables, name: str) -> None:
    """Every code of an economy has a row in economies.csv."""
    table = tables[name]
    for column in ISO3_COLUMNS:
        if name in ("sources", "economies") or column not in table.frame.columns:
            continue
        extra = EXTRA_CODES.get((name, column), [])
        known = pl.concat([tables["economies"].frame["iso3"], pl.Series("iso3", extra, pl.String)]).implode()
        allowed = "an iso3 of economies.csv" + "".join(f", or {code}" for code in extra)
        refuse(table, ~table.frame[column].is_in(known), column, "known_economy", allowed)


def ordered(*columns: str) -> Callable[[Tables, str], None]:
    """Columns that may not decrease from left to right, where both are there."""

    def check(tables: Tables, name: str) -> None:
        table = tables[name]
        for i, left in enumerate(columns):
            for right in columns[i + 1 :]:
                broken = table.frame[left] > table.frame[right]
                refuse(table, broken, right, f"{left}_first", f"nothing below {left} of the same row")

    return check


def world_holds_its_economies(tables: Tables, name: str) -> None:
    """Economies sum to no more than the World of their year; with aggregates left in they are eight times it."""
    table = tables[name]
    world = table.frame.filter(pl.col("iso3") == WORLD).select("year", world="gdp_usd_bn_current")
    total = (
        table.frame.filter(pl.col("iso3") != WORLD)
        .group_by("year")
        .agg(total=pl.col("gdp_usd_bn_current").sum())
        .join(world, on="year")
        .filter(pl.col("total") > 1.02 * pl.col("world"))
        .sort("year")
    )
    if total.height:
        year, value, limit = total.row(0)
        allowed = f"no more than 1.02 times the World of {year}, {limit:g}"
        raise InputError(table.label, None, "gdp_usd_bn_current", "sum_of_economies", round(value, 1), allowed)


def loss_below_gdp(tables: Tables, name: str) -> None:
    """No end of an estimate is above the GDP of its geography; years that GDP lacks take the nearest year there is."""
    table = tables[name]
    gdp = tables["gdp"].frame.select(geography="iso3", year="year", gdp="gdp_usd_bn_current").sort("year")
    rows = table.frame.select("geography", "reference_year", "low_usd_bn", "central_usd_bn", "high_usd_bn")
    rows = rows.with_row_index("row").sort("reference_year")
    nearest = rows.join_asof(
        gdp, left_on="reference_year", right_on="year", by="geography", strategy="nearest", check_sortedness=False
    ).sort("row")
    for column in ("low_usd_bn", "central_usd_bn", "high_usd_bn"):
        broken = (nearest[column] > nearest["gdp"]).fill_null(False)
        if broken.any():
            limit = nearest["gdp"][int(broken.arg_true()[0])]
            refuse(table, broken, column, "loss_below_gdp", f"no more than the GDP of its geography, {limit:g} USD bn")


def region_below_gdp(tables: Tables, name: str) -> None:
    """No end of a region's loss is above its GDP."""
    table = tables[name]
    for column in ("low_usd_bn", "high_usd_bn"):
        broken = table.frame[column] > 1000 * table.frame["gdp_usd_tn"]
        refuse(table, broken, column, "loss_below_gdp", "no more than the GDP of the region")


def converted_as_printed(tables: Tables, name: str) -> None:
    """USD columns are the printed ones times the rate of the reference year, which exchange_rates.csv holds."""
    table = tables[name]
    rates = tables["exchange_rates"].frame.select("currency", reference_year="year", rate="usd_per_unit")
    frame = table.frame.join(rates, on=["currency", "reference_year"], how="left", maintain_order="left").with_columns(
        pl.when(pl.col("currency") == "USD").then(1.0).otherwise(pl.col("rate")).alias("rate")
    )
    broken = frame["rate"].is_null() | ((frame["usd_per_unit"] - frame["rate"]).abs() > 1e-9)
    refuse(table, broken, "usd_per_unit", "known_rate", "the rate of exchange_rates.csv for this currency and year")
    for column in ("low", "central", "high"):
        printed, converted = frame[column] * frame["usd_per_unit"], frame[f"{column}_usd_bn"]
        broken = ((printed - converted).abs() > 1e-3 * printed) | (printed.is_null() != converted.is_null())
        refuse(table, broken, f"{column}_usd_bn", "converted", f"{column} times usd_per_unit")


def usable_estimates(tables: Tables, name: str) -> None:
    """A used row has a figure, a GDP to divide by, and is the only one of its publisher."""
    table = tables[name]
    frame, used = table.frame, table.frame["used"]
    ends = frame["low_usd_bn"].is_not_null() & frame["high_usd_bn"].is_not_null()
    bare = used & frame["central_usd_bn"].is_null() & ~ends
    refuse(table, bare, "used", "has_figure", "false, or a central figure or both ends")
    years = tables["gdp"].frame.select(geography="iso3", reference_year="year", there=pl.lit(True))
    there = frame.join(years, on=["geography", "reference_year"], how="left", maintain_order="left")["there"].fill_null(
        False
    )
    refuse(table, used & ~there, "reference_year", "has_gdp", "a year for which gdp.csv has the geography")
    twice = frame.select(x=pl.col("used") & ~pl.struct("publisher", "used").is_first_distinct())["x"]
    refuse(table, twice, "publisher", "one_row_a_publisher", "one used row a publisher")


def one_figure(tables: Tables, name: str) -> None:
    """An amount or a share, never both or none."""
    table = tables[name]
    broken = table.frame["usd_bn"].is_null() == table.frame["share_of_gdp"].is_null()
    refuse(table, broken, "usd_bn", "one_figure", "an amount or a share of GDP, one of the two")


def dates_of_ratification(tables: Tables, name: str) -> None:
    """Both ends of the day of ratification or none; no entry into force without one."""
    table = tables[name]
    first, last = table.frame["ratified_from"], table.frame["ratified_on"]
    refuse(
        table,
        first.is_null() != last.is_null(),
        "ratified_from",
        "interval",
        "both ratified_from and ratified_on, or none",
    )
    broken = table.frame["in_force_on"].is_not_null() & last.is_null()
    refuse(table, broken, "in_force_on", "ratified_before_force", "empty where there is no ratification")


def loss_where_published(tables: Tables, name: str) -> None:
    """A loss is empty exactly where none was published."""
    table = tables[name]
    broken = table.frame["loss_usd"].is_null() != (table.frame["loss_precision"] == "not_published")
    refuse(table, broken, "loss_usd", "loss_published", "a loss, or empty with loss_precision not_published")


def economy_has_code(tables: Tables, name: str) -> None:
    """A label that names an economy has a code, any other has none."""
    table = tables[name]
    broken = table.frame["iso3"].is_null() == (table.frame["kind"] == "economy")
    refuse(table, broken, "iso3", "code_of_economy", "a code for kind economy, empty for any other")


def word_of_vocabulary(tables: Tables, name: str) -> None:
    """A code stands for a word of the vocabulary that its row names."""
    table = tables[name]
    for vocabulary, words in VOCABULARIES.items():
        broken = (table.frame["vocabulary"] == vocabulary) & ~table.frame["value"].is_in(words)
        refuse(table, broken, "value", "known_word", "one of " + ", ".join(words))


def first_of_a_quarter(tables: Tables, name: str) -> None:
    """A quarter is written as its first day."""
    table = tables[name]
    broken = table.frame["quarter"] != table.frame["quarter"].dt.truncate("1q")
    refuse(table, broken, "quarter", "first_of_a_quarter", "the first day of January, April, July or October")


def empty_where_not_estimable(tables: Tables, name: str) -> None:
    """A fit that failed has no number, and no number is missing from one that did not."""
    table = tables[name]
    failed = table.frame["status"].str.starts_with("not estimable")
    broken = table.frame["estimate"].is_null() != failed
    refuse(table, broken, "estimate", "estimated", "a number, or empty with a status that says why it is not estimable")
    refuse(table, failed & table.frame["se"].is_not_null(), "se", "estimated", "empty where nothing was estimated")


def known_event(tables: Tables, name: str) -> None:
    """A timeline belongs to an event of tail_events.csv."""
    table = tables[name]
    known = tables["tail_events"].frame["event_id"].implode()
    refuse(table, ~table.frame["event_id"].is_in(known), "event_id", "known_event", "an event_id of tail_events.csv")


RULES = [
    Rule("*", ["sources"], known_source),
    Rule("*", ["economies"], known_economy),
    Rule("gdp", ["gdp"], world_holds_its_economies),
    Rule("estimates", ["exchange_rates"], converted_as_printed),
    Rule("estimates", ["gdp"], loss_below_gdp),
    Rule("estimates", ["gdp"], usable_estimates),
    Rule("estimates", [], ordered("low_usd_bn", "central_usd_bn", "high_usd_bn")),
    Rule("regional_loss_shares", [], region_below_gdp),
    Rule("regional_loss_shares", [], ordered("low_usd_bn", "high_usd_bn")),
    Rule("claim_bases", [], one_figure),
    Rule("treaty_status", [], dates_of_ratification),
    Rule("treaty_status", [], ordered("signed_on", "ratified_from", "ratified_on", "in_force_on")),
    Rule("treaty_effects", [], ordered("low", "log_rate_ratio", "high")),
    Rule("tail_events", [], ordered("low_usd_bn", "central_usd_bn", "high_usd_bn")),
    Rule("event_timelines", ["tail_events"], known_event),
    Rule("ic3_totals", [], loss_where_published),
    Rule("incidents_per_quarter", [], ordered("incidents", "in_year")),
    Rule("incidents_per_quarter", [], first_of_a_quarter),
    Rule("definition_counts", [], ordered("covered", "total")),
    Rule("definition_counts", [], ordered("effective", "n")),
    Rule("fits", [], empty_where_not_estimable),
    Rule("economy_aliases", [], economy_has_code),
    Rule("crosswalk", [], word_of_vocabulary),
]
