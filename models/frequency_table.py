"""How many events a year are on record, by source: fits of yearly counts, tests between them, and all events.

The table of the fits made in `frequency`. Which counts enter is decided in the pipeline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl
from scipy.stats import chi2

from models.estimates import Number, parameter, refused
from models.event_counts import NegativeBinomial, Poisson
from models.frequency import FrequencyFit, YearlyCounts, fit_counts, law_of, true_rate

FITS: Mapping[str, Mapping[str, bool]] = {
    "poisson": {"dispersed": False},
    "negative_binomial": {},
    "negative_binomial_trend": {"trend": True},
    "negative_binomial_shifts": {"shifts": True},
}
"""Fits of a source's counts; the last only where a disclosure law of unknown effect bears on them."""
CHOSEN = "negative_binomial"
EDGE = "counts vary no more than Poisson counts: the dispersion is at the edge of its range"
OUTSIDE = "the law did not come into force within these years"
UNITS = {
    "rate": "events a year",
    "dispersion": "variance over squared mean",
    "trend": "log a year",
    "log_likelihood": "log units",
    "bic": "twice log units",
    "likelihood_ratio": "twice log units",
    "p_value": "fraction",
    "likelihood_ratio_trend": "twice log units",
    "p_value_trend": "fraction",
    "reporting_probability": "fraction",
    "true_rate": "events a year",
}
SHIFT = "log ratio of reporting probabilities, after over before"
FREQUENCY = {
    "source_id": pl.String,
    "fit": pl.String,
    "coefficient": pl.String,
    "estimate": pl.Float64,
    "se": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "n": pl.Int64,
    "years": pl.Int64,
    "status": pl.String,
    "unit": pl.String,
}


def frequency_table(counts: Sequence[YearlyCounts]) -> pl.DataFrame:
    """Every fit of the counts of every source; columns of `FREQUENCY`, six significant digits.

    Returns
    -------
    rows by source: the fits of `FITS`; `test`, the likelihood ratios of the negative binomial against Poisson counts
    and of a trend against none; `reporting`, the probability of being on record and all events a year; n counts events

    Notes
    -----
    Against Poisson the dispersion lies at the edge of its range: the likelihood ratio is an even mixture of chi-squares
    with 0 and 1 degrees of freedom (Self and Liang 1987). Years are few: p-values are those of large samples.
    """
    rows = [
        (one.source_id, fit, name, *number[:5], one.total, one.years.size, UNITS.get(name, SHIFT))
        for one in counts
        for fit, name, number in _numbers(one)
    ]
    order = ("source_id", "fit", "coefficient", "estimate", "se", "lower", "upper", "status", "n", "years", "unit")
    table = pl.DataFrame(rows, schema={name: FREQUENCY[name] for name in order}, orient="row").select(list(FREQUENCY))
    return table.with_columns(pl.col(pl.Float64).round_sig_figs(6))


def frequencies(table: pl.DataFrame) -> Mapping[str, tuple[Poisson | NegativeBinomial, float]]:
    """By source, the law of the events on record in a year and the standard error of its mean, from `frequency_table`.

    Sources whose counts could not be fitted are left out.
    """
    rows = table.filter(pl.col("fit") == CHOSEN).drop_nulls("estimate")
    found = {}
    for source in rows["source_id"].unique().sort():
        mine = rows.filter(pl.col("source_id") == source)
        value = dict(mine.select("coefficient", "estimate").iter_rows())
        se = dict(mine.select("coefficient", "se").iter_rows())
        found[source] = law_of(value["rate"], value["dispersion"]), se["rate"] or 0.0
    return found


def _numbers(counts: YearlyCounts) -> Iterator[tuple[str, str, Number]]:
    """Fit, coefficient and number of every row of a source."""
    fits: dict[str, FrequencyFit | ValueError] = {}
    for name, options in FITS.items():
        shifts = [f"shift_{law.name}" for law in counts.laws if law.log_shift is None]
        if options.get("shifts") and not shifts:
            continue
        try:
            fits[name] = fit_counts(counts, **options)
        except ValueError as error:
            fits[name] = error
        names = ["rate", *(["trend"] if options.get("trend") else []), *(shifts if options.get("shifts") else [])]
        if options.get("dispersed", True):
            names.append("dispersion")
        for coefficient in (*names, "log_likelihood", "bic"):
            yield name, coefficient, _of_fit(fits[name], coefficient)
    yield from _tests(fits)
    yield from _reporting(counts, fits[CHOSEN])


def _of_fit(found: FrequencyFit | ValueError, coefficient: str) -> Number:
    if isinstance(found, ValueError):
        return refused(found)
    if coefficient == "log_likelihood":
        return Number(found.log_likelihood)
    if coefficient == "bic":
        return Number(found.bic)
    if coefficient not in found.names:
        return Number(0.0, status=EDGE) if coefficient == "dispersion" else refused(OUTSIDE)
    k = found.names.index(coefficient)
    return parameter(coefficient, float(found.estimates[k]), float(found.se[k]))


def _tests(fits: Mapping[str, FrequencyFit | ValueError]) -> Iterator[tuple[str, str, Number]]:
    """Likelihood ratios with their p-values: of the dispersion against none, and of a trend."""
    pairs = (("", "poisson", "negative_binomial", 0.5), ("_trend", "negative_binomial", "negative_binomial_trend", 1.0))
    for suffix, without, within, mass in pairs:
        null, full = fits[without], fits[within]
        failed = next((one for one in (full, null) if isinstance(one, ValueError)), None)
        if failed is not None or isinstance(null, ValueError) or isinstance(full, ValueError):
            ratio = p_value = refused(failed or "")
        else:
            size = max(2 * (full.log_likelihood - null.log_likelihood), 0.0)
            ratio, p_value = Number(size), Number(mass * float(chi2.sf(size, 1)) if size > 0 else 1.0)
        yield "test", f"likelihood_ratio{suffix}", ratio
        yield "test", f"p_value{suffix}", p_value


def _reporting(counts: YearlyCounts, found: FrequencyFit | ValueError) -> Iterator[tuple[str, str, Number]]:
    """The prior of the reporting probability, and what it makes of the rate."""
    if counts.reporting is None:
        nothing = refused("nothing is known of the share of events on record")
        yield "reporting", "reporting_probability", nothing
        yield "reporting", "true_rate", nothing
        return
    lower, upper = counts.reporting.interval
    status = "a judgement"
    yield "reporting", "reporting_probability", Number(counts.reporting.mean, None, lower, upper, status)
    if isinstance(found, ValueError):
        yield "reporting", "true_rate", refused(found)
    else:
        mean, low, high = true_rate(float(found.estimates[0]), counts.reporting)
        yield "reporting", "true_rate", Number(mean, None, low, high, "rests on the judgement on reporting")
