"""The headline block by block: the same draws and results as at once, with any number of workers."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom, t

from models.counterfactual import headline_point
from models.kernel import factorize
from models.large_ensemble import SpannedBaseline, Streamed, avoided_loss, draw_block, spanned
from models.results import memberships
from models.setting import Conventions, Setting, default_betas
from models.statistics import scramble_error
from pipelines import definition_counts, definition_files, priors, reference, scenarios
from pipelines.shipped_study import laws, shipped_study

DRAWS, SEED = 2048, 1


@pytest.fixture(scope="module")
def shipped():
    study, register, definitions = shipped_study(DRAWS, SEED), priors.load(), definition_files.load_all()
    law = laws(definitions, definition_counts.of_reference(reference.load("definition_counts"), definitions))
    texts = [scenarios.load(name).for_models() for name in ("op_ed_convention", "status_quo")]
    joined = memberships(study, texts, {})
    points = [headline_point(study.world, t, study.settings, joined[t.name].joined[-1]) for t in texts]
    return study, points, register.priors, law


def test_blocks_of_draws_are_the_draws_of_the_study_bit_for_bit(shipped):
    study, _, own, law = shipped
    # one block within a scramble of 256, one over two of them, one from the middle of one into the next but one
    for block in (range(128), range(512, 1024), range(1152, 1664)):
        part = draw_block(own, law, DRAWS, SEED, block)
        for name, values in study.draws.values.items():
            assert part[name].tobytes() == values[block.start : block.stop].tobytes(), name
        assert part.medians == study.draws.medians


def test_more_draws_of_a_seed_hold_those_of_fewer(shipped):
    study, _, own, law = shipped
    part = draw_block(own, law, 4 * DRAWS, SEED, range(1024, 1280))
    assert np.array_equal(part["compliance"], study.draws["compliance"][256:512])


def test_streamed_avoided_loss_is_that_of_all_draws_at_once(shipped):
    study, points, own, law = shipped
    whole = Conventions(Setting.of(study), points)
    at_once = whole.outcomes(whole.ensemble.run(default_betas(study)), whole.conduct())
    streamed = avoided_loss(study, points, own, law, DRAWS, block=512)
    assert streamed.shape == (2, DRAWS)
    scale = np.abs(at_once[0].avoided).max()
    assert scale > 1  # USD bn
    for row, outcome in zip(streamed, at_once, strict=True):
        assert row == pytest.approx(outcome.avoided, rel=1e-12, abs=1e-12 * scale)


def test_the_number_of_workers_changes_no_bit(shipped):
    study, points, own, law = shipped
    one, two = (avoided_loss(study, points, own, law, DRAWS, block=256, workers=w) for w in (1, 2))
    assert one.tobytes() == two.tobytes()


def test_new_draws_agree_with_products_of_their_own(shipped):
    """The products of 2,048 draws hold four times as many; the peer is a study with products of all 8,192."""
    study, points, own, law = shipped
    more = shipped_study(4 * DRAWS, SEED)
    whole = Conventions(Setting.of(more), points)
    at_once = whole.outcomes(whole.ensemble.run(default_betas(more)), whole.conduct())
    streamed = avoided_loss(study, points, own, law, 4 * DRAWS, block=1024)
    assert np.abs(streamed[0] - at_once[0].avoided).max() < 1e-7 * study.anchor


def test_memory_follows_the_block_and_not_the_number_of_draws(shipped):
    study, points, own, law = shipped

    def peak(draws: int) -> int:
        tracemalloc.start()
        avoided_loss(study, points[:1], own, law, draws, block=512)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(DRAWS)
    # the result itself is 8 bytes a draw; economies would be 218 times as much
    assert peak(4 * DRAWS) - peak(DRAWS) < 10 * 8 * 3 * DRAWS


@pytest.mark.soak
def test_the_error_over_the_scrambles_is_as_large_as_the_difference_between_seeds(shipped, long):
    """What is published with an error, and the quantiles, from other seeds: the judge is their spread."""
    study, points, own, law = shipped
    draws, seeds, scrambles = (2**14, 64, 8) if long else (2048, 32, 8)
    found = []
    for seed in range(1000, 1000 + seeds):
        other = replace(study, draws=replace(study.draws, seed=seed))
        values = Streamed(other, points[:1], own, law).evaluated(range(draws), draws)
        parts = values.reshape(scrambles, -1)
        by_scramble = [parts.mean(1), (parts <= 0).mean(1), *np.quantile(parts, (0.05, 0.25, 0.5, 0.75, 0.95), axis=1)]
        whole = [values.mean(), (values <= 0).mean(), *np.quantile(values, (0.05, 0.25, 0.5, 0.75, 0.95))]
        found.append((whole, scramble_error(np.array(by_scramble))))
    statistics, errors = np.array(found).transpose(1, 0, 2)
    ratio = np.sqrt((errors**2).mean(0)) / statistics.std(0, ddof=1)
    off = np.abs(statistics - statistics.mean(0)) / errors
    missed = (off > t.ppf(0.975, scrambles - 1)).sum(0)
    print(f"{draws:,} draws, {seeds} seeds: errors over spread {ratio.round(2)}, outside 95 % {missed} of {seeds}")
    assert (np.abs(np.log(ratio)) < 0.45).all(), ratio
    assert (missed <= binom.ppf(0.999, seeds, 0.05)).all(), missed


def test_losses_outside_the_products_are_refused():
    rng = np.random.default_rng(0)
    basis = factorize(rng.random((64, 2)) @ rng.random((2, 5)), 1e-9)
    inside = rng.random((7, 2)) @ basis.right
    assert spanned(inside, basis).left @ basis.right == pytest.approx(inside)
    with pytest.raises(ValueError, match="prepare the study with more draws"):
        spanned(inside + 0.01 * rng.random((7, 5)), basis)
    start = SpannedBaseline(rng.random((7, 5)), np.ones(5), basis)
    with pytest.raises(ValueError, match="prepare the study with more draws"):
        _ = start.factors


@pytest.mark.parametrize(("draws", "block"), [(1000, 512), (8, 512), (2048, 500), (2048, 0)])
def test_numbers_that_are_no_powers_of_two_are_refused(shipped, draws, block):
    study, points, own, law = shipped
    with pytest.raises(ValueError, match="power of two"):
        avoided_loss(study, points, own, law, draws, block=block)


def test_a_block_beyond_the_draws_is_refused(shipped):
    _, _, own, law = shipped
    with pytest.raises(ValueError, match="does not lie within"):
        draw_block(own, law, DRAWS, SEED, range(1024, 4096))
