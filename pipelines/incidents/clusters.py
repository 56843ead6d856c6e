"""Scored pairs to incidents: what is accepted joins, the best first, and a false union is refused rather than risked.

How a pair is scored is in `matching`, how the records of an incident become one row in `merge`.
"""

from __future__ import annotations

from collections import defaultdict

import polars as pl

from pipelines.incidents import matching


def incidents_of(records: pl.DataFrame, decided: pl.DataFrame | None = None) -> pl.DataFrame:
    """The incident of every record, in the order of `records`: record_id, incident_id (the first record of the incident
    in the order of trackers).

    `decided` holds pairs that a person compared (core.record_links); they go before the score.

    Accepted pairs join clusters, the best first. A union is refused if it would bring two records of one tracker
    together that are not an accepted pair themselves, so chains of half-likenesses end where they revisit a tracker.
    """
    table = matching.prepared(records)
    source = table["source_id"].to_list()
    accepted = matching.accepted(matching.likely(table)).select("n", "n_right").rows()
    same, apart = _decided(table, decided)
    decided_pairs = apart.union(same)
    pairs = [*same, *(pair for pair in accepted if pair not in decided_pairs)]
    direct = set(pairs)
    head = list(range(table.height))
    members: dict[int, list[int]] = {}  # of records that were in a pair: most are alone
    for left, right in pairs:
        first, second = sorted((head[left], head[right]))
        some, others = members.setdefault(first, [first]), members.setdefault(second, [second])
        if first == second or not _may_join(some, others, source, direct):
            continue
        for record in others:
            head[record] = first
        some += members.pop(second)
    found = table.select("row", "record_id", incident_id=table["record_id"].gather(head))
    return found.sort("row").drop("row")


def _decided(table: pl.DataFrame, decided: pl.DataFrame | None) -> tuple[list[tuple[int, int]], set[tuple[int, int]]]:
    """Pairs found to be one incident, and to be two, of the vintages at hand; each in the order of records."""
    if decided is None or decided.is_empty():
        return [], set()
    here = table.select("record_id", "vintage", "n")
    known = decided.join(here, on=["record_id", "vintage"]).join(
        here, left_on=["other_record_id", "other_vintage"], right_on=["record_id", "vintage"], suffix="_other"
    )
    pairs = {
        (min(one, other), max(one, other)): same
        for one, other, same in known.select("n", "n_other", "same").iter_rows()
    }
    return [pair for pair, same in pairs.items() if same], {pair for pair, same in pairs.items() if not same}


def _may_join(some: list[int], others: list[int], source: list[str], direct: set[tuple[int, int]]) -> bool:
    by_source = defaultdict(list)
    for record in some:
        by_source[source[record]].append(record)
    return all((min(one, other), max(one, other)) in direct for other in others for one in by_source[source[other]])
