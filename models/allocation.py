"""From a world loss to economies and years.

Belongs here: the split of an anchor over economies (regional rates, or one rate for all) and the path of the loss share
over time. The anchors are in baseline.py, real GDP in gdp.py, who attacks whom in attribution.py.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import polars as pl

from models.claims import FIFTY_PERCENT
from models.ledger import ledger_figure, world_gdp
from models.synthesis import Array

LOSS_CEILING = 0.05  # of GDP; a path above it is refused (model.md 1.4)


def regional_allocation(
    anchor: float | Array,
    gdp: Array,
    users: Array,
    region: npt.NDArray[np.integer],
    rates: Array,
    eta: Array,
) -> Array:
    """Annual loss of each economy in each draw, in the unit of the anchor (USD bn of 2020).

    Parameters
    ----------
    anchor : world loss, one number or (draws,)
    gdp, users : (economies,), GDP in the anchor's unit and internet users as a share of population, 0 to 1
    region : (economies,), index of the region, a column of `rates`
    rates : (draws, regions), loss as a share of regional GDP
    eta : (draws,), elasticity of loss per GDP with respect to internet use

    Returns
    -------
    (draws, economies); rows sum to the anchor, no entry above the economy's GDP, zero where GDP is zero

    Errors
    ------
    ValueError for misshapen, negative or missing inputs and where no allocation exists: the anchor exceeds the GDP of
    the economies that can carry a loss.

    Notes
    -----
    model.md 1.3: w = GDP u^eta over its sum within the region, L = B r_g GDP_g / sum(r GDP) w. Regional GDP is the sum
    over the economies given. An economy above its own GDP is held there and the rest scaled up until the sum is the
    anchor again. An economy with GDP and no internet user at all has no loss; a region of such economies has no weight.
    """
    output = _checked("gdp", gdp)
    use = _checked("users", users)
    rate = _checked("rates", rates)
    elasticity = np.asarray(eta, dtype=np.float64)
    index = np.asarray(region)
    if output.ndim != 1 or use.shape != output.shape or index.shape != output.shape:
        raise ValueError(f"gdp, users and region are (economies,): {output.shape}, {use.shape}, {index.shape}")
    if rate.ndim != 2 or elasticity.shape != rate.shape[:1]:
        raise ValueError(f"rates is (draws, regions) and eta (draws,): {rate.shape} and {elasticity.shape}")
    if not np.isfinite(elasticity).all():
        raise ValueError("eta must be finite")
    if index.size and not (index.min() >= 0 and index.max() < rate.shape[1]):
        raise ValueError(f"region indexes {rate.shape[1]} columns of rates, found {index.min()} to {index.max()}")
    draws = rate.shape[0]
    world = np.broadcast_to(_checked("anchor", anchor), (draws,))

    member = np.eye(rate.shape[1])[index]
    regional = output @ member
    carries = (output > 0) & (use > 0)
    log_use = np.log(use, out=np.zeros_like(use), where=carries)
    loss: Array = np.exp(elasticity[:, None] * log_use)
    loss *= np.where(carries, output, 0.0)
    within = loss @ member
    scale = np.divide(rate * regional, within, out=np.zeros_like(rate), where=within > 0)
    total = (scale * within).sum(axis=1)
    if ((total <= 0) & (world > 0)).any():
        raise ValueError("no allocation exists: no economy with GDP, internet users and a rate above zero")
    scale *= np.divide(world, total, out=np.zeros(draws), where=total > 0)[:, None]
    loss *= scale[:, index]  # a gather, not a product with `member`: it keeps the shares of a region exact
    over = (loss > output).any(axis=1)
    if over.any():
        loss[over] = _held_at_gdp(loss[over], output, world[over])
    return loss


def flat_allocation(anchor: float, gdp: Array) -> Array:
    """Annual loss of each economy at one rate for all, (economies,), in the unit of the anchor.

    Errors: ValueError for a negative or missing input, and where no allocation exists (the anchor exceeds world GDP).
    """
    world = float(_checked("anchor", anchor))
    output = _checked("gdp", gdp)
    total = float(output.sum())
    if world > total * (1 + 1e-12):
        raise ValueError(f"no allocation exists: a loss of {world:g} exceeds the GDP of all economies, {total:g}")
    return world / total * output if total > 0 else np.zeros_like(output)


def loss_share_path(
    years: npt.NDArray[np.integer],
    growth_0: float | Array,
    half_life: float = 3.0,
    *,
    share_2020: float,
    ceiling: float = LOSS_CEILING,
) -> Array:
    """Loss share of GDP in each year as a multiple of that of 2020.

    Parameters
    ----------
    years : (years,); growth_0 : log points a year in 2020, one number or (draws,)
    half_life : years in which the growth halves (a judgement); infinity for growth that never fades
    share_2020 : loss as a fraction of GDP in 2020, needed to refuse a path; ceiling : the highest share allowed

    Returns
    -------
    (years,), or (draws, years) for growth a draw

    Errors
    ------
    ValueError for a half-life that is not above zero, and for a path above the ceiling, naming year and share.

    Notes
    -----
    model.md 1.4: exp(g_0 (h / ln 2) (1 - 2^(-(t - 2020) / h))).
    """
    if not half_life > 0:
        raise ValueError(f"half_life is {half_life}; it must be above zero")
    elapsed = np.asarray(years, dtype=np.float64) - 2020.0
    rate = np.asarray(growth_0, dtype=np.float64)
    if not (np.isfinite(rate).all() and math.isfinite(share_2020) and share_2020 >= 0):
        raise ValueError("growth_0 must be finite and share_2020 a fraction of GDP")
    decay = math.log(2) / half_life
    effective = -np.expm1(-decay * elapsed) / decay if decay > 0 else elapsed
    path: Array = np.exp(rate[..., None] * effective)
    if path.size and share_2020 * float(path.max()) > ceiling:
        worst = np.unravel_index(int(path.argmax()), path.shape)
        reached = 100 * share_2020 * float(path.max())
        raise ValueError(
            f"loss would reach {reached:.1f} % of GDP in {int(elapsed[worst[-1]]) + 2020}; paths above "
            f"{100 * ceiling:g} % are refused: lower the growth of 2020 or shorten its half-life"
        )
    return path


def growth_calibrations(
    estimates: pl.DataFrame, gdp: pl.DataFrame, ic3: pl.DataFrame, trend: float | None = None
) -> pl.DataFrame:
    """Growth of the loss share of GDP around 2020, log points a year, under each calibration.

    Parameters
    ----------
    estimates, gdp : the ledger and GDP at current prices; ic3 : year, loss_usd
    trend : the coefficient of the pooled specification `with_trend`, if it is to be listed

    Returns
    -------
    calibration ('constant', 'op_ed', 'csis', 'ic3', 'ledger'), growth_0, source

    Notes
    -----
    model.md 1.4; all but `constant` are alternatives. op_ed: +50 % in two years, less the growth of world GDP; csis:
    the report of 2020 on the center of that of 2018, as shares of GDP of their reference years; ic3: the loss in
    complaints 2015-2025 less US GDP growth over the years of that span on file.
    """
    growth_of_gdp = math.log(world_gdp(gdp, 2020) / world_gdp(gdp, 2018))
    new, old = ledger_figure(estimates, "csis_2020_loss"), ledger_figure(estimates, "csis_2018")
    span = new.reference_year - old.reference_year
    csis = math.log(new.usd_bn / world_gdp(gdp, new.reference_year) / (old.usd_bn / world_gdp(gdp, old.reference_year)))
    losses = dict(ic3.filter(pl.col("year").is_in([2015, 2025])).select("year", "loss_usd").iter_rows())
    if len(losses) != 2 or None in losses.values():
        raise ValueError("loss_usd of IC3 2015 and 2025: both are needed to read its growth")
    states = gdp.filter((pl.col("iso3") == "USA") & pl.col("year").is_between(2015, 2025)).sort("year")
    first, last = states.row(0, named=True), states.row(-1, named=True)
    output = math.log(last["gdp_usd_bn_current"] / first["gdp_usd_bn_current"]) / (last["year"] - first["year"])
    rows = [
        ("constant", 0.0, "loss share of GDP held at its value of 2020"),
        ("op_ed", (math.log(1 + FIFTY_PERCENT) - growth_of_gdp) / 2, "op_ed_2021; world GDP 2018 and 2020"),
        ("csis", csis / span, f"csis_2020_loss, csis_2018; world GDP {old.reference_year} and {new.reference_year}"),
        ("ic3", math.log(losses[2025] / losses[2015]) / 10 - output, f"IC3 2015, 2025; US GDP to {last['year']}"),
    ]
    if trend is not None:
        rows.append(("ledger", trend, "with_trend of the pooled specifications"))
    return pl.DataFrame(rows, schema=["calibration", "growth_0", "source"], orient="row")


def _held_at_gdp(loss: Array, gdp: Array, anchor: Array) -> Array:
    """Rows of `loss` with no entry above GDP and the old sum: proportional filling, (draws, economies)."""
    free = loss > 0
    capacity = (free * gdp).sum(axis=1)
    if (anchor > capacity * (1 + 1e-12)).any():  # a full world may differ from its own sum in the last bit
        raise ValueError(
            f"no allocation exists: a loss of {anchor.max():g} exceeds the GDP of the economies that can carry it, "
            f"{capacity.min():g}"
        )
    weight = loss.copy()
    while True:
        spare = (free * weight).sum(axis=1)
        left = anchor - np.where(free | (weight == 0), 0.0, gdp).sum(axis=1)
        level = np.divide(left, spare, out=np.zeros_like(spare), where=spare > 0)[:, None]
        over = free & (level * weight > gdp)
        if not over.any():
            return np.where(free, level * weight, np.where(weight > 0, gdp, 0.0))
        free &= ~over


def _checked(name: str, value: float | Array) -> Array:
    """A float array of numbers that are finite and not negative."""
    array = np.asarray(value, dtype=np.float64)
    if not np.isfinite(array).all() or (array < 0).any():
        raise ValueError(f"{name} must be finite and not negative")
    return array
