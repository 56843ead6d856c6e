"""What cybercrime costs a year: the pooled share of GDP over the published estimates, and the anchors to choose from.

Belongs here: the ledger rows of estimates.csv turned into shares of GDP, their synthesis and its variants. The op-ed's
claims are in claims.py, the arithmetic of the synthesis in synthesis.py, the split over economies in allocation.py.
"""

from __future__ import annotations

import math

import numpy as np
import polars as pl

from models.claims import ONE_TRILLION, claims
from models.ledger import gdp_of, ledger_figure, printed_share, world_gdp
from models.synthesis import Array, PooledEstimate, pool

__all__ = ["BASE_YEAR", "PooledEstimate", "anchors", "claims", "log_shares", "pool", "pooled_specifications"]

BASE_YEAR = 2020
WITHOUT_RANGE_SE = 0.5  # judgement of model.md 1.2: a factor of 2.3 either way, at 90 %
RANGE_TO_SE = 2 * 1.645  # a printed range is read as a 90 % interval

_LABELS = ("estimate_id", "publisher", "geography", "reference_year", "scope", "interest")
_UNIT = "share: fraction of GDP; usd_bn: USD bn of 2020 at world GDP of 2020; tau, coefficient: log points"


def log_shares(estimates: pl.DataFrame, gdp: pl.DataFrame) -> pl.DataFrame:
    """Log share of GDP and its standard error for each row of the ledger that is in the fit.

    Parameters
    ----------
    estimates : the ledger; rows with `used` enter, one a publisher. gdp : iso3, year, gdp_usd_bn_current, with WLD

    Returns
    -------
    estimate_id, publisher, geography, reference_year, scope, interest, loss_usd_bn, gdp_usd_bn, log_share, se

    Errors
    ------
    ValueError for a publisher twice, a row without figures or with a range upside down, a GDP that is missing.

    Notes
    -----
    model.md 1.2. c = the printed center, else sqrt(low high); GDP of the row's own geography and reference year;
    se = ln(high / low) / (2 * 1.645) from the range, 0.5 where none is printed.
    """
    used = estimates.filter(pl.col("used")).sort("estimate_id")
    twice = used.filter(pl.col("publisher").is_duplicated())
    if twice.height:
        publisher = twice["publisher"][0]
        ids = ", ".join(used.filter(pl.col("publisher") == publisher)["estimate_id"])
        raise ValueError(f"one row a publisher in the fit: {publisher} has {ids}")
    rows = []
    for row in used.iter_rows(named=True):
        low, central, high = row["low_usd_bn"], row["central_usd_bn"], row["high_usd_bn"]
        ranged = low is not None and high is not None
        if central is None and not ranged:
            raise ValueError(f"estimate {row['estimate_id']}: no center and no range, so it cannot be in the fit")
        if ranged and not 0 < low <= high:
            raise ValueError(f"estimate {row['estimate_id']}: range {low} to {high} is not ordered or not above zero")
        loss = math.sqrt(low * high) if central is None else float(central)
        if loss <= 0:
            raise ValueError(f"estimate {row['estimate_id']}: a loss of {loss} has no logarithm")
        output = gdp_of(gdp, row["geography"], row["reference_year"])
        rows.append(
            {name: row[name] for name in _LABELS}
            | {
                "loss_usd_bn": loss,
                "gdp_usd_bn": output,
                "log_share": math.log(loss / output),
                "se": math.log(high / low) / RANGE_TO_SE if ranged and high > low else WITHOUT_RANGE_SE,
            }
        )
    return pl.DataFrame(rows)


