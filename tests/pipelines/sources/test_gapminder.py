"""Gapminder: codes in lower case, Kosovo, no aggregates."""

from __future__ import annotations

import polars as pl
import pytest

NAMES = {
    "internet_users": "internet_users",
    "total_gdp_us_inflation_adjusted": "total_gdp",
    "inflation_annual_percent": "inflation",
    "industry_percent_of_gdp": "industry_share",
    "services_percent_of_gdp": "services_share",
}
GEOS = ["abw", "afg", "ago", "fra", "deu", "usa", "kos", "gbm", "chanisl", "nld_curacao"]


def files(extra: str = "") -> dict[str, str]:
    found = {}
    for name in NAMES:
        rows = [f"{geo},{year},{10 + n}.5" for n, geo in enumerate(GEOS) for year in (2019, 2020)]
        lines = [f"geo,time,{name}", *rows, *([extra] if extra and name == "internet_users" else [])]
        found[f"ddf--datapoints--{name}--by--geo--time.csv"] = "\n".join(lines) + "\n"
    header = "country,name,iso3166_1_alpha3,iso3166_1_alpha2\n"
    found["ddf--entities--geo--country.csv"] = header + "abkh,Abkhazia,,\nfra,France,FRA,FR\nkos,Kosovo,,XK\n"
    return found


def test_each_indicator_has_its_table_and_codes_of_either_case_are_known(stage, words):
    tables = stage("gapminder", files()).tables
    assert {name: tables[f"gapminder_{name}"].kept.height for name in NAMES.values()} == dict.fromkeys(
        NAMES.values(), 20
    )
    iso3 = words.economy("gapminder")
    assert [iso3[geo] for geo in GEOS] == ["ABW", "AFG", "AGO", "FRA", "DEU", "USA", "XKX", "IMN", "CHI", "CUW"]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("abkh,2020,5", "known_economy"),
        ("fra,2018,120", "percent"),
        ("fra,2018,", "required"),
        ("fra,2020,11", "duplicate_key"),
        ("fra,20x8,11", "type"),
    ],
)
def test_a_row_that_breaks_a_rule_is_rejected_and_the_other_tables_are_whole(stage, row, rule):
    found = stage("gapminder", files(row))
    assert found.rejects.select("table_name", "row_number", "rule").rows() == [("gapminder_internet_users", 22, rule)]


@pytest.mark.mirror
def test_internet_users_are_complete_to_2023_and_49_economies_have_2024(mirrored):
    users = mirrored("gapminder").tables["gapminder_internet_users"].kept
    by_year = dict(users.group_by("year").agg(pl.len()).iter_rows())
    assert by_year[2024] == 49
    assert by_year[2023] > 180
