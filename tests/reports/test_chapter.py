"""The chapter as a whole: sections, annexes and boxes in order, all that is shown is spoken of, old editions render."""

import html as html_module
import re

import pytest

from reports import order, render
from tests.reports.pages import EVIL, changed, stays_text, words_of

NEW = ("model.avoidance_odds", "meta.changes", "core.event_timelines")
COLUMNS = ("net_benefit", "without_standdown", "law_alone")
"""Tables, and columns of model.specification, that editions before this chapter lack."""


def prose(page):
    """The page's own paragraphs and lists: no contents, labels, captions, tables or figures."""
    body = page[page.index("<main>") : page.index("</main>")]
    return re.sub(r"<(figure|table|nav)\b.*?</\1>|<p class=\"(label|subtitle)\">.*?</p>", "", body, flags=re.DOTALL)


def test_sections_are_numbered_from_introduction_to_policy_and_annexes_from_a_to_f(page):
    found = re.findall(r'<h2><span class="number">(\w+)</span>([^<]+)</h2>', page)
    numbers = [number for number, _ in found]
    titles = {html_module.unescape(title) for _, title in found}
    sections = len(render.SECTIONS)
    assert numbers == [*map(str, range(1, sections + 1)), *"ABCDEF"]
    assert found[0][1] == "Introduction" and found[sections - 1][1] == "Policy implications"
    assert {"Measuring the loss", "Tail and systemic risk", "The convention", "Counterfactuals", "Strategic dynamics",
            "Costs, net benefit and output", "How sure are we?"} <= titles  # fmt: skip
    assert [title for _, title in found[sections:]] == [
        "Data and licenses", "Equations", "Priors", "Robustness", "Replication", "Changes since the last edition",
    ]  # fmt: skip


def test_figures_tables_and_boxes_are_numbered_as_they_stand_on_the_page(page):
    for kind in ("fig", "table"):
        numbers = [int(n) for n in re.findall(rf'<(?:figure|div class="table[^"]*") id="{kind}-(\d+)"', page)]
        assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) >= 15, kind
    boxes = re.findall(r'id="box-(\w+)">\s*<p class="label">Box (\d)</p>', page)
    assert [number for _, number in boxes] == ["1", "2", "3"]
    assert {key for key, _ in boxes} == {"trillion", "definitions", "solarwinds"}


def test_every_figure_table_and_box_is_referred_to_in_the_text(page):
    """A figure nobody speaks of is not read; the contents, its own anchor and captions do not count."""
    ids = set(re.findall(r'\bid="((?:fig|table|box)-\w+)"', page))
    named = set(re.findall(r'href="#((?:fig|table|box)-\w+)"', prose(page)))
    assert ids - named == set()
    assert len(ids) >= 40


def test_order_is_read_from_the_templates_and_follows_an_include():
    sections = ["glance", *(key for key, _ in (*render.SECTIONS, *render.ANNEXES))]
    shown = order.placed(tuple(sections))
    assert shown[0] == "hero"
    assert shown.index("claims") < shown.index("bridge") < shown.index("registry") < shown.index("policy")
    assert shown.index("registry") < shown.index("definitions") < shown.index("grid")  # by way of an included file
    assert order.in_order(["unplaced", "policy", "claims"], sections) == ["claims", "policy", "unplaced"]
    assert order.boxes(sections)[0] == "trillion"
    assert sorted(order.boxes(sections)) == ["definitions", "solarwinds", "trillion"]


@pytest.mark.parametrize("verb", ["drop table", "delete from"])
def test_an_edition_before_these_tables_renders_and_says_so(database, tmp_path, verb):
    page = changed(
        database,
        tmp_path / "older.duckdb",
        *(f"{verb} {name}" for name in NEW),
        *(f"alter table model.specification drop column {name}" for name in COLUMNS),
        "delete from model.events where measure = 'reached'",
    )  # fmt: skip
    words = words_of(page)
    assert "This is the first edition" in words
    assert "Even full adoption" not in words
    assert "an update of SolarWinds carried a back door" in words
    assert "Of six implications" in words
    assert not re.findall(r"\b(NaN|None|undefined)\b", words)
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= ids


def test_names_from_the_new_tables_stay_text(database, tmp_path):
    page = changed(
        database,
        tmp_path / "hostile.duckdb",
        f"update meta.changes set note = '{EVIL}', scenario = '{EVIL}' where scenario = 'universal'",
        f"update core.estimates set reason = '{EVIL}', publisher = '{EVIL}' where estimate_id = 'csis_2014'",
        f"update core.treaty_effects set transport = '{EVIL}', design = '{EVIL}'",
        f"update model.information set inputs = '{EVIL}' where information = 'together'",
        f"update meta.claims set claim = '{EVIL}' where claim like 'over%'",
        f"update model.specification set choices = replace(choices, 'averaged', '{EVIL}')",
    )
    assert stays_text(page)


def test_what_paper_leaves_out_stays_on_screen(page):
    """Reasons and producers are columns of the page and are hidden by a class on paper only."""
    assert '<th scope="col" class="text screen">Producer</th>' in page
    assert '<th scope="col" class="text screen">In the pool, or why not</th>' in page
    assert "one row per publisher" in page
    screen, paper = (render.TEMPLATES / "report.css").read_text(encoding="utf-8").split("@media print")
    assert ".screen" in paper and ".screen" not in screen
