"""Several plots in one figure: beside each other where there is room, one under the other on a narrow screen."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.chart import Canvas
from reports.labels import text_width
from reports.numbers import decade_ticks, dollar_tick, log_ticks, nice_ticks, tick_text
from reports.palette import MUTED


@dataclass(frozen=True)
class Panel:
    """The place of one plot in paper units: its edges, and where the column of values at its right ends."""

    left: float
    right: float
    end: float
    top: float
    bottom: float

    def part(self, first: float, last: float) -> "Panel":
        """The stretch between two fractions of its height, counted from the top."""
        height = self.top - self.bottom
        return Panel(self.left, self.right, self.end, self.top - first * height, self.top - last * height)


def panels(canvas: Canvas, count: int, *, strip: float, gap: float, head: float, foot: float) -> list[Panel]:
    """Places of `count` plots, each with `strip` px at its right for values.

    Wide and mid: columns `gap` px apart over the whole height. Narrow: rows, each under `head` px for its title, with
    `foot` px for the ticks of the one above.
    """
    width, height = canvas.plot_width(), canvas.plot_height
    if canvas.mode.name == "narrow":
        block = (height - count * head - (count - 1) * foot) / count
        tops = [(k * (head + block + foot) + head) / height for k in range(count)]
        return [Panel(0.0, 1 - strip / width, 1.0, 1 - top, 1 - top - block / height) for top in tops]
    column = (width - gap * (count - 1)) / count
    lefts = [k * (column + gap) / width for k in range(count)]
    return [Panel(left, left + (column - strip) / width, left + column / width, 1.0, 0.0) for left in lefts]


def place(
    canvas: Canvas,
    panel: Panel,
    axes: str,
    x_range: tuple[float, float],
    rows: tuple[float, float],
    ticks: Sequence[float],
    texts: Sequence[str],
) -> None:
    """The pair of axes number `axes` (none for the first) of a plot of rows, first row on top."""
    canvas.x_axis(*x_range, ticks, texts, name=f"xaxis{axes}", domain=[panel.left, panel.right], anchor=f"y{axes}")
    # Sums of fractions may miss the edge of the paper by a rounding.
    bottom, top = max(panel.bottom, 0.0), min(panel.top, 1.0)
    canvas.axis(f"yaxis{axes}", *rows, domain=[bottom, top], anchor=f"x{axes}")


def heading(canvas: Canvas, panel: Panel, name: str, detail: str, *, above: float) -> None:
    """Title of a plot in bold with its unit under it, `above` px over the plot."""
    text = f"<b>{name}</b>"
    if detail:
        text += f'<br><span style="font-size:12px;color:{MUTED}">{detail}</span>'
    canvas.note(text, panel.left, panel.top, yanchor="bottom", yshift=above)


def log_plot(
    canvas: Canvas, panel: Panel, axes: str, x_range: tuple[float, float], y_range: tuple[float, float]
) -> None:
    """The pair of axes number `axes` of a plot of dollars against dollars; ranges in log10 of dollars."""
    width = (panel.right - panel.left) * canvas.plot_width()
    height = (panel.top - panel.bottom) * canvas.plot_height
    across, along = _log_ticks(x_range, width / 50), _log_ticks(y_range, height / 26)
    domain, texts = [panel.left, panel.right], [dollar_tick(tick) for tick in across]
    canvas.x_axis(*x_range, across, texts, name=f"xaxis{axes}", domain=domain, anchor=f"y{axes}", type="log")
    canvas.y_axis(
        *y_range,
        along,
        [dollar_tick(tick) for tick in along],
        name=f"yaxis{axes}",
        type="log",
        domain=[max(panel.bottom, 0.0), min(panel.top, 1.0)],
        anchor=f"x{axes}",
    )


def _log_ticks(ends: tuple[float, float], most: float) -> list[float]:
    """Powers of ten, or 1-3-10 where the axis holds fewer than two of them."""
    found = decade_ticks(*ends, max(2, int(most)))
    return found if len(found) > 1 else log_ticks(10 ** ends[0], 10 ** ends[1])


def fitting_ticks(canvas: Canvas, panel: Panel, low: float, high: float, *, sign: bool = False) -> list[float]:
    """Round numbers in [low, high] whose labels stand apart on the axis of a small plot: four at most, two at least."""
    width = (panel.right - panel.left) * canvas.plot_width()
    ticks: list[float] = []
    for count in (4, 3, 2):
        ticks = nice_ticks(low, high, count)
        widest = max(text_width(tick_text(tick, sign=sign), canvas.mode.tick) for tick in ticks)
        if len(ticks) < 2 or (ticks[1] - ticks[0]) / (high - low) * width > widest + 10:
            break
    return ticks
