"""A run on the mirror: seventeen sources, every row accounted for, the same answer as from shipped figures."""

from __future__ import annotations

import json
import runpy
import shutil
from pathlib import Path

import duckdb
import polars as pl
import pytest
from click.testing import CliRunner
from polars.testing import assert_frame_equal

from pipelines import cookbook, kept_inputs, loss_shapes, recompute, store
from pipelines.cli import main
from pipelines.manifest import month
from pipelines.schemas.risk import RISK

pytestmark = pytest.mark.mirror
RUN = ["run", "--scenario", "op_ed_convention", "--draws", "64", "--seed", "7"]


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A store with every source landed from the mirror and one small run on it."""
    folder = tmp_path_factory.mktemp("records")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CYBERACCORD_HOME", str(folder))
        patch.setenv("DAGSTER_HOME", str(folder / "dagster"))
        fetched = CliRunner().invoke(main, ["refresh"])
        assert fetched.exit_code == 0, fetched.output
        assert "17 sources: 17 landed" in fetched.output
        outcome = CliRunner().invoke(main, RUN)
        assert outcome.exit_code == 0, outcome.output
    return folder


@pytest.fixture
def at(home, monkeypatch) -> Path:
    monkeypatch.setenv("CYBERACCORD_HOME", str(home))
    monkeypatch.setenv("DAGSTER_HOME", str(home / "dagster"))
    return home


def ask(home: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(home / "published" / "cyberaccord.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_all_seventeen_sources_are_on_hand_with_counts_that_add_up(at):
    rows = ask(at, "select rows_in, rows_kept + rows_rejected + rows_merged from meta.sources where basis = 'records'")
    assert len(rows) == 17
    assert all(rows_in == accounted for rows_in, accounted in rows)
    told = CliRunner().invoke(main, ["sources"]).output
    assert "17 of 17 on hand" in told


def test_every_staging_table_is_accounted_for_and_its_rejects_are_listed(at):
    lost = ask(
        at,
        """
        select table_name from meta.source_tables
        where rows_in <> rows_kept + rows_rejected + rows_merged
           or rows_rejected <> (select count(distinct row_number) from meta.rejects r
                                where r.table_name = source_tables.table_name)
        """,
    )
    assert lost == []


def test_rejects_read_as_the_list_of_defects(at):
    assert dict(ask(at, "select rule, count(*) from meta.rejects group by all")) == {
        "other_crime": 162,
        "currency_missing": 97,
        "date_order": 84,
        "column_shifted": 7,
        "initiator_in_dyad": 4,
        "day_of_month": 4,
        "year_before_1990": 3,
        "amount_range": 1,
        "duplicate_key": 1,
    }


def test_records_give_the_answer_that_the_shipped_figures_give(at, small_run):
    """The shipped figures were computed from these vintages in the same way."""
    sql = "select * exclude (unit) from headline order by scenario"
    with duckdb.connect(str(small_run.database), read_only=True) as connection:
        shipped = connection.execute(sql).fetchall()
    assert ask(at, sql) == shipped
    for name in ("model.exceedance", "model.annual_loss", "model.frequency"):
        sql = f"select columns(lambda c: c <> 'basis') from {name} order by all"
        with duckdb.connect(str(small_run.database), read_only=True) as connection:
            expected = connection.execute(sql).fetchall()
        found = ask(at, sql)
        assert len(found) == len(expected), name
        for one, other in zip(found, expected, strict=True):
            assert [x for x in one if not isinstance(x, float)] == [x for x in other if not isinstance(x, float)], name
            numbers = [x for x in other if isinstance(x, float)]
            assert [x for x in one if isinstance(x, float)] == pytest.approx(numbers, rel=1e-5), name  # six digits ship
    for name in ("core.incidents_per_quarter", "core.incident_types", "model.all_events"):
        sql = f"select columns(lambda c: c <> 'basis') from {name} order by all"
        with duckdb.connect(str(small_run.database), read_only=True) as connection:
            assert ask(at, sql) == connection.execute(sql).fetchall(), name
    assert ask(at, "select distinct basis from core.incident_types") == [("records of vintages on this machine",)]
    for name in ("gdp", "internet_users", "rule_of_law", "us_cpi", "population", "incident_counts"):
        with duckdb.connect(str(small_run.database), read_only=True) as connection:
            expected = connection.execute(f"from core.{name} order by all").fetchall()
        assert ask(at, f"from core.{name} order by all") == expected, name


def test_records_give_the_shape_of_severities_that_ships(at, small_run):
    """Three significant digits ship; the points are the same with records and without."""
    for name in loss_shapes.KEYS:
        columns = [field for field in RISK[name].columns if field != "basis"]
        order = ", ".join(("source_id", *loss_shapes.KEYS[name]))
        sql = f"select {', '.join(columns)} from model.{name} order by {order}"
        with duckdb.connect(str(small_run.database), read_only=True) as connection:
            shipped = pl.DataFrame(connection.execute(sql).fetchall(), schema=columns, orient="row")
        found = pl.DataFrame(ask(at, sql), schema=columns, orient="row")
        assert set(ask(at, f"select basis from model.{name}")) == {("records",)}
        rounded = pl.selectors.float() - pl.selectors.by_name("probability", require_all=False)
        assert_frame_equal(found.with_columns(rounded.round_sig_figs(3)), shipped, rel_tol=1e-12)


def test_a_figure_leads_to_a_row_of_a_source(at):
    """The query of the README: from who attacks whom to source, vintage and row."""
    rows = ask(
        at,
        """
        select r.source_id, r.vintage, r.row_number
        from core.incident_parties as o
        join core.incident_parties as t using (incident_id)
        join core.incident_records as r using (incident_id)
        where o.role = 'initiator' and o.iso3 = 'RUS' and t.role = 'target' and t.iso3 = 'USA'
          and r.source_id = 'eurepoc' and r.threat_class = 'state'
        """,
    )
    assert ("eurepoc", "1.1", 1276) in rows  # SolarWinds, line 1276 of the file
    (staged,) = ask(at, "select incident_id, row_number from staging.eurepoc_incidents where row_number = 1276")
    assert staged == (1254, 1276)


def test_the_manifest_names_each_vintage_and_the_report_says_that_records_were_used(at):
    (row,) = ask(at, "select run_id, vintages from meta.runs")
    vintages = json.loads(row[1])
    assert len(vintages) == 17
    manifest = json.loads((at / "runs" / row[0] / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["vintages"] == vintages
    assert (manifest["basis"]["eurepoc"], manifest["basis"]["csis_2020"]) == ("records", "reference")
    page = (at / "published" / "report" / "index.html").read_text(encoding="utf-8")
    assert "Who attacks whom is counted from the trackers’ own records" in page


def test_the_inputs_kept_with_the_run_give_its_headline_again(at, tmp_path):
    ((run_id,),) = ask(at, "select run_id from meta.runs")
    basis = kept_inputs.of_run(run_id)
    assert len(basis.vintages) == 17
    environment = kept_inputs.lay_out(tmp_path, basis, basis)
    answer = recompute.headlines(tmp_path, environment, ["op_ed_convention"], basis.day, [(basis.draws, basis.seed)])
    published = ask(at, "select scenario, mechanisms, p50, avoided_loss from headline where scenario <> 'status_quo'")
    assert answer.refused == {}
    found = {key: (own["p50"], own["mean"]) for key, own in answer.values[0].items()}
    expected = {(scenario, mechanisms): pytest.approx(own, rel=1e-12) for scenario, mechanisms, *own in published}
    assert found == expected


def test_payments_of_ransom_are_all_in_the_losses_observed_apart_from_imputed(at):
    rows = dict(ask(at, "select observed, count(*) from core.losses where source_id = 'ransomwhere' group by all"))
    assert rows == {True: 14_202, False: 1_133}


def test_the_questions_of_the_cookbook_that_need_records_have_rows(at):
    with duckdb.connect(str(at / "published" / "cyberaccord.duckdb"), read_only=True) as connection:
        needing = [entry for entry in cookbook.load() if entry.needs == cookbook.VINTAGES]
        assert needing and all(cookbook.answer(connection, entry).rows for entry in needing)


def test_the_notebook_walks_from_a_share_to_the_lines_of_the_publishers_file(at, capsys):
    """34 records of EuRepoC 1.1 name Russia against the United States in class state, three of them with one more."""
    pytest.importorskip("marimo")
    runpy.run_path(str(store.ROOT / "docs" / "notebooks" / "from_a_figure_to_its_rows.py"), run_name="__main__")
    assert (
        "32.5 is the sum of the weights of 34 records, the first at line 40 of vintage 1.1" in capsys.readouterr().out
    )


def test_a_run_as_of_a_day_uses_what_stood_then_and_says_where_shipped_figures_stand(at, tmp_path, monkeypatch):
    import shutil

    copy = tmp_path / "home"
    shutil.copytree(at, copy, ignore=shutil.ignore_patterns("published", "runs", "dagster"))
    monkeypatch.setenv("CYBERACCORD_HOME", str(copy))
    monkeypatch.setenv("DAGSTER_HOME", str(copy / "dagster"))
    outcome = CliRunner().invoke(main, [*RUN, "--as-of", "2021-06-30"])
    assert outcome.exit_code == 0, outcome.output
    rows = ask(copy, "select source_id, basis, vintage, basis_note from meta.sources")
    basis = {name: (how, vintage, note) for name, how, vintage, note in rows}
    assert basis["vcdb"][:2] == ("records", "2020-03-07")
    assert basis["eurepoc"][0] == "reference"  # released in 2023
    assert basis["worldbank_gdp"][:2] == ("reference", "2018-03-01")
    assert "ends in 2016, before the base year 2020" in basis["worldbank_gdp"][2]
    assert ask(copy, "select gdp_usd_bn_current from core.gdp where iso3 = 'WLD' and year = 2020")[0][0] > 80_000


def replayed() -> str:
    """`cyberaccord replay` of the edition of this month, which must find nothing that differs."""
    outcome = CliRunner().invoke(main, ["replay", month()])
    assert outcome.exit_code == 0, outcome.output
    assert "rule: exact, the class of machine is that of the run" in outcome.stdout
    return outcome.stdout.splitlines()[-1]


def test_the_edition_is_replayed_to_the_last_bit_from_the_vintages_kept(at):
    assert replayed().endswith("identical: PASS")


def test_an_edition_as_of_a_day_is_replayed_with_the_vintages_that_stood_then(at, tmp_path, monkeypatch):
    own = tmp_path / "store"
    shutil.copytree(at / "vintages", own / "vintages")
    monkeypatch.setenv("CYBERACCORD_HOME", str(own))
    monkeypatch.setenv("DAGSTER_HOME", str(own / "dagster"))
    outcome = CliRunner().invoke(main, [*RUN, "--as-of", "2023-06-30"])
    assert outcome.exit_code == 0, outcome.output
    [kept] = [json.loads(path.read_bytes()) for path in own.glob("runs/*/manifest.json")]
    assert 0 < len(kept["vintages"]) < 17
    assert replayed().endswith("identical: PASS")
