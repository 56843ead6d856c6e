"""A parsed table is split: each row is kept, rejected with rule and text, or merged; a bad table is refused."""

from __future__ import annotations

from datetime import date

import pandera.polars as pa
import polars as pl
import pytest

from pipelines import ingest, vocabulary
from pipelines.cards import Card
from pipelines.schemas import staging
from pipelines.schemas.staging import coded, field, row_rule, staging_table

AS_OF = date(2023, 4, 24)
CARD = Card(
    source_id="made_up",
    title="t",
    producer="p",
    citation="c",
    url="https://example.org",
    licence="none",
    redistributable="no",
    cadence="yearly",
    expected_years={"table": "made_up_rows", "column": "year", "first": 2020, "lag": 1},
    files=[{"name": "*.csv", "url": "https://example.org/a.csv", "tables": {"made_up_rows": "parse"}}],
)


def schema(repeats: str = "reject") -> pa.DataFrameSchema:
    return staging_table(
        "made_up_rows",
        "Rows made up; one row is one",
        "made_up",
        field("id", pl.String, "label", "its id"),
        field("year", pl.Int64, "year", "its year"),
        field(
            "amount",
            pl.Float64,
            "USD",
            "money",
            nullable=True,
            checks=[pa.Check.in_range(0, 1e11, name="amount_range")],
        ),
        field("start", pl.Date, "date", "first day", nullable=True),
        field("end", pl.Date, "date", "last day", nullable=True),
        coded("countries", "who", to="economies", many=True),
        key=["id"],
        repeats=repeats,
        rules=[row_rule("date_order", "end", pl.col("end") < pl.col("start"), "an end on or after the start")],
    )


def raw(*rows: dict) -> pl.DataFrame:
    whole = {"id": "a", "year": "2020", "amount": "1", "start": "2020-01-05", "end": "2020-01-06", "countries": ["FRA"]}
    kinds = {name: pl.List(pl.String) if name == "countries" else pl.String for name in whole}
    table = pl.DataFrame([whole | row for row in rows], schema=kinds)
    return table.with_row_index("row_number", offset=2).cast({"row_number": pl.Int64})


def split(*rows: dict, repeats: str = "reject") -> tuple[ingest.Table, pl.DataFrame]:
    words = vocabulary.load()
    table, rejects = ingest.split(raw(*rows), schema(repeats), "made_up", "2023", AS_OF, words)
    assert table.rows_in == table.kept.height + table.rows_rejected + table.rows_merged
    return table, rejects


@pytest.mark.parametrize(
    ("row", "column", "rule", "value"),
    [
        ({"amount": "1,5"}, "amount", "type", "1,5"),
        ({"amount": "nan"}, "amount", "type", "nan"),
        ({"amount": "inf"}, "amount", "type", "inf"),
        ({"amount": "1e999"}, "amount", "type", "1e999"),
        ({"amount": "1000000000000"}, "amount", "amount_range", "1000000000000"),
        ({"amount": "-3"}, "amount", "amount_range", "-3"),
        ({"year": "20 20"}, "year", "type", "20 20"),
        ({"year": None}, "year", "required", ""),
        ({"start": "2020-02-30"}, "start", "type", "2020-02-30"),
        ({"start": "2102-01-01", "end": None}, "start", "date_after_release", "2102-01-01"),
        ({"start": "1204-01-01"}, "start", "date_before_1900", "1204-01-01"),
        ({"start": "2020-01-07"}, "end", "date_order", "2020-01-06"),
        ({"countries": ["FRA", "Atlantis"]}, "countries", "known_economy", "Atlantis"),
    ],
)
def test_a_row_that_breaks_a_rule_is_rejected_with_the_rule_and_the_text_of_the_source(row, column, rule, value):
    table, rejects = split({"id": "good"}, {"id": "bad"} | row)
    assert table.kept["id"].to_list() == ["good"]
    (found,) = rejects.rows(named=True)
    assert found == {
        "source_id": "made_up",
        "vintage": "2023",
        "table_name": "made_up_rows",
        "row_number": 3,
        "column_name": column,
        "rule": rule,
        "value": value,
    }


def test_a_row_that_breaks_two_rules_counts_once_among_the_rejected_and_twice_among_the_rejects():
    table, rejects = split({"id": "bad", "amount": "x", "start": "2020-09-09"}, {"id": "good"})
    assert table.rows_rejected == 1
    assert sorted(rejects["rule"]) == ["date_order", "type"]


def test_a_row_repeated_in_every_column_is_merged_and_one_that_differs_is_rejected():
    table, rejects = split({}, {}, {"amount": "2"})
    assert (table.kept.height, table.rows_merged, table.rows_rejected) == (1, 1, 1)
    assert rejects["rule"].to_list() == ["duplicate_key"]
    assert rejects["value"].to_list() == ["a"]


def test_a_table_that_merges_keeps_the_first_of_a_key():
    table, rejects = split({"amount": "1"}, {"amount": "2"}, repeats="merge")
    assert table.kept["amount"].to_list() == [1.0]
    assert (table.rows_merged, rejects.height) == (1, 0)


def test_an_unknown_date_breaks_no_order():
    table, _ = split({"end": None})
    assert table.kept.height == 1


def check(monkeypatch, *rows: dict, last: dict[str, int] | None = None) -> None:
    """Returns for a table that is accepted, raises for one that is refused."""
    monkeypatch.setattr(ingest, "tables_of", lambda _: {"made_up_rows": schema()})
    return ingest.check_table(CARD, "made_up_rows", *split(*rows), AS_OF, last or {})


YEARS = ({"id": "a", "year": "2020"}, {"id": "b", "year": "2021"}, {"id": "c", "year": "2022"})


def test_a_table_with_every_year_from_the_first_to_last_year_passes(monkeypatch):
    assert check(monkeypatch, *YEARS) is None


@pytest.mark.parametrize(
    ("rows", "last", "rule"),
    [
        (YEARS[:2], {}, "expected_years"),
        (YEARS, {"made_up_rows": 7}, "rows_shrank"),
        ([{**row, "amount": "?"} for row in YEARS[:2]] + [YEARS[2]], {}, "mostly_rejected"),
    ],
)
def test_a_table_that_breaks_a_rule_of_its_own_is_refused_in_one_line(monkeypatch, rows, last, rule):
    with pytest.raises(ingest.Refused) as refused:
        check(monkeypatch, *rows, last=last)
    assert refused.value.rule == rule
    assert "\n" not in str(refused.value)
    assert str(refused.value).startswith("made_up: table made_up_rows: ")


def test_a_table_without_rows_is_refused_unless_it_may_be_empty(monkeypatch):
    empty = ingest.Table(pl.DataFrame(), 0, 0, 0)
    monkeypatch.setattr(ingest, "tables_of", lambda _: {"made_up_rows": schema()})
    with pytest.raises(ingest.Refused, match="has_rows"):
        ingest.check_table(CARD, "made_up_rows", empty, pl.DataFrame(schema=ingest.REJECTS), AS_OF, {})


def test_a_column_that_the_schema_needs_and_the_parser_lacks_refuses_the_table():
    with pytest.raises(ingest.Refused, match="no amount"):
        ingest.split(raw({}).drop("amount"), schema(), "made_up", "2023", AS_OF, vocabulary.load())


def test_every_staging_table_belongs_to_its_source_and_describes_every_column():
    for source_id in staging.source_ids():
        for name, table in staging.tables_of(source_id).items():
            assert name.startswith(source_id)
            assert table.metadata["source"] == source_id
            assert table.description
            for column in table.columns.values():
                assert column.description
