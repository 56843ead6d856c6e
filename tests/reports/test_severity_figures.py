"""Mean excess and quantile plots: what is drawn and left out, titles in every branch, numbers by hand."""

import math

import pytest

from reports import severity_text, titles_losses
from reports.figures_mean_excess import mean_excess
from reports.palette import BAND_80, BLUE, MODES
from reports.rows import Rows
from reports.severity_rows import Tail, quantiles, tails
from reports.tail_figures import mean_excess as mean_excess_figure
from reports.tail_figures import severity_quantiles
from tests.reports.pages import changed, words_of

NBSP = "\u00a0"
RISES = "The mean excess rises with the threshold in"
CLOSER = "In the upper tenth the splice is closer to the record than the lognormal in"


def tail(xi=(0.3, 0.1, 0.5), excesses=(1.0, 2.0, 3.0), source="vcdb", n=100):
    points = [
        {"threshold": 10.0**k, "mean_excess": value, "se": 0.1, "n": 90 - 30 * k} for k, value in enumerate(excesses)
    ]
    return Tail(source, points, n, xi, threshold=1.0, beta=2.0, cap=1000.0)


# --- titles ---


@pytest.mark.parametrize(
    ("rising", "heavy", "sources", "expected"),
    [
        (3, 3, 3, f"{RISES} all 3 sources: tails heavier than exponential"),
        (2, 2, 3, f"{RISES} 2 of 3 sources: tails heavier than exponential"),
        (1, 1, 3, f"{RISES} 1 of 3 sources: a tail heavier than exponential"),
        (3, 2, 3, f"{RISES} all 3 sources: tails heavier than exponential beyond chance in 2"),
        (3, 1, 3, f"{RISES} all 3 sources: a tail heavier than exponential beyond chance in 1"),
        (2, 0, 3, f"{RISES} 2 of 3 sources, but chance could be why"),
        (1, 1, 1, f"{RISES} the one source: a tail heavier than exponential"),
        (1, 0, 1, f"{RISES} the one source, but chance could be why"),
        (0, 0, 3, f"{RISES} no source: no tail is seen to be heavier than exponential"),
    ],
)
def test_mean_excess_title_counts_the_sources_that_rise_and_those_beyond_chance(rising, heavy, sources, expected):
    assert titles_losses.mean_excess(rising, heavy, sources) == expected


@pytest.mark.parametrize(
    ("closer", "others", "expected"),
    [
        (["A", "B"], [], f"{CLOSER} all 2 sources"),
        (["A"], [], f"{CLOSER} the one source"),
        (["A", "B"], ["C"], f"{CLOSER} 2 of 3 sources, but not in C"),
        (["A"], ["B", "C"], f"{CLOSER} 1 of 3 sources, but not in B or C"),
        ([], ["A", "B"], f"{CLOSER.replace('closer', 'no closer')} any of 2 sources"),
        ([], ["A"], f"{CLOSER.replace('closer', 'no closer')} the one source"),
    ],
)
def test_quantile_title_names_the_sources_where_the_splice_is_no_closer(closer, others, expected):
    assert titles_losses.quantiles(closer, others) == expected


# --- what the titles rest on ---


def test_a_mean_excess_rises_where_more_pairs_of_thresholds_go_up_than_down():
    assert tail(excesses=(1.0, 3.0, 2.0)).rises
    assert not tail(excesses=(3.0, 1.0, 2.0)).rises
    assert not tail(excesses=(2.0, 2.0, 2.0)).rises
    assert not tail(excesses=(2.0,)).rises


def test_a_tail_is_heavy_only_where_the_interval_of_its_shape_is_above_zero():
    assert tail((0.3, 0.1, 0.5)).is_heavy
    assert not tail((0.3, -0.1, 0.7)).is_heavy
    assert not tail((0.3, 0.1, 0.5), excesses=(3.0, 2.0, 1.0)).is_heavy
    assert not tail(None).is_heavy


def test_the_line_is_that_of_a_generalized_pareto_tail():
    """(beta + xi (u - u0)) / (1 - xi) without a cap: 2 / 0.5 at u0 = 1, (2 + 0.5 x 2) / 0.5 at 3."""
    assert tail((0.5, 0.1, 0.9)).line([1.0, 3.0], capped=False) == pytest.approx([4.0, 6.0])


def test_a_cap_makes_the_line_finite_where_the_mean_is_not():
    """At xi = 1 the excess up to 999 has mean beta ln(1 + 999 / beta)."""
    assert tail((1.0, 0.5, 1.5)).line([1.0], capped=True) == pytest.approx([2 * math.log(1 + 999 / 2)])
    assert tail((1.0, 0.5, 1.5)).line([1.0], capped=False) == [math.inf]


def point(family, probability, observed, fitted, n=5, source="vcdb"):
    return {"source_id": source, "family": family, "probability": probability, "observed": observed, "fitted": fitted,
            "n": n}  # fmt: skip


def test_distance_is_the_mean_gap_in_logs_of_the_upper_tenth_by_amounts():
    """Ten amounts off by a factor e and five by e^4: (10 x 1 + 5 x 4) / 15 = 2; the bin at 80 % does not count."""
    rows = [
        *(point("lognormal", p, 1.0, math.exp(gap), n) for p, gap, n in ((0.8, 9, 50), (0.92, 1, 10), (0.97, -4, 5))),
        *(point("spliced", p, 1.0, 1.0, n) for p, n in ((0.8, 50), (0.92, 10), (0.97, 5))),
    ]
    (found,) = quantiles(rows, [])
    assert found.distance == pytest.approx({"lognormal": 2.0, "spliced": 0.0})
    assert found.splice_is_closer and not found.splice_has_less_bic
    assert found.n == 65


