"""Simulated years: against the transform within their own error, the same bits with any workers, flat memory."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from models.annual_loss import largest_event
from models.event_counts import NegativeBinomial, Poisson
from models.loss_curve import loss_curves
from models.simulated_years import block_sizes, frequencies, inverted, lognormal, simulate, stream
from models.tail import SplicedSeverity

SPLICED = SplicedSeverity(mu=np.log(0.003), sigma=2.0, threshold=0.05, tail_share=0.08, xi=0.7, beta=0.06, cap=500.0)
HEAVY = SplicedSeverity(mu=np.log(0.003), sigma=1.0, threshold=0.05, tail_share=0.08, xi=1.3, beta=0.06, cap=2000.0)
SOURCES = [(NegativeBinomial(6.0, 2.0), inverted(SPLICED)), (Poisson(0.5), inverted(HEAVY))]


def test_simulation_agrees_within_its_own_error():
    counts = [law for law, _ in SOURCES]
    (curve,) = loss_curves([SPLICED, HEAVY], [counts], 1e-3)
    levels = 1 - 1 / np.array([2, 5, 10, 20, 50, 100, 200, 500])
    found = frequencies(stream(SOURCES, 200_000, seed=3), curve.value_at_risk(levels))
    assert np.abs((found.aep - (1 - levels)) / found.error(1 - levels)).max() < 3.5
    assert abs(found.mean - curve.mean) < 4 * found.mean_error
    (largest,) = largest_event([SPLICED, HEAVY], [counts], levels)
    found = frequencies(stream(SOURCES, 200_000, seed=4), largest)
    assert np.abs((found.oep - (1 - levels)) / found.error(1 - levels)).max() < 3.5


def test_every_event_falls_in_its_year():
    counts = Poisson(0.7)
    found = simulate([(counts, lambda rng, size: np.ones(size))], 50_000, seed=1)
    again = counts.draw(np.random.default_rng([1, 0]), block_sizes([(counts, inverted(SPLICED))], 50_000)[0])
    assert found.total[: again.size].tolist() == again.tolist()
    assert np.array_equal(found.largest, found.total > 0)


def test_the_number_of_workers_changes_no_bit():
    one, two, three = (simulate(SOURCES, 300_000, seed=9, workers=w) for w in (1, 2, 3))
    for other in (two, three):
        assert one.total.tobytes() == other.total.tobytes()
        assert one.largest.tobytes() == other.largest.tobytes()


def test_streamed_frequencies_are_those_of_all_years_together():
    losses = np.array([0.0, 0.01, 0.1, 1.0, 10.0])
    years = simulate(SOURCES, 300_000, seed=9)
    found = frequencies(stream(SOURCES, 300_000, seed=9), losses)
    assert found.aep == pytest.approx([np.mean(years.total > x) for x in losses], abs=0)
    assert found.oep == pytest.approx([np.mean(years.largest > x) for x in losses], abs=0)
    assert (found.years, found.mean) == (300_000, pytest.approx(years.total.mean(), rel=1e-12))


def test_memory_does_not_grow_with_the_number_of_years():
    def peak(years: int) -> int:
        tracemalloc.start()
        frequencies(stream([(Poisson(4.0), lambda rng, n: rng.exponential(size=n))], years, seed=1), np.ones(1))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(1_200_000) < 1.1 * peak(300_000)


def test_bad_input_is_one_clear_error():
    with pytest.raises(ValueError, match="at least one year"):
        simulate(SOURCES, 0, 1)
    with pytest.raises(ValueError, match="must rise"):
        frequencies(stream(SOURCES, 10, 1), np.array([2.0, 1.0]))


def test_lognormal_losses_have_the_mean_and_spread_of_their_logs():
    logs = np.log(lognormal(-2.0, 1.5)(np.random.default_rng(0), 100_000))
    assert logs.mean() == pytest.approx(-2.0, abs=4 * 1.5 / 100_000**0.5)
    assert logs.std() == pytest.approx(1.5, abs=0.02)
