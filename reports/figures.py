"""The figures of the report: which rows each one draws, its title, legend, caption and data tables.

The drawing itself is in the files named figures_*.py. A new figure is one function here that returns a `Figure`, one
line in `figures`, and one place in a template.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import plotly.graph_objects as go

from reports import data_tables, text, titles
from reports.figures_adoption import LETTERS, adoption_curve, marked_blocs
from reports.figures_cards import dot_card, effects_card, estimates_card, fan_card
from reports.figures_effects import effect_intervals, ordered_sets
from reports.figures_estimates import INTEREST_COLORS, drawn, registry
from reports.figures_evidence import forest, percent, studies
from reports.names import ARTICLES, BLOCS, INTERESTS, label
from reports.numbers import chance, decimals, dollars, plain, present, signed, span
from reports.palette import (
    BAND_50,
    BAND_80,
    BAND_95,
    BLUE,
    DEEP_BLUE,
    DEEP_GREEN,
    DEEP_VERMILLION,
    INK,
    MODES,
    MUTED,
)
from reports.queries import FOCUS, Edition, Row
from reports.reference_tables import pooled_data
from reports.tables import DataTable
from reports.titles import Spread


@dataclass(frozen=True)
class Swatch:
    """One entry of a legend: the kind of mark, its color, its text, the dash of a line."""

    kind: str
    color: str
    text: str
    dash: str = ""


@dataclass(frozen=True)
class Figure:
    """A figure with all the words around it; `drawings` holds one plotly figure a mode."""

    key: str
    title: str
    subtitle: str
    legend: tuple[Swatch, ...]
    drawings: dict[str, go.Figure]
    alt: str
    note: str
    method: str
    tables: tuple[DataTable, ...]
    under: str = ""
    key_table: DataTable | None = None
    anchor: str = ""
    label: str = ""

    @property
    def heights(self) -> dict[str, int]:
        """Height by mode, px: the page reserves it before anything is drawn."""
        return {mode: int(drawing.layout.height) for mode, drawing in self.drawings.items()}


@dataclass(frozen=True)
class Rows:
    """The rows several parts of the report share, taken from the edition once."""

    edition: Edition
    levels: list[Row] = field(default_factory=list)
    blocs: list[Row] = field(default_factory=list)
    estimates: list[Row] = field(default_factory=list)
    pooled: Row = field(default_factory=dict)
    effect_rows: list[Row] = field(default_factory=list)
    baseline_usd_bn: float = 0.0
    share: Row = field(default_factory=dict)
    amount: Row = field(default_factory=dict)

    @classmethod
    def of(cls, edition: Edition) -> "Rows":
        """Pick them out of the query answers; ValueError names what is missing."""
        net = {row["bloc"]: row["p_not_better"] for row in edition.rows("blocs", measure="net_benefit")}
        blocs = [row | {"not_paying": net.get(row["bloc"])} for row in edition.rows("blocs", measure="avoided_share")]
        pooled = edition.one("pooled", specification="all")
        share = edition.one("scenarios", scenario=FOCUS, effect_set="default", measure="avoided_share")
        amount = edition.one("scenarios", scenario=FOCUS, effect_set="default", measure="avoided_loss")
        levels = edition.rows("levels", measure="avoided_share")
        for name, found in (("model.pooled 'all'", pooled), (f"headline of {FOCUS}", share), ("its levels", levels)):
            if not found:
                raise ValueError(f"the published database has no {name}: the report cannot be written")
        loss = edition.one("scenarios", scenario="status_quo", effect_set="default", measure="loss")
        baseline = loss["mean"] if loss else amount["mean"] / share["mean"]
        sets = edition.rows("scenarios", scenario=FOCUS, measure="avoided_share")
        return cls(
            edition,
            levels,
            blocs,
            drawn(edition.rows("estimates")),
            pooled,
            ordered_sets(sets),
            baseline,
            share,
            amount,
        )

    @property
    def small_bloc(self) -> Row:
        """The small club of the third card and of the hero's title: G7 where there is one, else the smallest marked."""
        return next((row for row in self.blocs if row["bloc"] == "G7"), marked_blocs(self.blocs)[0])


def figures(rows: Rows) -> dict[str, Figure]:
    """Every figure of the report in the order in which it is numbered."""
    made = (_hero(rows), _registry(rows), _forest(rows), _effects(rows))
    return {figure.key: figure for figure in made}


