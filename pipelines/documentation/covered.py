"""Which tests cover a function of models/: found by reading the tests, not listed by hand.

A test covers a function when it names it, or a helper or fixture that it uses does. Where no test does, those cover it
that read the table it computes, and where there are none of those either, tests of what calls it. The page says which.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

Function = tuple[str, str]
"""Module of models/ and the name of a function or class in it."""
MODELS = "models"
NAMED, BY_TABLE, BY_CALLER = "names it", "reads its table", "names what calls it"
"""How a test reaches a function."""


@dataclass(frozen=True)
class Test:
    """One test: its file under the checkout, its name, its source, and how it reaches the function."""

    file: str
    name: str
    source: str
    how: str


@dataclass
class Unit:
    """A function, fixture or assignment at the top of a module: what it names, and its tables by their names."""

    source: str
    functions: set[Function] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    tables: dict[str, set[str]] = field(default_factory=dict)


class Reader:
    """The names in a module of tests or of models/, resolved to functions of models/."""

    def __init__(self, path: Path, module: str | None = None) -> None:
        self._text = path.read_text(encoding="utf-8")
        tree = ast.parse(self._text)
        self._module = module
        self.units: dict[str, Unit] = {}
        self._modules: dict[str, str] = {}
        self.imported: dict[str, Function] = {}
        for node in ast.walk(tree):
            self._note(node)
        self.units = dict(self._read(tree))
        for unit in self.units.values() if module else ():
            unit.functions |= {(str(module), name) for name in unit.names & set(self.units)}

    def function(self, name: str) -> set[Function]:
        """What a plain or dotted name in this module stands for."""
        module, _, attribute = name.rpartition(".")
        if module in self._modules:
            return {(self._modules[module], attribute)}
        if self._module and name in self.units:
            return {(self._module, name)}
        return {self.imported[name]} if name in self.imported else set()

    def _note(self, node: ast.AST) -> None:
        if not isinstance(node, ast.ImportFrom):
            return
        if node.module == MODELS:
            self._modules |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif (node.module or "").startswith(f"{MODELS}."):
            module = str(node.module).removeprefix(f"{MODELS}.")
            self.imported |= {alias.asname or alias.name: (module, alias.name) for alias in node.names}

    def _read(self, tree: ast.Module) -> Iterator[tuple[str, Unit]]:
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                yield node.name, self._unit(node)
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                unit = self._unit(node)
                yield from ((name, unit) for name in _assigned(node))

    def _unit(self, node: ast.stmt) -> Unit:
        first = min([node.lineno, *(item.lineno for item in getattr(node, "decorator_list", ()))])
        unit = Unit("\n".join(self._text.splitlines()[first - 1 : node.end_lineno]))
        unit.names = set(_names(node))
        unit.functions = {found for name in unit.names for found in self.function(name)}
        unit.words = {part.value for part in ast.walk(node) if _is_word(part)}
        unit.tables = _tables(node)
        return unit


def _names(node: ast.AST) -> Iterator[str]:
    """Names, dotted names of two parts, and arguments, which may be fixtures."""
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
            yield f"{part.value.id}.{part.attr}"
        elif isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.arg):
            yield part.arg


def _assigned(node: ast.Assign | ast.AnnAssign) -> Iterator[str]:
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        yield from (part.id for part in ast.walk(target) if isinstance(part, ast.Name))


def _is_word(part: ast.AST) -> bool:
    return isinstance(part, ast.Constant) and isinstance(part.value, str)


def _tables(node: ast.AST) -> dict[str, set[str]]:
    """Of every mapping that is written out, the names behind each key, through the variables of the function."""
    behind: dict[str, set[str]] = {}
    for part in ast.walk(node):
        if isinstance(part, ast.Assign):
            for name in _assigned(part):
                behind.setdefault(name, set()).update(_names(part.value))
    found: dict[str, set[str]] = {}
    for part in ast.walk(node):
        for key, value in zip(part.keys, part.values, strict=True) if isinstance(part, ast.Dict) else ():
            if isinstance(key, ast.Constant):
                names = set(_names(value))
                found.setdefault(str(key.value), set()).update(names, *(behind.get(name, set()) for name in names))
    return found


class Coverage:
    """The tests of a checkout, and what of models/ each of them reaches."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def source(self, function: Function) -> str:
        """The source of a function of models/."""
        return self._models[function[0]].units[function[1]].source

    def of(self, function: Function) -> list[Test]:
        """Tests of a function: that name it; failing those, that read its table; failing those, that name a caller."""
        functions, how = {function}, NAMED
        while functions:
            found = [each for each in self._tests if functions & each.functions]
            if found:
                return [Test(each.file, each.name, each.source, how) for each in found]
            table = [each for each in self._tests if function in each.by_table]
            if table:
                return [Test(each.file, each.name, each.source, BY_TABLE) for each in table]
            functions, how = self._callers(functions) - functions, BY_CALLER
        return []

    def _callers(self, functions: set[Function]) -> set[Function]:
        return {own for own, called in self._called.items() if called & functions}

    @cached_property
    def _models(self) -> dict[str, Reader]:
        return {path.stem: Reader(path, path.stem) for path in sorted((self._root / MODELS).glob("[a-z]*.py"))}

    @cached_property
    def _called(self) -> dict[Function, set[Function]]:
        return {
            (module, name): self._defined(unit.functions)
            for module, reader in self._models.items()
            for name, unit in reader.units.items()
        }

    def _defined(self, functions: Iterable[Function]) -> set[Function]:
        """Functions where they are defined, not where they are passed on."""
        found = set()
        for module, name in functions:
            while module in self._models and name in self._models[module].imported:
                module, name = self._models[module].imported[name]
            found.add((module, name))
        return found

    @cached_property
    def _by_table(self) -> dict[Function, dict[str, set[Function]]]:
        """Of functions that return tables by name, the functions behind each name."""
        return {
            (module, name): {
                key: self._defined(found for each in names for found in reader.function(each))
                for key, names in unit.tables.items()
            }
            for module, reader in self._models.items()
            for name, unit in reader.units.items()
            if unit.tables
        }

    @cached_property
    def _tests(self) -> list[_Found]:
        shared = {path.parent: Reader(path).units for path in (self._root / "tests").rglob("conftest.py")}
        found = []
        for path in sorted((self._root / "tests").rglob("test_*.py")):
            own = Reader(path).units
            units = {name: unit for folder in reversed(path.parents) for name, unit in shared.get(folder, {}).items()}
            file = path.relative_to(self._root).as_posix()
            for name, unit in own.items():
                if name.startswith("test_"):
                    functions = self._defined(_reached(name, units | own))
                    # a function that hands its work to a private one returns that one's tables
                    whole = functions | {each for own_ in functions for each in self._called.get(own_, ())}
                    tables = [self._by_table[each] for each in whole if each in self._by_table]
                    read = {each for table in tables for word in unit.words for each in table.get(word, ())}
                    found.append(_Found(file, name, unit.source, functions, read))
        return found


@dataclass(frozen=True)
class _Found:
    file: str
    name: str
    source: str
    functions: set[Function]
    by_table: set[Function]


def _reached(name: str, units: Mapping[str, Unit]) -> set[Function]:
    """Every function of models/ that a unit names, or a unit that it uses does."""
    seen: set[str] = set()
    waiting, found = [name], set()
    while waiting:
        current = waiting.pop()
        if current in seen or current not in units:
            continue
        seen.add(current)
        found |= units[current].functions
        waiting += units[current].names
    return found
