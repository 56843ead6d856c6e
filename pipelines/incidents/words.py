"""What the records of all trackers have in common: dates with their precision, links and codes in one form.

What a tracker's codes come to is in its own module.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from pipelines.vocabularies import NONE

LIST = pl.List(pl.String)


def economies(column: str, iso3_of: Mapping[str, str | None]) -> pl.Expr:
    """A list of a tracker's names of parties as the economies among them, once each, sorted."""
    codes = pl.element().replace_strict(dict(iso3_of), default=None, return_dtype=pl.String)
    return pl.col(column).list.eval(codes).list.drop_nulls().list.unique().list.sort()


def translated(column: str | pl.Expr, words: Mapping[str, str]) -> pl.Expr:
    """A list of codes as the words they stand for, once each, sorted; codes without a word are left out."""
    values = pl.col(column) if isinstance(column, str) else column
    word = pl.element().replace_strict(dict(words), default=None, return_dtype=pl.String)
    return values.list.eval(word).list.drop_nulls().list.unique().list.sort()


def first_of(column: str | pl.Expr, order: Sequence[str], otherwise: str) -> pl.Expr:
    """The word of a list that comes first in an order."""
    values = pl.col(column) if isinstance(column, str) else column
    places = {word: place for place, word in enumerate(order)}
    place = values.list.eval(pl.element().replace_strict(places, default=None, return_dtype=pl.Int64)).list.min()
    return place.replace_strict(dict(enumerate(order)), default=otherwise, return_dtype=pl.String).fill_null(otherwise)


def actor(kinds: pl.Expr) -> pl.Expr:
    """Who did it, from the column `threat_class` and the kinds of actors that a tracker names.

    Class state is a state where one is named, else a group affiliated with one; class criminal is that; class other is
    unknown where nobody is named or only unknowns are.
    """
    somebody = kinds.list.set_difference(pl.lit(["unknown", NONE], LIST)).list.len() > 0
    return (
        pl.when(pl.col("threat_class") == "state")
        .then(pl.when(kinds.list.contains("state")).then(pl.lit("state")).otherwise(pl.lit("affiliated")))
        .when(pl.col("threat_class") == "other")
        .then(pl.when(somebody).then(pl.lit("other")).otherwise(pl.lit("unknown")))
        .otherwise("threat_class")
    )


def precision(column: str) -> pl.Expr:
    """Precision of a date whose 1 January stands for a day not known."""
    day = pl.col(column)
    first_of_january = (day.dt.month() == 1) & (day.dt.day() == 1)
    return (
        pl.when(day.is_null())
        .then(pl.lit("unknown"))
        .when(first_of_january)
        .then(pl.lit("year"))
        .otherwise(pl.lit("day"))
    )


def links(column: str) -> pl.Expr:
    """Links in one form: no scheme, no www., no query, no trailing slash, the host in lower case."""
    bare = (
        pl.element()
        .str.strip_chars()
        .str.replace(r"^(?i)https?://", "")
        .str.replace(r"^(?i)www\.", "")
        .str.replace(r"[?#].*$", "")
        .str.replace(r"/+$", "")
    )
    host, rest = bare.str.extract(r"^([^/]*)").str.to_lowercase(), bare.str.replace(r"^[^/]*", "")
    return pl.col(column).list.eval(pl.concat_str(host, rest)).list.drop_nulls().list.unique().list.sort()
