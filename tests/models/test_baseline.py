"""The ledger as shares of GDP, its pooling, the anchors and the op-ed's claims, on figures with known answers."""

import math
from pathlib import Path

import polars as pl
import pytest

from models.baseline import anchors, claims, log_shares, pooled_specifications

# World Bank, release 2024-10-24, USD bn at current prices (evidence A); US 2016 and UK 2024 rounded.
GDP = pl.DataFrame(
    [
        ("WLD", 2013, 77750.0),
        ("WLD", 2016, 76590.0),
        ("WLD", 2017, 81550.0),
        ("WLD", 2018, 86690.0),
        ("WLD", 2019, 87950.0),
        ("WLD", 2020, 85578.0),
        ("WLD", 2021, 97530.0),
        ("USA", 2016, 18695.0),
        ("GBR", 2023, 3380.0),
    ],
    schema=["iso3", "year", "gdp_usd_bn_current"],
    orient="row",
)
# US Bureau of Labor Statistics, CPI-U, yearly means of twelve months.
CPI = pl.DataFrame(
    {
        "year": [2017, 2018, 2020, 2021, 2025],
        "index": [245.120, 251.107, 258.811, 270.970, 321.0],
        "months": [12, 12, 12, 12, 11],
    }
)
BASES = pl.DataFrame(
    [
        ("op_ed_2021", 1000.0, None),
        ("csis_2018_reprint", 544.5, None),
        ("rand_2018_printed_share", None, 0.011),
        ("cea_2018_printed_low", None, 0.0031),
        ("cea_2018_printed_high", None, 0.0058),
    ],
    schema=["base_id", "usd_bn", "share_of_gdp"],
    orient="row",
)
ROWS = [
    # id, publisher, geography, year, scope, interest, low, center, high, used
    ("csis_2014", "CSIS 2014", "WLD", 2013, "loss", "vendor", 375.0, 445.0, 575.0, False),
    ("csis_2018", "CSIS 2018", "WLD", 2017, "loss", "vendor", 445.0, 600.0, 608.0, False),
    ("csis_2020_loss", "CSIS", "WLD", 2020, "loss", "vendor", None, 945.0, None, True),
    ("csis_2020_total", "CSIS", "WLD", 2020, "loss and defence", "vendor", None, 1090.0, None, False),
    ("rand_2018_total", "RAND", "WLD", 2016, "direct and systemic", "academic", 799.0, None, 22500.0, True),
    ("other_world", "Other", "WLD", 2018, "loss", "academic", 300.0, 400.0, 500.0, True),
    ("cea_2018", "CEA", "USA", 2016, "malicious activity", "government", 57.0, None, 109.0, True),
    ("uk_2025", "DSIT", "GBR", 2023, "malicious activity", "government", None, 18.8, None, True),
]
NAMES = [
    "estimate_id",
    "publisher",
    "geography",
    "reference_year",
    "scope",
    "interest",
    "low_usd_bn",
    "central_usd_bn",
    "high_usd_bn",
    "used",
]
ESTIMATES = pl.DataFrame(ROWS, schema=NAMES, orient="row")


def reading(frame: pl.DataFrame, claim: str, words: str) -> dict:
    found = frame.filter((pl.col("claim") == claim) & (pl.col("reading") == words))
    assert found.height == 1, frame.filter(pl.col("claim") == claim)["reading"].to_list()
    return found.row(0, named=True)


def test_a_row_enters_as_its_center_over_the_gdp_of_its_own_place_and_year():
    """CEA: sqrt(57 * 109) / 18695 and ln(109 / 57) / 3.29; CSIS 2020: 945 / 85578, no range, so 0.5."""
    table = log_shares(ESTIMATES, GDP)
    cea = table.row(by_predicate=pl.col("estimate_id") == "cea_2018", named=True)
    assert cea["log_share"] == pytest.approx(math.log(math.sqrt(57 * 109) / 18695))
    assert cea["se"] == pytest.approx(math.log(109 / 57) / 3.29)
    csis = table.row(by_predicate=pl.col("estimate_id") == "csis_2020_loss", named=True)
    assert math.exp(csis["log_share"]) == pytest.approx(0.011042, abs=1e-6)
    assert csis["se"] == 0.5
    assert table["estimate_id"].to_list() == ["cea_2018", "csis_2020_loss", "other_world", "rand_2018_total", "uk_2025"]


def test_a_publisher_enters_the_fit_once():
    twice = ESTIMATES.with_columns(used=pl.col("used") | (pl.col("estimate_id") == "csis_2020_total"))
    with pytest.raises(ValueError, match="CSIS has csis_2020_loss, csis_2020_total"):
        log_shares(twice, GDP)


