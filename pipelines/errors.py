"""The errors a reader of the command line sees: one line each, with the place, the value and what is allowed.

Only exceptions live here. Messages are composed where the rule is checked.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.visible import visible


@dataclass
class InputError(Exception):
    """A file that the user may edit breaks a rule; the command line prints it and ends with exit code 2.

    Parameters
    ----------
    file : path or name of the file
    row : line of the file as a text editor counts it (a CSV's header is line 1); None where the rule is about the file
    column : column of a table or field of a YAML file; None where the rule is about the row or the file
    rule : short name of the rule that is broken
    value : the offending value as written
    allowed : what would be accepted, in plain words
    """

    file: str
    row: int | None
    column: str | None
    rule: str
    value: object
    allowed: str

    def __str__(self) -> str:
        """One line: file, row, field, value, what is allowed, rule."""
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column:
            place += f", field {_cut(self.column)}"
        allowed = _cut(self.allowed, 1_200)  # names of the same file may be in it
        text = f"{place}: {_show(self.value)} is not allowed; allowed: {allowed} (rule {_cut(self.rule)})"
        return visible(" ".join(text.split()))


@dataclass
class SourceFormatError(Exception):
    """A public source does not look the way its parser expects.

    Parameters
    ----------
    source : id of the source
    file : file inside the source
    row : line of the file; None where the whole file is meant
    expected : what the parser looked for
    found : what it met instead
    """

    source: str
    file: str
    row: int | None
    expected: str
    found: object

    def __str__(self) -> str:
        """One line: source, file, row, expected, found."""
        place = f"{self.source}/{_cut(self.file)}" + (f", row {self.row}" if self.row is not None else "")
        return visible(" ".join(f"{place}: expected {_cut(self.expected, 400)}; found {_show(self.found)}".split()))


def _show(value: object) -> str:
    if isinstance(value, str | bytes):
        value = repr(value[:200])  # a cell may have millions of signs
    try:
        text = "nothing" if value is None else str(value)
    except ValueError:  # a whole number of more digits than Python writes
        text = type(value).__name__
    return _cut(text)


def _cut(text: str, most: int = 120) -> str:
    """A text that fits a line: a key or a name may have thousands of signs too."""
    return text if len(text) <= most else text[: most - 3] + "..."
