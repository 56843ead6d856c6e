"""Downloads of the report and the report without scripts."""

import csv
import io
import itertools
import xml.etree.ElementTree as ET
from decimal import Decimal

import duckdb
import pytest

from reports.edition import read
from reports.exhibits import exhibits
from tests.browser.opened import open_page

pytestmark = pytest.mark.browser
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def page(chromium, report):
    opened = open_page(chromium, report, 1440)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def figures(published):
    return [one for one in exhibits(read(published)) if one.kind == "figure"]


def downloads(chromium, report, selectors):
    """Name and text of the file behind each button.

    Chromium lets a page start ten downloads in a row and drops the next, so there is a new page for every ten.
    """
    page = None
    for place, selector in enumerate(selectors):
        if place % 10 == 0:
            page = (page and page.close()) or open_page(chromium, report, 1440)
        with page.expect_download() as waiting:
            page.click(selector)
        yield waiting.value.suggested_filename, waiting.value.path().read_text(encoding="utf-8")
        assert page.noise == []
    page.close()


def same(cell, value):
    """Whether a cell of a file is a value of the database, numbers to the last digit."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return float(cell) == float(value)
    return cell == ("" if value is None else str(value))


def test_data_of_every_figure_come_as_the_database_has_them(chromium, report, published, figures):
    edition = read(published).run["edition"]
    files = downloads(chromium, report, [f"#{one.anchor} .downloads button[data-answer]" for one in figures])
    with duckdb.connect(str(published), read_only=True) as connection:
        for one, (name, text) in zip(figures, files, strict=True):
            assert name == f"{edition}-{one.key}.csv"
            answer = connection.execute(one.queries[0].sql)
            heads, rows = [column[0] for column in answer.description], answer.fetchall()
            found = list(csv.reader(io.StringIO(text)))
            assert found[0] == heads
            assert len(found) == len(rows) + 1
            for cells, row in zip(found[1:], rows, strict=True):
                assert all(same(c, v) for c, v in zip(cells, row, strict=True)), (one.key, cells, row)


def test_a_picture_stands_alone_with_its_words(page, chromium, report, figures, tmp_path):
    files = downloads(chromium, report, [f"#{one.anchor} button[data-picture]" for one in figures])
    for one, (name, text) in zip(figures, files, strict=True):
        assert name.endswith(f"-{one.key}.svg")
        root = ET.fromstring(text)
        assert root.tag == f"{SVG}svg"
        words = " ".join(" ".join(element.itertext()) for element in root.iter(f"{SVG}text"))
        squeezed = "".join(words.split())
        for part in (one.label, one.title, page.inner_text(f"#{one.anchor} .subtitle"), "Run "):
            assert "".join(part.split()) in squeezed, (one.key, part)
        # Text of the chart itself, and nothing that would have to be fetched.
        assert len(list(root.iter(f"{SVG}text"))) > 8
        links = [v for e in root.iter() for k, v in e.attrib.items() if k.rpartition("}")[2] in ("href", "src")]
        assert all(link.startswith(("#", "data:")) for link in links)
        assert "url(http" not in text and "@import" not in text
    path = tmp_path / "picture.svg"
    path.write_text(text, encoding="utf-8")
    alone = chromium.new_page()
    asked = []
    alone.on("request", lambda request: asked.append(request.url))
    alone.goto(path.as_uri())
    assert asked == [path.as_uri()]
    box = alone.evaluate("document.documentElement.getBBox().height")
    assert float(root.get("height")) == pytest.approx(box, abs=1)
    alone.close()


def test_the_command_can_be_copied_or_is_selected(page):
    page.click("#fig-1 details.sql summary")
    button = page.locator("#fig-1 details.sql button[data-copy]").first
    button.click()
    page.wait_for_function("b => ['Copied', 'Selected'].includes(b.textContent)", arg=button.element_handle())
    assert page.noise == []


@pytest.fixture(scope="module", params=(1440, 390))
def bare(request, chromium, report):
    """The page with scripts off."""
    context = chromium.new_context(java_script_enabled=False, viewport={"width": request.param, "height": 900})
    opened = context.new_page()
    opened.goto(report.as_uri())
    yield opened
    context.close()


def test_without_scripts_every_figure_says_and_tabulates_what_it_shows(bare, figures):
    assert "Scripts are off" in bare.inner_text("header .notice")
    for one in figures:
        figure = bare.locator(f"#{one.anchor}")
        assert " ".join(figure.locator("h3").inner_text().split()) == " ".join(one.title.split())
        for part in (".subtitle", "figcaption", ".alt"):
            assert figure.locator(part).is_visible()
        # The words are those that a screen reader gets from the picture.
        assert (
            figure.locator(".alt").inner_text().split() == figure.locator(".plot").get_attribute("aria-label").split()
        )
        for kind in ("details.data:not(.sql)", "details.sql"):
            figure.locator(f"{kind} > summary").click()
        assert figure.locator("details table").first.is_visible()
        assert figure.locator("details.sql pre").first.is_visible()
        for kind in ("details.sql", "details.data:not(.sql)"):
            figure.locator(f"{kind} > summary").click()


def test_without_scripts_no_gap_stands_where_a_chart_would_be(bare):
    for figure in bare.locator("figure").all():
        boxes = [b for b in (e.bounding_box() for e in figure.locator("> *").all()) if b and b["height"]]
        boxes.sort(key=lambda b: b["y"])
        for above, below in itertools.pairwise(boxes):
            assert below["y"] - (above["y"] + above["height"]) < 60
    assert not any(plot.is_visible() for plot in bare.locator(".plot").all())
    assert not any(control.is_visible() for control in bare.locator(".needs-script").all())
