"""Text of others as a terminal may show it: what is not printable is written out, so that it can do nothing.

A title may hold the sequence that clears a screen or the mark that turns a line around. Files of data (CSV, JSON) keep
the text as it is; how a web page shows it is in `reports`.
"""

from __future__ import annotations


def visible(text: str) -> str:
    """The text with controls, marks of direction and whatever else is not printable as Python writes it, \\x1b."""
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape", "surrogatepass").decode("ascii") for sign in text
    )


def lines(text: str) -> str:
    """The same for a text whose line breaks are meant."""
    return "\n".join(map(visible, text.split("\n")))
