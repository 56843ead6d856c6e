"""Multipliers of input-output tables: the textbook's example, identities on any table, m and its range in the world."""

import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.amplification import amplification, bottleneck, from_rounds, round_names, rounds
from models.priors import sample
from models.propagation import (
    downstream_multipliers,
    final_demand_multipliers,
    ghosh_multipliers,
    inoperability_path,
    input_output_table,
    share_passed_on,
    value_added_multipliers,
)
from pipelines import aggregate, priors, propagation_fit, reference, vocabulary
from pipelines.schemas.macro import MACRO
from pipelines.schemas.tables import conform

# Miller and Blair, Input-Output Analysis, chapter 2
TEXTBOOK = input_output_table(np.array([[150, 500], [200, 100]]), np.array([1000, 2000]))
# Sector 0 sells half of what it makes to sector 1, which needs it for a quarter of its cost.
CHAIN = input_output_table(np.array([[0, 50], [0, 0]]), np.array([100, 200]))


def random_table(seed, size=6):
    """Deliveries that leave each sector 20 to 80 % of its output as value added."""
    rng = np.random.default_rng(seed)
    output, use = rng.uniform(1, 100, size), rng.random((size, size))
    return input_output_table(use / use.sum(0) * output * rng.uniform(0.2, 0.8, size), output)


TABLES = st.integers(0, 10_000).map(random_table)


def test_the_textbooks_leontief_inverse():
    """Miller and Blair: L and the output that a final demand of 600 and 1,500 needs."""
    assert TEXTBOOK.leontief == pytest.approx(np.array([[1.2541, 0.3300], [0.2640, 1.1221]]), abs=1e-4)
    assert TEXTBOOK.leontief @ [600, 1500] == pytest.approx([1247.5, 1841.6], rel=1e-3)
    assert TEXTBOOK.leontief @ TEXTBOOK.final_demand == pytest.approx([1000, 2000])


@given(TABLES)
@settings(max_examples=30, deadline=None)
def test_a_dollar_of_final_demand_is_a_dollar_of_value_added_in_any_table(table):
    assert value_added_multipliers(table) == pytest.approx(np.ones(6), abs=1e-12)


@given(TABLES)
@settings(max_examples=30, deadline=None)
def test_missing_work_and_capital_take_away_as_much_final_demand_in_any_table(table):
    assert final_demand_multipliers(table) == pytest.approx(np.ones(6), abs=1e-9)


@given(TABLES)
@settings(max_examples=30, deadline=None)
def test_losses_in_proportion_to_value_added_are_not_amplified(table):
    """All lose 1 % of their work and capital at once: all outputs, so all value added, fall by 1 %."""
    lost = 0.01 * table.value_added @ table.ghosh
    assert lost == pytest.approx(0.01 * table.output)


def test_what_a_stoppage_takes_along_on_paper():
    """Sector 0 loses 1 of value added, sector 1 a quarter of 1 % of 200, of which .75 is value added: .375."""
    assert ghosh_multipliers(CHAIN) == pytest.approx([1.375, 1])
    assert downstream_multipliers(CHAIN, 0.5) == pytest.approx([1.1875, 1])


@given(TABLES)
@settings(max_examples=30, deadline=None)
def test_all_passed_on_is_ghosh_and_nothing_passed_on_is_the_direct_loss(table):
    assert downstream_multipliers(table) == pytest.approx(ghosh_multipliers(table))
    assert downstream_multipliers(table, 0.0) == pytest.approx(np.ones(6))


def test_inoperability_day_by_day_adds_up_to_the_multiplier():
    """Recovery and stocks of different speed in each sector; the sums over days against the closed form."""
    table, days = random_table(3), 4000
    rng = np.random.default_rng(4)
    stock, replacement = rng.uniform(3, 30, 6), rng.uniform(20, 90, 6)
    recovery = rng.uniform(0.05, 0.5, 6)
    passed = share_passed_on(stock, replacement)
    for sector in range(6):
        stopped = 0.2 * np.eye(6)[sector]
        path = inoperability_path(table, stopped, recovery, stock, replacement, days)
        assert path[0] == pytest.approx(stopped)
        assert path[-1].max() < 1e-9
        direct = table.value_added[sector] * 0.2 / recovery[sector]
        total = path.sum(0) @ table.value_added
        assert total / direct == pytest.approx(downstream_multipliers(table, passed)[sector], rel=1e-6)


