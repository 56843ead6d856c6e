"""The weight of one answer: published arithmetic, and concentration on records."""

import numpy as np
import polars as pl
import pytest

from models.survey_leverage import added_to_total, answer_behind, largest_share, leverage_table
from pipelines import reference
from pipelines.schemas.sensitivity import SENSITIVITY
from pipelines.schemas.tables import conform


@pytest.mark.parametrize(("answer", "expected"), [(50_000, 1e10), (7_500, 1.5e9)])
def test_one_claim_in_a_thousand_adds_billions(answer, expected):
    """Florencio and Herley (2011): 50,000 in a survey of 1,000 of 200 million adults adds 10 bn, 7,500 adds 1.5 bn."""
    assert added_to_total(answer, 1_000, 2e8) == expected


def test_the_answer_behind_a_share_is_the_inverse():
    """A tenth of 100 bn, from one of 1,000 who speak for 200 million: 50,000."""
    assert answer_behind(0.1, 100e9, 1_000, 2e8) == pytest.approx(50_000)


def test_the_largest_of_equal_amounts_is_one_in_n():
    assert largest_share(np.full(40, 3.0)) == pytest.approx(1 / 40)
    assert largest_share(np.array([1.0, 1.0, 8.0])) == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: added_to_total(-1.0, 10, 100), "not negative"),
        (lambda: added_to_total(float("nan"), 10, 100), "finite"),
        (lambda: added_to_total(1.0, 0, 100), "one respondent"),
        (lambda: added_to_total(1.0, 10, 5), "no smaller"),
        (lambda: answer_behind(0.0, 1.0, 10, 100), "share above 0"),
        (lambda: largest_share(np.array([1.0, -1.0])), "above zero"),
        (lambda: largest_share(np.array([])), "be there"),
    ],
)
def test_impossible_surveys_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_table_weighs_published_answers_and_withholds_shares_of_few_records():
    """61 of 100 in 40 amounts: effective number 100^2 / (39 + 61^2) = 2.66; five amounts are too few."""
    losses = pl.DataFrame({"source_id": ["a"] * 41 + ["b"] * 5, "loss_usd_2020": [1e9] * 39 + [61e9, None] + [2e9] * 5})
    table = conform(leverage_table(reference.load_all()["estimates"], losses), SENSITIVITY["survey_leverage"])
    row = {case: own for case, *own in table.select("case", "added_usd_bn", "share_of_total", "effective", "n").rows()}
    assert row["one claim of USD 50,000"][:2] == [10.0, 0.1]
    assert row["one claim of USD 7,500"][:2] == [1.5, 0.015]
    assert row["largest amount of a"] == pytest.approx([61.0, 0.61, 100**2 / (39 + 61**2), 40])
    assert row["largest amount of b"] == [2.0, None, None, 5]
    assert row["one answer 100 times the mean"][1] == pytest.approx(100 / 1002)


def test_a_machine_without_records_still_has_the_published_cases():
    losses = pl.DataFrame(schema={"source_id": pl.String, "loss_usd_2020": pl.Float64})
    assert set(leverage_table(reference.load_all()["estimates"], losses)["kind"]) == {"answer", "multiple"}
