"""The shape of severities as it ships: no single incident, the same as a run's own fits, and in step with fits.csv."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from models.chosen_severity import best
from models.laws import Lognormal
from models.quantile_bins import cuts
from models.severity import Sample
from models.severity_table import severity_tables
from pipelines import loss_fits, loss_shapes, reference
from pipelines.errors import InputError
from pipelines.schemas.risk import RISK
from pipelines.schemas.tables import conform


@pytest.fixture(scope="module")
def shipped() -> dict[str, pl.DataFrame]:
    return {name: reference.load(name) for name in ("fits", *loss_shapes.KEYS)}


def coefficients(fits: pl.DataFrame, fit: str) -> dict[str, float]:
    return dict(fits.filter(pl.col("fit") == fit).select("coefficient", "estimate").iter_rows())


def test_no_row_that_ships_is_an_incident(shipped):
    """Thresholds are round, or of three digits in the ladder of tails; a bin has five amounts, an estimate thirty."""
    assert shipped["mean_excess"]["n"].min() >= 30 and shipped["tail_stability"]["n"].min() >= 30
    assert shipped["severity_quantiles"]["n"].min() >= 5
    assert {f"{u:e}".split("e")[0] for u in shipped["mean_excess"]["threshold"]} == {"1.000000", "2.000000", "5.000000"}
    for name in loss_shapes.KEYS:
        numbers = shipped[name].select(pl.selectors.float() - pl.selectors.by_name("probability", require_all=False))
        assert_frame_equal(numbers, numbers.select(pl.all().round_sig_figs(3)))


def test_all_three_sources_have_all_three_tables(shipped):
    for name in loss_shapes.KEYS:
        assert shipped[name]["source"].unique().sort().to_list() == list(loss_fits.SOURCES)


@pytest.mark.parametrize("source", loss_fits.SOURCES)
def test_fitted_points_are_those_of_the_shipped_coefficients(shipped, source):
    """Three digits ship; the coefficients behind them have six."""
    fits = shipped["fits"]
    normal = coefficients(fits, f"severity_{source}_lognormal")
    laws = {
        "lognormal": Lognormal(normal["mu"], normal["sigma"]),
        "spliced": best(loss_fits.severity_of(fits))[source].severity.law,
    }
    n = fits.filter(fit=f"severity_{source}_lognormal", coefficient="mu")["n"].item()
    for family, law in laws.items():
        rows = shipped["severity_quantiles"].filter(source=source, family=family).sort("probability")
        assert rows["n"].sum() == n and rows["n"].to_list() == np.diff(cuts(n)).tolist()
        logs = np.log(law.quantile((np.arange(n) + 0.5) / n))
        expected = [np.exp(part.mean()) for part in np.split(logs, cuts(n)[1:-1])]
        assert rows["fitted"].to_numpy() == pytest.approx(expected, rel=6e-3)


@pytest.mark.parametrize("source", loss_fits.SOURCES)
def test_the_threshold_that_is_chosen_is_that_of_the_splice(shipped, source):
    spliced = coefficients(shipped["fits"], f"severity_{source}_spliced")
    chosen = shipped["tail_stability"].filter(source=source).filter(pl.col("chosen")).row(0, named=True)
    assert chosen["threshold"] == pytest.approx(spliced["threshold"], rel=5e-3)
    assert chosen["xi"] == pytest.approx(spliced["xi"], rel=5e-3)
    behind = shipped["fits"].filter(fit=f"severity_{source}_spliced", coefficient="xi")["n"].item()
    assert chosen["n"] == behind


def test_what_ships_stands_in_for_a_run_without_records():
    """Amounts of a source that ships and of one that does not, as a run fits them and as the files hold them."""
    rng = np.random.default_rng(4)
    samples = [Sample(name, np.exp(rng.normal(-4, 2, 150)), np.array([])) for name in ("elsewhere", "vcdb")]
    fitted = severity_tables(samples, rng, 9)
    losses = pl.DataFrame({"source_id": ["vcdb", "vcdb", "elsewhere"], "vintage": ["1", "1", "2"]})
    rows = loss_shapes.shipped_rows(fitted, losses)
    for name, made in loss_shapes.by_table(fitted).items():
        assert rows[name]["source"].unique().to_list() == ["vcdb"]
        assert rows[name]["vintage"].unique().to_list() == ["vcdb:1"]
        back = loss_shapes.of_reference(rows[name].with_columns(verified=pl.lit(True)))
        assert_frame_equal(back, made.filter(source_id="vcdb"), rel_tol=6e-3)
        table = conform(loss_fits.completed(made.filter(source_id="elsewhere"), back), RISK[name])
        basis = dict(table.select("source_id", "basis").unique().iter_rows())
        assert basis == {"elsewhere": "records", "vcdb": "shipped fit"}


@pytest.mark.parametrize(
    ("name", "column", "value", "said"),
    [
        ("mean_excess", "n", "29", "a number not below 30"),
        ("tail_stability", "n", "1", "a number not below 30"),
        ("severity_quantiles", "n", "4", "a number not below 5"),
        ("severity_quantiles", "family", "gamma", "one of lognormal, spliced"),
        ("mean_excess", "se", "0", "a number above 0"),
    ],
)
def test_a_row_that_could_be_an_incident_is_refused_with_its_line(tmp_path, name, column, value, said):
    texts = pl.read_csv(reference.FOLDER / f"{name}.csv", infer_schema=False)
    changed = texts.with_columns(
        pl.when(pl.int_range(pl.len()) == 1).then(pl.lit(value)).otherwise(column).alias(column)
    )
    changed.write_csv(tmp_path / f"{name}.csv")
    with pytest.raises(InputError) as refused:
        reference.read_table(name, tmp_path)
    assert "row 3" in str(refused.value) and column in str(refused.value) and said in str(refused.value)


def test_a_run_without_records_has_the_shipped_tables(published, ask):
    """Test run of conftest: no vintage on the machine."""
    for name in loss_shapes.KEYS:
        found = dict(ask(f"select source_id, count(*) from model.{name} where basis = 'shipped fit' group by all"))
        assert found == dict(reference.load(name)["source"].value_counts().iter_rows())
        assert ask(f"select count(*) from model.{name} where basis <> 'shipped fit'") == [(0,)]
