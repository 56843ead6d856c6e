"""From ledgers to GDP and welfare: by hand on round numbers, and the means of the shipped priors."""

import numpy as np
import pytest

from models.flows import class_share
from models.gdp_loss import amplified_per_loss, gdp_measures, gdp_per_loss, implied_amplification, ledger_table
from models.ledgers import split
from models.priors import Draws, sample
from models.world import CLASSES
from pipelines import priors
from pipelines.schemas.macro import MACRO
from pipelines.schemas.tables import conform

SIZE = 4


def fixed(**values):
    """Draws that all have these values."""
    start = {
        "transfer_share_criminal": 0.4,
        "transfer_share_other": 0.1,
        "direct_share_criminal": 2 / 3,
        "direct_share_other": 5 / 9,
        "direct_share_state": 0.6,
        "gdp_share_of_direct": 0.5,
        "state_share": 0.25,
        "other_share_of_rest": 2 / 15,
    }
    return Draws({k: np.full(SIZE, float(v)) for k, v in (start | values).items()}, np.zeros(SIZE, np.int64), 0)


def losses(state=0.0, criminal=0.0, other=0.0):
    return {
        "state": np.full((1, SIZE), state),
        "criminal": np.full((1, SIZE), criminal),
        "other": np.full((1, SIZE), other),
    }


@pytest.fixture(scope="module")
def drawn():
    return sample(priors.load().priors, 4096, seed=3)


def test_gdp_lost_per_dollar_by_class_on_paper():
    """theta_d = 1/2: state .5 x .6 + .4 = .7, criminal .5 x .4 + .2 = .4, other .5 x .5 + .4 = .65."""
    found = gdp_per_loss(fixed())
    assert [found[k][0] for k in CLASSES] == pytest.approx([0.7, 0.4, 0.65])


def test_half_of_the_loss_is_a_loss_of_gdp_at_the_means_of_the_shipped_priors(drawn):
    """.25 x .7 + .75 (13/15 x .4 + 2/15 x .65) = .5; draws of different inputs are independent."""
    loss = np.full(drawn.size, 945.0)
    assert ledger_table(drawn, loss).filter(threat_class="all")["gdp_mean"].sum() == pytest.approx(472.5, rel=5e-3)


def test_a_pure_transfer_lowers_welfare_and_not_gdp():
    draws = fixed(transfer_share_criminal=1)
    found = gdp_measures(draws, losses(criminal=100), losses())
    assert found["gdp_loss"] == pytest.approx(np.zeros((1, SIZE)))
    assert found["welfare_loss"] == pytest.approx(np.full((1, SIZE), 100))


def test_what_is_avoided_leaves_both_losses_by_class():
    """Avoided 10 of state and 20 of criminal loss: 7 + 8 = 15 of GDP, 30 of welfare, out of 70 + 40 and 200."""
    found = gdp_measures(fixed(), losses(100, 100, 0), losses(10, 20, 0))
    assert [found[k][0, 0] for k in ("gdp_loss", "avoided_gdp_loss", "welfare_loss")] == pytest.approx([95, 15, 170])


def test_a_convention_does_not_save_spending_on_defence():
    """With a fifth defence, all of 100 avoided: 80 of it is, and .8 x .7 = 56 of GDP; 20 of welfare loss remain."""
    found = gdp_measures(fixed(), losses(state=100), losses(state=100), defence=0.2)
    assert found["avoided_gdp_loss"][0] == pytest.approx(np.full(SIZE, 56))
    assert found["gdp_loss"][0] == pytest.approx(np.zeros(SIZE), abs=1e-12)
    assert found["welfare_loss"][0] == pytest.approx(np.full(SIZE, 20))


def test_transfers_cancel_where_a_criminals_gain_counts():
    """omega = 1 in the world: of 100 of criminal loss 40 are received."""
    received = np.full((1, SIZE), 40.0)
    assert gdp_measures(fixed(), losses(criminal=100), losses(), gains=received)["welfare_loss"][0] == pytest.approx(
        np.full(SIZE, 60)
    )


