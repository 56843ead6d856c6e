"""Uncertain inputs as files: the shipped ones load; each way of being wrong is one line."""

import pytest

from pipelines import priors
from pipelines.errors import InputError

WRONG = {
    "impossible beta": ("conduct.yaml", "{a: 4, b: 4}", "{a: -4, b: 4}", ["row 6", "arguments", "a: -4", "a > 0"]),
    "no spread": ("effects.yaml", "sd: 0.064", "sd: 0", ["target.arguments", "sd: 0", "sd > 0"]),
    "infinite": ("conduct.yaml", "{a: 4, b: 4}", "{a: .inf, b: 4}", ["row 6", "inf", "finite"]),
    "text in a number": (
        "conduct.yaml",
        "{a: 4, b: 4}",
        "{a: four, b: 4}",
        ["row 6", "arguments.a", "four", "a number"],
    ),
    "other arguments": ("conduct.yaml", "{a: 4, b: 4}", "{alpha: 4, b: 4}", ["row 6", "alpha", "a, b with"]),
    "unknown distribution": ("conduct.yaml", "distribution: beta", "distribution: betta", ["row 5", "betta", "beta"]),
    "probability beyond one": (
        "conduct.yaml",
        "distribution: beta\n    arguments: {a: 4, b: 4}",
        "distribution: normal\n    arguments: {mean: 0.5, sd: 0.3}",
        ["row 5", "distribution", "normal from", "within [0, 1]"],
    ),
    "no place among the draws": ("conduct.yaml", "    coordinate: 21\n", "", ["row 4", "coordinate", "moves with"]),
    "a place and a leader": (
        "conduct.yaml",
        "    coordinate: 21\n",
        "    coordinate: 21\n    comonotone_with: bite\n",
        ["row 4", "21", "a coordinate, or the prior it moves with"],
    ),
    "leader that does not exist": (
        "conduct.yaml",
        "comonotone_with: consequence_status_quo",
        "comonotone_with: consequence_statusquo",
        ["comonotone_with", "consequence_statusquo", "has a coordinate"],
    ),
    "unknown source": ("convention.yaml", "[cyberaccord_judgement]", "[nobody]", ["row 8", "nobody", "sources.csv"]),
    "same id": (
        "convention.yaml",
        "id: coverage_position_other",
        "id: coverage_position_criminal",
        ["row 12", "coverage_position_criminal", "row 3"],
    ),
    "same coordinate": ("convention.yaml", "coordinate: 13", "coordinate: 12", ["row 20", "12", "of its own"]),
    "unknown kind": ("loss.yaml", "kind: judgement", "kind: guess", ["row 8", "guess", "'judgement'"]),
    "key with a typing error": ("loss.yaml", "unit:", "units:", ["row 7", "units", "did you mean unit"]),
    "weights that do not add up": ("effects.yaml", "default: 0.40", "default: 0.50", ["mixture", "1.1", "sum 1"]),
    "mixture of an unknown set": ("effects.yaml", "backfire: 0.10}", "fire: 0.10}", ["mixture.fire", "effect sets"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_prior_is_told_in_one_line_with_file_line_field_value_and_what_is_allowed(case, data):
    name, old, new, fragments = WRONG[case]
    path = data / "priors" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        priors.load()
    message = str(caught.value)
    assert "\n" not in message
    for fragment in [name, *fragments]:
        assert fragment in message


def test_the_shipped_priors_are_those_of_the_design():
    register = priors.load()
    by_id = {prior.prior_id: prior for prior in register.priors}
    # model.md 4.2 and 4.4: compliance Beta(2, 2), mobility Beta(2, 3)
    assert (by_id["compliance"].distribution, dict(by_id["compliance"].arguments)) == ("beta", {"a": 2.0, "b": 2.0})
    assert dict(by_id["mobility"].arguments) == {"a": 2.0, "b": 3.0}
    assert [effects.name for effects in register.effect_sets] == [
        "default",
        "published",
        "optimistic",
        "null",
        "backfire",
        "all_studies",
        "averaged",
    ]
    assert register.rank_correlation == 0.5
    assert register.choices["anchor"] == "csis_2020_loss"


def test_every_judgement_gives_its_reason_and_no_judgement_is_marked_verified():
    for prior in priors.load().priors:
        assert prior.rationale
        assert not (prior.kind == "judgement" and prior.verified)
