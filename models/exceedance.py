"""How likely a bad year is, by source of losses and scenario, with bands: the tables of exceedance and of annual loss.

Frequencies under a convention, draws of parameters put together, and quantiles over them. How one year's loss is
compounded is in `loss_curve` and `annual_loss`; fits are in `tail` and `frequency`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.annual_loss import any_event, largest_event
from models.definition import LEAST, withheld
from models.discretization import Severity, finite_mean
from models.event_counts import Panjer
from models.loss_curve import POINTS, loss_curves

Array = NDArray[np.float64]

RETURN_PERIODS = (2, 5, 10, 20, 50, 100, 200, 500, 1000)
"""Years; the loss of return period T is exceeded in a year with probability 1/T."""
LEVELS = (0.90, 0.95, 0.99, 0.995)
WHOLE, STATUS_QUO = "all", "status_quo"
YEAR, GIVEN_YEAR, GIVEN_EVENT = "probability_weighted", "given_year_with_loss", "given_event"
"""All years, good and bad; the years with an event; a single event."""
USD, SHARE = "USD bn, 2020 prices", "fraction"
BAND = (0.5, 0.05, 0.95)
Pair = tuple[Panjer, Severity]


@dataclass(frozen=True)
class LossSource:
    """Events of one source: how often, how much, of which threat class, and what is on record.

    Parameters
    ----------
    counts, severity : at the estimates
    class_shares : share of its events by threat class, of sum 1
    records : amounts behind the severity; under 30 the source is withheld, in the table and in the whole
    largest_event : USD bn, the largest on record
    yearly_losses : USD bn on record by year
    drawn : laws of the events in every draw, as `parameter_draws.fitted_draws` gives them; none = no uncertainty of fit
    """

    source_id: str
    counts: Panjer
    severity: Severity
    class_shares: Mapping[str, float]
    records: int
    largest_event: float
    yearly_losses: Mapping[int, float]
    drawn: Sequence[Pair] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        """Refuse amounts and shares that are none."""
        finite_mean(self.severity)
        amounts = np.array([self.largest_event, *self.yearly_losses.values()])
        if not (np.isfinite(amounts).all() and self.largest_event > 0 and (amounts >= 0).all()):
            raise ValueError(f"source {self.source_id}: amounts on record must be finite and above 0")
        shares = np.array(list(self.class_shares.values()))
        if not ((shares >= 0).all() and abs(shares.sum() - 1) < 1e-9):
            raise ValueError(f"source {self.source_id}: shares of threat classes must add up to 1")

    def in_draw(self, draw: int) -> Pair:
        """Counts and severity in a draw."""
        return self.drawn[draw] if self.drawn else (self.counts, self.severity)


@dataclass(frozen=True)
class Tables:
    """`model.exceedance` and `model.annual_loss`."""

    exceedance: pl.DataFrame
    annual_loss: pl.DataFrame


def thinned(scramble: NDArray[np.int64], draws: int) -> NDArray[np.int64]:
    """Places of a smaller set of draws: the first of every scramble.

    The first 2^m points of a Sobol' sequence are balanced; every k-th of them all lie in one part of its range.
    """
    scrambles = int(scramble[-1]) + 1
    per = draws // scrambles
    if per < 1 or per & (per - 1) or per * scrambles != draws or draws > scramble.size:
        raise ValueError(f"{draws} of {scramble.size} draws: take {scrambles} times a power of two")
    return np.concatenate([np.flatnonzero(scramble == r)[:per] for r in range(scrambles)])


def frequency_factor(source: LossSource, ratios: Mapping[str, Array]) -> Array:
    """(draws,) events of a source under a scenario over those of the status quo.

    Parameters
    ----------
    ratios : by threat class, (draws,) Q_k = net flow under the scenario / flow observed, of the same draw

    Notes
    -----
    model.md 2: the frequency of class k is multiplied by Q_k, severity unchanged. Classes of a source share its
    severity and, where counts are overdispersed, its good and bad years, so their factors average by share of events.
    """
    missing = [k for k in source.class_shares if k not in ratios]
    if missing:
        raise ValueError(f"source {source.source_id} has events of class {missing[0]}, for which there is no ratio")
    factor = sum(share * ratios[k] for k, share in source.class_shares.items())
    if not (np.isfinite(factor).all() and (np.asarray(factor) >= 0).all()):
        raise ValueError("ratios of flows must be finite and not negative")
    return np.asarray(factor)


COLUMNS = (
    *(("AEP", period) for period in RETURN_PERIODS),
    *(("OEP", period) for period in RETURN_PERIODS),
    *((basis, measure, level) for basis in (YEAR, GIVEN_YEAR) for measure in ("VaR", "TVaR") for level in LEVELS),
    *((GIVEN_EVENT, "VaR", level) for level in LEVELS),
    *((basis, "mean", None) for basis in (YEAR, GIVEN_YEAR, GIVEN_EVENT)),
    (YEAR, "p_loss", None),
)
"""What is computed of every source and scenario in every draw, in the order of `_measured`."""


def _measured(pairs: Sequence[Pair], factors: Array, points: int) -> Array:
    """(scenarios, columns) of one or several sources in one draw; `factors` is (scenarios, sources)."""
    severities = [severity for _, severity in pairs]
    counts = [[law.scaled(float(q)) for (law, _), q in zip(pairs, row, strict=True)] for row in factors]
    yearly, levels = 1 - 1 / np.array(RETURN_PERIODS), np.array(LEVELS)
    curves = loss_curves(severities, counts, 1 / max(RETURN_PERIODS), points)
    events = np.array([[law.mean for law in laws] for laws in counts])
    total = events.sum(1, keepdims=True)
    weights = np.divide(events, total, out=np.full_like(events, 1 / len(pairs)), where=total > 0)
    means = np.array([finite_mean(severity) for severity in severities])
    of_largest = largest_event(severities, counts, yearly)
    of_any = any_event(severities, weights, levels)
    rows = []
    for curve, largest, event, weight in zip(curves, of_largest, of_any, weights, strict=True):
        given = curve.given_loss(levels) if curve.none < 1 else levels
        at_risk = curve.value_at_risk(np.concatenate((yearly, levels, given)))
        tail = curve.tail_mean(np.concatenate((levels, given)))
        aep, var, var_given = np.split(at_risk, np.cumsum((yearly.size, levels.size)))
        tvar, tvar_given = np.split(tail, 2)
        # what a year with an event costs has no meaning where no year has one
        some = 1.0 if curve.none < 1 else np.nan
        mean_given = curve.mean / (1 - curve.none) if curve.none < 1 else np.nan
        single = np.array([curve.mean, mean_given, weight @ means, 1 - curve.none])
        rows.append(np.concatenate((aep, largest, var, tvar, some * var_given, some * tvar_given, event, single)))
    return np.array(rows)


def exceedance(
    sources: Sequence[LossSource],
    ratios: Mapping[str, Mapping[str, Array]],
    points: int = POINTS,
    workers: int = 2,
) -> Tables:
    """Losses by return period, and value at risk, tail mean and mean, by source and scenario and for the whole.

    Parameters
    ----------
    sources : independent of each other
    ratios : by scenario and threat class, (draws,) Q_k as `frequency_factor` takes it; the status quo is added where it
        is missing. Draw d of the ratios goes with draw d of the sources' laws, in every scenario the same
    points : of each grid
    workers : threads, a draw each; they change no bit

    Returns
    -------
    medians over the draws with the quantiles 0.05 and 0.95; `avoided` is the fall against the status quo in the same
    draw. `beyond_data` marks a loss above the largest event (OEP) or the largest year (AEP) on record. A source of
    fewer than 30 records has rows without numbers and is not in the whole; what is said of years with an event has none
    where in some draw no year has one.

    Errors
    ------
    ValueError for no source with enough records, draws of different number, and as of `frequency_factor`.
    """
    shown = [source for source in sources if not withheld(source.records)]
    if not shown:
        raise ValueError(f"no source has {LEAST} records or more: nothing to estimate annual losses from")
    scenarios = [STATUS_QUO, *(name for name in ratios if name != STATUS_QUO)]
    draws = {a.size for by_class in ratios.values() for a in by_class.values()}
    draws |= {len(source.drawn) for source in shown if source.drawn}
    if len(draws) > 1:
        raise ValueError(f"ratios and laws must have the same number of draws, got {sorted(draws)}")
    size = draws.pop() if draws else 1
    factors = np.ones((size, len(scenarios), len(shown)))
    for k, scenario in enumerate(scenarios):
        for s, source in enumerate(shown):
            if scenario in ratios:
                factors[:, k, s] = frequency_factor(source, ratios[scenario])

    def one(draw: int) -> Array:
        pairs = [source.in_draw(draw) for source in shown]
        alone = [_measured([pair], factors[draw][:, [s]], points) for s, pair in enumerate(pairs)]
        return np.stack([*alone, _measured(pairs, factors[draw], points)])

    with ThreadPoolExecutor(workers) as pool:
        found = np.stack(list(pool.map(one, range(size))))
    return _tables(sources, shown, scenarios, found)


def _tables(
    sources: Sequence[LossSource], shown: Sequence[LossSource], scenarios: Sequence[str], found: Array
) -> Tables:
    """The tables of (draws, sources and the whole, scenarios, columns)."""
    place = {source.source_id: s for s, source in enumerate(shown)} | {WHOLE: len(shown)}
    band, avoided = np.quantile(found, BAND, axis=0), np.quantile(found[:, :, :1] - found, BAND, axis=0)
    years = {y for source in shown for y in source.yearly_losses}
    by_year = [sum(source.yearly_losses.get(y, 0.0) for source in shown) for y in years]
    on_record = {s.source_id: (s.records, s.largest_event, max(s.yearly_losses.values(), default=0.0)) for s in sources}
    on_record[WHOLE] = (
        sum(source.records for source in shown),
        max(source.largest_event for source in shown),
        max(by_year, default=0.0),
    )
    curves, measures = [], []
    for source_id, (records, event, year) in on_record.items():
        for k, scenario in enumerate(scenarios):
            for c, column in enumerate(COLUMNS):
                at = None if source_id not in place else (place[source_id], k, c)
                numbers = [None] * 6 if at is None else [_number(x) for x in (*band[:, *at], *avoided[:, *at])]
                value, lower, upper = numbers[:3]
                if column[0] in ("AEP", "OEP"):
                    reference = event if column[0] == "OEP" else year
                    beyond = None if value is None else value > reference
                    less = [None] * 3 if scenario == STATUS_QUO else numbers[3:]
                    curves.append((source_id, *column, scenario, value, lower, upper, *less, beyond, records, USD))
                else:
                    basis, measure, level = column
                    unit = SHARE if measure == "p_loss" else USD
                    measures.append((source_id, scenario, measure, level, basis, value, lower, upper, records, unit))
    return Tables(
        pl.DataFrame(curves, schema=EXCEEDANCE, orient="row"), pl.DataFrame(measures, schema=ANNUAL, orient="row")
    )


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


NUMBER, LABEL = pl.Float64(), pl.String()
EXCEEDANCE = {
    "source_id": LABEL,
    "perspective": LABEL,
    "return_period": pl.Int32(),
    "scenario": LABEL,
    **dict.fromkeys(("loss_usd_bn", "lower", "upper", "avoided", "avoided_lower", "avoided_upper"), NUMBER),
    "beyond_data": pl.Boolean(),
    "records": pl.Int32(),
    "unit": LABEL,
}
ANNUAL = {
    "source_id": LABEL,
    "scenario": LABEL,
    "measure": LABEL,
    "level": NUMBER,
    "basis": LABEL,
    **dict.fromkeys(("value", "lower", "upper"), NUMBER),
    "records": pl.Int32(),
    "unit": LABEL,
}
