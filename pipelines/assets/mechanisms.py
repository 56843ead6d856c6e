"""Assets of the group convention that scenarios rest on: what definitions cover, escalation and accession as fitted.

What the scenarios then say is in `model`.
"""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from models.accession import fit_table as accession_terms
from models.accession_paths import calibration_table
from models.escalation import fit_table as escalation_terms
from pipelines import definition_counts, definition_files, fits
from pipelines.assets.checks import CALIBRATION_CHECK, accession_was_foreseen
from pipelines.assets.describe import about, explained, key, one, out, result
from pipelines.assets.study import RECORDS, SHIPPED, coverage_counts, prepare
from pipelines.dyadic_incidents import dyadic_incidents
from pipelines.parquet import ParquetIOManager
from pipelines.schemas.core import REFERENCE_CORE
from pipelines.schemas.incidents import INCIDENTS, LOSSES, PARTIES
from pipelines.schemas.mechanisms import MECHANISM
from pipelines.schemas.tables import conform
from pipelines.settings import RunSettings

COVERAGE_TEXT = """
Every incident on record is covered by a definition or not, by the conditions of its file. The covered share of loss
that the model draws rests on the records where they are many enough and on a judgement where not.
"""
HAWKES_TEXT = """
Attacks of one state on another follow a rate, its own earlier attacks (campaigns) and the other side's (retaliation).
Maximum likelihood on incidents between states with a known day; the ratio of retaliation is a lower bound.
"""
ACCESSION_TEXT = "Complementary log-log hazard of ratifying in a year, ridge; covariates are standardized."


@dg.asset(
    **about(MECHANISM["definition_coverage"], COVERAGE_TEXT),
    group_name="convention",
    deps=[key(REFERENCE_CORE["definition_counts"]), key(INCIDENTS), key(LOSSES)],
)
def definition_coverage(tables: dg.ResourceParam[ParquetIOManager]) -> dg.Output[pl.DataFrame]:
    """What each definition of a cyberattack covers: share of incidents, of intensity and of loss, by threat class."""
    with explained():
        definitions = definition_files.load_all()
    counts, basis = coverage_counts(tables, definitions)
    frame = definition_counts.table(counts, definitions).with_columns(basis=pl.lit(basis))
    frame = conform(frame, MECHANISM["definition_coverage"])
    shown = frame.filter(pl.col("counted") == "incidents").select("definition", "threat_class", "share", "n", "role")
    numbers = {
        f"state incidents covered, {each.name}": one(shown, "share", definition=each.name, threat_class="state")
        for each in definitions
    }
    return dg.Output(frame, metadata=result(frame, numbers, shown, basis=basis))


@dg.asset(
    **about(MECHANISM["escalation_fit"], HAWKES_TEXT),
    group_name="convention",
    deps=[key(REFERENCE_CORE["fits"]), key(INCIDENTS), key(PARTIES)],
)
def escalation_fit(tables: dg.ResourceParam[ParquetIOManager]) -> dg.Output[pl.DataFrame]:
    """How often states answer each other's attacks on record: branching ratios with standard errors and tests."""
    events = dyadic_incidents(tables.read("core.incidents"), tables.read("core.incident_parties"))
    if events.height:
        found, basis = escalation_terms(events), RECORDS
    else:
        found, basis = tables.read("core.fits").filter(pl.col("source") == fits.SOURCE), SHIPPED
    schema = MECHANISM["escalation_fit"]
    frame = conform(found.with_columns(basis=pl.lit(basis)).select(list(schema.columns)), schema)
    own, cross = (one(frame, "estimate", fit="hawkes", coefficient=f"branching_{k}") for k in ("own", "cross"))
    numbers = {"attacks that one attack of the other side sets off": cross, "attacks that an own one sets off": own}
    shown = frame.filter(pl.col("fit") == "hawkes").select("coefficient", "estimate", "se", "n", "status")
    return dg.Output(frame, metadata=result(frame, numbers, shown, basis=basis))


@dg.multi_asset(
    outs={
        "accession_fit": out(MECHANISM["accession_fit"], ACCESSION_TEXT),
        "accession_calibration": out(
            MECHANISM["accession_calibration"], "Each year's hazards summed over who was out."
        ),
    },
    group_name="convention",
    deps=[key(REFERENCE_CORE[name]) for name in ("treaty_status", "rule_of_law", "gdp", "population", "blocs")],
    check_specs=[CALIBRATION_CHECK],
)
def accession(
    settings: RunSettings, tables: dg.ResourceParam[ParquetIOManager]
) -> Iterator[dg.Output[pl.DataFrame] | dg.AssetCheckResult]:
    """How states joined the Budapest Convention, and whether the fit would have foreseen it."""
    found = prepare(settings, tables).accession
    terms = conform(accession_terms(found.fits), MECHANISM["accession_fit"])
    shown = terms.filter(pl.col("fit") == "all").select("term", "estimate", "se", "status")
    numbers = {f"{term}, all years": estimate for term, estimate in shown.select("term", "estimate").rows()}
    yield dg.Output(terms, output_name="accession_fit", metadata=result(terms, numbers, shown))
    checked = calibration_table(found.fits, found.seen, found.risk, settings.seed)
    checked = conform(checked, MECHANISM["accession_calibration"])
    yield dg.Output(checked, output_name="accession_calibration", metadata=result(checked, {}, checked))
    yield accession_was_foreseen(checked)
