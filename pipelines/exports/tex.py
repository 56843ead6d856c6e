"""Text as TeX reads it: every sign that acts is escaped, for `latex` and `bibtex` alike."""

from __future__ import annotations

import re
import unicodedata

SPECIAL = {
    **{sign: f"\\{sign}" for sign in "#$%&_"},
    "\\": "\\textbackslash{}",
    "{": "\\textbraceleft{}",
    "}": "\\textbraceright{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
    "<": "\\textless{}",
    ">": "\\textgreater{}",
    "|": "\\textbar{}",
    "`": "\\textasciigrave{}",
    '"': "''",
    # at the start of a row, either would belong to the \\ before it
    "[": "{[}",
    "]": "{]}",
    "*": "{*}",
    "−": "$-$",
    "–": "--",
    "—": "---",
    "\u00a0": "~",
    "’": "'",
    "‘": "`",
    "“": "``",
    "”": "''",
    "…": "\\ldots{}",
    "≥": "$\\geq$",
    "≤": "$\\leq$",
    "×": "$\\times$",
    "²": "\\textsuperscript{2}",
    "€": "\\texteuro{}",
}
"""What stands for a letter; braces are never written as letters, since BibTeX counts them."""
APART = "\ue000"
"""Between two hyphens, which would be set as a dash."""


def escape(text: str) -> str:
    """The text as LaTeX sets it: in one paragraph, without control and direction signs, which it cannot set."""
    plain = " ".join(re.sub(r"[\t\r\n\v\f\u2028\u2029]+", " ", text).split(" "))
    kept = "".join(letter for letter in plain if unicodedata.category(letter) not in ("Cc", "Cf", "Co", "Cs"))
    return "".join(_sign(letter) for letter in re.sub("-(?=-)", f"-{APART}", kept))


def _sign(letter: str) -> str:
    if letter == APART:
        return "{}"
    greek = re.fullmatch(r"GREEK SMALL LETTER (?!OMICRON)([A-Z]+)", unicodedata.name(letter, ""))
    return f"$\\{greek[1].lower()}$" if greek else SPECIAL.get(letter, letter)
