"""The coordinate grid (坐标格网) over a picture of the location map: crosses at round metres, coordinates along the frame; on request.

Coordinates are those of the map's own system, whose Chinese name stands beside the map.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from qgis.core import QgsRectangle
from qgis.PyQt.QtCore import QPointF, QRectF, Qt
from qgis.PyQt.QtGui import QColor, QFont, QPainter, QPainterPath, QPen

_MOST_LINES = 5  # along the longer side of a picture
_CROSS, _TICK, _LETTERS, _HALO, _LINE = 2.0, 2.5, 2.4, 0.5, 0.2  # millimetres
_INK = QColor(20, 20, 20)


def step_of(metres: float) -> float:
    """The round distance (1, 2 or 5 × 10ⁿ m) of the lines of a side of so many metres."""
    least = metres / _MOST_LINES
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least * (1 - 1e-9))


def lines_between(low: float, high: float, step: float) -> list[float]:
    """The multiples of ``step`` strictly between two coordinates."""
    return [step * number for number in range(math.floor(low / step) + 1, math.ceil(high / step))]


def draw_grid(painter: QPainter, box: QRectF, extent: QgsRectangle, dots: float) -> None:
    """Over ``box`` (dots), which shows ``extent`` (metres); ``dots``: of a millimetre."""
    step = step_of(max(extent.width(), extent.height()))
    across = {x: (x - extent.xMinimum()) * box.width() / extent.width() for x in _inside(extent, step, True)}
    down = {y: (extent.yMaximum() - y) * box.height() / extent.height() for y in _inside(extent, step, False)}
    painter.save()
    painter.setClipRect(box)
    painter.setPen(QPen(_INK, _LINE * dots))
    for start, end in _strokes(across, down, box, dots):
        painter.drawLine(start, end)
    font = QFont("Noto Sans CJK SC")
    font.setStyleHint(QFont.StyleHint.SansSerif)
    font.setPixelSize(max(1, round(_LETTERS * dots)))
    for x, place in across.items():
        _write(painter, font, QPointF(place, box.height() - (_TICK + 0.5) * dots), f"{x:.0f}", dots, turned=False)
    for y, place in down.items():
        _write(painter, font, QPointF((_TICK + 0.5 + _LETTERS) * dots, place), f"{y:.0f}", dots, turned=True)
    painter.restore()


def _inside(extent: QgsRectangle, step: float, horizontal: bool) -> list[float]:
    low, high = (extent.xMinimum(), extent.xMaximum()) if horizontal else (extent.yMinimum(), extent.yMaximum())
    return lines_between(low, high, step)


def _strokes(
    across: dict[float, float], down: dict[float, float], box: QRectF, dots: float
) -> Iterator[tuple[QPointF, QPointF]]:
    """Ticks at the lower and left frame, crosses where the lines meet."""
    half, tick = _CROSS * dots / 2.0, _TICK * dots
    for x in across.values():
        yield QPointF(x, box.height() - tick), QPointF(x, box.height())
        for y in down.values():
            yield QPointF(x - half, y), QPointF(x + half, y)
            yield QPointF(x, y - half), QPointF(x, y + half)
    for y in down.values():
        yield QPointF(0, y), QPointF(tick, y)


def _write(painter: QPainter, font: QFont, place: QPointF, text: str, dots: float, turned: bool) -> None:
    """A coordinate with a light edge, so that it is read on any imagery; centred above, or turned beside, its tick."""
    path = QPainterPath()
    path.addText(QPointF(0, 0), font, text)
    painter.save()
    painter.translate(place)
    if turned:
        painter.rotate(-90)
    painter.translate(-path.boundingRect().width() / 2.0, 0)
    painter.strokePath(path, QPen(QColor("white"), _HALO * dots, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.fillPath(path, _INK)
    painter.restore()
