"""The op-ed's three claims about the cost of cybercrime, computed under every defensible reading.

Belongs here: which figures a claim can be read to mean, their arithmetic and the verdict. Figures come from the ledger,
the GDP and the price tables passed in; the three thresholds are the claims themselves, in the op-ed's words.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import polars as pl

from models.ledger import ledger_figure, price_level, printed_amount, printed_share, world_gdp

ONE_TRILLION = 1000.0  # "Cybercrimes cost the global economy over $1 trillion", in USD bn
ONE_PERCENT = 0.01  # "more than 1% of global GDP"
FIFTY_PERCENT = 0.5  # "up 50% since 2018"

OVER_ONE_TRILLION = "over $1 trillion"
OVER_ONE_PERCENT = "more than 1 % of global GDP"
UP_FIFTY_PERCENT = "up 50 % since 2018"

LOSS_YEAR = 2020  # the year of the report the op-ed draws on
OP_ED_YEAR = 2021
OP_ED, LOSS, TOTAL, BASE = "op_ed_2021", "csis_2020_loss", "csis_2020_total", "csis_2018"
REPRINT, RAND, CEA = "csis_2018_reprint", "rand_2018_printed_share", ("cea_2018_printed_low", "cea_2018_printed_high")


@dataclass(frozen=True)
class _Amount:
    """A loss in USD bn of its year, the words for it, and the ids of the rows it rests on."""

    usd_bn: float
    words: str
    source: str


def _amount(usd_bn: float, words: str, source: str) -> _Amount:
    return _Amount(usd_bn, f"{usd_bn:g} ({words})", source)


def claims(estimates: pl.DataFrame, gdp: pl.DataFrame, cpi: pl.DataFrame, bases: pl.DataFrame) -> pl.DataFrame:
    """The op-ed's three claims under each reading, with a verdict a claim.

    Parameters
    ----------
    estimates : the ledger; rows csis_2020_loss, csis_2020_total, csis_2018 (low, center, high)
    gdp : iso3, year, gdp_usd_bn_current, with WLD for 2017 to 2021; cpi : year, index, months; bases : claim_bases.csv

    Returns
    -------
    claim, reading, value, threshold, holds, unit, verdict ('holds', 'on some readings', 'fails'), source (row ids),
    principal (the readings that take the op-ed's source at its word, for short tables)

    Errors
    ------
    ValueError where a row that a reading needs is missing.

    Notes
    -----
    model.md 1.1. Shares and growth are fractions, amounts USD bn. "Over" and "more than" are strict; "up 50 %" holds
    from exactly 50 % up. Real growth is in US consumer prices; the figure of 2018 may be in dollars of 2017 or 2018, so
    both are read. 544.5 is what a page reprints as the world center; 526.5 and 522.5 are mid-points of the report's own
    ends, and of its low end and its center.
    """
    losses = [
        _amount(ledger_figure(estimates, LOSS).usd_bn, "loss", LOSS),
        _amount(printed_amount(bases, OP_ED), "the op-ed's round figure", OP_ED),
        _amount(ledger_figure(estimates, TOTAL).usd_bn, "loss and security spending", TOTAL),
    ]
    rows = (
        _over_one_trillion(losses, gdp, cpi, bases)
        + _over_one_percent(losses, gdp, bases)
        + _up_fifty_percent(losses, _bases_of_2018(estimates, bases), gdp, cpi)
    )
    held = pl.col("holds").sum().over("claim")
    verdict = (
        pl.when(held == pl.len().over("claim"))
        .then(pl.lit("holds"))
        .when(held == 0)
        .then(pl.lit("fails"))
        .otherwise(pl.lit("on some readings"))
    )
    columns = ["claim", "reading", "value", "threshold", "holds", "unit", "verdict", "source", "principal"]
    return pl.DataFrame(rows).with_columns(verdict=verdict).select(columns)


def _over_one_trillion(
    losses: list[_Amount], gdp: pl.DataFrame, cpi: pl.DataFrame, bases: pl.DataFrame
) -> list[dict[str, object]]:
    """Amounts in USD bn against 1,000: as printed, at the op-ed year's prices or GDP, and other publishers'."""
    inflation = price_level(cpi, OP_ED_YEAR) / price_level(cpi, LOSS_YEAR)
    growth = world_gdp(gdp, OP_ED_YEAR) / world_gdp(gdp, LOSS_YEAR)
    # The round figure is the claim itself and cannot support it.
    report = [loss for loss in losses if loss.source != OP_ED]
    readings = [(a.words, a.usd_bn, a.source, True) for a in report]
    readings += [(f"{a.words}, at {OP_ED_YEAR} prices", a.usd_bn * inflation, a.source, False) for a in report]
    readings += [(f"{a.words}, at the GDP of {OP_ED_YEAR}", a.usd_bn * growth, a.source, False) for a in report]
    readings += [
        (f"{words}, of world GDP {LOSS_YEAR}", share * world_gdp(gdp, LOSS_YEAR), source, False)
        for words, share, source in _other_shares(bases)
    ]
    return [_row(OVER_ONE_TRILLION, w, v, ONE_TRILLION, v > ONE_TRILLION, "USD bn", s, p) for w, v, s, p in readings]


def _over_one_percent(losses: list[_Amount], gdp: pl.DataFrame, bases: pl.DataFrame) -> list[dict[str, object]]:
    """Shares of world GDP (fractions) against 1 %: each loss over the GDP of the year before, of its year and after."""
    readings = [
        (f"{a.words}, of world GDP {year}", a.usd_bn / world_gdp(gdp, year), a.source, year == LOSS_YEAR)
        for year in (LOSS_YEAR, LOSS_YEAR - 1, LOSS_YEAR + 1)
        for a in losses
    ]
    readings += [(words, share, source, False) for words, share, source in _other_shares(bases)]
    unit = "fraction of GDP"
    return [_row(OVER_ONE_PERCENT, w, v, ONE_PERCENT, v > ONE_PERCENT, unit, s, p) for w, v, s, p in readings]


def _up_fifty_percent(
    losses: list[_Amount], bases: list[_Amount], gdp: pl.DataFrame, cpi: pl.DataFrame
) -> list[dict[str, object]]:
    """Growth on the 2018 report (fractions) against 50 %: nominal, in constant dollars, and of the share of GDP."""
    inflation = {year: price_level(cpi, LOSS_YEAR) / price_level(cpi, year) for year in (2018, 2017)}
    growth = {year: world_gdp(gdp, LOSS_YEAR) / world_gdp(gdp, year) for year in (2018, 2017)}
    rows = []
    for loss in losses:
        for base in bases:
            ratio, words = loss.usd_bn / base.usd_bn, f"{loss.words} on {base.words}"
            readings = [(f"{words}, nominal", ratio)]
            readings += [(f"{words}, real, read as {year} dollars", ratio / inflation[year]) for year in inflation]
            # Only loss on loss measures one concept at both ends: spending is in no figure of 2018.
            same_concept = loss.source == LOSS
            if same_concept:
                readings += [
                    (f"{words}, as shares of world GDP {LOSS_YEAR} and {year}", ratio / growth[year]) for year in growth
                ]
            taken = same_concept and base is bases[0]  # the center that the report prints
            rows += [
                _row(
                    UP_FIFTY_PERCENT,
                    text,
                    value - 1,
                    FIFTY_PERCENT,
                    value - 1 >= FIFTY_PERCENT,
                    "fraction, growth",
                    f"{loss.source}, {base.source}",
                    taken and "shares" not in text,
                )
                for text, value in readings
            ]
    return rows


def _bases_of_2018(estimates: pl.DataFrame, bases: pl.DataFrame) -> list[_Amount]:
    """What the 2018 report's world figure can be read to be: its center, both ends, mid-points, and a reprint."""
    row = ledger_figure(estimates, BASE)
    low, center, high = row.low_usd_bn, row.usd_bn, row.high_usd_bn
    if low is None or high is None:
        raise ValueError(f"estimate {BASE}: both ends of its range are needed to read the growth since 2018")
    return [
        _amount(center, "center of 2018", BASE),
        _amount(high, "high end of 2018", BASE),
        _amount(printed_amount(bases, REPRINT), "reprinted center of 2018", REPRINT),
        _amount((low + high) / 2, "mid-point of the ends of 2018", BASE),
        _amount((low + center) / 2, "mid-point of low end and center of 2018", BASE),
        _amount(low, "low end of 2018", BASE),
    ]


def _other_shares(bases: pl.DataFrame) -> list[tuple[str, float, str]]:
    """The lowest figures of publishers who did not sell security: words, share of GDP, row ids."""
    low, high = (printed_share(bases, end) for end in CEA)
    return [
        ("RAND's lowest total", printed_share(bases, RAND), RAND),
        ("the US rate of the Council of Economic Advisers", math.sqrt(low * high), ", ".join(CEA)),
    ]


def _row(
    claim: str, reading: str, value: float, threshold: float, holds: bool, unit: str, source: str, principal: bool
) -> dict[str, object]:
    names = ("claim", "reading", "value", "threshold", "holds", "unit", "source", "principal")
    return dict(zip(names, (claim, reading, value, threshold, holds, unit, source, principal), strict=True))
