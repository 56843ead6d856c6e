"""One vintage of one source: its bytes to checked staging tables, every row kept, rejected or merged.

Parsers give texts; here they are cast, checked by pandera and counted. A row that breaks a rule is rejected with the
value as the source wrote it; a table that breaks a rule of its own is refused, and with it the vintage. Nothing here
reads files: `staged` keeps results, `vintages` keeps bytes.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fnmatch import fnmatchcase

import pandera.polars as pa
import polars as pl

from pipelines.cards import Card, File
from pipelines.errors import SourceFormatError
from pipelines.schemas.staging import tables_of
from pipelines.visible import visible
from pipelines.vocabulary import Vocabulary

EARLIEST = date(1900, 1, 1)
GRACE = timedelta(days=366)
"""A tracker may know of a day that is ahead of its release: an entry into force, an end that is expected."""
FEWEST = 0.5
"""Share of the last vintage's rows, and share of a vintage's rows that pass, under which it is refused."""
REJECTS = {
    "source_id": pl.String,
    "vintage": pl.String,
    "table_name": pl.String,
    "row_number": pl.Int64,
    "column_name": pl.String,
    "rule": pl.String,
    "value": pl.String,
}


@dataclass
class Refused(Exception):
    """A vintage breaks a rule about a table as a whole; the last good one stays."""

    source: str
    table: str
    rule: str
    value: object
    allowed: str

    def __str__(self) -> str:
        """One line: source, table, value, what is allowed, rule."""
        told = str(self.value)[:400]
        return visible(f"{self.source}: table {self.table}: {told}; allowed: {self.allowed} (rule {self.rule})")


@dataclass(frozen=True)
class Table:
    """A staging table of one vintage. rows_in = kept.height + rows_rejected + rows_merged."""

    kept: pl.DataFrame
    rows_in: int
    rows_rejected: int
    rows_merged: int


@dataclass(frozen=True)
class Staged:
    """The staging tables of one vintage by name, and its rejects: a row and a rule each (columns of `REJECTS`)."""

    tables: dict[str, Table]
    rejects: pl.DataFrame


def stage(
    card: Card,
    files: Mapping[str, bytes],
    label: str,
    as_of: date,
    words: Vocabulary,
    last: Mapping[str, int] | None = None,
) -> Staged:
    """The staging tables of a vintage.

    Parameters
    ----------
    files : name -> bytes as served
    label, as_of : the vintage and the day it speaks of
    words : what its codes may be
    last : rows of each table in the last vintage kept, to tell a file that shrank

    Raises
    ------
    SourceFormatError
        A file is missing or is not what its parser expects.
    Refused
        A table as a whole breaks a rule.
    """
    parser = importlib.import_module(f"pipelines.sources.{card.source_id}")
    tables, rejects = {}, []
    for spec in card.files:
        if not spec.tables:
            continue
        payload = files[find(card, spec, files)]
        for name, function in spec.tables.items():
            raw = getattr(parser, function)(payload)
            tables[name], rejected = split(raw, tables_of(card.source_id)[name], card.source_id, label, as_of, words)
            check_table(card, name, tables[name], rejected, as_of, last or {})
            rejects.append(rejected)
    empty = pl.DataFrame(schema=REJECTS)
    return Staged(tables, pl.concat([empty, *rejects]))


def find(card: Card, spec: File, files: Mapping[str, object]) -> str:
    """The name of the one file of a vintage that a card's entry means; SourceFormatError for none or several."""
    found = [name for name in files if fnmatchcase(name, spec.name)]
    if len(found) != 1:
        raise SourceFormatError(card.source_id, spec.name, None, "one file of this name", found or sorted(files))
    return found[0]


