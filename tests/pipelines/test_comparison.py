"""Two computations compared: what must be found, and what alone is left out."""

import math

import duckdb
import pytest

from pipelines.comparison.__main__ import lines
from pipelines.comparison.cells import compare
from pipelines.comparison.page import compare_pages, passages
from pipelines.comparison.tables import LEFT_OUT, VOLATILE, Expected, digest, of_database, of_package

BASELINE = 945.0
ALLOWED = 9.45e-10  # 1e-12 of the baseline, USD bn

TABLES = f"""
create schema model; create schema meta; create schema staging;
create table model.loss (iso3 varchar, year integer, mean double, share double, density double, members integer);
insert into model.loss values ('FRA', 2020, 30.5, 0.25, 4000.0, 7), ('DEU', 2020, 41.5, 0.5, null, 8),
    ('ITA', 2021, 'NaN', 0.75, 1.0, null);
create table model.counterfactual (scenario varchar, mechanisms varchar, effect_set varchar, adoption_metric varchar,
    adoption_level double, iso3 varchar, year integer, measure varchar, unit varchar, mean double);
insert into model.counterfactual values ('status_quo', 'law', 'default', 'scenario', 0, 'WLD', 2020, 'loss',
    'USD bn, 2020 prices', {BASELINE}), ('status_quo', 'law', 'default', 'scenario', 0, 'WLD', 2020, 'avoided_share',
    'fraction', 0.5);
create table meta.columns (table_schema varchar, table_name varchar, column_name varchar, unit varchar);
insert into meta.columns values ('model', 'loss', 'mean', 'USD bn, 2020 prices'),
    ('model', 'loss', 'share', 'fraction'), ('model', 'loss', 'density', 'per log point'),
    ('model', 'counterfactual', 'mean', 'as the column unit says');
create table meta.runs (run_id varchar, edition varchar, created_at timestamp, git_commit varchar, seed bigint,
    versions varchar);
insert into meta.runs values ('a', '2026-11', '2026-11-01', 'abc', 7, 'x');
create table staging.rows (name varchar, paid double);
insert into staging.rows values ('one', 1.5), ('two', 2.5);
create table meta.changes (edition_before varchar, value double);
insert into meta.changes values ('2026-10', 1.5);
create view headline as select iso3 as scenario, 'law' as mechanisms, mean from model.loss;
"""
KEYS = {"model.loss": ("iso3", "year"), "meta.runs": ("run_id",)}


@pytest.fixture
def outcomes(tmp_path):
    """Compare an edition with a copy of it that a statement changed; the outcome of each table that differs."""

    def made(change="", exact=True):
        for name in ("old", "new"):
            (tmp_path / f"{name}.duckdb").unlink(missing_ok=True)
            with duckdb.connect(str(tmp_path / f"{name}.duckdb")) as connection:
                connection.execute(TABLES)
                if name == "new" and change:
                    connection.execute(change)
        with duckdb.connect() as connection:
            for name in ("old", "new"):
                connection.execute(f"attach '{tmp_path}/{name}.duckdb' as {name} (read_only)")
            found = compare(connection, of_database(connection, "old", KEYS), "new", exact)
        return {each.table: each for each in found if not each.passed}

    return made


@pytest.mark.parametrize("exact", [True, False])
def test_an_edition_is_the_same_as_itself_missing_values_and_nan_included(outcomes, exact):
    assert outcomes(exact=exact) == {}


