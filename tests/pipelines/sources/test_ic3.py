"""Internet crime reports: totals, and types that overlap."""

from __future__ import annotations

import polars as pl
import pytest

TOTALS = "year,complaints,loss_usd_as_printed,loss_usd_numeric,loss_precision,source_report,alt_loss_as_printed,note\n"


def files(
    last_total: str = "2022,800944,$10.3B,10300000000,rounded_0.1B,2022,$10.2B (intro),conflict",
) -> dict[str, str]:
    years = range(2003, 2022)
    totals = [f'{year},100{year},"$1,{year}",{year}000000,exact,{year},,' for year in years] + [last_total]
    losses = [f"2020,Type {n},Label {n},{n}000" for n in range(20)]
    counts = [f"2020,Type {n},Label {n},{n}" for n in range(20)]
    states = [f"State {n},{n}000000,{1000 + n},{n}.5" for n in range(20)]
    return {
        "headline_totals.csv": TOTALS + "\n".join(totals),
        "crime_type_losses.csv": "year,category_raw,category,loss_usd\n" + "\n".join(losses),
        "crime_type_counts.csv": "year,category_raw,category,count\n" + "\n".join(counts),
        "state_losses_2020.csv": "state,loss,population,per_cap\n" + "\n".join(states),
    }


def test_a_second_total_printed_for_a_year_stands_beside_the_first(stage):
    kept = stage("ic3", files()).tables["ic3_totals"].kept
    row = kept.filter(year=2022).row(0, named=True)
    assert (row["loss_usd"], row["loss_precision"], row["also_printed"]) == (1.03e10, "rounded_0.1B", "$10.2B (intro)")


@pytest.mark.parametrize(
    ("total", "rule"),
    [
        ("2022,1,x,142643.253.1,exact,2022,,", "type"),
        ("2022,1,x,1000000000000,exact,2022,,", "amount_range"),
        ("2021,1,x,5,exact,2022,,", "duplicate_key"),
        ("22,1,x,5,exact,2022,,", "year_of_report"),
    ],
)
def test_a_total_that_breaks_a_rule_is_rejected(stage, total, rule):
    assert stage("ic3", files(total)).rejects.select("row_number", "rule").rows() == [(21, rule)]


@pytest.mark.mirror
def test_losses_by_type_add_up_to_more_than_the_total(mirrored):
    """Test target 7: 3,415,815,949 / 4,384,106,683 / 5,046,416,677 by type; 2,706.4 m / 3.5 bn / 4.2 bn in all."""
    tables = mirrored("ic3").tables
    by_type = dict(tables["ic3_type_losses"].kept.group_by("year").agg(pl.col("loss_usd").sum()).iter_rows())
    totals = dict(tables["ic3_totals"].kept.select("year", "loss_usd").iter_rows())
    assert [by_type[year] for year in (2018, 2019, 2020)] == [3_415_815_949, 4_384_106_683, 5_046_416_677]
    assert [totals[year] for year in (2018, 2019, 2020)] == [2_706_400_000, 3_500_000_000, 4_200_000_000]


@pytest.mark.mirror
def test_five_year_sums_are_those_of_the_reports(mirrored):
    """Test target 8: 2016-20 2,211,396 complaints and 13.3 bn; 2019-23 37.4 bn; 2020-24 50.5 bn."""
    totals = mirrored("ic3").tables["ic3_totals"].kept

    def between(first: int, last: int) -> pl.DataFrame:
        return totals.filter(pl.col("year").is_between(first, last))

    assert between(2016, 2020)["complaints"].sum() == 2_211_396
    for first, last, billions in ((2016, 2020, 13.3), (2019, 2023, 37.4), (2020, 2024, 50.5)):
        assert between(first, last)["loss_usd"].sum() / 1e9 == pytest.approx(billions, abs=0.1)


@pytest.mark.mirror
def test_sizes_of_the_mirrored_tables(mirrored):
    tables = mirrored("ic3").tables
    assert {name: table.rows_in for name, table in tables.items()} == {
        "ic3_totals": 15,
        "ic3_type_losses": 338,
        "ic3_type_counts": 337,
        "ic3_state_losses": 57,
    }
    assert tables["ic3_type_losses"].kept.filter(loss_usd=142_643_253)["year"].to_list() == [2021]
