"""Charts of rows: labels at the left, columns of values at the right, or both above the row where it is narrow."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.chart import Canvas, Item, Margin
from reports.labels import safe, shorten, text_width
from reports.palette import INK, MUTED, WHITE, Mode


@dataclass(frozen=True)
class RowLabel:
    """One row of a chart: its name, a second line, and at the right a bold value and a text in its tone after it."""

    name: str
    detail: str = ""
    value: str = ""
    extra: str = ""
    bold: bool = False
    color: str = INK
    tone: str = MUTED


@dataclass(frozen=True)
class Columns:
    """Columns at the right of the rows: heads and widths, px. The second may be empty."""

    heads: tuple[str, str]
    widths: tuple[float, float]


def row_margins(mode: Mode, labels: Sequence[RowLabel], columns: Columns, top: float, bottom: float) -> Margin:
    """Margins of a chart of rows: room for the longest label at the left and the columns at the right."""
    if mode.name == "narrow":
        return Margin(8, 8, top, bottom)
    limit = 270 if mode.name == "wide" else 220
    longest = max(
        max(text_width(row.name, mode.text, bold=row.bold), text_width(row.detail, mode.text - 1)) for row in labels
    )
    return Margin(min(longest, limit) + 14, sum(columns.widths) + 12, top, bottom)


def draw_rows(canvas: Canvas, labels: Sequence[RowLabel], positions: Sequence[float], columns: Columns) -> None:
    """Labels and columns of a chart of rows at `positions` of its y axis.

    Wide and mid: the label in the left margin, values right-aligned in the right margin. Narrow: the label above its
    row and the value at the right of the same line, on white.
    """
    mode, margin = canvas.mode, canvas.margin
    narrow = mode.name == "narrow"
    second = columns.widths[1]
    if not narrow:
        # Each head is right-aligned over its column, on the line of the plot's upper edge.
        ends = (margin.right - second - 4, margin.right - 4)
        for head, end in zip(columns.heads, ends, strict=True):
            if head:
                canvas.note(
                    head,
                    1,
                    1,
                    xanchor="right",
                    xshift=end,
                    yshift=10,
                    yanchor="bottom",
                    font={"size": 12, "color": MUTED},
                )
    for row, y in zip(labels, positions, strict=True):
        room = margin.left - 8
        if narrow:
            # Sized for a container of 320 px, the usual small phone.
            room = 320 - 16 - text_width(f"{row.value} {row.extra}", mode.text, bold=True) - 10
        name = safe(shorten(row.name, room, mode.text * (1.06 if row.bold else 1)))
        name = f"<b>{name}</b>" if row.bold else name
        value = f"<b>{safe(row.value)}</b>" if row.value else ""
        if narrow:
            shift: Item = {"yref": "y", "yshift": 17, "bgcolor": WHITE}
            canvas.note(name, 0, y, font={"color": row.color}, **shift)
            text = " ".join(
                part for part in (value, f'<span style="color:{row.tone}">{safe(row.extra)}</span>') if part
            )
            if row.value or row.extra:
                canvas.note(text, 1, y, xanchor="right", font={"color": row.color}, **shift)
            continue
        lines = [name]
        if row.detail:
            detail = safe(shorten(row.detail, room, mode.text - 1))
            lines.append(f'<span style="font-size:{mode.text - 1}px;color:{MUTED}">{detail}</span>')
        canvas.note("<br>".join(lines), 0, y, yref="y", xshift=-margin.left - 1, font={"color": row.color})
        if value:
            canvas.note(
                value,
                1,
                y,
                yref="y",
                xanchor="right",
                xshift=margin.right - second - 4,
                font={"size": 12, "color": row.color},
            )
        if row.extra:
            canvas.note(
                safe(row.extra),
                1,
                y,
                yref="y",
                xanchor="right",
                xshift=margin.right - 4,
                font={"size": 12, "color": row.tone},
            )
