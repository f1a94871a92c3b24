"""What the compare tool draws over the map: two pictures of the same view, divided by a line, each with its date and source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from qgis.core import QgsGeometry
from qgis.gui import QgsMapCanvas, QgsMapCanvasItem
from qgis.PyQt.QtCore import QPointF, QRectF, Qt
from qgis.PyQt.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPainterPath, QPen, QPixmap

from ..toolbelt.language import tr

_LINE = QColor("#ffffff")
_PARCEL = QColor("#00e5ff")


@dataclass
class Side:
    """One date: its picture (device pixels, ratio set) and what is written on it."""

    label: str = ""
    pixmap: Optional[QPixmap] = None
    blank: bool = False

    def show(self, image: QImage, background: QColor) -> None:
        """``image``: transparent where there is no picture."""
        self.blank = has_nothing(image)
        opaque = QImage(image.size(), QImage.Format.Format_RGB32)  # draws faster
        opaque.setDevicePixelRatio(image.devicePixelRatio())
        opaque.fill(background)
        painter = QPainter(opaque)
        painter.drawImage(0, 0, image)
        painter.end()
        self.pixmap = QPixmap.fromImage(opaque)

    @property
    def caption(self) -> str:
        return self.label + (" · " + tr("此范围没有影像（未覆盖，或影像服务没有应答）") if self.blank else "")


def says_nothing_more(title: str, date: str, name: str) -> bool:
    """Whether the title of an image repeats its date (``20240105``) or whose it is (``前时相影像``), which the label has already."""
    plain = "".join(sign for sign in title if sign.isalnum())
    return plain in ("", "".join(sign for sign in date if sign.isdigit()), name, f"{name}影像")


def has_nothing(image: QImage) -> bool:
    """Whether all of 64 × 64 pixels spread over the picture are transparent."""
    alpha = image.scaled(64, 64).convertToFormat(QImage.Format.Format_Alpha8)
    bits = alpha.constBits()
    bits.setsize(alpha.sizeInBytes())
    return not bytes(bits).strip(b"\0")


class CompareItem(QgsMapCanvasItem):
    """Covers the whole canvas in its own pixels, so that a turned map needs no thought: the pictures are turned already.

    ``share``: where the line is, 0 to 1 of the width; left of it is the earlier date. ``only``: ``before`` or ``after`` fills
    the canvas with one of them.
    """

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.before, self.after = Side(), Side()
        self.share = 0.5
        self.only = ""
        self.outline = QgsGeometry()  # of the parcel, in map coordinates
        self.setZValue(900)

    def updatePosition(self) -> None:
        self.setPos(QPointF(0, 0))

    def boundingRect(self) -> QRectF:
        viewport = self._canvas.viewport()
        return QRectF(0, 0, viewport.width(), viewport.height())

    def move_line(self, share: float) -> None:
        """Only the strip that the line has passed over is drawn again."""
        width, height = self.boundingRect().width(), self.boundingRect().height()
        first, last = sorted((self.share * width, share * width))
        self.share = share
        self.update(QRectF(first - 16, 0, last - first + 32, height))

    def paint(self, painter: QPainter, *unused: object) -> None:
        """Both halves up to the dividing line (``share`` of the width), or the one that is shown alone."""
        whole = self.boundingRect()
        line = whole.width() * self.share
        if self.only:
            self._half(painter, self.before if self.only == "before" else self.after, whole, self.only == "before")
        else:
            self._half(painter, self.before, QRectF(0, 0, line, whole.height()), True)
            self._half(painter, self.after, QRectF(line, 0, whole.width() - line, whole.height()), False)
        self._parcel(painter)
        if not self.only:
            self._handle(painter, line, whole.height())

    def _half(self, painter: QPainter, side: Side, place: QRectF, left: bool) -> None:
        if place.width() <= 0:
            return
        painter.save()
        painter.setClipRect(place)
        if side.pixmap is not None:
            painter.drawPixmap(0, 0, side.pixmap)
        else:
            painter.fillRect(place, QColor(40, 40, 40, 160))
        self._label(painter, side.caption, place, left)
        painter.restore()

    def _label(self, painter: QPainter, text: str, place: QRectF, left: bool) -> None:
        font = QFont(self._canvas.font())
        font.setPointSizeF(font.pointSizeF() * 1.15)
        font.setBold(True)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, int(place.width()) - 38))
        width = metrics.horizontalAdvance(text) + 18
        height = metrics.height() + 8
        x = 10.0 if left else self.boundingRect().width() - width - 10.0
        box = QRectF(x, 10, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 190))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor("#ffffff"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _parcel(self, painter: QPainter) -> None:
        if self.outline.isEmpty():
            return
        transform = self._canvas.getCoordinateTransform()
        path = QPainterPath()
        parts = self.outline.asMultiPolygon() if self.outline.isMultipart() else [self.outline.asPolygon()]
        for rings in parts:
            for ring in rings:
                for position, point in enumerate(ring):
                    pixel = transform.transform(point)
                    spot = QPointF(pixel.x(), pixel.y())
                    path.lineTo(spot) if position else path.moveTo(spot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(0, 0, 0, 160), 4))
        painter.drawPath(path)
        painter.setPen(QPen(_PARCEL, 2))
        painter.drawPath(path)

    def _handle(self, painter: QPainter, line: float, height: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(0, 0, 0, 150), 4))
        painter.drawLine(QPointF(line, 0), QPointF(line, height))
        painter.setPen(QPen(_LINE, 2))
        painter.drawLine(QPointF(line, 0), QPointF(line, height))
        middle = height / 2
        painter.setBrush(_LINE)
        painter.setPen(QPen(QColor(0, 0, 0, 150), 1))
        painter.drawEllipse(QPointF(line, middle), 13, 13)
        painter.setPen(QPen(QColor("#1d5f8a"), 2))
        for way in (-1, 1):
            painter.drawLine(QPointF(line + way * 3, middle - 4), QPointF(line + way * 7, middle))
            painter.drawLine(QPointF(line + way * 3, middle + 4), QPointF(line + way * 7, middle))
