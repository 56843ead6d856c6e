"""Assets of the groups baseline and convention: what the models say, one published table each.

Every asset reads tables of core and calls one function of models/. Publishing is in `publication`.
"""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from models import baseline as pooled_loss
from models import claims as op_ed
from models import results
from models.gdp import BASE_YEAR
from models.status_quo import baseline_table, dyad_table
from models.world import CLASSES
from pipelines import definition_files, scenarios
from pipelines.assets.checks import (
    ANCHOR_CHECK,
    BRANCHING_CHECK,
    CHECKS,
    SHARES_CHECK,
    branching_ends,
    run_checks,
    shares_add_up,
    world_equals_its_anchor,
)
from pipelines.assets.describe import about, explained, key, one, out, result
from pipelines.assets.headline_numbers import (
    COMPARISON_NUMBERS,
    headline_numbers,
    headline_rows,
    scenario_numbers,
)
from pipelines.assets.study import FOCUS, prepare, prepare_convention, under
from pipelines.parquet import TEXTS, ParquetIOManager
from pipelines.schemas.core import DYADS, REFERENCE_CORE
from pipelines.schemas.macro import MACRO
from pipelines.schemas.mechanisms import MECHANISM
from pipelines.schemas.meta import META
from pipelines.schemas.model import MODEL
from pipelines.schemas.tables import conform
from pipelines.settings import RunSettings

scenario_partitions = dg.DynamicPartitionsDefinition(name=scenarios.PARTITIONS)


def core_key(name: str) -> dg.AssetKey:
    """The asset key of a reference table."""
    return key(REFERENCE_CORE[name])


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
    *(key(MECHANISM[name]) for name in ("definition_coverage", "escalation_fit", "accession_fit")),
]


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
    check_specs=[ANCHOR_CHECK],
)
def baseline(
    settings: RunSettings, tables: dg.ResourceParam[ParquetIOManager]
) -> Iterator[dg.Output[pl.DataFrame] | dg.AssetCheckResult]:
    """What cybercrime costs each economy in a year without any new convention, USD bn at 2020 prices."""
    prepared = prepare(settings, tables)
    anchors = pooled_loss.anchors(*(tables.read(f"core.{name}") for name in ("estimates", "gdp", "claim_bases")))
    frame = conform(baseline_table(prepared, anchors), MODEL["baseline"])
    world = frame.filter((pl.col("iso3") == "WLD") & (pl.col("year") == BASE_YEAR))
    numbers = {f"world loss 2020, {name} (USD bn)": mean for name, mean in world.select("baseline", "mean").rows()}
    yield dg.Output(frame, metadata=result(frame, numbers, world.select("baseline", "mean", "share_of_gdp")))
    yield world_equals_its_anchor(frame, anchors)


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
Avoided = deterred - displaced. A flow from origin o on target i is multiplied by 1 - kappa + kappa exp(x), x the
change in c (beta_O a_o + beta_T v_i a_i + beta_J v_o v_i a_o a_i) that membership brings, for class state the effects
of consequences, retaliation and stand-down. Freed effort then cuts crime against members. Draws are paired.

