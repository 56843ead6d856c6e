"""From core tables to samples and counts by source, and to the fits that ship and back."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from models.chosen_severity import best
from models.frequency import Reporting
from models.frequency_table import frequencies, frequency_table
from models.severity import Sample
from models.severity_table import severity_tables
from pipelines import aggregate, loss_fits, loss_samples, reference, vocabulary
from pipelines import losses as core_losses
from pipelines.schemas.risk import RISK
from pipelines.schemas.tables import conform

CPI = pl.DataFrame({"year": [2017, 2020, 2025, 2026], "index": [200.0, 250.0, 300.0, 310.0], "months": [12, 12, 11, 5]})
LARGE = pl.DataFrame(
    [
        ("range", date(2017, 5, 1), 4.0, None, 9.0, True),
        ("central", date(2025, 5, 1), 1.0, 3.0, 50.0, True),
        ("unpriced", date(2026, 1, 1), None, 3.0, None, True),
        ("unknown", date(2017, 1, 1), None, None, None, True),
        ("fault", date(2025, 7, 1), None, 5.4, None, False),
        ("solarwinds", date(2020, 12, 13), 0.09, None, 100.0, True),
    ],
    schema={
        "event_id": pl.String,
        "date": pl.Date,
        "low_usd_bn": pl.Float64,
        "central_usd_bn": pl.Float64,
        "high_usd_bn": pl.Float64,
        "is_crime": pl.Boolean,
    },
    orient="row",
)


def losses(*rows: tuple) -> pl.DataFrame:
    """core.losses, the columns that samples need: source, day, USD, USD of 2020, observed."""
    schema = {
        "source_id": pl.String,
        "occurred_on": pl.Date,
        "loss_usd": pl.Float64,
        "loss_usd_2020": pl.Float64,
        "observed": pl.Boolean,
    }
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(vintage=pl.lit("1"))


DAY = date(2021, 3, 1)
ONE_IN_FIVE = Reporting(4.0, 16.0)


def by_source(*rows: tuple) -> dict[str, Sample]:
    return {one.source_id: one for one in loss_samples.samples(losses(*rows), LARGE, CPI)}


def test_sources_are_not_pooled_and_observed_amounts_stand_apart_in_billions_of_2020():
    found = by_source(
        *[("vcdb", DAY, 1e9, 2e9, True)] * 4,
        ("vcdb", DAY, 1e9, 3e9, False),
        *[("ransomwhere", DAY, 1e6, 1e6, True)] * 5,
    )
    assert sorted(found) == ["ransomwhere", "vcdb"]
    assert found["vcdb"].observed.tolist() == [2.0] * 4
    assert found["vcdb"].imputed.tolist() == [3.0]
    assert found["ransomwhere"].observed.tolist() == [pytest.approx(1e-3)] * 5


def test_amounts_without_dollars_of_2020_are_left_out_and_under_five_amounts_are_not_shown():
    four = [("defillama_hacks", DAY, 1e6, 1e6, True)] * 4
    assert by_source(*four, ("defillama_hacks", date(2026, 2, 1), 1e6, None, True)) == {}


def test_dust_of_the_chain_is_neither_a_loss_nor_an_event():
    rows = [("ransomwhere", DAY, 900.0, 900.0, True)] * 6 + [("ransomwhere", DAY, 0.4, 0.4, True)] * 50
    assert by_source(*rows)["ransomwhere"].observed.size == 6
    (counted,) = [
        c for c in loss_samples.counts(losses(*rows), ic3({}), LARGE, ONE_IN_FIVE) if c.source_id == "ransomwhere"
    ]
    assert counted.total == 6


def test_large_events_are_crimes_with_a_figure_at_prices_of_2020():
    """sqrt(4 x 9) at the prices of 2017, 250/200; 3 at those of 2025, 250/300."""
    found = loss_samples.tail_amounts(LARGE, CPI)
    assert found.rows() == [("range", pytest.approx(7.5)), ("central", pytest.approx(2.5))]


def ic3(complaints: dict[int, int]) -> pl.DataFrame:
    frame = pl.DataFrame({"year": list(complaints), "complaints": list(complaints.values())})
    return frame.cast({"year": pl.Int64, "complaints": pl.Int64})


def test_a_year_without_an_event_of_a_list_counts_zero_up_to_its_last_one():
    rows = [("vcdb", date(year, 1, 1), 1e6, 1e6, True) for year in (2005, 2012, 2014, 2014, 2019)]
    rows.append(("elsewhere", DAY, 1e6, 1e6, True))
    found = {one.source_id: one for one in loss_samples.counts(losses(*rows), ic3({}), LARGE, ONE_IN_FIVE)}
    assert "elsewhere" not in found
    assert (found["vcdb"].years.tolist(), found["vcdb"].events.tolist()) == ([2012, 2013, 2014], [1, 0, 2])
    assert found["vcdb"].no_trend is not None
    assert found["tail_events"].years[[0, -1]].tolist() == [2017, 2025]
    assert found["tail_events"].events[[0, 3, -1]].tolist() == [2, 1, 1]


def test_complaints_are_counts_and_never_amounts():
    found = loss_samples.counts(losses(), ic3({2010: 5, 2011: 7, 2012: 8}), LARGE, ONE_IN_FIVE)
    (counted,) = [one for one in found if one.source_id == "ic3"]
    assert (counted.years.tolist(), counted.events.tolist()) == ([2011, 2012], [7, 8])
    assert counted.reporting == ONE_IN_FIVE
    assert "ic3" not in by_source()
    with pytest.raises(ValueError, match="years that follow one another"):
        loss_samples.counts(losses(), ic3({2011: 7, 2013: 8}), LARGE, ONE_IN_FIVE)


# --- the fits that ship ---


@pytest.fixture(scope="module")
def fitted() -> tuple[pl.DataFrame, pl.DataFrame]:
    rng = np.random.default_rng(2)
    amounts = np.exp(rng.normal(-4, 2, 150))
    counted = losses(*[("vcdb", date(2012 + k % 6, 1, 1), 1e9 * x, 1e9 * x, True) for k, x in enumerate(amounts)])
    tables = severity_tables(loss_samples.samples(counted, LARGE, CPI), rng, 9)
    return tables.coefficients, frequency_table(loss_samples.counts(counted, ic3({}), LARGE, ONE_IN_FIVE))


def test_what_ships_gives_back_the_tables_it_was_made_from(fitted):
    rows = loss_fits.fit_rows(*fitted)
    assert rows.select("fit", "coefficient").is_unique().all()
    assert rows["source"].unique().to_list() == ["vcdb"]
    for made, back in zip(fitted, (loss_fits.severity_of(rows), loss_fits.frequency_of(rows)), strict=True):
        assert_frame_equal(back, made.filter(source_id="vcdb"), check_row_order=False, rel_tol=1e-4)
    assert best(loss_fits.severity_of(rows))["vcdb"].severity == best(fitted[0])["vcdb"].severity


def test_a_table_of_this_run_is_completed_by_shipped_sources_and_says_which(fitted):
    mine = fitted[1].filter(source_id="vcdb")
    shipped = pl.concat([mine, mine.with_columns(source_id=pl.lit("ransomwhere"))])
    table = conform(loss_fits.completed(mine, shipped), RISK["frequency"])
    assert table.height == 2 * mine.height
    basis = dict(table.select("source_id", "basis").unique().iter_rows())
    assert basis == {"vcdb": "records", "ransomwhere": "shipped fit"}


def test_the_tables_without_vintages_hold_every_source_and_no_mean_is_sure_to_be_finite():
    """The interval of every xi reaches 1, so that each source carries the warning; tail events are too few."""
    tables = reference.load_all()
    large, us_cpi, totals, fits = (tables[name] for name in ("tail_events", "us_cpi", "ic3_totals", "fits"))
    none = losses()
    made = loss_fits.fit_severity(none, large, us_cpi)
    severity = conform(loss_fits.completed(made.coefficients, loss_fits.severity_of(fits)), RISK["severity"])
    counts = loss_fits.completed(
        loss_fits.fit_frequency(none, totals, large, ONE_IN_FIVE), loss_fits.frequency_of(fits)
    )
    assert set(conform(counts, RISK["frequency"])["source_id"]) == {*loss_fits.SOURCES, "ic3", "tail_events"}
    assert set(severity["source_id"]) == {*loss_fits.SOURCES, "tail_events"}
    chosen = best(severity)
    assert set(chosen) == set(loss_fits.SOURCES)
    for one in chosen.values():
        assert one.warning is not None
        assert 0.5 < one.severity.xi < 3
        assert min(one.n_above, one.n - one.n_above) >= 30
        assert one.severity.mean() < one.severity.cap
    assert (
        severity.filter(source_id="tail_events")["estimate"].null_count()
        == severity.filter(source_id="tail_events").height
    )
    rates = {source: law.mean for source, (law, _) in frequencies(counts).items()}
    assert set(rates) == {*loss_fits.SOURCES, "ic3"}


def test_complaints_of_five_years_add_up_to_what_ic3_printed():
    """Test target 8: 2,211,396 complaints in 2016 to 2020."""
    tables = reference.load_all()
    (counted,) = [
        one
        for one in loss_samples.counts(losses(), tables["ic3_totals"], tables["tail_events"], ONE_IN_FIVE)
        if one.source_id == "ic3"
    ]
    assert counted.events[(counted.years >= 2016) & (counted.years <= 2020)].sum() == 2_211_396


@pytest.mark.mirror
def test_the_mirror_gives_the_samples_that_the_shipped_fits_say_they_rest_on():
    """Amounts by hand from the files: VCDB 67 in dollars and 13 converted; thefts with dollars of 2020, 412."""
    words = vocabulary.load()
    mirror = Path(os.environ["CYBERACCORD_MIRROR"])
    tables = aggregate.staging_tables(mirror, words)
    records = aggregate.incidents(tables, words).records
    shipped = reference.load_all()
    amounts = {name: frame.rechunk() for name, frame in tables.items()}
    kept = core_losses.losses(amounts, records, shipped["exchange_rates"], shipped["us_cpi"]).kept
    found = {one.source_id: one for one in loss_samples.samples(kept, shipped["tail_events"], shipped["us_cpi"])}
    assert (found["vcdb"].observed.size, found["vcdb"].imputed.size) == (67, 13)
    assert found["defillama_hacks"].observed.size == 412
    for source in loss_fits.SOURCES:
        behind = shipped["fits"].filter(fit=f"severity_{source}_lognormal", coefficient="mu")["n"].item()
        assert found[source].observed.size == behind