def test_a_row_without_its_gdp_is_refused_by_name():
    with pytest.raises(ValueError, match="GBR 2023"):
        log_shares(ESTIMATES, GDP.filter(pl.col("iso3") != "GBR"))


def test_a_range_upside_down_is_refused():
    flipped = ESTIMATES.with_columns(
        low_usd_bn=pl.when(pl.col("estimate_id") == "cea_2018").then(200.0).otherwise(pl.col("low_usd_bn"))
    )
    with pytest.raises(ValueError, match="cea_2018: range 200"):
        log_shares(flipped, GDP)


def test_specifications_cover_leave_one_out_rows_and_covariates():
    table = pooled_specifications(ESTIMATES, GDP)
    assert table["specification"].to_list() == [
        "all",
        "world_rows",
        "without_vendors",
        "leave_out:cea_2018",
        "leave_out:csis_2020_loss",
        "leave_out:other_world",
        "leave_out:rand_2018_total",
        "leave_out:uk_2025",
        "scope:loss",
        "scope:malicious activity",
        "with_trend",
    ]
    by_name = {row["specification"]: row for row in table.iter_rows(named=True)}
    assert by_name["all"]["n"] == 5
    assert by_name["world_rows"]["n"] == 3
    assert by_name["with_trend"]["df"] == 3
    for row in by_name.values():
        assert row["share_low"] < row["share_p50"] < row["share_high"]
        assert row["predictive_share_p05"] <= row["share_low"]
        assert row["predictive_usd_bn_p50"] == pytest.approx(row["predictive_share_p50"] * 85578)
        assert 0 < row["percentile_of_1tn"] < 1
    assert by_name["all"]["coefficient"] is None
    # National government rows are the low ones, so the rest of the ledger is above them.
    assert by_name["scope:malicious activity"]["coefficient"] > 0
    assert by_name["scope:malicious activity"]["share_p50"] < by_name["all"]["share_p50"]


def test_one_trillion_is_the_median_where_every_estimate_says_one_trillion():
    equal = ESTIMATES.filter(pl.col("used") & (pl.col("geography") == "WLD")).with_columns(
        low_usd_bn=pl.lit(None, pl.Float64),
        high_usd_bn=pl.lit(None, pl.Float64),
        central_usd_bn=pl.Series([1000.0, 1000.0, 1000.0]) * pl.Series([1.0, 76590 / 85578, 86690 / 85578]),
    )
    row = pooled_specifications(equal, GDP).filter(pl.col("specification") == "all").row(0, named=True)
    assert row["usd_bn_p50"] == pytest.approx(1000)
    assert row["tau"] == pytest.approx(0, abs=1e-9)


def test_anchors_are_the_figures_of_the_model_description():
    """model.md 1: 945, 1090, 1000; RAND 1.1 % of 85,578 = 941.4; CEA sqrt(.31 * .58) % = .42403 % gives 362.9."""
    found = anchors(ESTIMATES, GDP, BASES)
    assert found["csis_2020_loss"] == pytest.approx(945)
    assert found["csis_2020_total"] == pytest.approx(1090)
    assert found["op_ed_1000"] == 1000
    assert found["rand_low"] == pytest.approx(941.4, abs=0.1)
    assert found["cea_scaled"] == pytest.approx(363, abs=0.5)
    world = pooled_specifications(ESTIMATES, GDP).filter(pl.col("specification") == "world_rows")
    assert found["pooled"] == pytest.approx(world["usd_bn_p50"][0])


def test_each_claim_has_at_least_three_readings_with_unit_source_and_one_verdict():
    table = claims(ESTIMATES, GDP, CPI, BASES)
    for _, rows in table.group_by("claim"):
        assert rows.height >= 3
        assert rows["verdict"].n_unique() == rows["unit"].n_unique() == rows["threshold"].n_unique() == 1
        assert rows["reading"].is_unique().all()
        assert rows["principal"].sum() >= 1
    assert table["claim"].n_unique() == 3
    assert table.null_count().sum_horizontal()[0] == 0


def test_share_of_world_gdp_is_1_104_1_169_and_1_274_percent():
    """Target 5: 945, 1000 and 1090 of 85,578."""
    table = claims(ESTIMATES, GDP, CPI, BASES)
    claim = "more than 1 % of global GDP"
    for words, value in [
        ("945 (loss), of world GDP 2020", 0.01104),
        ("1000 (the op-ed's round figure), of world GDP 2020", 0.01169),
        ("1090 (loss and security spending), of world GDP 2020", 0.01274),
    ]:
        row = reading(table, claim, words)
        assert row["value"] == pytest.approx(value, abs=5e-6)
        assert row["holds"]
    later = reading(table, claim, "945 (loss), of world GDP 2021")
    assert later["value"] == pytest.approx(0.00969, abs=5e-6)
    assert not later["holds"]
    assert later["verdict"] == "on some readings"


