"""One vocabulary: every code of every tracker stands for a word, every name for an economy or for none."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines import vocabulary
from pipelines.schemas import staging
from pipelines.vocabularies import VOCABULARIES


@pytest.fixture(scope="module")
def words() -> vocabulary.Vocabulary:
    return vocabulary.load()


@pytest.mark.parametrize(
    ("scheme", "label", "iso3"),
    [
        ("dcid", "365", "RUS"),
        ("dcid", "2", "USA"),
        ("gapminder", "kos", "XKX"),
        ("gapminder", "fra", "FRA"),
        ("eurepoc", "Korea, Republic of", "KOR"),
        ("eurepoc", "EU (institutions)", None),
        ("eurepoc", "Unknown", None),
        ("vcdb", "GB", "GBR"),
        ("vcdb", "Unknown", None),
        ("worldbank_governance", "ROM", "ROU"),
        ("wiod", "RoW", None),
        ("cfr", "Korea (Democratic People's Republic of)", "PRK"),
        ("itu_gci", "Viet Nam", "VNM"),
    ],
)
def test_labels_of_sources_stand_for_economies(words, scheme, label, iso3):
    assert words.economy(scheme)[label] == iso3


def test_a_label_that_is_not_there_is_an_error_and_never_a_null(words):
    assert "Atlantis" not in words.economy("eurepoc")
    with pytest.raises(KeyError):
        words.code("eurepoc", "incident_type")["Magic"]


def test_every_coded_column_of_the_trackers_has_its_codes(words):
    for name, schema in staging.all_tables().items():
        for column, built in schema.columns.items():
            coded = (built.metadata or {}).get("coded")
            scheme = (built.metadata or {}).get("scheme") or schema.metadata["source"]
            if coded is not None:
                assert words.known(scheme, column, coded).len() > 0, f"{name}.{column}"


def test_every_word_of_the_crosswalk_is_one_of_its_vocabulary_and_each_code_has_one(words):
    for vocabulary_name, values in words.crosswalk.group_by("vocabulary"):
        assert set(values["value"]) <= set(VOCABULARIES[str(vocabulary_name[0])])
    assert words.crosswalk.select("scheme", "field", "code", "vocabulary").is_unique().all()


def test_a_word_outside_the_vocabulary_is_told_with_its_row(data):
    from pipelines import reference
    from pipelines.errors import InputError

    path = data / "reference" / "crosswalk.csv"
    path.write_text(
        path.read_text(encoding="utf-8") + "cfr,type,Magic,incident_type,sorcery,cfr,true\n", encoding="utf-8"
    )
    rows = pl.read_csv(path).height
    with pytest.raises(InputError, match=f"row {rows + 1}.*sorcery.*known_word"):
        reference.load("crosswalk", data / "reference")
