"""Sobol' indices of functions solved on paper, and of the headline of the shipped study."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import qmc

from models.counterfactual import headline_point
from models.priors import COORDINATES, Prior, at_positions
from models.results import memberships
from models.sensitivity import OUTPUTS, Headline, inputs_of, sensitivity_table, sobol_indices
from models.setting import Conventions, Setting, default_betas, kernels
from pipelines import definition_counts, definition_files, priors, reference, scenarios
from pipelines.schemas.sensitivity import SENSITIVITY
from pipelines.schemas.tables import conform
from pipelines.shipped_study import laws, shipped_study


def ishigami(positions):
    x = np.pi * (2 * positions - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_indices_of_the_ishigami_function_are_the_analytic_ones():
    """Ishigami and Homma (1990), a = 7, b = 0.1."""
    found = sobol_indices(ishigami, 3, 8192, seed=0)
    assert found.first == pytest.approx([0.313905, 0.442411, 0.0], abs=5e-3)
    assert found.total == pytest.approx([0.557589, 0.442411, 0.243684], abs=5e-3)
    for truth, lower, upper in (
        ([0.313905, 0.442411, 0.0], found.first_lower, found.first_upper),
        ([0.557589, 0.442411, 0.243684], found.total_lower, found.total_upper),
    ):
        assert np.all((lower < truth) & (truth < upper))


def test_indices_of_a_sum_are_the_shares_of_its_variance():
    """3 x + 4 y of two uniforms: 9/25 and 16/25, and no interaction, so that first and total agree."""
    found = sobol_indices(lambda u: 3 * u[:, 0] + 4 * u[:, 1], 2, 4096, seed=1)
    assert found.first == pytest.approx([9 / 25, 16 / 25], abs=5e-3)
    assert found.total == pytest.approx([9 / 25, 16 / 25], abs=5e-3)


def test_a_product_is_all_interaction():
    """(2 x - 1)(2 y - 1) of two uniforms has no main effect: first 0, total 1."""
    found = sobol_indices(lambda u: (2 * u[:, 0] - 1) * (2 * u[:, 1] - 1), 2, 4096, seed=1)
    assert found.first == pytest.approx([0, 0], abs=0.02)
    assert found.total == pytest.approx([1, 1], abs=0.02)


def test_an_input_that_is_not_read_has_exactly_no_index_and_outputs_do_not_mix():
    found = sobol_indices(lambda u: np.stack((u[:, 0], ishigami(u[:, :3]))), 4, 256, seed=3)
    assert found.first.shape == (2, 4)
    assert np.array_equal(found.total[:, 3], [0, 0])
    assert np.array_equal(found.first[0, 1:], [0, 0, 0])
    alone = sobol_indices(lambda u: ishigami(u[:, :3]), 4, 256, seed=3)
    assert found.first[1] == pytest.approx(alone.first, rel=1e-12)


@pytest.mark.parametrize(
    ("output", "rows", "message"),
    [
        (ishigami, 1000, "power of two"),
        (lambda u: np.ones(len(u)), 64, "no variance"),
        (lambda u: np.where(u[:, 0] < 0.5, np.nan, 1.0), 64, "not finite"),
    ],
)
def test_what_has_no_indices_is_refused(output, rows, message):
    with pytest.raises(ValueError, match=message):
        sobol_indices(output, 3, rows, seed=0)


def prior(name, coordinate, leader=None):
    uniform = {"low": 0.0, "high": 2.0}
    return Prior(name, "uniform", uniform, "", "judgement", "", False, "", coordinate, leader)


def test_priors_at_chosen_positions_and_those_that_move_with_another():
    both = [prior("b", 1), prior("a", 0), prior("c", 0, "a")]
    draws = at_positions(both, np.array([[0.25, 0.5], [0.75, 1.0]]))
    assert draws["a"] == pytest.approx([0.5, 1.5])
    assert np.array_equal(draws["a"], draws["c"])
    assert draws["b"] == pytest.approx([1.0, 2.0])
    assert draws.medians["b"] == 1.0
    assert inputs_of(both) == ("a", "b")


@pytest.mark.parametrize(
    ("positions", "message"), [(np.zeros((4, 1)), "coordinate 1"), (np.full((4, 2), 1.5), "0 to 1")]
)
def test_positions_that_place_nothing_are_refused(positions, message):
    with pytest.raises(ValueError, match=message):
        at_positions([prior("a", 0), prior("b", 1)], positions)


@pytest.fixture(scope="module")
def shipped():
    """The study, its headline convention with the membership of the last year, and what a headline is made from."""
    study = shipped_study(512, 1)
    register, tables, definitions = priors.load(), reference.load_all(), definition_files.load_all()
    law = laws(definitions, definition_counts.of_reference(tables["definition_counts"], definitions))
    text = scenarios.load("op_ed_convention").for_models()
    member = memberships(study, [text], {})[text.name].joined[-1]
    return study, register.priors, law, text, np.asarray(member)


def own_positions(study, count):
    """The positions of the study's draws: the same scrambled sequences, block after block."""
    per = count // study.draws.scrambles
    blocks = [
        qmc.Sobol(COORDINATES, scramble=True, rng=np.random.default_rng([study.draws.seed, r])).random(per)
        for r in range(study.draws.scrambles)
    ]
    return np.concatenate(blocks)


