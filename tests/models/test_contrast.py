"""The contrast between members and others that the model implies."""

from dataclasses import replace

import numpy as np
import pytest

from models.consequences import Reciprocity
from models.contrast import implied_contrast
from models.counterfactual import Settings
from models.effects import EffectSet, Law
from models.study import Study


def study_of(small, target, origin, mobility):
    world = small.world(size=8, seed=4)
    world = replace(world, capacity=np.ones(8), reserves=np.zeros(8, bool))
    positions = {f"effect_{k}_position": 0.5 for k in ("target", "origin", "cooperation")}
    draws = small.draws(mobility=mobility, domestic_share=0.0, **positions)
    values = {"target": target, "origin": origin, "cooperation": 0.0}
    laws = {k: Law("constant", {"value": v}) for k, v in values.items()}
    effects = (EffectSet("default", "", "", "", "", laws, {}),)
    return Study(
        world,
        draws,
        small.baseline(world, draws),
        effects,
        0.5,
        Settings(),
        np.ones(8),
        100.0,
        {},
        Reciprocity(None, None),
        0,
        1,
        {},
    )


MEMBER = np.array([True, True, False, True, False, False, False, False])


def test_victim_contrast_is_the_effect_at_the_target_without_displacement(small):
    """beta_O = beta_J = 0 and phi = 0: members' attacks fall by exp(beta_T), the others' not at all."""
    found = implied_contrast(study_of(small, -0.2, 0.0, 0.0), "default", MEMBER, "victim")
    assert found == pytest.approx(np.full(found.size, -0.2), abs=1e-12)


def test_origin_contrast_is_the_effect_at_the_origin_without_displacement(small):
    """beta_T = beta_J = 0 and phi = 0: attacks from members fall by exp(beta_O)."""
    found = implied_contrast(study_of(small, 0.0, -0.3, 0.0), "default", MEMBER, "origin")
    assert found == pytest.approx(np.full(found.size, -0.3), abs=1e-12)


def test_displacement_to_others_makes_the_contrast_larger_than_the_effect(small):
    """Hui, Kim and Wang (2017): what moves to non-members is in a comparison with them."""
    found = implied_contrast(study_of(small, -0.2, 0.0, 1.0), "default", MEMBER, "victim")
    assert np.all(found < -0.2)


def test_no_effect_implies_no_contrast(small):
    found = implied_contrast(study_of(small, 0.0, 0.0, 1.0), "default", MEMBER, "victim")
    assert found == pytest.approx(np.zeros(found.size), abs=1e-12)
