"""Imagery of a layout's map, rendered once on other threads and laid under the map item for every output of the page.

A map item draws its rasters anew for each output, on the main thread. Here the rasters of a map are one picture at the resolution of the
page; the map item keeps its vectors, frame and overview, and loses only its background, which the picture has.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, Optional

from qgis.core import (
    QgsLayoutItem,
    QgsLayoutItemMap,
    QgsMapLayer,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsPrintLayout,
)
from qgis.PyQt.QtCore import QRectF, QSizeF
from qgis.PyQt.QtGui import QColor, QImage

from ..toolbelt.threads import in_main_thread

_TYPE = 65536 + 4025  # a number of our own, far behind those of QGIS
_MILLIMETRES_OF_AN_INCH = 25.4
#: The picture lies right below its map, above whatever else the template has under it.
_BELOW = 0.5


class Underlay(QgsLayoutItem):
    """The picture under one map item; nothing is drawn where there is none."""

    def __init__(self, layout: QgsPrintLayout, item: QgsLayoutItemMap) -> None:
        super().__init__(layout)
        self.item = item
        self.picture: Optional[QImage] = None
        self._background = QColor(item.backgroundColor()) if item.hasBackground() else QColor(0, 0, 0, 0)

    def type(self) -> int:
        return _TYPE

    def follow(self) -> None:
        """Take the place of the map item, whose own background would hide the picture."""
        self.item.setBackgroundEnabled(False)
        self.attemptMove(self.item.positionWithUnits())
        self.attemptResize(self.item.sizeWithUnits())
        self.setZValue(self.item.zValue() - _BELOW)

    def draw(self, context: Any) -> None:
        """Fill the item with its background, then the picture where there is one; ``context``: QgsLayoutItemRenderContext."""
        render = context.renderContext()
        factor = render.scaleFactor()
        box = QRectF(0, 0, self.rect().width() * factor, self.rect().height() * factor)
        if self._background.alpha():
            render.painter().fillRect(box, self._background)
        if self.picture is not None:
            render.painter().drawImage(box, self.picture)


class RasterJob:
    """The rasters of a map item as one picture, rendered on QGIS's threads. Made and started on the main thread."""

    def __init__(self, underlay: Underlay, layers: Sequence[QgsMapLayer], dpi: int) -> None:
        self._underlay, self._done = underlay, threading.Event()
        self._job = QgsMapRendererParallelJob(_settings(underlay.item, layers, dpi))
        self._job.finished.connect(self._done.set)
        self._job.start()

    def wait(self) -> None:
        """Until the picture is there. The main thread goes on with its events while another thread waits."""
        if in_main_thread():
            self._job.waitForFinished()
        else:
            self._done.wait()

    def lay(self) -> None:
        """Put the picture under the map. On the main thread."""
        self._underlay.picture = self._job.renderedImage()
        self._underlay.invalidateCache()


def _settings(item: QgsLayoutItemMap, layers: Sequence[QgsMapLayer], dpi: int) -> QgsMapSettings:
    """What rasters need of the item's settings; with all the rest of them QGIS takes four times as long."""
    box = item.rect()
    size = QSizeF(box.width() * dpi / _MILLIMETRES_OF_AN_INCH, box.height() * dpi / _MILLIMETRES_OF_AN_INCH)
    whole = item.mapSettings(item.extent(), size, dpi, False)
    settings = QgsMapSettings()
    settings.setLayers(list(layers))
    settings.setOutputSize(whole.outputSize())
    settings.setOutputDpi(dpi)
    settings.setDestinationCrs(whole.destinationCrs())
    settings.setTransformContext(whole.transformContext())
    settings.setExtent(whole.extent())
    settings.setRotation(whole.rotation())
    settings.setBackgroundColor(QColor(0, 0, 0, 0))
    return settings