To compute one scenario again and publish: [choose it here](/locations/cyberaccord/jobs/scenario_to_report/playground),
then Launch Run. Materialize on this page computes its fourteen tables and publishes nothing.
"""
SCENARIO_TABLES = {
    **{k: MODEL[k] for k in ("counterfactual", "avoidance_odds", "group_loss", "winners", "break_even")},
    **{k: MODEL[k] for k in ("adoption_path", "membership_share")},
    **{k: MECHANISM[k] for k in ("accession_fan", "decomposition", "without_mechanism", "net_present_value")},
    **{k: MECHANISM[k] for k in ("welfare", "national_welfare")},
    "gdp_path": MACRO["gdp_path"],
}


@dg.multi_asset(
    outs={
        name: out(schema, COUNTERFACTUAL_TEXT if name == "counterfactual" else "")
        for name, schema in SCENARIO_TABLES.items()
    },
    group_name="convention",
    deps=[*CONVENTION_RESTS_ON, key(MODEL["effect_sets"])],
    internal_asset_deps={
        name: {key(MODEL["counterfactual"])}
        if name != "counterfactual"
        else {*CONVENTION_RESTS_ON, key(MODEL["effect_sets"])}
        for name in SCENARIO_TABLES
    },
    partitions_def=scenario_partitions,
    backfill_policy=dg.BackfillPolicy.single_run(),
    check_specs=[*CHECKS, SHARES_CHECK],
)
def counterfactual(
    context: dg.AssetExecutionContext, settings: RunSettings, tables: dg.ResourceParam[ParquetIOManager]
) -> Iterator[dg.Output[pl.DataFrame] | dg.AssetCheckResult]:
    """Loss with and without the convention, by scenario, adoption level, year and economy (USD bn, 2020 prices)."""
    with explained():
        # before anything is read: a file that is saved meanwhile is another than the one that was computed
        stamps = {**settings.stamp(), TEXTS: scenarios.text_hashes(context.partition_keys)}
        known = scenarios.directory(settings.day)
        chosen = [scenarios.load(name, known).for_models() for name in context.partition_keys]
        prepared = under(prepare_convention(settings, tables), settings.effect_sets)
    economies = tables.read("core.countries")
    frames = results.scenario_tables(prepared, chosen, economies)
    for name, schema in SCENARIO_TABLES.items():
        frame = conform(frames[name], schema)
        if name == "counterfactual":
            shown = headline_rows(frame)
            numbers = headline_numbers(shown)
            yield dg.Output(frame, output_name=name, metadata=result(frame, numbers, shown, **stamps))
            yield from run_checks(frame)
        else:
            numbers = scenario_numbers(name, frame)
            yield dg.Output(frame, output_name=name, metadata=result(frame, numbers, **stamps))
        if name == "decomposition":
            yield shares_add_up(frame)


COMPARISON_TEXT = {
    "effect_sets": "Draws cut to log rate ratios from ln 0.25 to ln 2; target and origin are rank-correlated.",
    "effect_density": "Gaussian kernel density of the draws.",
    "blocs": "The equations of the counterfactual with membership = the bloc and the phase-in complete.",
    "implied_contrasts": "The law of the model on attack counts with the parties of a study's year and no others.",
    "variants": "Each row changes one choice of data/priors or one input, all else as in the headline.",
    "escalation": "The agreed regime has the members and the text of the headline; unilateral answers come from all.",
    "adoption_strength": "Strength replaces the effect of law in every draw; other draws as they are.",
    "coalition": "Stable: no member gains by leaving, no outsider by joining. Best responses move one at a time.",
}
COMPARED = {name: (MODEL | MECHANISM)[name] for name in COMPARISON_TEXT}


@dg.multi_asset(
    outs={name: out(COMPARED[name], text) for name, text in COMPARISON_TEXT.items()},
    group_name="convention",
    deps=[*EFFECTS_REST_ON, *CONVENTION_RESTS_ON],
    check_specs=[BRANCHING_CHECK],
    internal_asset_deps={
        "effect_sets": set(EFFECTS_REST_ON),
        "effect_density": {key(MODEL["effect_sets"])},
        "blocs": {*CONVENTION_RESTS_ON, key(MODEL["effect_sets"])},
        "implied_contrasts": {*CONVENTION_RESTS_ON, key(MODEL["effect_sets"]), key(REFERENCE_CORE["treaty_effects"])},
        **{
            name: {*CONVENTION_RESTS_ON, key(MODEL["effect_sets"])}
            for name in ("variants", "escalation", "adoption_strength", "coalition")
        },
    },
)
def comparisons(
    settings: RunSettings, tables: dg.ResourceParam[ParquetIOManager]
) -> Iterator[dg.Output[pl.DataFrame] | dg.AssetCheckResult]:
    """What stands beside the scenarios: blocs as conventions, one changed choice at a time, beliefs about the law."""
    prepared = prepare_convention(settings, tables)
    with explained():
        known = scenarios.directory(settings.day)
        focus = scenarios.load(FOCUS, known).for_models()
        definitions = definition_files.names()
    members = {BLOC_NAMES.get(name, name): inside for name, inside in known.blocs.items()}
    counts = tables.read("core.incident_counts")
    findings = tables.read("core.treaty_effects")
    frames = results.comparison_tables(prepared, members, focus, counts, findings, definitions)
    for name in COMPARISON_TEXT:  # what others rest on first
        frame = conform(frames[name], COMPARED[name])
        numbers, shown = COMPARISON_NUMBERS.get(name, lambda table: ({"rows": table.height}, table))(frame)
        yield dg.Output(frame, output_name=name, metadata=result(frame, numbers, shown))
        if name == "escalation":
            yield branching_ends(frame)


BLOC_NAMES = {scenarios.EVERYONE: "All"}
