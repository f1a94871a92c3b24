"""Small painted bars: QPainter only, so that every QGIS build shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

from qgis.PyQt.QtCore import QRectF, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from qgis.PyQt.QtWidgets import QSizePolicy, QWidget


@dataclass(frozen=True)
class Segment:
    """``key``: what a click on it stands for, where that is not the title shown."""

    title: str
    value: float
    colour: str
    key: str = ""


class StackedBar(QWidget):
    """Shares of one whole, side by side, with a legend below that wraps to the width."""

    BAR = 14

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._segments: tuple[Segment, ...] = ()
        self._unit = ""
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_segments(self, segments: Sequence[Segment], unit: str) -> None:
        """Show these values side by side, those of zero left out; a bar of nothing is hidden."""
        self._segments = tuple(segment for segment in segments if segment.value > 0)
        self._unit = unit
        self.setVisible(bool(self._segments))
        self.setFixedHeight(self.heightForWidth(max(self.width(), 120)))
        self.update()

    def legend(self) -> list[str]:
        return [segment.title + " " + format(segment.value, ".2f") + " " + self._unit for segment in self._segments]

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        metrics = QFontMetrics(self.font())
        lines = self._places(width, metrics)[-1][2] + 1 if self._segments else 0
        return self.BAR + 6 + lines * (metrics.height() + 2)

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(max(self.width(), 240)))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.heightForWidth(max(self.width(), 120)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setFixedHeight(self.heightForWidth(self.width()))

    def _places(self, width: int, metrics: QFontMetrics) -> list[tuple[str, int, int]]:
        """Legend entries as (text, x, line)."""
        result, x, line = [], 0, 0
        for text in self.legend():
            needed = metrics.horizontalAdvance(text) + 22
            if x and x + needed > width:
                x, line = 0, line + 1
            result.append((text, x, line))
            x += needed
        return result

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._segments:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        total = sum(segment.value for segment in self._segments)
        x = 0.0
        for segment in self._segments:
            wide = self.width() * segment.value / total
            painter.fillRect(QRectF(x, 0, max(wide - 1, 1.0), self.BAR), QColor(segment.colour))
            x += wide
        metrics = QFontMetrics(self.font())
        step = metrics.height() + 2
        for segment, (text, left, line) in zip(self._segments, self._places(self.width(), metrics)):
            top = self.BAR + 6 + line * step
            painter.fillRect(QRectF(left, top + step / 2 - 5, 9, 9), QColor(segment.colour))
            painter.setPen(self.palette().color(self.foregroundRole()))
            painter.drawText(QRectF(left + 13, top, self.width(), step), Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()


class BarChart(QWidget):
    """Counts as horizontal bars; a click on one picks it."""

    picked = pyqtSignal(str)
    ROW = 24

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._rows: list[Segment] = []
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: Sequence[Segment]) -> None:
        """One bar a segment, all on the scale of the longest."""
        self._rows = list(rows)
        self.setFixedHeight(max(1, len(self._rows)) * self.ROW + 4)
        self.update()

    def row_at(self, y: float) -> int:
        """The bar at a height in pixels of the widget; -1 where there is none."""
        position = int(y // self.ROW)
        return position if 0 <= position < len(self._rows) else -1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        position = self.row_at(event.pos().y())
        if position >= 0:
            row = self._rows[position]
            self.picked.emit(row.key or row.title)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetrics(self.font())
        label = min(max([metrics.horizontalAdvance(row.title) for row in self._rows] or [40]) + 10, self.width() // 2)
        number = max([metrics.horizontalAdvance(format(row.value, ".0f")) for row in self._rows] or [20]) + 10
        most = max([row.value for row in self._rows] or [1.0]) or 1.0
        room = max(self.width() - label - number, 10)
        for position, row in enumerate(self._rows):
            top = position * self.ROW
            painter.setPen(self.palette().color(self.foregroundRole()))
            text = metrics.elidedText(row.title, Qt.TextElideMode.ElideRight, label - 8)
            painter.drawText(QRectF(0, top, label - 6, self.ROW), Qt.AlignmentFlag.AlignVCenter, text)
            wide = room * row.value / most
            painter.fillRect(QRectF(label, top + 4, max(wide, 1.0), self.ROW - 8), QColor(row.colour))
            value = QRectF(label + wide + 5, top, number, self.ROW)
            painter.drawText(value, Qt.AlignmentFlag.AlignVCenter, format(row.value, ".0f"))
        painter.end()
