"""The figures on bad years and large events: which rows each draws and all the words around it, as in figures.py."""

from reports import loss_data, loss_text, titles_losses
from reports.figure import Figure, Swatch, in_every_layout
from reports.figures_exceedance import STATUS_QUO, WHOLE, curves
from reports.figures_exceedance import exceedance as exceedance_drawing
from reports.figures_replay import replay
from reports.figures_replay import solarwinds as solarwinds_drawing
from reports.names import SCENARIOS, label
from reports.numbers import dollars, present, roughly
from reports.palette import BAND_80, BLUE, DEEP_BLUE, DEEP_VERMILLION, GREY_80, GREY_95, INK, MUTED
from reports.provenance import dotted
from reports.queries import Row
from reports.rows import Rows


def exceedance(rows: Rows) -> Figure | None:
    """How likely a bad year is, with and without the convention."""
    every = rows.edition.rows("exceedance")
    found = curves(every)
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
            *((Swatch("box", GREY_95, "Beyond what one event can cost"),) if present(cap) else ()),
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
            *((Swatch("box", GREY_80, "As it went, 90 %"),) if found.went else ()),
            *((Swatch("cross", DEEP_VERMILLION, "Not a valid estimate"),) if found.rejected else ()),
        ),
        drawings=in_every_layout(lambda mode: solarwinds_drawing(found, mode)),
        alt=f"Interval chart of losses on a log axis. {title}. {said}",
        note=f"{said} Published and quoted figures are in prices of their year. Money for each organization hit is a "
        "judgment, so that the intervals are wide; what stolen secrets are worth is left out. Sources: Annex A.",
        method="the tail",
        tables=(loss_data.events(every),),
    )
