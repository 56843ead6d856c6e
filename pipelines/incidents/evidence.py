"""What the two records of a pair have in common: the values of the parts of a score, before their weights.

Which records make a pair is decided in `candidates`, what a part weighs in `matching`. Pairs are looked at a block at a
time, so that memory does not grow with them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

IntArray = npt.NDArray[np.int64]

COMMON = 150
"""A word in so many different titles says nothing (rarity 0); in two, all it can (rarity 1)."""
COMMON_DYAD = 30
LINK_BLOCK = 12
WINDOW_DAYS = 800
"""Longest time between two spans: disclosure follows an intrusion by up to two years."""
PAIRS = 2**16
"""Pairs of a block, about 0.1 GB; all trackers of 2026 have 35,000 within the window of dates."""
FACTS = (
    *("n", "source_id", "first", "date_precision", "sequence", "initiators", "targets"),
    *("wording", "alike"),
)
PAIR = ("n", "n_right", "source_id", "source_id_right")


def titles(table: pl.DataFrame) -> pl.DataFrame:
    """The wording of each record's title and its title, which is the wording in a tracker, both numbered.

    Returns
    -------
    n, wording, title, alike (records of the tracker with this title)
    """
    numbered = table.select("n", "place", pl.col("wording").cast(pl.Categorical).to_physical().cast(pl.Int64))
    return numbered.select(
        "n", "wording", title=pl.col("wording") * (table["place"].max() + 1) + pl.col("place")
    ).with_columns(alike=pl.len().over("title"))


class Held(NamedTuple):
    """What records hold that others may hold too: frames of n and word (`mentions`) or n and key (`links`, `dyads`)."""

    mentions: pl.DataFrame
    links: pl.DataFrame
    dyads: pl.DataFrame


def held(table: pl.DataFrame) -> Held:
    """What the records of a table hold, found once for all pairs."""
    return Held(mentions(table), links(table), dyads(table))


def mentions(table: pl.DataFrame) -> pl.DataFrame:
    """Every word of a record's title and names, numbered: n, word, named (whether it is among the names)."""
    held = pl.concat(
        [
            table.select("n", word=column, named=pl.lit(column == "names")).explode("word")
            for column in ("words", "names")
        ]
    )
    return held.drop_nulls("word").with_columns(pl.col("word").cast(pl.Categorical).to_physical())


def rarity(mentioned: pl.DataFrame, titled: pl.DataFrame) -> pl.DataFrame:
    """The rarity, 0 to 1, of every word that has any, by the different titles that go with it: word, rarity."""
    title = titled.sort("n")["title"].to_numpy()
    word, n = (mentioned[column].to_numpy() for column in ("word", "n"))
    goes_with = distinct(word.astype(np.int64) * 2**32 + title[n])
    found = pl.DataFrame({"word": goes_with >> 32}).group_by("word", maintain_order=True).len("titles")
    return found.select(
        pl.col("word").cast(mentioned.schema["word"]), rarity=scarcity(pl.col("titles"), COMMON)
    ).filter(pl.col("rarity") > 0)


def scarcity(count: pl.Expr, common: int) -> pl.Expr:
    """1 for a count of two or less, falling with its logarithm to 0 at `common`."""
    return ((common / pl.max_horizontal(count, pl.lit(2))).log() / math.log(common / 2)).clip(0, 1)


def dyads(table: pl.DataFrame) -> pl.DataFrame:
    """Initiator, target and year of each record, with the number of records that share them."""
    return (
        table.select("n", "source_id", "initiators", "targets", year=pl.col("first").dt.year())
        .explode("initiators")
        .explode("targets")
        .drop_nulls()
        .select("n", "source_id", key=pl.format("{} {} {}", "initiators", "targets", "year"))
        .with_columns(holders=pl.len().over("key"))
    )


