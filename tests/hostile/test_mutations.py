"""Damage stays as small as what a machine can hold."""

from __future__ import annotations

from tests.hostile.mutations import LARGEST_COLUMN, Step, damaged


def test_columns_that_make_lines_for_the_next_column_do_not_grow_without_bound():
    lines, wide = (Step("column", 0, 2, value) for value in (b'"\n"' * 50, b"a" * 70_000))
    content = b"a,b,c\n" * 40
    grown = damaged(content, [lines, lines, lines, wide])  # 41 lines become 41 * 51 ** 3 without the limit
    assert len(content) < len(grown) <= len(content) + 4 * LARGEST_COLUMN
