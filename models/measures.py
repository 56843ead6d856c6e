"""The measures of a counterfactual and how draws of them are summarized.

Which states there are is decided in `counterfactual`; the table of all of them is laid out in `counterfactual_table`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.statistics import QUANTILES, scramble_error, sorted_quantiles

Array = NDArray[np.float64]

MEASURES = {
    "loss": "USD bn, 2020 prices",
    "covered": "USD bn, 2020 prices",
    "deterred": "USD bn, 2020 prices",
    "displaced": "USD bn, 2020 prices",
    "avoided_loss": "USD bn, 2020 prices",
    "avoided_share": "fraction of status-quo loss",
    "gdp_loss": "USD bn, 2020 prices",
    "avoided_gdp_loss": "USD bn, 2020 prices",
    "welfare_loss": "USD bn, 2020 prices",
    "net_benefit": "USD bn, 2020 prices",
}
NO_DIRECTION = ("covered", "displaced")
"""Measures on which more is neither better nor worse by itself: they carry no probability."""
STATISTICS = ("mean", *QUANTILES, "mcse", "mcse_p50", "p_not_better")
CONSTANT = 1e-9
"""Relative spread over the draws below which a status-quo loss is one number."""
MIRRORED = [0, *range(len(QUANTILES), 0, -1)]
"""Mean and quantiles of the negative of a measure, in terms of its own."""


@dataclass(frozen=True)
class MeasureDraws:
    """(rows, draws) of what the measures are made of, USD bn of 2020; a row is an economy or the world.

    cost : (rows, draws), or (rows, 1) where it is the same in every draw
    covered_summary : (rows, statistics) of `covered` where it is known, as effect sets share it
    gdp_status_quo, output : (rows, draws) GDP lost in the status quo, and what of it is not lost; None where not asked
    """

    status_quo: Array
    covered: Array
    deterred: Array
    displaced: Array
    cost: Array
    covered_summary: Array | None = None
    gdp_status_quo: Array | None = None
    output: Array | None = None

    def measures(self) -> dict[str, Array]:
        """(rows, draws) of every measure but `net_benefit`, which is the avoided loss less the cost, and
        `welfare_loss`, which is the loss: in the headline no thief's gain counts and the anchor has no defence."""
        avoided = self.deterred - self.displaced
        share = np.divide(avoided, self.status_quo, out=np.zeros_like(avoided), where=self.status_quo > 0)
        found = {
            "loss": self.status_quo - avoided,
            "covered": self.covered,
            "deterred": self.deterred,
            "displaced": self.displaced,
            "avoided_loss": avoided,
            "avoided_share": share,
        }
        if self.gdp_status_quo is not None and self.output is not None:
            found |= {"gdp_loss": self.gdp_status_quo - self.output, "avoided_gdp_loss": self.output}
        return found


def summarize(found: MeasureDraws, scrambles: int, with_median_error: bool = True) -> Array:
    """(rows, measures, statistics) in the order of `MEASURES` and `STATISTICS`.

    `p_not_better` is the probability that nothing is avoided (that the avoided loss does not exceed the cost, for the
    net benefit); NaN where a measure has no direction. The error of the median is given for what is printed with it:
    the avoided loss, its share and the net benefit.
    """
    rows = found.status_quo.shape[0]
    summary = np.full((rows, len(MEASURES), len(STATISTICS)), np.nan)
    place = {name: k for k, name in enumerate(MEASURES)}
    measures = found.measures()
    avoided, before = measures["avoided_loss"], found.status_quo
    chosen = [name for name in measures if name != "covered" or found.covered_summary is None]
    # where the status quo is the same in every draw, loss and share are the avoided loss moved or scaled
    constant = bool(np.all(np.ptp(before, axis=1) <= CONSTANT * before[:, 0]))
    if constant:
        chosen = [name for name in chosen if name not in ("loss", "avoided_share")]
    for name in chosen:
        with_error = with_median_error and name in ("avoided_loss", "avoided_share")
        summary[:, place[name], :-1] = statistics(measures[name], scrambles, with_error)
    if found.covered_summary is not None:
        summary[:, place["covered"]] = found.covered_summary
    if constant:
        own, middle = summary[:, place["avoided_loss"]], before.mean(1, keepdims=True)
        summary[:, place["loss"]] = own
        summary[:, place["loss"], : 1 + len(QUANTILES)] = middle - own[:, MIRRORED]
        summary[:, place["loss"], STATISTICS.index("mcse_p50")] = np.nan
        summary[:, place["avoided_share"]] = own / np.where(middle > 0, middle, 1.0)
    if found.cost.shape[1] == 1:
        # a constant moves the avoided loss: no need to sort again
        summary[:, -1] = summary[:, place["avoided_loss"]]
        summary[:, -1, : 1 + len(QUANTILES)] -= found.cost
    else:
        summary[:, -1, :-1] = statistics(avoided - found.cost, scrambles, with_median_error)
    summary[:, place["welfare_loss"]] = summary[:, place["loss"]]
    summary[:, :, -1] = np.mean(avoided <= 0, axis=1)[:, None]
    for name in ("gdp_loss", "avoided_gdp_loss"):
        summary[:, place[name], -1] = np.nan if found.output is None else np.mean(found.output <= 0, axis=1)
    summary[:, [place[name] for name in NO_DIRECTION], -1] = np.nan
    summary[:, place["deterred"], -1] = np.mean(found.deterred <= 0, axis=1)
    summary[:, -1, -1] = np.mean(avoided <= found.cost, axis=1)
    return summary


def statistics(values: Array, scrambles: int, with_median_error: bool) -> Array:
    """(rows, statistics but the probability) of (rows, draws)."""
    by_scramble = values.reshape(values.shape[0], scrambles, -1)
    median_error = np.full(values.shape[0], np.nan)
    if with_median_error:
        median_error = scramble_error(np.median(by_scramble, 2))
    return np.column_stack(
        (
            values.mean(1),
            sorted_quantiles(np.sort(values, axis=1)),
            scramble_error(by_scramble.mean(2)),
            median_error,
        )
    )


def without_probability(summary: Array) -> Array:
    """The summary with no `p_not_better`: at level 0 the question does not arise."""
    blank = summary.copy()
    blank[..., STATISTICS.index("p_not_better")] = np.nan
    return blank