def test_how_fast_stocks_run_down_sets_when_customers_lose_and_not_how_much():
    """Nobody finds another supplier: with stocks of 2 days and of 60 the losses add up to Ghosh's."""
    table, never = random_table(5), np.full(6, 1e9)
    stopped, recovery = 0.1 * np.eye(6)[2], np.full(6, 0.2)
    paths = [inoperability_path(table, stopped, recovery, np.full(6, d), never, 6000) for d in (2.0, 60.0)]
    expected = ghosh_multipliers(table)[2] * 0.1 / 0.2 * table.value_added[2]
    for path in paths:
        assert path.sum(0) @ table.value_added == pytest.approx(expected, rel=1e-5)
    assert paths[0][:20].sum() > paths[1][:20].sum()


@given(TABLES, st.floats(0.0, 1.2))
@settings(max_examples=30, deadline=None)
def test_rounds_of_customers_add_up_to_the_multiplier(table, passed):
    weights = table.value_added / table.value_added.sum()
    found = from_rounds(rounds(table, weights, 60), np.array(passed))
    assert found == pytest.approx(weights @ downstream_multipliers(table, passed), rel=1e-6)


def test_the_bottleneck_is_found_again():
    table = random_table(8)
    found = rounds(table, np.full(6, 1 / 6), 40)
    assert bottleneck(found, float(from_rounds(found, np.array(1.17)))) == pytest.approx(1.17, abs=1e-9)
    assert bottleneck(found, 1.0) == pytest.approx(0, abs=1e-9)


def shipped():
    return reference.load("fits").filter(fit="propagation")


def estimate(name):
    return shipped().filter(coefficient=name)["estimate"].item()


def test_rands_total_is_2_905_to_3_409_times_its_direct_cost():
    """RAND RR2299: 799 of 275 and 22,500 of 6,600 USD bn."""
    assert propagation_fit.rand_ratios(reference.load("estimates")) == pytest.approx(
        (799 / 275, 22500 / 6600), abs=1e-12
    )
    assert propagation_fit.rand_ratios(reference.load("estimates")) == pytest.approx((2.905, 3.409), abs=1e-3)


def test_the_named_firms_of_notpetya_are_those_of_the_press():
    """870 + 400 + 384 + 300 + 188 + 129 million USD."""
    assert sum(loss for _, loss, _, _ in propagation_fit.NAMED_FIRMS) == 2271


def test_the_shipped_rounds_give_back_ghosh_and_the_bottleneck_fourfold():
    own = np.array([estimate(name) for name in round_names()])
    assert from_rounds(own, np.array(1.0)) == pytest.approx(estimate("ghosh"), rel=1e-3)
    assert from_rounds(own, np.array(estimate("bottleneck"))) == pytest.approx(estimate("as_notpetya"), rel=5e-3)
    assert 1 < estimate("ghosh") < estimate("ghosh_named_firms") < propagation_fit.FOURFOLD
    assert estimate("ghosh") < estimate("as_notpetya") < estimate("as_notpetya_high")


def test_m_lies_between_no_amplification_and_that_of_notpetya_in_every_draw():
    draws = sample(priors.load().priors, 4096, seed=2)
    m = amplification(shipped(), draws)
    assert np.all((m > 1) & (m < estimate("as_notpetya")))
    assert np.corrcoef(m, draws["replacement_days"])[0, 1] > 0 > np.corrcoef(m, draws["stock_days"])[0, 1]


def test_the_table_without_the_sources_has_the_world_alone():
    draws = sample(priors.load().priors, 512, seed=2)
    frame = propagation_fit.propagation_table(shipped(), draws, reference.load("estimates"))
    frame = conform(frame, MACRO["propagation"])
    assert frame["region"].unique().to_list() == ["WLD"]
    ones = frame.filter(pl.col("method").is_in(["leontief_final_demand", "ghosh_primary_inputs"]))
    assert ones["multiplier"].to_list() == [1.0, 1.0]


