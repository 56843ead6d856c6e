"""What hypothesis draws: steps of damage to bytes, and values that a field of a file does not expect."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from tests.hostile.mutations import KINDS, NASTY, Step

STEPS = st.lists(
    st.builds(Step, st.sampled_from(KINDS), st.integers(0, 65_535), st.integers(0, 63), st.sampled_from(NASTY)),
    min_size=1,
    max_size=4,
)
VALUES = st.one_of(
    st.sampled_from([None, True, "", 0, -0.0, float("nan"), float("inf"), 10**400, -(10**30), 1e308, 5e-324, [], {}]),
    st.sampled_from([[[]], [None], {"a": {"b": 1}}, {1: 2}, {None: 1}, "x" * 10_000, "{}", "{kind}", "%s", "../../x"]),
    st.sampled_from(["\u202ex", "\x85", "<b>", "=1+1", "yes", "1_0", "no such name", b"bytes", {"a"}, "WLD", "World"]),
    st.sampled_from(
        [datetime.date(1, 1, 1), datetime.date(9999, 12, 31), datetime.datetime(2021, 1, 1, 1), "2021-02-31"]
    ),
    st.integers(),
    st.floats(),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.recursive(st.integers(-1, 1), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner)),
)
GONE = object()


def changed(content: Any, place: int, value: Any) -> Any:
    """A copy of a tree in which one part is another value, is gone, has a neighbor or another name."""
    content = copy.deepcopy(content)
    parts = list(_parts(content))
    if not parts:
        return value
    parent, key = parts[place * len(parts) // 65_536]
    what = place % 5
    if what == 0:
        del parent[key]
    elif what == 1 and isinstance(parent, dict):
        parent[str(value)[:50]] = parent.pop(key)
    elif what == 1:
        parent.insert(key, value)
    elif what == 2 and isinstance(parent, dict):
        parent[f"{key}_"] = value
    else:
        parent[key] = value
    return content


def _parts(content: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(content, dict | list):
        for key in list(content) if isinstance(content, dict) else range(len(content)):
            yield content, key
            yield from _parts(content[key])
