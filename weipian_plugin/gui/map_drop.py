"""Photos dropped on the map are added as those dropped on the card are. Everything else, rasters among it, goes on to QGIS."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Optional

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QEvent, QObject, pyqtSignal

from .dock import dropped_photos

_RASTERS = frozenset({".tif", ".tiff", ".png"})  # QGIS shows them as layers


class MapDrop(QObject):
    """An event filter on the canvas's viewport. ``opened``: whether a workspace is open that photos could go to."""

    dropped = pyqtSignal(list)

    def __init__(self, canvas: QgsMapCanvas, opened: Callable[[], bool], parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._canvas, self._opened = canvas, opened
        canvas.viewport().installEventFilter(self)

    def close(self) -> None:
        self._canvas.viewport().removeEventFilter(self)

    def photos(self, event: object) -> list[str]:
        """What of a drag is for us: photos, or folders of them."""
        paths = dropped_photos(event) if self._opened() else []
        return [] if any(Path(path).suffix.lower() in _RASTERS for path in paths) else paths

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop):
            return False
        paths = self.photos(event)
        if not paths:
            return False
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self.dropped.emit(paths)
        return True
