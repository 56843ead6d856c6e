"""The page with and without facts from incidents: older editions, empty tables, vintages, hostile names."""

import re

import pytest

from tests.reports.pages import EVIL, changed, stays_text, words_of

TABLES = (
    *("core.incidents_per_quarter", "core.incident_types", "core.recording_changes", "core.ic3_totals"),
    *("model.all_events", "model.group_loss", "meta.source_tables", "meta.rejects"),
)


@pytest.mark.parametrize("verb", ["drop table", "delete from"])
def test_an_edition_without_these_tables_renders_and_says_so(database, tmp_path, verb):
    page = changed(database, tmp_path / "older.duckdb", *(f"{verb} {name}" for name in TABLES))
    words = words_of(page)
    assert words.count("Not estimated in this run: this figure has no rows") == 3
    assert "Facts from incidents" in words
    assert not re.findall(r"\b(NaN|None|undefined)\b", words)
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= ids


def test_counts_alone_are_drawn_where_nothing_is_corrected(database, tmp_path):
    page = changed(
        database,
        tmp_path / "raw.duckdb",
        "delete from model.all_events",
        "delete from core.recording_changes",
        "drop table core.ic3_totals",
    )
    words = words_of(page)
    assert "Four trackers put the peak of incidents in" in words
    assert "nobody knows what share they have: EuRepoC, CFR, DCID, VCDB." in words
    assert "All crimes, median" not in words and "Disclosure law" not in words


def test_years_that_are_withheld_are_counted_and_not_drawn(page):
    words = words_of(page)
    assert "Years with fewer than 30 records are not corrected: 1." in words
    assert "VCDB 2017: 180 crimes on record, 950 [500, 2,400] in all." in words


def test_groups_without_gdp_are_named_and_a_group_that_loses_more_is_in_the_title(page):
    words = words_of(page)
    assert "Left out for want of a GDP: Latin America, economies without an income group." in words
    assert "low-income ones lose more" in words


def test_without_a_vintage_the_summary_says_that_figures_ship_and_with_one_which_rules_were_broken(
    database, tmp_path, page
):
    assert (
        "No public source was on this machine: 5,290 rows of figures that ship stand in, 1 of them rejected"
        in words_of(page)
    )
    staged = changed(
        database,
        tmp_path / "staged.duckdb",
        "insert into meta.sources select * replace ('eurepoc' as source_id, 100 as rows_in, 90 as rows_kept, "
        "10 as rows_rejected, 0 as rows_merged) from meta.sources limit 1",
        "update meta.source_tables set vintage = '1.1'",
        "insert into meta.rejects values ('eurepoc', '1.1', 'eurepoc_incidents', 7, 'end_date', 'date_order', 'x'), "
        "('eurepoc', '1.1', 'core.losses', 7, 'amount', 'other_crime', 'x')",
    )
    words = words_of(staged)
    assert "Of 100 rows of one source 10 were rejected, and every row is accounted for" in words
    assert "date order" in words and "other crime" in words
    lost = changed(
        database,
        tmp_path / "lost.duckdb",
        "insert into meta.sources select * replace ('eurepoc' as source_id, 100 as rows_in, 90 as rows_kept, "
        "1 as rows_rejected, 0 as rows_merged) from meta.sources limit 1",
        "update meta.source_tables set vintage = '1.1'",
    )
    assert "One source has rows that are neither kept, rejected nor merged" in words_of(lost)


def test_no_value_that_a_source_wrote_is_printed(database, tmp_path):
    page = changed(
        database,
        tmp_path / "values.duckdb",
        "insert into meta.rejects values ('eurepoc', '1.1', 't', 7, 'c', 'r', 'text of the source')",
    )
    assert "text of the source" not in page


def test_names_from_these_tables_stay_text(database, tmp_path):
    page = changed(
        database,
        tmp_path / "hostile.duckdb",
        f"update core.incidents_per_quarter set tracker = '{EVIL}' where tracker = 'dcid'",
        f"update core.incidents_per_quarter set basis = '{EVIL}'",
        f"update core.incident_types set actor = '{EVIL}' where actor = 'criminal'",
        f"update core.incident_types set incident_type = '{EVIL}' where incident_type = 'disruption'",
        f"update core.recording_changes set change_id = '{EVIL}', note = '{EVIL}' where tracker = 'cfr'",
        f"update model.group_loss set name = '{EVIL}' where name = 'South Asia'",
        f"update core.countries set region = '{EVIL}' where region = 'South Asia'",
        f"insert into meta.rejects values ('{EVIL}', null, '{EVIL}', 1, null, '{EVIL}', null)",
    )
    assert stays_text(page)