def test_over_one_trillion_needs_security_spending_or_a_later_year():
    table = claims(ESTIMATES, GDP, CPI, BASES)
    claim = "over $1 trillion"
    assert not reading(table, claim, "945 (loss)")["holds"]
    assert reading(table, claim, "1090 (loss and security spending)")["holds"]
    prices = reading(table, claim, "945 (loss), at 2021 prices")
    assert prices["value"] == pytest.approx(945 * 270.970 / 258.811)
    assert prices["unit"] == "USD bn"


def test_growth_since_2018_depends_on_the_base_and_on_prices():
    """model.md 1.1: +57.5 % on 600, +80.9 % on 522.5; real +52.8 % in 2018 dollars, +49.2 % in 2017 dollars."""
    table = claims(ESTIMATES, GDP, CPI, BASES)
    claim, start = "up 50 % since 2018", "945 (loss) on "
    nominal = reading(table, claim, start + "600 (center of 2018), nominal")
    assert nominal["value"] == pytest.approx(0.575)
    assert nominal["source"] == "csis_2020_loss, csis_2018"
    middle = reading(table, claim, start + "522.5 (mid-point of low end and center of 2018), nominal")
    assert middle["value"] == pytest.approx(0.809, abs=5e-4)
    assert reading(table, claim, start + "600 (center of 2018), real, read as 2018 dollars")["value"] == pytest.approx(
        0.528, abs=5e-4
    )
    early = reading(table, claim, start + "600 (center of 2018), real, read as 2017 dollars")
    assert early["value"] == pytest.approx(0.492, abs=5e-4)
    assert not early["holds"]
    assert early["verdict"] == "on some readings"
    bases = {row.split(" on ")[1].split(" ")[0] for row in table.filter(pl.col("claim") == claim)["reading"]}
    assert bases == {"600", "608", "544.5", "526.5", "522.5", "445"}


def test_a_claim_holds_or_fails_outright_when_all_readings_agree():
    """A thousand-fold ledger makes every loss hold; a thousandth makes every one fail."""
    for factor, verdict in [(1000.0, "holds"), (0.001, "fails")]:
        scaled = ESTIMATES.with_columns(pl.col("low_usd_bn", "central_usd_bn", "high_usd_bn") * factor)
        table = claims(
            scaled,
            GDP,
            CPI,
            BASES.with_columns(pl.col("usd_bn") * factor, pl.col("share_of_gdp") * factor),
        )
        assert set(table.filter(pl.col("claim") != "up 50 % since 2018")["verdict"]) == {verdict}


def test_a_price_year_with_a_missing_month_is_never_used():
    with pytest.raises(ValueError, match="2018 with 12 months"):
        claims(ESTIMATES, GDP, CPI.with_columns(months=pl.when(pl.col("year") == 2018).then(11).otherwise(12)), BASES)


SHIPPED = Path(__file__).parents[2] / "data" / "reference"


def shipped(name: str) -> pl.DataFrame:
    return pl.read_csv(SHIPPED / f"{name}.csv", infer_schema_length=None)


def test_shipped_figures_give_the_published_shares_and_growth():
    """Target 5 and model.md 1.1 on the files that ship."""
    table = claims(shipped("estimates"), shipped("gdp"), shipped("us_cpi"), shipped("claim_bases"))
    for claim, words, value in [
        ("more than 1 % of global GDP", "945 (loss), of world GDP 2020", 0.01104),
        ("more than 1 % of global GDP", "1000 (the op-ed's round figure), of world GDP 2020", 0.01169),
        ("more than 1 % of global GDP", "1090 (loss and security spending), of world GDP 2020", 0.01274),
        ("up 50 % since 2018", "945 (loss) on 600 (center of 2018), nominal", 0.575),
        ("up 50 % since 2018", "945 (loss) on 600 (center of 2018), real, read as 2018 dollars", 0.528),
        ("up 50 % since 2018", "945 (loss) on 600 (center of 2018), real, read as 2017 dollars", 0.492),
    ]:
        assert reading(table, claim, words)["value"] == pytest.approx(value, abs=5e-6 if value < 0.1 else 5e-4)
    assert set(table["verdict"]) == {"on some readings"}


def test_shipped_ledger_pools_and_every_anchor_is_below_world_gdp():
    estimates, gdp = shipped("estimates"), shipped("gdp")
    table = pooled_specifications(estimates, gdp)
    assert {"all", "world_rows", "without_vendors", "with_trend"} <= set(table["specification"])
    assert all(0 < value < 85_578 for value in anchors(estimates, gdp, shipped("claim_bases")).values())
