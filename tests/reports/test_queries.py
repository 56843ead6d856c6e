"""Queries of the report give their rows in one order, so that one edition is one page to the last byte."""

import re

import pytest

from reports.queries import LATER, QUERIES

EVERY = {**QUERIES, **LATER}
SHUFFLES = re.compile(r"\bjoin\b|\bgroup by\b|\bin \(\s*select\b|\bunion\b|\bdistinct\b")
"""What lets DuckDB's threads hand rows over as they are ready; a plain scan keeps the order of the table."""
ONE_ROW = {
    "winners": "its scenario is one",
    "national": "sums without a group",
    "specification_all": "sums without a group",
}


@pytest.mark.parametrize("name", sorted(EVERY))
def test_rows_that_threads_may_shuffle_are_ordered(name):
    words = " ".join(EVERY[name].split())
    if SHUFFLES.search(words) and name not in ONE_ROW:
        assert words.rfind("order by") > words.rfind(" from "), words
