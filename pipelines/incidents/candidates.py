"""Which records are compared at all: those with a block key in common, found for a block of records at a time.

Keys: a word of title or names, a link, a day and target, initiator and target and year; within VCDB, where a record is
a victim, only the same title with the same day. A key that many records have opens no pairs, so cost is linear in the
number of records. What two records have in common is in `evidence`, what it weighs in `matching`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl

from pipelines.incidents import evidence
from pipelines.incidents.evidence import IntArray

BoolArray = npt.NDArray[np.bool_]

MOST = 40
"""Records with a key beyond which it opens no pairs."""
RECORDS = 2**13
"""Records whose pairs are found at once: what is looked up stays in the processor's caches."""


def pairs(table: pl.DataFrame, held: evidence.Held) -> Iterator[pl.DataFrame]:
    """Pairs of records with a key in common, each once: n, n_right (n < n_right), in blocks that rise with n.

    Parameters
    ----------
    table : records as `matching.prepared` numbers them, n from 0
    held : `evidence.held` of the table
    """
    n, later, victim = _keys(table, held)
    of_record = np.argsort(n, kind="stable")
    starts = np.searchsorted(n[of_record], np.arange(0, table.height + RECORDS, RECORDS))
    for first, end in pairwise(starts):
        rows = of_record[first:end]
        many = later[rows]
        one = np.repeat(rows, many)
        other = np.repeat(rows + 1 - (np.cumsum(many) - many), many) + np.arange(many.sum())  # later ones of its key
        meant = (n[one] < n[other]) & ~(victim[one] & victim[other])
        code = evidence.distinct(n[one[meant]] * table.height + n[other[meant]])
        yield pl.DataFrame(
            {"n": code // table.height, "n_right": code % table.height}, schema={"n": pl.UInt32, "n_right": pl.UInt32}
        )


def _keys(table: pl.DataFrame, held: evidence.Held) -> tuple[IntArray, IntArray, BoolArray]:
    """The keys of each record that some others have and not too many, one after the other.

    Returns
    -------
    n of each row (rises within a key), rows of its key that come later, whether the record is a victim (of VCDB)
    """
    told = held.mentions.select("n", key="word")
    dated = table.select("n", "targets", "wording", "date_precision", day="first")
    to_day = dated.filter(pl.col("date_precision") == "day").with_columns(pl.col("day").cast(pl.String))
    target = to_day.select("n", "day", "targets").explode("targets").select("n", key=pl.col("day") + pl.col("targets"))
    twins = to_day.filter(pl.col("wording") != "").select("n", key=pl.col("wording") + pl.col("day"))
    of_vcdb = (table["source_id"] == "vcdb").to_numpy()
    found = []
    for keys in (told, held.links, target, held.dyads):
        n, later = _shared(keys, MOST)
        found.append((n, later, of_vcdb[n]))
    n, later = _shared(twins, evidence.LINK_BLOCK)
    found.append((n, later, np.zeros(n.size, bool)))
    ns, laters, victims = zip(*found, strict=True)
    return np.concatenate(ns), np.concatenate(laters), np.concatenate(victims)


def _shared(keys: pl.DataFrame, most: int) -> tuple[IntArray, IntArray]:
    """The rows, once each, whose key two to `most` records have, key by key, n rising: n, and the key's later rows."""
    held = keys.select("n", "key").drop_nulls()
    if held.schema["key"] == pl.String:
        held = held.with_columns(pl.col("key").cast(pl.Categorical).to_physical())
    # both in one number, since numbers sort several times as fast as rows
    packed = evidence.distinct(held.select(pl.col("key").cast(pl.Int64) * 2**32 + pl.col("n")).to_series().to_numpy())
    begins = np.flatnonzero(np.diff(packed >> 32, prepend=-1))
    many = np.diff(begins, append=packed.size)
    later = np.repeat(begins + many, many) - np.arange(packed.size) - 1
    kept = np.repeat((many >= 2) & (many <= most), many)
    return packed[kept] & (2**32 - 1), later[kept]
