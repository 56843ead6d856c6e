"""The figures on how sure the results are: which rows each draws and all the words around it, as in figures.py."""

from reports import certainty_data, titles_certainty
from reports.figure import Figure, Swatch, in_every_layout
from reports.figures_sobol import OTHERS, input_name, top_inputs
from reports.figures_sobol import sobol as sobol_drawing
from reports.figures_specification import LEAST, dashboard, ordered_choices
from reports.figures_specification import specification as specification_drawing
from reports.names import label
from reports.names_losses import CHOICES
from reports.numbers import decimals, plain, probability, signed
from reports.palette import BAND_50, BAND_80, BLUE, DEEP_BLUE, DEEP_VERMILLION, INK
from reports.provenance import dotted
from reports.rows import Rows


def sobol(rows: Rows) -> Figure | None:
    """Which inputs the spread of the avoided loss comes from."""
    found = rows.edition.rows("sensitivity")
    shown = top_inputs(found)
    if not shown:
        return None
    title = titles_certainty.sobol(shown)
    inputs = [row for row in shown if row["prior_id"] != OTHERS]
    said = "; ".join(f"{input_name(row)} {plain(row['total'], 2)}" for row in inputs[:3])
    alone = sum(max(0.0, row["first"]) for row in found if row["output"] == "avoided_loss")
    return Figure(
        key="sobol",
        queries=("sensitivity",),
        code=dotted(sobol_drawing),
        title=title,
        subtitle="Sobol’ indices of the avoided loss of the op-ed’s convention, share of its variance over the draws",
        legend=(
            Swatch("box", BLUE, "By itself (first order)"),
            Swatch("stripes", BAND_80, "With interactions (total)"),
            Swatch("line", INK, "90 % interval of the total"),
        ),
        drawings=in_every_layout(lambda mode: sobol_drawing(shown, mode)),
        alt=f"Bar chart of {len(inputs)} inputs. {title}. Total indices: {said}.",
        note=f"First-order indices add up to {plain(alone, 2)}; the rest of the variance is interaction, which total "
        "indices count once for every input that takes part, so that their sum exceeds one. Intervals by bootstrap "
        "over the rows. Priors that move together are one input. The effect of law at the target is that of joining on "
        "attacks against a member. Sources: Annex A.",
        method="uncertainty",
        tables=(certainty_data.sensitivity(found),),
    )


def specification(rows: Rows) -> Figure | None:
    """The avoided loss under every combination of the model's choices."""
    everything = rows.edition.one("specification_all")
    sample, choices = rows.edition.rows("specification_sample"), rows.edition.rows("specification_choice")
    if everything is None or not sample or not choices:
        return None
    title = titles_certainty.specification(everything, choices)
    total, bad = everything["specifications"], everything["not_above_zero"]
    places = min(1, decimals([everything["lowest"], everything["highest"]]))
    drawn = {name for name, _ in dashboard(choices)}
    left_out = [label(name, CHOICES).lower() for name, _ in ordered_choices(choices) if name not in drawn]
    share = f"{probability(bad / total)} %" if bad else "none"
    omitted = (
        f"Left out of the dashboard, since each explains less than {plain(100 * LEAST, 0)} % of the variance of the "
        f"means even with interactions: {', '.join(left_out)}. "
        if left_out
        else ""
    )
    thinning = (
        f"{len(sample)} of {total:,} are drawn, evenly along the order of their means"
        if total > len(sample)
        else "All are drawn"
    )
    return Figure(
        key="specification",
        queries=("specification_sample", "specification_choice", "specification_all"),
        code=dotted(specification_drawing),
        title=title,
        subtitle=f"Avoided loss of the op-ed’s convention under {total:,} combinations of the model’s choices, sorted "
        "by mean, USD billion a year at 2020 prices; ticks show the choices behind each",
        legend=(
            Swatch("circle", DEEP_BLUE, "Mean above zero"),
            *((Swatch("down", DEEP_VERMILLION, "Mean at or below zero"),) if bad else ()),
            Swatch("box", BAND_50, "90 % of draws"),
        ),
        drawings=in_every_layout(lambda mode: specification_drawing(sample, choices, mode)),
        alt=f"Specification curve. {title}. Means run from {signed(everything['lowest'], places)} to "
        f"{signed(everything['highest'], places)} USD bn, their median is {signed(everything['middle'], places)}; "
        f"{bad:,} of {total:,} are at or below zero.",
        note=f"A full factorial: every specification counts once and none is preferred. {thinning}, fewer on a narrow "
        f"screen; the share is of all. Means run from {signed(everything['lowest'], places)} to "
        f"{signed(everything['highest'], places)} USD bn. {omitted}The loss is a choice, too: "
        "hence the dollars. Sources: Annex A.",
        method="uncertainty",
        tables=(certainty_data.choices(choices), certainty_data.specifications(sample)),
        under=f"Mean at or below zero: {share} of {total:,} specifications.",
    )
