"""Every combination of choices: what a combination means, and how much hangs on each choice."""

import json
from dataclasses import replace

import numpy as np
import pytest

from models.baseline import anchors
from models.counterfactual import headline_point
from models.effects import all_betas
from models.results import memberships
from models.setting import Conventions, Setting, kernels
from models.specification import (
    CHOICES,
    Curve,
    choice_table,
    first_scramble,
    specification_curve,
    specification_table,
)
from models.study import baseline, origins
from pipelines import reference, scenarios
from pipelines.schemas.sensitivity import SENSITIVITY
from pipelines.schemas.tables import conform
from pipelines.shipped_study import shipped_study

DEFAULTS = {
    "anchor": "csis_2020_loss",
    "allocation": "regional",
    "tracker_state": "eurepoc",
    "tracker_criminal": "vcdb",
    "budapest_strength": 1,
    "effect_set": "default",
    "displacement": "two_sided",
    "definition": "broad",
    "escalation_belief": "little_reciprocity",
}
OTHERS = {
    "anchor": "rand_low",
    "allocation": "flat",
    "tracker_state": "all",
    "tracker_criminal": "eurepoc",
    "budapest_strength": 0.5,
    "effect_set": "averaged",
    "displacement": "one_sided",
    "definition": "criminal",
    "escalation_belief": "op_ed",
}


@pytest.fixture(scope="module")
def shipped():
    study = first_scramble(shipped_study(512, 1))
    text = scenarios.load("op_ed_convention").for_models()
    member = np.asarray(memberships(study, [text], {})[text.name].joined[-1])
    tables = reference.load_all()
    return study, text, member, anchors(tables["estimates"], tables["gdp"], tables["claim_bases"])


def direct(shipped, chosen):
    """(draws,) avoided loss under one combination, computed by itself and for its own anchor."""
    return whole(shipped, chosen)["all"].avoided


def whole(shipped, chosen):
    """Outcomes of one combination by what acts, computed by itself; `enforcement` is the cost of the law."""
    study, text, member, known = shipped
    trackers = {**study.trackers, "state": chosen["tracker_state"], "criminal": chosen["tracker_criminal"]}
    world = study.world.with_origins(origins(study.tables["incident_counts"], study.world.iso3, trackers))
    start = baseline(world, study.draws, known[chosen["anchor"]], chosen["allocation"])
    settings = replace(
        study.settings,
        budapest_strength=chosen["budapest_strength"],
        displacement=chosen["displacement"],
        escalation_belief=chosen["escalation_belief"],
    )
    own = replace(text, definition=chosen["definition"])
    conventions = Conventions(
        Setting(world, study.draws, start, settings, study.reciprocity),
        [headline_point(world, own, settings, member)],
    )
    betas = all_betas(study.effects, study.draws, study.rank_correlation)[chosen["effect_set"]]
    law = conventions.ensemble.run_factored(kernels(conventions.ensemble, betas))
    acts = {"all": conventions.conduct(), "no_standdown": conventions.conduct("no_standdown"), "law": [None]}
    found = {mechanism: conventions.outcomes(law, own)[0] for mechanism, own in acts.items()}
    return found | {"enforcement": conventions.points[0].cost.sum()}


def two_each(**only):
    return {name: only.get(name, (DEFAULTS[name], OTHERS[name])) for name in CHOICES}


def test_the_first_scramble_is_an_eighth_of_the_draws():
    study = shipped_study(512, 1)
    part = first_scramble(study)
    assert (part.draws.size, part.draws.scrambles) == (64, 1)
    assert np.array_equal(part.draws["bite"], study.draws["bite"][:64])
    assert np.array_equal(part.baseline.loss, study.baseline.loss[:64])