def test_a_changed_cell_is_named_with_its_row_column_and_both_values(outcomes):
    found = outcomes("update model.loss set share = 0.5000000000000001 where iso3 = 'DEU'")["model.loss"]
    assert (found.rows, found.differences) == (3, 1)
    assert found.largest == pytest.approx(1.1e-16, rel=0.02)
    [difference] = found.named
    assert str(difference) == "model.loss [iso3=DEU, year=2020] share: expected 0.5, found 0.5000000000000001"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("delete from model.loss where iso3 = 'ITA'", "[iso3=ITA, year=2021]: expected this row, found nothing"),
        (
            "insert into model.loss values ('ESP', 2020, 1, 1, 1, 1)",
            "[iso3=ESP, year=2020]: expected nothing, found this row",
        ),
        ("alter table model.loss drop column density", "density: expected this column, found nothing"),
        ("alter table model.loss add column p05 double", "p05: expected nothing, found this column"),
        ("update model.loss set mean = null where iso3 = 'FRA'", "mean: expected 30.5, found nothing"),
        ("update model.loss set mean = 'NaN' where iso3 = 'FRA'", "mean: expected 30.5, found nan"),
        ("update model.loss set mean = 1 where iso3 = 'ITA'", "mean: expected nan, found 1.0"),
        ("update model.loss set mean = null where iso3 = 'ITA'", "mean: expected nan, found nothing"),
        ("update model.loss set density = 0 where iso3 = 'DEU'", "density: expected nothing, found 0.0"),
        ("update model.loss set mean = 'inf' where iso3 = 'FRA'", "mean: expected 30.5, found inf"),
        ("update model.loss set mean = '-inf' where iso3 = 'ITA'", "mean: expected nan, found -inf"),
        ("update model.loss set members = 9 where iso3 = 'DEU'", "members: expected 8, found 9"),
    ],
)
@pytest.mark.parametrize("exact", [True, False])
def test_rows_columns_and_missing_values_on_one_side_are_found_on_any_machine(outcomes, change, told, exact):
    found = outcomes(change, exact)["model.loss"]
    assert any(told in str(difference) for difference in found.named)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("drop table staging.rows", "staging.rows: expected this table, found nothing"),
        ("create table model.other (x double)", "model.other: expected nothing, found this table"),
    ],
)
def test_a_table_on_one_side_is_found(outcomes, change, told):
    [found] = outcomes(change).values()
    assert [str(difference) for difference in found.named] == [told]


def test_the_table_left_out_is_the_one_against_the_edition_before(outcomes):
    assert set(LEFT_OUT) == {"meta.changes"}
    for change in ("delete from meta.changes", "update meta.changes set value = 2", "drop table meta.changes"):
        assert outcomes(change) == {}


def test_the_columns_left_out_are_those_that_are_listed_and_no_other(outcomes):
    change = (
        "update meta.runs set run_id = 'b', edition = '2027-01', created_at = '2027-01-01', git_commit = null, "
        "versions = 'y'"
    )
    assert outcomes(change) == {}
    assert set(VOLATILE["meta.runs"]) == {"run_id", "edition", "created_at", "git_commit", "versions"}
    assert set(VOLATILE) == {"meta.runs"}
    found = outcomes(change + ", seed = 8")["meta.runs"]
    assert [str(difference) for difference in found.named] == ["meta.runs seed: expected 7, found 8"]


@pytest.mark.parametrize(
    ("column", "moved", "passes"),
    [
        ("mean = 30.5 + 0.9 * 9.45e-10", "money, under 1e-12 of the baseline", True),
        ("mean = 30.5 + 1.1 * 9.45e-10", "money, over it", False),
        ("share = 0.25 + 0.9e-12", "a share, under 1e-12", True),
        ("share = 0.25 + 1.1e-12", "a share, over it", False),
        ("density = 4000 + 3.6e-9", "a large number, under 1e-12 of itself", True),
        ("density = 4000 + 4.4e-9", "a large number, over it", False),
    ],
)
def test_on_another_machine_numbers_may_move_by_a_trillionth_of_what_they_are_measured_against(
    outcomes, column, moved, passes
):
    change = f"update model.loss set {column} where iso3 = 'FRA'"
    assert ("model.loss" not in outcomes(change, exact=False)) is passes, moved
    assert "model.loss" in outcomes(change, exact=True)


def test_money_is_told_by_the_unit_of_the_row_where_the_column_says_so(outcomes):
    change = f"update model.counterfactual set mean = mean + {0.9 * ALLOWED} where measure = "
    assert outcomes(change + "'loss'", exact=False) == {}
    assert set(outcomes(change + "'avoided_share'", exact=False)) == {"model.counterfactual"}


def test_rows_without_a_key_are_paired_in_their_order(outcomes):
    found = outcomes("update staging.rows set name = 'one'")
    assert found["staging.rows"].differences == 2  # a row named two is gone, one named one came


