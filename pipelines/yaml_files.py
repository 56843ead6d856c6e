"""YAML files of inputs, read into typed models, every complaint with its file and line.

Any file of `data/` written by a person goes through `read`. What a valid prior or scenario is, their own modules say.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines import store
from pipelines.errors import InputError

WORDS = {
    "greater_than": "above {gt:g}",
    "greater_than_equal": "at least {ge:g}",
    "less_than": "below {lt:g}",
    "less_than_equal": "at most {le:g}",
    "string_too_short": "some words",
    "string_type": "text",
    "string_pattern_mismatch": "letters, digits and _, a letter first",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "date_type": "a date, YYYY-MM-DD",
    "date_parsing": "a date, YYYY-MM-DD",
    "date_from_datetime_parsing": "a date, YYYY-MM-DD",
    "date_from_datetime_inexact": "a date without a time, YYYY-MM-DD",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "keys and values",
    "model_type": "keys and values",
    "too_short": "at least one entry",
}
"""What is allowed, by pydantic's name of the complaint, in the words of the other messages."""

Location = tuple[str | int, ...]
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader, in C where PyYAML was built with it: ten times as fast."""


class Strict(BaseModel):
    """A model that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Model = TypeVar("Model", bound=BaseModel)
Item = TypeVar("Item")


def read(path: Path, model: type[Model]) -> tuple[Model, Lines]:
    """The file as a model, and where each of its fields stands; InputError for the first thing wrong with it."""
    content, lines = parse(path)
    try:
        return model.model_validate(content), lines
    except ValidationError as error:
        problems = [lines.explain(problem, model) for problem in error.errors(include_url=False)]
        # a key that is missing may be one that is misspelled, so that is told first
        raise min(problems, key=lambda problem: (problem.rule == "missing", problem.row or 0)) from None


class Lines:
    """Line numbers of a YAML document by location, as pydantic writes locations."""

    def __init__(self, path: Path, root: yaml.Node | None) -> None:
        self.path = path
        self._line: dict[Location, int] = {(): 1}
        if root is not None:
            self._line.update(_walk(root, ()))

    def at(self, location: Location) -> int:
        """The line of a location, or of the nearest part of it that is in the file."""
        while location not in self._line:
            location = location[:-1]
        return self._line[location]

    def error(self, location: Location, rule: str, value: object, allowed: str) -> InputError:
        """An InputError at a location."""
        return InputError(store.shown(self.path), self.at(location), _dotted(location), rule, value, allowed)

    def explain(self, problem: Any, model: type[BaseModel]) -> InputError:
        """One of pydantic's complaints in the words of the file."""
        location = tuple(part for part in problem["loc"] if part != "[key]")
        kind, value, context = problem["type"], problem["input"], problem.get("ctx", {})
        if kind == "extra_forbidden":
            known = sorted(_fields(model, location[:-1]))
            close = difflib.get_close_matches(str(location[-1]), known, n=1)
            hint = f"did you mean {close[0]}? " if close else ""
            return self.error(location, "unknown_key", location[-1], f"{hint}one of {', '.join(known)}")
        if kind == "missing":
            return self.error(location, "missing", None, "this key with a value")
        while location not in self._line:  # pydantic appends the branch of a union, which is not in the file
            location = location[:-1]
        if kind == "value_error":
            cause = context.get("error")
            if isinstance(cause, Refused):
                return self.error(location + cause.where, cause.rule, cause.value, cause.allowed)
            return self.error(location, str(cause), value, "what the rule says")
        if kind == "literal_error":
            return self.error(location, "one_of", value, str(context["expected"]))
        words = WORDS.get(kind, str(problem["msg"]).lower())
        return self.error(location, kind, value, words.format(**context))


class Refused(ValueError):
    """Raised by a model's validator: which part, which rule, the value, and what is allowed."""

    def __init__(self, rule: str, value: object, allowed: str, where: Location = ()) -> None:
        super().__init__(rule)
        self.rule, self.value, self.allowed, self.where = rule, value, allowed, where


def parse(path: Path) -> tuple[Any, Lines]:
    """The content of a YAML file and the lines of its fields; InputError where it does not parse."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(store.shown(path), None, None, "utf8", f"byte {error.start}", "text in UTF-8") from None
    except OSError as error:
        raise InputError(store.shown(path), None, None, "readable", error.strerror, "a readable file") from None
    loader, root = LOADER(text), None
    try:
        root = loader.get_single_node()
        if root is not None:
            _refuse_duplicates(root, path)
        content = None if root is None else loader.construct_document(root)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = mark.line + 1 if mark else 1
        problem = str(getattr(error, "problem", None) or error).splitlines()[0]
        shown = text.splitlines()[line - 1].strip() if 0 < line <= len(text.splitlines()) else "the end of the file"
        raise InputError(store.shown(path), line, None, f"yaml: {problem}", shown, "valid YAML") from None
    except ValueError:  # a day like 2021-02-31 looks like a date to YAML and is none to Python
        line, value = next(_impossible_dates(loader, root))
        raise InputError(store.shown(path), line, None, "date", value, "a day of the calendar, YYYY-MM-DD") from None
    finally:
        loader.dispose()
    if not isinstance(content, dict):
        found = "nothing" if content is None else type(content).__name__
        raise InputError(store.shown(path), 1, None, "mapping", found, "keys and values")
    return content, Lines(path, root)


def _walk(node: yaml.Node, location: Location) -> Iterator[tuple[Location, int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*location, key.value)
            yield here, key.start_mark.line + 1
            yield from _walk(value, here)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            here = (*location, index)
            yield here, value.start_mark.line + 1
            yield from _walk(value, here)


def _impossible_dates(loader: Any, node: yaml.Node | None) -> Iterator[tuple[int, str]]:
    if isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:timestamp":
        try:
            loader.construct_yaml_timestamp(node)
        except ValueError:
            yield node.start_mark.line + 1, node.value
    elif isinstance(node, yaml.CollectionNode):
        for item in node.value:
            for part in item if isinstance(item, tuple) else (item,):
                yield from _impossible_dates(loader, part)


def _refuse_duplicates(node: yaml.Node, path: Path, location: Location = ()) -> None:
    """YAML keeps the last of two equal keys in silence; a person who wrote two meant something else."""
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                allowed = f"each key once (first on line {seen[key.value]})"
                raise InputError(
                    store.shown(path), line, _dotted((*location, key.value)), "duplicate_key", key.value, allowed
                )
            seen[key.value] = line
            _refuse_duplicates(value, path, (*location, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _refuse_duplicates(value, path, (*location, index))


def _fields(model: type[BaseModel], location: Location) -> set[str]:
    """The keys that are allowed at a location."""
    current: type[BaseModel] | None = model
    for part in location:
        if isinstance(part, int) or current is None:
            continue
        field = current.model_fields.get(part)
        current = None if field is None else _model_in(field.annotation)
    return set(current.model_fields) if current else set()


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_in(inner)
        if found:
            return found
    return None


def _dotted(location: Location) -> str | None:
    text = ""
    for part in location:
        text += f"[{part + 1}]" if isinstance(part, int) else (f".{part}" if text else str(part))
    return text or None


def at_least_one(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Pydantic's own least length would speak before the item that is wrong."""
    if not items:
        raise Refused("not_empty", "[]", "at least one entry")
    return items
