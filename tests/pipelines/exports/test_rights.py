"""What may be passed on: rows of sources that say yes, and everything that we computed."""

import csv
import json

import pytest

from pipelines.assets.publication import SCHEMAS
from pipelines.exports import folder, rights
from pipelines.exports.edition import Edition, Table
from pipelines.schemas.tables import source_of
from pipelines.views import VIEWS


def test_the_tables_of_rows_of_sources_are_staging_incidents_losses_and_rejects():
    """A new table that rests on records is held back; if that is wrong for it, rights.COUNTS and this list say so."""
    described = [(str(schema.name), source_of(schema)) for schema in SCHEMAS]
    described += [(f"main.{view.name}", view.comment.rpartition(". Source: ")[2]) for view in VIEWS]
    tables = [Table(*name.split("."), "", source, ()) for name, source in described]
    found = rights.of_sources(Edition({}, {table.name: table for table in tables}, {}))
    assert {name for name in found if not name.startswith("staging.")} == {
        *("core.incidents", "core.incident_parties", "core.incident_records", "core.losses", "meta.rejects"),
        *("incidents", "losses"),
    }
    assert {name for name, _ in described if name.startswith("staging.")} <= found


def exported_rows(exported, name):
    with (exported.folder / "csv" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def test_rows_go_where_every_source_behind_them_says_yes(exported):
    assert exported_rows(exported, "core_losses") == [["open", "1.0"], ["open", "2.0"]]
    assert exported_rows(exported, "core_incidents") == [["a", '["open"]']]
    assert exported_rows(exported, "losses") == [["open", "3.0"]]


def test_what_is_computed_goes_whole_and_counts_do_too(exported):
    assert len(exported_rows(exported, "model_counterfactual")) == 3
    assert exported_rows(exported, "meta_source_tables") == [["shut", "7"]]


def test_no_format_has_a_row_that_may_not_go(exported):
    for path in exported.folder.rglob("*"):
        if path.is_file() and path.suffix != ".xlsx":
            assert b"not theirs to give" not in path.read_bytes(), path
    assert not list(exported.folder.rglob("*nobody_knows*"))


def test_what_is_left_out_is_named_with_its_reason_in_every_place(exported):
    told = "\n".join(exported.lines)
    readme = (exported.folder / "README.txt").read_text(encoding="utf-8")
    package = json.loads((exported.folder / "csv" / "datapackage.json").read_text(encoding="utf-8"))
    left = {item["table"]: item for item in package["leftOut"]}
    for words in ("maybe (not confirmed)", "shut (no)", "nowhere (not in meta.sources)", "core.losses (4 of 6 rows)"):
        assert words in told and words in readme
    assert left["core.losses"]["rows"] == 4 and "maybe (not confirmed)" in left["core.losses"]["sources"]
    assert "a source that no column names" in left["core.nobody_knows"]["sources"]
    assert "staging.shut_rows" in left and "staging.open_rows" in readme
    assert "core.empty" in told


def test_rows_as_a_source_wrote_them_go_when_named_and_allowed(hostile_store, tmp_path):
    target = tmp_path / "out"
    folder.export(str(target), formats=["csv"], tables=["staging.*"])
    assert [path.name for path in sorted((target / "csv").glob("*.csv"))] == ["staging_open_rows.csv"]


def test_a_table_that_may_not_go_at_all_is_refused_with_the_reason(hostile_store, tmp_path):
    with pytest.raises(Exception, match=r"shut \(no\)"):
        folder.export(str(tmp_path / "out"), tables=["staging.shut_rows"])
    assert not (tmp_path / "out").exists()
