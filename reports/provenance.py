"""Where an exhibit comes from: the function that makes it and the queries whose answers it shows.

The map of all of them is in exhibits.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import cleandoc
from typing import Any

from reports.queries import LATER, QUERIES


@dataclass(frozen=True)
class Query:
    """A question to the published database: its name in queries.py and its text."""

    name: str
    sql: str

    @classmethod
    def named(cls, name: str) -> "Query":
        """The query of that name, its text without the indentation that it has in the code."""
        return cls(name, cleandoc((QUERIES | LATER)[name]))


def dotted(function: Callable[..., Any]) -> str:
    """Where a function is, as a dotted path: reports.figures_adoption.adoption_curve."""
    return f"{function.__module__}.{function.__qualname__}"
