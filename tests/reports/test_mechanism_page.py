"""The page with and without what lies beyond law: stand-down beside every headline, tables empty, null or hostile."""

import re

from tests.reports.pages import EVIL, changed, stays_text, words_of

MECHANISM_TABLES = (
    "definition_coverage",
    "escalation",
    "escalation_fit",
    "accession_fit",
    "accession_calibration",
    "accession_fan",
    "coalition",
    "decomposition",
    "without_mechanism",
    "net_present_value",
    "adoption_strength",
    "welfare",
    "winners",
)


def test_every_headline_is_printed_with_and_without_standdown(page):
    """Fixture: 1.8 % with and 1.1 % without stand-down at the median."""
    standfirst = re.search(r'<p class="standfirst">(.*?)</p>', page, re.DOTALL)[1]
    assert "about 1.8 percent" in standfirst
    assert 'Without <span class="unbroken">stand-down</span> it avoids about 1.1 percent' in standfirst
    words = words_of(page)
    assert len(re.findall("– without stand-down", words)) == 4  # two scenarios, in the wide and the stacked table
    assert "would avoid 1.8 percent (90 percent interval −3.6 to +10.9)" in words
    assert "without stand-down it would avoid 1.1 percent (−3.5 to +8.8)" in words
    assert "At full adoption without stand-down: median" in " ".join(words.split())


def test_scenarios_of_law_alone_have_one_row(database, tmp_path):
    page = changed(
        database,
        tmp_path / "law.duckdb",
        "delete from model.counterfactual where mechanisms in ('all', 'no_standdown')",
    )
    words = words_of(page)
    assert "the op-ed’s convention (law alone)" in words
    assert "– without stand-down" not in words
    assert "Red lines, agreed consequences, states that stand down" in words
    assert "Not in these numbers" in words


def test_empty_tables_of_the_mechanisms_say_so_and_do_not_break_the_page(database, tmp_path):
    page = changed(
        database,
        tmp_path / "empty.duckdb",
        *(f"delete from model.{name}" for name in MECHANISM_TABLES),
        "delete from core.treaty_status",
    )
    words = words_of(page)
    assert words.count("Not estimated in this run: this figure has no rows") == 5
    for line in (
        "How fast states joined Budapest was not estimated",
        "No coalition was examined",
        "No mechanism was switched off",
        "The present value of the convention was not estimated",
        "Whose gains count was not examined",
        "Who gains and who loses was not estimated",
        "was not fitted in this run",
    ):
        assert line in words, line
    assert not re.findall(r"\b(NaN|None|undefined)\b", words)
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= ids


def test_nulls_of_the_mechanisms_say_not_estimated(database, tmp_path):
    page = changed(
        database,
        tmp_path / "nulls.duckdb",
        "update model.escalation set p_agreed_better = null, clipped = null",
        "update model.escalation_fit set estimate = null, se = null, status = 'not estimable: the likelihood is flat'",
        "update model.definition_coverage set share = null, lower = null, upper = null",
        "update model.without_mechanism set p_not_better = null",
        "update model.welfare set p_not_better = null",
        "update model.accession_fit set status = 'assumption', events_per_coefficient = 6",
        "update model.coalition set stable = false",
        "update model.accession_fan set p_in_force = 0",
    )
    words = words_of(page)
    for line in (
        "Whether agreed consequences leave less loss than unilateral ones was not estimated",
        "could not be estimated: the likelihood is flat. A prior stands in.",
        "No definition has incidents enough to print what it covers",
        "too few ratifications to call it an estimate",
        "No coalition of two or more holds together at any cost examined",
        "it is no more likely than not to be in force",
    ):
        assert line in words, line
    assert not re.findall(r"\b(NaN|None|undefined)\b", words)


def test_names_from_the_tables_of_mechanisms_stay_text(database, tmp_path):
    page = changed(
        database,
        tmp_path / "hostile.duckdb",
        f"update model.definition_coverage set definition = '{EVIL}' where definition = 'broad'",
        f"update model.decomposition set channel = '{EVIL}' where channel = 'effort'",
        f"update model.winners set income_group = '{EVIL}' where income_group = 'Low income'",
        f"update model.coalition set members = '{EVIL}'",
    )
    assert stays_text(page)
