"""What the figures on GDP, definitions, the tail and certainty draw: steps, thinning, sums, and rows left out."""

import json
from itertools import pairwise

import pytest

from reports.figures_bridge import bridge_steps, growth
from reports.figures_exceedance import curves
from reports.figures_replay import replay
from reports.figures_sobol import OTHERS, top_inputs
from reports.figures_specification import dashboard, thinned


def total(name, year, amount, gdp, prices):
    return {
        "estimate_id": name, "published_year": year + (year == 2017), "reference_year": year, "usd_bn": amount,
        "gdp_usd_bn": gdp, "prices": prices,
    }  # fmt: skip


LEDGER = [
    total("csis_2018", 2017, 600.0, 81551.0, 245.12),
    total("csis_2020_loss", 2020, 945.0, 85578.0, 258.81),
    total("csis_2020_total", 2020, 1090.0, 85578.0, 258.81),
]


def test_the_bridge_leads_from_600_over_prices_growth_and_defense_to_the_round_figure():
    """600 x 258.81 / 245.12 = 633.5: 33.5 of prices, 311.5 of growth; then 145 of defense and -90 of rounding."""
    steps = bridge_steps(LEDGER, 1000.0)
    changes = [round(step.end - step.start, 1) for step in steps if not step.is_total]
    assert changes == [33.5, 311.5, 145.0, -90.0]
    assert [round(100 * step.share, 2) for step in steps if step.is_total] == [0.74, 1.10, 1.27, 1.17]
    assert growth(steps) == pytest.approx((0.575, 945 / 633.51 - 1), abs=1e-4)
    assert all(a.end == b.start for a, b in pairwise(steps) if not b.is_total)


def test_without_the_op_eds_figure_the_bridge_ends_at_what_was_published_and_without_a_total_there_is_none():
    assert [step.end for step in bridge_steps(LEDGER, None)][-1] == 1090.0
    assert bridge_steps(LEDGER[:2], 1000.0) == []
    assert bridge_steps([LEDGER[0] | {"usd_bn": None}, *LEDGER[1:]], 1000.0) == []


def index(name, share):
    return {"output": "avoided_loss", "prior_id": name, "first": share / 2, "total": share,
            "total_lower": share, "total_upper": share}  # fmt: skip


def test_inputs_beyond_the_tenth_are_summed_and_nil_ones_left_out():
    shown = top_inputs([index(f"input_{k:02}", 0.13 - 0.01 * k) for k in range(13)] + [index("nil", 0.0)])
    assert [row["prior_id"] for row in shown[:2]] == ["input_00", "input_01"]
    assert shown[-1]["prior_id"] == OTHERS and shown[-1]["count"] == 3
    assert shown[-1]["total"] == pytest.approx(0.03 + 0.02 + 0.01)
    assert len(top_inputs([index(f"input_{k:02}", 0.2) for k in range(11)])) == 11


def test_thinning_is_even_along_the_order_and_keeps_the_default():
    sample = [{"spec_id": k, "is_default": k == 100} for k in range(144)]
    chosen = [row["spec_id"] for row in thinned(sample, 48)]
    assert len(chosen) == 48 and 100 in chosen
    assert chosen == sorted(chosen)
    assert all(abs(at - (3 * k + 1)) <= 2 for k, at in enumerate(chosen))
    assert thinned(sample[:20], 48) == sample[:20]


def test_the_dashboard_leaves_out_choices_that_explain_nothing_but_never_all():
    def row(choice, option, total, default=False):
        return {"choice": choice, "option": option, "total": total, "is_default": default}

    rows = [row("a", "x", 0.8), row("a", "y", 0.8, True), row("b", "z", 0.001)]
    assert dashboard(rows) == [("a", ["y", "x"])]
    assert dashboard(rows[2:]) == [("b", ["z"])]


def test_the_sample_of_specifications_spans_the_order_and_holds_the_default(edition):
    sample = edition.rows("specification_sample")
    assert [row["mean"] for row in sample] == sorted(row["mean"] for row in sample)
    assert sum(row["is_default"] for row in sample) == 1
    assert json.loads(next(row for row in sample if row["is_default"])["choices"])["effect_set"] == "default"


def exceeded(source, scenario, period, amount, records=100):
    return {"source_id": source, "perspective": "AEP", "scenario": scenario, "return_period": period,
            "loss_usd_bn": amount, "records": records}  # fmt: skip


def test_a_whole_that_is_withheld_gives_way_to_the_source_with_most_records():
    rows = [
        exceeded(source, scenario, period, None if source == "all" else 2.0 * period, records)
        for source, records in (("all", 900), ("many", 640), ("few", 40))
        for scenario in ("status_quo", "universal")
        for period in (10, 100, 1000)
    ]
    found = curves(rows)
    assert (found.source, found.scenario) == ("many", "universal")
    assert found.marked[0]["return_period"] == 100
    assert curves([row | {"loss_usd_bn": None} for row in rows]) is None
    assert curves([]) is None


def test_the_replay_needs_a_course_that_destroys():
    assert replay([]) is None
    went = {"event_id": "solarwinds", "measure": "loss", "course": "espionage", "detection_months": 8.6, "p05": 0.3,
            "p50": 0.8, "p95": 2.6}  # fmt: skip
    assert replay([went]) is None
    worse = went | {"course": "destructive", "detection_months": 9.0}
    as_found = went | {"course": "destructive"}
    found = replay([went, as_found, worse | {"detection_months": 1.0}, worse])
    assert [row["detection_months"] for row in found.destroys] == [9.0, 1.0]
    assert found.went is went and found.published is None and found.rejected is None
