"""What is computed for the drawings: surfaces and their crossings, contour levels, places of labels, who is drawn."""

import math

import numpy as np
import pytest

from reports.figures_accession import parties
from reports.figures_channels import ordered_channels
from reports.figures_regimes import drawn_measures, lines
from reports.figures_strength import Evidence, default_strength
from reports.placing import Board, Box
from reports.surface import Surface, indexed, levels


def grid(function, adoptions=(0.0, 0.5, 1.0), strengths=(-0.2, 0.0, 0.2, 0.4)):
    return [
        {"adoption_level": a, "strength": s, "avoided_share": function(a, s), "net_benefit": function(a, s)}
        for s in strengths
        for a in adoptions
    ]


def test_break_even_strength_is_where_the_line_between_two_points_meets_zero():
    """Net benefit s - 0.1: zero at 0.1, which lies between the published 0.0 and 0.2."""
    surface = Surface.of(grid(lambda a, s: s - 0.1), "net_benefit")
    assert surface.crossings() == pytest.approx([0.1, 0.1, 0.1])


def test_break_even_strength_is_the_lowest_examined_or_none_at_the_ends():
    assert Surface.of(grid(lambda a, s: 1.0), "net_benefit").crossings() == [-0.2, -0.2, -0.2]
    assert Surface.of(grid(lambda a, s: -1.0), "net_benefit").crossings() == [None, None, None]
    assert Surface.of(grid(lambda a, s: 0.0), "net_benefit").crossings() == [None, None, None]


def test_a_refined_surface_is_linear_between_the_published_points():
    surface = Surface.of(grid(lambda a, s: a * s), "avoided_share").refined(5, 7)
    assert surface.adoption == pytest.approx(np.linspace(0, 1, 5))
    assert surface.values[4, 3] == pytest.approx(0.75 * 0.2)  # bilinear functions are kept as they are


def test_a_point_that_was_not_published_is_missing_and_not_zero():
    rows = grid(lambda a, s: 1.0)
    rows[0]["avoided_share"] = None
    assert math.isnan(Surface.of(rows, "avoided_share").values[0, 0])


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.0, 17.0, [0.0, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0]),
        (-6.0, 17.0, [-5.0, -2.0, 0.0, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0]),
        (-6.0, -1.0, [-5.0, -2.0]),
        (0.0, 0.0, []),
    ],
)
def test_contour_levels_are_one_two_five_and_hold_zero(low, high, expected):
    found = levels(low, high)
    assert [level for level in found if low < level or level == 0] == expected


def test_uneven_levels_get_even_steps_of_color():
    assert indexed(np.array([[-1.0, 0.0, 1.0, 5.0, 10.0, 20.0]]), [0.0, 1.0, 5.0, 10.0]).tolist() == [
        [-1.0, 0.0, 1.0, 2.0, 3.0, 4.0]
    ]


def test_evidence_reaches_from_the_weakest_to_the_strongest_finding_at_both_ends():
    """exp(-0.1256 - 0.228) - 1 = -29.8 %; exp(0.388 - 0.228) - 1 = +17.3 %."""
    rows = [
        {"side": side, "log_rate_ratio": value, "year": 2000, "effect_id": f"{value}"}
        for side, value in (("victim", -0.1256), ("victim", 0.388), ("origin", -0.228), ("other", -0.9))
    ]
    found = Evidence.of(rows)
    assert (found.low, found.high) == pytest.approx((-0.1735, 0.2978), abs=1e-4)
    assert Evidence.of([rows[-1]]) is None


def test_default_strength_is_the_fall_at_the_sum_of_the_prior_means():
    """1 - exp(-0.05 - 0.10) = 0.139."""
    rows = [{"effect_set": "default", "mean": value} for value in (-0.05, -0.10)]
    assert default_strength(rows) == pytest.approx(0.1393, abs=1e-4)
    assert default_strength([]) is None


def test_a_label_takes_the_first_place_that_is_free_or_none():
    board = Board(100, 50, [Box(20, 25, 20, 10)])
    assert board.take([Box(20, 25, 10, 10), Box(95, 25, 20, 10), Box(60, 25, 20, 10)]) == 2
    assert board.take([Box(62, 25, 20, 10)]) is None
    assert len(board.taken) == 2


def test_a_label_takes_the_freest_place_when_asked():
    board = Board(100, 50, [Box(10, 25, 10, 10)])
    assert board.take([Box(40, 25, 10, 10), Box(90, 25, 10, 10), Box(60, 25, 10, 10)], best=True) == 1


def test_gap_between_boxes_is_between_their_edges():
    assert Box(0, 0, 10, 10).gap(Box(13, 14, 10, 10)) == 5.0  # 3 across, 4 along
    assert Box(0, 0, 10, 10).gap(Box(8, 0, 10, 10)) == -2.0


def row(regime, measure, belief, middle):
    return {"regime": regime, "measure": measure, "belief": belief, "p05": middle, "p50": middle, "p95": middle}


def test_beliefs_that_agree_are_drawn_as_one_line():
    same = [row("agreed", "deterrence", belief, 0.1) for belief in ("op_ed", "little_reciprocity")]
    apart = [row("agreed", "retaliation", "op_ed", 0.1), row("agreed", "retaliation", "little_reciprocity", 0.2)]
    assert [r["belief"] for r in lines(same, "deterrence", "agreed")] == ["little_reciprocity"]
    assert [r["belief"] for r in lines(apart, "retaliation", "agreed")] == ["little_reciprocity", "op_ed"]


def test_a_measure_is_drawn_only_with_all_three_regimes():
    rows = [row(regime, "retaliation", "op_ed", 0.1) for regime in ("status_quo", "unilateral", "agreed")]
    assert drawn_measures([*rows, row("agreed", "deterrence", "op_ed", 0.1)]) == ["retaliation"]


def test_channels_stand_in_the_order_of_the_model_with_the_total_last():
    names = ["total", "unheard_of", "stand_down", "law_origin"]
    found = [r["channel"] for r in ordered_channels([{"channel": name} for name in names])]
    assert found == ["law_origin", "stand_down", "unheard_of", "total"]


def test_parties_are_the_sum_of_ratifications_to_the_year():
    rows = [{"year": 2002, "ratifications": 2}, {"year": 2004, "ratifications": 3}]
    assert parties(rows) == [(2002, 2), (2004, 5)]
