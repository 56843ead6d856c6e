"""The figures on bad years, large events and the tails behind: which rows each draws and all the words around it.

As in figures.py. Each function returns None where its table is empty, and the page says so in its place.
"""

from reports import loss_data, loss_text, severity_text, titles_losses
from reports.edition import Row
from reports.figure import Figure, Swatch, in_every_layout
from reports.figures_exceedance import STATUS_QUO, WHOLE, curves
from reports.figures_exceedance import exceedance as exceedance_drawing
from reports.figures_mean_excess import mean_excess as mean_excess_drawing
from reports.figures_quantiles import quantiles as quantiles_drawing
from reports.figures_replay import replay
from reports.figures_replay import solarwinds as solarwinds_drawing
from reports.names import SCENARIOS, label
from reports.numbers import NBSP, dollars, present, roughly
from reports.palette import BAND_80, BLUE, DEEP_BLUE, DEEP_VERMILLION, GREY_50, GREY_80, GREY_95, INK, MUTED
from reports.provenance import dotted
from reports.rows import Rows
from reports.severity_rows import DRAWN, quantiles, tails


def exceedance(rows: Rows) -> Figure | None:
    """How likely a bad year is, with and without the convention."""
    every = rows.edition.rows("exceedance")
    found = curves(every, rows.focus)
    if found is None:
        return None
    caps = [row["cap"] for row in rows.edition.rows("caps") if found.source in (WHOLE, row["source_id"])]
    cap = max(caps, default=None)
    before, after = found.marked
    drawn = (STATUS_QUO, found.scenario)
    title = titles_losses.exceedance(before, after)
    source = "all sources, taken as independent" if found.source == WHOLE else f"source {found.source}"
    beyond = next((row for row in found.before if row["beyond_data"]), None)
    dash = f"From {roughly(beyond['loss_usd_bn'])} on the status quo is beyond the record. " if beyond else ""
    under = loss_text.paired(before, after)
    yearly = rows.edition.rows("annual_loss")
    mean = next(
        (row["value"] for row in yearly if _is_mean(row, found.source) and present(row["value"])),
        None,
    )
    beside = (
        f"The mean year of what is on record is {roughly(mean)}, beside a baseline loss of "
        f"{dollars(rows.baseline_usd_bn)}: the curve is of the record, not of all losses. "
        if present(mean)
        else ""
    )
    return Figure(
        key="exceedance",
        queries=("exceedance", "caps", "annual_loss", "scenarios"),
        code=dotted(exceedance_drawing),
        title=title,
        subtitle=f"Chance that the losses of a year together (AEP) exceed an amount, USD billion at 2020 prices, log "
        f"axes; {source}",
        legend=(
            Swatch("line", MUTED, "Status quo"),
            Swatch("box", GREY_80, "Its 90 % interval"),
            Swatch("line", BLUE, label(found.scenario, SCENARIOS)),
            Swatch("line", INK, "Dashed: beyond the record", "6 4"),
            *((Swatch("lines", MUTED, "Beyond what one event can cost"),) if present(cap) else ()),
        ),
        drawings=in_every_layout(lambda mode: exceedance_drawing(found, cap, mode)),
        alt=f"Exceedance curves on log axes. {title}. {under} {dash}",
        note="Interval over draws of the fitted parameters and of the convention; the convention is drawn as a line, "
        f"since its band would cover that of the status quo, and the difference is paired. {dash}A convention changes "
        "how often events happen, not what one costs. Amounts on record are what was disclosed and no random sample. "
        f"{beside}Amounts behind the curve: {before['records']:,}. Sources: Annex A.",
        method="the tail",
        tables=(
            loss_data.exceedance(every, found.source, drawn),
            loss_data.annual_loss(yearly, found.source, drawn),
        ),
        under=under,
    )


def _is_mean(row: Row, source: str) -> bool:
    """Whether a row of model.annual_loss is the mean of all years of the status quo."""
    of = (row["source_id"], row["scenario"], row["measure"], row["basis"])
    return of == (source, STATUS_QUO, "mean", "probability_weighted")


def solarwinds(rows: Rows) -> Figure | None:
    """SolarWinds as it went and as it could have gone."""
    every = rows.edition.rows("events")
    found = replay(every)
    if found is None:
        return None
    title = titles_losses.solarwinds(found.went, found.destroys[0])
    said = loss_text.replay(found)
    return Figure(
        key="solarwinds",
        queries=("events",),
        code=dotted(solarwinds_drawing),
        title=title,
        subtitle="The same footprint as it went and with a payload that destroys, by the month in which it is found; "
        "USD billion at 2020 prices, log scale",
        legend=(
            *((Swatch("circle", INK, "Published"),) if found.published else ()),
            Swatch("diamond", DEEP_BLUE, "Destructive, median"),
            Swatch("box", BAND_80, "90 % of draws"),
            *((Swatch("box", GREY_50, "As it went, 90 %"),) if found.went else ()),
            *((Swatch("cross", DEEP_VERMILLION, "Not a valid estimate"),) if found.rejected else ()),
        ),
        drawings=in_every_layout(lambda mode: solarwinds_drawing(found, mode)),
        alt=f"Interval chart of losses on a log axis. {title}. {said}",
        note=f"{said} Published and quoted figures are in prices of their year. Money for each organization hit is a "
        "judgment, so that the intervals are wide; what stolen secrets are worth is left out. Sources: Annex A.",
        method="the tail",
        tables=(loss_data.events(every),),
    )


