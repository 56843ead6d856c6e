"""Assets of the groups baseline and convention: what the models say, one published table each.

Every asset reads tables of core and calls one function of models/. Publishing is in `publication`.
"""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from models import baseline as pooled_loss
from models import claims as op_ed
from models import results, study
from models.gdp import BASE_YEAR
from models.status_quo import baseline_table, dyad_table
from models.study import Study
from models.world import CLASSES
from pipelines import priors, scenarios
from pipelines.assets.checks import CHECKS, run_checks
from pipelines.assets.describe import about, explained, key, one, out, result
from pipelines.parquet import ParquetIOManager
from pipelines.schemas.core import DYADS, REFERENCE_CORE
from pipelines.schemas.meta import META
from pipelines.schemas.model import MODEL
from pipelines.schemas.tables import conform
from pipelines.settings import RunSettings

scenario_partitions = dg.DynamicPartitionsDefinition(name=scenarios.PARTITIONS)

FOCUS = "op_ed_convention"


def core_key(name: str) -> dg.AssetKey:
    """The asset key of a reference table."""
    return key(REFERENCE_CORE[name])


STUDIED = [
    *("economies", "gdp", "internet_users", "rule_of_law", "gdp_growth", "estimates", "claim_bases"),
    *("regional_loss_shares", "treaty_status", "treaty_effects", "incident_counts"),
]
"""Reference tables that a study rests on."""
PRIORS = key(META["priors"])
# What each table rests on in meaning. All of them start from the same study, but a graph with every reference table
# before every result would say nothing.
BASELINE_RESTS_ON = [
    *(core_key(name) for name in ("economies", "gdp", "gdp_growth", "internet_users", "regional_loss_shares")),
    *(core_key(name) for name in ("estimates", "claim_bases")),
    PRIORS,
]
DYADS_REST_ON = [core_key("incident_counts"), core_key("economies")]
EFFECTS_REST_ON = [core_key("treaty_effects"), PRIORS]
CONVENTION_RESTS_ON = [
    key(MODEL["baseline"]),
    key(DYADS),
    *(core_key(name) for name in ("rule_of_law", "treaty_status", "blocs")),
]


def prepare(settings: RunSettings, tables: ParquetIOManager) -> Study:
    """The study of a run, from the tables as materialized and the priors as written."""
    frames = {name: tables.read(str(REFERENCE_CORE[name].name)) for name in STUDIED}
    if settings.day:
        known = pl.col("ratified_on").is_null() | (pl.col("ratified_on") <= settings.day)
        frames["treaty_status"] = frames["treaty_status"].filter(known)
    with explained():
        register = priors.load()
    return study.prepare(
        frames,
        register.priors,
        register.effect_sets,
        register.rank_correlation,
        register.choices,
        settings.draws,
        settings.seed,
    )


def core(name: str) -> dg.AssetIn:
    """A reference table as an input."""
    return dg.AssetIn(key=core_key(name))


@dg.asset(
    **about(META["claims"], "Each reading is plain arithmetic on printed figures."),
    group_name="baseline",
    ins={name: core(name) for name in ("estimates", "gdp", "us_cpi", "claim_bases")},
)
def claims(
    estimates: pl.DataFrame, gdp: pl.DataFrame, us_cpi: pl.DataFrame, claim_bases: pl.DataFrame
) -> dg.Output[pl.DataFrame]:
    """Whether the op-ed's three claims about cost hold, under every defensible reading."""
    frame = conform(op_ed.claims(estimates, gdp, us_cpi, claim_bases), META["claims"])
    held = {f"readings on which it holds: {c}": int(part["holds"].sum()) for (c,), part in frame.group_by("claim")}
    shown = frame.filter("principal").select("reading", "value", "threshold", "holds")
    return dg.Output(frame, metadata=result(frame, held, shown))


@dg.asset(
    **about(MODEL["pooled"], "Random effects by REML with Hartung-Knapp intervals on ln(loss / GDP)."),
    group_name="baseline",
    ins={name: core(name) for name in ("estimates", "gdp")},
)
def pooled(estimates: pl.DataFrame, gdp: pl.DataFrame) -> dg.Output[pl.DataFrame]:
    """What the published estimates say together about the yearly cost of cybercrime, USD bn and share of GDP."""
    frame = conform(pooled_loss.pooled_specifications(estimates, gdp), MODEL["pooled"])
    ends = ("usd_bn_low", "usd_bn_p50", "usd_bn_high")
    numbers: dict[str, float | int | str] = {
        f"all studies, {end}": one(frame, end, specification="all") for end in ends
    }
    return dg.Output(frame, metadata=result(frame, numbers, frame.select("specification", "n", *ends, "i2")))


