"""A click on the map chooses the parcel under it, with the tools that only look; tools that draw or measure keep their clicks."""

from __future__ import annotations

from typing import Optional

import shapely
from qgis.core import QgsCsException, QgsGeometry
from qgis.gui import QgsMapCanvas, QgsMapToolIdentify, QgsMapToolPan
from qgis.PyQt.QtCore import QEvent, QObject, QPoint, Qt
from shapely.geometry.base import BaseGeometry

from ..model.errors import WeipianError
from ..model.records import Parcel
from ..workspace.repository import Repository
from .session import Session
from .shapes import from_map

_STILL = 4  # pixels that a click may move


class MapClick(QObject):
    """An event filter on the canvas's viewport; the event goes on to the tool."""

    def __init__(self, canvas: QgsMapCanvas, session: Session, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._canvas, self._session = canvas, session
        self._pressed: Optional[QPoint] = None
        canvas.viewport().installEventFilter(self)

    def close(self) -> None:
        self._canvas.viewport().removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.pos()
        elif kind == QEvent.Type.MouseButtonRelease and self._pressed is not None:
            moved = (event.pos() - self._pressed).manhattanLength()
            self._pressed = None
            tool = self._canvas.mapTool()
            if moved <= _STILL and (tool is None or isinstance(tool, (QgsMapToolPan, QgsMapToolIdentify))):
                self.choose(event.pos())
        return False

    def choose(self, pixel: QPoint) -> None:
        """Make the smallest parcel under ``pixel`` the current one."""
        number = self.number_at(pixel)
        if number:
            self._session.select(number)

    def number_at(self, pixel: QPoint) -> str:
        """The smallest parcel under a pixel of the canvas; blank where there is none."""
        place = self._canvas.getCoordinateTransform().toMapCoordinates(pixel)
        try:
            point = from_map(QgsGeometry.fromPointXY(place), self._canvas.mapSettings().destinationCrs()).asPoint()
        except QgsCsException:
            return ""
        x, y = point.x(), point.y()
        near = [
            row.number
            for row in self._session.rows.values()
            if row.bounds and row.bounds[0] <= x <= row.bounds[2] and row.bounds[1] <= y <= row.bounds[3]
        ]
        return self._smallest(near, shapely.Point(x, y))

    def _smallest(self, numbers: list[str], point: BaseGeometry) -> str:
        store = self._session.store
        if store is None or not numbers:
            return ""
        try:
            parcels = Repository(store).all(Parcel, number=numbers)
        except WeipianError:  # held by another program: the click chooses nothing
            return ""
        under = [parcel for parcel in parcels if parcel.geometry is not None and parcel.geometry.covers(point)]
        return min(under, key=lambda parcel: parcel.area_m2 or 0.0).number if under else ""