def card_drawings(rows: Rows) -> dict[str, go.Figure]:
    """The four small charts of the cards."""
    return {
        "card-estimates": estimates_card(rows.estimates, rows.pooled),
        "card-avoided": dot_card(rows.share),
        "card-adoption": fan_card(rows.levels),
        "card-effects": effects_card(rows.effect_rows),
    }


def cards(rows: Rows) -> list[text.Card]:
    """The four messages at a glance."""
    return [
        text.card_estimates(rows.estimates, rows.pooled),
        text.card_avoided(Spread.of(rows.share, 100)),
        text.card_adoption(rows.levels, rows.small_bloc, rows.small_bloc["not_paying"]),
        text.card_effects(rows.effect_rows),
    ]


def _three_modes(draw: "Sequence[go.Figure]") -> dict[str, go.Figure]:
    return {mode.name: drawing for mode, drawing in zip(MODES, draw, strict=True)}


def _draws(row: Row) -> str:
    """How many draws and how exact: part of every caption of a simulated figure."""
    return f"N = {row['draws']:,} paired draws, Monte Carlo s.e. {text.monte_carlo(row)} points."


def _hero(rows: Rows) -> Figure:
    marked = marked_blocs(rows.blocs)
    small = rows.small_bloc
    title = titles.hero(rows.levels, (label(small["bloc"], BLOCS | ARTICLES), small))
    full = Spread.of(rows.levels[-1], 100)
    net = rows.edition.rows("levels", measure="net_benefit")
    mentioned = "; ".join(f"{label(b['bloc'], BLOCS)} {chance(b['not_paying'])}" for b in marked)
    return Figure(
        key="hero",
        title=title,
        subtitle="Avoided loss by the share of attack origin that members cover, % of baseline loss and USD billion a "
        "year at 2020 prices",
        legend=(
            Swatch("line", DEEP_BLUE, "Median"),
            Swatch("box", BAND_50, "50 %"),
            Swatch("box", BAND_80, "80 %"),
            Swatch("box", BAND_95, "95 % of draws"),
        ),
        drawings=_three_modes([adoption_curve(rows.levels, marked, rows.baseline_usd_bn, mode) for mode in MODES]),
        alt=f"Fan chart of avoided loss by adoption. {title}. At full adoption the median is "
        f"{signed(full.p50, full.places)} %, "
        f"the 90 % interval {span(full.p05, full.p95, full.places)} %, the chance of nothing or harm "
        f"{chance(full.p_not_better)}. "
        f"Chance of not paying for itself: {mentioned}.",
        note="Bands hold 50, 80 and 95 % of draws; the op-ed’s founders join first, then economies by the attacks "
        "that come from them. "
        "Marks show a convention with exactly the members of a bloc, fully phased in, so they need not lie on the "
        "curve. Zero is the "
        f"status quo, with the Budapest Convention in force. {_draws(rows.levels[-1])} Sources: Annex A.",
        method="adoption",
        tables=(data_tables.adoption(rows.levels, net),),
        key_table=data_tables.bloc_key(marked, LETTERS),
    )


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
        drawings=_three_modes([registry(shown, rows.pooled, mode) for mode in MODES]),
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
    effects = rows.edition.rows("treaty_effects")
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
        drawings=_three_modes([forest(shown, sets, rows.edition.rows("effect_density"), mode) for mode in MODES]),
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
        title=title,
        subtitle="Avoided loss under the op-ed’s convention, % of the status-quo loss, by what joining is assumed to "
        "do; median, 50 and 90 % of draws",
        legend=(
            Swatch("circle", DEEP_BLUE, "Median, a gain"),
            Swatch("down", DEEP_VERMILLION, "Median, no gain"),
            Swatch("box", BAND_50, "50 %"),
            Swatch("box", BAND_80, "90 % of draws"),
        ),
        drawings=_three_modes([effect_intervals(shown, mode) for mode in MODES]),
        alt=f"Interval chart of {len(shown)} effect sets. {title}. Medians run from {signed(min(medians), places)} % "
        "to "
        f"{signed(max(medians), places)} %; the chance of nothing or harm from {odds}.",
        note="The last column of numbers is the chance, in percent, that the convention avoids nothing or does harm. "
        "Averaged draws one of the "
        "sets at random in each draw, with the stated weights. "
        f"{_draws(max(shown, key=lambda row: row['mcse'] or 0))} Sources: Annex A.",
        method="law",
        tables=(data_tables.effect_sets(shown),),
    )