def test_a_combination_is_what_it_would_be_by_itself(shipped):
    """All 2^9 combinations of the default and one other option; the ends, and eight in between."""
    study, text, member, known = shipped
    curve = specification_curve(study, text, member, two_each(), known)
    assert curve.mean.shape == (2,) * len(CHOICES)
    table = conform(specification_table(curve), SENSITIVITY["specification"])
    assert table["is_default"].to_list() == [True] + [False] * 511
    for row in [0, 511, *np.random.default_rng(0).integers(1, 511, 6)]:
        found = table.row(int(row), named=True)
        outcomes = whole(shipped, json.loads(found["choices"]))
        expected, price = outcomes["all"].avoided, outcomes["all"].price + outcomes["enforcement"]
        beside = {
            "net_benefit": expected - price,
            "without_standdown": outcomes["no_standdown"].avoided,
            "law_alone": outcomes["law"].avoided,
        }
        for name, draws in beside.items():
            assert found[name] == pytest.approx(draws.mean(), abs=1e-5), name
        assert found["mean"] == pytest.approx(expected.mean(), abs=1e-5)
        low, middle, high = np.quantile(expected, (0.05, 0.5, 0.95))
        assert (found["p05"], found["p50"], found["p95"]) == pytest.approx((low, middle, high), abs=1e-4)
        assert found["p_not_better"] == np.mean(expected <= 0)


def test_what_a_combination_says_of_the_law_and_of_standing_down(shipped):
    """No stand-down, no gain from it; a text on the conduct of states alone has no law to avoid anything with."""
    study, text, member, known = shipped
    chosen = {name: (value,) for name, value in DEFAULTS.items()} | {"definition": ("broad", "state_conduct")}
    law_and_consequences = replace(text, clauses=text.clauses - {"stand_down"})
    curve = specification_curve(study, law_and_consequences, member, chosen, known)
    assert curve.beside["without_standdown"].ravel() == pytest.approx(curve.mean.ravel(), rel=1e-12)
    broad, state_conduct = curve.beside["law_alone"].ravel()
    assert broad > 0 and state_conduct == 0


def test_an_anchor_at_which_losses_meet_gdp_is_computed_and_not_scaled(shipped):
    study, text, member, known = shipped
    huge = {**known, "huge": 80_000.0}
    only = {name: (value,) for name, value in DEFAULTS.items()} | {"anchor": ("csis_2020_loss", "huge")}
    curve = specification_curve(study, text, member, only, huge)
    first, second = curve.mean.ravel()
    assert second == pytest.approx(direct((study, text, member, huge), {**DEFAULTS, "anchor": "huge"}).mean(), abs=1e-3)
    assert abs(second / first / (80_000 / known["csis_2020_loss"]) - 1) > 0.005


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"anchor": ()}, "options are needed for .* see 'anchor'"),
        ({"discount": ("3 %",)}, "for nothing else; see 'discount'"),
        ({"definition": ("broad", "broad")}, "'definition' is there twice"),
        ({"anchor": ("csis_2020_loss", "mcafee")}, "anchor 'mcafee' has no value; known: csis_2020_loss"),
        ({"effect_set": ("default", "wishful")}, "unknown effect set 'wishful'; known: default"),
    ],
)
def test_options_that_do_not_exist_are_refused(shipped, change, message):
    study, text, member, known = shipped
    with pytest.raises(ValueError, match=message):
        specification_curve(study, text, member, {**two_each(), **change}, known)


def test_what_hangs_on_a_choice_in_a_curve_solved_by_hand():
    """Means 0, 1, 2, 3 are 2 a + b: of the variance 1.25 the first choice has 1, the second 0.25; no interaction."""
    mean = np.array([[0.0, 1.0], [2.0, 3.0]])
    curve = Curve({"a": ("x", "y"), "b": (1, 2)}, mean, np.stack([mean] * 3), np.zeros((2, 2)))
    table = conform(choice_table(curve), SENSITIVITY["specification_choice"])
    assert table["first"].to_list() == pytest.approx([0.8, 0.8, 0.2, 0.2])
    assert table["total"].to_list() == pytest.approx([0.8, 0.8, 0.2, 0.2])
    assert table["mean"].to_list() == pytest.approx([0.5, 2.5, 1.0, 2.0])
    assert table["alone"].to_list() == pytest.approx([0.0, 2.0, 0.0, 1.0])
    assert json.loads(specification_table(curve)["choices"][2]) == {"a": "y", "b": 1}
