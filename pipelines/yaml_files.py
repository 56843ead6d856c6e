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

from pipelines import store, yaml_documents
from pipelines.errors import InputError
from pipelines.yaml_documents import Location, dotted

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
        return InputError(store.shown(self.path), self.at(location), dotted(location), rule, value, allowed)

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
        words = WORDS[kind].format(**context) if kind in WORDS else str(problem["msg"]).lower()
        return self.error(location, kind, value, words)


class Refused(ValueError):
    """Raised by a model's validator: which part, which rule, the value, and what is allowed."""

    def __init__(self, rule: str, value: object, allowed: str, where: Location = ()) -> None:
        super().__init__(rule)
        self.rule, self.value, self.allowed, self.where = rule, value, allowed, where


def parse(path: Path) -> tuple[Any, Lines]:
    """The content of a YAML file and the lines of its fields; InputError where it does not parse."""
    content, root = yaml_documents.load(path)
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


def at_least_one(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Pydantic's own least length would speak before the item that is wrong."""
    if not items:
        raise Refused("not_empty", "[]", "at least one entry")
    return items
