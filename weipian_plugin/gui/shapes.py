"""Geometries between the workspace (shapely, EPSG:4490) and the map."""

from __future__ import annotations

from typing import Any, Optional

import shapely
from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsGeometry, QgsProject, QgsRectangle
from shapely.geometry.base import BaseGeometry

from ..model.records import STORED_CRS


def stored_crs() -> QgsCoordinateReferenceSystem:
    """EPSG:4490, in which the workspace keeps geometry."""
    return QgsCoordinateReferenceSystem(STORED_CRS)


def as_qgs(shape: Optional[BaseGeometry]) -> QgsGeometry:
    """A shapely geometry without heights; an empty one for None."""
    geometry = QgsGeometry()
    if shape is not None and not shape.is_empty:
        geometry.fromWkb(shapely.to_wkb(shape, output_dimension=2))
    return geometry


def on_map(geometry: QgsGeometry, crs: QgsCoordinateReferenceSystem) -> QgsGeometry:
    """A copy in the map's coordinates."""
    moved = QgsGeometry(geometry)
    if crs.isValid() and crs != stored_crs():
        moved.transform(QgsCoordinateTransform(stored_crs(), crs, QgsProject.instance()))
    return moved


def bounds_on_map(bounds: Any, crs: QgsCoordinateReferenceSystem) -> Optional[QgsRectangle]:
    """(west, south, east, north) in degrees as a rectangle of the map."""
    if bounds is None:
        return None
    return on_map(QgsGeometry.fromRect(QgsRectangle(*bounds)), crs).boundingBox()


def metric_crs(zone: Any) -> Optional[QgsCoordinateReferenceSystem]:
    """CGCS2000 in the three-degree zone of a parcel, metres; None where the zone is not known."""
    if zone is None or zone != zone or not 25 <= int(zone) <= 45:
        return None
    return QgsCoordinateReferenceSystem("EPSG:" + str(4513 + int(zone) - 25))


def from_map(geometry: QgsGeometry, crs: QgsCoordinateReferenceSystem) -> QgsGeometry:
    """A copy of a geometry in the map's coordinates, in those of the workspace. Raises QgsCsException."""
    moved = QgsGeometry(geometry)
    if crs.isValid() and crs != stored_crs():
        moved.transform(QgsCoordinateTransform(crs, stored_crs(), QgsProject.instance()))
    return moved
