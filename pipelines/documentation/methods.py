"""The methods page, from reports/methods.md, and the pages of code and tests that its equations lead to.

Every function that an equation names has its source on a page of its module, with the tests that cover it; a function
without any stops the build.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from pipelines.documentation.covered import BY_CALLER, BY_TABLE, NAMED, Coverage, Function, Test

NAME = re.compile(r"`([a-z_]+)\.([A-Za-z_]+)`")
FENCE = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
UNSEARCHED = "---\nsearch:\n  exclude: true\n---\n"
"""Front matter of pages of code: words of the code would drown those of the text in the search."""
OPENING = """\
# Methods

The same text is Annex B of the report. Under each block of equations stand the functions that compute it, with their
source, and how many tests cover them, with theirs. Numbers that the equations take are in [Priors](priors.md).
"""
HOW = {
    NAMED: "Tests that name it:",
    BY_TABLE: "Tests of the table that it computes:",
    BY_CALLER: "No test names it; tests that name what calls it:",
}


class Untested(Exception):
    """An equation whose function no test covers."""


def pages(root: Path) -> dict[str, str]:
    """By path under docs/: the methods page, a page for each module named, a page for each file of tests."""
    text = (root / "reports" / "methods.md").read_text(encoding="utf-8")
    coverage = Coverage(root)
    tests = {name: coverage.of(name) for name in sorted({(found[1], found[2]) for found in NAME.finditer(text)})}
    lacking = [".".join(name) for name, found in tests.items() if not found]
    if lacking:
        raise Untested(f"reports/methods.md: no test covers {', '.join(lacking)}")
    made = {"methods.md": _methods(text, tests)}
    for module in sorted({name[0] for name in tests}):
        own = {name: found for name, found in tests.items() if name[0] == module}
        made[f"code/{module}.md"] = _module(root, module, own, coverage)
    for file in sorted({test.file for found in tests.values() for test in found}):
        own_tests = {test.name: test for found in tests.values() for test in found if test.file == file}
        made[_page(file)] = _tests(file, [own_tests[name] for name in sorted(own_tests)])
    return made


def _methods(text: str, tests: dict[Function, list[Test]]) -> str:
    """The text with each name a link, and under every block of equations the functions of its section."""
    opening, *sections = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    parts = [OPENING, opening]
    for section in sections:
        code = re.search(r"^Code: (.*)\n", section, re.MULTILINE)
        if code and FENCE.search(section):
            below = ", ".join(_counted(found, tests) for found in NAME.finditer(code[1]))
            section = section.replace(code[0], "")
            section = FENCE.sub(lambda fence, below=below: f"```text\n{fence[1]}```\n\nComputed by {below}.", section)
        parts.append(NAME.sub(lambda found: found[0] if _linked(found) else _link(found), section))
    return "\n".join(parts)


def _linked(found: re.Match[str]) -> bool:
    return found.string[found.start() - 1] == "["


def _link(found: re.Match[str]) -> str:
    return f"[{found[0]}](code/{found[1]}.md#{found[2]})"


def _counted(found: re.Match[str], tests: dict[Function, list[Test]]) -> str:
    covering = tests[found[1], found[2]]
    return f"{_link(found)} ({len(covering)} {'test' if len(covering) == 1 else 'tests'})"


def _module(root: Path, module: str, tests: dict[Function, list[Test]], coverage: Coverage) -> str:
    opened = ast.get_docstring(ast.parse((root / "models" / f"{module}.py").read_text(encoding="utf-8"))) or ""
    parts = [UNSEARCHED, f"# models/{module}.py\n", opened + "\n"]
    for name, found in tests.items():
        parts += [
            f"## {name[1]} {{ #{name[1]} }}\n",
            _fenced(coverage.source(name)),
            f"\n{HOW[found[0].how]}\n",
        ]
        parts += [f"- [{test.file}, {test.name}](../{_page(test.file)}#{test.name})" for test in found]
        parts.append("\nBack to [Methods](../methods.md).\n")
    return "\n".join(parts)


def _tests(file: str, tests: list[Test]) -> str:
    parts = [
        UNSEARCHED,
        f"# {file}\n",
        "The tests of this file that cover a function of the [methods](../methods.md).\n",
    ]
    for test in tests:
        parts += [f"## {test.name.removeprefix('test_').replace('_', ' ')} {{ #{test.name} }}\n"]
        parts += [_fenced(test.source), ""]
    return "\n".join(parts)


def _page(file: str) -> str:
    return f"code/{file.removeprefix('tests/').removesuffix('.py').replace('/', '_')}.md"


def _fenced(source: str) -> str:
    return f"````python\n{source}\n````"
