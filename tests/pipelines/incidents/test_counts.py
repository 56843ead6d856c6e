"""The counting rule of model.md section 3, on made-up records counted by hand."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.incidents.counts import count, of_trackers, of_union, summary


def records(*rows: tuple[str, list[str], list[str]], source: str = "eurepoc") -> pl.DataFrame:
    kinds = {"threat_class": pl.String, "initiators": pl.List(pl.String), "targets": pl.List(pl.String)}
    table = pl.DataFrame(rows, schema=kinds, orient="row")
    ids = pl.Series("record_id", [f"{source}:{n}" for n in range(table.height)], pl.String)
    return table.with_columns(ids, source_id=pl.lit(source), vintage=pl.lit("1"))


def counted(*rows: tuple[str, list[str], list[str]]) -> dict[tuple[str, str], float]:
    return {(origin, target): weight for _, origin, target, weight in count(records(*rows)).rows()}


def test_each_target_has_weight_one_split_over_the_origins_named():
    assert counted(("state", ["BBB", "CCC"], ["AAA", "BBB"])) == {
        ("BBB", "AAA"): 0.5,
        ("CCC", "AAA"): 0.5,
        ("BBB", "BBB"): 0.5,
        ("CCC", "BBB"): 0.5,
    }


def test_an_incident_without_a_named_origin_is_unattributed():
    assert counted(("state", [], ["AAA"]), ("state", [], ["AAA"])) == {("UNK", "AAA"): 2.0}


def test_an_incident_that_hit_no_economy_counts_nowhere():
    assert counted(("state", ["AAA"], [])) == {}


def test_thirds_add_up_exactly():
    three = [("other", ["AAA", "BBB", "CCC"], ["AAA"])] * 3
    assert counted(*three) == {("AAA", "AAA"): 1.0, ("BBB", "AAA"): 1.0, ("CCC", "AAA"): 1.0}


def test_vcdb_is_counted_for_crime_only():
    table = records(("criminal", ["AAA"], ["BBB"]), ("state", ["AAA"], ["BBB"]), source="vcdb")
    assert of_trackers(table).select("tracker", "threat_class", "incidents").rows() == [("vcdb", "criminal", 1.0)]


def test_the_union_counts_an_incident_of_three_trackers_once_and_needs_all_three():
    table = pl.concat(
        [
            records(("state", ["AAA"], ["BBB"]), ("criminal", ["AAA"], ["BBB"])),
            records(("state", ["AAA"], ["BBB", "CCC"]), source="cfr"),
            records(("state", ["DDD"], ["BBB"]), source="dcid"),
        ]
    )
    one = table.select("record_id", incident_id=pl.lit("eurepoc:0"))
    assert of_union(table, one).select("origin_iso3", "target_iso3", "incidents").rows() == [
        ("AAA", "BBB", 0.5),
        ("AAA", "CCC", 0.5),
        ("DDD", "BBB", 0.5),
        ("DDD", "CCC", 0.5),
    ]
    assert of_union(table.filter(pl.col("source_id") != "dcid"), one).is_empty()


def test_summary_says_how_much_is_unattributed_and_who_leads():
    table = records(*[("criminal", origins, ["AAA"]) for origins in (["BBB"], ["BBB"], ["CCC"], [])])
    row = summary(count(table)).row(0, named=True)
    assert (row["incidents"], row["attributed"], row["share_unattributed"]) == (4, 3, 0.25)
    assert (row["leading_origin"], row["leading_share"]) == ("BBB", pytest.approx(2 / 3))
