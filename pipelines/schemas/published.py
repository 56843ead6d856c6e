"""The tables of schemas `model` and `meta` in the published database, each column described once.

Tables of schema `core` are described in `reference`. What is computed is in models/.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from pipelines.schemas.tables import COUNT, LABEL, MONEY, OWN, SHARE, column, table

FINITE = pa.Check(lambda data: data.lazyframe.select(pl.col(data.key).is_finite()), name="finite")
FRACTION = pa.Check.in_range(-1e-9, 1 + 1e-9, name="fraction")
"""Sums of shares reach 1 up to rounding."""
CODE = pa.Check.str_matches(r"^[A-Z]{3}$")
METRICS = ["states", "gdp", "attack_origin", "scenario"]
MODELS = "models/, from core and meta.priors"


def number(name: str, unit: str, description: str, nullable: bool = False) -> tuple[str, pa.Column]:
    """A finite number."""
    return column(name, pl.Float64, unit, description, nullable=nullable, checks=[FINITE])


def fraction(name: str, description: str, nullable: bool = False) -> tuple[str, pa.Column]:
    """A number from 0 to 1."""
    return column(name, pl.Float64, SHARE, description, nullable=nullable, checks=[FRACTION])


def text(name: str, description: str, nullable: bool = False) -> tuple[str, pa.Column]:
    """A label or words."""
    return column(name, pl.String, LABEL, description, nullable=nullable)


def count(name: str, description: str) -> tuple[str, pa.Column]:
    """A number of things."""
    return column(name, pl.Int32, COUNT, description, checks=[pa.Check.ge(0)])


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

MODEL_TABLES = [
    table(
        "model.baseline",
        "Loss in the status quo by economy under each baseline, before any convention; one row is a baseline, an economy, "
        "a year",
        MODELS,
        text("baseline", "name of the world total that is allocated (model.md 1)"),
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
        column(
            "adoption_metric",
            pl.String,
            LABEL,
            "what adoption is a share of: states, gdp, attack_origin; scenario = the scenario's own members",
            checks=[pa.Check.isin(METRICS)],
        ),
        fraction("adoption_level", "adoption as a share of the metric; for scenario, the share of states that are in"),
        ISO3,
        YEAR,
        text("measure", "loss, covered, deterred, displaced, avoided_loss, avoided_share or net_benefit"),
        UNIT,
        MEAN,
        *quantiles(NINE),
        MCSE,
        MCSE_P50,
        NOT_BETTER,
        DRAWS,
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

META_TABLES = [
    table(
        "meta.runs",
        "The run behind this edition; one row is a run",
        "store/runs/<run_id>/manifest.json",
        text("run_id", "id of the run, as in the Dagster UI"),
        text("edition", "month of the edition, YYYY-MM"),
        column("created_at", pl.Datetime("us"), "UTC", "when the run published"),
        text("git_commit", "commit of the code; null outside a git checkout", nullable=True),
        text("inputs_sha256", "SHA-256 over the reference and scenario files"),
        text("priors_sha256", "SHA-256 over the prior files"),
        column("seed", pl.Int64, LABEL, "seed of the scrambles"),
        DRAWS,
        column("as_of", pl.Date, "date", "data as of: the latest day the inputs speak of"),
        text("versions", "Python and the packages that compute, as JSON"),
        key=["run_id"],
    ),
    table(
        "meta.sources",
        "The sources in this run; one row is a source",
        "data/reference/sources.csv",
        text("source_id", "key of the source"),
        text("title", "title"),
        text("producer", "who publishes it"),
        text("citation", "how to cite it", nullable=True),
        text("url", "where it is", nullable=True),
        text("licence", "licence as the producer states it", nullable=True),
        text("redistributable", "whether its data may be passed on: yes, no or not confirmed"),
        text("vintage", "which edition of the source was read", nullable=True),
        text("sha256", "SHA-256 of the reference files that rest on it", nullable=True),
        count("rows_in", "rows of reference tables resting on it"),
        count("rows_kept", "rows kept"),
        count("rows_rejected", "rows rejected"),
        count("rows_merged", "rows merged as duplicates"),
        key=["source_id"],
    ),
    table(
        "meta.rejects",
        "Rows that break a rule; one row is a rejected row and a rule",
        "staging",
        text("source_id", "key of the source"),
        text("vintage", "edition of the source", nullable=True),
        column("row_number", pl.Int32, COUNT, "row in the source's file"),
        text("column_name", "column, null where the rule is about the row", nullable=True),
        text("rule", "rule that is broken"),
        text("value", "value exactly as the source wrote it", nullable=True),
    ),
    table(
        "meta.priors",
        "The uncertain inputs; one row is an input",
        "data/priors",
        text("prior_id", "name of the input"),
        text("distribution", "family of the distribution"),
        text("arguments", "its arguments, as JSON"),
        text("unit", "what a draw is"),
        text("kind", "estimated, published or judgement"),
        text("source", "keys of the sources"),
        column("verified", pl.Boolean, "true or false", "whether the source was read and says so"),
        text("rationale", "why this shape"),
        key=["prior_id"],
    ),
    table(
        "meta.claims",
        "The op-ed's three claims under every defensible reading; one row is a claim and a reading",
        "core.estimates, core.gdp, core.us_cpi, core.claim_bases",
        text("claim", "the claim in the op-ed's words"),
        text("reading", "what it may mean"),
        number("value", OWN, "the figure under this reading"),
        number("threshold", OWN, "the figure the claim names"),
        column("holds", pl.Boolean, "true or false", "whether the claim holds on this reading"),
        UNIT,
        text("verdict", "over the readings of the claim: holds, on some readings or fails"),
        text("source", "ids of the rows it rests on"),
        column("principal", pl.Boolean, "true or false", "a reading that takes the op-ed's source at its word"),
        key=["claim", "reading"],
    ),
    table(
        "meta.columns",
        "Every published column with its unit and description; one row is a column",
        "pipelines/schemas",
        text("table_schema", "schema"),
        text("table_name", "table or view"),
        text("column_name", "column"),
        text("type", "type in DuckDB"),
        text("unit", "unit"),
        text("description", "what it holds"),
        key=["table_schema", "table_name", "column_name"],
    ),
]

MODEL = {str(schema.name).split(".")[1]: schema for schema in MODEL_TABLES}
META = {str(schema.name).split(".")[1]: schema for schema in META_TABLES}
WRITTEN_BY_THE_WAREHOUSE = ("runs", "columns", "rejects")
"""Tables of `meta` that no asset computes."""
