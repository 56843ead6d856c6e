"""How many events there were where only some are on record."""

from __future__ import annotations

import pytest
from scipy import stats

from models.frequency import Reporting
from models.reporting import all_events

ONE_IN_FIVE = Reporting(4.0, 16.0)


def test_all_events_are_the_count_over_the_probability_and_its_quantiles_run_the_other_way():
    """p ~ Beta(4, 16): E[1 / p] = 19 / 3; the 5 % quantile of all is the count over the 95 % quantile of p."""
    (row,) = all_events([("ic3", "criminal", 2020, 300)], ONE_IN_FIVE).iter_rows(named=True)
    assert row["mean"] == pytest.approx(1900.0, rel=1e-5)
    for name, u in (("p05", 0.95), ("p25", 0.75), ("p50", 0.5), ("p75", 0.25), ("p95", 0.05)):
        assert row[name] == pytest.approx(300 / stats.beta.ppf(u, 4, 16), rel=1e-5)
    assert row["on_record"] < row["p05"] < row["p50"] < row["mean"] < row["p95"]


def test_from_fewer_than_thirty_records_nothing_is_estimated():
    few, enough = all_events([("s", "criminal", 2019, 29), ("s", "criminal", 2020, 30)], ONE_IN_FIVE).rows(named=True)
    assert (few["p50"], few["mean"], few["status"]) == (None, None, "withheld: fewer than 30 records")
    assert enough["p50"] is not None and enough["status"] == "estimated"


def test_without_a_mean_of_the_inverse_there_is_no_number():
    with pytest.raises(ValueError, match="a must exceed 1"):
        all_events([("s", "criminal", 2020, 30)], Reporting(1.0, 4.0))
