"""The tables of schema `model` in the published database, each column described once.

What is computed is in models/; who computes it, in assets/.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from pipelines.schemas.tables import CODE, LABEL, MONEY, OWN, SHARE, column, count, fraction, number, table, text

METRICS = ["states", "gdp", "attack_origin", "scenario"]
MODELS = "models/, from core and meta.priors"

SCENARIO = text("scenario", "name of the convention, its file in data/scenarios")
MECHANISMS = text("mechanisms", "what acts: law (criminal law alone), no_standdown, all")
EFFECT_SET = text("effect_set", "belief about the effect of law on attacks (model.effect_sets)")
ISO3 = column("iso3", pl.String, "ISO 3166-1 alpha-3", "economy; WLD is the world", checks=[CODE])
YEAR = column("year", pl.Int32, "year", "calendar year", checks=[pa.Check.in_range(1990, 2100)])
UNIT = text("unit", "unit of the row's numbers")
MEAN = number("mean", OWN, "mean over the draws")
DRAWS = count("draws", "number of paired draws behind the row")
MCSE = number("mcse", OWN, "Monte Carlo standard error of the mean, from independent scrambles", nullable=True)
MCSE_P50 = number(
    "mcse_p50", OWN, "Monte Carlo standard error of the median, from independent scrambles", nullable=True
)
NOT_BETTER = fraction(
    "p_not_better",
    "probability of being no better than the status quo; null without members or where a measure has no direction",
    nullable=True,
)


def quantiles(names: str, nullable: bool = True) -> list[tuple[str, pa.Column]]:
    """Quantile columns by name, such as p05 or p975."""
    return [number(n, OWN, f"quantile {float('0.' + n[1:]):g} over the draws", nullable) for n in names.split()]


NINE = "p025 p05 p10 p25 p50 p75 p90 p95 p975"
FIVE = "p05 p25 p50 p75 p95"

METRIC = column(
    "adoption_metric",
    pl.String,
    LABEL,
    "what adoption is a share of: states, gdp, attack_origin; scenario = the scenario's own members",
    checks=[pa.Check.isin(METRICS)],
)
LEVEL = fraction("adoption_level", "adoption as a share of the metric; for scenario, the share of states that are in")

MODEL_TABLES = [
    table(
        "model.baseline",
        "Loss in the status quo by economy under each baseline; one row is a baseline, an economy and a year",
        MODELS,
        text("baseline", "name of the world total that is allocated"),
        ISO3,
        YEAR,
        MEAN,
        *quantiles(FIVE),
        number("share_of_gdp", SHARE, "mean loss over GDP of the year; null where GDP is unknown", nullable=True),
        UNIT,
        key=["baseline", "iso3", "year"],
    ),
    table(
        "model.counterfactual",
        "Loss with and without the convention; one row is a scenario, a set of mechanisms, an effect set, an adoption "
        "level, an economy, a year and a measure. Levels are the fully phased-in yearly effect at the 2020 baseline",
        MODELS,
        SCENARIO,
        MECHANISMS,
        EFFECT_SET,
        METRIC,
        LEVEL,
        ISO3,
        YEAR,
        text(
            "measure",
            "loss, covered, deterred, displaced, avoided_loss, avoided_share, gdp_loss, avoided_gdp_loss, welfare_loss "
            "(the loss: no thief's gain counts here, see model.welfare) or net_benefit",
        ),
        UNIT,
        MEAN,
        *quantiles(NINE),
        MCSE,
        MCSE_P50,
        NOT_BETTER,
        DRAWS,
    ),
    table(
        "model.avoidance_odds",
        "How likely a convention is to avoid more than a share of the loss, in one year, fully phased in, at the 2020 "
        "baseline; one row is a scenario, a set of mechanisms, an effect set, an adoption level and a threshold",
        MODELS,
        SCENARIO,
        MECHANISMS,
        EFFECT_SET,
        METRIC,
        LEVEL,
        fraction("threshold", "share of the status-quo loss"),
        fraction("p_above", "probability that more than the threshold is avoided"),
        number("mcse", "probability", "Monte Carlo standard error of p_above, from independent scrambles"),
        DRAWS,
        UNIT,
        key=["scenario", "mechanisms", "effect_set", "adoption_metric", "adoption_level", "threshold"],
    ),
    table(
        "model.group_loss",
        "Loss with and without the convention by group of economies: the scenario's last membership, fully phased in, "
        "at the 2020 baseline, default effect set, everything in the text; one row is a scenario, a group and a "
        "measure. Economies are added up draw by draw, so means add up to the world's and quantiles do not",
        MODELS,
        SCENARIO,
        MECHANISMS,
        column(
            "grouping",
            pl.String,
            LABEL,
            "world, income_group or region",
            checks=[pa.Check.isin(["world", "income_group", "region"])],
        ),
        text("name", "income group or region of the World Bank, or WLD"),
        column(
            "measure",
            pl.String,
            LABEL,
            "status_quo_loss, loss (under the scenario), avoided_loss or net_benefit",
            checks=[pa.Check.isin(["status_quo_loss", "loss", "avoided_loss", "net_benefit"])],
        ),
        MEAN,
        *quantiles(FIVE, nullable=False),
        MCSE,
        NOT_BETTER,
        DRAWS,
        UNIT,
        key=["scenario", "grouping", "name", "measure"],
    ),
    table(
        "model.adoption_path",
        "Who is a member when; one row is a scenario, an economy and a year",
        "data/scenarios",
        SCENARIO,
        ISO3,
        YEAR,
        fraction(
            "p_member", "probability of being a member by the end of the year; 0 or 1 where a file gives the date"
        ),
        key=["scenario", "iso3", "year"],
    ),
    table(
        "model.membership_share",
        "How large the scenario's membership of 2035 is; one row is a scenario and a metric of adoption",
        "data/scenarios",
        SCENARIO,
        column(
            "adoption_metric", pl.String, LABEL, "states, gdp or attack_origin", checks=[pa.Check.isin(METRICS[:3])]
        ),
        fraction("share", "members' share of the metric"),
        key=["scenario", "adoption_metric"],
    ),
    table(
        "model.blocs",
        "A convention with exactly the members of a bloc, fully phased in, default effect set; one row is a bloc and a "
        "measure",
        MODELS,
        text("bloc", "bloc of core.blocs; Budapest = parties to the Budapest Convention; All = every economy"),
        count("members", "economies of the run in the bloc"),
        fraction("share_states", "share of economies"),
        fraction("share_gdp", "share of GDP of 2020"),
        fraction("share_attack_origin", "share of loss by origin of attack"),
        text("measure", "avoided_share, avoided_loss or net_benefit"),
        MEAN,
        *quantiles(NINE),
        MCSE,
        MCSE_P50,
        NOT_BETTER,
        UNIT,
        key=["bloc", "measure"],
    ),
    table(
        "model.variants",
        "The headline under one changed choice of the model; one row is a variant",
        MODELS,
        text("variant", "name of the changed choice; default = none changed"),
        text("description", "the change in words"),
        SCENARIO,
        MEAN,
        *quantiles(NINE),
        MCSE,
        MCSE_P50,
        number("avoided_share", SHARE, "mean avoided share of the status-quo loss"),
        NOT_BETTER,
        UNIT,
        key=["variant", "scenario"],
    ),
    table(
        "model.effect_sets",
        "What each effect set believes of the law's effect; one row is an effect set and a coefficient",
        "data/priors/effects.yaml",
        EFFECT_SET,
        text("coefficient", "where law acts: target, origin or cooperation (both ends)"),
        MEAN,
        *quantiles(FIVE),
        fraction("p_harm", "probability that law makes attacks more frequent (log rate ratio above 0)"),
        UNIT,
        key=["effect_set", "coefficient"],
    ),
    table(
        "model.implied_contrasts",
        "What a study would find if the model were true: members against others; one row is a finding and a belief",
        MODELS,
        text("effect_id", "finding (core.treaty_effects)"),
        EFFECT_SET,
        count("members", "parties to the Budapest Convention taken as the study's members"),
        *quantiles("p05 p50 p95"),
        number("found", "log rate ratio", "what the study found", nullable=True),
        UNIT,
        key=["effect_id", "effect_set"],
    ),
    table(
        "model.effect_density",
        "Density of each effect on a grid, for figures; one row is an effect set, a coefficient and a grid point",
        "data/priors/effects.yaml",
        EFFECT_SET,
        text("coefficient", "target, origin or cooperation"),
        number("log_rate_ratio", "log rate ratio", "grid point"),
        number("density", "per log point", "probability density"),
    ),
    table(
        "model.pooled",
        "The pooled yearly cost of cybercrime under each choice of rows and covariates; one row is a specification",
        "core.estimates, core.gdp",
        text("specification", "all, world_rows, without_vendors, leave_out:<estimate>, scope:<scope> or with_trend"),
        count("n", "studies in the fit"),
        count("df", "studies less coefficients"),
        *[
            number(f"share_{end}", SHARE, f"pooled median loss as a share of GDP, {words}")
            for end, words in (("p50", "center"), ("low", "lower end at 90 %"), ("high", "upper end at 90 %"))
        ],
        *[number(f"predictive_share_{q}", SHARE, f"a further estimate, quantile {q}") for q in ("p05", "p50", "p95")],
        *[
            number(f"usd_bn_{end}", MONEY, f"pooled median loss at world GDP of 2020, {words}")
            for end, words in (("p50", "center"), ("low", "lower end at 90 %"), ("high", "upper end at 90 %"))
        ],
        *[number(f"predictive_usd_bn_{q}", MONEY, f"a further estimate, quantile {q}") for q in ("p05", "p50", "p95")],
        number("tau", "log points", "spread between studies"),
        fraction("i2", "part of the spread that is not sampling error"),
        fraction("percentile_of_1tn", "percentile of 1,000 USD bn in the predictive distribution"),
        number("coefficient", "log points", "coefficient of the covariate", nullable=True),
        number("coefficient_se", "log points", "its standard error", nullable=True),
        UNIT,
        key=["specification"],
    ),
    table(
        "model.break_even",
        "What must be true for the convention to pay for itself; one row is a scenario, a quantity and a criterion",
        MODELS,
        SCENARIO,
        text("quantity", "effect (log rate ratio), adoption_<metric> (share of the metric) or coverage_factor"),
        text("criterion", "mean or median of net benefit equal to 0"),
        number("value", "as the quantity", "value at which it breaks even; null = none", nullable=True),
        number("lower", "as the quantity", "lower end, 90 % over the scrambles", nullable=True),
        number("upper", "as the quantity", "upper end, 90 % over the scrambles", nullable=True),
        UNIT,
        key=["scenario", "quantity", "criterion"],
    ),
    table(
        "model.winners",
        "How many economies gain and lose on average under the scenario; one row is a scenario, a region and an income "
        "group",
        "model.counterfactual, core.countries",
        SCENARIO,
        text("region", "region of the World Bank"),
        text("income_group", "income group of the World Bank"),
        count("winners", "economies whose mean loss falls"),
        count("losers", "economies whose mean loss rises"),
        number("gain", MONEY, "sum of the falls in mean loss"),
        number("harm", MONEY, "sum of the rises in mean loss, negative"),
        UNIT,
        key=["scenario", "region", "income_group"],
    ),
]

MODEL = {str(schema.name).split(".")[1]: schema for schema in MODEL_TABLES}