def check_table(
    card: Card, name: str, table: Table, rejects: pl.DataFrame, as_of: date, last: Mapping[str, int]
) -> None:
    """Raise Refused for a table that is empty, shrank, lost most of its rows to rules, or lacks a year."""

    def refuse(rule: str, value: object, allowed: str) -> None:
        raise Refused(card.source_id, name, rule, value, allowed)

    schema = tables_of(card.source_id)[name]
    if not table.rows_in:
        if not schema.metadata["may_be_empty"]:
            refuse("has_rows", "no rows", "at least one row")
        return
    if table.rows_in < FEWEST * last.get(name, 0):
        refuse("rows_shrank", f"{table.rows_in} rows", f"at least half of the {last[name]} rows of the last vintage")
    if table.kept.height < FEWEST * (table.rows_in - table.rows_merged):
        rule, rows = rejects["rule"].value_counts(sort=True).row(0)
        number = rejects.filter(pl.col("rule") == rule).row(0, named=True)
        value = None if number["value"] is None else number["value"][:120]
        first = f"first in row {number['row_number']}, column {number['column_name']}, {value!r}"
        refuse("mostly_rejected", f"{rows} of {table.rows_in} rows break {rule}, {first}", "at most half of the rows")
    years = card.expected_years
    if years and years.table == name:
        values = table.kept[years.column]
        there = set(values.dt.year() if values.dtype == pl.Date else values)
        if missing := [year for year in years.years(as_of) if year not in there]:
            wanted = years.years(as_of)
            refuse("expected_years", f"no {missing[0]}", f"every year from {wanted[0]} to {wanted[-1]}")


def split(
    raw: pl.DataFrame, schema: pa.DataFrameSchema, source_id: str, label: str, as_of: date, words: Vocabulary
) -> tuple[Table, pl.DataFrame]:
    """A parsed table to the rows that pass, and the rejects of those that do not."""
    name = str(schema.name).split(".")[1]
    if missing := [column for column in schema.columns if column not in raw.columns and column != "vintage"]:
        raise Refused(source_id, name, "column_missing", f"no {missing[0]}", ", ".join(schema.columns))
    broken = _Broken(raw, source_id, label, name)
    typed = raw.select(
        pl.lit(label).alias("vintage")
        if column == "vintage"
        else _cast(raw[column], built, broken)
        if column != "row_number"
        else raw[column].cast(pl.Int64)
        for column, built in schema.columns.items()
    )
    for column, built in schema.columns.items():
        _check_codes(typed[column], built, source_id, words, broken)
        _check_days(typed[column], built, as_of, broken)
    _check_schema(typed, schema, broken)
    good = typed.with_row_index("_row").filter(~pl.col("_row").is_in(list(broken.rows)))
    good, merged = _without_repeats(good, schema, broken)
    kept = good.select(*schema.columns)  # every rule has been asked of these rows
    return Table(kept, raw.height, len(broken.rows), merged), broken.frame()


@dataclass
class _Broken:
    """Rows that break rules, by position in the parsed table."""

    raw: pl.DataFrame
    source_id: str
    vintage: str
    table: str
    rows: set[int] = field(default_factory=set)
    found: list[tuple[int, str | None, str, str | None]] = field(default_factory=list)

    def add(self, row: int, column: str | None, rule: str, value: object = None) -> None:
        """A row breaks a rule; its value is that of the column where none is given."""
        if value is None and column is not None:
            value = self.raw[column][row]
        if isinstance(value, pl.Series):
            value = value.to_list()
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # a whole number of JSON or a sheet, as its reader would see it
        self.rows.add(row)
        self.found.append((row, column, rule, None if value is None else str(value)))

    def forget(self, row: int) -> None:
        """What was found wrong with a row has one cause, told next."""
        self.found = [item for item in self.found if item[0] != row]

    def frame(self) -> pl.DataFrame:
        """Columns of `REJECTS`, by row."""
        numbers = self.raw["row_number"]
        rows = [
            (self.source_id, self.vintage, self.table, numbers[row], column, rule, value)
            for row, column, rule, value in sorted(self.found, key=lambda item: item[0])
        ]
        return pl.DataFrame(rows, schema=REJECTS, orient="row")


def _cast(values: pl.Series, built: pa.Column, broken: _Broken) -> pl.Series:
    """Text to the column's type; a text that is none breaks the rule `type`, as nan and infinities do."""
    dtype = built.dtype.type
    if values.dtype == dtype:
        cast = values
    elif dtype == pl.Date and values.dtype == pl.String:
        cast = values.str.to_date(built.metadata["format"], strict=False)
    elif dtype == pl.Boolean and values.dtype == pl.String:
        known = {"true": True, "false": False, "1": True, "0": False}
        cast = values.str.to_lowercase().replace_strict(known, default=None, return_dtype=pl.Boolean)
    elif dtype.is_numeric() and values.dtype == pl.String:
        cast = values.str.strip_chars().cast(dtype, strict=False)
    elif isinstance(dtype, pl.List):
        cast = pl.Series(values.name, [None] * values.len(), dtype)  # polars reads no text as a list
    else:
        cast = values.cast(dtype, strict=False)
    wrong = cast.is_null() & values.is_not_null()
    if cast.dtype.is_float():
        wrong |= ~cast.is_finite().fill_null(True)
    for row in wrong.arg_true():
        broken.add(row, values.name, "type")
    return cast.to_frame().select(pl.when(~wrong).then(pl.col(cast.name))).to_series() if wrong.any() else cast