def test_numbers_are_counted_and_missing_ones_are_not(outcomes):
    found = outcomes("update model.loss set share = 0 where iso3 = 'DEU'")["model.loss"]
    # year 3, mean 3 with the NaN, share 3, density 2, members 2
    assert (found.numbers, found.identical) == (13, 12)
    assert math.isclose(found.largest, 0.5)


def test_a_digest_holds_to_the_rows_and_not_to_their_order():
    with duckdb.connect() as connection:
        told = [
            digest(connection, f"(select * from (values {rows}) as v(name, paid))")
            for rows in ("('a', 1.5), ('b', 2)", "('b', 2), ('a', 1.5)", "('a', 1.5), ('b', 2), ('b', 2)", "('a', 2.5)")
        ]
    assert told[0] == told[1]
    assert len(set(told)) == 3


def test_a_table_that_is_not_passed_on_is_compared_by_rows_and_digest(tmp_path):
    with duckdb.connect() as connection:
        connection.execute(f"attach '{tmp_path}/new.duckdb' as new")
        connection.execute("use new")
        connection.execute(TABLES)
        rows, told = digest(connection, "new.staging.rows")
        (tmp_path / "tables.csv").write_text(f"table,rows,key,file,digest\nstaging.rows,{rows},,,{told}\n")
        [table] = of_package(tmp_path)
        assert table == Expected("staging.rows", None, (), 2, told)
        assert compare(connection, [table], "new", True)[0].passed
        connection.execute("update staging.rows set paid = 3 where name = 'two'")
        found = compare(connection, [table], "new", True)[0]
    assert not found.passed
    assert f"2 rows with digest {told}" in str(found.named[0])


def test_the_table_of_outcomes_ends_with_what_it_comes_to(outcomes):
    [found] = outcomes("update model.loss set share = 0.5, members = 0").values()
    *_, rule, end = told = lines([found], True)
    assert "exact" in rule
    assert end == "13 numbers in 1 tables compared, 9 identical: FAIL, 1 of them with differences"
    assert told[1].split()[-1] == "FAIL"
    assert sum("left out: meta.runs, " in line for line in told) == 5
    assert sum("expected" in line for line in told) == 5


PAGE = """<html><head><title>edition 2026-11</title></head><body><style>p { margin: 8px }</style><dl>
<dt>Edition</dt><dd>2026-11</dd><dt>Run</dt><dd>e5b956be</dd></dl><p>Avoids <b>10.3</b> of 945 USD bn</p>
<svg><path d="M0 12"/></svg><p>since 2026-11</p><p>Run e5b956be.</p>
<dl class="hashes"><dt>Run</dt><dd>e5b956be-252f</dd></dl><script>x = 1</script></body></html>"""
RUN = {"run_id": "e5b956be-252f-4360", "edition": "2026-11"}


def test_a_page_is_compared_as_it_is_read_without_what_it_says_of_its_run():
    seen = passages(PAGE, RUN)
    assert seen == [
        *("Edition", "(edition)", "Run", "(run)", "Avoids", "10.3", "of 945 USD bn", "since 2026-11", "Run (run)."),
    ]
    later = PAGE.replace("<dd>2026-11", "<dd>2027-02").replace("e5b956be", "0a0a0a0a").replace("margin: 8", "margin: 9")
    found = compare_pages(seen, passages(later, {"run_id": "0a0a0a0a-1", "edition": "2027-02"}))
    assert (found.differences, found.numbers, found.identical) == (0, 4, 4)  # 10.3, 945, 2026 and 11


def test_a_number_of_the_text_that_moved_is_named_with_its_passage():
    seen = passages(PAGE, RUN)
    found = compare_pages(seen, passages(PAGE.replace("10.3", "10.4").replace("<p>since 2026-11</p>", ""), RUN))
    assert [str(difference) for difference in found.named] == [
        "report.html [passage=6]: expected 10.3, found 10.4",
        "report.html [passage=8]: expected since 2026-11, found nothing",
    ]
    assert (found.numbers, found.identical) == (4, 1)
