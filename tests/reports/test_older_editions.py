"""Editions that were published before the mechanisms, losses and certainty were modeled: they still render."""

import re

import duckdb

from tests.reports.pages import changed, words_of

FIRST = (
    *("baseline", "blocs", "break_even", "counterfactual", "effect_density", "effect_sets"),
    *("implied_contrasts", "membership_share", "pooled", "variants", "winners"),
)
"""Tables of schema model in the first edition, whose conventions were their law alone."""


def test_the_first_edition_renders(database, tmp_path):
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = [
            name
            for (name,) in connection.execute(
                "select table_name from duckdb_tables() where schema_name = 'model'"
            ).fetchall()
        ]
    page = changed(
        database,
        tmp_path / "first.duckdb",
        *(f"drop table model.{name}" for name in tables if name not in FIRST),
        "drop table if exists meta.changes",
        "delete from model.counterfactual where mechanisms <> 'law'",
        "alter table meta.sources drop column if exists basis",
        "alter table meta.runs drop column if exists vintages",
        "alter table meta.runs drop column if exists code_sha256",
    )
    assert set(tables) > set(FIRST)
    assert page.count("<figure ") >= 4
    said = words_of(re.sub(r"<pre\b.*?</pre>", "", page, flags=re.DOTALL))  # queries may ask for null
    assert not re.findall(r"\b(NaN|undefined|null)\b", said)
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= ids
