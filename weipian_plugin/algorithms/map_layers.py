"""The layers a location map draws over its imagery: their styles, and the features of one parcel in them.

They belong to the thread that makes them and draws from them, whichever it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from qgis.core import (
    QgsFeature,
    QgsFillSymbol,
    QgsGeometry,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsProperty,
    QgsSimpleMarkerSymbolLayer,
    QgsSingleSymbolRenderer,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtGui import QColor
from shapely.geometry.base import BaseGeometry

from ..model.records import STORED_CRS


@dataclass(frozen=True)
class Style:
    """A layer of the map: where its shapes come from, how it is drawn, and its line in the legend."""

    name: str
    title: str
    geometry: str
    symbol: Mapping[str, str]


#: drawn from the top down
STYLES = (
    Style("photos", "照片（箭头为方位）", "Point", {}),
    Style("unaimed", "照片（无方位角）", "Point", {}),
    Style("parcel", "图斑", "Polygon", {"color": "0,0,0,0", "outline_color": "#e60000", "outline_width": "0.7"}),
    Style(
        "parts",
        "拟拆分地块",
        "Polygon",
        {"color": "0,0,0,0", "outline_color": "#ffd400", "outline_width": "0.5", "outline_style": "dash"},
    ),
    Style(
        "redline",
        "生态保护红线",
        "Polygon",
        {"color": "0,150,60,70", "outline_color": "#007a33", "outline_width": "0.4"},
    ),
    Style(
        "basic_farmland",
        "永久基本农田",
        "Polygon",
        {"color": "255,225,0,70", "outline_color": "#c8a000", "outline_width": "0.3"},
    ),
    Style(
        "approved",
        "批文及其他依据范围",
        "Polygon",
        {"color": "0,112,255,60", "outline_color": "#0050c8", "outline_width": "0.5"},
    ),
)


def vector_layer(style: Style) -> QgsVectorLayer:
    """An empty layer in memory (EPSG:4490) with the symbol and label of a style; points also carry ``sequence`` and ``rotation`` (degrees)."""
    fields = "&field=sequence:string(10)&field=rotation:double" if style.geometry == "Point" else ""
    kind = "MultiPolygon" if style.geometry == "Polygon" else style.geometry
    layer = QgsVectorLayer(f"{kind}?crs={STORED_CRS}{fields}", style.title, "memory")
    if style.geometry == "Polygon":
        layer.setRenderer(QgsSingleSymbolRenderer(QgsFillSymbol.createSimple(dict(style.symbol))))
        return layer
    layer.setRenderer(QgsSingleSymbolRenderer(_photo_symbol(aimed=style.name == "photos")))
    settings = QgsPalLayerSettings()
    settings.fieldName = "sequence"
    settings.dist = 1.8
    text = QgsTextFormat()
    text.setSize(8)
    text.setColor(QColor("#003cff"))
    halo = QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setSize(0.8)
    text.setBuffer(halo)
    settings.setFormat(text)
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)
    return layer


def _photo_symbol(aimed: bool) -> QgsMarkerSymbol:
    """A dot where the photo was taken, and an arrow from it in the direction it looks."""
    dot = {"name": "circle", "size": "1.8", "color": "#003cff", "outline_color": "white", "outline_width": "0.2"}
    symbol = QgsMarkerSymbol.createSimple(dot)
    if not aimed:
        return symbol
    arrow = QgsSimpleMarkerSymbolLayer.create(
        {
            "name": "arrow",
            "size": "6",
            "color": "#003cff",
            "outline_color": "white",
            "outline_width": "0.2",
            "vertical_anchor_point": "2",
        }
    )
    symbol.insertSymbolLayer(0, arrow)
    symbol.setDataDefinedAngle(QgsProperty.fromField("rotation"))
    return symbol


def refill(layer: QgsVectorLayer, entries: Sequence[tuple[BaseGeometry, list[Any]]]) -> None:
    """Put these geometries (EPSG:4490) with their attributes, in the order of the layer's fields, in place of all its features."""
    provider = layer.dataProvider()
    provider.truncate()
    features = []
    for shape, attributes in entries:
        geometry = QgsGeometry()
        geometry.fromWkb(shapely.to_wkb(_multi(shape)))
        feature = QgsFeature(layer.fields())
        feature.setGeometry(geometry)
        if attributes:
            feature.setAttributes(attributes)
        features.append(feature)
    provider.addFeatures(features)
    layer.updateExtents()


def _multi(shape: BaseGeometry) -> BaseGeometry:
    return shapely.MultiPolygon([shape]) if shape.geom_type == "Polygon" else shape
