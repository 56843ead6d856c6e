"""Printing of numbers: rounding by the Monte Carlo error, signs, probabilities, ticks, dots, label placement."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.figures_cards import quantile_dots
from reports.labels import spread, text_width
from reports.numbers import (
    MISSING,
    chance,
    decade_ticks,
    decimals,
    dollar_tick,
    dollars,
    log_ticks,
    money,
    nice_ticks,
    plain,
    probability,
    signed,
    span,
)
from reports.reference_tables import break_even_value, claim_value


@pytest.mark.parametrize(
    ("value", "mcse", "expected"),
    [
        (1.4321, 0.02, "1.4"),
        (1.4321, 0.004, "1.43"),
        (1.4321, 0.0001, "1.43"),
        (13.21, 0.6, "13"),
        (1234.0, 0.1, "1,230"),
        (0.0, 0.1, "0.0"),
    ],
)
def test_last_printed_place_is_no_finer_than_the_monte_carlo_error_and_three_digits_suffice(value, mcse, expected):
    assert plain(value, decimals([value], mcse)) == expected


def test_minus_is_the_true_minus_sign_and_zero_has_no_sign():
    assert signed(-4.8, 1) == "−4.8"
    assert signed(0.04, 1) == "0.0"
    assert signed(-0.04, 1) == "0.0"
    assert span(-4.83, 10.31, 1) == "−4.8 to +10.3"


def test_a_value_that_is_not_estimated_says_so():
    for absent in (None, float("nan"), float("inf")):
        assert plain(absent, 1) == probability(absent) == chance(absent) == dollars(absent) == MISSING


@pytest.mark.parametrize(
    ("p", "expected"), [(0.004, "< 1"), (0.271, "27"), (0.997, "> 99"), (1.0, "> 99"), (0.0, "< 1")]
)
def test_probability_is_whole_percent_and_never_certain(p, expected):
    assert probability(p) == expected


def test_amounts_above_ten_thousand_billion_are_in_trillions():
    assert dollars(945.0) == "$945\u00a0bn"
    assert dollars(-3.14) == "−$3.14\u00a0bn"
    assert dollars(22500.0) == "$22.5\u00a0tn"


def test_claim_values_show_the_shares_of_world_gdp_that_the_op_ed_rests_on():
    """945, 1,000 and 1,090 over 85,578 (World Bank, October 2024)."""
    assert claim_value(945 / 85578, "fraction of GDP") == "1.10 %"
    assert claim_value(1090 / 85578, "fraction of GDP") == "1.27 %"
    assert claim_value(945 / 600 - 1, "fraction, growth") == "+57.5 %"
    assert claim_value(945.0, "USD bn") == "$945 bn"


def test_a_break_even_effect_is_printed_in_percent_of_attacks_and_no_value_is_an_answer():
    """exp(-0.02) - 1 = -1.98 %."""
    row = {"value": -0.02, "lower": -0.021, "upper": -0.019}
    assert break_even_value(row, "effect") == "−2.0 [−2.1, −1.9]"
    assert break_even_value({"value": None, "lower": None, "upper": None}, "share") == "no value"


@given(st.floats(-1e4, 1e4), st.floats(0.01, 1e4), st.integers(3, 9))
def test_ticks_lie_in_the_range_and_are_no_more_than_asked(low, width, at_most):
    ticks = nice_ticks(low, low + width, at_most)
    assert len(ticks) <= at_most
    assert all(low - 1e-6 * width <= t <= low + width + 1e-6 * width for t in ticks)


def test_log_ticks_are_one_three_ten():
    assert log_ticks(200, 40_000) == [300, 1000, 3000, 10_000, 30_000]


@pytest.mark.parametrize(
    ("usd_bn", "expected"),
    [
        (2.91754e-5, "$29,200"),
        (0.00854841, "$8.55 million"),
        (3.5, "$3.5 bn"),
        (5e-7, "$500"),
        (9.996e-4, "$1 million"),
        (3.23504e-7, "$324"),
    ],
)
def test_what_one_event_costs_is_printed_in_dollars_of_three_digits(usd_bn, expected):
    assert money(usd_bn).replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (0.5, 7.5, 8, [1, 2, 3, 4, 5, 6, 7]),
        (0.5, 7.5, 4, [2, 4, 6]),
        (0.5, 7.5, 2, [3, 6]),
        (3.0, 4.0, 5, [3, 4]),
        (3.2, 4.4, 5, [4]),
        (3.2, 3.4, 5, []),
    ],
)
def test_ticks_of_decades_are_evenly_thinned_to_two_at_least(low, high, most, expected):
    assert decade_ticks(low, high, most) == pytest.approx([10.0**k for k in expected])


def test_ticks_in_dollars_are_short():
    assert [dollar_tick(10.0**k) for k in (1, 3, 5, 6, 9, 10)] == ["$10", "$1k", "$100k", "$1m", "$1bn", "$10bn"]


def test_dots_at_or_below_zero_are_the_published_chance_of_nothing_or_harm():
    """Normal quantiles with mean 1 and standard deviation 2: P(X <= 0) = 0.3085, 15 of 50 dots."""
    z = {
        "p025": -1.96,
        "p05": -1.6449,
        "p10": -1.2816,
        "p25": -0.6745,
        "p50": 0.0,
        "p75": 0.6745,
        "p90": 1.2816,
        "p95": 1.6449,
        "p975": 1.96,
    }
    dots = quantile_dots({name: 1 + 2 * score for name, score in z.items()} | {"p_not_better": 0.3085})
    assert len(dots) == 50
    assert sum(dot <= 0 for dot in dots) == 15
    assert dots == sorted(dots)
    assert dots[0] == pytest.approx(1 + 2 * -2.3263, abs=0.01)  # the quantile at 1 %


@given(st.lists(st.floats(0, 300), min_size=1, max_size=8))
def test_spread_labels_keep_their_order_and_their_distance(centers):
    placed = spread(centers, 20, -40, 400)
    ordered = [p for _, p in sorted(zip(centers, placed, strict=True), key=lambda pair: (pair[0], pair[1]))]
    assert all(b - a >= 20 - 1e-6 for a, b in itertools.pairwise(ordered))


def test_labels_that_do_not_collide_stay_where_they_are():
    assert spread([10, 100, 200], 20, 0, 300) == [10, 100, 200]


def test_markup_has_no_width():
    assert text_width("<b>G7</b>", 13) == text_width("G7", 13)
