"""Colors, type sizes and the three layouts of a figure: the report's only visual constants.

What a chart is made of lives in chart.py, what it says in titles.py. The style sheet gets these values as CSS
variables.
"""

from dataclasses import dataclass
from typing import Final

INK: Final = "#1B2430"
MUTED: Final = "#4F5B6B"
AXIS: Final = "#8A94A3"
RULE: Final = "#DFE3E8"
BLUE: Final = "#0072B2"
DEEP_BLUE: Final = "#00486F"
VERMILLION: Final = "#D55E00"
DEEP_VERMILLION: Final = "#A34700"
GREEN: Final = "#009E73"
DEEP_GREEN: Final = "#00694C"
BAND_95: Final = "#DCEAF4"
BAND_80: Final = "#B3D2E8"
BAND_50: Final = "#7DB4D9"
GREY_95: Final = "#EBEDF0"
GREY_80: Final = "#D3D8DE"
GREY_50: Final = "#AEB6C0"
TINT: Final = "#F4F6F8"
RIBBON: Final = "#FFF3D6"
AMBER: Final = "#E69F00"
SKY: Final = "#56B4E9"
WHITE: Final = "#FFFFFF"

CIVIDIS: Final = ("#FFFBE6", "#F3E7A4", "#D3CC8A", "#A3A986", "#77858A", "#4A6183", "#173B6C")
"""Discrete steps above zero, light to dark."""
ORANGES: Final = ("#FBE3D0", "#F1C3A0", "#E0985F")
"""Discrete steps below zero, from zero on."""

SANS: Final = 'Arial, "Liberation Sans", Helvetica, sans-serif'

# Opaque tints of the mark colors at about 40 %: never alpha, so that overlaps cannot invent a darker value.
PALE: Final = {
    VERMILLION: "#F1C3A0",
    BLUE: "#9FCBE4",
    DEEP_GREEN: "#9DC7BA",
    MUTED: "#C3C9D1",
    DEEP_VERMILLION: "#E3BFA6",
}

CSS_TOKENS: Final = {
    "ink": INK,
    "muted": MUTED,
    "axis": AXIS,
    "rule": RULE,
    "blue": BLUE,
    "deep-blue": DEEP_BLUE,
    "vermillion": VERMILLION,
    "deep-vermillion": DEEP_VERMILLION,
    "deep-green": DEEP_GREEN,
    "tint": TINT,
    "ribbon": RIBBON,
    "amber": AMBER,
    "white": WHITE,
}

TEXT_TOKENS: Final = (INK, MUTED, BLUE, DEEP_BLUE, DEEP_VERMILLION, DEEP_GREEN)
"""Colors that may carry text: at least 4.5 to 1 on white."""

MARK_TOKENS: Final = (AXIS, BLUE, DEEP_BLUE, VERMILLION, DEEP_VERMILLION, GREEN, DEEP_GREEN)
"""Colors that may carry a mark: at least 3 to 1 on white."""


@dataclass(frozen=True)
class Mode:
    """One layout of a figure: its name, its narrowest container and usual width, sizes of text and ticks, px."""

    name: str
    floor: int
    usual: int
    text: int
    tick: int


WIDE: Final = Mode("wide", 820, 928, 13, 12)
MID: Final = Mode("mid", 540, 658, 12, 12)
NARROW: Final = Mode("narrow", 280, 350, 12, 12)
CARD: Final = Mode("card", 190, 212, 12, 12)
MODES: Final = (WIDE, MID, NARROW)


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two #RRGGBB colors, 1 to 21 (WCAG 2.2, relative luminance)."""

    def luminance(color: str) -> float:
        channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
