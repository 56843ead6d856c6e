"""The generated pages: nothing of the database, of the sources or of the equations is missing on them."""

import csv
import re

import pytest

from pipelines import cards, priors, store
from pipelines.documentation import answers, dictionary, how_to_add, methods, register
from pipelines.documentation.covered import BY_CALLER, BY_TABLE, NAMED, Coverage
from pipelines.documentation.markdown import anchor, prose
from pipelines.errors import InputError
from tests.pipelines.documentation.walked import DOCS


@pytest.fixture(scope="module")
def data_dictionary():
    return dictionary.page()


@pytest.fixture(scope="module")
def equations():
    return methods.pages(store.ROOT)


@pytest.fixture
def tree(tmp_path):
    """A checkout of one model and one file of tests."""

    def write(tests: str, model: str = "def rate():\n    return 1\n"):
        files = {
            "models/law.py": model,
            "tests/test_law.py": tests,
            "reports/methods.md": "## Law\n\nCode: `law.rate`.\n",
        }
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return write


def sections(text, marks):
    """Text under each heading of that rank, by its anchor."""
    found = re.split(rf"^{marks} .*?\{{ #(\S+) \}}$", text, flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def test_the_dictionary_has_every_column_with_its_type_unit_and_description(ask, data_dictionary):
    """Held to the database that a run published, not to the schemas from which the page is made."""
    found = sections(data_dictionary, "###")
    rows = ask("select table_schema, table_name, column_name, type, unit, description from meta.columns")
    assert len(rows) > 1000
    for schema, table, column, kind, unit, words in rows:
        own = found[anchor(table if schema == "main" else f"{schema}.{table}")]
        assert f"| `{column}` | {kind.lower()} | {prose(unit)} | {prose(words)} |" in own, f"{schema}.{table}.{column}"


def test_the_dictionary_has_every_macro(ask, data_dictionary):
    for name, comment in ask("select function_name, comment from duckdb_functions() where not internal"):
        assert f"### {name}\n\n{prose(comment)}." in data_dictionary


def test_every_source_is_on_the_page_with_its_licence():
    page = register.sources()
    for name, card in cards.load_all().items():
        assert f"`{name}`" in page and prose(card.licence) in page
        assert all(prose(each.defect) in page for each in card.known_defects)
    with (store.DATA / "reference" / "sources.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert f"| `{row['source_id']}` | {prose(row['title'])} |" in page


def test_every_prior_effect_set_and_choice_is_in_the_register():
    page, found = register.register(), priors.load()
    names = [p.prior_id for p in (*found.priors, *found.undrawn)] + [e.name for e in found.effect_sets]
    for name in [*names, *found.options]:
        assert f"| `{name}` |" in page


def test_every_block_of_equations_leads_to_its_functions_and_each_function_to_a_test(equations):
    text = equations["methods.md"]
    fences = re.findall(r"^```text$(.*?)^```$\n\n(.*?)$", text, re.MULTILINE | re.DOTALL)
    assert len(fences) == (store.ROOT / "reports" / "methods.md").read_text(encoding="utf-8").count("\n```\n") // 2
    for _, below in fences:
        links = re.findall(r"\[`\w+\.\w+`\]\((code/\w+\.md)#(\w+)\) \((\d+) tests?\)", below)
        assert links, below
        for page, function, count in links:
            own = sections(equations[page], "##")[function]
            tests = re.findall(r"^- \[.*?\]\(\.\./(code/\w+\.md)#(\w+)\)$", own, re.MULTILINE)
            assert len(tests) == int(count) > 0
            assert all(name in sections(equations[file], "##") for file, name in tests)


def test_an_equation_without_a_test_stops_the_build(tree):
    root = tree("def test_nothing():\n    assert True\n")
    with pytest.raises(methods.Untested, match=r"no test covers law\.rate"):
        methods.pages(root)


@pytest.mark.parametrize(
    ("tests", "model", "how"),
    [
        ("from models import law\n\ndef test_a():\n    assert law.rate()\n", "def rate():\n    return 1\n", NAMED),
        (
            "from models.law import rate as r\n\ndef helper():\n    return r()\n\ndef test_a():\n    helper()\n",
            "def rate():\n    return 1\n",
            NAMED,
        ),
        (
            "from models import law\n\ndef test_a():\n    law.outer()\n",
            "def rate():\n    return 1\n\ndef outer():\n    return rate()\n",
            BY_CALLER,
        ),
        (
            "from models import law\n\ndef test_a():\n    assert law.all()['paid']\n",
            "def rate():\n    return 1\n\ndef all():\n    found = rate()\n    return {'paid': found}\n",
            BY_TABLE,
        ),
    ],
)
def test_a_test_covers_what_it_names_reads_as_a_table_or_reaches_through_a_caller(tree, tests, model, how):
    [found] = Coverage(tree(tests, model)).of(("law", "rate"))
    assert (found.name, found.how) == ("test_a", how)


def test_how_to_add_has_the_sections_of_contributing():
    page = how_to_add.page(store.ROOT)
    for name in ("A public source", "A prior", "A scenario", "A figure of the literature"):
        assert f"## {name}\n" in page
    assert "coordinate" in page


def test_a_query_of_a_page_becomes_its_rows(ask, published):
    import duckdb

    with duckdb.connect(str(published.database), read_only=True) as connection:
        text = answers.filled("a\n\n```answer\nselect 1.5::double as x;\n```\n", connection, "page.md")
        assert "| x |\n|---:|\n| 1.5 |" in text and "select 1.5::double as x;" in text
        with pytest.raises(InputError, match=r"page\.md.*has_rows"):
            answers.filled("```answer\nselect 1 where false;\n```\n", connection, "page.md")
        with pytest.raises(InputError, match="Catalog Error"):
            answers.filled("```answer\nfrom nowhere;\n```\n", connection, "page.md")


def test_no_number_of_the_model_card_is_typed():
    """Digits stand in queries, in the year of the op-ed, in the prices and in the name of the licence."""
    text = re.sub(r"```answer\n.*?```", "", (DOCS / "model_card.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"of 2021|2020 prices|Apache-2\.0", "", text)
    assert not re.findall(r"\d", text)


def test_twenty_questions_each_lead_somewhere_and_the_tests_they_name_exist():
    text = (DOCS / "faq.md").read_text(encoding="utf-8")
    questions = re.split(r"^### (\d+)\. ", text, flags=re.MULTILINE)
    assert questions[1::2] == [str(n) for n in range(1, 21)]
    for body in questions[2::2]:
        assert re.search(r"\]\(\w+\.md", body), body
    for file, name in re.findall(r"`(tests/\S+?\.py)(?:::(\w+))?`", text):
        source = (store.ROOT / file).read_text(encoding="utf-8")
        assert f"def {name}" in source if name else source


def test_pictures_are_few_small_used_and_described():
    pictures = {path.name: path.stat().st_size for path in (DOCS / "pictures").iterdir()}
    assert 4 <= len(pictures) <= 6 and max(pictures.values()) <= 150_000
    pages = "\n".join(path.read_text(encoding="utf-8") for path in DOCS.glob("*.md"))
    used = re.findall(r"!\[([^\]]*)\]\(pictures/([^)]+)\)", pages)
    assert {name for _, name in used} == set(pictures)
    assert all(len(words) > 40 for words, _ in used)


def test_words_of_a_source_are_read_as_words():
    """The signs that Markdown and HTML would take for their own."""
    assert prose("a <b>\n|c| & *d*_e_ #1") == r"a &lt;b&gt; \|c\| &amp; \*d\*\_e\_ \#1"
