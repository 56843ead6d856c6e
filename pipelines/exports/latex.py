"""LaTeX: one file a table of `printed`, with booktabs, to be read with \\input.

Every text is escaped; the packages a file needs are in its first line. Not set here: no TeX is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from pipelines.exports.printed import Printed, tables
from pipelines.exports.selection import Selection
from pipelines.exports.tex import escape

WRAPPED, HEAD = 12, 10
"""Letters above which a column of words may be wrapped, and those in a line of a head."""
PORTRAIT, LANDSCAPE = 110, 165
"""Letters of a line in footnotesize, with 4 pt on each side of a column, about two letters."""
CLOSER = "\\setlength{\\tabcolsep}{4pt}"
NARROWEST = 0.07
"""Least part of a line that a wrapped column needs."""
LONG = 25
"""Rows from which a table may break across pages."""


def write(selection: Selection, folder: Path, say: Callable[[str], None]) -> list[str]:
    """Write the files."""
    for table in tables(selection.database, selection.edition):
        say(table.name)
        (folder / f"{table.name}.tex").write_text(set_table(table), encoding="utf-8")
    return []


def set_table(table: Printed) -> str:
    """A table as LaTeX."""
    is_long = len(table.rows) > LONG
    layout, is_wide = _layout(table)
    head = " & ".join(_head(text, is_text) for text, is_text in zip(table.heads, table.is_text, strict=True))
    body = []
    for number, (title, rows) in enumerate(table.groups):
        if title:
            body += ["\\addlinespace"] * (number > 0)
            body.append(f"\\multicolumn{{{len(table.heads)}}}{{@{{}}l}}{{\\emph{{{escape(title)}}}}} \\\\")
        body += [f"{' & '.join(escape(cell) for cell in row)} \\\\" for row in rows]
    named = f"\\caption{{{escape(table.caption)}}}\\label{{tab:{table.name}}}"
    note = f"\\footnotesize\\emph{{Notes:}} {escape(table.note)}"
    packages = "booktabs, array" + (", longtable" if is_long else "")
    comment = f"% {packages}; \\input this file. Letters beyond Latin need XeLaTeX or LuaLaTeX."
    if is_wide:
        comment += " Too wide for an upright page: put it in the landscape environment of pdflscape."
    if is_long:
        heads = [f"\\toprule\n{head} \\\\\n\\midrule\n\\end{part}head" for part in ("first", "")]
        lines = [
            f"\\begingroup\\footnotesize{CLOSER}",
            f"\\begin{{longtable}}{{{layout}}}",
            f"{named}\\\\",
            *heads,
            "\\bottomrule\n\\endfoot",
            *body,
            "\\end{longtable}",
            f"\\noindent {note}\\par",
            "\\endgroup",
        ]
    else:
        lines = [
            "\\begin{table}[htbp]",
            f"\\centering\\footnotesize{CLOSER}",
            named,
            f"\\begin{{tabular}}{{{layout}}}",
            f"\\toprule\n{head} \\\\\n\\midrule",
            *body,
            "\\bottomrule\n\\end{tabular}",
            f"\\par\\smallskip\\parbox{{\\linewidth}}{{{note}}}",
            "\\end{table}",
        ]
    return "\n".join([comment, *lines]) + "\n"


def _layout(table: Printed) -> tuple[str, bool]:
    """Numbers to the right, words to the left, wrapped where the line is too short; whether it needs a wide page."""
    columns_of_cells = [[row[place] for row in table.rows] for place in range(len(table.heads))]
    longest = [
        max(len(text) for text in [*cells, *_lines(head)])
        for cells, head in zip(columns_of_cells, table.heads, strict=True)
    ]
    is_short = sum(longest) + 2 * len(longest) <= PORTRAIT
    wraps = [
        is_text and size > WRAPPED and not is_short and any(" " in cell for cell in cells)
        for is_text, size, cells in zip(table.is_text, longest, columns_of_cells, strict=True)
    ]
    fixed = sum(size for size, wrapped in zip(longest, wraps, strict=True) if not wrapped) + 2 * len(longest)
    needed = NARROWEST * sum(wraps)
    is_wide = 1 - fixed / PORTRAIT < 1.5 * needed
    line = LANDSCAPE if is_wide else PORTRAIT
    room = max(needed, 1 - fixed / line)
    weights = [size**0.5 if wrapped else 0.0 for size, wrapped in zip(longest, wraps, strict=True)]
    columns = []
    for size, weight, is_text, cells in zip(longest, weights, table.is_text, columns_of_cells, strict=True):
        if weight:
            longest_word = max(len(word) for cell in cells for word in cell.split(" "))
            width = max(min(room * weight / sum(weights), (size + 1) / line), longest_word / line)
            columns.append(f">{{\\raggedright\\arraybackslash}}p{{{width:.2f}\\linewidth}}")
        else:
            columns.append("l" if is_text else "r")
    return f"@{{}}{''.join(columns)}@{{}}", is_wide


def _head(text: str, is_text: bool) -> str:
    lines = [escape(line) for line in _lines(text)]
    stacked = "\\\\".join(lines)
    return stacked if len(lines) == 1 else f"\\shortstack[{'l' if is_text else 'r'}]{{{stacked}}}"


def _lines(text: str) -> Sequence[str]:
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > HEAD:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
