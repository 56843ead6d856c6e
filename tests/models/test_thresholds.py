"""Where the tail begins: mean excess by hand and as a line, tails over thresholds, and the choice among them."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from models.laws import Pareto, Spliced
from models.thresholds import chosen_threshold, ladder, mean_excess, stability

KNOWN = Spliced(mu=-4.0, sigma=2.0, threshold=0.05, tail_share=0.3, xi=0.8, beta=0.06)


def draw(law, n: int, seed: int) -> np.ndarray:
    return law.quantile(np.random.default_rng(seed).random(n))


def test_mean_excess_is_the_mean_of_what_lies_above():
    """Amounts 1 to 60: those above u are u + 1 to 60, and exceed it by (61 - u) / 2 on average."""
    table = mean_excess(np.arange(1.0, 61.0))
    assert table.select("threshold", "n").rows() == [(5.0, 55), (10.0, 50), (20.0, 40)]
    assert table["mean_excess"].to_numpy() == pytest.approx((61 - table["threshold"].to_numpy()) / 2)


def test_thresholds_of_the_mean_excess_are_round_and_leave_thirty_amounts_above_and_five_below():
    """Whatever is on record they are 1, 2 or 5 times a power of ten, so that none is an amount."""
    x = draw(KNOWN, 400, 3)
    table = mean_excess(x)
    assert {f"{u:e}".split("e")[0] for u in table["threshold"]} == {"1.000000", "2.000000", "5.000000"}
    assert not np.isin(table["threshold"].to_numpy(), x).any()
    above_each = (x > table["threshold"].to_numpy()[:, None]).sum(axis=1)
    assert table["n"].to_list() == above_each.tolist()
    assert above_each.min() >= 30 and (x.size - above_each).min() >= 5


def test_a_tail_of_twenty_nine_amounts_has_no_mean_excess():
    """Above 20 lie the amounts 21 to 49, and above 10 thirty-nine."""
    assert mean_excess(np.arange(1.0, 50.0))["threshold"].to_list() == [5.0, 10.0]


def test_mean_excess_of_a_generalized_pareto_law_is_a_straight_line():
    """(beta + xi u) / (1 - xi) (Davison and Smith 1990); points share amounts, so four of their errors are allowed."""
    table = mean_excess(draw(Pareto(0.2, 1.0), 200_000, 8))
    line = (1 + 0.2 * table["threshold"].to_numpy()) / 0.8
    assert (abs(table["mean_excess"].to_numpy() - line) < 4 * table["se"].to_numpy()).all()


def test_the_ladder_leaves_thirty_amounts_on_both_sides():
    x = draw(KNOWN, 90, 1)
    tried = ladder(x)
    assert np.isin(tried, x).all() and (np.diff(tried) > 0).all()
    above_each = (x > tried[:, None]).sum(axis=1)
    assert (above_each.max(), above_each.min()) == (45, 30)
    with pytest.raises(ValueError, match="59 amounts: a body and a tail of at least 30 each need 60"):
        ladder(x[:59])


def test_shape_and_modified_scale_do_not_move_with_the_threshold_once_the_law_holds():
    """xi = 0.4 and beta = 1 hold above every threshold: beta - xi u is 1 throughout."""
    table = stability(draw(Pareto(0.4, 1.0), 3000, 5) + 1e-9, np.random.default_rng(0), 9)
    fitted = table.filter(pl.col("n") > 200)
    assert (abs(fitted["xi"].to_numpy() - 0.4) < 3 * fitted["xi_se"].to_numpy()).all()
    assert (abs(fitted["modified_scale"].to_numpy() - 1) < 3 * fitted["modified_scale_se"].to_numpy()).all()


def test_thresholds_below_the_tail_are_refused_by_the_test_and_the_lowest_good_one_is_chosen():
    """Dense and uniform up to 1, thin and long from 1 on: no threshold below 1 can be the start of the tail."""
    rng = np.random.default_rng(100)
    x = np.concatenate([rng.random(600), 1 + Pareto(0.7, 5.0).quantile(rng.random(400))])
    table = stability(x, rng, 49, [0.5, 0.8, np.max(x[x < 1]), 1.1, 1.3])
    assert table["chosen"].to_list() == [False, False, True, False, False]
    assert (table["p_value"].to_numpy()[:2] < 0.05).all()
    assert chosen_threshold(table) == np.max(x[x < 1])


def test_where_every_threshold_is_refused_the_highest_stands_and_says_so():
    """Two values with a little noise are the tail of no law of this family."""
    rng = np.random.default_rng(2)
    x = np.concatenate([rng.random(100), np.repeat([5.0, 50.0], 60) + 1e-3 * rng.random(120)])
    table = stability(x, rng, 39, [1.5, 4.0])
    assert table["chosen"].to_list() == [False, True]
    assert table["status"].to_list()[-1].startswith("the test of fit refuses the highest threshold too")