def test_the_headline_at_the_positions_of_the_study_is_the_headline_of_the_study(shipped):
    study, register, _, text, member = shipped
    point = headline_point(study.world, text, study.settings, member)
    conventions = Conventions(Setting.of(study), [point])
    results = conventions.ensemble.run_factored(kernels(conventions.ensemble, default_betas(study)))
    conduct = conventions.conduct()
    expected = conventions.outcomes(results, conduct)[0].avoided, conventions.net(results, conduct)[0]
    coordinates = sorted({p.coordinate for p in register})
    found = Headline(*shipped)(own_positions(study, 512)[:, coordinates])
    for output, own, other in zip(OUTPUTS, found, expected, strict=True):
        assert own == pytest.approx(other, abs=1e-7 * study.anchor), output


def test_what_is_kept_between_calls_changes_no_result(shipped):
    """One input of the law, one of the allocation, one of conduct and one that the headline does not read."""
    used, names = Headline(*shipped), inputs_of(shipped[1])
    rng = np.random.default_rng(5)
    base, other = rng.random((2, 32, len(names)))
    first = used(base)
    for name in ("compliance", "regional_rate_NA", "bite", "transfer_share_other"):
        mixed = base.copy()
        mixed[:, names.index(name)] = other[:, names.index(name)]
        again = used(mixed)
        assert again == pytest.approx(Headline(*shipped)(mixed), abs=1e-7)
        assert np.array_equal(again, first) == (name == "transfer_share_other")


def test_indices_of_the_headline_fit_the_published_table(shipped):
    found = sensitivity_table(Headline(*shipped), rows=64)
    table = conform(found, SENSITIVITY["sensitivity"])
    assert table.height == len(OUTPUTS) * len(inputs_of(shipped[1]))
    unread = table.filter(table["prior_id"] == "attacker_gain")
    assert unread["total"].to_list() == [0.0, 0.0]
    cost_only = table.filter(table["prior_id"] == "sanction_cost").sort("output")
    assert cost_only["total"][0] == 0.0
    assert cost_only["total"][1] > 0.0


def test_law_alone_does_not_hang_on_consequences(shipped):
    study, register, law, text, member = shipped
    alone = Headline(study, register, law, replace(text, clauses=frozenset({"law"})), member)
    base = np.full((16, len(alone.inputs)), 0.4)
    for name, moves in (("bite", False), ("effect_target_position", True)):
        other = base.copy()
        other[:, alone.inputs.index(name)] = 0.9
        assert np.array_equal(alone(other), alone(base)) != moves
