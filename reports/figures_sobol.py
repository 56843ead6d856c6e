"""Which inputs the spread of the headline comes from: total index hatched, first-order index solid over it."""

from collections.abc import Sequence

import plotly.graph_objects as go

from reports.chart import Canvas, grid
from reports.chart_rows import Columns, RowLabel, draw_rows, row_margins
from reports.edition import Row
from reports.names import label
from reports.names_losses import INPUTS
from reports.numbers import nice_ticks, plain, tick_text
from reports.palette import BAND_80, BLUE, INK, WHITE, Mode

DRAWN = 10
OTHERS = "others"
PLACES = 2


def top_inputs(rows: Sequence[Row], output: str = "avoided_loss") -> list[Row]:
    """The inputs with the largest total index, and a last row with the sums of the others that are not nil."""
    found = sorted((row for row in rows if row["output"] == output), key=lambda row: (-row["total"], row["prior_id"]))
    found = [row for row in found if row["total"] or row["first"]]
    # One input left over is drawn as itself.
    shown = found if len(found) <= DRAWN + 1 else found[:DRAWN]
    rest = found[len(shown) :]
    if not rest:
        return shown
    sums = {key: sum(row[key] for row in rest) for key in ("first", "total")}
    return [*shown, {"prior_id": OTHERS, "count": len(rest), "total_lower": None, "total_upper": None} | sums]


def input_name(row: Row) -> str:
    """The name of an input, or how many others there are."""
    return f"{row['count']} others, summed" if row["prior_id"] == OTHERS else label(row["prior_id"], INPUTS)


def sobol(rows: Sequence[Row], mode: Mode) -> go.Figure:
    """Figure: first-order and total Sobol' indices of the rows of `top_inputs`, with the interval of the total."""
    narrow = mode.name == "narrow"
    labels = [
        RowLabel(
            input_name(row),
            "",
            plain(row["total"], PLACES),
            "sum"
            if row["prior_id"] == OTHERS
            else f"[{plain(row['total_lower'], PLACES)}, {plain(row['total_upper'], PLACES)}]",
        )
        for row in rows
    ]
    columns = Columns(("Total", "[90 %]"), (48, 90))
    top, bottom = (34.0, 46.0) if not narrow else (24.0, 46.0)
    pitch = {"wide": 32, "mid": 20, "narrow": 44}[mode.name]
    canvas = Canvas(mode, int(top + bottom + pitch * len(rows)), row_margins(mode, labels, columns, top, bottom))
    high = 1.04 * max([0.05, *(row["total"] for row in rows), *(row["total_upper"] or 0 for row in rows)])
    ticks = nice_ticks(0, high, 4 if narrow else 7)
    canvas.axis("yaxis", len(rows) - 0.5, -0.5)
    canvas.x_axis(0, high, ticks, [tick_text(tick) for tick in ticks])
    grid(canvas, [tick for tick in ticks if tick])
    canvas.x_title("Share of the variance of avoided loss", below=26)
    draw_rows(canvas, labels, range(len(rows)), columns)
    y, thick = list(range(len(rows))), {"wide": 0.56, "mid": 0.6, "narrow": 0.32}[mode.name]
    stripes = {"shape": "/", "fgcolor": WHITE, "fillmode": "overlay", "size": 6, "solidity": 0.35}
    for key, marker in (("total", {"color": BAND_80, "pattern": stripes}), ("first", {"color": BLUE})):
        # A first-order index is below zero by error only.
        lengths = [max(0.0, row[key]) for row in rows]
        canvas.traces.append(
            {"type": "bar", "orientation": "h", "x": lengths, "y": y, "width": thick, "marker": marker}
        )
    for at, row in enumerate(rows):
        if row["prior_id"] != OTHERS:
            canvas.bar(row["total_lower"], row["total_upper"], at, INK, 1.5)
    figure = canvas.finish()
    return figure.update_layout(barmode="overlay")
