"""Text of a source that means harm, in every free text of the database: it is shown, and the page stays whole."""

import shutil
from pathlib import Path

import duckdb
import pytest

from reports.render import render

pytestmark = pytest.mark.browser

SCRIPT = "</script><script>window.hurt = 1</script>"
IMAGE = "<img src=x onerror='window.hurt = 1'>"
FORMULA = '=HYPERLINK("file:///etc/passwd", "open")'
TURNED = "\u202eright to left\u2066 and \u200bunseen"
LONG = "A" * 10_000
FREE = (
    "core.estimates.publisher",
    "core.estimates.reason",
    "core.treaty_effects.study",
    "core.treaty_effects.outcome",
    "core.treaty_effects.transport",
    "meta.claims.reading",
    "meta.priors.source",
    "meta.priors.unit",
    "meta.sources.licence",
    "meta.sources.producer",
    "meta.sources.title",
    "model.events.note",
    "model.survey_leverage.source",
    "model.variants.description",
)


@pytest.fixture(scope="module")
def hostile(small, tmp_path_factory):
    """The report on the small database with one of the texts in every free column of each row."""
    folder = tmp_path_factory.mktemp("hostile")
    copy = Path(shutil.copy(small, folder / "hostile.duckdb"))
    texts = [SCRIPT, IMAGE, FORMULA, TURNED, LONG]
    with duckdb.connect(str(copy)) as connection:
        for name in FREE:
            table, column = name.rsplit(".", 1)
            connection.execute(f"update {table} set {column} = list_extract(?::varchar[], 1 + (rowid % 5))", [texts])
    return render(copy, folder)


@pytest.mark.parametrize("width", [1440, 390])
def test_hostile_text_is_shown_and_breaks_nothing(chromium, hostile, width):
    page = chromium.new_page(viewport={"width": width, "height": 900})
    noise = []
    page.on("console", lambda message: noise.append(message.text))
    page.on("pageerror", lambda error: noise.append(str(error)))
    page.on("dialog", lambda dialog: noise.append(dialog.message))
    page.on("request", lambda r: noise.append(r.url) if not r.url.startswith(("file:", "data:", "blob:")) else None)
    page.goto(hostile.as_uri())
    page.wait_for_selector("html[data-drawn=true]", timeout=30_000)
    words = page.evaluate("document.body.textContent")
    assert noise == []
    assert page.evaluate("window.hurt") is None
    assert page.locator("main img").count() == 0
    for text in (SCRIPT, IMAGE, FORMULA, "\ufffdright to left\ufffd and \ufffdunseen"):
        assert text in words, text
    assert "more characters)" in words and LONG not in words
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
