"""Figure 1, the hero: the adoption curve with its switches, as in figures.py."""

from reports import choice_text, data_tables
from reports.choices import baselines, curves, shown_first, switches
from reports.figure import Figure, Swatch, in_every_layout
from reports.figures_adoption import adoption_curve
from reports.names import METRICS
from reports.palette import BAND_50, BAND_80, BAND_95, DEEP_BLUE
from reports.provenance import dotted
from reports.rows import Rows
from reports.titles import Spread


def hero(rows: Rows) -> Figure:
    """What adoption avoids: the op-ed's convention by attack origin, and every other choice in its tables."""
    found = curves(rows)
    first = shown_first(rows, found)
    curve = found[first]
    title = choice_text.title(curve, rows.small_bloc if curve.marks else None)
    offered = switches(rows, found)
    sets = [option.value for option in offered[2].options]
    own = rows.baseline
    return Figure(
        key="hero",
        queries=("levels_all", "blocs", "scenarios", "without_standdown", "baseline", "baselines"),
        code=dotted(adoption_curve),
        title=title,
        subtitle=choice_text.subtitle(first.metric),
        legend=(
            Swatch("line", DEEP_BLUE, "Median"),
            Swatch("box", BAND_50, "50 %"),
            Swatch("box", BAND_80, "80 %"),
            Swatch("box", BAND_95, "95 % of draws"),
        ),
        drawings=in_every_layout(lambda mode: adoption_curve(curve, mode)),
        alt=choice_text.alt(first, curve, title),
        note=choice_text.note(first, curve, without_standdown(rows), len(found) > 1),
        method="adoption",
        tables=(
            data_tables.adoption(curve.levels, curve.net),
            choice_text.by_baseline(curve, baselines(rows)),
            *((choice_text.every_level(found),) if len(found) > 1 else ()),
        ),
        under=choice_text.sentence(first, curve, own, baselines(rows)[own], own),
        key_table=choice_text.key_table(curve),
        switches=offered,
        on_paper=choice_text.on_paper(found, sets, list(METRICS), baselines(rows)) if len(found) > 1 else None,
    )


def without_standdown(rows: Rows) -> Spread | None:
    """The end of the curve without stand-down, percent; None where it is not published."""
    ends = rows.edition.rows("without_standdown", adoption_metric="attack_origin", measure="avoided_share")
    return Spread.of(ends[-1], 100) if ends else None
