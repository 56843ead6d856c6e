"""The figures of the report: which rows each one draws, its title, legend, caption and data tables.

The drawing itself is in the files named figures_*.py. A new figure is one function here that returns a `Figure`, one
line in `FIGURES`, and one place in a template.
"""

import plotly.graph_objects as go

from reports import data_tables, facts_figures, text, titles
from reports.adoption_figure import hero
from reports.certainty_figures import sobol, specification
from reports.figure import Figure, Swatch, draws, in_every_layout
from reports.figures_cards import dot_card, effects_card, estimates_card, fan_card
from reports.figures_effects import effect_intervals
from reports.figures_estimates import INTEREST_COLORS, registry
from reports.figures_evidence import forest, percent, studies
from reports.loss_figures import bridge, gdp
from reports.mechanism_figures import accession, by_year, channels, definitions, regimes, strength
from reports.names import INTERESTS
from reports.numbers import chance, decimals, dollars, plain, present, signed
from reports.palette import (
    BAND_50,
    BAND_80,
    BLUE,
    DEEP_BLUE,
    DEEP_GREEN,
    DEEP_VERMILLION,
    INK,
    MUTED,
)
from reports.provenance import dotted
from reports.reference_tables import pooled_data
from reports.rows import Rows
from reports.tail_figures import exceedance, mean_excess, severity_quantiles, solarwinds
from reports.titles import Spread


def figures(rows: Rows) -> dict[str, Figure]:
    """Every figure of the report in the order in which it is numbered; one whose table is empty is left out."""
    made = [rows.made(make) for make in FIGURES]
    return {figure.key: figure for figure in made if figure is not None}


def card_drawings(rows: Rows) -> dict[str, go.Figure]:
    """The four small charts of the cards."""
    made = {
        "card-estimates": rows.made(lambda rows: estimates_card(rows.estimates, rows.pooled)),
        "card-avoided": rows.made(lambda rows: dot_card(rows.share)),
        "card-adoption": rows.made(lambda rows: fan_card(rows.levels)),
        "card-effects": rows.made(lambda rows: effects_card(rows.effect_rows)),
    }
    return {key: drawing for key, drawing in made.items() if drawing is not None}


def _registry(rows: Rows) -> Figure:
    ledger = rows.edition.rows("estimates")
    shown = rows.estimates
    title = titles.registry(shown, rows.pooled["percentile_of_1tn"])
    left_out = len(ledger) - len(shown)
    middles = [row["middle_2020"] for row in shown]
    ends = (f"${plain(v, decimals([v]))} bn" for v in (min(middles), max(middles)))
    lowest, highest = ends
    keys = sorted({str(row["source"]) for row in shown})
    return Figure(
        key="registry",
        queries=("estimates", "pooled"),
        code=dotted(registry),
        title=title,
        subtitle="Published yearly losses as shares of GDP of their own place and year, in USD billion at world GDP "
        "of 2020, log scale; "
        "sorted by year of publication",
        legend=(
            *(
                Swatch("circle", INTEREST_COLORS[key], name)
                for key, name in INTERESTS.items()
                if any(row["interest"] == key for row in shown)
            ),
            Swatch("hollow", INK, "One country, scaled"),
            Swatch("dot", MUTED, "Small: not in the pool"),
            Swatch("diamond", INK, "Pooled, 90 %"),
        ),
        drawings=in_every_layout(lambda mode: registry(shown, rows.pooled, mode)),
        alt=f"Dot and range plot of {len(shown)} published estimates on a log scale. {title}. The lowest is {lowest}, "
        f"the highest {highest}, "
        f"the pooled median {dollars(rows.pooled['usd_bn_p50'])}.",
        note="Bars are the ranges that the sources print; where none is printed, none is drawn, and where only a "
        "range is printed the mark is "
        "its geometric mean. The last row is where one more estimate of the kind would lie, 90 % of the predictive "
        "distribution. "
        f"Rows not drawn because they are no yearly cost of a whole economy or cannot be scaled: {left_out}; all are "
        "in the data. "
        f"Sources: {', '.join(keys)}.",
        method="loss",
        tables=(data_tables.estimates(ledger), pooled_data(rows.edition.rows("pooled"))),
    )


