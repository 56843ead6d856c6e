"""Origin shares from counts: arithmetic on paper, identities, and recovery of a known concentration."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.attribution import concentration, origin_shares

COUNTS = np.array([[8.0, 1.0, 0.5, 0.0], [2.0, 6.0, 0.5, 0.0], [0.0, 3.0, 4.0, 0.0], [0.0, 0.0, 1.0, 0.0]])


def simulate(rng, a: float, targets: int, incidents: int, p: np.ndarray) -> np.ndarray:
    return np.stack(
        [rng.multinomial(rng.integers(5, 2 * incidents), rng.dirichlet(a * p)) for _ in range(targets)], axis=1
    ).astype(float)


def test_shares_are_counts_with_the_pooled_shares_added_as_records():
    """Pooled: 9.5, 8.5, 7, 1 of 26. Target 0 has 10 records, so W[0|0] = (8 + a 9.5/26) / (10 + a)."""
    found = origin_shares(COUNTS, np.array([1.0, 0, 0, 5]), exclude_own=False)
    a = found.concentration
    assert found.pooled == pytest.approx(np.array([9.5, 8.5, 7, 1]) / 26)
    assert found.attributed[0, 0] == pytest.approx((8 + a * 9.5 / 26) / (10 + a))
    assert found.attributed[:, 3] == pytest.approx(found.pooled)
    assert (found.incidents, found.attributed_incidents) == (32, 26)
    assert found.pooled_unattributed == pytest.approx(6 / 32)


def test_own_incidents_are_left_out_of_what_is_pooled_but_stay_where_recorded():
    """Off the diagonal: origins 1.5, 2.5, 3, 1 of 8. Target 3 has none, so it gets them without itself: of 7."""
    found = origin_shares(COUNTS, np.zeros(4), exclude_own=True)
    assert found.pooled == pytest.approx(np.array([1.5, 2.5, 3, 1]) / 8)
    assert found.attributed[:, 3] == pytest.approx([1.5 / 7, 2.5 / 7, 3 / 7, 0])
    a = found.concentration
    assert found.attributed[0, 0] == pytest.approx(8 / (10 + a))
    assert found.attributed[1, 0] == pytest.approx((2 + a * 2.5 / 6.5) / (10 + a))


def test_likelihood_is_highest_where_a_grid_of_polya_probabilities_is():
    """For whole counts the likelihood is a ratio of rising factorials a(a+1)..., without any gamma function."""
    counts = np.array([[5.0, 0, 3], [1, 4, 3]])
    p = counts.sum(axis=1) / counts.sum()

    def rising(x: float, k: float) -> float:
        return math.prod(x + j for j in range(int(k)))

    def likelihood(a: float) -> float:
        return math.prod(
            math.prod(rising(a * p[o], counts[o, i]) for o in range(2)) / rising(a, counts[:, i].sum())
            for i in range(3)
        )

    found = concentration(counts, np.broadcast_to(p[:, None], counts.shape))
    grid = np.exp(np.linspace(-4, 6, 20_001))
    best = grid[int(np.argmax([likelihood(a) for a in grid]))]
    assert found.status == "interior"
    assert found.value == pytest.approx(best, rel=1e-3)
    step = 1e-3
    log_l = [math.log(likelihood(best * math.exp(k * step))) for k in (-1, 0, 1)]
    assert found.log_se == pytest.approx((-(log_l[0] - 2 * log_l[1] + log_l[2]) / step**2) ** -0.5, rel=1e-2)


@pytest.mark.parametrize("a", [3.0, 12.0])
def test_a_known_concentration_is_recovered(a):
    """60 replications: with p known the mean error of ln a is within two standard errors of the mean; with p pooled
    from the same counts within two standard errors of one estimate; the stated error is the one seen, to a third."""
    rng = np.random.default_rng(20)
    known, pooled, stated = [], [], []
    for _ in range(60):
        p = rng.dirichlet(np.full(6, 3.0))
        counts = simulate(rng, a, 50, 30, p)
        known.append(math.log(concentration(counts, np.broadcast_to(p[:, None], counts.shape)).value / a))
        found = origin_shares(counts, np.zeros(50), exclude_own=False)
        pooled.append(math.log(found.concentration / a))
        stated.append(found.log_concentration_se)
    assert abs(np.mean(known)) < 2 * np.std(known) / math.sqrt(60)
    assert abs(np.mean(pooled)) < 2 * np.mean(stated)
    assert np.mean(stated) == pytest.approx(np.std(pooled), rel=1 / 3)


def test_a_likelihood_without_repeats_is_called_flat_and_pools_completely():
    """One incident a target has probability p[o] whatever a is."""
    found = origin_shares(np.eye(3)[:, [0, 0, 1, 2]], np.zeros(4), exclude_own=False)
    assert found.status == "flat"
    assert math.isnan(found.log_concentration_se)
    np.testing.assert_allclose(found.attributed, np.tile([[0.5], [0.25], [0.25]], 4), atol=1e-5)


def test_targets_that_differ_no_more_than_chance_are_pooled_and_say_so():
    found = origin_shares(np.tile([[50.0], [30], [20]], 8), np.full(8, 25.0), exclude_own=False)
    assert (found.status, found.unattributed_status) == ("at_upper_bound", "at_upper_bound")
    np.testing.assert_allclose(found.attributed, np.tile([[0.5], [0.3], [0.2]], 8), rtol=1e-9)
    np.testing.assert_allclose(found.unattributed, 0.2, rtol=1e-9)


def test_targets_with_nothing_in_common_keep_their_own_shares_and_say_so():
    found = origin_shares(np.diag([40.0, 40, 40]), np.zeros(3), exclude_own=False)
    assert found.status == "at_lower_bound"
    np.testing.assert_allclose(np.diag(found.attributed), 1, atol=1e-3)


def test_unattributed_share_of_a_target_without_records_is_the_pooled_one():
    found = origin_shares(COUNTS, np.array([9.0, 0, 5, 0]), exclude_own=False)
    assert found.unattributed[3] == pytest.approx(14 / 40)
    assert found.unattributed[1] < 14 / 40 < found.unattributed[0]


counts_strategy = st.lists(
    st.lists(st.one_of(st.just(0.0), st.floats(0.1, 30)), min_size=4, max_size=4), min_size=4, max_size=4
).map(np.array)


@settings(deadline=None, max_examples=60)
@given(counts_strategy, st.lists(st.floats(0, 20), min_size=4, max_size=4), st.booleans())
def test_columns_sum_to_one_and_no_share_is_negative(counts, unknown, exclude_own):
    others = counts * (1 - np.eye(4)) if exclude_own else counts
    assume((others.sum(axis=1) > 0).sum() > 1)  # one origin alone cannot be pooled for itself
    found = origin_shares(counts, np.array(unknown), exclude_own)
    np.testing.assert_allclose(found.attributed.sum(axis=0), 1, atol=1e-12)
    assert (found.attributed >= 0).all()
    assert ((found.unattributed >= 0) & (found.unattributed <= 1)).all()


@settings(deadline=None, max_examples=30)
@given(counts_strategy.filter(lambda n: ((n * (1 - np.eye(4))).sum(axis=1) > 0).sum() > 1), st.permutations(range(4)))
def test_relabelling_economies_permutes_the_shares(counts, order):
    unknown = np.arange(4.0)
    found = origin_shares(counts, unknown, exclude_own=True)
    moved = origin_shares(counts[np.ix_(order, order)], unknown[order], exclude_own=True)
    # A likelihood of few counts is so flat that rounding, which hangs on the order of sums, moves its maximum.
    np.testing.assert_allclose(moved.attributed, found.attributed[np.ix_(order, order)], atol=1e-4)
    np.testing.assert_allclose(moved.unattributed, found.unattributed[order], atol=1e-4)


@settings(deadline=None, max_examples=30)
@given(counts_strategy.filter(lambda n: ((n * (1 - np.eye(4))).sum(axis=1) > 0).sum() > 1), st.booleans())
def test_an_economy_without_records_changes_no_other_share(counts, exclude_own):
    found = origin_shares(counts, np.ones(4), exclude_own)
    wider = origin_shares(np.pad(counts, (0, 1)), np.append(np.ones(4), 0.0), exclude_own)
    np.testing.assert_allclose(wider.attributed[:4, :4], found.attributed, atol=1e-7)
    assert (wider.attributed[4] == 0).all()
    np.testing.assert_allclose(wider.attributed[:4, 4], found.pooled, atol=1e-12)


def test_a_class_without_attributed_incidents_or_with_one_origin_only_is_refused():
    with pytest.raises(ValueError, match="no attributed incident"):
        origin_shares(np.zeros((3, 3)), np.ones(3), exclude_own=False)
    with pytest.raises(ValueError, match="target 1 is the only origin"):
        origin_shares(np.array([[0.0, 0, 0], [3, 0, 2], [0, 0, 0]]), np.zeros(3), exclude_own=True)
    with pytest.raises(ValueError, match="not negative"):
        origin_shares(-COUNTS, np.ones(4), exclude_own=False)
