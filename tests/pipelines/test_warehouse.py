"""The published database: everything described, swapped in whole, and never spoiled by a failure."""

import hashlib
import json

import duckdb
import polars as pl
import pytest

from pipelines import store, warehouse
from pipelines.assets.publication import FROM_ASSETS, FROM_VINTAGES, SCHEMAS, WRITTEN_LATER
from pipelines.schemas.tables import column, conform, number, table, text


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def ready():
    later = [warehouse.Table(schema, ()) for schema in SCHEMAS if schema.name in WRITTEN_LATER]
    return [*warehouse.tables_on_disk(FROM_ASSETS, store.tables(), FROM_VINTAGES), *later]


def run_row(ask):
    names = [name for (name,) in ask("select column_name from (describe meta.runs)")]
    return dict(zip(names, ask("from meta.runs")[0], strict=True))


def test_every_table_view_column_and_macro_has_a_comment(ask):
    for query in (
        "select table_name from duckdb_tables() where coalesce(comment, '') = ''",
        "select view_name from duckdb_views() where not internal and coalesce(comment, '') = ''",
        "select table_name, column_name from duckdb_columns() where not internal and coalesce(comment, '') = ''",
        "select function_name from duckdb_functions() where not internal and coalesce(comment, '') = ''",
    ):
        assert ask(query) == []


def test_every_number_column_has_a_unit_in_its_comment_and_in_meta_columns(ask):
    numbers = ask(
        "select m.table_schema, m.table_name, m.column_name, m.unit, d.comment from meta.columns m "
        "join duckdb_columns() d on d.schema_name = m.table_schema and d.table_name = m.table_name "
        "and d.column_name = m.column_name where m.type in ('DOUBLE', 'BIGINT', 'INTEGER')"
    )
    assert len(numbers) > 100
    for _, name, field, unit, comment in numbers:
        assert unit and comment.endswith(f"[{unit}]"), (name, field)


def test_meta_columns_lists_exactly_the_published_columns(ask):
    there = ask("select schema_name, table_name, column_name from duckdb_columns() where not internal order by all")
    assert there == ask("select table_schema, table_name, column_name from meta.columns order by all")


def test_the_tables_and_names_of_the_contract_are_there(ask):
    there = {name for (name,) in ask("select schema_name || '.' || table_name from duckdb_tables()")}
    assert {
        *("meta.runs", "meta.sources", "meta.rejects", "meta.priors", "meta.claims", "meta.columns"),
        *("core.countries", "core.gdp", "core.estimates", "core.treaty_status", "core.dyads"),
        *("model.baseline", "model.counterfactual", "model.adoption_path", "model.break_even"),
    } <= there
    views = {name for (name,) in ask("select view_name from duckdb_views() where not internal")}
    assert {"headline", "adoption_curve", "estimates"} <= views
    macros = {name for (name,) in ask("select function_name from duckdb_functions() where not internal")}
    assert {"as_pct_of_gdp", "deflate", "compare", "wilson", "exceedance"} <= macros
    assert [name for (name,) in ask("select column_name from (describe headline)")] == (
        ["scenario", "mechanisms", "avoided_loss", "p05", "p50", "p95", "avoided_share", "p_not_better", "mcse", "unit"]
    )


def test_the_file_opens_in_duckdb_1_5(ask):
    [(tags,)] = ask("select tags from duckdb_databases() where database_name = 'cyberaccord'")
    assert tags["storage_version"].startswith("v1.5")


def test_the_world_is_the_sum_of_its_economies(ask):
    [(gap,)] = ask(
        """
        with sums as (
            select scenario, mechanisms, adoption_metric, adoption_level, year, measure,
                   sum(mean) filter (iso3 = 'WLD') as world, sum(mean) filter (iso3 <> 'WLD') as economies
            from model.counterfactual where effect_set = 'default' and measure <> 'avoided_share' group by all
        ) select max(abs(world - economies)) from sums
        """
    )
    assert gap < 1e-6 * 945


def test_the_baseline_adds_up_to_the_anchor(ask):
    # evidence A1: CSIS 2020 prints a loss of 945
    [(world,)] = ask(
        "select mean from model.baseline where baseline = 'csis_2020_loss' and iso3 = 'WLD' and year = 2020"
    )
    assert world == pytest.approx(945, rel=1e-9)
    [(economies,)] = ask(
        "select sum(mean) from model.baseline where baseline = 'csis_2020_loss' and iso3 <> 'WLD' and year = 2020"
    )
    assert economies == pytest.approx(945, rel=1e-9)


def test_status_quo_avoids_nothing(ask):
    rows = ask("select avoided_loss, p05, p95, avoided_share, p_not_better from headline where scenario = 'status_quo'")
    assert rows == [(0.0, 0.0, 0.0, 0.0, None)]


