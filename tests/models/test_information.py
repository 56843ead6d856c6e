"""Value of information: decisions solved by hand, and the normal with its closed form."""

import numpy as np
import pytest
from scipy.stats import norm

from models.information import information_table, information_values, partial_information, perfect_information
from models.priors import Prior, sample
from models.results import memberships
from models.sensitivity import inputs_of
from pipelines import priors, scenarios
from pipelines.schemas.sensitivity import SENSITIVITY
from pipelines.schemas.tables import conform
from pipelines.shipped_study import shipped_study


def normal_draws(draws=8 * 1024):
    laws = [Prior(k, "normal", {"mean": 0, "sd": 1}, "", "", "", False, "", i) for i, k in enumerate("abc")]
    return sample(laws, draws, seed=3)


def loss_integral(mean, sd):
    """Value of information on a normal net benefit: sd phi(mean / sd) - |mean| Phi(-|mean| / sd), Raiffa (1961)."""
    return sd * norm.pdf(mean / sd) - abs(mean) * norm.cdf(-abs(mean) / sd)


def test_two_points_by_hand():
    """Net benefit 3 or -1 at even odds: mean 1, so join; who knows gains 1.5 on average: worth 0.5."""
    which = np.tile([0.0, 1.0], 64)
    net = np.where(which == 1, 3.0, -1.0)
    perfect = perfect_information(net, 8)
    assert (perfect.value, perfect.se, perfect.changed) == (0.5, 0.0, 0.5)
    assert partial_information(net, which, 8).value == pytest.approx(0.5)


def test_an_input_that_says_nothing_is_worth_nothing():
    which = np.tile([0.0, 1.0], 64)
    other = np.tile([0.0, 0.0, 1.0, 1.0], 32)
    found = partial_information(np.where(which == 1, 3.0, -1.0), other, 8)
    assert (found.value, found.se, found.changed) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("sign", [1, -1])
def test_nothing_is_worth_knowing_where_the_decision_never_changes(sign):
    draws = normal_draws(512)
    net = sign * (1 + np.exp(draws["a"]))
    assert perfect_information(net, 8) == partial_information(net, draws["a"], 8)
    assert perfect_information(net, 8).value == 0.0


@pytest.mark.parametrize("mean", [0.0, 0.5, -1.0])
def test_normal_net_benefit_has_the_closed_form(mean):
    """net = mean + 1.5 a - b: knowing a leaves a normal of spread 1.5, knowing all one of sqrt(3.25)."""
    draws = normal_draws()
    net = mean + 1.5 * draws["a"] - draws["b"]
    assert perfect_information(net, 8).value == pytest.approx(loss_integral(mean, np.sqrt(3.25)), abs=2e-3)
    assert partial_information(net, draws["a"], 8).value == pytest.approx(loss_integral(mean, 1.5), abs=2e-3)
    assert partial_information(net, draws["b"], 8).value == pytest.approx(loss_integral(mean, 1.0), abs=2e-3)
    assert partial_information(net, draws["c"], 8).value == pytest.approx(0.0, abs=3e-3)
    together = np.stack([draws["a"], draws["b"]], 1)
    assert partial_information(net, together, 8).value == pytest.approx(loss_integral(mean, np.sqrt(3.25)), abs=3e-3)


def test_information_that_hangs_together_is_found_only_together():
    """net = 0.1 + a b: either alone leaves the mean at 0.1, both decide the sign."""
    draws = normal_draws()
    net = 0.1 + draws["a"] * draws["b"]
    values = information_values(net, draws, ["a", "b"], {"both": ["a", "b"]})
    found = {name: own.value for _, name, own in values}
    assert (found["a"], found["b"]) == pytest.approx((0.0, 0.0), abs=2e-3)
    assert found["everything"] * 0.85 < found["both"] <= found["everything"]


def test_a_group_is_worth_no_less_than_one_of_its_members():
    draws = normal_draws(512)
    net = 0.3 + draws["a"] + 0.01 * draws["c"]
    found = {name: own.value for _, name, own in information_values(net, draws, "abc", {"group": ["a", "b", "c"]})}
    assert found["group"] >= found["a"] > 0


@pytest.mark.parametrize(
    ("net", "inputs", "scrambles", "message"),
    [
        (np.ones(16), np.ones(16), 1, "two scrambles"),
        (np.ones(15), np.ones(15), 8, "equal size"),
        (np.full(16, np.nan), np.ones(16), 8, "finite"),
        (np.ones(16), np.ones(8), 8, "inputs is"),
        (np.ones(16), np.ones((16, 5)), 8, "1 to 4"),
    ],
)
def test_draws_that_cannot_be_used_are_refused(net, inputs, scrambles, message):
    with pytest.raises(ValueError, match=message):
        partial_information(net, inputs, scrambles)


def test_the_table_of_the_shipped_study():
    study = shipped_study(512, 1)
    text = scenarios.load("op_ed_convention").for_models()
    member = np.asarray(memberships(study, [text], {})[text.name].joined[-1])
    table = conform(information_table(study, text, member, inputs_of(priors.load().priors)), SENSITIVITY["information"])
    value = dict(table.select("inputs", "value").iter_rows())
    assert value["everything"] >= max(v for name, v in value.items() if name != "everything") > 0
    assert value["attacker_gain"] == 0.0