def test_a_law_that_is_as_close_is_not_closer():
    rows = [point(family, 0.95, 1.0, 2.0) for family in ("lognormal", "spliced")]
    assert not quantiles(rows, [])[0].splice_is_closer


def test_a_source_that_one_law_could_not_be_fitted_to_is_left_out():
    assert quantiles([point("lognormal", 0.95, 1.0, 2.0)], []) == []


def test_the_three_sources_with_most_amounts_are_drawn_known_ones_first():
    rows = [
        {"source_id": source, "threshold": 1.0, "mean_excess": 2.0, "se": 1.0, "n": n}
        for source, n in (("elsewhere", 70), ("few", 40), ("vcdb", 60), ("ransomwhere", 900))
    ]
    assert [one.source for one in tails(rows, [])] == ["vcdb", "ransomwhere", "elsewhere"]


# --- what is drawn ---


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name)
def test_a_band_needs_a_variance_and_a_line_without_a_cap_a_mean(mode):
    """xi 0.3: band and both lines; 0.8: both lines; 1.2: the line with the cap; without a fit neither."""
    for xi, bands, dashes in (
        ((0.3, 0.1, 0.5), 1, ["solid", "7px,5px"]),
        ((0.8, 0.6, 1.0), 0, ["solid", "7px,5px"]),
        ((1.2, 0.9, 1.5), 0, ["7px,5px"]),
        (None, 0, []),
    ):
        traces = mean_excess([tail(xi)], mode).data
        assert sum(trace.fillcolor == BAND_80 for trace in traces) == bands
        assert [trace.line.dash for trace in traces if trace.line.color == BLUE] == dashes
        assert all(math.isfinite(value) for trace in traces for value in trace.y)


def test_panels_are_of_equal_scale(edition):
    """A decade is as long in every panel, so that slopes compare."""
    found = tails(edition.rows("mean_excess"), edition.rows("severity_fit"))
    layout = mean_excess(found, MODES[0]).layout
    for names in (("xaxis", "xaxis2", "xaxis3"), ("yaxis", "yaxis2", "yaxis3")):
        lengths = [layout[name].range[1] - layout[name].range[0] for name in names]
        assert lengths == pytest.approx([lengths[0]] * 3)


# --- what is said ---


def test_the_caption_says_for_which_sources_there_is_a_band_and_why_not_for_others():
    light, heavy = tail((0.3, 0.1, 0.5)), tail((0.92, 0.6, 1.2), source="defillama_hacks")
    why = "from ξ of one half on the variance is infinite and a standard error has no meaning."
    assert severity_text.band([light]) == "Band: 95 % of the mean by its standard error."
    assert severity_text.band([heavy]) == f"No band for DefiLlama (ξ{NBSP}0.92): {why}"
    both = severity_text.band([light, heavy, tail(None, source="elsewhere")])
    assert both == (
        f"Band: 95 % of the mean by its standard error, only for VCDB. No band for DefiLlama (ξ{NBSP}0.92): {why} "
        "No tail could be fitted to Elsewhere."
    )


def test_the_caption_says_where_the_mean_is_infinite():
    assert severity_text.infinite_means([tail((0.99, 0.6, 1.2))]) == ""
    said = severity_text.infinite_means([tail((1.0, 0.6, 1.2)), tail((2.3, 1.2, 3.4), source="ransomwhere")])
    assert said == (
        f"No line without a cap for VCDB (ξ{NBSP}1.00) and Ransomwhere (ξ{NBSP}2.30): from ξ of one on the mean is "
        "infinite. "
    )


@pytest.mark.parametrize(
    ("bic", "where"),
    [((1.0, 2.0), "preferred for VCDB."), ((2.0, 1.0), "preferred in no source."), ((None, 1.0), "in no source.")],
)
def test_bic_is_held_against_the_closeness_of_the_splice(bic, where):
    rows = [point("lognormal", 0.95, 1.0, 2.0), point("spliced", 0.95, 1.0, 1.0)]
    fits = [
        {"source_id": "vcdb", "family": family, "coefficient": "bic", "estimate": value}
        for family, value in zip(("spliced", "lognormal"), bic, strict=True)
    ]
    said = severity_text.distances(quantiles(rows, fits))
    assert "VCDB lognormal 2.00, splice 1.00" in said
    assert said.endswith(where)


def test_without_rows_there_is_no_figure(database, tmp_path):
    page = changed(database, tmp_path / "none.duckdb", "delete from model.mean_excess", "delete from model.severity")
    words = words_of(page)
    assert words.count("Not estimated in this run: this figure has no rows") == 1
    assert "asks how heavy the tails are" not in words and "holds the fitted laws against" in words
    assert "the splice is preferred in no source" in words


def test_tails_that_could_not_be_fitted_are_said_to_be_so(database, tmp_path):
    page = changed(
        database,
        tmp_path / "unfitted.duckdb",
        "update model.severity set estimate = null, se = null, lower = null, upper = null, status = 'not estimable: x' "
        "where family = 'spliced' and source_id = 'vcdb'",
    )
    words = words_of(page)
    assert "No tail could be fitted to VCDB." in words
    assert "tails heavier than exponential beyond chance in 2" in words


def test_both_figures_have_the_words_of_every_figure(edition):
    """Title, alt text with the numbers that are drawn, tables of all that is drawn."""
    rows = Rows(edition)
    for made, points in ((mean_excess_figure(rows), 27), (severity_quantiles(rows), 24)):
        assert made.title in made.alt and made.under in made.alt
        assert len(made.tables[0].rows) == points
        assert set(made.drawings) == {"wide", "mid", "narrow"}
        assert made.heights["mid"] <= 275
