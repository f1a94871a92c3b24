"""坐标格网: crosses stand where their coordinates are, and nothing else of the map changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qgis.core import QgsRectangle
from qgis.PyQt.QtCore import QRectF
from qgis.PyQt.QtGui import QColor, QImage, QPainter

from weipian_plugin.algorithms.map_grid import draw_grid, lines_between, step_of


@given(st.floats(5.0, 200_000.0), st.floats(-1e6, 4e7))
def test_lines_are_round_few_and_inside(metres: float, low: float) -> None:
    step = step_of(metres)
    mantissa = float(f"{step:e}".split("e")[0])
    assert mantissa in (1.0, 2.0, 5.0)
    lines = lines_between(low, low + metres, step)
    assert 1 <= len(lines) <= 6 and all(low < line < low + metres for line in lines)
    assert all(abs(line / step - round(line / step)) < 1e-6 for line in lines)


@pytest.mark.parametrize("dots", [4, 12])
def test_crosses_stand_where_their_coordinates_are(qgis_app: object, dots: int) -> None:
    extent = QgsRectangle(35_590_012.0, 3_248_007.0, 35_590_132.0, 3_248_087.0)  # 120 by 80 m
    width, height = 120 * dots, 80 * dots
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    draw_grid(painter, QRectF(0, 0, width, height), extent, dots)
    painter.end()
    dark = {
        (x, y)
        for x in range(35_590_013, 35_590_132)
        for y in range(3_248_012, 3_248_087)
        if QColor(image.pixel(round((x - 35_590_012) * dots), round((3_248_087 - y) * dots))).lightness() < 160
    }
    wanted = {(x, y) for x in range(35_590_050, 35_590_132, 50) for y in (3_248_050,)}
    assert wanted <= dark, "a cross at every round place"
    inner = {(x, y) for x, y in dark if x > 35_590_024 and y > 3_248_020}  # away from the coordinates along the frame
    assert all(min(abs(x - a) + abs(y - b) for a, b in wanted) <= 2 for x, y in inner), "and nowhere else"