@dg.asset(
    **about(MODEL["baseline"], "Loss = anchor x regional rate x GDP x users^eta, shares re-raked."),
    group_name="baseline",
    deps=BASELINE_RESTS_ON,
)
def baseline(settings: RunSettings, tables: dg.ResourceParam[ParquetIOManager]) -> dg.Output[pl.DataFrame]:
    """What cybercrime costs each economy in a year without any new convention, USD bn at 2020 prices."""
    prepared = prepare(settings, tables)
    anchors = pooled_loss.anchors(*(tables.read(f"core.{name}") for name in ("estimates", "gdp", "claim_bases")))
    frame = conform(baseline_table(prepared, anchors), MODEL["baseline"])
    world = frame.filter((pl.col("iso3") == "WLD") & (pl.col("year") == BASE_YEAR))
    numbers = {f"world loss 2020, {name} (USD bn)": mean for name, mean in world.select("baseline", "mean").rows()}
    return dg.Output(frame, metadata=result(frame, numbers, world.select("baseline", "mean", "share_of_gdp")))


@dg.asset(
    **about(DYADS, "Dirichlet-multinomial shrinkage by threat class, one tracker a class."),
    group_name="baseline",
    deps=DYADS_REST_ON,
)
def dyads(settings: RunSettings, tables: dg.ResourceParam[ParquetIOManager]) -> dg.Output[pl.DataFrame]:
    """Who attacks whom: incidents counted and the share of each origin in the attacks on each target."""
    frame = conform(dyad_table(prepare(settings, tables), tables.read("core.incident_counts")), DYADS)
    numbers: dict[str, float | int | str] = {
        f"incidents, {k}": float(frame.filter(pl.col("threat_class") == k)["incidents"].sum()) for k in CLASSES
    }
    return dg.Output(frame, metadata=result(frame, numbers, frame.sort("incidents", descending=True)))


COUNTERFACTUAL_TEXT = """
Avoided = deterred - displaced. A flow from origin o on target i is multiplied by 1 - kappa + kappa exp(x), x the change
in c (beta_O a_o + beta_T v_i a_i + beta_J v_o v_i a_o a_i) that membership brings. All scenarios are evaluated on the
same draws. Members are those of the file. Law is the only mechanism: red lines, consequences and stand-down are not in.

To compute one scenario again: Materialize, choose its key, Launch run (not a backfill, which waits for the daemon), or
the job `scenario_to_report`, which also publishes.
"""
SCENARIO_OUTPUTS = ("counterfactual", "winners", "break_even", "adoption_path", "membership_share")


@dg.multi_asset(
    outs={name: out(MODEL[name], COUNTERFACTUAL_TEXT if name == "counterfactual" else "") for name in SCENARIO_OUTPUTS},
    group_name="convention",
    deps=[*CONVENTION_RESTS_ON, key(MODEL["effect_sets"])],
    internal_asset_deps={
        name: {key(MODEL["counterfactual"])}
        if name != "counterfactual"
        else {*CONVENTION_RESTS_ON, key(MODEL["effect_sets"])}
        for name in SCENARIO_OUTPUTS
    },
    partitions_def=scenario_partitions,
    backfill_policy=dg.BackfillPolicy.single_run(),
    check_specs=CHECKS,
)
def counterfactual(
    context: dg.AssetExecutionContext, settings: RunSettings, tables: dg.ResourceParam[ParquetIOManager]
) -> Iterator[dg.Output[pl.DataFrame] | dg.AssetCheckResult]:
    """Loss with and without the convention, by scenario, adoption level, year and economy (USD bn, 2020 prices)."""
    with explained():
        known = scenarios.directory(settings.day)
        chosen = [scenarios.load(name, known).for_models() for name in context.partition_keys]
    prepared = prepare(settings, tables)
    economies = tables.read("core.countries")
    frames = results.scenario_tables(prepared, chosen, economies)
    for name in SCENARIO_OUTPUTS:
        frame = conform(frames[name], MODEL[name])
        stamps = settings.stamp()
        if name == "counterfactual":
            shown = headline_rows(frame)
            numbers = {f"avoided, {row[0]} (USD bn)": float(row[1]) for row in shown.iter_rows()}
            yield dg.Output(frame, output_name=name, metadata=result(frame, numbers, shown, **stamps))
            yield from run_checks(frame)
        else:
            yield dg.Output(frame, output_name=name, metadata=result(frame, **stamps))


