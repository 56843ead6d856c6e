"""data/reference: CSV files to validated frames, with one message a defect.

Every file is read as text, cast, checked against its schema and then against the other tables. What the columns mean is
in `schemas.reference`; rules across tables are in `reference_rules`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import file_digest, sha256
from pathlib import Path

import pandera.polars as pa
import polars as pl

from pipelines import cards, plain_tables, store
from pipelines.errors import InputError
from pipelines.reference_rules import RULES, Tables
from pipelines.schemas.reference import REFERENCE_TABLES

__all__ = ["FOLDER", "REFERENCE_TABLES", "load", "load_all", "load_some"]

FOLDER = store.DATA / "reference"
FIRST_ROW = 2  # a text editor's line of the first record; the header is line 1
KINDS = {
    pl.Int64: "a whole number",
    pl.Float64: "a number",
    pl.Boolean: "true or false",
    pl.Date: "a date as YYYY-MM-DD",
}


def load(name: str, folder: Path | None = None) -> pl.DataFrame:
    """One reference table, validated by itself and against the tables that its rules need.

    Raises
    ------
    InputError
        The first defect found, with file, row, column, value and what is allowed.
    """
    return load_some([name], folder)[name]


def load_some(names: Sequence[str], folder: Path | None = None) -> dict[str, pl.DataFrame]:
    """Some reference tables, each validated by itself and against those that its rules need; errors as of `load`."""
    for name in names:
        if name not in REFERENCE_TABLES:
            raise InputError("data/reference", None, None, "known_table", name, "one of " + ", ".join(REFERENCE_TABLES))
    asked = [(name, rule) for name in names for rule in RULES if rule.table in (name, "*")]
    tables = _read_tables({*names, *(other for _, rule in asked for other in rule.needs)}, folder or FOLDER)
    for name, rule in asked:
        rule.check(tables, name)
    return {name: tables[name].frame for name in names}


def load_all(folder: Path | None = None) -> dict[str, pl.DataFrame]:
    """Every reference table by name, validated by itself and against the others.

    Raises
    ------
    InputError
        The first defect found, with file, row, column, value and what is allowed.
    """
    place = folder or FOLDER
    files = [*(place / f"{name}.csv" for name in REFERENCE_TABLES), *sorted((place.parent / "sources").glob("*.yaml"))]
    return dict(_validated(place, tuple(_fingerprint(path) for path in files)))


@lru_cache(maxsize=2)
def _validated(folder: Path, contents: tuple[bytes | None, ...]) -> dict[str, pl.DataFrame]:
    """The tables of a folder whose files have these `contents`: a run checks its inputs before it starts and again in
    its first asset, and the same bytes need reading once."""
    tables = _read_tables(REFERENCE_TABLES, folder)
    for rule in RULES:
        for name in tables if rule.table == "*" else [rule.table]:
            rule.check(tables, name)
    return {name: table.frame for name, table in tables.items()}


def _fingerprint(path: Path) -> bytes | None:
    if not path.is_file():
        return None
    plain_tables.refuse_large(path, _label(path))
    with path.open("rb") as file:
        return file_digest(file, sha256).digest()


def _read_tables(names: Iterable[str], folder: Path) -> Tables:
    tables = {name: (_label(folder / f"{name}.csv"), read_table(name, folder)) for name in names}
    if "sources" in tables:
        label, frame = tables["sources"]
        tables["sources"] = (label, _with_cards(frame, folder))
    return Tables(tables)


def _with_cards(sources: pl.DataFrame, folder: Path) -> pl.DataFrame:
    """The table of sources with the sources that have a card, which is in data/sources, beside data/reference."""
    rows = cards.as_sources(cards.load_all(folder.parent / "sources")).select(sources.columns)
    if twice := sorted(set(rows["source_id"]) & set(sources["source_id"])):
        allowed = f"a source without a card; this one is described in data/sources/{twice[0]}.yaml"
        raise InputError(_label(folder / "sources.csv"), None, "source_id", "one_description", twice[0], allowed)
    return pl.concat([sources, rows]).sort("source_id")


def read_table(name: str, folder: Path) -> pl.DataFrame:
    """One CSV checked against its own schema only."""
    path = folder / f"{name}.csv"
    schema, label = REFERENCE_TABLES[name], _label(path)
    texts = _read_texts(path, label)
    expected = list(schema.columns)
    if missing := [column for column in expected if column not in texts.columns]:
        raise InputError(label, 1, missing[0], "column_missing", None, "the columns " + ", ".join(expected))
    if extra := [column for column in texts.columns if column not in expected]:
        raise InputError(label, 1, extra[0], "column_unknown", extra[0], "the columns " + ", ".join(expected))
    frame = texts.select(
        _cast(texts[column], definition.dtype.type, label) for column, definition in schema.columns.items()
    )
    try:
        return schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        raise _first_defect(error, schema, texts, label) from error
    except pl.exceptions.DuplicateError as error:  # pandera numbers repeated rows in a column `index`; us_cpi has one
        raise _repeated(schema, texts, label) from error


def _label(path: Path) -> str:
    """The path as messages show it: from data/ on, whatever folder the checkout is in."""
    return "/".join(path.parts[-3:]) if path.parts[-3:-1] == ("data", "reference") else str(path)


def _read_texts(path: Path, label: str) -> pl.DataFrame:
    if not path.is_file():
        raise InputError(label, None, None, "file_exists", None, "this file")
    plain_tables.refuse_large(path, label)
    try:
        return pl.read_csv(path, infer_schema=False, null_values="")
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        raise InputError(
            label, None, None, "csv", str(error), "a CSV file in UTF-8, every record as wide as its header"
        ) from error


def _cast(values: pl.Series, dtype: pl.DataType, label: str) -> pl.Series:
    """Text to the column's type; the first text that is none is reported with its row."""
    if dtype == pl.Boolean:
        cast = values.replace_strict({"true": True, "false": False}, default=None, return_dtype=pl.Boolean)
    elif dtype == pl.Date:
        cast = values.str.to_date("%Y-%m-%d", strict=False)
    else:
        cast = values.cast(dtype, strict=False)
    wrong = cast.is_null() & values.is_not_null()
    if dtype == pl.Float64:
        wrong |= ~cast.is_finite().fill_null(True)
    if wrong.any():
        row = wrong.arg_true()[0]
        kind = next((words for known, words in KINDS.items() if dtype == known), "a text")
        allowed = f"{kind}, finite" if dtype == pl.Float64 else kind
        raise InputError(label, row + FIRST_ROW, values.name, "type", values[row], allowed)
    return cast