def links(table: pl.DataFrame) -> pl.DataFrame:
    """Links of each record that few others cite, with the number of records that do."""
    links = table.select("n", "source_id", key="urls").explode("key").drop_nulls()
    return links.with_columns(holders=pl.len().over("key")).filter(pl.col("holders").is_between(2, LINK_BLOCK))


def distinct(values: IntArray) -> IntArray:
    """The values once, rising; a tenth of the time that `numpy.unique` takes to hash them."""
    rising = np.sort(values, axis=None)
    return rising[np.diff(rising, prepend=rising[:1] - 1) != 0]


class _Rows:
    """Rows of a frame by the record they belong to, found without a look at those of other records."""

    def __init__(self, frame: pl.DataFrame, records: int) -> None:
        self._frame = frame.sort("n", maintain_order=True)
        self._starts = np.searchsorted(self._frame["n"].to_numpy(), np.arange(records + 1))

    def of(self, records: IntArray) -> pl.DataFrame:
        """The rows of the records with these numbers, which rise."""
        first = self._starts[records]
        many = self._starts[records + 1] - first
        return self._frame[np.repeat(first - (np.cumsum(many) - many), many) + np.arange(many.sum())]


class _Gaps:
    """Days between the spans of two records; before all else, for most pairs with a word in common are years apart."""

    def __init__(self, table: pl.DataFrame) -> None:
        days = table.sort("n").select(pl.col("first", "last").to_physical().cast(pl.Float64))
        self._first, self._last = (column.to_numpy() for column in days)

    def near(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """The pairs of n, n_right within the window, or of unknown dates, with gap: days, null if a date is unknown."""
        one, other = (pairs[name].to_numpy() for name in ("n", "n_right"))
        apart = np.maximum(self._first[other] - self._last[one], self._first[one] - self._last[other])
        gap = pl.Series("gap", np.maximum(apart, 0)).fill_nan(None)
        return pairs.with_columns(gap).filter(pl.col("gap").fill_null(0) <= WINDOW_DAYS)


def of_pairs(table: pl.DataFrame, held: Held, pairs: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The pairs within the window of dates, with the value of each part before its weight.

    Parameters
    ----------
    table : records as `matching.prepared` numbers them, n from 0
    held : `held` of the table
    pairs : blocks of n, n_right, at least one, which may be empty

    Returns
    -------
    blocks of the columns of `PAIR`, then one a part of the score
    """
    titled = titles(table)
    facts = table.drop("wording").join(titled, on="n").select(*FACTS)
    rare = held.mentions.join(rarity(held.mentions, titled), on="word")
    told, named = (rare.filter(pl.col("named") == names).select("n", "rarity", "word") for names in (False, True))
    frames = {
        "facts": facts,
        "told": told,
        "named": named,
        "links": held.links,
        "dyads": held.dyads,
    }
    rows = {name: _Rows(frame, table.height) for name, frame in frames.items()}
    gaps = _Gaps(table)
    for block in pairs:
        near = gaps.near(block)
        for start in range(0, max(near.height, 1), PAIRS):
            part = near.slice(start, PAIRS)
            records = distinct(part.select("n", "n_right").to_numpy())
            yield _values(part, {name: each.of(records) for name, each in rows.items()})


def _values(pairs: pl.DataFrame, known: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """`of_pairs` for a block with its gaps; `known` are the rows of the records in it."""
    facts = known["facts"]
    both = pairs.join(facts, on="n").join(facts, left_on="n_right", right_on="n", suffix="_right")
    both = _with_words(both, known["told"], known["named"])
    both = _with_keys(both, known["links"], links=(1 / (pl.col("holders") - 1)).sum())
    both = _with_keys(both, known["dyads"], crowd=pl.col("holders").min())
    to_day = (pl.col("date_precision") == "day") & (pl.col("date_precision_right") == "day")
    shorter = pl.min_horizontal("total", "total_right").clip(0.3)
    numbered = pl.col("sequence").list.len() > 0, pl.col("sequence_right").list.len() > 0
    return both.select(
        *PAIR,
        link=pl.col("links").fill_null(0).clip(0, 1.5),
        title=(pl.col("free") / shorter).clip(0, 1) * pl.col("rarest"),
        actor=(pl.col("acting") / shorter).clip(0, 1) * pl.col("rarest"),
        alias=pl.col("crossing").clip(0, 1),
        same_title=(pl.col("wording") == pl.col("wording_right"))
        & (pl.col("total") > 0)
        & (pl.max_horizontal("alike", "alike_right") <= 4)
        & (pl.col("gap") == 0),
        dyad=scarcity(pl.col("crowd").fill_null(COMMON_DYAD), COMMON_DYAD),
        initiator=_common("initiators") > 0,
        other_initiator=_known("initiators") & (_common("initiators") == 0),
        other_target=_known("targets") & (_common("targets") == 0),
        day=to_day & ((pl.col("first") - pl.col("first_right")).dt.total_days().abs() <= 3),
        near=pl.col("gap").fill_null(WINDOW_DAYS) <= 45,
        far=pl.col("gap").fill_null(0) > 270,
        number=numbered[0] & numbered[1] & (_common("sequence") == 0),
        same_tracker=pl.col("source_id") == pl.col("source_id_right"),
    )


def _common(column: str) -> pl.Expr:
    return pl.col(column).list.set_intersection(column + "_right").list.len()


def _known(column: str) -> pl.Expr:
    return (pl.col(column).list.len() > 0) & (pl.col(column + "_right").list.len() > 0)


def _with_keys(both: pl.DataFrame, keys: pl.DataFrame, **value: pl.Expr) -> pl.DataFrame:
    """The pairs with a value computed over the keys that both records hold."""
    left = both.select("n", "n_right").join(keys.select("n", "key", "holders"), on="n")
    shared = left.join(keys.select(n_right="n", key="key"), on=["n_right", "key"])
    return both.join(shared.group_by("n", "n_right").agg(**value), on=["n", "n_right"], how="left")


def _with_words(both: pl.DataFrame, told: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """The pairs with the rarity of what their titles share.

    Adds free and acting (rarity of the words in both titles, without and with those that name an actor of either),
    rarest, crossing (words of one title among the other's names) and total, total_right (rarity of each title).
    """
    total = told.group_by("n").agg(total=pl.col("rarity").sum())
    both = both.join(total, on="n", how="left").join(
        total, left_on="n_right", right_on="n", how="left", suffix="_right"
    )
    pair, right = both.select("n", "n_right"), {"n_right": "n", "word": "word"}
    shared = pair.join(told, on="n").join(told.select(**right), on=["n_right", "word"])
    known = named.select("n", "word", named=pl.lit(True))
    shared = shared.join(known, on=["n", "word"], how="left").join(
        known, left_on=["n_right", "word"], right_on=["n", "word"], how="left", suffix="_right"
    )
    acting = pl.any_horizontal(pl.col("named", "named_right").fill_null(False))
    in_titles = shared.group_by("n", "n_right").agg(
        free=pl.col("rarity").filter(~acting).sum(),
        acting=pl.col("rarity").filter(acting).sum(),
        rarest=pl.col("rarity").max(),
    )
    crossing = pl.concat(
        [
            pair.join(a, on="n")
            .join(b.select(**right), on=["n_right", "word"])
            .select("n", "n_right", "word", "rarity")
            for a, b in ((told, named), (named, told))
        ]
    ).unique(["n", "n_right", "word"])
    crossing = crossing.join(shared.select("n", "n_right", "word"), on=["n", "n_right", "word"], how="anti")
    crossing = crossing.group_by("n", "n_right").agg(crossing=pl.col("rarity").sum())
    both = both.join(in_titles, on=["n", "n_right"], how="left").join(crossing, on=["n", "n_right"], how="left")
    return both.with_columns(pl.col("free", "acting", "rarest", "crossing", "total", "total_right").fill_null(0))
