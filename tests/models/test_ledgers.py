"""What a loss is made of: the ledgers of each class against the Dirichlet distributions that they stand for."""

import numpy as np
import pytest
from scipy import stats

from models.ledgers import LEDGERS, defence_share, split
from models.priors import sample
from models.world import CLASSES
from pipelines import priors, reference

# model.md 1.5: transfer, direct, indirect
DIRICHLET = {"state": (0, 6, 4), "criminal": (4, 4, 2), "other": (1, 5, 4)}
MACRO = [prior for prior in priors.load().priors if 38 <= prior.coordinate <= 50]


@pytest.fixture(scope="module")
def draws():
    return sample(MACRO, 16384, seed=5)


@pytest.mark.parametrize("defence", [0.0, 145 / 1090])
def test_the_four_ledgers_are_the_whole_loss_in_every_draw(draws, defence):
    for each in split(draws, defence).values():
        parts = np.stack([getattr(each, name) for name in LEDGERS])
        assert parts.min() >= 0
        assert parts.sum(0) == pytest.approx(np.ones(draws.size), abs=1e-12)
        assert np.all(each.defence == defence)


@pytest.mark.parametrize("threat_class", ["criminal", "other"])
def test_two_sticks_give_the_margins_and_the_covariances_of_the_dirichlet(draws, threat_class):
    """Margins Beta(a, A - a); variance a (A - a) / (A^2 (A + 1)) and covariance -a b / (A^2 (A + 1)), A the sum."""
    shares, found = np.array(DIRICHLET[threat_class]), split(draws)[threat_class]
    parts, whole = np.stack((found.transfer, found.direct, found.indirect)), shares.sum()
    assert parts.mean(1) == pytest.approx(shares / whole, abs=1e-3)
    expected = (np.diag(shares * whole) - np.outer(shares, shares)) / (whole**2 * (whole + 1))
    assert np.cov(parts) == pytest.approx(expected, abs=1e-3)
    for part, share in zip(parts, shares, strict=True):
        assert stats.kstest(part, stats.beta(share, whole - share).cdf).statistic < 0.01


def test_of_a_loss_to_states_nothing_at_all_is_a_transfer(draws):
    found = split(draws)["state"]
    assert np.all(found.transfer == 0)
    assert stats.kstest(found.direct, stats.beta(6, 4).cdf).statistic < 0.01


def test_defence_is_in_one_anchor_only():
    """CSIS 2020: 945 of loss and 145 of security spending, 1090 in all."""
    estimates = reference.load("estimates")
    assert defence_share("csis_2020_total", estimates) == pytest.approx(145 / 1090, abs=1e-12)
    for anchor in ("csis_2020_loss", "op_ed_1000", "pooled", "rand_low", "cea_scaled"):
        assert defence_share(anchor, estimates) == 0


def test_defence_leaves_the_other_ledgers_in_proportion(draws):
    plain, less = split(draws), split(draws, 0.2)
    for k in CLASSES:
        assert less[k].direct == pytest.approx(0.8 * plain[k].direct)


@pytest.mark.parametrize("defence", [-0.1, 1.0, np.nan])
def test_defence_that_is_no_part_of_the_loss_is_refused(draws, defence):
    with pytest.raises(ValueError, match="from 0 to below 1"):
        split(draws, defence)
