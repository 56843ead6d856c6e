"""A broken reference file is refused with one line: file, row, field, value, what is allowed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines import plain_tables, reference
from pipelines.errors import InputError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "data" / "reference"
    shutil.copytree(reference.FOLDER, target)
    shutil.copytree(reference.FOLDER.parent / "sources", target.parent / "sources")
    return target


def edit(folder: Path, name: str, row: int, column: str, value: str) -> None:
    """Put a value into a cell; row 1 is the header. The shipped files have no comma before the columns edited here."""
    path = folder / f"{name}.csv"
    lines = path.read_text(encoding="utf-8").split("\n")
    cells = lines[row - 1].split(",")
    cells[lines[0].split(",").index(column)] = value
    lines[row - 1] = ",".join(cells)
    path.write_text("\n".join(lines), encoding="utf-8")


def refusal(folder: Path, name: str) -> InputError:
    with pytest.raises(InputError) as one:
        reference.load(name, folder)
    with pytest.raises(InputError) as all_of_them:
        reference.load_all(folder)
    assert str(one.value) == str(all_of_them.value)
    assert "\n" not in str(one.value)
    assert f"{name}.csv" in str(one.value)
    return one.value


@pytest.mark.parametrize(
    ("name", "row", "column", "value", "rule"),
    [
        ("gdp", 5, "gdp_usd_bn_current", "abc", "type"),
        ("gdp", 5, "gdp_usd_bn_current", "inf", "type"),
        ("gdp", 5, "gdp_usd_bn_current", "nan", "type"),
        ("gdp", 5, "gdp_usd_bn_current", "1e999", "type"),
        ("gdp", 5, "gdp_usd_bn_current", "1.2.3", "type"),
        ("gdp", 5, "gdp_usd_bn_current", "-4", "above"),
        ("gdp", 5, "gdp_usd_bn_current", "", "not_empty"),
        ("gdp", 5, "year", "2001.5", "type"),
        ("gdp", 5, "iso3", "QQQ", "known_economy"),
        ("gdp", 5, "iso3", "abw", "form"),
        ("gdp", 5, "source", "nobody", "known_source"),
        ("gdp", 5, "verified", "yes", "type"),
        ("internet_users", 3, "users_share", "80", "range"),
        ("population", 3, "population", "0", "at_least"),
        ("blocs", 2, "bloc", "Commonwealth", "one_of"),
        ("treaty_status", 2, "signed_on", "23.11.2001", "type"),
        ("treaty_status", 2, "ratified_from", "2001-02-30", "type"),
        ("treaty_status", 2, "ratified_on", "2001-01-01", "signed_on_first"),
        ("treaty_status", 2, "ratified_from", "", "interval"),
        ("treaty_status", 2, "treaty", "CETS189", "one_of"),
        ("incident_counts", 4, "incidents", "0", "above"),
        ("incident_counts", 4, "origin_iso3", "WLD", "known_economy"),
        ("regional_loss_shares", 3, "high_usd_bn", "20400", "loss_below_gdp"),
        ("regional_loss_shares", 3, "high_usd_bn", "100", "low_usd_bn_first"),
        ("event_timelines", 2, "event_id", "moonlight", "known_event"),
        ("exchange_rates", 2, "usd_per_unit", "0", "above"),
        ("us_cpi", 2, "months", "13", "range"),
        ("economy_aliases", 2, "iso3", "", "code_of_economy"),
        ("ic3_totals", 3, "loss_usd", "", "loss_published"),
        ("claim_bases", 2, "usd_bn", "", "one_figure"),
    ],
)
def test_a_bad_cell_is_named(folder: Path, name: str, row: int, column: str, value: str, rule: str) -> None:
    edit(folder, name, row, column, value)
    error = refusal(folder, name)
    assert (error.row, error.column, error.rule) == (row, column, rule)
    assert error.allowed
    if value:
        assert value in str(error)


def test_a_loss_above_the_gdp_of_its_geography_is_refused(folder: Path) -> None:
    path = folder / "estimates.csv"
    text = path.read_text(encoding="utf-8")
    assert ",USD,57,,109,1,57,,109," in text
    # US GDP of 2016 is 18,805 bn.
    path.write_text(text.replace(",USD,57,,109,1,57,,109,", ",USD,57,,19000,1,57,,19000,"), encoding="utf-8")
    error = refusal(folder, "estimates")
    assert (error.column, error.rule, error.value) == ("high_usd_bn", "loss_below_gdp", 19000)
    assert text.split("\n")[error.row - 1].startswith("cea_2018,")
    assert "18804.9" in error.allowed


def test_a_missing_column_is_named(folder: Path) -> None:
    path = folder / "us_cpi.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("year,index,", "year,level,"), encoding="utf-8")
    error = refusal(folder, "us_cpi")
    assert (error.row, error.column, error.rule) == (1, "index", "column_missing")


def test_an_unknown_column_is_named(folder: Path) -> None:
    path = folder / "exchange_rates.csv"
    lines = path.read_text(encoding="utf-8").strip().split("\n")
    path.write_text("\n".join([lines[0] + ",mood"] + [line + ",good" for line in lines[1:]]), encoding="utf-8")
    assert refusal(folder, "exchange_rates").rule == "column_unknown"


def test_a_duplicate_key_is_named_with_its_second_row(folder: Path) -> None:
    path = folder / "gdp.csv"
    lines = path.read_text(encoding="utf-8").strip().split("\n")
    path.write_text("\n".join([*lines, lines[9]]) + "\n", encoding="utf-8")
    error = refusal(folder, "gdp")
    assert (error.row, error.rule) == (len(lines) + 1, "duplicate_key")
    assert lines[9].split(",")[0] in str(error)


def test_aggregates_among_the_economies_are_refused(folder: Path) -> None:
    # An aggregate smuggled in under a code of its own would pass the sum test only if it were small.
    edit(folder, "gdp", 5, "gdp_usd_bn_current", "33000")
    error = refusal(folder, "gdp")
    assert error.rule == "sum_of_economies"


def test_two_used_rows_of_one_publisher_are_refused(folder: Path) -> None:
    path = folder / "estimates.csv"
    text = path.read_text(encoding="utf-8")
    before = ",1090,,vendor,false,"
    assert before in text
    path.write_text(text.replace(before, ",1090,,vendor,true,"), encoding="utf-8")
    assert refusal(folder, "estimates").rule == "one_row_a_publisher"


def test_a_conversion_that_does_not_follow_from_the_rate_is_refused(folder: Path) -> None:
    path = folder / "exchange_rates.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("GBP,2010,1.5461", "GBP,2010,1.6"), encoding="utf-8")
    with pytest.raises(InputError) as error:
        reference.load("estimates", folder)
    assert error.value.rule == "known_rate"


def test_a_record_of_the_wrong_width_is_refused(folder: Path) -> None:
    path = folder / "us_cpi.csv"
    path.write_text(path.read_text(encoding="utf-8") + "2030,300,12,us_cpi,true,extra,cells\n", encoding="utf-8")
    assert refusal(folder, "us_cpi").rule == "csv"


def test_a_file_that_is_not_utf8_is_refused(folder: Path) -> None:
    path = folder / "economies.csv"
    path.write_bytes(path.read_bytes().replace("Türkiye".encode(), "Türkiye".encode("latin-1")))
    assert refusal(folder, "economies").rule == "csv"


def test_a_file_of_more_than_16_mb_is_refused_before_it_is_read(folder: Path) -> None:
    """A hole of a terabyte: reading it would end the process."""
    path = folder / "gdp.csv"
    with path.open("r+b") as file:
        file.truncate(2**40)
    with pytest.raises(InputError) as of_names:
        plain_tables.rows(path, "iso3")
    for refused in (refusal(folder, "gdp"), of_names.value):
        assert (refused.rule, refused.value, refused.allowed) == ("size", "1,048,576.0 MB", "at most 16 MB")


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "blocs.csv").unlink()
    assert refusal(folder, "blocs").rule == "file_exists"


def test_an_unknown_table_is_named() -> None:
    with pytest.raises(InputError, match="known_table"):
        reference.load("weather")
