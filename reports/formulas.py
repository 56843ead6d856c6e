"""Texts that a spreadsheet program would run as a formula when it opens a CSV, and how they are written instead.

One apostrophe stands before them; who reads the file takes one off and has the text back. Numbers are not touched.
Queries on the command line (`--format csv`) are for programs and write texts as they are.
"""

from __future__ import annotations

import re

SIGNS = "=+\\-@\\t\\r\\n＝＋－＠"
"""With which a formula begins, the wide forms included (OWASP, CSV injection); in a class of a regular expression."""
BEGINS = f"^'*[{SIGNS}]"
"""A text that begins with apostrophes and such a sign gets one more, so that taking one off is always right."""
READING = (
    "A text of this column that begins like a formula (= + - @, a tab or an end of line) has one apostrophe before it, "
    "which is no part of it: take it off where one or more apostrophes stand before such a sign."
)
_FORMULA = re.compile(BEGINS)


def neutral(value: object) -> object:
    """The value as a cell of a CSV that spreadsheet programs take for text."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value
