"""How much of a national total hangs on one answer: surveys scaled to a population, and the largest amounts on record.

Arithmetic of leverage only. The totals themselves are in the ledger of estimates, severity in `severity`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.definition import withheld
from models.ledger import ledger_figure

Array = NDArray[np.float64]

UNIT = "answer in USD; money in USD bn as printed, of 2020 for records"


@dataclass(frozen=True)
class ScaledAnswer:
    """One answer in a survey whose mean is scaled to a population.

    answer_usd : what the respondent says was lost; total_id : row of the ledger that its weight is compared with
    """

    case: str
    answer_usd: float
    respondents: int
    population: float
    total_id: str
    source: str


@dataclass(frozen=True)
class RelativeAnswer:
    """One answer that is a multiple of the mean answer, in a survey whose total is in the ledger."""

    case: str
    multiple_of_mean: float
    respondents: int
    total_id: str
    source: str


ANSWERS = (
    ScaledAnswer("one claim of USD 50,000", 50_000.0, 1_000, 2e8, "csis14_us", "Florencio and Herley 2011"),
    ScaledAnswer("one claim of USD 7,500", 7_500.0, 1_000, 2e8, "csis14_us", "Florencio and Herley 2011"),
)
"""The published example: a survey of 1,000 scaled to about 200 million adults of the United States."""
MULTIPLES = tuple(
    RelativeAnswer(f"one answer {k} times the mean", float(k), 1_002, "bitkom_de_2023_cyber", "Bitkom 2023")
    for k in (10, 100)
)
"""A survey behind a figure of the ledger, of which no answer is published: what an answer of this size would weigh."""


def added_to_total(answer: float, respondents: int, population: float) -> float:
    """What one answer adds to a total, in the unit of the answer: answer / respondents x population.

    ValueError for an answer below zero or not finite, and where nobody is asked or counted.

    Notes
    -----
    Florencio and Herley (2011): a survey of 1,000 scaled to 200 million gives each respondent 200,000 people to speak
    for, and no answer of zero can offset a wrong one, for losses are never negative.
    """
    if not (math.isfinite(answer) and answer >= 0):
        raise ValueError(f"an answer is a loss, finite and not negative; got {answer}")
    if respondents < 1 or not (math.isfinite(population) and population >= respondents):
        raise ValueError(f"needs at least one respondent, of a population no smaller; got {respondents}, {population}")
    return answer / respondents * population


def answer_behind(share: float, total: float, respondents: int, population: float) -> float:
    """The one answer that makes up a share (above 0, up to 1) of a total, in the unit of the total."""
    if not (0 < share <= 1 and math.isfinite(total) and total > 0):
        raise ValueError(f"a share above 0 and up to 1 of a total above zero is needed; got {share} of {total}")
    return share * total / added_to_total(1.0, respondents, population)


def largest_share(amounts: Array) -> float:
    """The largest amount over the sum of all, a fraction; ValueError unless all are finite and above zero."""
    if amounts.size == 0 or not (np.isfinite(amounts).all() and (amounts > 0).all()):
        raise ValueError("amounts must be there, finite and above zero")
    return float(amounts.max() / amounts.sum())


def leverage_table(estimates: pl.DataFrame, losses: pl.DataFrame) -> pl.DataFrame:
    """`model.survey_leverage`: the weight of one answer in a survey, and of the largest amount in each source.

    Parameters
    ----------
    estimates : the ledger; losses : source_id, loss_usd_2020 (null or zero amounts are no amounts); may be empty

    Returns
    -------
    kind `answer` (published example), `multiple` (an answer of that many means) or `record` (the largest amount of a
    source); `effective` is the number of equal amounts that would weigh as much, (sum x)^2 / sum x^2, known for records
    only. Shares of fewer than 30 records are withheld.
    """
    rows: list[tuple[object, ...]] = []
    for own in ANSWERS:
        total = ledger_figure(estimates, own.total_id).usd_bn
        added = added_to_total(own.answer_usd, own.respondents, own.population) / 1e9
        rows.append(
            (own.case, "answer", own.respondents, None, own.answer_usd, added, total, added / total, own.source)
        )
    for each in MULTIPLES:
        total, share = ledger_figure(estimates, each.total_id).usd_bn, each.multiple_of_mean / each.respondents
        rows.append((each.case, "multiple", each.respondents, None, None, share * total, total, share, each.source))
    amounts = losses.filter(pl.col("loss_usd_2020") > 0)
    for (source,), group in sorted(amounts.group_by("source_id")):
        x = group["loss_usd_2020"].to_numpy()
        few = withheld(x.size)
        rows.append(
            (
                f"largest amount of {source}",
                "record",
                x.size,
                None if few else float(x.sum() ** 2 / (x @ x)),
                float(x.max()),
                float(x.max()) / 1e9,
                float(x.sum()) / 1e9,
                None if few else largest_share(x),
                source,
            )
        )
    numbers = ("effective", "answer_usd", "added_usd_bn", "total_usd_bn", "share_of_total")
    schema = {"case": pl.String, "kind": pl.String, "n": pl.Int32} | dict.fromkeys(numbers, pl.Float64)
    schema["source"] = pl.String
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(unit=pl.lit(UNIT))
