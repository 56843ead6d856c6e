"""Averages of published figures: mixtures solved on paper, weights, and what the ledger says from below and above."""

import math

import numpy as np
import polars as pl
import pytest
from scipy.stats import norm

from models.averaging import (
    ABOVE,
    BELOW,
    Candidate,
    average,
    averaging_table,
    candidates,
    meeting,
    selections,
    weight_table,
    weights,
)
from pipelines import reference
from pipelines.schemas.sensitivity import SENSITIVITY
from pipelines.schemas.tables import conform


def figure(name, share, approach=BELOW, se=0.5, interest="other"):
    return Candidate(name, approach, interest, math.log(share), se)


def test_one_figure_is_its_own_average():
    """A lognormal of median 1 % and spread 0.5: quantile 0.95 is 0.01 exp(1.645 x 0.5)."""
    own = average([figure("a", 0.01)], "precision")
    assert own.quantile(0.5) == pytest.approx(0.01)
    assert own.quantile(0.95) == pytest.approx(0.01 * math.exp(0.5 * norm.ppf(0.95)))
    assert own.cdf(0.01) == pytest.approx(0.5)


def test_disagreement_widens_an_average_that_pooling_would_narrow():
    """Two equal lognormals far apart: the median is between them, the quarters are their own medians."""
    own = average([figure("a", 0.001, se=0.1), figure("b", 0.1, se=0.1)], "equal")
    assert own.quantile(0.5) == pytest.approx(0.01, rel=1e-6)
    assert [own.quantile(0.25), own.quantile(0.75)] == pytest.approx([0.001, 0.1], rel=1e-6)


def test_weights_by_hand():
    """Equal logs leave tau = 0, so precision is 1 / se^2: 4 to 1 to 1; by approach half is left to the lone figure."""
    rows = [figure("a", 0.01, se=0.5), figure("b", 0.01, se=1.0), figure("c", 0.01, ABOVE, se=1.0)]
    assert weights(rows, "equal") == pytest.approx([1 / 3] * 3)
    assert weights(rows, "precision") == pytest.approx([4 / 6, 1 / 6, 1 / 6])
    assert weights(rows, "by_approach") == pytest.approx([0.4, 0.1, 0.5])


def test_the_ratio_of_two_approaches_of_equal_precision_is_that_of_their_means():
    """Bottom-up 1 and 4 per mille, top-down 4 and 16: geometric means 2 and 8, a factor of four."""
    rows = [figure("a", 0.001), figure("b", 0.004), figure("c", 0.004, ABOVE), figure("d", 0.016, ABOVE)]
    found = meeting(rows)
    assert found.ratio == pytest.approx(4)
    assert found.lower < 1 < found.upper
    assert found.lower * found.upper == pytest.approx(16)
    assert 0.1 < found.p_value < 1


def test_selections_leave_one_out_and_drop_vendors():
    rows = [figure("a", 0.01), figure("b", 0.02, interest="vendor"), figure("c", 0.03, ABOVE)]
    found = {name: [c.name for c in chosen] for name, chosen in selections(rows).items()}
    assert found == {
        "all": ["a", "b", "c"],
        "bottom_up": ["a", "b"],
        "top_down": ["c"],
        "without_vendors": ["a", "c"],
        "leave_out:a": ["b", "c"],
        "leave_out:b": ["a", "c"],
        "leave_out:c": ["a", "b"],
    }


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: weights([], "equal"), "nothing to average"),
        (lambda: weights([figure("a", 0.01)], "best"), "unknown weighting 'best'; known: equal"),
        (lambda: meeting([figure("a", 0.01), figure("b", 0.01)]), "both approaches"),
        (lambda: figure("a", 0.01, approach="sideways"), "a: approach is bottom_up or top_down"),
        (lambda: figure("a", 0.01, se=0.0), "spread above zero"),
    ],
)
def test_what_cannot_be_averaged_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.fixture(scope="module")
def tables():
    return reference.load_all()


def test_complaints_raised_to_all_victims_are_a_share_of_gdp(tables):
    """IC3 2024: 16.6 bn of 29,185 bn is 0.0569 %; over one in five, 0.284 % (evidence F: 0.28 %)."""
    found = {c.name: c for c in candidates(tables["estimates"], tables["gdp"], tables["ic3_totals"])}
    assert math.exp(found["ic3_2024_reported"].log_share) == pytest.approx(16.6 / 29185 / 0.2, rel=1e-12)
    # CEA prints 0.31 to 0.58 % of another release of GDP: the middle is 0.42 %
    assert math.exp(found["cea_2018"].log_share) == pytest.approx(0.0042, abs=1e-4)
    assert math.exp(found["csis_2020_loss"].log_share) == pytest.approx(945 / 85577.72, rel=1e-6)


def test_a_figure_whose_approach_nobody_stated_is_refused(tables):
    used = tables["estimates"].with_columns(used=pl.col("used") | (pl.col("estimate_id") == "lloyds_cyence_2017"))
    with pytest.raises(ValueError, match="lloyds_cyence_2017 is in the fit, but its approach is not known"):
        candidates(used, tables["gdp"], tables["ic3_totals"])


def test_the_tables_on_the_shipped_ledger(tables):
    own = figure("own_model", 0.004)
    rows = candidates(tables["estimates"], tables["gdp"], tables["ic3_totals"], [own])
    averaged = conform(averaging_table(rows, tables["gdp"]), SENSITIVITY["averaging"])
    weighed = conform(weight_table(rows), SENSITIVITY["averaging_weight"])
    total = weighed.group_by("weighting").agg(pl.col("weight").sum())["weight"].to_numpy()
    assert total == pytest.approx(np.ones(3))
    assert "own_model" in weighed["candidate"].to_list()
    usd = averaged.filter((pl.col("quantity") == "usd_bn") & (pl.col("weighting") == "by_approach"))
    middle = dict(usd.select("selection", "p50").iter_rows())
    assert middle["bottom_up"] < middle["all"] < middle["top_down"]
    assert usd.select((pl.col("p05") < pl.col("p50")) & (pl.col("p50") < pl.col("p95"))).to_series().all()
    ratio = averaged.filter(pl.col("quantity") == "ratio").row(0, named=True)
    assert ratio["p05"] < ratio["p50"] < ratio["p95"]
    assert ratio["n"] == len(rows)
