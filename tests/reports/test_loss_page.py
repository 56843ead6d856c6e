"""The page with and without GDP, certainty and the tail: older editions, empty tables, nulls, hostile names."""

import re

import pytest

from tests.reports.pages import EVIL, changed, stays_text, words_of

TABLES = (
    *("ledgers", "propagation", "gdp_path", "sensitivity", "specification", "specification_choice", "information"),
    *("backtest", "backtest_score", "survey_leverage", "exceedance", "annual_loss", "events", "severity"),
    *("mean_excess", "severity_quantiles", "tail_stability"),
)
LEFT_OUT = 8
"""Figures on GDP, indices, specifications, the bridge, exceedance, SolarWinds, mean excess and quantiles."""


@pytest.mark.parametrize("verb", ["drop table", "delete from"])
def test_an_edition_without_these_tables_renders_and_says_so(database, tmp_path, verb):
    page = changed(
        database,
        tmp_path / "older.duckdb",
        *(f"{verb} model.{name}" for name in TABLES),
        f"{verb} core.us_cpi",
        "delete from model.counterfactual where measure in ('gdp_loss', 'avoided_gdp_loss', 'welfare_loss')",
    )
    words = words_of(page)
    assert words.count("Not estimated in this run: this figure has no rows") == LEFT_OUT
    for line in (
        "What the loss is made of was not computed",
        "How far a stoppage spreads through supply chains was not computed",
        "What the loss does to GDP was not computed",
        "What knowing more would be worth was not computed",
        "No forecast was held against what came",
        "hangs on one answer was not computed",
        "say nothing about the tail",
        "no path of GDP is computed",
    ):
        assert line in words, line
    assert not re.findall(r"\b(NaN|None|undefined)\b", words)
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= ids


def test_what_is_shown_is_no_longer_said_to_be_missing(page):
    words = words_of(page)
    assert "no path of GDP is computed" not in words and "say nothing about the tail" not in words
    assert "How much of a loss is output not produced is not measured" in words
    assert "How bad the worst year can be" in words


def test_losses_that_are_withheld_leave_the_figure_out(database, tmp_path):
    page = changed(
        database,
        tmp_path / "withheld.duckdb",
        "update model.exceedance set loss_usd_bn = null, lower = null, upper = null, avoided = null, "
        "avoided_lower = null, avoided_upper = null, beyond_data = null, records = 12",
    )
    words = words_of(page)
    assert words.count("Not estimated in this run") == 1
    assert "say nothing about the tail" in words


def test_nulls_of_these_tables_do_not_break_the_page(database, tmp_path):
    page = changed(
        database,
        tmp_path / "nulls.duckdb",
        "update model.exceedance set avoided = null, avoided_lower = null, avoided_upper = null, beyond_data = null",
        "update model.propagation set lower = null, upper = null",
        "update model.survey_leverage set share_of_total = null",
        "update model.events set at_cap = null where course is not null",
        "update core.estimates set low_usd_bn = null, high_usd_bn = null where estimate_id = 'csis_2018'",
    )
    words = words_of(page)
    assert "the difference was not estimated" in words
    assert "what a convention does to it was not estimated" in words
    assert not re.findall(r"\b(NaN|None|undefined)\b", words)


def test_names_from_these_tables_stay_text(database, tmp_path):
    page = changed(
        database,
        tmp_path / "hostile.duckdb",
        f"update model.sensitivity set prior_id = '{EVIL}' where prior_id = 'bite'",
        f"update model.specification_choice set option = '{EVIL}' where option = 'pooled'",
        f"update model.information set inputs = '{EVIL}' where information = 'together'",
        f"update model.events set note = '{EVIL}' where note is not null",
        f"update model.mean_excess set source_id = '{EVIL}' where source_id = 'vcdb'",
        f"update model.severity_quantiles set source_id = '{EVIL}' where source_id = 'vcdb'",
        f"update model.survey_leverage set source = '{EVIL}'",
        f"update model.gdp_path set income_group = '{EVIL}' where income_group = 'Low income'",
        f"update model.backtest_score set verdict = '{EVIL}'",
    )
    assert stays_text(page)
