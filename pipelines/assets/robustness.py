"""Assets that say how sure the results are: what the headline hangs on, what forecasts were worth, one answer's weight.

The results themselves are in `model`.
"""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from models import averaging, backtest, survey_leverage
from models import baseline as pooled_loss
from models.certainty import certainty_tables
from pipelines import priors, scenarios
from pipelines.assets.describe import explained, key, out, result
from pipelines.assets.headline_numbers import Numbers
from pipelines.assets.study import FOCUS, coverage_laws, prepare_convention
from pipelines.parquet import ParquetIOManager
from pipelines.schemas.core import REFERENCE_CORE
from pipelines.schemas.incidents import LOSSES
from pipelines.schemas.mechanisms import MECHANISM
from pipelines.schemas.meta import META
from pipelines.schemas.model import MODEL
from pipelines.schemas.sensitivity import SENSITIVITY
from pipelines.schemas.tables import conform
from pipelines.settings import RunSettings

CERTAINTY_TEXT = {
    "sensitivity": "Sobol' indices of every input by pick-freeze, 90 % by bootstrap; first alone, total with others.",
    "information": "What knowing an input before deciding to join is worth, at most; by regression on the draws.",
    "specification": "Every combination of the discrete choices on paired draws, in USD.",
    "specification_choice": "Shares of the variance of the specification curve.",
}


@dg.multi_asset(
    outs={name: out(SENSITIVITY[name], text) for name, text in CERTAINTY_TEXT.items()},
    group_name="convention",
    deps=[
        *(key(MECHANISM[name]) for name in ("definition_coverage", "escalation_fit")),
        key(MODEL["baseline"]),
        key(MODEL["effect_sets"]),
        key(META["priors"]),
    ],
)
def certainty(settings: RunSettings, tables: dg.ResourceParam[ParquetIOManager]) -> Iterator[dg.Output[pl.DataFrame]]:
    """How sure: which inputs and choices move the headline, and what it would be worth to know them."""
    with explained():
        register = priors.load()
        focus = scenarios.load(FOCUS, scenarios.directory(settings.day)).for_models()
    anchors = pooled_loss.anchors(*(tables.read(f"core.{name}") for name in ("estimates", "gdp", "claim_bases")))
    study = prepare_convention(settings, tables)
    laws = coverage_laws(tables)
    frames = certainty_tables(study, register.priors, laws, focus, register.options, anchors)
    for name in CERTAINTY_TEXT:
        frame = conform(frames[name], SENSITIVITY[name])
        yield dg.Output(frame, output_name=name, metadata=result(frame, certainty_numbers(name, frame)))


def certainty_numbers(name: str, frame: pl.DataFrame) -> Numbers:
    """Numbers of a table that plot across runs."""
    if name == "sensitivity":
        own = frame.filter(pl.col("output") == "avoided_loss").sort("total", descending=True).head(8)
        return {f"total index, {prior}": total for prior, total in own.select("prior_id", "total").rows()}
    if name == "information":
        known = frame.filter(pl.col("information") == "perfect")
        return {"value of perfect information (USD bn)": float(known["value"][0])}
    if name == "specification":
        below = frame.select((pl.col("mean") <= 0).mean()).item()
        return {"share of specifications at or below 0": float(below), "specifications": frame.height}
    return {}


EVIDENCE_TEXT = {
    "backtest": "Frozen at 2018: what the ledger and the trend of complaints would have said, beside what came.",
    "backtest_score": "Coverage of the 50 and 90 % bands and CRPS, against a naive trend; published when it loses too.",
    "averaging": "Bottom-up figures meet top-down ones: a random-effects average by approach, leave-one-out.",
    "averaging_weight": "The weight of each figure in each average.",
    "survey_leverage": "Florencio and Herley (2011): one answer in a survey of a thousand decides a national total.",
}


@dg.multi_asset(
    outs={name: out(SENSITIVITY[name], text) for name, text in EVIDENCE_TEXT.items()},
    group_name="baseline",
    deps=[*(key(REFERENCE_CORE[name]) for name in ("estimates", "gdp", "ic3_totals")), key(LOSSES)],
)
def evidence(tables: dg.ResourceParam[ParquetIOManager]) -> Iterator[dg.Output[pl.DataFrame]]:
    """What the figures behind the loss are worth: a backtest, an average with its weights, the weight of one answer."""
    estimates, gdp, ic3 = (tables.read(f"core.{name}") for name in ("estimates", "gdp", "ic3_totals"))
    tested = backtest.backtest_table(ic3, estimates, gdp)
    candidates = averaging.candidates(estimates, gdp, ic3)
    frames = {
        "backtest": tested,
        "backtest_score": backtest.score_table(tested),
        "averaging": averaging.averaging_table(candidates, gdp),
        "averaging_weight": averaging.weight_table(candidates),
        "survey_leverage": survey_leverage.leverage_table(estimates, tables.read("core.losses")),
    }
    for name, frame in frames.items():
        checked = conform(frame, SENSITIVITY[name])
        yield dg.Output(checked, output_name=name, metadata=result(checked, evidence_numbers(name, checked)))


def evidence_numbers(name: str, frame: pl.DataFrame) -> Numbers:
    """The same for what stands behind the loss."""
    if name == "averaging":
        whole = frame.filter(pl.col("selection") == "all", pl.col("quantity") == "usd_bn")
        return {
            f"{weighting} weights, {word} (USD bn)": number
            for weighting, *numbers in whole.select("weighting", "p05", "p50", "p95").rows()
            for word, number in zip(("5 %", "median", "95 %"), numbers, strict=True)
        }
    if name == "backtest_score":
        rows = frame.select("target", "forecast", "skill").drop_nulls().rows()
        return {f"skill over the naive trend, {target}, {forecast}": skill for target, forecast, skill in rows}
    return {"rows": frame.height}
