"""The tables of schema `model` on the way from loss to GDP: ledgers, propagation through supply chains, GDP paths.

What is computed is in models/ and propagation_fit.py; who computes it, in assets/.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from pipelines.schemas.mechanisms import MEAN, MODELS, SCENARIO, THREE, UNIT, YEAR, quantiles
from pipelines.schemas.tables import LABEL, MONEY, OWN, column, count, fraction, number, table, text

MACRO_TABLES = [
    table(
        "model.ledgers",
        "What the status quo's loss is made of: its ledgers by threat class, and what of each lowers GDP; one row is a "
        "class and a ledger",
        MODELS,
        column(
            "threat_class",
            pl.String,
            LABEL,
            "state, criminal, other, or all",
            checks=[pa.Check.isin(["state", "criminal", "other", "all"])],
        ),
        column(
            "ledger",
            pl.String,
            LABEL,
            "transfer (to the attacker), direct (damage and recovery), indirect (disruption downstream) or defence "
            "(spending on security, in one anchor only)",
            checks=[pa.Check.isin(["transfer", "direct", "indirect", "defence"])],
        ),
        fraction("share", "mean amount over the mean loss of the class"),
        number("mean", MONEY, "mean over the draws"),
        *quantiles(THREE),
        number("gdp_mean", MONEY, "mean of the part that lowers GDP"),
        UNIT,
        key=["threat_class", "ledger"],
    ),
    table(
        "model.propagation",
        "How far a stoppage spreads through supply chains; one row is a method and what is hit. A multiplier above 1 "
        "comes only where output stops and customers go without; no row of it is in the headline",
        "core.fits, and staging.wiod tables where they are on the machine",
        column(
            "method",
            pl.String,
            LABEL,
            "leontief_final_demand (demand falls away) and ghosh_primary_inputs (work and capital are missing), both 1 "
            "by identity; ghosh (output stops, customers lose by cost share); dynamic_inoperability (with stocks and "
            "other suppliers); as_notpetya (inputs as hard to do without as those of the firms hit in 2017); amplified "
            "(what the alternative of that name draws); ledgers (what the default's own indirect loss implies, no "
            "result of the table); published_notpetya, published_rand",
            checks=[
                pa.Check.isin(
                    [
                        "leontief_final_demand",
                        "ghosh_primary_inputs",
                        "ghosh",
                        "dynamic_inoperability",
                        "as_notpetya",
                        "amplified",
                        "ledgers",
                        "published_notpetya",
                        "published_rand",
                    ]
                )
            ],
        ),
        text("region", "economy that is hit (ISO3, RoW for the rest of the world), or WLD"),
        text("industry", "industry that is hit, all, or notpetya (those of six named firms)"),
        number(
            "multiplier",
            OWN,
            "mean over sectors that are hit one at a time, weighted by value added; the median where there are draws, "
            "and by economy and industry at the median of recovery; of two published ends the geometric mean",
        ),
        number("lower", OWN, "quantile 0.05 over the draws, or the lower published figure", nullable=True),
        number("upper", OWN, "quantile 0.95 over the draws, or the higher reading", nullable=True),
        count("n", "sectors, firms or published figures behind the row; 0 where it is a judgement"),
        UNIT,
        key=["method", "region", "industry"],
    ),
    table(
        "model.gdp_path",
        "GDP with and without a convention, from yearly losses in Solow's model; one row is a scenario, a set of "
        "mechanisms, an income group, a year and a measure",
        MODELS,
        SCENARIO,
        text("mechanisms", "what acts: law (criminal law alone), no_standdown, all"),
        text("income_group", "the World Bank's income group, or WLD"),
        YEAR,
        column(
            "measure",
            pl.String,
            LABEL,
            "gdp_without, gdp_with, gain (the level), gain_share, gain_from_capital (the part that lasts), "
            "growth_difference (a year, since 2020), cumulative_gain; in the last year gain_share_long_run, "
            "present_value_ and annualized_ with the rate (3, 5, 7, ramsey, declining), and present_value_forever_ "
            "(5, 7) of the world",
            checks=[
                pa.Check.str_matches(
                    r"^(gdp_without|gdp_with|gain|gain_share|gain_share_long_run|gain_from_capital|growth_difference|cumulative_gain"
                    r"|(present_value|annualized)_(3|5|7|ramsey|declining)|present_value_forever_(5|7))$"
                )
            ],
        ),
        MEAN,
        *quantiles(THREE),
        UNIT,
        key=["scenario", "mechanisms", "income_group", "year", "measure"],
    ),
]

MACRO = {str(schema.name).split(".")[1]: schema for schema in MACRO_TABLES}