def _check_codes(values: pl.Series, built: pa.Column, source_id: str, words: Vocabulary, broken: _Broken) -> None:
    to = (built.metadata or {}).get("coded")
    if to is None:
        return
    rule = "known_economy" if to == "economies" else "known_code"
    known = words.known((built.metadata or {}).get("scheme") or source_id, values.name, to)
    labels = pl.DataFrame({"row": pl.Series(range(values.len()), dtype=pl.Int64), "label": values})
    if isinstance(values.dtype, pl.List):
        labels = labels.filter(pl.col("label").list.len() > 0).explode("label")
    for row, label in labels.filter(
        pl.col("label").is_not_null() & ~pl.col("label").is_in(known.implode())
    ).iter_rows():
        broken.add(row, values.name, rule, label)


def _check_days(values: pl.Series, built: pa.Column, as_of: date, broken: _Broken) -> None:
    if values.dtype == pl.Date:
        if not (built.metadata or {}).get("ahead"):
            for row in (values > as_of + GRACE).fill_null(False).arg_true():
                broken.add(row, values.name, "date_after_release")
        for row in (values < EARLIEST).fill_null(False).arg_true():
            broken.add(row, values.name, "date_before_1900")


def _check_schema(typed: pl.DataFrame, schema: pa.DataFrameSchema, broken: _Broken) -> None:
    """The schema's own rules, by pandera on the collected frame."""
    seen = {(row, column) for row, column, _, _ in broken.found}
    try:
        schema.validate(typed, lazy=True)
    except pa.errors.SchemaErrors as errors:
        for case in errors.failure_cases.iter_rows(named=True):
            row, column, number = case["index"], case["column"], case["check_number"]
            if row is None:
                raise Refused(
                    broken.source_id, broken.table, str(case["check"]), case["failure_case"], f"column {column}"
                ) from errors
            if case["check"] == "not_nullable":
                if (row, column) not in seen:  # a text that is no number was told already
                    broken.add(row, column, "required", "")
            elif case["schema_context"] == "Column":
                broken.add(row, column, schema.columns[column].checks[number].name)
            else:
                check = schema.checks[number]
                if check.statistics["instead"]:
                    broken.forget(row)
                broken.add(row, check.statistics["column"], check.name)


def _without_repeats(good: pl.DataFrame, schema: pa.DataFrameSchema, broken: _Broken) -> tuple[pl.DataFrame, int]:
    """Rows once: a repeat that is equal, or of a table that merges, goes; any other is rejected as `duplicate_key`."""
    key = list(schema.metadata["key"])
    if not key:
        return good, 0
    if schema.metadata["repeats"] == "merge":
        once = good.unique(key, keep="first", maintain_order=True)
        return once, good.height - once.height
    repeated = good.filter(pl.struct(key).is_duplicated())
    content = [column for column in good.columns if column not in ("_row", "row_number")]
    first: dict[tuple[object, ...], tuple[object, ...]] = {}
    gone: list[int] = []
    merged = 0
    for row, names, values in zip(
        repeated["_row"], repeated.select(key).iter_rows(), repeated.select(content).iter_rows(), strict=True
    ):
        if names not in first:
            first[names] = values
            continue
        gone.append(row)
        if _equal(values, first[names]):
            merged += 1
        else:
            broken.add(row, " + ".join(key), "duplicate_key", ", ".join(map(str, names)))
    return good.filter(~pl.col("_row").is_in(gone)), merged


def _equal(left: tuple[object, ...], right: tuple[object, ...]) -> bool:
    return all(
        a.equals(b, null_equal=True) if isinstance(a, pl.Series) and isinstance(b, pl.Series) else a == b
        for a, b in zip(left, right, strict=True)
    )
