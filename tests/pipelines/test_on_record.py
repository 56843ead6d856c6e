"""Which counts are corrected for what is not on record, and the dates that the figures of facts mark."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from models.frequency import DISCLOSURE_LAWS
from pipelines import on_record, priors, reference
from pipelines.errors import InputError
from pipelines.loss_samples import WINDOWS


def test_only_crimes_that_victims_tell_are_corrected_within_the_years_on_record_throughout():
    quarters = pl.DataFrame(
        [
            ("vcdb", "criminal", date(2011, 1, 1), 90),
            ("vcdb", "criminal", date(2012, 1, 1), 70),
            ("vcdb", "criminal", date(2012, 4, 1), 70),
            ("vcdb", "state", date(2012, 1, 1), 60),
            ("eurepoc", "criminal", date(2012, 1, 1), 50),
        ],
        schema=["tracker", "threat_class", "quarter", "in_year"],
        orient="row",
    )
    complaints = pl.DataFrame({"year": [2010, 2011], "complaints": [5, 6]})
    assert on_record.crimes(quarters, complaints) == [("ic3", "criminal", 2011, 6), ("vcdb", "criminal", 2012, 70)]


def test_the_laws_that_figures_mark_are_those_of_the_fits_and_coverage_changes_where_windows_begin_and_end():
    shipped = reference.load("recording_changes")
    days = dict(shipped.select("change_id", "since").rows())
    laws = shipped.filter(kind="law")
    assert dict(laws.select("change_id", "since").rows()) == {law.name: law.since for law in DISCLOSURE_LAWS}
    first, last = WINDOWS["vcdb"]
    assert days["vcdb_coding_begins"] == date(first, 1, 1)
    assert days["vcdb_coding_thins"] == date(last + 1, 1, 1)


def test_the_shipped_fits_rest_on_the_prior_of_data():
    """Beta(4, 16), a judgement around the fifth of Hive's victims; mean 1 / 5."""
    reporting = priors.reporting()
    assert (reporting.a, reporting.b, reporting.mean) == (4.0, 16.0, 0.2)
    shipped = reference.load("fits").filter(pl.col("coefficient") == "reporting_probability").drop_nulls("estimate")
    assert set(shipped["estimate"]) == {reporting.mean}
    (own,) = [p for p in priors.load().undrawn if p.prior_id == "reporting_probability"]
    assert (own.kind, own.verified) == ("judgement", False)


def test_what_is_never_drawn_takes_no_place_among_the_draws():
    register = priors.load()
    assert {p.coordinate for p in register.undrawn} == {priors.NOWHERE}
    assert not {p.prior_id for p in register.undrawn} & {p.prior_id for p in register.priors}


@pytest.mark.parametrize(
    ("old", "new", "fragments"),
    [
        ("{a: 4, b: 16}", "{a: 1, b: 16}", ["reporting_probability", "beta", "a above 1"]),
        ("id: reporting_probability", "id: another", ["reporting_probability", "under `undrawn`"]),
        ("arguments: {a: 4, b: 16}", "arguments: {a: 4}", ["row 5", "a, b with"]),
        ("verified: false", "verified: false\n    coordinate: 60", ["coordinate"]),
    ],
)
def test_a_prior_of_reporting_that_gives_no_number_is_told_in_one_line(data, old, new, fragments):
    path = data / "priors" / "reporting.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        priors.reporting()
    message = str(caught.value)
    assert "\n" not in message
    for fragment in fragments:
        assert fragment in message
