"""Incidents on record by quarter, a plot a tracker on one axis of time, and crimes corrected for what nobody told."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import plotly.graph_objects as go

from reports.chart import Canvas, Item, Margin
from reports.edition import Row
from reports.labels import safe, text_width
from reports.names_facts import CHANGES, TRACKERS
from reports.numbers import amount, log_ticks, nice_ticks, plain, present, tick_text
from reports.palette import AXIS, BAND_50, BAND_80, DEEP_BLUE, INK, MUTED, WHITE, Mode

QUARTERS = 4
COMPLAINTS = "ic3"
LAW = "law"
MILLION = 1e6
HEIGHTS = {"wide": (54, 96, 28), "mid": (24, 40, 14), "narrow": (56, 92, 42)}
"""Of a plot, of one with a correction, and of the space between, px."""
QUANTILES = ("p05", "p25", "p50", "p75", "p95")
EVERY = 5
"""Years between ticks."""


@dataclass(frozen=True)
class Series:
    """What one tracker has on record, and what is made of it.

    raw : starts of periods in decimal years and their counts, by quarter, or by year where the source has only years
    corrected : rows of model.all_events that are estimated, by year
    only : the threat class that is drawn, where the correction is of one class alone
    dated, known : records that name a quarter, and all of the same years
    """

    tracker: str
    raw: list[tuple[float, float]]
    corrected: list[Row] = field(default_factory=list)
    only: str = ""
    dated: int = 0
    known: int = 0

    @property
    def parts(self) -> int:
        """Periods in a year."""
        return 1 if self.tracker == COMPLAINTS else QUARTERS

    @property
    def name(self) -> str:
        """The tracker's name."""
        return TRACKERS.get(self.tracker, (self.tracker, ""))[0]

    @property
    def end(self) -> float:
        """The end of its last period, decimal year."""
        return self.raw[-1][0] + 1 / self.parts

    @property
    def peak(self) -> int:
        """The calendar year with most of what is drawn, the first of equal ones."""
        years: dict[int, float] = {}
        for start, count in self.raw:
            years[int(start)] = years.get(int(start), 0.0) + count
        return max(years, key=lambda year: (years[year], -year))


def series(quarters: Sequence[Row], complaints: Sequence[Row], events: Sequence[Row]) -> list[Series]:
    """What is drawn, trackers in the report's order and complaints last.

    quarters : core.incidents_per_quarter; complaints : year and complaints; events : model.all_events. Where one class
    of a tracker is corrected that class is drawn, else all of its incidents.
    """
    found = []
    for tracker in [*TRACKERS, *sorted({str(row["tracker"]) for row in quarters} - set(TRACKERS))]:
        corrected = [row for row in events if row["source_id"] == tracker and present(row["p50"])]
        only = str(corrected[0]["threat_class"]) if corrected else ""
        if tracker == COMPLAINTS:
            by_year = [(float(row["year"]), float(row["complaints"])) for row in complaints]
            if by_year:
                found.append(Series(tracker, by_year, corrected, only))
            continue
        rows = [row for row in quarters if row["tracker"] == tracker and only in ("", row["threat_class"])]
        counts: dict[date, int] = {}
        for row in rows:
            counts[row["quarter"]] = counts.get(row["quarter"], 0) + row["incidents"]
        known = sum({(row["threat_class"], row["quarter"].year): row["in_year"] for row in rows}.values())
        raw = [(decimal(day), float(count)) for day, count in sorted(counts.items())]
        if raw:
            found.append(Series(tracker, raw, corrected, only, sum(counts.values()), known))
    return found


def decimal(day: date) -> float:
    """A day as a decimal year; quarters begin on quarters of it."""
    return day.year + (day.month - 1) / 12 + (day.day - 1) / 365


def described(one: Series) -> str:
    """How many of a tracker's records name a quarter."""
    return f"{one.name} {one.dated:,} of {one.known:,} ({plain(100 * one.dated / max(one.known, 1), 0)} %)"


