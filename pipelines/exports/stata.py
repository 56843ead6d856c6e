"""Stata (format 118, Stata 14 and later): one file a table, with variable labels, value labels and notes.

Columns of a closed vocabulary are labelled integers, numbered alike in every table of an edition, so that tables can
be merged and appended; `decode` gives the word. Economies stay texts, which people merge on. The whole description of
a variable is in its note, since a label holds 80 letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import polars as pl
import pyreadstat

from pipelines.exports.edition import Column, ask, identifier
from pipelines.exports.frames import frame, largest, lists_joined, told, too_long
from pipelines.exports.rights import Share
from pipelines.exports.selection import Selection
from pipelines.exports.stata_notes import add_notes

VERSION = 14
"""What pyreadstat calls format 118."""
NAME, LABEL = 32, 80
LARGEST = 2_147_483_620
"""Largest whole number of Stata's type long; above it a column is of type double."""
SOURCES_OWN = "staging"
"""Schema whose words are those of the sources and no vocabulary of ours."""
CODED = (
    *("adoption_metric", "baseline", "basis", "belief", "channel", "counted", "criterion", "date_precision"),
    *("definition", "effect_set", "incident_type", "income_group", "interest", "ledger", "measure", "mechanisms"),
    *("perspective", "regime", "region", "role", "scenario", "scope", "side", "standing", "threat_class", "treaty"),
    *("quantity", "off", "output", "weighting"),
)
"""Columns that become labelled integers wherever they are."""
TRUTH: dict[int | float, str] = {0: "false", 1: "true"}
RESERVED = (
    *("_all", "_b", "_coef", "_cons", "_n", "_N", "_pi", "_pred", "_rc", "_skip"),
    *("byte", "double", "float", "if", "in", "int", "long", "strL", "using", "with"),
)


def write(selection: Selection, folder: Path, say: Callable[[str], None]) -> list[str]:
    """Write the files; the remarks are about names and numbers that Stata does not hold."""
    codes = codes_of(selection)
    renamed: list[str] = []
    long_numbers: list[str] = []
    for share in selection.tables:
        say(share.table.name)
        read = lists_joined(frame(selection, share))
        names = variable_names(read.columns)
        renamed += [f"{share.table.name}.{old} is {new}" for old, new in names.items() if old != new]
        path = folder / f"{share.table.stem}.dta"
        own = {} if share.table.schema == SOURCES_OWN else codes
        _write(read, names, own, share, f"{selection.edition.title}: {share.table.name}", path)
        long_numbers += told(share.table.name, too_long(read))
        add_notes(path, _notes(selection, share, names), selection.edition.run["created_at"])
    names_told = [f"names that it does not allow: {', '.join(renamed)}."] if renamed else []
    return [f"Stata: {remark}" for remark in [*names_told, *long_numbers]]


def _write(
    read: pl.DataFrame,
    names: Mapping[str, str],
    codes: Mapping[str, Mapping[str, int]],
    share: Share,
    title: str,
    path: Path,
) -> None:
    labels: dict[str, dict[int | float, str]] = {}
    for column in read.columns:
        if column in codes and read.schema[column] == pl.String:
            labels[names[column]] = {number: word for word, number in codes[column].items()}
        elif read.schema[column] == pl.Boolean:
            labels[names[column]] = TRUTH
    numbered = as_numbers(read, codes)
    pyreadstat.write_dta(
        numbered.rename(dict(names)),
        path,
        file_label=title[:LABEL],
        column_labels=[variable_label(column) for column in share.table.columns],
        version=VERSION,
        variable_value_labels=labels,
    )


def codes_of(selection: Selection) -> dict[str, dict[str, int]]:
    """The number of each word of a coded column, over all tables of our own vocabulary, exported or not."""
    codes = {}
    for name in CODED:
        holding = [
            table.quoted
            for table in selection.edition.tables.values()
            if table.schema != SOURCES_OWN
            and any(column.name == name and column.type == "VARCHAR" for column in table.columns)
        ]
        if holding:
            union = " union ".join(f"select {identifier(name)} as word from {table}" for table in holding)
            words = ask(
                selection.connection, f"select distinct word from ({union}) where word is not null order by word"
            )
            codes[name] = {word: number for number, (word,) in enumerate(words, start=1)}
    return codes


def as_numbers(read: pl.DataFrame, codes: Mapping[str, Mapping[str, int]]) -> pl.DataFrame:
    """The rows as Stata holds them: coded words and true or false as integers, a missing text empty."""
    changed: list[pl.Expr] = []
    as_text = too_long(read)
    for name, kind in read.schema.items():
        column = pl.col(name)
        if name in codes and kind == pl.String:
            changed.append(column.replace_strict(dict(codes[name]), return_dtype=pl.Int32))
        elif kind == pl.Boolean:
            changed.append(column.cast(pl.Int32))
        elif kind.is_integer() and name not in as_text:
            changed.append(column.cast(pl.Int32 if largest(read[name]) <= LARGEST else pl.Float64))
        elif kind == pl.String or name in as_text:
            # a missing text is an empty one in Stata; a letter of number zero would end the text
            changed.append(column.cast(pl.String).str.replace_all("\0", "", literal=True).fill_null(""))
    return read.with_columns(changed)


def variable_names(columns: Iterable[str]) -> dict[str, str]:
    """A name that Stata allows for each column: letters, digits and _, at most 32, none reserved, no two alike."""
    names: dict[str, str] = {}
    for column in columns:
        plain = re.sub(r"\W", "_", column, flags=re.ASCII)
        if plain in RESERVED or re.fullmatch(r"\d.*|str\d+", plain) or not plain:
            plain = f"_{plain}"
        name, number = plain[:NAME], 1
        while name in names.values():
            number += 1
            name = f"{plain[: NAME - len(str(number)) - 1]}_{number}"
        names[column] = name
    return names


def variable_label(column: Column) -> str:
    """Description and unit in 80 letters; the description gives way, since its whole is in the note."""
    unit = "" if column.is_label else f" [{column.unit}]"[: LABEL // 2]
    room = LABEL - len(unit)
    words = " ".join(column.words.split())
    return (words if len(words) <= room else f"{words[: room - 3].rstrip()}...") + unit


def _notes(selection: Selection, share: Share, names: Mapping[str, str]) -> list[tuple[str, str]]:
    table = share.table
    of_data = [
        f"{table.words}. Rests on: {table.source}.",
        f"{selection.edition.title}: {selection.edition.run_line}.",
        *([f"Left out, may not be redistributed: {share.left_out.line}"] if share.left_out else []),
    ]
    of_variables = [(names[column.name], f"{column.words} [{column.unit}]") for column in table.columns]
    return [*(("_dta", text) for text in of_data), *of_variables]
