"""The photo that is looked at, on the map: where it stands, which way it looks, what it sees."""

from __future__ import annotations

from typing import Optional

from qgis.core import QgsGeometry, QgsPointXY, QgsWkbTypes
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt.QtGui import QColor

from .shapes import as_qgs, stored_crs
from .shown_photo import ShownPhoto

_DEFAULT_VIEW, _REACH = 60.0, 20.0


class PhotoMarker:
    """Rubber bands of one photo; nothing of it is in the layer tree."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        self._canvas = canvas
        self._bands: list[QgsRubberBand] = []

    def show(self, shown: Optional[ShownPhoto]) -> None:
        """View cone and arrow of a photo; None clears."""
        self.clear()
        if shown is None or shown.photo.lon is None or shown.photo.lat is None:
            return
        from ..evidence import view_cone

        lon, lat, azimuth = shown.photo.lon, shown.photo.lat, shown.photo.azimuth
        reach = max((shown.link.distance_m or 0.0) * 1.5, _REACH)
        here = QgsPointXY(lon, lat)
        if azimuth is not None:
            view = shown.photo.field_of_view or _DEFAULT_VIEW
            sector = self._band(QgsWkbTypes.GeometryType.PolygonGeometry, "#ffb300", 2)
            sector.setFillColor(QColor(255, 179, 0, 70))
            sector.setToGeometry(as_qgs(view_cone(lon, lat, azimuth, view, reach)), stored_crs())
            axis = as_qgs(view_cone(lon, lat, azimuth, 0.02, reach))
            arrow = self._band(QgsWkbTypes.GeometryType.LineGeometry, "#d84315", 2)
            tip = max((QgsPointXY(vertex) for vertex in axis.vertices()), key=here.sqrDist)
            arrow.setToGeometry(QgsGeometry.fromPolylineXY([here, tip]), stored_crs())
        point = self._band(QgsWkbTypes.GeometryType.PointGeometry, "#d84315", 2)
        point.setIcon(QgsRubberBand.IconType.ICON_CIRCLE)
        point.setIconSize(11)
        point.setToGeometry(QgsGeometry.fromPointXY(here), stored_crs())

    def _band(self, kind: object, colour: str, width: int) -> QgsRubberBand:
        band = QgsRubberBand(self._canvas, kind)
        band.setStrokeColor(QColor(colour))
        band.setWidth(width)
        self._bands.append(band)
        return band

    def clear(self) -> None:
        """Take the photo off the map."""
        for band in self._bands:
            self._canvas.scene().removeItem(band)
        self._bands = []