DISCLOSED = "Amounts on record are what was disclosed and no random sample. Sources: Annex A."


def mean_excess(rows: Rows) -> Figure | None:
    """How heavy the tails of losses are: mean excess by threshold."""
    every, fits = rows.edition.rows("mean_excess"), rows.edition.rows("severity_fit")
    found = tails(every, fits)
    if not found:
        return None
    title = titles_losses.mean_excess(sum(t.rises for t in found), sum(t.is_heavy for t in found), len(found))
    under = severity_text.at_the_top(found)
    fitted = [tail for tail in found if tail.xi is not None]
    amounts = severity_text.listed([f"{tail.n:,} ({tail.name})" for tail in found])
    note = (
        "Of an exponential tail the mean excess is flat; of a generalized Pareto tail it is a straight line in the "
        "threshold, which log axes bend. Each threshold has at least thirty amounts above it. "
        f"{severity_text.band(found)} {severity_text.infinite_means(found)}The cap is the most that one event can cost "
        "by assumption. The mean of few amounts from a heavy tail is more often below the line than above it. "
        f"n{NBSP}={NBSP}{amounts} amounts{_left_out(every, len(found))}. {DISCLOSED}"
    )
    return Figure(
        key="mean_excess",
        queries=("mean_excess", "severity_fit"),
        code=dotted(mean_excess_drawing),
        title=title,
        subtitle="Mean of what amounts exceed a threshold by, US dollars at 2020 prices, log axes of equal scale; ξ: "
        "shape of the fitted tail [90 % interval]",
        legend=(
            Swatch("dot", INK, "On record, n amounts above"),
            *((Swatch("box", BAND_80, "95 % interval of the mean"),) if any(t.has_variance for t in found) else ()),
            *((Swatch("line", BLUE, "Fitted tail, no cap"),) if any(t.has_mean for t in found) else ()),
            *((Swatch("line", BLUE, "Fitted tail with a cap", "6 4"),) if fitted else ()),
            *((Swatch("line", MUTED, "Where the fitted tail begins", "2 3"),) if fitted else ()),
        ),
        drawings=in_every_layout(lambda mode: mean_excess_drawing(found, mode)),
        alt=f"Scatter plots of mean excess against threshold on log axes, one a source. {title}. {under}",
        note=note,
        method="the tail",
        tables=(loss_data.mean_excess(every), loss_data.tails(found)),
        under=under,
    )


def severity_quantiles(rows: Rows) -> Figure | None:
    """How well the fitted laws hold: amounts on record against those of the lognormal and of the splice."""
    every, fits = rows.edition.rows("severity_quantiles"), rows.edition.rows("severity_fit")
    found = quantiles(every, fits)
    if not found:
        return None
    closer, others = ([one.name for one in found if one.splice_is_closer is side] for side in (True, False))
    title = titles_losses.quantiles(closer, others)
    under = severity_text.distances(found)
    amounts = severity_text.listed([f"{one.n:,} ({one.name})" for one in found])
    return Figure(
        key="severity_quantiles",
        queries=("severity_quantiles", "severity_fit"),
        code=dotted(quantiles_drawing),
        title=title,
        subtitle="Amounts on record against those of the fitted laws at the same ranks, US dollars at 2020 prices, log "
        "axes",
        legend=(
            Swatch("ring", MUTED, "Lognormal"),
            Swatch("diamond", BLUE, "Splice: lognormal below, generalized Pareto above"),
            Swatch("line", INK, "Law and record equal"),
            Swatch("box", GREY_95, "Upper tenth of amounts"),
        ),
        drawings=in_every_layout(lambda mode: quantiles_drawing(found, mode)),
        alt=f"Quantile-quantile plots on log axes, one a source. {title}. {under}",
        note="A point is a bin of ranks, at the geometric mean of its amounts and at that of the law’s quantiles at "
        "the same ranks; no point rests on fewer than five amounts, and the highest is of the largest. Points above "
        "the line: amounts are larger than the law says. "
        f"n{NBSP}={NBSP}{amounts} amounts{_left_out(every, len(found))}. {DISCLOSED}",
        method="the tail",
        tables=(loss_data.quantiles(found), loss_data.fits(found, fits)),
        under=under,
    )


def _left_out(rows: list[Row], drawn: int) -> str:
    """That there are more sources than are drawn; empty where there are not."""
    return ", the sources with most" if drawn == DRAWN < len({row["source_id"] for row in rows}) else ""
