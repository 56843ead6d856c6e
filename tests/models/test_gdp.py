"""Real growth factors by income group: chained growth, the fade to potential, and what is refused."""

import numpy as np
import polars as pl
import pytest

from models.gdp import implied_high_income_potential, real_gdp_growth_factors

# World Bank, Global Economic Prospects, % a year (evidence H); world 2021-24 shortened to one figure for the test.
HIGH = [5.4, 2.9, 1.7, 1.7, 1.8, 1.9]
LOW = [4.2, 5.1, 3.0, 3.6, 5.7, 5.9]
WORLD = [6.0, 3.0, 3.0, 3.0, 2.7, 2.6, 2.7]
GROWTH = pl.DataFrame(
    [("high", 2020, -4.3, "observed")]
    + [("high", 2021 + k, rate, "observed") for k, rate in enumerate(HIGH)]
    + [("low", 2021 + k, rate, "observed") for k, rate in enumerate(LOW)]
    + [("world", 2021 + k, rate, "observed") for k, rate in enumerate(WORLD)]
    + [("world", 2030, 2.2, "potential"), ("low", 2030, 4.0, "potential")],
    schema=["income_group", "year", "growth_pct", "kind"],
    orient="row",
)


def test_growth_is_chained_from_2020():
    """High income: 1.054 in 2021, 1.054 * 1.029 * 1.017 = 1.10301 in 2023; the fall of 2020 itself does not enter."""
    factors = real_gdp_growth_factors(GROWTH, ["High income"], [2020, 2021, 2023], fade_years=4)
    assert factors[:, 0] == pytest.approx([1, 1.054, 1.054 * 1.029 * 1.017])


def test_growth_fades_in_equal_steps_to_potential():
    """Low income ends at 5.9 % in 2026; over four years to 4.0 %: 5.425, 4.95, 4.475, 4.0, then 4.0."""
    factors = real_gdp_growth_factors(GROWTH, ["Low income"], range(2026, 2033), fade_years=4)[:, 0]
    assert 100 * (factors[1:] / factors[:-1] - 1) == pytest.approx([5.425, 4.95, 4.475, 4.0, 4.0, 4.0])


def test_economies_follow_their_own_income_group():
    factors = real_gdp_growth_factors(
        GROWTH, ["Low income", "High income", "Not classified", "High income"], [2021, 2022], fade_years=4
    )
    assert factors.shape == (2, 4)
    assert factors[0] == pytest.approx([1.042, 1.054, 1.06, 1.054])


def test_a_group_without_its_own_potential_needs_one_named():
    with pytest.raises(ValueError, match="potential growth of income group 'high': expected one rate, found 0"):
        real_gdp_growth_factors(GROWTH, ["High income"], [2030], fade_years=4)
    with_world = real_gdp_growth_factors(
        GROWTH, ["High income"], [2029, 2030], fade_years=4, potential_from={"high": "world"}
    )
    assert with_world[1, 0] / with_world[0, 0] == pytest.approx(1.022)


def test_high_income_potential_is_what_the_world_leaves():
    """World 2.2, emerging 4.0, high income 60 of 100 of GDP: (2.2 - .4 * 4) / .6 = 1.0."""
    growth = pl.concat(
        [
            GROWTH,
            GROWTH.filter(pl.col("kind") == "potential")
            .head(1)
            .with_columns(income_group=pl.lit("emerging"), growth_pct=pl.lit(4.0)),
        ]
    )
    groups = ["High income", "Low income", "High income", "Upper middle income"]
    rate = implied_high_income_potential(growth, np.array([50.0, 10, 10, 30]), groups)
    assert rate == pytest.approx(1.0)
    factors = real_gdp_growth_factors(
        growth, ["High income"], [2030, 2031], fade_years=4, potential_from={"high": rate}
    )
    assert factors[1, 0] / factors[0, 0] == pytest.approx(1.01)


def test_figures_that_a_group_lacks_may_come_from_another_only_when_asked():
    gap = GROWTH.filter(~((pl.col("income_group") == "world") & (pl.col("year") < 2025)))
    with pytest.raises(ValueError, match="'world' has no figure for 2021"):
        real_gdp_growth_factors(gap, ["Not classified"], [2025], fade_years=4)
    filled = real_gdp_growth_factors(
        gap, ["Not classified"], [2021, 2025], fade_years=4, observed_from={"world": "high"}
    )
    assert filled[0, 0] == pytest.approx(1.054)
    assert filled[1, 0] == pytest.approx(1.054 * 1.029 * 1.017 * 1.017 * 1.027)


@pytest.mark.parametrize(
    ("groups", "years", "fade_years", "message"),
    [
        (["Rich"], [2021], 4, "'Rich' is none of"),
        (["High income"], [2019], 4, "2019 is before 2020"),
        (["High income"], [2021], 0, "fade_years is 0"),
        (["Upper middle income"], [2021], 4, "'middle' has no figure for 2021"),
    ],
)
def test_impossible_input_is_refused_by_name(groups, years, fade_years, message):
    with pytest.raises(ValueError, match=message):
        real_gdp_growth_factors(GROWTH, groups, years, fade_years=fade_years)
