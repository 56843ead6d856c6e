"""Facts about the shipped reference tables; expected values are those of evidence and test-targets, not of our code."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from pipelines import reference


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    return reference.load_all()


def world_gdp(tables: dict[str, pl.DataFrame], year: int) -> float:
    return tables["gdp"].filter(pl.col("iso3") == "WLD", pl.col("year") == year)["gdp_usd_bn_current"].item()


def test_loading_one_table_gives_the_same_rows_as_loading_all(tables: dict[str, pl.DataFrame]) -> None:
    for name in ("estimates", "gdp", "blocs", "sources"):
        assert reference.load(name).equals(tables[name])


@pytest.mark.parametrize(("loss", "percent"), [(945, 1.104), (1000, 1.169), (1090, 1.274)])
def test_shares_of_world_gdp_2020(tables: dict[str, pl.DataFrame], loss: float, percent: float) -> None:
    # Target 5: the release of 2024-10-24 has 85.578 tn USD for 2020.
    assert world_gdp(tables, 2020) == pytest.approx(85_578, abs=0.5)
    assert 100 * loss / world_gdp(tables, 2020) == pytest.approx(percent, abs=0.0005)


@pytest.mark.parametrize(
    ("year", "share", "economies"), [(2019, 0.9890, 210), (2020, 0.9881, 209), (2023, 0.9839, 185)]
)
def test_economies_sum_to_almost_the_world(
    tables: dict[str, pl.DataFrame], year: int, share: float, economies: int
) -> None:
    # Target 6, without aggregates; Taiwan comes from another source and is not counted.
    rows = tables["gdp"].filter(pl.col("year") == year, ~pl.col("iso3").is_in(["WLD", "TWN"]))
    assert rows.height == economies
    assert rows["gdp_usd_bn_current"].sum() / world_gdp(tables, year) == pytest.approx(share, abs=5e-4)


@pytest.mark.parametrize(
    ("first", "last", "complaints", "loss_bn"),
    [(2016, 2020, 2_211_396, 13.3), (2019, 2023, None, 37.4), (2020, 2024, None, 50.5)],
)
def test_ic3_sums_over_five_years(
    tables: dict[str, pl.DataFrame], first: int, last: int, complaints: int | None, loss_bn: float
) -> None:
    # Target 8: sums printed in the reports of 2020, 2023 and 2024.
    rows = tables["ic3_totals"].filter(pl.col("year").is_between(first, last))
    assert rows.height == 5
    assert rows["loss_usd"].sum() / 1e9 == pytest.approx(loss_bn, abs=0.1)
    if complaints is not None:
        assert rows["complaints"].sum() == complaints


def test_ic3_is_complete_from_2011_to_2025(tables: dict[str, pl.DataFrame]) -> None:
    rows = tables["ic3_totals"].filter(pl.col("year") >= 2011)
    assert rows["year"].to_list() == list(range(2011, 2026))
    assert rows["loss_usd"].null_count() == 0


@pytest.mark.parametrize(
    ("day", "parties"),
    [
        (date(2008, 4, 26), 22),
        (date(2011, 6, 1), 31),
        (date(2012, 6, 30), 35),
        (date(2015, 12, 31), 47),
        (date(2018, 6, 29), 60),
        (date(2021, 4, 28), 66),
        (date(2024, 6, 20), 75),
        (date(2024, 10, 9), 76),
        (date(2025, 1, 10), 78),
        (date(2025, 12, 31), 79),
    ],
)
def test_parties_to_the_budapest_convention(tables: dict[str, pl.DataFrame], day: date, parties: int) -> None:
    # Target 12: party counts that documents of those days print.
    status = tables["treaty_status"].filter(pl.col("treaty") == "CETS185")
    assert status.filter(pl.col("ratified_on") <= day).height == parties


def test_grenada_is_an_interval(tables: dict[str, pl.DataFrame]) -> None:
    row = tables["treaty_status"].filter(pl.col("treaty") == "CETS185", pl.col("iso3") == "GRD").row(0, named=True)
    assert (row["ratified_from"], row["ratified_on"]) == (date(2024, 4, 19), date(2024, 4, 30))
    assert row["in_force_on"] == date(2024, 8, 1)


def test_budapest_enters_into_force_on_the_first_day_after_three_full_months(tables: dict[str, pl.DataFrame]) -> None:
    # Target 13. Grenada's interval lies within one month, so its last possible day decides the same month.
    parties = tables["treaty_status"].filter(pl.col("treaty") == "CETS185", pl.col("ratified_on").is_not_null())
    early = parties.filter(pl.col("ratified_on") < date(2004, 3, 1))
    assert early["iso3"].sort().to_list() == ["ALB", "EST", "HRV", "HUN"]
    assert early["in_force_on"].unique().to_list() == [date(2004, 7, 1)]
    later = parties.filter(pl.col("ratified_on") >= date(2004, 3, 1))
    rule = pl.col("ratified_on").dt.month_start().dt.offset_by("4mo")
    assert later.filter(pl.col("in_force_on") != rule)["iso3"].to_list() == []
    assert later.height == 75


def test_reservers_on_cooperation_are_the_nine_of_article_29_4(tables: dict[str, pl.DataFrame]) -> None:
    # Evidence H.
    rows = tables["treaty_status"].filter("reservation_on_cooperation")
    assert rows["iso3"].sort().to_list() == ["ARG", "AUT", "GBR", "JPN", "NGA", "PER", "POL", "SWE", "TUR"]
    assert rows["treaty"].unique().to_list() == ["CETS185"]


@pytest.mark.parametrize(
    ("bloc", "members"),
    [
        ("CouncilOfEurope", 46),
        ("EU", 27),
        ("NATO", 32),
        ("G7", 7),
        ("G20", 19),
        ("FiveEyes", 5),
        ("BRICS", 10),
        ("OECD", 38),
        ("ASEAN", 11),
        # 55 less Western Sahara, which the World Bank does not list; 72 signatures at Hanoi and one later, less the EU.
        ("AfricanUnion", 54),
        ("UN-Hanoi", 72),
    ],
)
def test_blocs_have_their_members(tables: dict[str, pl.DataFrame], bloc: str, members: int) -> None:
    assert tables["blocs"].filter(pl.col("bloc") == bloc).height == members


def test_all_but_ireland_of_the_council_of_europe_ratified_budapest(tables: dict[str, pl.DataFrame]) -> None:
    members = tables["blocs"].filter(pl.col("bloc") == "CouncilOfEurope")["iso3"]
    parties = tables["treaty_status"].filter(pl.col("treaty") == "CETS185", pl.col("ratified_on").is_not_null())["iso3"]
    assert set(members) - set(parties) == {"IRL"}


def test_economies_are_the_217_of_the_world_bank_and_taiwan(tables: dict[str, pl.DataFrame]) -> None:
    economies = tables["economies"]
    assert economies.height == 218
    assert economies["iso3"].is_sorted()
    assert economies.filter(pl.col("iso3") == "VEN")["income_group"].item() == "Not classified"
    # model.md 1.3: Afghanistan and Pakistan are South Asia in the regions of 2018.
    assert economies.filter(pl.col("iso3").is_in(["AFG", "PAK"]))["csis_region"].unique().to_list() == ["SAS"]


def test_four_effects_of_the_evidence_are_rows(tables: dict[str, pl.DataFrame]) -> None:
    # Inputs of target 11; the second is (ln(1-.2477) + ln(1-.1581))/2, its error the width of the interval by 3.92.
    rows = {row["effect_id"]: row for row in tables["treaty_effects"].iter_rows(named=True)}
    expected = {
        "hui_kim_wang_2017": (-0.1256, 0.064, True),
        "wang_kim_2009": (-0.228, 0.029, False),
        "hui_kim_wang_2013": (0.388, 0.05, True),
        "appam_2025": (0.02, 0.10, True),
    }
    assert {
        key: (rows[key]["log_rate_ratio"], rows[key]["se"], rows[key]["se_assumed"]) for key in expected
    } == expected


def test_solarwinds_was_open_for_nine_months_from_availability_only(tables: dict[str, pl.DataFrame]) -> None:
    # Target 20, months of 30.4375 days.
    rows = tables["event_timelines"].filter(pl.col("event_id") == "solarwinds")
    on = dict(zip(rows["milestone"], rows["on"], strict=True))
    assert (on["public"] - on["access"]).days / 30.4375 == pytest.approx(15.3, abs=0.1)
    assert (on["public"] - on["available"]).days / 30.4375 == pytest.approx(8.6, abs=0.1)


def test_regional_ranges_add_up_to_the_world_of_the_report(tables: dict[str, pl.DataFrame]) -> None:
    # Evidence A1: 445, 608 and 75.8.
    sums = tables["regional_loss_shares"].select(pl.col("low_usd_bn", "high_usd_bn", "gdp_usd_tn").sum()).row(0)
    assert sums == pytest.approx((445, 608, 75.8))


def test_estimates_hold_the_ledger_and_use_one_row_a_publisher(tables: dict[str, pl.DataFrame]) -> None:
    estimates = tables["estimates"]
    rows = {row["estimate_id"]: row for row in estimates.iter_rows(named=True)}
    assert rows["csis_2020_loss"]["central_usd_bn"] == 945
    assert rows["csis_2020_total"]["central_usd_bn"] == 1090
    # RAND: total over direct is 2.905 and 3.409 (target 9).
    low, high = rows["rand_2018_total"], rows["rand_2018_direct"]
    assert low["low_usd_bn"] / high["low_usd_bn"] == pytest.approx(2.905, abs=1e-3)
    assert low["high_usd_bn"] / high["high_usd_bn"] == pytest.approx(3.409, abs=1e-3)
    used = estimates.filter("used")
    assert used["publisher"].n_unique() == used.height >= 6
    assert {"WLD", "USA", "GBR", "DEU"} == set(used["geography"])


def test_unverified_rows_are_marked(tables: dict[str, pl.DataFrame]) -> None:
    # What the evidence says was never read: the regional table, Taiwan's accounts, exchange rates.
    assert not tables["regional_loss_shares"]["verified"].any()
    assert not tables["gdp"].filter(pl.col("iso3") == "TWN")["verified"].any()
    assert not tables["exchange_rates"]["verified"].any()


def test_every_column_says_what_it_is() -> None:
    for name, schema in reference.REFERENCE_TABLES.items():
        assert schema.description, name
        for column, definition in schema.columns.items():
            assert definition.description, (name, column)


def test_shares_of_internet_users_cover_most_of_world_gdp_in_2020(tables: dict[str, pl.DataFrame]) -> None:
    gdp = tables["gdp"].filter(pl.col("year") == 2020, pl.col("iso3") != "WLD")
    users = tables["internet_users"].filter(pl.col("year") == 2020)
    covered = gdp.join(users, on="iso3")["gdp_usd_bn_current"].sum()
    assert covered / gdp["gdp_usd_bn_current"].sum() > 0.99


def test_unverified_fields_are_columns_and_make_the_row_unverified(tables: dict[str, pl.DataFrame]) -> None:
    status = tables["treaty_status"].filter(pl.col("unverified_fields").is_not_null())
    named = status["unverified_fields"].str.split(" ").explode()
    assert set(named) <= set(tables["treaty_status"].columns)
    # Hanoi was signed on one of two days that a read page names: the day is assumed, the signature is not.
    assert status.filter("verified")["treaty"].unique().to_list() == ["UN-Hanoi"]
