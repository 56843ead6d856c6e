"""Bins of ranks: their ends by hand, how few amounts a point may rest on, and where amounts that follow a law lie."""

from __future__ import annotations

import math

import numpy as np
import pytest

from models.laws import Lognormal, Pareto
from models.quantile_bins import EDGES, cuts, points


def test_bins_of_a_thousand_amounts_end_at_the_grid_as_far_as_five_amounts_lie_above():
    """1 % is 10 amounts; 99.5 % leaves 5 above, 99.8 % would leave 2."""
    tenths = [50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 950, 980, 990, 995, 1000]
    assert cuts(1000).tolist() == [0, 10, 20, *tenths]


def test_a_bin_that_would_be_too_small_joins_the_next():
    """Of 67 amounts a tenth is 7 (6.7) and 5 % are 3: the lowest point is of 7, the highest of all above 90 %."""
    assert cuts(67).tolist() == [0, 7, 13, 20, 27, 34, 40, 47, 54, 60, 67]


@pytest.mark.parametrize("n", [30, 31, 49, 67, 99, 412, 1000, 11_391, 100_000])
def test_no_point_rests_on_fewer_than_five_amounts_and_every_amount_is_in_one(n):
    ends = cuts(n)
    assert np.diff(ends).min() >= 5
    assert (ends[0], ends[-1]) == (0, n)
    assert set(ends[1:-1].tolist()) <= set(np.round(n * np.array(EDGES)).astype(int).tolist())


def test_a_point_is_the_geometric_mean_of_its_bin_at_its_middle_rank():
    """The largest seven of 61 to 67: e^(mean of their logs), ranks 61 to 67, so (64 - 1/2) / 67."""
    found = points(np.arange(67.0, 0.0, -1.0), Lognormal(0.0, 1.0)).row(-1, named=True)
    assert found["n"] == 7
    assert found["probability"] == pytest.approx(63.5 / 67)
    assert found["observed"] == pytest.approx(math.prod(range(61, 68)) ** (1 / 7))


def test_the_largest_amount_cannot_be_read_off_the_highest_point():
    """A hundredfold largest amount moves the mean of the top seven fifteenfold, their geometric mean by 100^(1/7)."""
    x = np.arange(1.0, 68.0)
    more = np.append(x[:-1], 100 * x[-1])
    before, after = (points(amounts, Lognormal(0.0, 1.0))["observed"][-1] for amounts in (x, more))
    assert after / before == pytest.approx(100 ** (1 / 7))


@pytest.mark.parametrize("law", [Lognormal(-4.0, 2.0), Pareto(1.4, 0.01), Pareto(2.3, 0.01)])
def test_amounts_at_the_quantiles_of_a_law_lie_on_the_line_of_equality_in_every_bin(law):
    """Also where the law has no mean."""
    found = points(law.quantile((np.arange(400) + 0.5) / 400), law)
    assert found["observed"].to_numpy() == pytest.approx(found["fitted"].to_numpy())
    assert found["n"].sum() == 400
    assert found["observed"].is_sorted() and found["probability"].is_sorted()