def singular():
    return input_output_table(np.full((2, 2), 50), np.array([100, 100]))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: singular().leontief, "singular: its sectors use up all they make"),
        (lambda: singular().ghosh, "singular"),
        (lambda: input_output_table(np.array([[0, 90], [90, 0]]), np.array([80, 80])).leontief, "negative entries"),
        (lambda: input_output_table(np.zeros((2, 2)), np.array([5, 0])), "sector 1 has output 0; leave out"),
        (lambda: input_output_table(np.zeros((2, 3)), np.array([5, 5])), "square"),
        (lambda: input_output_table(np.zeros((0, 0)), np.array([])), "square"),
        (lambda: input_output_table(np.array([[0, -1], [0, 0]]), np.array([5, 5])), "sector 0 delivers -1 to sector 1"),
        (lambda: input_output_table(np.array([[0, np.nan], [0, 0]]), np.array([5, 5])), "finite"),
        (
            lambda: ghosh_multipliers(input_output_table(np.array([[0, 9], [0, 0]]), np.array([9, 9]))),
            "value added of 0",
        ),
        (lambda: downstream_multipliers(TEXTBOOK, 4.0), "without end"),
        (lambda: from_rounds(np.array([0.4, 0.2]), np.array([1.0, 2.5])), "1.25 times what the one before"),
        (lambda: bottleneck(np.array([0.4, 0.2]), 0.5), "amplifies a loss 0.5 times"),
        (lambda: rounds(TEXTBOOK, np.array([0.5, 0.6])), "sum 1"),
        (lambda: share_passed_on(np.array(0.0), np.array(5.0)), "above 0"),
        (lambda: inoperability_path(CHAIN, np.array([2.0, 0]), *np.full((3, 2), 1.0), 3), "share from 0 to 1"),
        (lambda: inoperability_path(CHAIN, np.array([1.0, 0]), *np.full((3, 2), 1.0), 3), "no more than is missing"),
        (lambda: amplification(shipped().head(3), sample(priors.load().priors, 16, seed=1)), "round_01 is needed"),
    ],
)
def test_what_is_no_table_or_has_no_end_is_told(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def frames(flow=0.0):
    """Two economies with two industries, the second of ROM without output; `flow` is delivered to it."""
    places = [("DEU", "c1"), ("DEU", "c2"), ("ROM", "c1"), ("ROM", "c2")]
    deliveries = [("DEU", "c1", "ROM", "c1", 10.0), ("DEU", "c1", "ROM", "c2", flow)]
    names = ["from_region", "from_industry", "to_region", "to_industry", "musd"]
    return {
        "wiod_intermediate": pl.DataFrame(deliveries, schema=names, orient="row"),
        "wiod_final_demand": pl.DataFrame({"musd": [90.0, -5.0, 55.0, 100.0]}),
        "wiod_output": pl.DataFrame(
            [(*place, x, "v") for place, x in zip(places, (100.0, 50.0, 100.0, 0.0), strict=True)],
            schema=["region", "industry", "output", "vintage"],
            orient="row",
        ),
    }


def test_industries_without_output_are_left_out_and_old_codes_read():
    found = propagation_fit.sectors(frames(), vocabulary.load())
    assert list(zip(found.region, found.industry, strict=True)) == [("DEU", "c1"), ("DEU", "c2"), ("ROU", "c1")]
    assert (found.left_out, found.unbalanced) == (1, 0)
    assert ghosh_multipliers(found.table) == pytest.approx([1 + 0.1 * 90 / 100, 1, 1])


def test_a_delivery_to_an_industry_without_output_is_refused():
    with pytest.raises(ValueError, match=r"\('DEU', 'c1'\) to \('ROM', 'c2'\)"):
        propagation_fit.sectors(frames(flow=3.0), vocabulary.load())


@pytest.fixture(scope="module")
def world():
    words = vocabulary.load()
    tables = aggregate.stage(Path(os.environ["CYBERACCORD_MIRROR"]), "wiod", words).tables
    return propagation_fit.sectors({name: table.kept for name, table in tables.items()}, words)


@pytest.mark.mirror
def test_on_the_world_table_of_2011_leontief_and_ghosh_amplify_nothing(world):
    """1,435 industries of 41 economies, 22 without output; rows balance to 0.04 %."""
    assert (world.region.size, world.left_out) == (1413, 22)
    assert world.unbalanced < 5e-4
    assert value_added_multipliers(world.table) == pytest.approx(np.ones(1413), abs=1e-12)
    assert final_demand_multipliers(world.table) == pytest.approx(np.ones(1413), abs=1e-12)


@pytest.mark.mirror
def test_downstream_of_the_firms_hit_by_notpetya_the_table_alone_gives_less_than_fourfold(world):
    """2.86 of the six firms: under fourfold (Crosignani and others 2023), and just under RAND's lower 2.905."""
    firms = world.named_firms() @ downstream_multipliers(world.table)
    assert 2.8 < firms < 2.905 < propagation_fit.FOURFOLD
    tight = estimate("bottleneck")
    assert world.named_firms() @ downstream_multipliers(world.table, tight) == pytest.approx(4, abs=1e-4)


@pytest.mark.mirror
def test_the_mirror_gives_the_shipped_coefficients(world):
    rows = propagation_fit.fit_rows(world)
    assert (
        rows.select("coefficient", "estimate", "n")
        .sort("coefficient")
        .equals(shipped().select("coefficient", "estimate", "n").sort("coefficient"))
    )
    draws = sample(priors.load().priors, 512, seed=2)
    frame = propagation_fit.propagation_table(rows, draws, reference.load("estimates"), world)
    frame = conform(frame, MACRO["propagation"])
    assert frame.filter(method="ghosh", industry="all").height == 1 + 41
