"""What only a browser can tell of the report: clipped or overlapping labels, requests, widths, contrast, print."""

import io
import re

import pytest

from tests.browser.opened import open_page

pytestmark = pytest.mark.browser
WIDTHS = (1440, 768, 390)

# Boxes of every text of every chart, relative to the box of its plot.
BOXES = """() => [...document.querySelectorAll('.plot')].map(plot => {
  const outer = plot.getBoundingClientRect();
  const shown = t => t.textContent.trim() && getComputedStyle(t).visibility !== 'hidden';
  const size = e => parseFloat(getComputedStyle(e).fontSize);
  const box = t => {
    const r = t.getBoundingClientRect();
    const sizes = [t, ...t.querySelectorAll('tspan')].map(size);
    return {text: t.textContent, x: r.left - outer.left, y: r.top - outer.top, w: r.width, h: r.height,
            size: Math.min(...sizes)};
  };
  return {figure: plot.dataset.figure, width: outer.width, height: outer.height,
          svg: plot.querySelectorAll('svg.main-svg').length,
          texts: [...plot.querySelectorAll('svg text')].filter(shown).map(box)};
})"""

SIZES = """() => [...document.querySelectorAll('main *, header *, nav *')]
  .filter(e => e.textContent.trim() && !e.closest('svg') && e.offsetParent)
  .map(e => parseFloat(getComputedStyle(e).fontSize))"""

# Contrast of every run of HTML text against the nearest opaque background.
CONTRASTS = """() => {
  const part = c => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
  const light = rgb => 0.2126 * part(rgb[0]) + 0.7152 * part(rgb[1]) + 0.0722 * part(rgb[2]);
  const read = s => s.match(/[\\d.]+/g).map(Number);
  const behind = e => {
    for (; e; e = e.parentElement) {
      const c = read(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const hasText = e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
  return [...document.querySelectorAll('body *')]
    .filter(e => !e.closest('svg, script, style') && e.offsetParent && hasText(e))
    .filter(e => parseFloat(getComputedStyle(e).opacity) > 0)
    .map(e => {
      const a = light(read(getComputedStyle(e).color)), b = light(behind(e));
      return [e.tagName + '.' + e.className, e.textContent.trim().slice(0, 30),
              (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
    });
}"""

# Pairs of runs of text that share more than 2 x 3 px, the labels of charts included.
COVERED = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), boxes = [], found = [];
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const e = node.parentElement, words = node.textContent.trim().slice(0, 50);
    if (!words || e.closest('script, style, noscript, .skip')) continue;
    if (!e.checkVisibility({visibilityProperty: true})) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const r of range.getClientRects())
      if (r.width && r.height) boxes.push({left: r.left, top: r.top, right: r.right, bottom: r.bottom, words});
  }
  boxes.sort((a, b) => a.top - b.top);
  boxes.forEach((a, i) => {
    for (let j = i + 1; j < boxes.length && boxes[j].top < a.bottom - 3; j++) {
      const b = boxes[j], wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      if (wide > 2 && Math.min(a.bottom, b.bottom) - b.top > 3) found.push([a.words, b.words]);
    }
  });
  return [boxes.length, found];
}"""


@pytest.fixture(scope="module", params=WIDTHS)
def page(request, chromium, report):
    opened = open_page(chromium, report, request.param)
    yield opened
    opened.close()


def clipped(plot, slack=1.5):
    """Texts of a plot that reach out of its box."""
    return [
        t["text"]
        for t in plot["texts"]
        if t["x"] < -slack
        or t["y"] < -slack
        or t["x"] + t["w"] > plot["width"] + slack
        or t["y"] + t["h"] > plot["height"] + slack
    ]


def overlapping(plot):
    """Pairs of texts of a plot that share more than 2 x 3 px."""
    pairs = []
    for i, a in enumerate(plot["texts"]):
        for b in plot["texts"][i + 1 :]:
            wide = min(a["x"] + a["w"], b["x"] + b["w"]) - max(a["x"], b["x"])
            high = min(a["y"] + a["h"], b["y"] + b["h"]) - max(a["y"], b["y"])
            if wide > 2 and high > 3:
                pairs.append((a["text"], b["text"]))
    return pairs


def test_the_audit_finds_what_it_is_for():
    plot = {
        "width": 100,
        "height": 50,
        "texts": [
            {"text": "a", "x": 90, "y": 0, "w": 20, "h": 10},
            {"text": "b", "x": 10, "y": 20, "w": 20, "h": 10},
            {"text": "c", "x": 20, "y": 22, "w": 20, "h": 10},
        ],
    }
    assert clipped(plot) == ["a"]
    assert overlapping(plot) == [("b", "c")]


def test_no_label_of_a_chart_is_clipped_or_covers_another(page):
    plots = page.evaluate(BOXES)
    # Every figure whose table is published, and the four cards.
    assert len(plots) == len(page.query_selector_all("figure")) + 4 >= 13
    for plot in plots:
        assert plot["svg"] >= 1, plot["figure"]
        assert len(plot["texts"]) >= 3, plot["figure"]
        assert not clipped(plot), (plot["figure"], clipped(plot))
        assert not overlapping(plot), (plot["figure"], overlapping(plot))


def test_no_text_covers_another(page):
    closed, found = page.evaluate(COVERED)
    assert found == []
    page.evaluate("document.querySelectorAll('main details').forEach(e => { e.open = true; })")
    opened, found = page.evaluate(COVERED)
    page.evaluate("document.querySelectorAll('main details').forEach(e => { e.open = false; })")
    assert found == []
    assert opened > closed


def test_no_text_is_smaller_than_eleven_pixels(page):
    for plot in page.evaluate(BOXES):
        assert all(t["size"] >= 11 for t in plot["texts"]), plot["figure"]
    sizes = page.evaluate(SIZES)
    assert min(sizes) >= 11


def test_page_makes_no_request_and_no_noise(page):
    assert page.noise == []


def test_nothing_is_wider_than_the_window(page):
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_picture_has_words_and_reserves_its_height(page):
    for plot in page.query_selector_all("[role=img]"):
        assert len(plot.get_attribute("aria-label")) > 40
        least, high = plot.evaluate(
            "e => [parseFloat(getComputedStyle(e).minHeight), e.getBoundingClientRect().height]"
        )
        assert least == pytest.approx(high, abs=3)


def test_words_stand_out_from_what_is_behind_them(page):
    """Contrast of every run of HTML text against the nearest opaque background: at least 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    found = page.evaluate(CONTRASTS)
    assert len(found) > 100
    # The "#" of a figure is decoration beside a label that says the same; 3 to 1 suffices.
    assert [f for f in found if f[2] < (3 if f[1] == "#" else 4.5)] == []


