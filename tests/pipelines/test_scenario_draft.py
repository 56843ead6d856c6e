"""The file that `cyberaccord scenario new` writes: good as it stands, and never over another."""

import re

import pytest

from pipelines import scenario_draft, scenarios
from pipelines.errors import InputError


def test_a_new_scenario_is_good_as_it_stands(tmp_path):
    path = scenario_draft.write("my_treaty", tmp_path)
    found = scenarios.load_file(path)
    assert found.name == "my_treaty"
    assert found.founders == {"CAN", "DEU", "FRA", "GBR", "ITA", "JPN", "USA"}  # the G7
    assert found.written.title == "My treaty"


def test_every_bloc_and_definition_is_named_in_its_comments(tmp_path):
    text = scenario_draft.write("my_treaty", tmp_path).read_text(encoding="utf-8")
    comments = " ".join(re.findall("#(.*)", text))
    for name in ("ASEAN", "World", "Budapest", "UN-Hanoi", "red_lines", "state_conduct", "criminal", "broad"):
        assert name in comments


def test_every_field_that_a_file_may_hold_is_in_the_draft():
    """All but the two that belong to clauses and beliefs without evidence, which the comments name."""
    for model in (scenarios.ScenarioFile, scenarios.Policy, scenarios.Assumptions, scenarios.Signatories):
        for name, field in model.model_fields.items():
            if name not in ("escalation_belief", "economies"):
                assert (field.alias or name) in scenario_draft.DRAFT, name


@pytest.mark.parametrize("name", ["My", "1st", "a-b", "../up", ""])
def test_a_name_that_cannot_be_one_is_refused(tmp_path, name):
    with pytest.raises(InputError, match="file_name"):
        scenario_draft.write(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_never_written_over(tmp_path):
    path = scenario_draft.write("mine", tmp_path)
    path.write_text("title: changed\n", encoding="utf-8")
    with pytest.raises(InputError, match="name_is_free"):
        scenario_draft.write("mine", tmp_path)
    assert path.read_text(encoding="utf-8") == "title: changed\n"
