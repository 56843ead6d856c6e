"""Every figure, table and line of the text names the queries it rests on and the code that makes it, and no others.

The expected names are what an edition was in fact asked for while the exhibit was made.
"""

import ast
import importlib
from pathlib import Path

import duckdb
import pytest

from reports import figures, in_text, page_tables, render
from reports.edition import Edition
from reports.exhibits import exhibits
from reports.queries import LATER, QUERIES
from reports.rows import Rows


class Asked(Edition):
    """An edition that notes the names of the queries whose answers it is asked for."""

    def __init__(self, frames):
        super().__init__(frames)
        object.__setattr__(self, "names", set())

    def rows(self, name, **where):
        self.names.add(name)
        return super().rows(name, **where)


def noting(edition):
    """Rows of nobody else, which have picked nothing yet, and the set of names their edition will be asked for."""
    asked = Asked(edition.frames)
    return Rows(asked), asked.names


@pytest.fixture(scope="module")
def made(edition):
    return {(one.kind, one.key): one for one in exhibits(edition)}


@pytest.mark.parametrize("make", figures.FIGURES, ids=lambda make: make.__name__)
def test_a_figure_names_the_queries_it_asks(edition, make):
    rows, names = noting(edition)
    figure = make(rows)
    assert set(figure.queries) == names, figure.key
    assert len(set(figure.queries)) == len(figure.queries)


@pytest.mark.parametrize("make", page_tables.TABLES, ids=lambda make: make.__name__)
def test_a_table_names_the_queries_it_asks(edition, make):
    rows, names = noting(edition)
    table = make(rows)
    assert set(table.queries) == names, table.key


@pytest.mark.parametrize("line", in_text.LINES, ids=lambda line: line.key)
def test_a_line_of_the_text_names_the_queries_it_asks(edition, line):
    rows, names = noting(edition)
    line.say(rows, {"gdp", "exceedance"})
    assert set(line.queries) == names


def test_charts_of_the_cards_ask_nothing_that_the_cards_do_not_name(edition):
    rows, names = noting(edition)
    figures.card_drawings(rows)
    assert names <= {name for line in in_text.LINES if line.key.startswith("card_") for name in line.queries}


def test_the_page_asks_for_nothing_but_what_its_exhibits_name(edition, made):
    """Besides them the caption of each names the run and its baseline."""
    asked = Asked(edition.frames)
    render.html(asked)
    named = {query.name for one in made.values() for query in one.queries}
    assert asked.names <= named
    calls = ast.walk(ast.parse(Path(render.__file__).read_text(encoding="utf-8")))
    assert not [call for call in calls if isinstance(call, ast.Attribute) and call.attr in ("one", "rows")]


def test_every_exhibit_of_the_page_is_listed_once(page, made):
    figures_, tables = page.count("<figure id="), page.count('<div class="table')
    kinds = [kind for kind, _ in made]
    assert (kinds.count("figure"), kinds.count("table")) == (figures_, tables)
    for one in made.values():
        assert f'id="{one.anchor}"' in page, one.key
        assert one.title and one.label


def test_code_of_an_exhibit_is_a_function(made):
    for one in made.values():
        module, _, name = one.code.rpartition(".")
        assert callable(getattr(importlib.import_module(module), name)), one.code
    assert made["figure", "hero"].code == "reports.figures_adoption.adoption_curve"


def test_queries_of_an_exhibit_run_as_they_are_printed(database, edition, made):
    printed = {query.name: query.sql for one in made.values() for query in one.queries}
    assert set(printed) <= set(QUERIES | LATER)
    with duckdb.connect(str(database), read_only=True) as connection:
        for name, sql in printed.items():
            if edition.frames[name].width:
                assert len(connection.execute(sql).fetchall()) == edition.frames[name].height, name