def test_losses_of_gdp_lie_between_nothing_and_the_loss_and_scale_with_it(drawn):
    rng = np.random.default_rng(1)
    loss = {k: rng.random((3, drawn.size)) for k in CLASSES}
    avoided = {k: rng.random() * v for k, v in loss.items()}
    found = gdp_measures(drawn, loss, avoided)
    whole, kept = sum(loss.values()), sum(loss[k] - avoided[k] for k in CLASSES)
    assert np.all(found["gdp_loss"] >= 0)
    assert np.all(found["gdp_loss"] + found["avoided_gdp_loss"] <= whole)
    assert found["welfare_loss"] == pytest.approx(kept)
    twice = gdp_measures(drawn, {k: 2 * v for k, v in loss.items()}, {k: 2 * v for k, v in avoided.items()})
    for name, values in found.items():
        assert twice[name] == pytest.approx(2 * values)


def test_amplified_replaces_the_indirect_loss_and_may_exceed_the_anchor():
    """m theta_d direct: with m = 4, theta_d = 1, state .6 x 4 = 2.4 of GDP per dollar lost."""
    per_loss = amplified_per_loss(fixed(gdp_share_of_direct=1), np.full(SIZE, 4.0))
    assert per_loss["state"] == pytest.approx(np.full(SIZE, 2.4))
    found = gdp_measures(fixed(gdp_share_of_direct=1), losses(state=100), losses(), amplification=np.full(SIZE, 4.0))
    assert found["gdp_loss"][0] == pytest.approx(np.full(SIZE, 240))
    # direct 60 and (4 - 1) x 60 in place of the anchor's 40
    assert found["welfare_loss"][0] == pytest.approx(np.full(SIZE, 240))


def test_without_amplification_only_the_direct_loss_of_output_is_left():
    assert amplified_per_loss(fixed(), np.ones(SIZE))["criminal"] == pytest.approx(np.full(SIZE, 0.2))


def test_the_ledgers_imply_an_amplification_that_gives_back_their_loss_of_gdp(drawn):
    """On paper theta_d direct = .5 (.25 x .6 + .65 x .4 + .1 x .5) = .23 and indirect = .27: 1 + .27 / .23."""
    assert implied_amplification(fixed()) == pytest.approx(np.full(SIZE, 1 + 0.27 / 0.23))
    m, shares = implied_amplification(drawn), class_share(drawn)
    anchor, amplified = gdp_per_loss(drawn), amplified_per_loss(drawn, m)
    assert sum(shares[k] * amplified[k] for k in CLASSES) == pytest.approx(sum(shares[k] * anchor[k] for k in CLASSES))


def test_the_table_of_ledgers_adds_up_to_the_loss_and_to_the_loss_of_gdp(drawn):
    loss = np.linspace(500, 1500, drawn.size)
    frame = conform(ledger_table(drawn, loss, defence=0.1), MACRO["ledgers"])
    by_class = frame.filter(threat_class="all")
    assert by_class["mean"].sum() == pytest.approx(loss.mean())
    assert frame.filter(frame["threat_class"] != "all")["mean"].sum() == pytest.approx(loss.mean())
    assert by_class.filter(ledger="defence")["mean"][0] == pytest.approx(0.1 * loss.mean())
    shares = class_share(drawn)
    expected = gdp_measures(
        drawn, {k: (v * loss)[None] for k, v in shares.items()}, {k: 0 * v[None] for k, v in shares.items()}, 0.1
    )
    assert by_class["gdp_mean"].sum() == pytest.approx(expected["gdp_loss"].mean())


def test_the_ledgers_of_a_class_hold_its_loss():
    each = split(fixed())["other"]
    assert [each.transfer[0], each.direct[0], each.indirect[0]] == pytest.approx([0.1, 0.5, 0.4])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: gdp_measures(fixed(), {"state": np.ones((1, SIZE))}, losses()), "lack class criminal, other"),
        (lambda: gdp_measures(fixed(), losses(), {**losses(), "state": np.ones((2, SIZE))}), "one shape"),
        (lambda: gdp_measures(fixed(), losses(), losses(), gains=np.ones((2, SIZE))), "gains has shape"),
        (lambda: amplified_per_loss(fixed(), np.full(SIZE, 0.9)), "none below 1"),
        (lambda: amplified_per_loss(fixed(), np.full(SIZE, np.nan)), "none below 1"),
        (lambda: ledger_table(fixed(), np.ones(SIZE + 1)), "there are 4 draws"),
    ],
)
def test_what_cannot_be_split_is_told(call, words):
    with pytest.raises(ValueError, match=words):
        call()