def pooled_specifications(estimates: pl.DataFrame, gdp: pl.DataFrame) -> pl.DataFrame:
    """The pooled annual loss as a share of GDP under each choice of rows and covariates, one row a specification.

    Returns
    -------
    specification : all, world_rows, without_vendors, leave_out:<estimate_id>, scope:<scope>, with_trend
    n, df, share_p50, share_low, share_high : the pooled median and its 90 % interval
    predictive_share_p05, _p50, _p95 and predictive_usd_bn_p05, _p50, _p95 : a further estimate
    usd_bn_p50, usd_bn_low, usd_bn_high : the pooled median at world GDP of 2020, USD bn
    tau, i2, percentile_of_1tn : 1 trillion's percentile of the predictive distribution, as a fraction
    coefficient, coefficient_se : log points a year (with_trend), others against the scope (scope:<scope>); else null

    Notes
    -----
    model.md 1.2. A scope is a dummy entered alone (all together would span four orders of magnitude): share_p50 is then
    the median of that scope; a scope enters with at least two rows on either side, for else the dummy removes a row.
    with_trend is centered at 2020. Specifications left without a degree of freedom are left out.
    """
    table = log_shares(estimates, gdp)
    anchor = world_gdp(gdp, BASE_YEAR)
    choices: list[tuple[str, pl.DataFrame, Array | None]] = [
        ("all", table, None),
        ("world_rows", table.filter(pl.col("geography") == "WLD"), None),
        ("without_vendors", table.filter(pl.col("interest") != "vendor"), None),
    ]
    choices += [(f"leave_out:{i}", table.filter(pl.col("estimate_id") != i), None) for i in table["estimate_id"]]
    for scope in table["scope"].unique().sort():
        others = (table["scope"] != scope).to_numpy().astype(np.float64)
        if 2 <= others.sum() <= table.height - 2:
            choices.append((f"scope:{scope}", table, others))
    trend = (table["reference_year"] - BASE_YEAR).to_numpy().astype(np.float64)
    if table["reference_year"].n_unique() > 1:
        choices.append(("with_trend", table, trend))
    rows = []
    for name, chosen, covariate in choices:
        if chosen.height - (1 if covariate is None else 2) < 1:
            continue
        fit = pool(chosen["log_share"].to_numpy(), chosen["se"].to_numpy(), covariate)
        rows.append({"specification": name} | _summary(fit, anchor) | {"unit": _UNIT})
    return pl.DataFrame(rows, infer_schema_length=None)


def anchors(estimates: pl.DataFrame, gdp: pl.DataFrame, bases: pl.DataFrame) -> dict[str, float]:
    """Annual world loss of 2020 under each anchor, USD bn of 2020.

    Parameters
    ----------
    estimates, gdp : as for `log_shares`; bases : the printed figures of claim_bases.csv

    Notes
    -----
    model.md 1. Each is its share of its own year's GDP times world GDP of 2020. RAND's and CEA's shares are the ones
    they print (1.1 %; 0.31 and 0.58 %), because the GDP they divided by is not that of the present release. `pooled` is
    the pooled median of the world rows. The default is csis_2020_loss.
    """
    world = world_gdp(gdp, BASE_YEAR)

    def scaled(estimate_id: str) -> float:
        row = ledger_figure(estimates, estimate_id)
        return row.usd_bn / world_gdp(gdp, row.reference_year) * world

    rows = log_shares(estimates, gdp).filter(pl.col("geography") == "WLD")
    cea = math.sqrt(printed_share(bases, "cea_2018_printed_low") * printed_share(bases, "cea_2018_printed_high"))
    return {
        "csis_2020_loss": scaled("csis_2020_loss"),
        "csis_2020_total": scaled("csis_2020_total"),
        "op_ed_1000": ONE_TRILLION,
        "pooled": math.exp(pool(rows["log_share"].to_numpy(), rows["se"].to_numpy()).mean_log) * world,
        "rand_low": printed_share(bases, "rand_2018_printed_share") * world,
        "cea_scaled": cea * world,
    }


def _summary(fit: PooledEstimate, world_gdp_usd_bn: float) -> dict[str, float | int | None]:
    """The columns of one specification."""
    share = {"p50": fit.mean_quantile(0.5), "low": fit.mean_quantile(0.05), "high": fit.mean_quantile(0.95)}
    predictive = {f"p{round(100 * p):02d}": fit.predictive_quantile(p) for p in (0.05, 0.5, 0.95)}
    return {
        "n": fit.n,
        "df": fit.df,
        **{f"share_{k}": v for k, v in share.items()},
        **{f"predictive_share_{k}": v for k, v in predictive.items()},
        **{f"usd_bn_{k}": v * world_gdp_usd_bn for k, v in share.items()},
        **{f"predictive_usd_bn_{k}": v * world_gdp_usd_bn for k, v in predictive.items()},
        "tau": fit.tau,
        "i2": fit.i2,
        "percentile_of_1tn": 1.0 - fit.probability_above(ONE_TRILLION / world_gdp_usd_bn),
        "coefficient": fit.coefficients[0] if fit.coefficients else None,
        "coefficient_se": fit.coefficient_se[0] if fit.coefficients else None,
    }
