"""A photo large: turn, zoom, next and previous, attach and detach, with the figures below."""

from __future__ import annotations

from typing import Optional

from qgis.PyQt.QtCore import QPointF, QRectF, Qt, pyqtSignal
from qgis.PyQt.QtGui import (
    QColor,
    QImage,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from qgis.PyQt.QtWidgets import (
    QDialog,
    QGraphicsScene,
    QGraphicsView,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..toolbelt.compat import QShortcut, is_deleted
from ..toolbelt.language import tr
from .photo_strip import PhotoStrip, caption, status_text
from .shown_photo import ShownPhoto


class _View(QGraphicsView):
    """The wheel zooms at the pointer; dragging moves."""

    def __init__(self) -> None:
        super().__init__(QGraphicsScene())
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setBackgroundBrush(QColor("#202020"))

    zoomed = pyqtSignal()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoomed.emit()
        step = 1.2 if event.angleDelta().y() > 0 else 1 / 1.2
        self.scale(step, step)


class PhotoViewer(QDialog):
    """Follows the strip: what is shown here is current there, and on the map."""

    def __init__(self, strip: PhotoStrip, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setObjectName("WeipianPhotoViewer")
        self.setWindowTitle(tr("照片"))
        self.resize(900, 640)
        self._strip = strip
        self._fitted = True  # until a person zooms
        self.view = _View()
        self.view.zoomed.connect(lambda: setattr(self, "_fitted", False))
        self.rotation = 0
        self.caption = QLabel()
        self.caption.setWordWrap(True)
        self.compass = _Compass()
        row = QHBoxLayout()
        row.addWidget(self.compass)
        row.addWidget(self.caption, 1)
        self.buttons: dict[str, QToolButton] = {}
        for name, text, key, action in (
            ("previous", tr("上一张 ←"), "Left", strip.previous),
            ("next", tr("下一张 →"), "Right", strip.next),
            ("turn", tr("旋转 R"), "R", lambda: self.turn(90)),
            ("fit", tr("适合窗口 0"), "0", self.fit),
            ("attach", tr("挂接／解除 A"), "A", strip.toggle),
        ):
            button = QToolButton()
            button.setText(text)
            button.clicked.connect(action)
            row.addWidget(button)
            self.buttons[name] = button
            QShortcut(QKeySequence(key), self).activated.connect(action)
        QShortcut(QKeySequence("Shift+R"), self).activated.connect(lambda: self.turn(-90))
        layout = QVBoxLayout(self)
        layout.addWidget(self.view, 1)
        layout.addLayout(row)
        strip.shown.connect(self.show_photo)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.show_photo(self._strip.current)

    def show_photo(self, shown: Optional[ShownPhoto]) -> None:
        """Show the photo that is current in the strip; its picture follows when it is read."""
        if not self.isVisible():
            return
        scene = self.view.scene()
        scene.clear()
        self.view.resetTransform()
        self.rotation = 0
        self.compass.show_azimuth(None)
        if shown is None:
            self.caption.setText(tr("没有照片"))
            return
        self._strip.read(shown, lambda image: self._show_image(shown, image))
        photo, azimuth = shown.photo, shown.photo.azimuth
        self.compass.show_azimuth(azimuth)
        facing = tr("方位角 {}°").format(format(azimuth, ".0f")) if azimuth is not None else tr("无方位角")
        lines = [photo.file, "　".join(((photo.taken_at or "")[:16].replace("T", " "), facing))]
        lines.append(caption(shown) + "　" + status_text(shown.link.status))
        self.caption.setText("\n".join(lines))

    def _show_image(self, photo: ShownPhoto, image: QImage) -> None:
        """The picture, read beside the window; it may be another one's turn by now."""
        current = self._strip.current
        if is_deleted(self) or not self.isVisible() or current is None or current.key != photo.key:
            return
        if image.isNull():
            self.caption.setText(tr("照片无法打开：{}").format(photo.photo.file))
            return
        scene = self.view.scene()
        scene.clear()
        scene.addPixmap(QPixmap.fromImage(image))
        scene.setSceneRect(QRectF(image.rect()))
        self._fitted = True
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitted:
            self.fit()

    def turn(self, degrees: int) -> None:
        """Turn the picture clockwise, on the screen only."""
        self.rotation = (self.rotation + degrees) % 360
        self.view.rotate(degrees)
        self.fit()

    def fit(self) -> None:
        """The whole picture, also after the window changes, until a person zooms."""
        self._fitted = True
        self.view.fitInView(self.view.sceneRect(), Qt.AspectRatioMode.KeepAspectRatio)


class _Compass(QLabel):
    """Which way the camera looked, north up."""

    SIZE = 46

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(self.SIZE, self.SIZE)
        self._azimuth: Optional[float] = None

    def show_azimuth(self, azimuth: Optional[float]) -> None:
        self._azimuth = azimuth
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.SIZE / 2
        painter.setPen(QPen(self.palette().color(self.foregroundRole()), 1))
        painter.drawEllipse(QPointF(middle, middle), middle - 2, middle - 2)
        painter.drawText(QRectF(0, 2, self.SIZE, 14), Qt.AlignmentFlag.AlignHCenter, "N")
        if self._azimuth is not None:
            painter.translate(middle, middle)
            painter.rotate(self._azimuth)
            painter.setBrush(QColor("#d84315"))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawPolygon(QPolygonF([QPointF(0, -middle + 5), QPointF(6, 8), QPointF(0, 4), QPointF(-6, 8)]))
        painter.end()
