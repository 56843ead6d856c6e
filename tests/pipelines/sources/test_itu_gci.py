"""The cybersecurity index: two scales, repeated headers, old names."""

from __future__ import annotations

import polars as pl
import pytest

HEADER = "Country,2014,Globa Rank,2017,Global Rank,2018,Global Rank,2020,Global Rank,2024,Global Rank,\n"
NAMES = ["France", "Germany", "Korea (the Republic of)", "Viet Nam", "Turkey", "Swaziland", "Cabo Verde", "Vatican"]
NAMES += ["Lao", "Iran", "Moldova", "Micronesia", "Macedonia", "Czech Republic", "Cote d'Ivoire", "Hong Kong", "Congo"]


def line(name: str, *scores: object) -> str:
    return f"{name}," + ",".join(f"{score},1" for score in scores) + ","


def rows() -> str:
    good = [line(name, 0.5, 0.6, 0.7, 80, 90.5) for name in NAMES]
    odd = [
        line("Spain", "", "", 0.7, 80, "#N/A"),
        line("Atlantis", "", "", "", "", 50),
        line("Peru", 0.5, 60, "", "", 5),
    ]
    return HEADER + "\n".join(good + odd)


def test_scores_keep_their_scale_and_missing_ones_are_no_rows(stage):
    table = stage("itu_gci", {"gci-local-indicator-summary.csv": rows()}).tables["itu_gci"]
    assert (table.rows_in, table.kept.height, table.rows_rejected) == (17 * 5 + 2 + 1 + 3, 17 * 5 + 2 + 2, 2)
    assert dict(table.kept.select("edition", "highest").unique().iter_rows()) == {
        2014: 1,
        2017: 1,
        2018: 1,
        2020: 100,
        2024: 100,
    }


def test_a_score_above_its_scale_and_an_unknown_name_are_rejected(stage):
    found = stage("itu_gci", {"gci-local-indicator-summary.csv": rows()})
    assert found.rejects.select("row_number", "rule", "value").rows() == [
        (20, "known_economy", "Atlantis"),
        (21, "score_on_scale", "60"),
    ]


def test_two_names_of_one_economy_are_one_code(words):
    iso3 = words.economy("itu_gci")
    assert iso3["Swaziland"] == iso3["Eswatini"] == "SWZ"
    assert iso3["Korea (the Republic of)"] == "KOR"
    assert iso3["Vatican"] is None


@pytest.mark.mirror
def test_197_lines_are_read_and_every_name_is_known(mirrored):
    table = mirrored("itu_gci").tables["itu_gci"]
    assert (table.kept["row_number"].n_unique(), table.rows_rejected) == (197, 0)
    assert table.kept.filter(pl.col("edition") < 2020)["score"].max() <= 1
