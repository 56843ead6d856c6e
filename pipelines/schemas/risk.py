"""The tables of schema `model` on single events: what one costs, where the tail begins, how many there are a year.

What is computed is in models/; who computes it, in assets/. The loss of a year is in `exceedance`.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from models.reporting import QUANTILES
from pipelines.schemas.tables import COUNT, LABEL, MONEY, OWN, column, count, fraction, number, table, text

LOSSES = "core.losses, core.tail_events, core.us_cpi"
SHIPPED = f"{LOSSES}, or core.{{}} where no vintage is on the machine"
SOURCE = text("source_id", "source of the amounts; sources are never pooled, each records crimes of its own kind")
OBSERVED_ONLY = "Amounts in dollars as the source gives them"
STATUS = text("status", "estimated, or what limits or prevents it; from fewer than 30 records nothing is estimated")
BASIS = text("basis", "records of vintages on this machine, or the shipped fit")
ESTIMATE = number("estimate", OWN, "estimate; null where the status begins with not estimable", nullable=True)
SE = number("se", OWN, "standard error, from the observed information; null where there is none", nullable=True)
LOWER = number("lower", OWN, "lower end at 90 %; null where there is none", nullable=True)
UPPER = number("upper", OWN, "upper end at 90 %; null where there is none", nullable=True)
UNIT = text("unit", "unit of the row's numbers")


def _one_of(name: str, values: list[str], description: str) -> tuple[str, pa.Column]:
    return column(name, pl.String, LABEL, description, checks=[pa.Check.isin(values)])


RISK_TABLES = [
    table(
        "model.severity",
        "What one event costs: distributions fitted to amounts on record by maximum likelihood. Amounts are what was "
        "disclosed and no random sample; one row is a source, a set of amounts, a family and a coefficient",
        SHIPPED.format("fits"),
        SOURCE,
        _one_of(
            "amounts",
            ["observed", "observed_and_imputed"],
            "observed in dollars as the source gives them, or those and what was converted or priced by us",
        ),
        _one_of(
            "family",
            ["lognormal", "weibull", "burr", "pareto", "spliced"],
            "lognormal, weibull and burr (Burr XII) of all amounts; pareto (generalized) of those above the threshold; "
            "spliced: lognormal up to the threshold, generalized Pareto above",
        ),
        text(
            "coefficient",
            "parameters (mu, sigma, xi and so on), log_likelihood, bic (of whole samples, less is better), ad_distance "
            "and ad_p_value (Anderson-Darling by parametric bootstrap), cap (most that an event can cost), mean and "
            "mean_at_tenth_of_cap (with the cap in force; without it none is given)",
        ),
        ESTIMATE,
        SE,
        LOWER,
        UPPER,
        column("n", pl.Int64, COUNT, "amounts behind the number", checks=[pa.Check.ge(0)]),
        STATUS,
        BASIS,
        UNIT,
        key=["source_id", "amounts", "family", "coefficient"],
    ),
    table(
        "model.tail_stability",
        f"How the tail moves with its threshold. {OBSERVED_ONLY}; one row is a source and a threshold",
        SHIPPED.format("tail_stability"),
        SOURCE,
        number("threshold", MONEY, "threshold u; of three significant digits where the row ships"),
        count("n", "amounts above the threshold"),
        number("xi", "shape", "shape; from 1 on the mean is infinite; null where not fitted", nullable=True),
        number("xi_se", "shape", "standard error", nullable=True),
        number("xi_lower", "shape", "lower end at 90 %", nullable=True),
        number("xi_upper", "shape", "upper end at 90 %", nullable=True),
        number("modified_scale", MONEY, "beta - xi u, constant in u once the law holds", nullable=True),
        number("modified_scale_se", MONEY, "standard error", nullable=True),
        number("distance", "statistic", "Anderson-Darling distance of the amounts above it", nullable=True),
        fraction("p_value", "of the distance, by parametric bootstrap", nullable=True),
        column("chosen", pl.Boolean, "true or false", "threshold of the splice: the lowest with none refused above"),
        STATUS,
        BASIS,
        key=["source_id", "threshold"],
    ),
    table(
        "model.mean_excess",
        "Mean of what amounts exceed a threshold by: a rising straight line speaks for a heavy tail. "
        f"{OBSERVED_ONLY}; one row is a source and a threshold with at least 30 amounts above it and 5 up to it",
        SHIPPED.format("mean_excess"),
        SOURCE,
        number("threshold", MONEY, "threshold u: 1, 2 or 5 times a power of ten"),
        count("n", "amounts above the threshold"),
        number("mean_excess", MONEY, "mean of the amounts above the threshold, less the threshold"),
        number("se", MONEY, "standard deviation over the root of n; without a limit from xi = 1/2 on"),
        BASIS,
        key=["source_id", "threshold"],
    ),
    table(
        "model.severity_quantiles",
        f"Amounts on record beside fitted ones, by bins of ranks. {OBSERVED_ONLY}; one row is a source, a family and a "
        "bin of at least 5 amounts",
        SHIPPED.format("severity_quantiles"),
        SOURCE,
        _one_of("family", ["lognormal", "spliced"], "lognormal, or lognormal spliced to a generalized Pareto tail"),
        fraction("probability", "mean of (rank - 1/2) over the number of amounts of the source"),
        count("n", "amounts in the bin"),
        number("observed", MONEY, "geometric mean of the amounts"),
        number("fitted", MONEY, "geometric mean of the fitted quantiles at (rank - 1/2) over the number of amounts"),
        BASIS,
        key=["source_id", "family", "probability"],
    ),
    table(
        "model.frequency",
        "How many events a year are on record: fits of yearly counts, tests between them, and all events under a prior "
        "of reporting; one row is a source, a fit and a coefficient",
        "core.losses, core.ic3_totals, core.tail_events, or core.fits where no vintage is on the machine",
        SOURCE,
        _one_of(
            "fit",
            [
                "poisson",
                "negative_binomial",
                "negative_binomial_trend",
                "negative_binomial_shifts",
                "test",
                "reporting",
            ],
            "poisson; negative_binomial, alone, with a trend, or with what disclosure laws did to reporting; test; "
            "reporting (probability that an event is on record: a judgement)",
        ),
        text(
            "coefficient",
            "rate (of the last year), dispersion, trend, shift_<law>, log_likelihood, bic, likelihood_ratio and "
            "p_value (negative binomial against Poisson; _trend: of the trend), reporting_probability, true_rate",
        ),
        ESTIMATE,
        SE,
        LOWER,
        UPPER,
        column("n", pl.Int64, COUNT, "events behind the number", checks=[pa.Check.ge(0)]),
        count("years", "years behind the number"),
        STATUS,
        BASIS,
        UNIT,
        key=["source_id", "fit", "coefficient"],
    ),
    table(
        "model.all_events",
        "Crimes of a year on record, and how many there were if each is on record with the probability of the prior "
        "(meta.priors, reporting_probability: a judgement), the same in every year. Only for sources that rest on what "
        "victims tell; one row is a source and a year",
        "core.incidents_per_quarter, core.ic3_totals, meta.priors",
        text("source_id", "source of the count"),
        _one_of("threat_class", ["criminal"], "class of the events: crimes of which victims tell"),
        column("year", pl.Int32, "year", "calendar year"),
        column("on_record", pl.Int32, COUNT, "events of the year that the source has", checks=[pa.Check.ge(0)]),
        number("mean", OWN, "mean of all events; null where fewer than 30 are on record", nullable=True),
        *[
            number(name, OWN, f"quantile {u:g} of all events; null as the mean", nullable=True)
            for name, u in QUANTILES.items()
        ],
        STATUS,
        UNIT,
        key=["source_id", "threat_class", "year"],
    ),
]

RISK = {str(schema.name).split(".")[1]: schema for schema in RISK_TABLES}
