"""Shapley shares, present values, and the tables that lay mechanisms side by side."""

import numpy as np
import pytest

from models.channels import shapley_weights, subsets
from models.mechanisms import mechanisms_of
from models.present_value import discount_factors


def test_shapley_shares_of_a_game_solved_by_hand():
    """Glove game of three, one left and two right gloves: v = 1 with the left and a right one. Shares 4/6, 1/6, 1/6."""
    members = np.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)], dtype=float)
    value = members[:, 0] * np.maximum(members[:, 1], members[:, 2])
    assert shapley_weights(members) @ value == pytest.approx([4 / 6, 1 / 6, 1 / 6])


def test_shapley_shares_of_any_game_add_up_to_the_whole():
    rng = np.random.default_rng(0)
    members = subsets()
    values = rng.normal(size=(len(members), 5))
    shares = shapley_weights(members) @ values
    assert shares.sum(0) == pytest.approx(values[-1] - values[0])


def test_a_channel_that_changes_nothing_has_no_share():
    members = subsets()
    values = (members @ np.arange(8.0))[:, None]  # an additive game: each channel its own number
    assert (shapley_weights(members) @ values)[:, 0] == pytest.approx(np.arange(8.0))


def test_discount_factors_by_hand():
    """1.05^-1 and 1.05^-2; Ramsey with delta 1 %, eta 2 and growth of 3 %: exp(-.01) 1.03^-2 in the first year."""
    found = discount_factors([2021, 2022], np.array([1.03, 1.03**2]), 0.01, 2.0)
    assert found["5 %"] == pytest.approx([1 / 1.05, 1 / 1.05**2])
    assert found["ramsey"][0] == pytest.approx(np.exp(-0.01) / 1.03**2)
    assert found["declining"][0] == pytest.approx((1 / 1.03 + 1 / 1.05 + 1 / 1.07) / 3)


def test_the_declining_rate_falls_with_time():
    """Weitzman (1998): the certainty-equivalent of uncertain constant rates falls towards the lowest of them."""
    years = np.arange(2021, 2121)
    factor = discount_factors(years.tolist(), np.ones(100), 0.0, 1.0)["declining"]
    rates = factor[:-1] / factor[1:] - 1
    assert np.all(np.diff(rates) < 0)
    assert 0.03 < rates[-1] < rates[0] < 0.05


def test_output_that_vanishes_cannot_be_discounted_by_growth():
    with pytest.raises(ValueError, match="positive output"):
        discount_factors([2021], np.array([0.0]), 0.01, 1.0)


def test_a_text_of_law_alone_has_one_row_and_others_three():
    assert mechanisms_of(frozenset({"law"})) == ("law",)
    assert mechanisms_of(frozenset()) == ("law",)
    assert mechanisms_of(frozenset({"law", "consequences"})) == ("law", "no_standdown")
    assert mechanisms_of(frozenset({"law", "stand_down"})) == ("law", "no_standdown", "all")