def records(found: Sequence[Series], changes: Sequence[Row], mode: Mode) -> go.Figure:
    """Figure: a plot a series, counts as grey steps and the correction as bands; laws and changes as upright lines."""
    low, tall, between = HEIGHTS[mode.name]
    heights = [tall if one.corrected else low for one in found]
    top = {"wide": 52, "mid": 44, "narrow": 78}[mode.name]
    left = {"wide": 176, "mid": 168, "narrow": 34}[mode.name]
    plots = sum(heights) + between * (len(found) - 1)
    canvas = Canvas(mode, top + plots + 30, Margin(left, 16, top, 30))
    last = max([*(one.end for one in found), *(decimal(row["since"]) for row in changes)])
    reach = (math.floor(min(one.raw[0][0] for one in found)), math.ceil(last + 0.5))
    years = [float(year) for year in range(-(-reach[0] // EVERY) * EVERY, reach[1] + 1, EVERY)]
    bottom = axis_of(len(found) - 1)
    canvas.x_axis(*reach, years, [f"{year:.0f}" for year in years], anchor=bottom, showline=False)
    at = 0
    for k, (one, height) in enumerate(zip(found, heights, strict=True)):
        panel = Panel(canvas, one, k, max(1 - (at + height) / plots, 0.0), min(1 - at / plots, 1.0), reach)
        panel.draw([row for row in changes if row["tracker"] == one.tracker and row["kind"] != LAW])
        at += height + between
    _laws(canvas, [row for row in changes if row["kind"] == LAW])
    if mode.name != "narrow":
        canvas.y_title("Incidents a quarter", above=12)
    return canvas.finish()


def axis_of(k: int) -> str:
    """The k-th vertical axis as traces refer to it."""
    return f"y{k + 1}" if k else "y"


@dataclass(frozen=True)
class Panel:
    """The plot of one series: its canvas, place among the plots, edges in paper units, and the years shown."""

    canvas: Canvas
    one: Series
    k: int
    bottom: float
    top: float
    reach: tuple[float, float]

    @property
    def scale(self) -> float:
        """What counts are divided by."""
        return MILLION if self.one.tracker == COMPLAINTS else 1.0

    @property
    def is_log(self) -> bool:
        """Whether the axis is logarithmic: where a correction stands beside the count, or the count would vanish."""
        return bool(self.one.corrected)

    def height(self, value: float) -> float:
        """A value as annotations take it."""
        return math.log10(value) if self.is_log else value

    def corrected(self, row: Row, quantile: str) -> float:
        """A corrected number in the unit of the axis: of a period, in the panel's scale."""
        return float(row[quantile]) / self.one.parts / self.scale

    def draw(self, changes: Sequence[Row]) -> None:
        """Axis, name, bands, counts and changes of coverage."""
        counts = [count / self.scale for _, count in self.one.raw]
        self._axis([count for count in counts if count > 0])
        self._name()
        self._bands()
        self.canvas.traces.append(
            {
                "type": "scatter",
                "x": [*(start for start, _ in self.one.raw), self.one.end],
                # nothing has no logarithm: the line is broken there
                "y": [count if count > 0 or not self.is_log else None for count in (*counts, counts[-1])],
                "xaxis": "x",
                "yaxis": axis_of(self.k),
                "mode": "lines",
                "line": {"color": MUTED, "width": 1.4, "shape": "hv"},
            }
        )
        self._changes(changes)

    def _axis(self, counts: Sequence[float]) -> None:
        canvas, mid = self.canvas, self.canvas.mode.name == "mid"
        ends = [*counts, *(self.corrected(row, "p95") for row in self.one.corrected)] or [1.0]
        if self.is_log:
            low, high = math.log10(min(ends)) - 0.12, math.log10(max(ends)) + (0.6 if mid else 0.08)
            ticks = log_ticks(10**low, max(ends), every=(1,) if mid or high - low > 2.6 else (1, 3))
        else:
            low, high = 0.0, 1.06 * max(ends)
            ticks = nice_ticks(low, high, 2 if mid else 3)
        extra: Item = {"type": "log"} if self.is_log else {}
        name = f"yaxis{self.k + 1 if self.k else ''}"
        labels = [tick_text(tick) for tick in ticks]
        canvas.y_axis(low, high, ticks, labels, name=name, domain=[self.bottom, self.top], anchor="x", **extra)
        canvas.line(0, self.bottom, 1, self.bottom, AXIS, 1, xref="paper", yref="paper")

    def _name(self) -> None:
        """Name, what is recorded and the scale: at the left, or over the plot where it is narrow."""
        canvas, left = self.canvas, -self.canvas.margin.left - 1
        detail = TRACKERS.get(self.one.tracker, ("", ""))[1]
        told = f"{detail}, crimes" if self.one.only and self.one.parts > 1 else detail
        scale = ", ".join(["million a year"] * (self.scale > 1) + ["log scale"] * self.is_log)
        style = f'<span style="font-size:12px;color:{MUTED}">'
        if canvas.mode.name == "narrow":
            words = ", ".join(part for part in (told, scale) if part)
            text = f"<b>{safe(self.one.name)}</b> {style}{safe(words)}</span>"
            canvas.note(text, 0, self.top, yanchor="bottom", yshift=18, xshift=left)
            return
        lines = "<br>".join(safe(part) for part in (told, scale) if part)
        text = f"<b>{safe(self.one.name)}</b><br>{style}{lines}</span>"
        canvas.note(text, 0, (self.bottom + self.top) / 2, xshift=left)

    def _bands(self) -> None:
        """The correction by year, 90 and 50 % as tints and the median as a line, and its last numbers."""
        runs = consecutive(self.one.corrected)
        for rows in runs:
            x = [row["year"] + edge for row in rows for edge in (0, 1)]
            of = {q: [self.corrected(row, q) for row in rows for _ in (0, 1)] for q in QUANTILES}
            bands = [(of["p05"], of["p95"], BAND_80), (of["p25"], of["p75"], BAND_50)]
            self.canvas.fan(x, bands, of["p50"], DEEP_BLUE, 2, axes=axis_of(self.k)[1:])
            for trace in self.canvas.traces[-3:]:
                trace["xaxis"] = "x"
        if not runs:
            return
        first, last = self.one.corrected[0], self.one.corrected[-1]
        end = last["year"] + 1
        low, middle, high = (amount(self.corrected(last, q)) for q in ("p05", "p50", "p95"))
        text = f"<b>{middle}</b> [{low}, {high}]"
        share = (end - self.reach[0]) / (self.reach[1] - self.reach[0])
        style: Item = {"font": {"size": 12, "color": DEEP_BLUE}, "xref": "x"}
        room = (1 - share) * self.canvas.plot_width() + self.canvas.margin.right
        if room >= text_width(text, 12) + 10:
            y = self.height(self.corrected(last, "p50"))
            self.canvas.note(text, end, y, yref=axis_of(self.k), xshift=6, bgcolor=WHITE, **style)
        else:
            self.canvas.note(f"{last['year']}: {text}", first["year"], self.top, yanchor="top", **style)

    def _changes(self, changes: Sequence[Row]) -> None:
        """What the tracker takes in changed: a dotted line, named over the plot and clear of the next one's name."""
        canvas = self.canvas
        per_year = canvas.plot_width() / (self.reach[1] - self.reach[0])
        places = [decimal(row["since"]) for row in changes]
        for n, (row, at) in enumerate(zip(changes, places, strict=True)):
            text = name_of(row)
            canvas.line(at, self.bottom, at, self.top, MUTED, 1.2, xref="x", yref="paper", dash="dot")
            room = ((places[n + 1] if n + 1 < len(places) else self.reach[1]) - at) * per_year
            side = "left" if room >= text_width(text, 11) + 6 else "right"
            style = {"size": 11, "color": MUTED}
            canvas.note(
                text, at, self.top, xref="x", xanchor=side, yanchor="bottom", yshift=1, bgcolor=WHITE, font=style
            )


def consecutive(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows by year as runs of years that follow each other: a year that is withheld parts them."""
    runs: list[list[Row]] = []
    for row in rows:
        if runs and row["year"] == runs[-1][-1]["year"] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


def name_of(change: Row) -> str:
    """A change in few words."""
    return safe(CHANGES.get(change["change_id"], str(change["change_id"]).replace("_", " ")))


def _laws(canvas: Canvas, laws: Sequence[Row]) -> None:
    """Laws that make victims tell: a dashed line through all plots, named at the top, the last one over its line."""
    narrow = canvas.mode.name == "narrow"
    for n, row in enumerate(laws):
        at = decimal(row["since"])
        canvas.line(at, 0, at, 1, INK, 1, xref="x", yref="paper", dash="6px,5px")
        text = f"{row['since']:%b %Y}{'<br>' if narrow else ': '}{name_of(row)}"
        over = n == len(laws) - 1 and not narrow
        canvas.note(
            text,
            at,
            1,
            xref="x",
            xanchor="center" if over else "right",
            xshift=0 if over else 3,
            align="right",
            yanchor="bottom",
            yshift=40 if narrow else 32 if canvas.mode.name == "wide" else 28,
            font={"size": 12, "color": INK},
        )
