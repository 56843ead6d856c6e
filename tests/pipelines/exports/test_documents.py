"""LaTeX, HTML and BibTeX: what the report prints, with every text escaped, and every source with its key."""

import re
from html.parser import HTMLParser

import pytest

from pipelines.exports import html, latex
from pipelines.exports.printed import Printed
from pipelines.exports.tex import escape
from tests.pipelines.exports.hostile import HOSTILE, SOURCES

TABLE = Printed(
    "hostile",
    "Caption & unit: 50 %",
    ("Word", "Number, $\u00a0bn"),
    (True, False),
    (("A_group", tuple((word, "−1.5") for word in HOSTILE)),),
    "Note <b> & run_1.",
)
BACK = {
    "\\textbackslash{}": "\\", "\\textbraceleft{}": "{", "\\textbraceright{}": "}", "\\textasciitilde{}": "~",
    "\\textasciicircum{}": "^", "\\textless{}": "<", "\\textgreater{}": ">", "{[}": "[", "{]}": "]", "{*}": "*",
    "-{}-": "--", "$-$": "−", "$\\zeta$": "ζ", "\\texteuro{}": "€", "''": '"',
    **{f"\\{sign}": sign for sign in "#$%&_"},
}  # fmt: skip


def unescaped(text: str) -> str:
    """A reader of its own: what LaTeX would print for the marks above."""
    return re.sub("|".join(sorted(map(re.escape, BACK), key=len, reverse=True)), lambda found: BACK[found[0]], text)


@pytest.mark.parametrize("word", HOSTILE)
def test_latex_prints_each_text_again_without_control_and_direction_signs(word):
    printable = re.sub("[\u200f\u202e]", "", re.sub(r"[\r\n\t]+", " ", word))
    assert unescaped(escape(word)) == printable


@pytest.mark.parametrize("word", HOSTILE)
def test_latex_leaves_no_sign_that_acts(word):
    bare = re.sub("|".join(sorted(map(re.escape, BACK), key=len, reverse=True)), "", escape(word))
    assert not re.search(r"[\\{}$&#%_^~]", bare)


def test_a_latex_table_has_booktabs_caption_label_and_note_and_one_line_a_row():
    text = latex.set_table(TABLE)
    for part in (
        "\\toprule",
        "\\midrule",
        "\\bottomrule",
        "\\label{tab:hostile}",
        "\\caption{Caption \\& unit: 50 \\%}",
    ):
        assert part in text
    assert text.count("$-$1.5 \\\\\n") == len(HOSTILE) and "Note \\textless{}b\\textgreater{} \\& run\\_1." in text
    assert text.count("{") == text.count("}")


class Reader(HTMLParser):
    """The elements and the text of each cell."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.cells: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        if tag in ("td", "th"):
            self.cells.append("")
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data):
        if self.lasttag in ("td", "th") and self.cells:
            self.cells[-1] += data.rstrip("\n") if data.strip() == "" else data


def test_html_returns_hostile_text_and_has_no_element_of_it():
    reader = Reader()
    reader.feed(html.page(TABLE))
    assert not reader.elements & {"script", "img", "b", "iframe", "link"}
    expected = [word.replace("\r\n", "\n") for word in HOSTILE]  # as HTML reads a return
    assert [cell.replace("\r\n", "\n") for cell in reader.cells[3::2]] == expected


def entries(text: str) -> dict[str, dict[str, str]]:
    """A small reader of BibTeX: entries by key, fields between balanced braces."""
    found: dict[str, dict[str, str]] = {}
    for kind, key, start in ((m[1], m[2], m.end()) for m in re.finditer(r"^@(\w+)\{([^,\s]+),", text, re.M)):
        assert kind == "misc" and key not in found
        fields, place = {}, start
        while field := re.match(r"\s*(\w+) = \{", text[place:]):
            begin = place + field.end()
            depth, place = 1, begin
            while depth:
                depth += {"{": 1, "}": -1}.get(text[place], 0)
                place += 1
            fields[field[1]] = text[begin : place - 1]
            place += text[place:].startswith(",")
        assert text[place:].lstrip().startswith("}")
        found[key] = fields
    return found


def test_every_source_is_in_the_bibliography_under_its_key_and_the_edition_too(exported):
    read = entries((exported.folder / "bibtex" / "sources.bib").read_text(encoding="utf-8"))
    assert set(read) == {"cyberaccord_2026_09", *(row[0] for row in SOURCES)}
    for key, redistributable, title, producer, licence, _, url in SOURCES:
        entry = {name: unescaped(value) for name, value in read[key].items()}
        assert entry["title"] == f"{{{title}}}" and entry["author"] == f"{{{producer}}}"
        assert read[key].get("url") == url
        assert f"Licence: {licence or 'not stated'}" in entry["note"] and entry["note"].endswith(redistributable)
    assert [read[key].get("year") for key in ("open", "shut", "maybe")] == ["2024", "2019", None]
    assert "f1c7a9d2-0000" in read["cyberaccord_2026_09"]["note"]
