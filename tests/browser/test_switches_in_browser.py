"""The switches of Figure 1: what is drawn and said for a choice is what the database holds for it."""

import io

import duckdb
import pytest

from reports import choice_text, choices
from reports.choices import DEFAULT
from reports.edition import read
from reports.numbers import dollars
from reports.rows import Rows
from tests.browser.opened import open_page
from tests.browser.test_report_in_browser import BOXES, WIDTHS, clipped, overlapping

pytestmark = pytest.mark.browser
FIELDS = ("scenario", "metric", "effects", "baseline")
BANDS = (("p025", "p975"), ("p10", "p90"), ("p25", "p75"))
DRAWN = """() => {
  const plot = document.querySelector('#fig-1 .plot');
  return {y: plot.data.slice(0, 4).map(t => Array.from(t.y)), x: Array.from(plot.data[3].x),
          notes: plot.layout.annotations.map(a => a.text)};
}"""
AMOUNTS = """() => document.querySelector('#fig-1 .plot').layout.annotations
  .filter(a => (a.name || '').startsWith('amount:'))
  .map(a => Number(a.text.replace('−', '-').replace('+', '').replace(',', '')))"""
WORDS = """() => ['h3', '.subtitle', '.under', 'figcaption', '.key'].map(
  s => document.querySelector('#fig-1 ' + s).innerHTML)"""


@pytest.fixture(scope="module")
def rows(published):
    return Rows(read(published))


@pytest.fixture(scope="module")
def curves(rows):
    return choices.curves(rows)


@pytest.fixture(scope="module")
def sample(curves):
    """One choice for each value of each switch, and the corner where all differ from the default."""
    found = [DEFAULT]
    for field, place in (("scenario", 0), ("metric", 1), ("effect_set", 2)):
        found += [DEFAULT._replace(**{field: value}) for value in dict.fromkeys(choice[place] for choice in curves)]
    last = max(curves, key=lambda choice: sum(a != b for a, b in zip(choice, DEFAULT, strict=True)))
    return [choice for choice in dict.fromkeys([*found, last]) if choice in curves]


@pytest.fixture
def page(chromium, report):
    opened = open_page(chromium, report, 1440)
    yield opened
    assert opened.noise == []
    opened.close()


def choose(page, choice, baseline):
    for name, value in zip(FIELDS, (*choice, baseline), strict=True):
        page.select_option(f"select[name={name}]", value)
    page.wait_for_selector(f'form[data-shown="{choice.key}|{baseline}"]', state="attached")


def test_what_is_drawn_for_a_choice_is_what_the_database_holds(page, published, rows, sample):
    with duckdb.connect(str(published), read_only=True) as connection:
        for choice in sample[1:]:
            choose(page, choice, rows.baseline)
            found = connection.execute(
                "select adoption_level, p025, p10, p25, p50, p75, p90, p975 from model.counterfactual as c "
                "where iso3 = 'WLD' and year = 2020 and measure = 'avoided_share' and scenario = ? and "
                "adoption_metric = ? and effect_set = ? and mechanisms = (select mechanisms from headline as h "
                "where h.scenario = c.scenario order by list_position(['all', 'no_standdown', 'law'], mechanisms) "
                "limit 1) order by adoption_level",
                list(choice),
            )
            names = [column[0] for column in found.description]
            columns = dict(
                zip(names, ([100 * float(v) for v in c] for c in zip(*found.fetchall(), strict=True)), strict=True)
            )
            drawn = page.evaluate(DRAWN)
            assert drawn["x"] == columns["adoption_level"]
            assert drawn["y"][3] == columns["p50"], choice
            for place, (low, high) in enumerate(BANDS):
                assert drawn["y"][place] == columns[high] + columns[low][::-1], choice


def test_what_is_said_for_a_choice_is_its_own_sentence_and_title(page, rows, curves, sample):
    for choice in sample[1:]:
        choose(page, choice, rows.baseline)
        curve = curves[choice]
        said = choice_text.sentence(choice, curve, rows.baseline, rows.baseline_usd_bn, rows.baseline)
        title = choice_text.title(curve, rows.small_bloc)
        assert page.inner_text("#fig-1 .under").split() == said.split()
        assert page.inner_text("#fig-1 h3").split() == title.split()
        assert page.get_attribute("#fig-1 .plot", "aria-label").split() == choice_text.alt(choice, curve, title).split()
        median = said.split("about ")[1].split()[0]
        call_out = next((t for t in page.evaluate(DRAWN)["notes"] if "interval" in t), None)
        assert call_out is None or median in call_out


