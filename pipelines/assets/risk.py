"""Assets of the group risk: what one event costs, how many there are, what a bad year costs, and large events.

Expected losses are in `model`; samples and shipped fits come from `loss_fits`.
"""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from models import chosen_severity, frequency_table
from models.counterfactual import headline_point
from models.event_table import event_table
from models.exceedance import STATUS_QUO, LossSource, exceedance, thinned
from models.parameter_draws import fitted_draws
from models.reporting import all_events
from models.results import accessions, memberships
from models.threat_flows import flow_ratios
from pipelines import event_files, loss_fits, loss_records, loss_shapes, on_record, priors, scenarios
from pipelines.assets.describe import about, explained, key, out, result
from pipelines.assets.headline_numbers import Numbers
from pipelines.assets.study import FOCUS, prepare_convention
from pipelines.parquet import ParquetIOManager
from pipelines.schemas.core import REFERENCE_CORE
from pipelines.schemas.exceedance import EXCEEDANCE
from pipelines.schemas.incidents import INCIDENTS, LOSSES
from pipelines.schemas.mechanisms import MECHANISM
from pipelines.schemas.meta import META
from pipelines.schemas.model import MODEL
from pipelines.schemas.risk import RISK
from pipelines.schemas.tables import conform
from pipelines.settings import RunSettings

DRAWS = 64
"""Draws behind the band of a bad year: of the fitted parameters and, in pairs, of the convention."""
SEVERITY_TEXT = {
    "severity": "Maximum likelihood, Anderson-Darling by parametric bootstrap; lognormal spliced to a Pareto tail.",
    "tail_stability": "Generalized Pareto shape by threshold, 90 %.",
    "mean_excess": "Mean of what amounts exceed a threshold by.",
    "severity_quantiles": "Amounts on record beside fitted ones, geometric means of bins of ranks.",
}
YEAR_TEXT = {
    "exceedance": "Frequency x severity compounded by FFT; frequencies times Q_k of the convention, severity as it is.",
    "annual_loss": "Value at risk, tail mean and mean of the same years.",
}


@dg.multi_asset(
    outs={name: out(RISK[name], text) for name, text in SEVERITY_TEXT.items()},
    group_name="risk",
    deps=[*(key(REFERENCE_CORE[name]) for name in ("tail_events", "us_cpi", "fits", *loss_shapes.KEYS)), key(LOSSES)],
)
def severity(tables: dg.ResourceParam[ParquetIOManager]) -> Iterator[dg.Output[pl.DataFrame]]:
    """What one event costs, by source: fitted distributions, where the tail begins and how sure it is."""
    losses, large, us_cpi, fits = (tables.read(f"core.{name}") for name in ("losses", "tail_events", "us_cpi", "fits"))
    fitted = loss_fits.fit_severity(losses, large, us_cpi)
    frames = {
        "severity": loss_fits.completed(fitted.coefficients, loss_fits.severity_of(fits)),
        **{
            name: loss_fits.completed(table, loss_shapes.of_reference(tables.read(f"core.{name}")))
            for name, table in loss_shapes.by_table(fitted).items()
        },
    }
    for name, frame in frames.items():
        checked = conform(frame, RISK[name])
        numbers: Numbers = {"rows": checked.height}
        if name == "severity":
            shape = checked.filter((pl.col("coefficient") == "xi") & (pl.col("family") == "spliced")).drop_nulls(
                "estimate"
            )
            numbers |= {f"xi, {source}": float(xi) for source, xi in shape.select("source_id", "estimate").rows()}
        yield dg.Output(checked, output_name=name, metadata=result(checked, numbers))


@dg.asset(
    **about(RISK["frequency"], "Negative binomial by maximum likelihood; likelihood ratios against Poisson and trend."),
    group_name="risk",
    deps=[
        *(key(REFERENCE_CORE[name]) for name in ("ic3_totals", "tail_events", "fits")),
        key(LOSSES),
        key(META["priors"]),
    ],
)
def frequency(tables: dg.ResourceParam[ParquetIOManager]) -> dg.Output[pl.DataFrame]:
    """How many events a year are on record, by source, and how many there may be under a prior of reporting."""
    losses, ic3, large, fits = (tables.read(f"core.{name}") for name in ("losses", "ic3_totals", "tail_events", "fits"))
    with explained():
        reporting = priors.reporting()
    fitted = loss_fits.fit_frequency(losses, ic3, large, reporting)
    found = loss_fits.completed(fitted, loss_fits.frequency_of(fits))
    frame = conform(found, RISK["frequency"])
    own = frame.filter((pl.col("fit") == frequency_table.CHOSEN) & (pl.col("coefficient") == "rate"))
    rates = own.drop_nulls("estimate").select("source_id", "estimate").rows()
    numbers: Numbers = {f"events a year, {source}": float(rate) for source, rate in rates}
    return dg.Output(frame, metadata=result(frame, numbers, own.select("source_id", "estimate", "lower", "upper")))