def _forest(rows: Rows) -> Figure:
    effects = rows.need("treaty_effects")
    shown = studies(effects)
    sets = rows.edition.rows("effect_sets")
    title = titles.forest(shown)
    default = {row["coefficient"]: row for row in sets if row["effect_set"] == "default"}
    harm = {
        name: chance(default[name]["p_harm"]) if name in default else "not estimated" for name in ("target", "origin")
    }
    changes = [percent(row["log_rate_ratio"]) for row in shown]
    assumed = sum(bool(row["se_assumed"]) for row in shown)
    keys = sorted({str(row["source"]) for row in shown})
    return Figure(
        key="forest",
        queries=("treaty_effects", "effect_sets", "effect_density"),
        code=dotted(forest),
        title=title,
        subtitle="Change in attacks when a country joins or enforces, %, with 95 % interval; below, the priors used "
        "here",
        legend=(
            Swatch("box", BAND_80, "Default: fewer attacks"),
            Swatch("hatch", DEEP_VERMILLION, "Default: none or harm"),
            Swatch("line", BLUE, "As published", "12 4"),
            Swatch("line", DEEP_GREEN, "Optimistic", "7 4"),
            Swatch("line", MUTED, "Null", "3 3"),
            Swatch("line", DEEP_VERMILLION, "Backfire", "8 3 3 3"),
        ),
        drawings=in_every_layout(lambda mode: forest(shown, sets, rows.edition.rows("effect_density"), mode)),
        alt=f"Forest plot of {len(shown)} studies with prior densities below. {title}. Effects run from "
        f"{signed(min(changes), 0)} % to "
        f"{signed(max(changes), 0)} %; {harm['target']} of the default prior on the victim side and {harm['origin']} "
        "on the origin side is "
        "no effect or harm.",
        note="Squares find fewer attacks, triangles more. Dotted intervals rest on a standard error assumed here "
        f"({assumed} of {len(shown)}). "
        "Densities are drawn each on its own scale. Studies of single take-downs and prosecutions are in the data, "
        "not in the priors. "
        f"Sources: {', '.join(keys)}.",
        method="law",
        tables=(data_tables.evidence(effects), data_tables.priors(sets)),
    )


def _effects(rows: Rows) -> Figure:
    shown = rows.effect_rows
    title = titles.effect_sets(shown)
    spreads = [Spread.of(row, 100) for row in shown]
    worse = [row["p_not_better"] for row in shown if present(row["p_not_better"])]
    odds = f"{chance(min(worse))} to {chance(max(worse))}" if worse else "not estimated"
    medians = [s.p50 for s in spreads]
    places = spreads[0].places
    return Figure(
        key="effects",
        queries=("scenarios", "without_standdown"),
        code=dotted(effect_intervals),
        title=title,
        subtitle=f"Avoided loss under {rows.subject}, % of the status-quo loss, by what joining is assumed to "
        "do; median, 50 and 90 % of draws",
        legend=(
            Swatch("circle", DEEP_BLUE, "Median, a gain"),
            Swatch("down", DEEP_VERMILLION, "Median, no gain"),
            Swatch("box", BAND_50, "50 %"),
            Swatch("box", BAND_80, "90 % of draws"),
        ),
        drawings=in_every_layout(lambda mode: effect_intervals(shown, mode)),
        alt=f"Interval chart of {len(shown)} effect sets. {title}. Medians run from {signed(min(medians), places)} % "
        "to "
        f"{signed(max(medians), places)} %; the chance of nothing or harm from {odds}.",
        note="The last column of numbers is the chance, in percent, that the convention avoids nothing or does harm. "
        "Averaged draws one of the "
        f"sets at random in each draw, with the stated weights. {text.beside(rows.spread_without)}"
        f"{draws(max(shown, key=lambda row: row['mcse'] or 0))} Sources: Annex A.",
        method="law",
        tables=(data_tables.effect_sets(shown),),
    )


FIGURES = (
    hero,
    bridge,
    _registry,
    facts_figures.records,
    facts_figures.actors,
    exceedance,
    solarwinds,
    mean_excess,
    severity_quantiles,
    _forest,
    definitions,
    channels,
    regimes,
    accession,
    by_year,
    strength,
    facts_figures.groups,
    gdp,
    _effects,
    sobol,
    specification,
)
"""What makes each figure, in the order in which they are numbered."""
