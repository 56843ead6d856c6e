"""Source cards: what a card must say, and one clear line for a card that does not."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
import yaml

from pipelines import cards
from pipelines.errors import InputError

GOOD = {
    "title": "Something",
    "producer": "Somebody",
    "citation": "Somebody (2020)",
    "url": "https://example.org",
    "licence": "CC0",
    "redistributable": "yes",
    "cadence": "daily",
    "files": [{"name": "a.csv", "url": "https://example.org/a.csv", "tables": {"one_rows": "parse"}}],
}


def written(folder: Path, name: str, **change: object) -> Path:
    content = {key: value for key, value in (GOOD | change).items() if value is not ...}
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    return folder


def test_a_card_has_the_name_of_its_file(tmp_path):
    assert cards.load("one", written(tmp_path, "one")).source_id == "one"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"licence": ...}, "licence"),
        ({"redistributable": "perhaps"}, "redistributable"),
        ({"cadence": "weekly"}, "cadence"),
        ({"url": "ftp://example.org"}, "url"),
        ({"files": []}, "files"),
        ({"files": [{"name": "../a.csv", "url": "https://example.org/a.csv"}]}, "a file name without a path"),
        ({"files": [{"name": "a.csv"}]}, "by_hand"),
        ({"files": [{"name": "a.csv", "url": "https://example.org/b"}]}, "a name that matches a.csv"),
        ({"known_defects": [{"defect": "odd"}]}, "a rule or a reading"),
        ({"licens": "CC0"}, "licens"),
        ({"expected_years": {"table": "one_rows", "column": "year", "first": 2000}}, "last or lag"),
    ],
)
def test_a_card_with_something_wrong_is_told_in_one_line(tmp_path, change, told):
    with pytest.raises(InputError) as refused:
        cards.load("one", written(tmp_path, "one", **change))
    assert told in str(refused.value)
    assert "one.yaml" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_source_without_a_card_is_told_with_those_that_have_one(tmp_path):
    with pytest.raises(InputError, match="one of one"):
        cards.load("two", written(tmp_path, "one"))


def test_two_sources_may_not_fill_the_same_table(tmp_path):
    written(written(tmp_path, "one"), "two")
    with pytest.raises(InputError, match="one_owner"):
        cards.load_all(tmp_path)


def test_every_card_that_ships_is_good_and_every_table_of_it_is_described():
    from pipelines.schemas import staging

    found = cards.load_all()
    assert {table for card in found.values() for table in card.tables} == set(staging.all_tables())


@pytest.mark.mirror
def test_there_is_a_card_for_each_of_the_seventeen_sources_of_the_mirror_with_its_licence():
    with (Path(os.environ["CYBERACCORD_MIRROR"]) / "INDEX.csv").open(encoding="utf-8") as file:
        mirrored = {row["source"]: row["redistributable"] for row in csv.DictReader(file)}
    found = cards.load_all()
    assert set(found) == set(mirrored)
    assert len(found) == 17
    for name, says in mirrored.items():
        assert found[name].redistributable == (says if says in ("yes", "no") else "not confirmed")
