"""The equations of Annex B name the code that computes them, and every section names some."""

import importlib
import re
from pathlib import Path

import pytest

from reports import render

METHODS = (Path(render.__file__).parent / "methods.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([a-z_]+\.[A-Za-z_]+)`", METHODS)))


@pytest.mark.parametrize("name", NAMED)
def test_a_function_named_beside_an_equation_exists(name):
    module, function = name.split(".")
    assert callable(getattr(importlib.import_module(f"models.{module}"), function))


def test_every_section_of_equations_names_its_code():
    sections = re.split(r"^## ", METHODS, flags=re.MULTILINE)[1:]
    assert len(sections) >= 15
    for section in sections:
        assert re.search(r"^Code: `", section, re.MULTILINE), section.splitlines()[0]
