"""Imagery of the catalogue as QGIS layers: opened, placed by the one decision on systems, drawn sensibly, and asked what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

import numpy as np
import shapely
from numpy.typing import NDArray
from qgis.core import (
    Qgis,
    QgsContrastEnhancement,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsRasterLayer,
    QgsRasterMinMaxOrigin,
    QgsRectangle,
    QgsSingleBandGrayRenderer,
)
from shapely.geometry.base import BaseGeometry

from ..formats.catalogue import is_service
from ..formats.images import ImagePlace, drawing_system, place_image
from ..formats.systems import code_of, parse_crs
from ..geodesy.extents import Extent
from ..model.messages import Message
from ..model.records import STORED_CRS, LayerSource
from ..model.secrets import masked

#: Pixels a side that are looked at to tell what an image shows, and the share that must show something.
_LOOK = 64
_SHOWN = 0.01
#: How numpy writes the kinds of numbers of a block.
_KINDS = {
    Qgis.DataType.Byte: "u1",
    Qgis.DataType.UInt16: "u2",
    Qgis.DataType.Int16: "i2",
    Qgis.DataType.UInt32: "u4",
    Qgis.DataType.Int32: "i4",
    Qgis.DataType.Float32: "f4",
    Qgis.DataType.Float64: "f8",
}
#: A mask has (nearly) nothing but its two ends; a fourth band of near infrared has everything between.
_MASK = 0.97
#: Pixels above which only a square of so many pixels a side is looked at.
_LARGE, _SAMPLE = 50_000_000, 2048


@dataclass(frozen=True)
class Image:
    """An image of the catalogue. ``layer`` is None, or must not be drawn, where ``place.problem`` says why."""

    source: LayerSource
    layer: Optional[QgsRasterLayer]
    place: ImagePlace

    @property
    def title(self) -> str:
        return self.source.title or Path(masked(self.source.source)).stem

    @property
    def drawable(self) -> bool:
        return self.layer is not None and self.place.placed

    def extent(self) -> QgsRectangle:
        """Its box in EPSG:4490; empty where it cannot be told."""
        if self.layer is None or not self.drawable:
            return QgsRectangle()
        return _moved(self.layer.extent(), self.layer.crs(), QgsCoordinateReferenceSystem(STORED_CRS)) or QgsRectangle()

    def draw_around(self, lon: float, lat: float) -> None:
        """Give the layer the system that is right around a place (an old datum with parameters has one for each map)."""
        if self.layer is not None and self.drawable and not is_service(self.source.source):
            self.layer.setCrs(as_qgs_crs(drawing_system(self.place, lon, lat)))

    def shows(self, geometry: BaseGeometry) -> bool:
        """Whether there is any pixel at a shape (EPSG:4490): no data and black borders are none."""
        if self.layer is None or not self.drawable:
            return False
        if is_service(self.source.source):
            return True
        box = QgsRectangle(*shapely.bounds(geometry).tolist())
        inside = _moved(box, QgsCoordinateReferenceSystem(STORED_CRS), self.layer.crs())
        if inside is None or not inside.intersects(self.layer.extent()):
            return False
        return _seen(self.layer, inside.intersect(self.layer.extent())) >= _SHOWN


def open_image(source: LayerSource, expected: Optional[Extent] = None) -> Image:
    """Open and place an image; nothing is raised: what is wrong stands in ``place.problem`` with the name of the file."""
    service = is_service(source.source)
    shown = source.title if service else Path(source.source).name
    layer = QgsRasterLayer(
        source.source, source.title or Path(masked(source.source)).stem, "wms" if service else "gdal"
    )
    if not layer.isValid():
        return Image(source, None, ImagePlace(problem=Message("filing.image_damaged", {"path": shown})))
    if service:
        if source.crs:
            layer.setCrs(as_qgs_crs(source.crs))
        return Image(source, layer, ImagePlace(layer.crs().authid(), layer.crs().authid()))
    box = layer.extent()
    corners = [(x, y) for x in (box.xMinimum(), box.xMaximum()) for y in (box.yMinimum(), box.yMaximum())]
    declared = layer.crs().toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT_PREFERRED) if layer.crs().isValid() else ""
    place = place_image(shown, declared, corners, source.crs, expected)
    if place.placed:
        layer.setCrs(as_qgs_crs(place.crs))
        _draw_sensibly(layer, _sample(layer, expected))
    return Image(source, layer, place)


def as_qgs_crs(text: str) -> QgsCoordinateReferenceSystem:
    """``EPSG:n``, WKT or PROJ text (as the one parser accepts them) for QGIS."""
    crs = parse_crs(text)
    code = code_of(crs)
    return QgsCoordinateReferenceSystem(code) if code else QgsCoordinateReferenceSystem.fromWkt(crs.to_wkt())


def _moved(
    box: QgsRectangle, source: QgsCoordinateReferenceSystem, target: QgsCoordinateReferenceSystem
) -> Optional[QgsRectangle]:
    try:
        moved = QgsCoordinateTransform(source, target, QgsCoordinateTransformContext()).transformBoundingBox(box)
    except QgsCsException:
        return None
    return moved if moved.isFinite() else None


def _seen(layer: QgsRasterLayer, box: QgsRectangle) -> float:
    """The share of pixels in a box (layer coordinates) that are neither no data nor black in every band."""
    provider = layer.dataProvider()
    bands = [provider.block(number, box, _LOOK, _LOOK) for number in range(1, min(3, layer.bandCount()) + 1)]
    if not all(block.isValid() for block in bands):
        return 0.0
    return float(np.any([_pixels(block) for block in bands], axis=0).mean())


def _pixels(block: Any) -> NDArray[np.bool_]:
    """Which pixels of a block are neither no data nor 0."""
    kind = _KINDS.get(block.dataType())
    if kind is None or (block.hasNoData() and not block.hasNoDataValue()):  # a mask of its own: pixel by pixel
        shown = [
            not block.isNoData(row, column) and block.value(row, column) != 0
            for row in range(_LOOK)
            for column in range(_LOOK)
        ]
        return np.array(shown, bool).reshape(_LOOK, _LOOK)
    values = np.frombuffer(bytes(block.data()), kind).reshape(_LOOK, _LOOK)
    shown = values != 0
    if block.hasNoDataValue():
        shown &= values != np.asarray(block.noDataValue()).astype(kind)
    return shown & ~np.isnan(values) if kind.startswith("f") else shown


def _sample(layer: QgsRasterLayer, expected: Optional[Extent]) -> QgsRectangle:
    """What is looked at to tell how an image is drawn: all of it, or of a large one the middle of where the parcels are.

    Without overviews a look at all of a county's mosaic reads every block of it.
    """
    box = layer.extent()
    if layer.width() * layer.height() <= _LARGE:
        return box
    centre = box.center()
    if expected is not None:
        around = _moved(QgsRectangle(*expected.box), QgsCoordinateReferenceSystem(STORED_CRS), layer.crs())
        centre = around.center() if around is not None and box.contains(around.center()) else centre
    width, height = (side * _SAMPLE / 2 for side in (layer.rasterUnitsPerPixelX(), layer.rasterUnitsPerPixelY()))
    looked = QgsRectangle(centre.x() - width, centre.y() - height, centre.x() + width, centre.y() + height)
    return looked.intersect(box)


def _draw_sensibly(layer: QgsRasterLayer, sample: QgsRectangle) -> None:
    """A fourth band that is no mask is no opacity; more than eight bits, and a single band, are stretched."""
    provider, renderer = layer.dataProvider(), layer.renderer()
    if renderer is not None and renderer.alphaBand() > 0 and not _is_mask(layer, renderer.alphaBand(), sample):
        renderer.setAlphaBand(-1)
    wide = provider.dataTypeSize(1) > 1
    if wide or isinstance(renderer, QgsSingleBandGrayRenderer):
        layer.setContrastEnhancement(
            QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum,
            QgsRasterMinMaxOrigin.Limits.CumulativeCut,
            sample,
        )


def _is_mask(layer: QgsRasterLayer, band: int, sample: QgsRectangle) -> bool:
    block = layer.dataProvider().block(band, sample, _LOOK, _LOOK)
    values = [block.value(row, column) for row in range(_LOOK) for column in range(_LOOK)] if block.isValid() else []
    top = max(values, default=0.0)
    return top > 0 and sum(value in (0.0, top) for value in values) >= _MASK * len(values)
