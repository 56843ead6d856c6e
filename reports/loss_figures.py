"""The figures on GDP, on definitions of the loss and on its tail: which rows each draws and all the words around it.

As in figures.py. Each function returns None where its table is empty, and the page says so in its place.
"""

from reports import loss_data, loss_text, text, titles_losses
from reports.figure import Figure, Swatch, in_every_layout
from reports.figures_bridge import bridge as bridge_drawing
from reports.figures_bridge import bridge_steps, growth
from reports.figures_gdp import BASIS_POINTS, GROWTH, LONG_RUN, SHARE, gdp_paths, last
from reports.numbers import plain, signed, span
from reports.palette import AMBER, BAND_80, BLUE, DEEP_BLUE, INK, MUTED, PALE, SKY
from reports.provenance import dotted
from reports.rows import Rows
from reports.titles import Spread


def gdp(rows: Rows) -> Figure | None:
    """What the convention adds to GDP by year, in level and in growth."""
    found = rows.edition.rows("gdp_path")
    share, amount, slope = (last(found, name) for name in (SHARE, "gain", GROWTH))
    if share is None or amount is None or slope is None:
        return None
    end, level = last(found, LONG_RUN), Spread.of(share, BASIS_POINTS)
    title = titles_losses.gdp(Spread.of(amount), level, share["year"])
    acts = text.mechanisms(str(share["mechanisms"]))
    spread = Spread.of(amount)
    places = min(1, spread.places)
    under = loss_text.level_and_growth(found)
    return Figure(
        key="gdp",
        queries=("gdp_path",),
        code=dotted(gdp_paths),
        title=title,
        subtitle=f"GDP of the world with {rows.subject} less GDP without it, level and growth, basis points; "
        "members join at the dates of the scenario file",
        legend=(
            Swatch("line", DEEP_BLUE, "Median"),
            Swatch("box", BAND_80, "90 % of draws"),
            Swatch("line", BLUE, "Of which through capital, median", "6 4"),
            *((Swatch("diamond", DEEP_BLUE, "Where the level leads"),) if end else ()),
        ),
        drawings=in_every_layout(lambda mode: gdp_paths(found, mode)),
        alt=f"Two fan charts of GDP by year. {title}. In USD billion the gain in {share['year']} is "
        f"{signed(spread.p50, places)}, 90 % interval {span(spread.p05, spread.p95, places)}. {under}",
        note=f"A loss of output lowers this year’s GDP and, through saving, the capital of later years. A convention "
        "that avoids a constant share of the loss raises the level of GDP; growth differs only while members join and "
        "capital catches up. Long run: the level to which the shares of loss of the last year lead. "
        f"What acts: {acts}. Sources: Annex A.",
        method="GDP",
        tables=(loss_data.gdp_years(found), loss_data.gdp_groups(found), loss_data.gdp_values(found)),
        under=under,
    )


def bridge(rows: Rows) -> Figure | None:
    """From the loss published in one report to that of the next, and to the op-ed's round figure."""
    # The op-ed claims one amount, one share of GDP and one growth; their units tell them apart.
    claimed = {str(row["unit"]): row["threshold"] for row in rows.edition.rows("claims")}
    steps = bridge_steps(rows.edition.rows("bridge"), claimed.get("USD bn"))
    if not steps:
        return None
    nominal, real = growth(steps)
    title = titles_losses.bridge(nominal, real, claimed.get("fraction, growth"))
    said = "; ".join(f"{' '.join(step.name)} {plain(step.end, 0)}" for step in steps if step.is_total)
    return Figure(
        key="bridge",
        queries=("bridge", "claims"),
        code=dotted(bridge_drawing),
        title=title,
        subtitle="From the loss of one report to that of the next and to the op-ed’s figure, USD billion; share of "
        "world GDP of the year over each total",
        legend=(
            Swatch("box", MUTED, "Published total"),
            Swatch("dots", SKY, "Price base"),
            Swatch("box", BLUE, "Real growth"),
            Swatch("stripes", AMBER, "Change of definition"),
            *(
                (Swatch("frame", INK, "Rounding"), Swatch("box", PALE[MUTED], "The op-ed’s figure"))
                if len(steps) > 6
                else ()
            ),
        ),
        drawings=in_every_layout(lambda mode: bridge_drawing(steps, mode)),
        alt=f"Bridge chart of published losses in USD billion. {title}. {said}.",
        note="Central losses of two reports by the same authors. Inflation is that of US consumer prices. The later "
        "report adds security spending to its loss; that is a cost, but nothing that was lost to an attack. Sources: "
        "Annex A.",
        method="loss",
        tables=(loss_data.bridge(steps),),
    )
