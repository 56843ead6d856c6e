"""Checks on what comes in: age by the source's rhythm, columns of the vintage before, totals as published."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from pipelines import cards, reference, store, vintages
from pipelines.assets import checks, source_checks
from pipelines.definitions import defs


@pytest.fixture
def land(tmp_path, monkeypatch):
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path))

    def keep(source_id, label, day, **columns):
        payload = label.encode()
        file = vintages.File("f.csv", len(payload), vintages.sha256(payload))
        vintage = vintages.Vintage(source_id, label, day, datetime.now(UTC), (file,), {}, columns)
        return vintages.land(vintage, {"f.csv": payload})

    return keep


@pytest.mark.parametrize(
    ("source_id", "days", "fresh"),
    [
        ("cisa_kev", 60, True),  # daily
        ("cisa_kev", 61, False),
        ("worldbank_gdp", 550, True),  # yearly
        ("worldbank_gdp", 551, False),
        ("wiod", 9999, True),  # frozen
    ],
)
def test_a_vintage_is_old_by_the_rhythm_of_its_source(source_id, days, fresh, land):
    vintage = land(source_id, "x", date(2020, 1, 1))
    day = date.fromordinal(date(2020, 1, 1).toordinal() + days)
    age, remedy = source_checks.age_of(cards.load(source_id), vintage, day)
    assert (age, remedy is None) == (days, fresh)
    if not fresh:
        assert source_id in remedy and f"cyberaccord refresh {source_id}" in remedy


def test_an_old_source_without_an_address_is_told_how_to_get_by_hand(land):
    _, remedy = source_checks.age_of(cards.load("ic3"), land("ic3", "2019", date(2019, 1, 1)), date(2026, 1, 1))
    assert "by hand" in remedy and "CYBERACCORD_MIRROR" in remedy


def test_without_a_vintage_the_check_passes_and_says_from_when_the_figures_are_that_ship(tmp_path, monkeypatch):
    monkeypatch.setenv("CYBERACCORD_HOME", str(tmp_path))
    result = source_checks.ages()
    assert result.passed
    assert "figures that ship stand in, from 2020-03-07 to 2026-07-01" in result.description


def test_old_vintages_are_counted_and_each_named_with_its_remedy(land):
    land("cisa_kev", "2020-01-01", date(2020, 1, 1))
    result = source_checks.ages(date(2021, 1, 1))
    assert not result.passed
    assert "1 of 1 vintages are old. cisa_kev: 2020-01-01 is 366 days old" in result.description


def test_columns_that_were_renamed_went_or_came_are_named():
    before, now = ["cve_id", "date_added", "notes"], ["cveID", "date_added", "severity"]
    assert source_checks.compared(before, now) == ["cve_id renamed cveID", "notes missing", "severity new"]


def test_a_source_that_changed_its_columns_fails_the_check_of_its_next_vintage(land):
    card = cards.load("cisa_kev")
    first = land("cisa_kev", "2026-01-01", date(2026, 1, 1), cisa_kev=["cve_id", "date_added"])
    assert source_checks.column_changes(card, first) == []
    second = land("cisa_kev", "2026-02-01", date(2026, 2, 1), cisa_kev=["cve_id", "date_added", "epss"])
    assert source_checks.column_changes(card, second) == ["cisa_kev since 2026-01-01: epss new"]
    results = {each.check_name: each for each in source_checks.run_checks(card, second, date(2026, 2, 2))}
    assert results["vintage_is_fresh"].passed and not results["columns_as_before"].passed
    assert "pipelines/sources/cisa_kev.py" in results["columns_as_before"].description


def test_a_vintage_of_before_columns_were_kept_is_nothing_to_compare_with(land):
    land("cisa_kev", "2026-01-01", date(2026, 1, 1))
    second = land("cisa_kev", "2026-02-01", date(2026, 2, 1), cisa_kev=["cve_id"])
    assert source_checks.column_changes(cards.load("cisa_kev"), second) == []


def test_published_totals_are_met_by_the_figures_that_ship():
    frames = reference.load_all(store.DATA / "reference")
    assert checks.economies_reach_world_gdp(frames["gdp"]).passed
    agrees = checks.totals_agree_with_the_ledger(frames["ic3_totals"], frames["estimates"])
    assert agrees.passed and agrees.metadata["years compared"].value == 2  # ic3_2024 and ic3_2025


def test_an_economy_twice_and_a_total_that_slipped_a_digit_are_named_with_the_year():
    gdp = pl.DataFrame(
        {"iso3": ["WLD", "A", "B", "B"], "year": [2020] * 4, "gdp_usd_bn_current": [100.0, 60.0, 40.0, 40.0]}
    )
    result = checks.economies_reach_world_gdp(gdp)
    assert not result.passed and "2020: 1.400" in result.description
    ledger = pl.DataFrame({"estimate_id": ["ic3_2024"], "reference_year": [2024], "central_usd_bn": [1.66]})
    totals = pl.DataFrame({"year": [2024], "loss_usd": [16.6e9]})
    result = checks.totals_agree_with_the_ledger(totals, ledger)
    assert not result.passed and "ic3_2024" in result.description


def test_a_split_that_loses_money_is_named_by_its_baseline():
    rows = [("a", "X", 60.0), ("a", "Y", 40.0), ("a", "WLD", 100.0), ("b", "X", 50.0), ("b", "Y", 40.0)]
    frame = pl.DataFrame(rows, schema=["baseline", "iso3", "mean"], orient="row").with_columns(year=pl.lit(2020))
    assert checks.world_equals_its_anchor(frame, {"a": 100.0}).passed
    result = checks.world_equals_its_anchor(frame, {"a": 100.0, "b": 100.0})
    assert not result.passed and "b: 90 of 100 USD bn" in result.description


def test_types_of_crime_may_add_up_to_more_than_the_total_but_none_may_exceed_it():
    totals = pl.DataFrame({"year": [2018], "loss_usd": [2.71e9]})
    types = pl.DataFrame({"year": [2018] * 2, "printed": ["BEC", "Fraud"], "loss_usd": [2.0e9, 1.42e9]})
    result = source_checks.no_type_exceeds_the_total(types, totals)
    assert result.passed
    assert result.metadata["largest sum of types over the total"].value == pytest.approx(3.42 / 2.71)
    result = source_checks.no_type_exceeds_the_total(types.with_columns(loss_usd=pl.lit(3e9)), totals)
    assert not result.passed and "BEC in 2018" in result.description


def test_every_page_says_its_unit_source_and_caveat_and_every_check_what_it_asks():
    graph = defs.resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        asset = graph.get(key)
        text, tags = asset.description, asset.tags
        assert "domain" in tags, key
        after = text.split("**Caveat:** ")[1]
        assert len(after.split("\n\n")[0]) > 20, key
        if asset.group_name != "publication" or key.path[0] == "meta":
            assert "**Unit:** " in text and "**Source:** " in text, key
    for check in graph.asset_check_keys:
        assert len(graph.get_check_spec(check).description) > 20, check
