"""What groups of economies lose, as a share of their GDP, without and with the convention: dots ranked by loss."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from reports.chart import Canvas, grid
from reports.chart_rows import Columns, RowLabel, draw_rows, row_margins
from reports.edition import Row
from reports.names import label
from reports.names_facts import GROUPS
from reports.numbers import decimals, nice_ticks, plain, present, signed, tick_text
from reports.palette import BLUE, DEEP_VERMILLION, GREY_80, MUTED, WHITE, Mode

WORLD = "world"
GROUPINGS = {"income_group": "By income group", "region": "By region"}
BASIS_POINTS, PERCENT = 1e4, 100.0


@dataclass(frozen=True)
class Group:
    """A group of economies: rows of model.group_loss by measure, and its GDP, USD bn."""

    grouping: str
    name: str
    gdp: float
    measures: dict[str, Row]

    def share(self, measure: str, column: str = "mean") -> float:
        """A measure in percent of GDP."""
        return PERCENT * self.measures[measure][column] / self.gdp

    def change(self, column: str = "mean") -> float:
        """What the loss changes by, basis points of GDP: minus what is avoided."""
        opposite = {"p05": "p95", "p95": "p05"}.get(column, column)
        return -BASIS_POINTS * self.measures["avoided_loss"][opposite] / self.gdp


def groups_of(rows: Sequence[Row]) -> list[Group]:
    """Groups with a GDP, those of one grouping together and ranked by their loss, the world first.

    rows : model.group_loss of one scenario with the GDP of each group
    """
    found: dict[tuple[str, str], Group] = {}
    for row in rows:
        if present(row["gdp_usd_bn"]) and row["gdp_usd_bn"] > 0:
            key = (row["grouping"], row["name"])
            found.setdefault(key, Group(*key, row["gdp_usd_bn"], {})).measures[row["measure"]] = row
    whole = [group for group in found.values() if {"status_quo_loss", "avoided_loss", "loss"} <= set(group.measures)]
    order = [WORLD, *GROUPINGS]
    known = [group for group in whole if group.grouping in order]
    return sorted(known, key=lambda g: (order.index(g.grouping), -g.share("status_quo_loss"), g.name))


def change_places(groups: Sequence[Group]) -> int:
    """Decimals of the changes: what the Monte Carlo error allows, one at most."""
    errors = [BASIS_POINTS * (group.measures["avoided_loss"]["mcse"] or 0.0) / group.gdp for group in groups]
    return max(0, min(1, decimals([group.change() for group in groups], max(errors, default=None))))


def groups(found: Sequence[Group], mode: Mode) -> go.Figure:
    """Figure: by group the loss in the status quo with its 90 % interval and a tick for the convention."""
    narrow = mode.name == "narrow"
    shown = [group for group in found if group.grouping != WORLD]
    places = change_places(shown)
    labels, positions, heads, at = [], [], [], 0.0
    between = 1.0
    for grouping, title in GROUPINGS.items():
        members = [group for group in shown if group.grouping == grouping]
        if not members:
            continue
        heads.append((at - (0.2 if narrow else 0.0), title))
        at += 0.75 if narrow else 0.9
        for group in members:
            change = signed(group.change(), places)
            name = label(group.name, GROUPS)
            tone = DEEP_VERMILLION if round(group.change(), places) > 0 else BLUE
            value = plain(group.share("status_quo_loss"), 2)
            extra = f"{change} bp" if narrow else change
            labels.append(RowLabel(name, "", value, extra, tone=tone))
            positions.append(at)
            at += 1.0
        at += between - 0.8
    columns = Columns(("% of GDP", "Change, bp"), (60, 88))
    pitch = {"wide": 27, "mid": 19, "narrow": 42}[mode.name]
    top, bottom = (34.0, 46.0) if not narrow else (10.0, 46.0)
    span = positions[-1] + 0.6 if positions else 1.0
    canvas = Canvas(mode, int(top + bottom + pitch * (span + 0.5)), row_margins(mode, labels, columns, top, bottom))
    ends = [group.share("status_quo_loss", "p95") for group in shown]
    ends += [group.share("loss") for group in shown]
    high = 1.04 * max(ends, default=1.0)
    ticks = nice_ticks(0, high, 4 if narrow else 6)
    canvas.axis("yaxis", span, -0.5)
    canvas.x_axis(0, high, ticks, [tick_text(tick) for tick in ticks])
    grid(canvas, ticks)
    canvas.x_title("Loss, % of GDP a year", below=26)
    draw_rows(canvas, labels, positions, columns)
    for y, title in heads:
        style = {"size": 12, "color": MUTED}
        canvas.note(f"<b>{title}</b>", 0, y, yref="y", xshift=-canvas.margin.left - 1, bgcolor=WHITE, font=style)
    tall = {"wide": 20, "mid": 15, "narrow": 18}[mode.name]
    for y, group in zip(positions, shown, strict=True):
        low, top_end = (group.share("status_quo_loss", column) for column in ("p05", "p95"))
        canvas.bar(low, top_end, y, GREY_80, 7 if mode.name == "mid" else 9)
        canvas.mark(group.share("status_quo_loss"), y, "circle", 10 if mode.name == "mid" else 11, MUTED)
        _tick(canvas, group.share("loss"), y, tall)
    return canvas.finish()


def _tick(canvas: Canvas, x: float, y: float, tall: float) -> None:
    """The convention: a blue tick edged in white, so that it is seen on the dot."""
    for color, width in ((WHITE, 5), (BLUE, 3)):
        canvas.traces.append(
            {
                "type": "scatter",
                "x": [x],
                "y": [y],
                "mode": "markers",
                "cliponaxis": False,
                "marker": {
                    "symbol": "line-ns",
                    "size": tall / 2,
                    "color": color,
                    "line": {"width": width, "color": color},
                },
            }
        )