def test_macros_compute_what_their_comments_say(ask):
    # test target 5: 945 of world GDP 2020 is 1.104 %
    [(percent,)] = ask("select as_pct_of_gdp(945)")
    assert percent == pytest.approx(1.104, abs=0.001)
    # 3 of 10 by Wilson (1927) with z = 1.96: 0.1078 to 0.6032, as statsmodels' proportion_confint gives
    [(wilson,)] = ask("select wilson(3, 10)")
    assert (wilson["share"], round(wilson["lower"], 4), round(wilson["upper"], 4)) == (0.3, 0.1078, 0.6032)
    # CPI-U 2017 = 245.120, 2020 = 258.811 (Bureau of Labor Statistics): 105.585
    [(dollars,)] = ask("select deflate(100, 2017)")
    assert dollars == pytest.approx(105.585, abs=0.01)
    [(difference,)] = ask(
        "select difference from compare('op_ed_convention', 'status_quo') where measure = 'avoided_loss'"
    )
    [(avoided,)] = ask("select avoided_loss from headline where scenario = 'op_ed_convention' and mechanisms = 'all'")
    assert difference == pytest.approx(avoided)


def test_gdp_of_2020_is_the_same_at_current_and_at_2020_prices(ask):
    assert ask("from core.gdp where year = 2020 and abs(gdp_usd_bn_2020 / gdp_usd_bn_current - 1) > 1e-12") == []


def test_a_failed_build_leaves_every_published_file_as_it_was(published, ask):
    row, tables = run_row(ask), ready()
    folder = store.published()
    before = {path: digest(path) for path in folder.rglob("*") if path.is_file()}
    headless = [t for t in tables if t.schema.name != "model.counterfactual"]
    with pytest.raises(duckdb.Error):
        warehouse.publish(headless, row, row["edition"])
    empty = warehouse.Table(next(t.schema for t in tables if t.schema.name == "model.counterfactual"), ())
    with pytest.raises(warehouse.PublicationError, match="headline is empty"):
        warehouse.publish([*headless, empty], row, row["edition"])
    assert {path: digest(path) for path in folder.rglob("*") if path.is_file()} == before


def test_a_reader_keeps_the_file_it_opened_and_the_next_one_sees_the_new_edition(published, ask, tmp_path, monkeypatch):
    row, tables = run_row(ask), ready()
    monkeypatch.setattr(store, "published", lambda: tmp_path)
    warehouse.publish(tables, row, "2026-01")
    with duckdb.connect(str(store.database()), read_only=True) as reader:
        warehouse.publish(tables, {**row, "run_id": "the next run"}, "2026-01")
        assert reader.execute("select run_id from meta.runs").fetchone() == (row["run_id"],)
    with duckdb.connect(str(tmp_path / "editions" / "2026-01.duckdb"), read_only=True) as reader:
        assert reader.execute("select run_id from meta.runs").fetchone() == ("the next run",)


def test_the_last_twelve_editions_are_kept(published, ask, tmp_path, monkeypatch):
    row, tables = run_row(ask), ready()
    monkeypatch.setattr(store, "published", lambda: tmp_path)
    (tmp_path / "editions").mkdir()
    for month in range(1, 13):
        (tmp_path / "editions" / f"2025-{month:02}.duckdb").touch()
    warehouse.publish(tables, row, "2026-01")
    kept = sorted(path.stem for path in (tmp_path / "editions").iterdir())
    assert kept == [*(f"2025-{month:02}" for month in range(2, 13)), "2026-01"]


def test_a_table_that_was_never_made_is_named(tmp_path):
    with pytest.raises(warehouse.PublicationError, match=r"staging\.\w+ has no file"):
        warehouse.tables_on_disk(FROM_ASSETS, tmp_path)


@pytest.mark.parametrize(("value", "words"), [(float("inf"), "finite"), (None, "null"), (float("nan"), "null")])
def test_a_number_that_is_none_is_refused_before_it_is_written(value, words):
    schema = table("model.test", "a table", "nowhere", text("name", "a name"), number("value", "USD", "a number"))
    with pytest.raises(ValueError, match=words):
        conform(pl.DataFrame({"name": ["a"], "value": [value]}, schema_overrides={"value": pl.Float64}), schema)


def test_a_missing_or_unknown_column_is_named_and_a_wrong_type_is_refused():
    schema = table("model.test", "a table", "nowhere", column("n", pl.Int32, "count", "things"))
    with pytest.raises(ValueError, match=r"missing: \['n'\]"):
        conform(pl.DataFrame({"m": [1]}), schema)
    with pytest.raises(pl.exceptions.InvalidOperationError):
        conform(pl.DataFrame({"n": ["many"]}), schema)


def test_priors_and_sources_are_those_of_the_files(ask):
    arguments = {name: json.loads(text) for name, text in ask("select prior_id, arguments from meta.priors")}
    assert arguments["compliance"] == {"a": 2.0, "b": 2.0}
    [(gdp_rows,)] = ask("select rows_in from meta.sources where source_id = 'worldbank_gdp'")
    assert gdp_rows >= 4000
    assert ask("from meta.sources where rows_in <> rows_kept + rows_rejected + rows_merged") == []