def test_small_screens_get_a_stacked_table_and_large_ones_the_whole(page):
    width = page.viewport_size["width"]
    for wide, stacked in zip(page.query_selector_all(".wide-table"), page.query_selector_all(".stacked"), strict=True):
        assert wide.is_visible() == (width > 640)
        assert stacked.is_visible() == (width <= 640)
        table = stacked if width <= 640 else wide
        assert table.evaluate("e => e.scrollWidth <= e.parentElement.clientWidth + 1"), table.inner_text()[:60]


def test_charts_follow_the_window(chromium, report):
    page = open_page(chromium, report, 1440)
    before = page.evaluate("document.querySelector('#fig-1 .plot .main-svg').clientWidth")
    page.set_viewport_size({"width": 390, "height": 900})
    page.wait_for_selector("#fig-1 .plot[data-width='350']")  # 390 less two margins of 20
    assert before > 820
    assert page.evaluate("document.querySelector('#fig-1 .plot').clientHeight") < 400
    page.close()


def test_charts_leave_touch_and_drag_to_the_page(chromium, report):
    page = open_page(chromium, report, 390)
    plot = page.locator("#fig-1 .plot")
    plot.scroll_into_view_if_needed()
    assert page.evaluate("[...document.querySelectorAll('.plot')].every(p => p._fullLayout.dragmode === false)")
    assert page.locator(".modebar-btn").count() == 0
    page.close()


def test_print_is_a4_of_at_most_forty_pages_with_a_running_foot_and_no_data_tables(chromium, report):
    pypdf = pytest.importorskip("pypdf")
    page = open_page(chromium, report, 1440)
    pdf = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))
    box = pdf.pages[0].mediabox
    assert (float(box.width), float(box.height)) == pytest.approx((595, 842), abs=2)  # A4, points
    assert 6 <= len(pdf.pages) <= 40
    words = [p.extract_text() for p in pdf.pages]
    assert "What would an international" in words[0] and "At a glance" in words[0]
    assert words[0].count("Probability") == 4  # all four cards stand on the first page
    assert "Figure 1" in words[1]
    assert f"1 / {len(pdf.pages)}" in words[0]
    assert not any("View data" in w for w in words)
    # Charts are drawn for paper before printing: their labels are text of the PDF.
    assert any("does not pay for itself" in w for w in words)
    page.close()


PAPER = 658
"""Width of the text on A4 with the margins of report.css, px."""

# What is wider than its column on paper.
TOO_WIDE = """() => [...document.querySelectorAll('main table, main pre, main figure, main .plot svg.main-svg')]
  .filter(e => e.getBoundingClientRect().width > 0)
  .filter(e => e.scrollWidth > e.clientWidth + 1 ||
    e.getBoundingClientRect().right > document.querySelector('main').getBoundingClientRect().right + 1)
  .map(e => e.tagName + ': ' + e.textContent.slice(0, 40))"""


@pytest.fixture(scope="module")
def printed(chromium, report):
    """The page laid out as on paper, and the paper."""
    opened = open_page(chromium, report, 1440)
    paper = opened.pdf(prefer_css_page_size=True)
    opened.emulate_media(media="print")
    opened.set_viewport_size({"width": PAPER, "height": 900})
    opened.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    opened.wait_for_timeout(1000)
    yield opened, paper
    opened.close()


def test_the_printed_report_has_every_figure_table_and_box_on_at_most_thirty_pages(printed, report):
    """A4, 20 to 30 pages with the annexes (report.md, Part A)."""
    pypdf = pytest.importorskip("pypdf")
    pages = pypdf.PdfReader(io.BytesIO(printed[1])).pages
    assert len(pages) <= 30
    lines = {line.strip() for page in pages for line in page.extract_text().splitlines()}
    labels = set(re.findall(r">((?:Figure|Table|Box) \d+)<", report.read_text(encoding="utf-8")))
    assert len(labels) >= 40
    assert labels - lines == set()


def test_nothing_is_cut_off_on_paper(printed):
    assert printed[0].evaluate("document.querySelector('main').clientWidth") == PAPER
    assert printed[0].evaluate(TOO_WIDE) == []