def test_another_baseline_scales_dollars_and_leaves_shares(page, rows, curves):
    losses = choices.baselines(rows)
    other = next(name for name in losses if name != rows.baseline)
    choice = next(choice for choice in curves if choice != DEFAULT)
    choose(page, choice, rows.baseline)
    before = page.evaluate(DRAWN)
    choose(page, choice, other)
    after = page.evaluate(DRAWN)
    assert after["y"] == before["y"] and after["x"] == before["x"]
    ratio = losses[other] / losses[rows.baseline]
    scaled = page.evaluate(AMOUNTS)
    choose(page, choice, rows.baseline)
    for large, small in zip(scaled, page.evaluate(AMOUNTS), strict=True):
        assert large == pytest.approx(ratio * small, abs=0.6 * (1 + ratio))
    choose(page, choice, other)
    said = page.inner_text("#fig-1 .under")
    assert dollars(losses[other]).split() == said.split("a yearly loss of ")[1].split(" (baseline")[0].split()
    # Costs do not grow with the loss: the chance that the convention does not pay is off, and the page says why.
    assert any("off under this baseline" in note for note in after["notes"])
    assert not any("does not pay for itself" in note for note in after["notes"])
    assert "Net benefit is not rescaled" in said
    cells = page.evaluate(
        "[...document.querySelectorAll('#fig-1 .key tbody tr td:last-child')].map(e => e.textContent)"
    )
    assert set(cells) == {"–"}
    assert f"dollars rescaled to {other}" in page.inner_text("#fig-1 figcaption")


def test_a_choice_can_be_linked_and_undone(page, chromium, report, rows, sample):
    before = page.evaluate(WORDS)
    drawn = page.evaluate(DRAWN)
    choose(page, sample[-1], rows.baseline)
    address = page.url
    assert address.startswith(report.as_uri() + "#fig-1?")
    assert page.evaluate(WORDS) != before
    again = open_page(chromium, report, 1440, address.removeprefix(report.as_uri()))
    again.wait_for_selector(f'form[data-shown="{sample[-1].key}|{rows.baseline}"]', state="attached")
    assert again.inner_text("#fig-1 .under") == page.inner_text("#fig-1 .under")
    assert again.evaluate("Math.abs(document.querySelector('#fig-1').getBoundingClientRect().top) < 400")
    assert again.noise == []
    again.close()
    page.click("text=Back to the default")
    page.wait_for_selector(f'form[data-shown="{DEFAULT.key}|{rows.baseline}"]', state="attached")
    assert page.evaluate(WORDS) == before
    assert page.evaluate(DRAWN) == drawn
    assert page.url == report.as_uri() + "#fig-1"
    assert page.evaluate("document.activeElement.name") == "scenario"


def test_a_link_to_a_choice_that_does_not_exist_shows_the_default(chromium, report, rows):
    page = open_page(chromium, report, 1440, "#fig-1?scenario=made_up&effects=%3Cb%3E&baseline=%&metric=gdp")
    page.wait_for_selector(f'form[data-shown="{DEFAULT._replace(metric="gdp").key}|{rows.baseline}"]', state="attached")
    assert page.noise == []
    page.close()


def test_switches_work_from_the_keyboard_and_are_named(page, rows):
    for name in ("Scenario", "Adoption counted in", "Effect of joining", "Baseline"):
        assert page.get_by_label(name, exact=True).count() == 1
    assert page.get_attribute("#fig-1 .under", "aria-live") == "polite"
    page.get_by_label("Adoption counted in").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_selector(f'form[data-shown="{DEFAULT._replace(metric="gdp").key}|{rows.baseline}"]', state="attached")
    assert "world GDP" in page.inner_text("#fig-1 .subtitle")


def test_what_was_not_computed_cannot_be_chosen_and_says_why(page, rows, curves):
    option = page.locator("select[name=scenario] option[value=status_quo]")
    assert option.is_disabled() and "nobody joins" in option.inner_text()
    choose(page, DEFAULT._replace(metric="gdp"), rows.baseline)
    assert option.is_disabled() and "nobody joins" in option.inner_text()
    for select, place in (("scenario", 0), ("effects", 2)):
        for one in page.locator(f"select[name={select}] option").all():
            values = list(DEFAULT._replace(metric="gdp"))
            values[place] = one.get_attribute("value")
            assert one.is_enabled() == (tuple(values) in curves)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_label_is_clipped_or_covered_for_any_value_of_a_switch(chromium, report, rows, sample, width):
    page = open_page(chromium, report, width)
    others = [name for name in choices.baselines(rows) if name != rows.baseline][:1]
    for choice in sample:
        for baseline in [rows.baseline, *(others if choice == sample[-1] else ())]:
            choose(page, choice, baseline)
            plot = next(plot for plot in page.evaluate(BOXES) if plot["figure"] == "hero")
            assert not clipped(plot), (choice, clipped(plot))
            assert not overlapping(plot), (choice, overlapping(plot))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.noise == []
    page.close()


def test_print_shows_the_default_whatever_was_chosen(page, rows, sample):
    pypdf = pytest.importorskip("pypdf")
    said = page.inner_text("#fig-1 .under")
    choice = sample[-1]
    choose(page, choice, rows.baseline)
    chosen = page.inner_text("#fig-1 .under")
    pdf = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))
    words = "".join("".join(p.extract_text() for p in pdf.pages).split())
    assert "".join(said.split()) in words and "".join(chosen.split()) not in words
    assert "Adoptioncountedin" not in words and "Backtothedefault" not in words
    assert "Figure1,onpaper" in words
    page.wait_for_function("said => document.querySelector('#fig-1 .under').innerText === said", arg=chosen)


def test_the_picture_is_that_of_the_choice(page, rows, sample):
    choice = sample[-1]
    choose(page, choice, rows.baseline)
    with page.expect_download() as waiting:
        page.click("#fig-1 button[data-picture]")
    text = "".join(waiting.value.path().read_text(encoding="utf-8").split())
    assert "".join(page.inner_text("#fig-1 .subtitle").split()) in text
