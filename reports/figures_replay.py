"""SolarWinds as it went, and with a payload that destroys, by the month in which it is found."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from reports.chart import Canvas, grid
from reports.chart_rows import Columns, RowLabel, draw_rows, row_margins
from reports.edition import Row
from reports.numbers import amount, log_ticks, plain, present, tick_text
from reports.palette import BAND_80, DEEP_BLUE, DEEP_VERMILLION, GREY_50, INK, MUTED, Mode

EVENT, AS_IT_WENT, DESTROYS = "solarwinds", "espionage", "destructive"


@dataclass(frozen=True)
class Replay:
    """The rows drawn: what is published, the footprint as it went and with a payload, what is no estimate."""

    published: Row | None
    went: Row | None
    destroys: list[Row]
    rejected: Row | None

    @property
    def rows(self) -> list[Row]:
        """All of them from top to bottom."""
        return [row for row in (self.published, self.went, *self.destroys, self.rejected) if row]


def replay(rows: Sequence[Row]) -> Replay | None:
    """The replay out of model.events; None where no course with a payload was computed."""
    own = [row for row in rows if row["event_id"] == EVENT]
    losses = [row for row in own if row["measure"] == "loss" and present(row["p05"])]
    destroys = [row for row in losses if row["course"] == DESTROYS and present(row["detection_months"])]
    # The month in which it was found is no whole number; the replays are.
    whole = {row["detection_months"] for row in destroys if float(row["detection_months"]).is_integer()}
    if not whole:
        return None
    went = [row for row in losses if row["course"] == AS_IT_WENT and row["detection_months"] not in whole]
    reported = sorted((row for row in own if row["measure"] == "reported"), key=lambda row: row["p50"])
    rejected = [row for row in own if row["measure"] == "rejected_product"]
    return Replay(
        reported[0] if reported else None,
        went[0] if went else None,
        sorted((row for row in destroys if row["detection_months"] in whole), key=lambda row: -row["detection_months"]),
        rejected[0] if rejected else None,
    )


def replay_label(row: Row) -> tuple[str, str]:
    """Name and second line of a row."""
    if row["measure"] == "reported":
        return "As it went: published", str(row["note"] or "")
    if row["measure"] == "rejected_product":
        return "Installs × a mean breach", "not a valid estimate"
    if row["course"] == AS_IT_WENT:
        return "As it went: espionage", "from the footprint"
    return f"Destructive, found after {months(row)}", "same footprint"


def months(row: Row) -> str:
    """The month of detection in words."""
    number = plain(row["detection_months"], 0)
    return f"{number} month{'' if number == '1' else 's'}"


def solarwinds(found: Replay, mode: Mode) -> go.Figure:
    """Figure: losses on a log axis, published dot, 90 % bars with the median, a cross for what is no estimate."""
    narrow, rows = mode.name == "narrow", found.rows
    labels = [
        RowLabel(
            *replay_label(row),
            amount(row["p50"]),
            f"[{amount(row['p05'])}, {amount(row['p95'])}]" if present(row["p05"]) and present(row["p95"]) else "",
            bold=row is found.published,
            color=DEEP_VERMILLION if row is found.rejected else INK,
        )
        for row in rows
    ]
    columns = Columns(("Median", "[90 %]"), (56, 86))
    pitch = {"wide": 46, "mid": 34, "narrow": 46}[mode.name]
    top, bottom = (30.0, 48.0) if not narrow else (22.0, 48.0)
    canvas = Canvas(mode, int(top + bottom + pitch * len(rows)), row_margins(mode, labels, columns, top, bottom))
    ends = [row[key] for row in rows for key in ("p05", "p50", "p95") if present(row[key]) and row[key] > 0]
    low, high = math.log10(min(ends)) - 0.2, math.log10(max(ends)) + 0.2
    ticks = log_ticks(10**low, 10**high, every=(1,) if mode.name != "wide" else (1, 3))
    canvas.axis("yaxis", len(rows) - 0.5, -0.5)
    canvas.x_axis(low, high, ticks, [tick_text(tick) for tick in ticks], type="log")
    grid(canvas, ticks)
    canvas.x_title("USD bn, 2020 prices, log scale", below=26)
    draw_rows(canvas, labels, range(len(rows)), columns)
    first = found.destroys[0]
    if found.published:
        canvas.line(
            found.published["p50"],
            rows.index(found.published),
            first["p50"],
            rows.index(first),
            MUTED,
            1.2,
            xref="x",
            yref="y",
            dash="2px,3px",
        )
    for y, row in enumerate(rows):
        if row is found.published:
            canvas.mark(row["p50"], y, "circle", 12, INK)
        elif row is found.rejected:
            canvas.mark(row["p50"], y, "x-thin", 11, DEEP_VERMILLION)
            canvas.traces[-1]["marker"]["line"] = {"width": 3, "color": DEEP_VERMILLION}
        else:
            canvas.bar(row["p05"], row["p95"], y, GREY_50 if row is found.went else BAND_80, 12)
            canvas.mark(row["p50"], y, "diamond", 12, INK if row is found.went else DEEP_BLUE)
    return canvas.finish()
