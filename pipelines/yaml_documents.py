"""The one YAML document of a file as plain values: no object is made, no file can be deeper or larger than one reads.

What is refused here is refused of every YAML file of `data/`: tags that make objects, repeated keys, nesting and
aliases beyond what a person writes. Which keys a file may have is in `yaml_files` and the models it is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from pipelines import store
from pipelines.errors import InputError

BYTES = 2**20
DEPTH = 40
VALUES = 50_000
"""Values of a file once its aliases are written out; the largest that ships has 400."""
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader, in C where PyYAML was built with it: ten times as fast."""
TIMESTAMP = "tag:yaml.org,2002:timestamp"
UNREADABLE = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError)
"""What PyYAML's own constructors raise for a value that is none of its tag: `!!bool x`, `0b_`, 2021-02-31."""

Location = tuple[str | int, ...]


def load(path: Path) -> tuple[Any, yaml.Node | None]:
    """The content of a file and the nodes it was made of; InputError, with the line, for the first thing wrong."""
    text = _text(path)
    _refuse_depth(text, path)
    loader, root = LOADER(text), None
    try:
        root = loader.get_single_node()
        if root is not None:
            _refuse_expansion(root, path)
            _refuse_keys(root, path)
        return (None if root is None else loader.construct_document(root)), root
    except yaml.YAMLError as error:
        raise _not_yaml(error, text, path) from None
    except UNREADABLE:
        line, rule, value = next(_unreadable(loader, root), (1, "value", None))
        allowed = "a day of the calendar, YYYY-MM-DD" if rule == "date" else "a value of the kind its tag names"
        raise InputError(store.shown(path), line, None, rule, value, allowed) from None
    finally:
        loader.dispose()


def dotted(location: Location) -> str | None:
    """A location as a reader would write it: policy.clauses[2]."""
    text = ""
    for part in location:
        text += f"[{part + 1}]" if isinstance(part, int) else (f".{part}" if text else str(part))
    return text or None


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(BYTES + 1)
        if len(content) > BYTES:
            raise InputError(store.shown(path), None, None, "size", "a larger file", f"at most {BYTES >> 20} MB")
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(store.shown(path), None, None, "utf8", f"byte {error.start}", "text in UTF-8") from None
    except OSError as error:
        raise InputError(store.shown(path), None, None, "readable", error.strerror, "a readable file") from None


def _refuse_depth(text: str, path: Path) -> None:
    """Nodes are made by recursion, so brackets are counted before."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=LOADER):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEPTH:
                line = event.start_mark.line + 1
                raise InputError(store.shown(path), line, None, "depth", "deeper nesting", f"at most {DEPTH} levels")
    except yaml.YAMLError as error:
        raise _not_yaml(error, text, path) from None


def _refuse_expansion(root: yaml.Node, path: Path) -> None:
    """Aliases of aliases make millions of values of a few lines, and an alias inside its own anchor makes no end."""
    sizes: dict[int, tuple[int, int] | None] = {}

    def size(node: yaml.Node) -> tuple[int, int]:
        """Values in a node, and levels below it."""
        line = node.start_mark.line + 1
        if id(node) in sizes:
            known = sizes[id(node)]
            if known is None:
                raise InputError(store.shown(path), line, None, "alias", "an alias inside its own anchor", "no cycle")
            return known
        sizes[id(node)] = None
        below = [size(part) for part in _parts(node)]
        known = 1 + sum(count for count, _ in below), 1 + max((depth for _, depth in below), default=0)
        if known[0] > VALUES or known[1] > DEPTH:
            told, allowed = "aliases that grow beyond measure", f"at most {VALUES} values and {DEPTH} levels"
            raise InputError(store.shown(path), line, None, "alias", told, allowed)
        sizes[id(node)] = known
        return known

    size(root)


def _refuse_keys(node: yaml.Node, path: Path, location: Location = ()) -> None:
    """YAML keeps the last of two equal keys in silence; a person who wrote two meant something else."""
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise InputError(store.shown(path), line, dotted(location), "key", "a list or a mapping", "a word")
            if key.value in seen:
                allowed = f"each key once (first on line {seen[key.value]})"
                place = dotted((*location, key.value))
                raise InputError(store.shown(path), line, place, "duplicate_key", key.value, allowed)
            seen[key.value] = line
            _refuse_keys(value, path, (*location, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _refuse_keys(value, path, (*location, index))


def _not_yaml(error: yaml.YAMLError, text: str, path: Path) -> InputError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else 1
    problem = str(getattr(error, "problem", None) or error).partition("\n")[0]
    written = text.splitlines()
    shown = written[line - 1].strip() if 0 < line <= len(written) else "the end of the file"
    return InputError(store.shown(path), line, None, f"yaml: {problem}", shown, "valid YAML")


def _unreadable(loader: Any, node: yaml.Node | None) -> Iterator[tuple[int, str, str]]:
    """Line, rule and text of each value that Python cannot hold: a day like 2021-02-31 looks like a date to YAML."""
    if isinstance(node, yaml.ScalarNode):
        try:
            loader.construct_object(node)
        except (yaml.YAMLError, *UNREADABLE):
            yield node.start_mark.line + 1, "date" if node.tag == TIMESTAMP else "value", node.value
    elif node is not None:
        for part in _parts(node):
            yield from _unreadable(loader, part)


def _parts(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.CollectionNode):
        for item in node.value:
            yield from item if isinstance(item, tuple) else (item,)