@dg.asset(
    **about(
        RISK["all_events"], "Count over the quantiles of the prior: the level is corrected, the shape over time is not."
    ),
    group_name="risk",
    deps=[*(key(REFERENCE_CORE[name]) for name in ("incidents_per_quarter", "ic3_totals")), key(META["priors"])],
)
def crimes(tables: dg.ResourceParam[ParquetIOManager]) -> dg.Output[pl.DataFrame]:
    """How many crimes there were a year where only some are told: counts on record over a prior of reporting."""
    with explained():
        reporting = priors.reporting()
    counted = on_record.crimes(*(tables.read(f"core.{name}") for name in ("incidents_per_quarter", "ic3_totals")))
    frame = conform(all_events(counted, reporting), RISK["all_events"])
    last = frame.group_by("source_id").agg(pl.col("year", "p05", "p50", "p95").sort_by("year").last()).sort("source_id")
    numbers: Numbers = {f"all events of {year}, {source}": p50 for source, year, _, p50, _ in last.drop_nulls().rows()}
    return dg.Output(frame, metadata=result(frame, numbers, last))


@dg.asset(**about(EXCEEDANCE["events"], "Footprints x loss of an organization, downstream, cap."), group_name="risk")
def events(settings: RunSettings) -> dg.Output[pl.DataFrame]:
    """What systemic events would cost, and SolarWinds replayed with earlier detection, by the files of data/events."""
    with explained():
        known = event_files.load_all()
    frame = conform(event_table(known, seed=settings.seed), EXCEEDANCE["events"])
    whole = frame.filter((pl.col("measure") == "loss") & pl.col("part").is_null())
    shown = whole.select("event_id", "course", "detection_months", "p05", "p50", "p95", "status", "kind")
    numbers: Numbers = {"events": len(known), "rows": frame.height}
    return dg.Output(frame, metadata=result(frame, numbers, shown))


@dg.multi_asset(
    outs={name: out(EXCEEDANCE[name], text) for name, text in YEAR_TEXT.items()},
    group_name="risk",
    deps=[
        *(key(RISK[name]) for name in ("severity", "frequency")),
        *(key(schema) for schema in (INCIDENTS, LOSSES, MODEL["baseline"], MODEL["effect_sets"], META["priors"])),
        *(key(MECHANISM[name]) for name in ("definition_coverage", "escalation_fit", "accession_fit")),
    ],
)
def bad_years(settings: RunSettings, tables: dg.ResourceParam[ParquetIOManager]) -> Iterator[dg.Output[pl.DataFrame]]:
    """How likely a bad year is with and without each convention, by source: exceedance curves and value at risk."""
    with explained():
        conventions = scenarios.load_all(as_of=settings.day)
    study = prepare_convention(settings, tables)
    members = memberships(study, conventions, accessions(study, conventions))
    joined = {s.name: members[s.name].joined[-1] for s in conventions if members[s.name].joined.any()}
    points = [headline_point(study.world, s, study.settings, joined[s.name]) for s in conventions if s.name in joined]
    # no more than a sixteenth of the run's draws: a small run asks for a quick answer
    draws = min(DRAWS, max(study.draws.scrambles, study.draws.size // 16))
    kept = thinned(study.draws.scramble, draws)
    ratios = {
        point.scenario: {k: q[kept] for k, q in by_class.items()}
        for point, by_class in zip(points, flow_ratios(study, points), strict=True)
    }
    found = exceedance(loss_sources(tables, draws, settings.seed), ratios)
    for name, frame in {"exceedance": found.exceedance, "annual_loss": found.annual_loss}.items():
        checked = conform(frame, EXCEEDANCE[name])
        yield dg.Output(checked, output_name=name, metadata=result(checked, year_numbers(name, checked)))


def loss_sources(tables: ParquetIOManager, draws: int, seed: int) -> list[LossSource]:
    """Every source with a severity and a frequency; what they have on record ships where no vintage is on the machine.

    Each source has draws of its own, seeded by its place among the sources that ship.
    """
    severities = chosen_severity.best(tables.read("model.severity"))
    frequencies = frequency_table.frequencies(tables.read("model.frequency"))
    here = loss_records.records(tables.read("core.losses"), tables.read("core.incidents"))
    shipped = loss_fits.records_of(tables.read("core.fits"))
    on_record = loss_records.on_record(loss_fits.completed(here, shipped))
    found = []
    for place, source in enumerate(sorted(severities.keys() & frequencies.keys() & on_record.keys())):
        of_event, (counts, rate_se), own = severities[source], frequencies[source], on_record[source]
        drawn = fitted_draws(of_event.severity, of_event.covariance, counts, rate_se, draws, seed + 1 + place)
        found.append(
            LossSource(
                source,
                counts,
                of_event.severity,
                own.class_shares,
                of_event.n,
                own.largest_event,
                own.yearly_losses,
                drawn,
            )
        )
    return found


def year_numbers(name: str, frame: pl.DataFrame) -> Numbers:
    """Numbers of a table that plot across runs."""
    if name == "exceedance":
        once = frame.filter((pl.col("perspective") == "AEP") & (pl.col("return_period") == 100))
        own = once.filter((pl.col("source_id") == "all") & pl.col("scenario").is_in([STATUS_QUO, FOCUS]))
        years = own.select("scenario", "loss_usd_bn").drop_nulls().rows()
        return {f"year of one in 100, {scenario} (USD bn)": float(loss) for scenario, loss in years}
    return {"rows": frame.height}