def headline_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """The headline of each scenario: mean, quantiles, probability of being no better, Monte Carlo error."""
    return (
        frame.filter(
            (pl.col("effect_set") == "default")
            & (pl.col("adoption_metric") == "scenario")
            & (pl.col("year") == 2020)
            & (pl.col("iso3") == "WLD")
            & (pl.col("measure") == "avoided_loss")
        )
        .select("scenario", "mean", "p05", "p50", "p95", "p_not_better", "mcse")
        .sort("scenario")
    )


COMPARISON_TEXT = {
    "effect_sets": "Draws cut to log rate ratios from ln 0.25 to ln 2; target and origin are rank-correlated.",
    "effect_density": "Gaussian kernel density of the draws.",
    "blocs": "The equations of the counterfactual with membership = the bloc and the phase-in complete.",
    "implied_contrasts": "The law of the model on attack counts with the parties of a study's year and no others.",
    "variants": "Each row changes one choice of data/priors or one input, all else as in the headline.",
}


@dg.multi_asset(
    outs={name: out(MODEL[name], text) for name, text in COMPARISON_TEXT.items()},
    group_name="convention",
    deps=[*EFFECTS_REST_ON, *CONVENTION_RESTS_ON],
    internal_asset_deps={
        "effect_sets": set(EFFECTS_REST_ON),
        "effect_density": {key(MODEL["effect_sets"])},
        "blocs": {*CONVENTION_RESTS_ON, key(MODEL["effect_sets"])},
        "implied_contrasts": {*CONVENTION_RESTS_ON, key(MODEL["effect_sets"]), key(REFERENCE_CORE["treaty_effects"])},
        "variants": {*CONVENTION_RESTS_ON, key(MODEL["effect_sets"])},
    },
)
def comparisons(settings: RunSettings, tables: dg.ResourceParam[ParquetIOManager]) -> Iterator[dg.Output[pl.DataFrame]]:
    """What stands beside the scenarios: blocs as conventions, one changed choice at a time, beliefs about the law."""
    prepared = prepare(settings, tables)
    with explained():
        known = scenarios.directory(settings.day)
        focus = scenarios.load(FOCUS, known).for_models()
    members = {BLOC_NAMES.get(name, name): inside for name, inside in known.blocs.items()}
    counts = tables.read("core.incident_counts")
    frames = results.comparison_tables(prepared, members, focus, counts, tables.read("core.treaty_effects"))
    for name in COMPARISON_TEXT:  # what others rest on first
        frame = conform(frames[name], MODEL[name])
        numbers, shown = COMPARISON_NUMBERS.get(name, lambda table: ({"rows": table.height}, table))(frame)
        yield dg.Output(frame, output_name=name, metadata=result(frame, numbers, shown))


BLOC_NAMES = {scenarios.EVERYONE: "All"}


def _bloc_numbers(frame: pl.DataFrame) -> tuple[dict[str, float | int | str], pl.DataFrame]:
    money = frame.filter(pl.col("measure") == "avoided_loss")
    numbers: dict[str, float | int | str] = {
        f"avoided, {b} (USD bn)": v for b, v in money.select("bloc", "mean").rows()
    }
    return numbers, money.select("bloc", "members", "mean", "p05", "p50", "p95", "p_not_better")


def _variant_numbers(frame: pl.DataFrame) -> tuple[dict[str, float | int | str], pl.DataFrame]:
    numbers: dict[str, float | int | str] = {f"{v} (USD bn)": m for v, m in frame.select("variant", "mean").rows()}
    return numbers, frame.select("variant", "mean", "p05", "p50", "p95", "p_not_better")


def _effect_numbers(frame: pl.DataFrame) -> tuple[dict[str, float | int | str], pl.DataFrame]:
    default = frame.filter(pl.col("effect_set") == "default")
    numbers: dict[str, float | int | str] = {
        f"P(harm), {c}": p for c, p in default.select("coefficient", "p_harm").rows()
    }
    return numbers, frame.select("effect_set", "coefficient", "p05", "p50", "p95", "p_harm")


COMPARISON_NUMBERS = {"blocs": _bloc_numbers, "variants": _variant_numbers, "effect_sets": _effect_numbers}
