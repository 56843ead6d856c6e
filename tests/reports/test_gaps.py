"""A database that lacks something: the page renders, says so where it would stand, and invents nothing."""

import re

import polars as pl
import pytest

from reports import render
from reports.edition import Edition, read
from reports.queries import LATER, QUERIES
from tests.reports.pages import changed, words_of

NEEDED = ("blocs", "claims", "estimates", "levels", "levels_all", "pooled", "scenarios", "treaty_effects")
"""Answers that figures, cards and sentences begin with; later tables have tests of their own."""


def is_whole(page: str) -> str:
    """The words of a page but for its queries; nothing is undefined and every link leads somewhere."""
    words = words_of(re.sub(r"<pre\b.*?</pre>", "", page, flags=re.DOTALL))
    assert not re.findall(r".{60}\b(?:NaN|None(?! of)|undefined|null)\b.{20}", words)
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"?]+)"', page)) <= ids
    return words


@pytest.fixture(scope="module")
def not_estimated(edition) -> int:
    """How often the whole page says that something is not."""
    return is_whole(render.html(edition)).count("Not estimated in this run")


@pytest.mark.parametrize("name", NEEDED)
def test_the_page_renders_without_an_answer_and_says_so(edition, not_estimated, name):
    words = is_whole(render.html(Edition(edition.frames | {name: edition.frames[name].clear()})))
    assert words.count("Not estimated in this run") > not_estimated


def test_a_database_with_nothing_but_its_run_is_a_page_that_says_so(edition):
    empty = {name: pl.DataFrame() for name in QUERIES | LATER}
    page = render.html(Edition(empty | {"runs": edition.frames["runs"]}))
    is_whole(page)
    assert page.count("<figure ") == 0
    assert "Not estimated in this run" in re.search(r'<p class="standfirst">(.*?)</p>', page, re.DOTALL)[1]
    assert page.count("Not estimated in this run: this figure has no rows") >= 15


def test_a_run_without_the_op_eds_scenario_is_about_the_one_it_has(database, tmp_path):
    tables = ("counterfactual", "winners", "break_even", "membership_share")
    page = changed(
        database,
        tmp_path / "other.duckdb",
        *(f"delete from model.{name} where scenario not in ('universal', 'status_quo')" for name in tables),
        "drop table model.blocs",
    )
    is_whole(page)
    standfirst = re.search(r'<p class="standfirst">(.*?)</p>', page, re.DOTALL)[1]
    assert "the convention “Universal”" in standfirst
    assert "the op-ed’s convention" not in words_of(standfirst)
    assert "scenario = &#39;universal&#39;" in page  # the queries under the figures ask for it


def test_the_scenario_in_focus_can_be_chosen(database):
    chosen = read(database, "universal")
    assert (chosen.focus, read(database).focus) == ("universal", "op_ed_convention")
    assert {row["scenario"] for row in chosen.rows("levels")} == {"universal"}


def test_a_text_without_stand_down_is_not_said_to_have_it(database, tmp_path):
    """It is evaluated as `no_standdown` and has no row `all`; the page says what acts, once."""
    page = changed(
        database,
        tmp_path / "restraint.duckdb",
        "delete from model.counterfactual where mechanisms = 'all'",
    )
    standfirst = re.search(r'<p class="standfirst">(.*?)</p>', page, re.DOTALL)[1]
    assert "(law, red lines and consequences, without stand-down)" in words_of(standfirst)
    assert "Without stand-down it" not in words_of(standfirst)
