"""Scored pairs to incidents: what is accepted joins, the best first, and a false union is refused rather than risked.

How a pair is scored is in `matching`, how the records of an incident become one row in `merge`.
"""

from __future__ import annotations

from collections import defaultdict

import polars as pl

from pipelines.incidents import matching


def incidents_of(records: pl.DataFrame, decided: pl.DataFrame | None = None) -> pl.DataFrame:
    """The incident of every record: record_id, incident_id (the first record of the incident in the order of trackers).

    `decided` holds pairs that a person compared (core.record_links); they go before the score.

    Accepted pairs join clusters, the best first. A union is refused if it would bring two records of one tracker
    together that are not an accepted pair themselves, so chains of half-likenesses end where they revisit a tracker.
    """
    order = matching.prepared(records).select("record_id", "source_id")
    rank = {record: n for n, record in enumerate(order["record_id"])}
    source = dict(order.iter_rows())
    scored = matching.match(records).filter("accepted").select("record_id", "record_id_right").rows()
    same, apart = _decided(records, decided, rank)
    decided_pairs = apart.union(same)
    pairs = [*same, *(pair for pair in scored if pair not in decided_pairs)]
    direct = set(pairs)
    head = {record: record for record in rank}
    members: dict[str, list[str]] = {}  # of records that were in a pair: most are alone
    for left, right in pairs:
        first, second = sorted((head[left], head[right]), key=rank.__getitem__)
        some, others = members.setdefault(first, [first]), members.setdefault(second, [second])
        if first == second or not _may_join(some, others, source, direct, rank):
            continue
        for record in others:
            head[record] = first
        some += members.pop(second)
    return pl.DataFrame({"record_id": list(head), "incident_id": list(head.values())})


def _decided(
    records: pl.DataFrame, decided: pl.DataFrame | None, rank: dict
) -> tuple[list[tuple[str, str]], set[tuple[str, str]]]:
    """Pairs found to be one incident, and to be two, of the vintages at hand; each in the order of records."""
    if decided is None or decided.is_empty():
        return [], set()
    here = records.select("record_id", "vintage")
    known = decided.join(here, on=["record_id", "vintage"], how="semi").join(
        here, left_on=["other_record_id", "other_vintage"], right_on=["record_id", "vintage"], how="semi"
    )
    pairs = {
        (min(one, other, key=rank.__getitem__), max(one, other, key=rank.__getitem__)): same
        for one, other, same in known.select("record_id", "other_record_id", "same").iter_rows()
    }
    return [pair for pair, same in pairs.items() if same], {pair for pair, same in pairs.items() if not same}


def _may_join(some: list, others: list, source: dict, direct: set, rank: dict) -> bool:
    by_source = defaultdict(list)
    for record in some:
        by_source[source[record]].append(record)
    return all(
        (min(one, other, key=rank.__getitem__), max(one, other, key=rank.__getitem__)) in direct
        for other in others
        for one in by_source[source[other]]
    )
