"""Two renderings of the report, passage by passage: the numbers in the text and in the table under each figure.

Drawings are left out: what they show is in the tables of the edition and in the table under each.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from difflib import SequenceMatcher

from .cells import PRINTED, Difference, Outcome

LEFT_OUT = {
    "run": "its id, also at the end of each caption",
    "edition": "the month in which it ran",
    "list of hashes": "run, edition, day and commit",
}
"""What a page says of the run itself; no other word of it is left out."""
NAME = "report.html"
UNSEEN = re.compile(r'(?s)<(script|style|head|svg)\b.*?</\1>|<dl class="hashes">.*?</dl>')
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def passages(page: str, run: Mapping[str, object]) -> list[str]:
    """What a reader sees of a page, text by text, without the id and edition of the run."""
    seen = html.unescape(re.sub(r"<[^>]*>", "\n", UNSEEN.sub("", page)))
    seen = "\n".join(line.strip() for line in seen.splitlines() if line.strip())
    seen = re.sub(rf"\b{re.escape(str(run['run_id']).split('-')[0])}[-0-9a-f]*", "(run)", seen)
    return re.sub(rf"\b([Ee]dition\s){re.escape(str(run['edition']))}\b", r"\1(edition)", seen).splitlines()


def compare_pages(expected: list[str], found: list[str]) -> Outcome:
    """Passages of two pages; those that differ are named with both texts."""
    numbers = [len(NUMBER.findall(text)) for text in expected]
    if expected == found:
        return Outcome(NAME, len(expected), sum(numbers), sum(numbers))
    differences, identical = [], 0
    for kind, i, j, k, m in SequenceMatcher(None, expected, found, autojunk=False).get_opcodes():
        if kind == "equal":
            identical += sum(numbers[i:j])
            continue
        for n in range(max(j - i, m - k)):
            sides = (expected[i + n] if i + n < j else None, found[k + n] if k + n < m else None)
            differences.append(Difference(NAME, {"passage": i + n + 1}, None, *sides))
    named = tuple(differences[:PRINTED])
    return Outcome(NAME, len(expected), sum(numbers), identical, 0.0, len(differences), named)
