"""Colors of the report under simulated color-vision deficiency: what a legend tells apart must stay apart."""

from itertools import combinations, pairwise

import numpy as np
import pytest

from reports import palette
from reports.figures import figures
from reports.rows import Rows

# Machado, Oliveira and Fernandes (2009), table 1, severity 1, for linear sRGB.
DEFICIENCIES = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])  # sRGB, D65
LEAST = 10.0
"""CIE 1976 distance of two colors that must be told apart; 2.3 is a difference just noticed side by side."""


def linear(color: str) -> np.ndarray:
    """A #RRGGBB color in linear sRGB."""
    coded = np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """L*, a*, b* of a color in linear sRGB, white point D65."""
    ratio = TO_XYZ @ np.clip(rgb, 0, 1) / TO_XYZ.sum(axis=1)
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(first: str, second: str, deficiency: str) -> float:
    """CIE 1976 distance of two colors as somebody with the deficiency sees them."""
    sees = np.array(DEFICIENCIES[deficiency])
    return float(np.linalg.norm(lab(sees @ linear(first)) - lab(sees @ linear(second))))


def test_lightness_of_black_white_and_grey_is_as_published():
    """L* of the grey #777777 is 50.03 (Bruce Lindbloom's calculator)."""
    assert lab(linear("#000000")) == pytest.approx([0, 0, 0], abs=0.01)
    assert lab(linear("#FFFFFF")) == pytest.approx([100, 0, 0], abs=0.02)
    assert lab(linear("#777777"))[0] == pytest.approx(50.03, abs=0.02)


def test_the_simulation_confuses_what_the_color_blind_confuse():
    assert distance("#FF0000", "#6B6B00", "protanopia") < distance("#FF0000", "#0000FF", "protanopia") / 3
    assert distance("#808080", "#808080", "tritanopia") == 0


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_marks_of_one_shape_in_a_legend_stay_apart(edition, deficiency):
    """Entries that differ in color alone: another shape or dash is told by itself."""
    for figure in figures(Rows(edition)).values():
        for a, b in combinations(figure.legend, 2):
            if (a.kind, a.dash) == (b.kind, b.dash):
                assert distance(a.color, b.color, deficiency) >= LEAST, (figure.key, a.text, b.text)


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("scale", [palette.CIVIDIS, palette.ORANGES], ids=["above zero", "below zero"])
def test_neighboring_steps_of_a_scale_stay_apart(scale, deficiency):
    for a, b in pairwise(scale):
        assert distance(a, b, deficiency) >= 5.0, (a, b)


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_gain_and_harm_stay_apart(deficiency):
    for good, bad in ((palette.BLUE, palette.VERMILLION), (palette.DEEP_BLUE, palette.DEEP_VERMILLION)):
        assert distance(good, bad, deficiency) >= 25
