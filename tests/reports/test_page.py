"""The rendered page: complete, escaped, self-contained, without a number of its own."""

import ast
import html as html_module
import itertools
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from reports import palette, render
from reports.edition import read
from reports.queries import LATER, QUERIES

REPORTS = Path(render.__file__).parent
PROSE_MODULES = (
    "text.py",
    "titles.py",
    "figures.py",
    "adoption_figure.py",
    "choices.py",
    "choice_text.py",
    "choice_pack.py",
    "render.py",
    "in_text.py",
    "exhibits.py",
    "tables.py",
    "data_tables.py",
    "page_tables.py",
    "reference_tables.py",
    "cards.py",
    "limits.py",
    "titles_mechanisms.py",
    "mechanism_text.py",
    "mechanism_figures.py",
    "mechanism_data.py",
    "mechanism_tables.py",
    "mechanism_page_tables.py",
    "titles_losses.py",
    "titles_certainty.py",
    "loss_text.py",
    "loss_data.py",
    "loss_tables.py",
    "loss_figures.py",
    "tail_figures.py",
    "severity_text.py",
    "severity_rows.py",
    "certainty_data.py",
    "certainty_tables.py",
    "certainty_figures.py",
    "policy.py",
    "policy_text.py",
    "policy_tables.py",
    "box_text.py",
    "grid_tables.py",
    "evidence_tables.py",
    "annex_tables.py",
    "change_tables.py",
    "titles_facts.py",
    "facts_text.py",
    "facts_data.py",
    "facts_tables.py",
    "facts_figures.py",
)

# Digits that prose may hold: names, the levels of intervals, the price year, the op-ed's own figures and year.
ALLOWED = (
    r"\bG7\b|\bG20\b|SHA-256|csis_2020_loss|effect_set:",
    r"\b50, 80 and 95 %|^(2\.5|5|10|25|50|75|90|95|97\.5) %$",
    r"\b(50|80|90|95)( and (80|90|95))?,? ?(and 95 )?(%|percent|equally|\(%\))",
    r"\b2020\b|\bop-ed of 2021\b|\$1(\s(tn|trillion)|$)|\b100 ?%",
    r"^(\s*\[?90 %\]?|fig|h\d|utf-8|index\.html\.j2)$",
)


class Text(HTMLParser):
    """Visible words of a page, without scripts and styles."""

    def __init__(self):
        super().__init__()
        self.words, self.hidden, self.attributes = [], 0, []

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in ("script", "style")
        self.attributes += [
            value for name, value in attrs if name in ("aria-label", "title", "content", "alt") and value
        ]

    def handle_endtag(self, tag):
        self.hidden -= tag in ("script", "style")

    def handle_data(self, data):
        if not self.hidden:
            self.words.append(data)


def visible(page: str) -> str:
    parser = Text()
    parser.feed(page)
    return " ".join([*parser.words, *parser.attributes])


def without_allowed(words: str) -> str:
    for pattern in ALLOWED:
        words = re.sub(pattern, "", words)
    return words


def test_page_has_everything_the_issue_lists(page):
    words = visible(page)
    for part in (
        "What would an international cyber convention be worth?",
        "At a glance",
        "What this does not show",
        "Figure 21",
        "Table 27",
        "Box 3",
        "Policy implications",
        "Strategic dynamics",
        "What counts as a cyberattack",
        "Where the op-ed’s arguments stand",
        "Edition",
        "Data as of",
        "Baseline",
        "Draws",
        "30 September 2026",
        "16,384 paired",
        "f1c7a9d2",
        "make run",
        "0123456789abcdef",
        "View data",
        "CC BY 4.0",
        "lose on average",
    ):
        assert part in words, part
    assert page.count('<ol class="cards">') == 1
    assert len(re.findall(r'data-figure="card-', page)) == 4


