"""The starts and the walk: their commands in order on a copy of the checkout, and what they say is printed.

Long, so in .ci/run; what can be checked of the same pages in a second is checked in every run.
"""

import re
import shutil
import time

import pytest

from pipelines import ask, scenario_draft, scenarios
from tests.pipelines.documentation.walked import DOCS, PAGES, edited, installed_copy, run, squeezed, steps

QUERY = re.compile(r'cyberaccord sql "([^"]*)"')
LIMIT = 600
"""Seconds that a page promises at most: ten minutes for the longest."""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    if shutil.which("make") is None:
        pytest.skip("no make on this machine")
    return installed_copy(tmp_path_factory.mktemp("walked") / "checkout")


@pytest.mark.soak
@pytest.mark.parametrize("page", PAGES)
def test_a_page_works_as_written(checkout, page, capsys):
    started, printed = time.monotonic(), ""
    for step in steps(page):
        if step.kind == "sh":
            printed = squeezed(run(step.text, checkout))
        elif step.kind == "diff":
            path = checkout / step.text.splitlines()[0].removeprefix("--- ")
            path.write_text(edited(path.read_text(encoding="utf-8"), step.text), encoding="utf-8")
        else:
            for line in step.text.splitlines():
                assert squeezed(line) in printed, f"{page}: '{line}' is not in\n{printed}"
        if page == "your_own_convention" and "run --scenario my_treaty" in step.text:
            report = checkout / "data" / "store" / "published" / "report" / "index.html"
            assert "My treaty" in report.read_text(encoding="utf-8")
    seconds = time.monotonic() - started
    with capsys.disabled():
        print(f"\n{page}: {seconds:.0f} s")
    assert seconds < LIMIT


@pytest.mark.parametrize("page", PAGES)
def test_every_query_of_a_page_runs(published, page):
    for step in steps(page):
        for query in QUERY.findall(step.text):
            assert ask.answer(query, "csv", None)


def test_the_walk_changes_lines_that_the_draft_has_and_the_result_is_a_good_scenario(tmp_path):
    [diff] = [step.text for step in steps("your_own_convention") if step.kind == "diff"]
    path = scenario_draft.write("my_treaty", tmp_path)
    path.write_text(edited(path.read_text(encoding="utf-8"), diff), encoding="utf-8")
    made = scenarios.load_file(path).for_models()
    # 27 of the Union and three partners; what the page prints in its next step
    assert (len(made.founders), len(made.joins)) == (30, 43)
    page = (DOCS / "your_own_convention.md").read_text(encoding="utf-8")
    assert f"{len(made.joins)} members in the end" in page and f"{len(made.founders)} join (founders)" in page


def test_every_start_has_commands_and_the_ui_is_started_by_itself():
    for page in PAGES:
        blocks = [step.text for step in steps(page) if step.kind == "sh"]
        assert blocks, page
        assert all(block.strip() == "make ui" for block in blocks if "make ui" in block)
