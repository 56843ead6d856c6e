"""Which records are compared at all: those with a block key in common, found for a block of records at a time.

Keys: a word of title or names, a link, a day and target, initiator and target and year; within VCDB, where a record is
a victim, only the same title with the same day. A key that many records have opens no pairs, so cost is linear in the
number of records. What two records have in common is in `evidence`, what it weighs in `matching`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import polars as pl

from pipelines.incidents import evidence

MOST = 40
"""Records with a key beyond which it opens no pairs."""
RECORDS = 2**12
"""Records whose pairs are found at once: what is looked up stays in the processor's caches."""


def pairs(table: pl.DataFrame, mentioned: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Pairs of records with a key in common, each once: n, n_right (n < n_right), in blocks that rise with n.

    Parameters
    ----------
    table : records as `matching.prepared` numbers them, n from 0
    mentioned : `evidence.mentions` of the table
    """
    held = _keys(table, mentioned).sort("key", "n")
    n, key, victim = (held[column].to_numpy() for column in ("n", "key", "victim"))
    after = np.searchsorted(key, key, side="right")  # where the rows of the next key begin
    of_record = np.argsort(n, kind="stable")
    starts = np.searchsorted(n[of_record], np.arange(0, table.height + RECORDS, RECORDS))
    for first, end in pairwise(starts):
        rows = of_record[first:end]
        many = after[rows] - rows - 1
        one = np.repeat(rows, many)
        other = np.repeat(rows + 1 - (np.cumsum(many) - many), many) + np.arange(
            many.sum()
        )  # all later ones of its key
        meant = (n[one] < n[other]) & ~(victim[one] & victim[other])
        code = np.unique(n[one[meant]].astype(np.int64) * table.height + n[other[meant]])
        yield pl.DataFrame(
            {"n": code // table.height, "n_right": code % table.height}, schema={"n": pl.UInt32, "n_right": pl.UInt32}
        )


def _keys(table: pl.DataFrame, mentioned: pl.DataFrame) -> pl.DataFrame:
    """The keys of each record that some others have and not too many: n, key (numbered), victim (of VCDB)."""
    told = mentioned.select("n", key="word").unique().join(table.select("n", "source_id"), on="n")
    to_day = table.filter(pl.col("date_precision") == "day").with_columns(day=pl.col("first").cast(pl.String))
    target = to_day.explode("targets").select("n", "source_id", key=pl.col("day") + pl.col("targets")).drop_nulls()
    twins = to_day.filter(pl.col("wording") != "").select("n", key=pl.col("wording") + pl.col("day"))
    kinds = [(keys, MOST) for keys in (told, evidence.links(table), target, evidence.dyads(table))]
    frames, before = [], 0
    for keys, most in [*kinds, (twins.with_columns(source_id=pl.lit("")), evidence.LINK_BLOCK)]:
        few = keys.group_by("key").len().filter(pl.col("len").is_between(2, most)).with_row_index("number", before)
        held = keys.join(few, on="key")
        frames.append(held.select("n", key="number", victim=pl.col("source_id") == "vcdb"))
        before += few.height
    return pl.concat(frames)