def _first_defect(
    error: pa.errors.SchemaErrors, schema: pa.DataFrameSchema, texts: pl.DataFrame, label: str
) -> InputError:
    """The defect in the first row that has one, in words."""
    case = error.failure_cases.sort("index", nulls_last=True).row(0, named=True)
    row, column, check = case["index"], case["column"], str(case["check"])
    line = None if row is None else row + FIRST_ROW
    if check == "multiple_fields_uniqueness":
        return _repeated(schema, texts, label)
    definition = schema.columns.get(column)
    value = texts[column][row] if definition is not None and row is not None else case["failure_case"]
    if check == "not_nullable":
        return InputError(label, line, column, "not_empty", None, definition.description)
    number = case["check_number"]
    if definition is not None and number is not None and number < len(definition.checks):
        rule = definition.checks[number]
        return InputError(label, line, column, rule.name, value, rule.description)
    return InputError(label, line, column, check, value, f"the columns {', '.join(schema.columns)} in this order")


def _repeated(schema: pa.DataFrameSchema, texts: pl.DataFrame, label: str) -> InputError:
    """The second of two rows with one key: pandera lists every copy."""
    keys = list(schema.unique)
    row = int(texts.select(copy=~pl.struct(keys).is_first_distinct())["copy"].arg_true()[0])
    value = dict(zip(keys, texts.select(keys).row(row), strict=True))
    return InputError(label, row + FIRST_ROW, " + ".join(keys), "duplicate_key", value, "each key once")