def test_nothing_on_the_page_is_nan_none_or_undefined(page):
    words = visible(re.sub(r"<pre.*?</pre>", "", page, flags=re.DOTALL))  # SQL says null
    assert not re.findall(r"\b(NaN|nan|None|undefined|null|inf)\b", words.replace("Null", "")), words
    figures = re.search(r'<script id="figures" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert json.loads(figures[1].replace("\\u003c", "<"))
    assert "NaN" not in figures[1]


def test_a_script_in_a_name_is_shown_and_never_run(page):
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(2)" in page


def test_a_script_in_any_text_of_the_database_stays_text(database, tmp_path):
    copy = shutil.copy(database, tmp_path / "hostile.duckdb")
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
    with duckdb.connect(str(copy)) as connection:
        connection.execute("update core.estimates set publisher = ?, scope = 'all_malicious'", [evil])
        connection.execute("update core.treaty_effects set study = ?", [evil])
        connection.execute("update meta.sources set title = ?, licence = ?", [evil, evil])
        connection.execute("update model.blocs set bloc = ? where bloc = 'NATO'", [evil])
        connection.execute(
            "update meta.runs set run_id = ?, edition = ?", [evil, 'a"; } body { display: none } </style>']
        )
    page = render.html(read(Path(copy)))
    assert "<img" not in page.split('<script id="figures"')[0]
    assert page.count("<script") == 4 + render.get_plotlyjs().count("<script")
    assert page.count("</style>") == 2 + render.get_plotlyjs().count("</style>")
    figures = re.search(r'<script id="figures" type="application/json">(.*?)</script>', page, re.DOTALL)[1]
    labels = [
        note["text"]
        for modes in json.loads(figures).values()
        for m in modes.values()
        for note in m["layout"].get("annotations", ())
    ]
    assert any("&lt;img" in label for label in labels)
    assert not any("<img" in label or "<script" in label for label in labels)


def test_page_asks_for_nothing_from_outside(page):
    own = page.replace(str(render.get_plotlyjs()), "")
    assert not re.findall(r'(?:src|href)="(?!#)[^"]*"', own)
    assert not re.findall(r"url\(|@import|https?://(?!www\.w3\.org)", own)
    assert "default-src 'none'" in own


def test_page_is_under_eight_megabytes(database, tmp_path):
    path = render.render(database, tmp_path)
    assert path == tmp_path / "index.html"
    assert path.stat().st_size < 8_000_000
    assert [p.name for p in tmp_path.iterdir()] == ["index.html"]


def test_same_database_gives_the_same_page(database, page):
    assert render.html(read(database)) == page


def test_templates_hold_no_digit_of_their_own():
    for path in sorted((REPORTS / "templates").rglob("*.j2")):
        source = path.read_text(encoding="utf-8")
        source = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<svg.*?</svg>|<pre>.*?</pre>", " ", source, flags=re.DOTALL)
        words = re.sub(r"<[^>]*>", " ", source)
        assert not re.findall(r"\d", without_allowed(words)), (
            f"{path.name}: {re.findall(r'.{20}[0-9].{20}', without_allowed(words))}"
        )


@pytest.mark.parametrize("name", PROSE_MODULES)
def test_sentences_in_code_hold_no_digit_of_their_own(name):
    tree = ast.parse((REPORTS / name).read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node)
    }
    found = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]
    keys = re.compile(r"^[a-z_]*p?\d*[a-z_\d]*$|^[^ ]*\\|^\d+ \d+( \d+ \d+)?$|\[\^|^[,.]\d?")
    guilty = [value for value in found if not keys.search(value) and re.search(r"\d", without_allowed(value))]
    assert not guilty


def test_every_number_of_the_standfirst_is_in_the_database(edition, page):
    """The default row of the fixture: 0.0079 of the loss, USD 7.5 bn at the median."""
    share = edition.one("scenarios", scenario="op_ed_convention", effect_set="default", measure="avoided_share")
    words = html_module.unescape(re.search(r'<p class="standfirst">(.*?)</p>', page, re.DOTALL)[1])
    assert f"{100 * share['p50']:.1f} percent of the yearly loss" in words
    assert f"{-100 * share['p05']:.1f} percent larger to one {100 * share['p95']:.1f} percent smaller" in words
    assert f"{100 * share['p_not_better']:.0f} percent chance" in words


def test_headings_descend_without_gaps(page):
    levels = [int(n) for n in re.findall(r"<h([1-6])[ >]", page.split("<script")[0])]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


def test_every_picture_has_words_with_three_numbers(page):
    labels = re.findall(r'role="img" aria-label="([^"]*)"', page)
    assert len(labels) == page.count("<figure id=") + 4
    for label in labels:
        assert len(re.findall(r"\d+", html_module.unescape(label))) >= 3, label


def test_every_link_of_the_page_leads_somewhere(page):
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= ids


def test_text_colors_reach_four_and_a_half_to_one_and_marks_three_to_one():
    """WCAG 2.2, 1.4.3 and 1.4.11; black on white is 21 by definition."""
    assert palette.contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    for token in palette.TEXT_TOKENS:
        assert palette.contrast(token, palette.WHITE) >= 4.5, token
        assert palette.contrast(token, palette.TINT) >= 4.5, token
    for token in palette.MARK_TOKENS:
        assert palette.contrast(token, palette.WHITE) >= 3.0, token
    assert palette.contrast(palette.DEEP_BLUE, palette.BAND_50) >= 4.0


def test_a_column_that_is_gone_is_named_in_the_message(database, tmp_path):
    copy = shutil.copy(database, tmp_path / "short.duckdb")
    with duckdb.connect(str(copy)) as connection:
        connection.execute("alter table meta.claims rename column claim to assertion")
        connection.execute("alter table model.blocs drop column share_attack_origin")
    with pytest.raises(ValueError, match=r"query 'blocs' fails.*share_attack_origin"):
        read(Path(copy))


def test_no_query_writes():
    assert all(sql.split()[0].lower() in ("from", "select", "with") for sql in (QUERIES | LATER).values())


def test_nulls_say_not_estimated_and_do_not_break_the_page(database, tmp_path):
    copy = shutil.copy(database, tmp_path / "gaps.duckdb")
    with duckdb.connect(str(copy)) as connection:
        connection.execute("update model.blocs set p_not_better = null")
        connection.execute("update model.pooled set percentile_of_1tn = null")
        connection.execute("update model.break_even set value = null, lower = null, upper = null")
        connection.execute("update core.treaty_effects set se = null where side = 'victim'")
        connection.execute("delete from model.winners")
        connection.execute("delete from model.membership_share")
    words = visible(render.html(read(Path(copy))))
    assert "not estimated" in words
    assert not re.findall(r"\b(NaN|None|undefined)\b", words)
